//! What a device's answer to a command about updates means, and what to do next.
//!
//! It knows no files and no terminal: an answer that was read goes in, sentences come out.

use crate::keys::AnyKey;
use crate::keys::legacy::command::update;
use crate::keys::legacy::response::{answer, result};
use crate::model::Choice;
use crate::model::legacy::{
    AvailableUpdate, ErrorItem, InstallAction, Response, ResultAction, UpdateResult, UpdateState, UpdateStatus,
};
use crate::read::{Content, Legacy, Object};
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
    action: Option<InstallAction>,
}

/// The updates of a command.
pub(crate) fn asked(command: &Legacy<'_>) -> Vec<Asked> {
    let update = |content: &Content| match content {
        Content::Update(object) => Some(Asked {
            product_key: object.get(&update::PRODUCT_KEY).cloned(),
            action: object.get(&update::INSTALL_ACTION).copied(),
        }),
        _ => None,
    };
    command.parts.iter().filter_map(|part| update(&part.content)).collect()
}

/// Explains an answer, beside what was asked if that is known.
pub(crate) fn explain(response: &Legacy<'_>, asked: &[Asked]) -> Vec<Paragraph> {
    let Some(Content::Response(object)) = response.parts.first().map(|part| &part.content) else { return Vec::new() };
    let results = response.parts.iter().filter_map(|part| match &part.content {
        Content::Result(result) => Some(update_result(result, asked)),
        _ => None,
    });
    let mut paragraphs: Vec<Paragraph> = vec![whole(object)];
    paragraphs.extend(results);
    let available = object.get(&answer::AVAILABLE_OS_UPDATES).into_iter().flatten();
    paragraphs.extend(available.map(offer));
    paragraphs.extend(object.get(&answer::OS_UPDATE_STATUS).into_iter().flatten().map(progress));
    paragraphs
}

/// The answer as a whole.
fn whole(object: &Object<Response>) -> Paragraph {
    let status = object.get(&answer::STATUS).map(String::as_str);
    let mut means = Vec::new();
    let mut next = None;
    match status {
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
    let errors = object.get(&answer::ERROR_CHAIN).map(Vec::as_slice).unwrap_or_default();
    chain(errors, &mut means, &mut next);
    let has_other =
        object.has(&answer::AVAILABLE_OS_UPDATES) || object.has(&answer::OS_UPDATE_STATUS) || object.has(&answer::SCAN_INITIATED);
    if object.get(&answer::UPDATE_RESULTS).is_some_and(Vec::is_empty) {
        means.push("it schedules no update".to_owned());
    } else if !object.has(&answer::UPDATE_RESULTS) && !has_other && errors.is_empty() && status == Some("Acknowledged") {
        means.push(
            "UpdateResults is absent, as after a restart, when the device is done with the update: that is no error".to_owned(),
        );
        next = Some("ask with OSUpdateStatus, or look at the version that the device reports".to_owned());
    }
    match object.get(&answer::SCAN_INITIATED) {
        Some(true) => {
            means.push("the device looks for updates now".to_owned());
            next = Some("ask with AvailableOSUpdates when it is done".to_owned());
        }
        Some(false) => means.push("the device does not look for updates now".to_owned()),
        None => {}
    }
    Paragraph { title: "The answer".to_owned(), means, next }
}

/// Says what a chain of errors says, the outermost first.
fn chain(errors: &[ErrorItem], means: &mut Vec<String>, next: &mut Option<String>) {
    for error in errors {
        let domain = error.error_domain.as_deref().map(shown).unwrap_or_default();
        let code = error.error_code.map(|code| code.to_string()).unwrap_or_default();
        let text = error.us_english_description.as_deref().or(error.localized_description.as_deref()).unwrap_or("no description");
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
}

/// A description, which is longer than other values.
fn long(text: &str) -> String {
    text.chars().take(300).map(|c| if crate::words::is_unsafe(c) { ' ' } else { c }).collect()
}

fn update_result(object: &Object<UpdateResult>, asked: &[Asked]) -> Paragraph {
    let key = object.get(&result::PRODUCT_KEY);
    let title = key.map_or_else(|| "An update without a ProductKey".to_owned(), |key| shown(key));
    let (mut means, mut next) = (Vec::new(), None);
    let state = object.get(&result::STATUS).copied();
    let action = object.get(&result::INSTALL_ACTION).copied();
    match state {
        Some(state) => means.push(format!("{}: {}", state.name(), meaning(state))),
        None if object.is_unknown(&result::STATUS) => means.push("its Status is none that Apple documents".to_owned()),
        None => means.push("the answer does not say how far the update is".to_owned()),
    }
    if let Some(state) = state {
        next = advice(state, action);
    }
    let asked = asked.iter().find(|asked| asked.product_key.as_ref() == key).or(match asked {
        [only] if only.product_key.is_none() => Some(only),
        _ => None,
    });
    if object.is_unknown(&result::INSTALL_ACTION) {
        means.push("its InstallAction is none that Apple documents for an answer".to_owned());
    }
    if let Some(action) = action {
        means.push(difference(action, asked.and_then(|asked| asked.action)));
    }
    let errors = object.get(&result::ERROR_CHAIN).map(Vec::as_slice).unwrap_or_default();
    chain(errors, &mut means, &mut next);
    if action == Some(ResultAction::Error) && next.is_none() {
        next = Some(if errors.is_empty() {
            "the device gives no reason; ask with AvailableOSUpdates whether it has the update on offer".to_owned()
        } else {
            "mend the cause of the error, and send the command again".to_owned()
        });
    }
    Paragraph { title, means, next }
}

fn meaning(state: UpdateState) -> &'static str {
    match state {
        UpdateState::Idle => "nothing is going on",
        UpdateState::Downloading => "the device downloads the update",
        UpdateState::DownloadFailed => "the download failed",
        UpdateState::DownloadRequiresComputer => "the device cannot download the update by itself",
        UpdateState::DownloadInsufficientSpace => "there is too little space for the download",
        UpdateState::DownloadInsufficientPower => "there is too little power for the download",
        UpdateState::DownloadInsufficientNetwork => "the network does not do for the download",
        UpdateState::Installing => "the device installs the update, and restarts for it",
        UpdateState::InstallInsufficientSpace => "there is too little space for the installation",
        UpdateState::InstallInsufficientPower => "there is too little power for the installation",
        UpdateState::InstallPhoneCallInProgress => "somebody is on the phone, so the device does not restart",
        UpdateState::InstallFailed => "the installation failed",
    }
}

fn advice(state: UpdateState, action: Option<ResultAction>) -> Option<String> {
    let only_downloads = matches!(action, Some(ResultAction::DownloadOnly));
    Some(
        match state {
            UpdateState::Idle if only_downloads => {
                "if OSUpdateStatus says IsDownloaded, the second command is due: send it again, and it installs"
            }
            UpdateState::Idle if matches!(action, Some(ResultAction::Error) | None) => return None,
            UpdateState::Idle => "ask with OSUpdateStatus; if the update does not begin, send the command again",
            UpdateState::Downloading if only_downloads => {
                "wait; when OSUpdateStatus says IsDownloaded, send the command again to install (iOS, tvOS)"
            }
            UpdateState::Downloading => "wait, and ask with OSUpdateStatus how far it is",
            UpdateState::DownloadFailed => {
                "send the command again; if it fails again, look at the network and at a content cache"
            }
            UpdateState::DownloadRequiresComputer => {
                "connect the device to a computer with a cable, and update it with Finder or Apple Configurator"
            }
            UpdateState::DownloadInsufficientSpace | UpdateState::InstallInsufficientSpace => {
                "free space on the device, then send the command again"
            }
            UpdateState::DownloadInsufficientPower | UpdateState::InstallInsufficientPower => {
                "connect the device to power, then send the command again"
            }
            UpdateState::DownloadInsufficientNetwork => "connect the device to Wi-Fi, then send the command again",
            UpdateState::Installing => "wait for the restart; after it UpdateResults is absent, which is no error",
            UpdateState::InstallPhoneCallInProgress => "send the command again when the call is over",
            UpdateState::InstallFailed => "send the command again; if it fails again, update the device with a computer",
        }
        .to_owned(),
    )
}

/// What the device will do, beside what it was asked to.
fn difference(action: ResultAction, asked: Option<InstallAction>) -> String {
    let answered = action.name();
    let does = action.meaning().trim().trim_end_matches('.');
    let mut letters = does.chars();
    let does = letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>()).unwrap_or_default();
    match asked.map(Choice::name) {
        // Default becomes whatever comes next.
        Some("Default") if action != ResultAction::Error => {
            format!("Default was asked for, and {answered} is what comes next: {does}")
        }
        Some(asked) if asked != answered => format!("{asked} was asked for, but the device answers {answered}: {does}"),
        _ => format!("{answered}: {does}"),
    }
}

/// An update that the device has on offer.
fn offer(update: &AvailableUpdate) -> Paragraph {
    let text = |value: &Option<String>| value.as_deref().map(shown).unwrap_or_default();
    let mut means = vec![format!(
        "{}, version {} ({}), is on offer",
        text(&update.human_readable_name),
        text(&update.version),
        text(&update.build)
    )];
    if update.is_security_response == Some(true) {
        means.push("it is a Background Security Improvement, which ScheduleOSUpdate does not install".to_owned());
    }
    if let Some(until) = &update.deferred_until {
        means.push(format!("it is held back until {}", shown(&until.0)));
    }
    let next = format!("to install it, enforce TargetOSVersion {} by a declaration", text(&update.version));
    Paragraph { title: text(&update.product_key), means, next: Some(next) }
}

/// How far an update is.
fn progress(update: &UpdateStatus) -> Paragraph {
    let title = update.product_key.as_deref().map(shown).unwrap_or_default();
    let mut means = Vec::new();
    if let Some(status) = &update.status {
        let known = UpdateState::NAMES.iter().position(|name| name == status).and_then(UpdateState::at);
        means.push(known.map_or_else(|| shown(status), |state| format!("{}: {}", shown(status), meaning(state))));
    }
    let part = update.download_percent_complete.filter(|part| (0.0..=1.0).contains(part));
    let next = match (update.is_downloaded, part) {
        (Some(true), _) => {
            means.push("the download is finished".to_owned());
            Some("the second command is due: send ScheduleOSUpdate again, and it installs".to_owned())
        }
        (_, Some(part)) => {
            means.push(format!("{:.0} % are downloaded", part * 100.0));
            None
        }
        _ => None,
    };
    if let (Some(left), Some(most)) = (update.deferrals_remaining, update.max_deferrals) {
        means.push(format!("the user may still postpone it {left} of {most} times"));
    }
    Paragraph { title, means, next }
}

/// The keys of an answer that could not be read, by name.
pub(crate) fn unread(response: &Legacy<'_>) -> Vec<&'static str> {
    let Some(Content::Response(object)) = response.parts.first().map(|part| &part.content) else { return Vec::new() };
    let arrays: [(&dyn AnyKey, bool); 2] = [
        (&answer::AVAILABLE_OS_UPDATES, object.is_unknown(&answer::AVAILABLE_OS_UPDATES)),
        (&answer::OS_UPDATE_STATUS, object.is_unknown(&answer::OS_UPDATE_STATUS)),
    ];
    arrays.into_iter().filter(|(_, is_unknown)| *is_unknown).map(|(key, _)| key.name()).collect()
}
