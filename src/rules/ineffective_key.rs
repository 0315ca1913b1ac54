//! `ineffective-key`

use super::LegacyPart;
use crate::apple::{Platform, Target, key_name, update};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, schedule_update};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "ineffective-key",
    Severity::Warning,
    "a key of an update has no effect",
    "MaxUserDeferrals limits how often the user may postpone an installation, so it applies only with the \
     InstallAction InstallLater. It and Priority apply only to minor updates (macOS 14.5 to 14.6), not to an upgrade \
     to another major version. ScheduleOSUpdate does not install Background Security Improvements, so a ProductKey or \
     ProductVersion that names one has no effect.",
    &[
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallASAP", "ProductVersion": "14.6", "MaxUserDeferrals": 5 }"#))
            .finds(&[("/Command/Updates/0/MaxUserDeferrals", Severity::Warning)]),
        Example::new(schedule_update!(
            r#"{ "InstallAction": "InstallLater", "ProductVersion": "15.1", "MaxUserDeferrals": 5, "Priority": "High" }"#
        ))
        .with_options(&["--target", "macOS=14.6"])
        .finds(&[("/Command/Updates/0/MaxUserDeferrals", Severity::Warning), ("/Command/Updates/0/Priority", Severity::Warning)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallASAP", "ProductVersion": "13.4.1 (a)" }"#))
            .finds(&[("/Command/Updates/0/ProductVersion", Severity::Warning)]),
        Example::new(schedule_update!(
            r#"{ "InstallAction": "InstallLater", "ProductVersion": "14.6", "MaxUserDeferrals": 5, "Priority": "High" }"#
        ))
        .with_options(&["--target", "macOS=14.5"]),
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    let Some(update) = legacy.update() else { return };
    let notation = update.notation();
    let action = update.text(update::INSTALL_ACTION);
    let version = update.text(update::PRODUCT_VERSION);
    let upgrade = version.as_deref().and_then(|version| upgrade(version, legacy.targets));
    for path in [update::MAX_USER_DEFERRALS, update::PRIORITY].into_iter().filter(|path| update.has(path)) {
        let name = notation.key(key_name(path));
        let may_be_postponed = action.as_deref().is_none_or(|action| action == "InstallLater");
        let (why, help) = match &upgrade {
            _ if path == update::MAX_USER_DEFERRALS && !may_be_postponed => (
                "only InstallLater lets the user postpone the installation".to_owned(),
                format!("remove the key, or write {}", notation.member("InstallAction", "\"InstallLater\"")),
            ),
            Some(why) => (format!("it applies only to minor updates, and {why}"), "remove the key".to_owned()),
            None => continue,
        };
        diagnostics.push(RULE.at(Spot::Key(path), format!("{name} has no effect: {why}")).help(help));
    }
    let names_improvement = |path: &&[&str]| update.text(path).is_some_and(|value| is_improvement(&value));
    if let Some(path) = [update::PRODUCT_KEY, update::PRODUCT_VERSION].into_iter().find(names_improvement) {
        let name = notation.key(key_name(path));
        let message = format!("{name} names a Background Security Improvement, which this command does not install");
        diagnostics
            .push(RULE.at(Spot::Key(path), message).help("enforce it with a declaration that names its TargetBuildVersion"));
    }
}

/// Why an update is an upgrade to another major version; `None` if it is not one on every target.
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

/// Whether a product key or version names a Background Security Improvement, formerly Rapid Security Response.
pub(crate) fn is_improvement(value: &str) -> bool {
    value.ends_with("_rsr") || (value.ends_with(')') && value.contains('('))
}
