//! What a device's answer to a command about updates means, and what to do next.
//!
//! It knows no files and no terminal: an answer that was read goes in, sentences come out.

use std::borrow::Cow;

use crate::apple::{Family, Schema};
use crate::validate::{Legacy, Object, Reading};
use crate::words::shown;

/// What there is to say about one thing: the answer as a whole, or an update.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub(crate) title: String,
    /// What it means, a sentence each.
    pub(crate) means: Vec<String>,
    /// What to do next.
    pub(crate) next: Option<String>,
}

/// What a command asked for.
pub(crate) struct Asked {
    /// The key of the update, if the command named one.
    product_key: Option<String>,
    action: Option<String>,
}

/// The updates of a command.
pub(crate) fn asked(reading: &Reading<'_>, command: &Legacy<'_>) -> Vec<Asked> {
    let updates = command.parts.iter().filter(|part| !reading.is_head(part)).map(|part| reading.part(part));
    let asked = |update: Object<'_, '_>| Asked {
        product_key: update.text(&["ProductKey"]).map(Cow::into_owned),
        action: update.text(&["InstallAction"]).map(Cow::into_owned),
    };
    updates.map(asked).collect()
}

/// Explains an answer, beside what was asked if that is known.
pub(crate) fn explain(reading: &Reading<'_>, response: &Legacy<'_>, asked: &[Asked]) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for part in &response.parts {
        let object = reading.part(part);
        paragraphs.push(if reading.is_head(part) { whole(object) } else { update_result(object, asked) });
    }
    if let Some(whole) = response.parts.first().map(|part| reading.part(part)) {
        paragraphs.extend(whole.items("AvailableOSUpdates").map(offer));
        paragraphs.extend(whole.items("OSUpdateStatus").map(progress));
    }
    paragraphs
}

/// The answer as a whole.
fn whole(object: Object<'_, '_>) -> Paragraph {
    let status = object.text(&["Status"]);
    let mut means = Vec::new();
    let mut next = None;
    match status.as_deref() {
        Some("Acknowledged") => means.push("the device took the command".to_owned()),
        Some("Error") => means.push("the device could not carry out the command".to_owned()),
        Some("CommandFormatError") => {
            means.push("the device could not read the command: it is malformed".to_owned());
            next = Some("check the command with `ddmc check`".to_owned());
        }
        Some("NotNow") => {
            means.push("the device cannot carry out the command now, for example because it is locked".to_owned());
            next = Some("wait: the device asks for the command again".to_owned());
        }
        Some("Idle") => means.push("the device has nothing to answer, and waits for commands".to_owned()),
        Some(other) => means.push(format!("the device answers {}, which Apple does not document", shown(other))),
        None => means.push("the answer does not say whether the device took the command".to_owned()),
    }
    let has_errors = chain(object, &mut means, &mut next);
    let has_other = ["AvailableOSUpdates", "OSUpdateStatus", "ScanInitiated"].iter().any(|key| object.has(&[key]));
    if object.get(&["UpdateResults"]).is_some_and(|results| results.elements().next().is_none()) {
        means.push("it schedules no update".to_owned());
    } else if !object.has(&["UpdateResults"]) && !has_other && !has_errors && status.as_deref() == Some("Acknowledged") {
        means.push(
            "UpdateResults is absent, as after a restart, when the device is done with the update: that is not an error"
                .to_owned(),
        );
        next = Some("ask with OSUpdateStatus, or look at the version that the device reports".to_owned());
    }
    match object.boolean(&["ScanInitiated"]) {
        Some(true) => {
            means.push("the device looks for updates now".to_owned());
            next = Some("ask with AvailableOSUpdates when it is done".to_owned());
        }
        Some(false) => means.push("the device does not look for updates now".to_owned()),
        None => {}
    }
    Paragraph { title: "The answer".to_owned(), means, next }
}

/// Says what a chain of errors says, the outermost first. Returns whether there are any.
fn chain(object: Object<'_, '_>, means: &mut Vec<String>, next: &mut Option<String>) -> bool {
    let before = means.len();
    for error in object.items("ErrorChain") {
        let domain = error.text(&["ErrorDomain"]).map(|domain| shown(&domain)).unwrap_or_default();
        let code = error.integer(&["ErrorCode"]).map(|code| code.to_string()).unwrap_or_default();
        let text = error.text(&["USEnglishDescription"]).or_else(|| error.text(&["LocalizedDescription"]));
        let text = text.as_deref().unwrap_or("no description");
        means.push(format!("error {}: {}", format!("{domain} {code}").trim(), long(text)));
        let lower = text.to_lowercase();
        if lower.contains("dep enrollment") || lower.contains("supervis") {
            *next = Some(
                "supervise the device, for example by automated device enrolment; the command is for supervised devices"
                    .to_owned(),
            );
        } else if lower.contains("declarat") {
            *next =
                Some("nothing: an enforcement declaration manages the update, and takes precedence over the command".to_owned());
        }
    }
    means.len() > before
}

/// A description, which is longer than other values.
fn long(text: &str) -> String {
    text.chars().take(300).map(|c| if crate::words::is_unsafe(c) { ' ' } else { c }).collect()
}

fn update_result(object: Object<'_, '_>, asked: &[Asked]) -> Paragraph {
    let key = object.text(&["ProductKey"]);
    let title = key.as_deref().map_or_else(|| "An update without a ProductKey".to_owned(), shown);
    let (mut means, mut next) = (Vec::new(), None);
    let action = object.text(&["InstallAction"]);
    match object.text(&["Status"]).as_deref().map(|status| (status, State::find(status))) {
        Some((status, Some(state))) => {
            means.push(format!("{status}: {}", state.means));
            next = state.advice(action.as_deref()).map(str::to_owned);
        }
        Some((_, None)) => {}
        None if object.is_unknown(&["Status"]) => means.push("Apple documents no such Status".to_owned()),
        None => means.push("the answer does not say how far the update is".to_owned()),
    }
    let asked = asked.iter().find(|asked| asked.product_key.as_deref() == key.as_deref()).or(match asked {
        [only] if only.product_key.is_none() => Some(only),
        _ => None,
    });
    if object.is_unknown(&["InstallAction"]) {
        means.push("Apple documents no such InstallAction in an answer".to_owned());
    }
    if let Some(action) = action.as_deref() {
        means.push(difference(object.schema(), action, asked.and_then(|asked| asked.action.as_deref())));
    }
    let has_errors = chain(object, &mut means, &mut next);
    if action.as_deref() == Some("Error") && next.is_none() {
        next = Some(if has_errors {
            "mend the cause of the error, and send the command again".to_owned()
        } else {
            "the device gives no reason; ask with AvailableOSUpdates whether it has the update on offer".to_owned()
        });
    }
    Paragraph { title, means, next }
}

/// How far an update is: what that means, and what to do next.
struct State {
    name: &'static str,
    means: &'static str,
    next: &'static str,
}

const fn state(name: &'static str, means: &'static str, next: &'static str) -> State {
    State { name, means, next }
}

static STATES: [State; 12] = [
    state("Idle", "nothing is going on", "ask with OSUpdateStatus; if the update does not begin, send the command again"),
    state("Downloading", "the device downloads the update", "wait, and ask with OSUpdateStatus how far it is"),
    state(
        "DownloadFailed",
        "the download failed",
        "send the command again; if it fails again, look at the network and at a content cache",
    ),
    state(
        "DownloadRequiresComputer",
        "the device cannot download the update by itself",
        "connect the device to a computer with a cable, and update it with Finder or Apple Configurator",
    ),
    state(
        "DownloadInsufficientSpace",
        "there is too little space for the download",
        "free space on the device, then send the command again",
    ),
    state(
        "DownloadInsufficientPower",
        "there is too little power for the download",
        "connect the device to power, then send the command again",
    ),
    state(
        "DownloadInsufficientNetwork",
        "the network does not do for the download",
        "connect the device to Wi-Fi, then send the command again",
    ),
    state(
        "Installing",
        "the device installs the update, and restarts for it",
        "wait for the restart; after it UpdateResults is absent, which is not an error",
    ),
    state(
        "InstallInsufficientSpace",
        "there is too little space for the installation",
        "free space on the device, then send the command again",
    ),
    state(
        "InstallInsufficientPower",
        "there is too little power for the installation",
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

    /// What to do next, beside what the device does with the update.
    fn advice(&self, action: Option<&str>) -> Option<&'static str> {
        match (self.name, action) {
            ("Idle", Some("DownloadOnly")) => {
                Some("if OSUpdateStatus says IsDownloaded, the second command is due: send it again, and it installs")
            }
            ("Idle", Some("Error") | None) => None,
            ("Downloading", Some("DownloadOnly")) => {
                Some("wait; when OSUpdateStatus says IsDownloaded, send the command again to install (iOS, tvOS)")
            }
            _ => Some(self.next),
        }
    }
}

/// What the device will do, beside what it was asked to.
fn difference(schema: &Schema, answered: &str, asked: Option<&str>) -> String {
    let rows = schema.only(Family::Response).map(|response| schema.kind(response).keys).unwrap_or_default();
    let action = schema.at_path(rows, ["UpdateResults", "*", "InstallAction"]);
    let does = action.and_then(|action| schema.meaning(action, answered)).unwrap_or_default().trim_end_matches('.');
    let mut letters = does.chars();
    let does = letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default();
    match asked {
        // Default becomes whatever comes next.
        Some("Default") if answered != "Error" => {
            format!("Default was asked for, and {answered} is what comes next: {does}")
        }
        Some(asked) if asked != answered => format!("{asked} was asked for, but the device answers {answered}: {does}"),
        _ => format!("{answered}: {does}"),
    }
}

/// An update that the device has on offer.
fn offer(update: Object<'_, '_>) -> Paragraph {
    let text = |key: &str| update.text(&[key]).map(|text| shown(&text)).unwrap_or_default();
    let version = text("Version");
    let mut means = vec![format!("{}, version {version} ({}), is on offer", text("HumanReadableName"), text("Build"))];
    if update.boolean(&["IsSecurityResponse"]) == Some(true) {
        means.push("it is a Background Security Improvement, which ScheduleOSUpdate does not install".to_owned());
    }
    if let Some(until) = update.text(&["DeferredUntil"]) {
        means.push(format!("it is held back until {}", shown(&until)));
    }
    let next = format!("to install it, enforce TargetOSVersion {version} by a declaration");
    Paragraph { title: text("ProductKey"), means, next: Some(next) }
}

/// How far an update is.
fn progress(update: Object<'_, '_>) -> Paragraph {
    let title = update.text(&["ProductKey"]).map(|key| shown(&key)).unwrap_or_default();
    let mut means = Vec::new();
    if let Some(status) = update.text(&["Status"]) {
        let state = State::find(&status).map(|state| format!(": {}", state.means)).unwrap_or_default();
        means.push(shown(&status) + &state);
    }
    let part = update.get(&["DownloadPercentComplete"]).and_then(|part| part.text().parse::<f64>().ok());
    let mut next = None;
    if update.boolean(&["IsDownloaded"]) == Some(true) {
        means.push("the download is finished".to_owned());
        next = Some("the second command is due: send ScheduleOSUpdate again, and it installs".to_owned());
    } else if let Some(part) = part.filter(|part| (0.0..=1.0).contains(part)) {
        means.push(format!("{:.0} % are downloaded", part * 100.0));
    }
    if let (Some(left), Some(most)) = (update.integer(&["DeferralsRemaining"]), update.integer(&["MaxDeferrals"])) {
        means.push(format!("the user may still postpone it {left} of {most} times"));
    }
    Paragraph { title, means, next }
}

/// The keys of an answer that could not be read, by name.
pub(crate) fn unread(reading: &Reading<'_>, response: &Legacy<'_>) -> Vec<&'static str> {
    let Some(object) = response.parts.first().map(|part| reading.part(part)) else { return Vec::new() };
    ["AvailableOSUpdates", "OSUpdateStatus"].into_iter().filter(|key| object.is_unknown(&[key])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::ValueType;

    #[test]
    fn every_state_of_an_update_is_explained() {
        let schema = Schema::built_in();
        let response = schema.only(Family::Response).expect("the schema has the response");
        let key = schema.at_path(schema.kind(response).keys, ["UpdateResults", "*", "Status"]).expect("a result has a status");
        let ValueType::Enum(words) = schema.key(key).value else { panic!("a status is one of a list") };
        assert!(schema.words(words).iter().eq(STATES.iter().map(|state| state.name)));
    }
}
