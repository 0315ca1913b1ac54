//! The software update of a device: how far it is, why, and which declaration enforces it.

use serde_json::Value as Json;

use super::explain::Joined;
use super::hidden::Hidden;
use super::report::Report;
use crate::words::shown;

/// What a device reports about its software update. All texts may be printed as they are in JSON, not elsewhere.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) state: Option<String>,
    /// What the state means.
    pub(crate) meaning: Option<&'static str>,
    /// Why the update is pending, in words if these are known.
    pub(crate) causes: Vec<String>,
    pub(crate) version: Option<String>,
    pub(crate) build: Option<String>,
    pub(crate) deadline: Option<String>,
    pub(crate) enforced_by: Option<String>,
    pub(crate) failure: Option<Failure>,
    pub(crate) beta: Option<String>,
    /// Sentences that compare it with the set; safe to print.
    pub(crate) notes: Vec<String>,
    pub(crate) has_failed: bool,
}

/// The last failure.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) count: u64,
    pub(crate) reason: Option<String>,
    pub(crate) timestamp: Option<String>,
    /// What the reason means, as far as it has been seen on devices.
    pub(crate) observed: Option<&'static str>,
}

const STATES: [(&str, &str); 6] = [
    ("none", "no update is pending"),
    ("waiting", "an update is pending, and the device waits for its time"),
    ("downloading", "the device is downloading the update"),
    ("prepared", "the update is downloaded and prepared"),
    ("installing", "the device is installing the update, and will restart"),
    ("failed", "the update failed; the device tries again"),
];

const CAUSES: [(&str, &str); 8] = [
    ("system-settings", "the user asked for it in the settings"),
    ("install-tonight", "the user let it be installed at night"),
    ("auto-update", "automatic updates are on"),
    ("notification", "the user agreed to a notification"),
    ("setup-assistant", "the setup assistant asked for it"),
    ("command-line", "a command on the device asked for it"),
    ("mdm", "an MDM command asked for it"),
    ("declaration", "a declaration enforces it"),
];

/// Parts of reasons that were seen on devices. Apple documents none of them.
const OBSERVED: [(&str, &str); 2] = [
    ("7507", "the Mac has no bootstrap token; let the server escrow one"),
    ("BatteryTooLow", "the battery is too low; connect the device to power"),
];

fn meaning(table: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    table.iter().find(|(name, _)| *name == word).map(|(_, meaning)| *meaning)
}

/// Reads the items about software updates. `None` if the report has none of them.
pub(super) fn update(report: &Report, joined: Option<&Joined<'_>>, hidden: &Hidden) -> Option<Update> {
    let mut names = report.items.keys().filter(|name| name.starts_with("softwareupdate."));
    names.find(|name| ***name != *"softwareupdate.device-id")?;
    let within = |item: &str, key: &str| {
        let text = report.item(item)?.get(key)?.as_str().filter(|text| !text.is_empty())?;
        Some(hidden.text(text))
    };
    let pending = |key| within("softwareupdate.pending-version", key);
    let state = report.text("softwareupdate.install-state");
    let causes = report.item("softwareupdate.install-reason").and_then(|reason| reason.get("reason"));
    let causes = match causes {
        Some(Json::Array(all)) => all.iter().filter_map(Json::as_str).collect(),
        Some(Json::String(one)) if !one.is_empty() => vec![one.as_str()],
        _ => Vec::new(),
    };
    let failure = report.item("softwareupdate.failure-reason").and_then(|reason| {
        let count = reason.get("count")?;
        let count = count.as_u64().or_else(|| count.as_str()?.parse().ok()).filter(|count| *count > 0)?;
        let text = |key| within("softwareupdate.failure-reason", key);
        let reason = text("reason");
        let observed = reason.as_ref().and_then(|reason| OBSERVED.iter().find(|(part, _)| reason.contains(part)));
        Some(Failure { count, timestamp: text("timestamp"), observed: observed.map(|(_, meaning)| *meaning), reason })
    });
    let mut update = Update {
        state: state.map(|state| hidden.text(state)),
        meaning: state.and_then(|state| meaning(&STATES, state)),
        causes: causes.iter().map(|word| meaning(&CAUSES, word).map_or_else(|| hidden.text(word), str::to_owned)).collect(),
        version: pending("os-version"),
        build: pending("build-version"),
        deadline: pending("target-local-date-time"),
        enforced_by: within("softwareupdate.install-reason", "declaration-id"),
        has_failed: state == Some("failed") || failure.is_some(),
        failure,
        beta: report.text("softwareupdate.beta-enrollment").map(|name| hidden.text(name)),
        notes: Vec::new(),
    };
    if let Some(joined) = joined {
        update.notes = notes(&update, joined);
    }
    Some(update)
}

/// Compares what acts on the device with the set and its plan.
fn notes(update: &Update, joined: &Joined<'_>) -> Vec<String> {
    let Joined { set, plan, .. } = joined;
    let name = |who: usize| shown(set.members[who].name());
    let mut notes = Vec::new();
    let acting = update.enforced_by.as_deref();
    let member = acting.and_then(|acting| set.members.iter().position(|member| member.identifier.as_deref() == Some(acting)));
    if let (Some(acting), None) = (acting, member) {
        notes.push(format!("the set has no declaration {}, which enforces the pending update", shown(acting)));
    }
    let Some(plan) = plan else { return notes };
    if let Some(ignored) = plan.ignored.iter().find(|ignored| Some(ignored.who) == member) {
        notes.push(format!("by the plan for this device, {} has no effect: {}", name(ignored.who), ignored.reason));
    }
    let Some(first) = plan.updates.first() else {
        if acting.is_none() && !plan.ignored.is_empty() {
            let ignored = &plan.ignored[0];
            notes.push(format!("no enforcement acts: {}: {}", name(ignored.who), ignored.reason));
        }
        return notes;
    };
    let what = format!("{} enforces {} at {}", name(first.who), shown(first.version.as_str()), first.deadline);
    if Some(first.who) == member {
        notes.push(format!("as planned: {what}"));
    } else if acting.is_some() {
        notes.push(format!("by the plan for this device, {what}, before any other"));
    } else if update.version.is_none() {
        notes.push(format!("by the plan for this device, {what}; the device does not report it as pending yet"));
    } else {
        notes.push(format!("by the plan for this device, {what}; the pending update has another cause"));
    }
    notes
}
