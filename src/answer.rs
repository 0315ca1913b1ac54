//! Explains a device's answer to an update command, and says what to do next.
//!
//! This module does no I/O: it takes a parsed answer and returns sentences.

use std::borrow::Cow;

use crate::apple::{Family, Schema};
use crate::validate::{Legacy, Object, Reading};
use crate::words::shown;

/// The explanation of the whole answer, or of one update in it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub(crate) title: String,
    /// What it means, one sentence per item.
    pub(crate) means: Vec<String>,
    /// What to do next.
    pub(crate) next: Option<String>,
}

/// What a command asked for one update.
pub(crate) struct Asked {
    /// The key of the update, if the command named one.
    product_key: Option<String>,
    action: Option<String>,
}

/// Returns the updates that a command lists.
pub(crate) fn asked(reading: &Reading<'_>, command: &Legacy<'_>) -> Vec<Asked> {
    let updates = command.parts.iter().filter(|part| !reading.is_head(part)).map(|part| reading.part(part));
    let asked = |update: Object<'_, '_>| Asked {
        product_key: update.text(&["ProductKey"]).map(Cow::into_owned),
        action: update.text(&["InstallAction"]).map(Cow::into_owned),
    };
    updates.map(asked).collect()
}

/// Explains an answer. `asked` holds the updates of the command, if it is known.
pub(crate) fn explain(reading: &Reading<'_>, response: &Legacy<'_>, asked: &[Asked]) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for part in &response.parts {
        let object = reading.part(part);
        paragraphs.push(if reading.is_head(part) { summary(object) } else { update_result(object, asked) });
    }
    if let Some(head) = response.parts.first().map(|part| reading.part(part)) {
        paragraphs.extend(head.items("AvailableOSUpdates").map(offer));
        paragraphs.extend(head.items("OSUpdateStatus").map(progress));
    }
    paragraphs
}

/// Explains the answer as a whole.
fn summary(object: Object<'_, '_>) -> Paragraph {
    let status = object.text(&["Status"]);
    let mut means = Vec::new();
    let mut next = None;
    match status.as_deref() {
        Some("Acknowledged") => means.push("the device accepted the command".to_owned()),
        Some("Error") => means.push("the device could not carry out the command".to_owned()),
        Some("CommandFormatError") => {
            means.push("the device could not read the command: it is malformed".to_owned());
            next = Some("check the command with `ddmc check`".to_owned());
        }
        Some("NotNow") => {
            means.push("the device cannot carry out the command now, for example because it is locked".to_owned());
            next = Some("wait: the device will ask for the command again".to_owned());
        }
        Some("Idle") => means.push("the device has no result to report, and waits for commands".to_owned()),
        Some(other) => means.push(format!("the device answers {}, which Apple does not document", shown(other))),
        None => means.push("the answer does not say whether the device accepted the command".to_owned()),
    }
    let has_errors = error_chain(object, &mut means, &mut next);
    let has_other = ["AvailableOSUpdates", "OSUpdateStatus", "ScanInitiated"].iter().any(|key| object.has(&[key]));
    if object.get(&["UpdateResults"]).is_some_and(|results| results.elements().next().is_none()) {
        means.push("UpdateResults is empty: no update is scheduled".to_owned());
    } else if !object.has(&["UpdateResults"]) && !has_other && !has_errors && status.as_deref() == Some("Acknowledged") {
        means.push(
            "UpdateResults is absent: this is not an error; the device omits it after the restart that completes the update"
                .to_owned(),
        );
        next = Some("send OSUpdateStatus, or check the version that the device reports".to_owned());
    }
    match object.boolean(&["ScanInitiated"]) {
        Some(true) => {
            means.push("the device started a scan for updates".to_owned());
            next = Some("send AvailableOSUpdates when the scan is done".to_owned());
        }
        Some(false) => means.push("the device did not start a scan for updates".to_owned()),
        None => {}
    }
    Paragraph { title: "The answer".to_owned(), means, next }
}

/// Adds the errors of `ErrorChain`, outermost first. Returns whether there are any.
fn error_chain(object: Object<'_, '_>, means: &mut Vec<String>, next: &mut Option<String>) -> bool {
    let before = means.len();
    for error in object.items("ErrorChain") {
        let domain = error.text(&["ErrorDomain"]).map(|domain| shown(&domain)).unwrap_or_default();
        let code = error.integer(&["ErrorCode"]).map(|code| code.to_string()).unwrap_or_default();
        let text = error.text(&["USEnglishDescription"]).or_else(|| error.text(&["LocalizedDescription"]));
        let text = text.as_deref().unwrap_or("no description");
        means.push(format!("error {}: {}", format!("{domain} {code}").trim(), shown_description(text)));
        let lower = text.to_lowercase();
        if lower.contains("dep enrollment") || lower.contains("supervis") {
            *next = Some(
                "supervise the device, for example with automated device enrolment; the command needs supervision".to_owned(),
            );
        } else if lower.contains("declarat") {
            *next = Some(
                "do nothing: an enforcement declaration manages the update, and takes precedence over the command".to_owned(),
            );
        }
    }
    means.len() > before
}

/// Returns at most 300 characters of a description, safe for a terminal. Other values are cut much earlier.
fn shown_description(text: &str) -> String {
    text.chars().take(300).map(|c| if crate::words::is_unsafe(c) { ' ' } else { c }).collect()
}

/// The title of the paragraph about an update. No line begins with text of the answer.
fn title(product_key: Option<&str>) -> String {
    product_key.map_or_else(|| "An update without a ProductKey".to_owned(), |key| format!("Update {}", shown(key)))
}

fn update_result(object: Object<'_, '_>, asked: &[Asked]) -> Paragraph {
    let key = object.text(&["ProductKey"]);
    let title = title(key.as_deref());
    let (mut means, mut next) = (Vec::new(), None);
    let action = object.text(&["InstallAction"]);
    match object.text(&["Status"]).as_deref().map(|status| (status, State::find(status))) {
        Some((status, Some(state))) => {
            means.push(format!("{status}: {}", state.means));
            next = state.advice(action.as_deref()).map(str::to_owned);
        }
        Some((_, None)) => {}
        None if object.is_unknown(&["Status"]) => means.push("Apple documents no such Status".to_owned()),
        None => means.push("the answer does not give the progress of the update".to_owned()),
    }
    let asked = asked.iter().find(|asked| asked.product_key.as_deref() == key.as_deref()).or(match asked {
        [only] if only.product_key.is_none() => Some(only),
        _ => None,
    });
    if object.is_unknown(&["InstallAction"]) {
        means.push("Apple documents no such InstallAction in an answer".to_owned());
    }
    if let Some(action) = action.as_deref() {
        means.push(planned_action(object.schema(), action, asked.and_then(|asked| asked.action.as_deref())));
    }
    let has_errors = error_chain(object, &mut means, &mut next);
    if action.as_deref() == Some("Error") && next.is_none() {
        next = Some(if has_errors {
            "fix the cause of the error, and send the command again".to_owned()
        } else {
            "the device gives no reason; send AvailableOSUpdates to see whether the update is available to it".to_owned()
        });
    }
    Paragraph { title, means, next }
}

/// A `Status` of an update, what it means, and what to do next.
struct State {
    name: &'static str,
    means: &'static str,
    next: &'static str,
}

const fn state(name: &'static str, means: &'static str, next: &'static str) -> State {
    State { name, means, next }
}

static STATES: [State; 12] = [
    state("Idle", "nothing is in progress", "send OSUpdateStatus; if the update does not start, send the command again"),
    state("Downloading", "the device is downloading the update", "wait, and send OSUpdateStatus to see the progress"),
    state(
        "DownloadFailed",
        "the download failed",
        "send the command again; if it fails again, check the network and the content cache",
    ),
    state(
        "DownloadRequiresComputer",
        "the device cannot download the update by itself",
        "connect the device to a computer by cable, and update it with Finder or Apple Configurator",
    ),
    state(
        "DownloadInsufficientSpace",
        "there is not enough free space for the download",
        "free space on the device, then send the command again",
    ),
    state(
        "DownloadInsufficientPower",
        "there is not enough power for the download",
        "connect the device to power, then send the command again",
    ),
    state(
        "DownloadInsufficientNetwork",
        "the network is not suitable for the download",
        "connect the device to Wi-Fi, then send the command again",
    ),
    state(
        "Installing",
        "the device is installing the update, and will restart",
        "wait for the restart; afterwards UpdateResults is absent, which is not an error",
    ),
    state(
        "InstallInsufficientSpace",
        "there is not enough free space for the installation",
        "free space on the device, then send the command again",
    ),
    state(
        "InstallInsufficientPower",
        "there is not enough power for the installation",
        "connect the device to power, then send the command again",
    ),
    state(
        "InstallPhoneCallInProgress",
        "a phone call is in progress, so the device does not restart",
        "send the command again when the call is over",
    ),
    state(
        "InstallFailed",
        "the installation failed",
        "send the command again; if it fails again, update the device with a computer",
    ),
];

impl State {
    fn find(name: &str) -> Option<&'static Self> {
        STATES.iter().find(|state| state.name == name)
    }

    /// Returns what to do next, given the `InstallAction` of the answer.
    fn advice(&self, action: Option<&str>) -> Option<&'static str> {
        match (self.name, action) {
            ("Idle", Some("DownloadOnly")) => Some("if OSUpdateStatus reports IsDownloaded, send the command again to install"),
            ("Idle", Some("Error") | None) => None,
            ("Downloading", Some("DownloadOnly")) => {
                Some("wait; when OSUpdateStatus reports IsDownloaded, send the command again to install (iOS, tvOS)")
            }
            _ => Some(self.next),
        }
    }
}

/// Says what the device will do, and how that differs from what the command asked for.
fn planned_action(schema: &Schema, answered: &str, asked: Option<&str>) -> String {
    let rows = schema.only(Family::Response).map(|response| schema.kind(response).keys).unwrap_or_default();
    let action = schema.at_path(rows, ["UpdateResults", "*", "InstallAction"]);
    let does = action.and_then(|action| schema.meaning(action, answered)).unwrap_or_default().trim_end_matches('.');
    let mut letters = does.chars();
    let does = letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default();
    match asked {
        // The device replaces Default with the next step that is due.
        Some("Default") if answered != "Error" => {
            format!("the command asked for Default, which is {answered} now: {does}")
        }
        Some(asked) if asked != answered => format!("the command asked for {asked}, but the device answers {answered}: {does}"),
        _ => format!("{answered}: {does}"),
    }
}

/// Explains an item of `AvailableOSUpdates`.
fn offer(update: Object<'_, '_>) -> Paragraph {
    let text = |key: &str| update.text(&[key]).map(|text| shown(&text)).unwrap_or_default();
    let version = text("Version");
    let mut means = vec![format!("version {version} ({}) is available: {}", text("Build"), text("HumanReadableName"))];
    if update.boolean(&["IsSecurityResponse"]) == Some(true) {
        means.push("it is a Background Security Improvement, which ScheduleOSUpdate does not install".to_owned());
    }
    if let Some(until) = update.text(&["DeferredUntil"]) {
        means.push(format!("it is deferred until {}", shown(&until)));
    }
    let next = format!("to install it, enforce TargetOSVersion {version} with a declaration");
    Paragraph { title: title(update.text(&["ProductKey"]).as_deref()), means, next: Some(next) }
}

/// Explains an item of `OSUpdateStatus`.
fn progress(update: Object<'_, '_>) -> Paragraph {
    let title = title(update.text(&["ProductKey"]).as_deref());
    let mut means = Vec::new();
    if let Some(status) = update.text(&["Status"]) {
        let state = State::find(&status).map(|state| format!(": {}", state.means)).unwrap_or_default();
        means.push(format!("the status is {}{state}", shown(&status)));
    }
    let share = update.get(&["DownloadPercentComplete"]).and_then(|share| share.text().parse::<f64>().ok());
    let mut next = None;
    if update.boolean(&["IsDownloaded"]) == Some(true) {
        means.push("the download is complete".to_owned());
        next = Some("send ScheduleOSUpdate again to install".to_owned());
    } else if let Some(share) = share.filter(|share| (0.0..=1.0).contains(share)) {
        means.push(format!("{:.0} % of the download is complete", share * 100.0));
    }
    if let (Some(left), Some(most)) = (update.integer(&["DeferralsRemaining"]), update.integer(&["MaxDeferrals"])) {
        means.push(format!("the user has {left} of {most} deferrals left"));
    }
    Paragraph { title, means, next }
}

/// Returns the names of the list keys that could not be read.
pub(crate) fn unread(reading: &Reading<'_>, response: &Legacy<'_>) -> Vec<&'static str> {
    let Some(object) = response.parts.first().map(|part| reading.part(part)) else { return Vec::new() };
    ["AvailableOSUpdates", "OSUpdateStatus"].into_iter().filter(|key| object.is_unknown(&[key])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::ValueType;

    #[test]
    fn explains_every_status_of_an_update() {
        let schema = Schema::built_in();
        let response = schema.only(Family::Response).expect("the schema has the response");
        let key = schema.at_path(schema.kind(response).keys, ["UpdateResults", "*", "Status"]).expect("a result has a status");
        let ValueType::Enum(words) = schema.key(key).value else { panic!("a status is one of a list") };
        assert!(schema.words(words).iter().eq(STATES.iter().map(|state| state.name)));
    }
}
