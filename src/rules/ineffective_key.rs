//! `ineffective-key`

use super::LegacyPart;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::keys::AnyKey;
use crate::keys::legacy::command::update;
use crate::model::legacy::InstallAction;
use crate::model::{Platform, Target};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "ineffective-key",
    Severity::Warning,
    "a key of an update has no effect",
    "MaxUserDeferrals counts how often the user may postpone an installation, so it acts only with the InstallAction InstallLater. It and \
     Priority act for minor updates only (macOS 14.5 to 14.6), not for an upgrade to another major version. And ScheduleOSUpdate installs no \
     Background Security Improvements, so a ProductKey or ProductVersion of one has no effect.",
    &[
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "14.6", "MaxUserDeferrals": 5 }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &[],
            finds: &[("/Command/Updates/0/MaxUserDeferrals", Severity::Warning)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallLater", "ProductVersion": "15.1", "MaxUserDeferrals": 5, "Priority": "High" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "macOS=14.6"],
            finds: &[
                ("/Command/Updates/0/MaxUserDeferrals", Severity::Warning),
                ("/Command/Updates/0/Priority", Severity::Warning),
            ],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "13.4.1 (a)" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &[],
            finds: &[("/Command/Updates/0/ProductVersion", Severity::Warning)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallLater", "ProductVersion": "14.6", "MaxUserDeferrals": 5, "Priority": "High" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "macOS=14.5"],
            finds: &[],
        },
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    let Some(update) = legacy.update() else { return };
    let action = update.get(&update::INSTALL_ACTION);
    let is_upgrade = update.get(&update::PRODUCT_VERSION).and_then(|version| upgrade(version, legacy.targets));
    let limits: [&dyn AnyKey; 2] = [&update::MAX_USER_DEFERRALS, &update::PRIORITY];
    let set = [update.has(&update::MAX_USER_DEFERRALS), update.has(&update::PRIORITY)];
    for (key, _) in limits.into_iter().zip(set).filter(|(_, is_set)| *is_set) {
        let counts = key.name() == update::MAX_USER_DEFERRALS.path[0];
        if counts && action.is_some_and(|action| *action != InstallAction::InstallLater) {
            let message = "MaxUserDeferrals has no effect: only InstallLater lets the user postpone the installation";
            diagnostics
                .push(RULE.at(Spot::Key(key.path()), message).help("remove it, or write \"InstallAction\": \"InstallLater\""));
        } else if let Some(why) = &is_upgrade {
            let message = format!("{} has no effect: it acts for minor updates, and {why}", key.name());
            diagnostics.push(RULE.at(Spot::Key(key.path()), message).help("remove it"));
        }
    }
    let improvement = [&update::PRODUCT_KEY, &update::PRODUCT_VERSION]
        .into_iter()
        .find(|key| update.get(key).is_some_and(|value| is_improvement(value)));
    if let Some(key) = improvement {
        let message = format!("{} names a Background Security Improvement, which this command does not install", key.name());
        diagnostics.push(RULE.at(Spot::Key(key.path), message).help("enforce it by a declaration, with its TargetBuildVersion"));
    }
}

/// Why an update is an upgrade to another major version, if it is one on every device that it is meant for.
fn upgrade(version: &str, targets: &[Target]) -> Option<String> {
    let major = |version: &str| version.split('.').next().and_then(|number| number.parse::<u32>().ok());
    let to = major(version)?;
    let macs = targets.iter().filter(|target| target.platform == Platform::MacOs);
    let from: Option<Vec<u32>> = macs.map(|target| major(target.version.as_ref()?.as_str())).collect();
    match from.as_deref() {
        Some([]) | None => {
            let is_first = version.split('.').skip(1).all(|number| number == "0") && version.contains('.');
            is_first.then(|| format!("{} is the first release of a major version", shown(version)))
        }
        Some(from) => {
            from.iter().all(|from| *from < to).then(|| format!("{} is an upgrade to another major version", shown(version)))
        }
    }
}

/// Whether a product key or version names a Background Security Improvement, formerly rapid security response.
pub(crate) fn is_improvement(value: &str) -> bool {
    value.ends_with("_rsr") || (value.ends_with(')') && value.contains('('))
}
