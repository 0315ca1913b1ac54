//! `ineffective-key`

use super::LegacyPart;
use super::stated::Stated;
use crate::apple::{Claim, Platform, Target, is_improvement, key_name, update};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, declaration, schedule_update};
use crate::syntax::Node;
use crate::validate::Presence;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "ineffective-key",
    Severity::Warning,
    "a key has no effect",
    "A device ignores some keys unless another key is present or has a certain value: the Port of an Exchange server \
     without a HostName, or the Hosts of a single sign-on extension of type Redirect. A key with its default value is not \
     reported.\n\n\
     In the command ScheduleOSUpdate, MaxUserDeferrals limits how often the user may postpone an installation, so it applies only with the \
     InstallAction InstallLater. It and Priority apply only to minor updates (macOS 14.5 to 14.6), not to an upgrade \
     to another major version. ScheduleOSUpdate does not install Background Security Improvements, so a ProductKey or \
     ProductVersion that names one has no effect.",
    &[
        Example::new(declaration!(
            "com.apple.configuration.account.exchange",
            "com.example.exchange",
            r#"{ "EnabledProtocolTypes": ["EWS"], "Port": 443 }"#
        ))
        .finds(&[("/Payload/Port", Severity::Warning)]),
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

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
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

pub(super) fn check_claim(stated: &Stated<'_, '_>, diagnostics: &mut Drafts) {
    let is_present = |key| matches!(stated.presence(key), Presence::Present(_));
    match stated.claim {
        // A default value has no effect anyway.
        Claim::Only(key, condition) if is_present(key) && !stated.is_default(key) && stated.holds(condition) == Some(false) => {
            let message = format!("{key} has no effect: {}", stated.reason(condition));
            let remedy = stated.remedy(condition).map(|remedy| format!(", or {remedy}")).unwrap_or_default();
            diagnostics.push(RULE.at(stated.spot_of(key), message).help(format!("remove the key{remedy}")));
        }
        Claim::Implied(key) => {
            let other = stated
                .object
                .schema()
                .keys(stated.object.rows())
                .find(|(_, other)| other.name != *key && is_present(&other.name));
            if let (Some((false, false)), Some((_, other))) = (stated.boolean(key), other) {
                let message = format!("{key} has no effect: {} is present and implies it", other.name);
                diagnostics.push(RULE.at(stated.spot_of(key), message).help("remove the key, or all others"));
            }
        }
        Claim::AtMost(key, limit) => {
            if let (Some(number), Some(most)) = (stated.integer(key), stated.integer(limit).filter(|most| *most != 0))
                && number > most
            {
                let message = format!("{key} is {number}, but has no effect above {limit}, which is {most}");
                diagnostics.push(RULE.at(stated.spot_of(key), message).help(format!("write at most {most}")));
            }
        }
        Claim::Apart(key, other) => {
            let texts = |key: &str| match stated.presence(key) {
                Presence::Present(array) => array.elements().filter_map(Node::as_str).collect::<Vec<_>>(),
                _ => Vec::new(),
            };
            let others = texts(other);
            if let Some(text) = texts(key).iter().find(|text| others.contains(text)) {
                let message = format!("\"{}\" in {key} has no effect: {other} has it too", shown(text));
                diagnostics.push(RULE.at(stated.spot_of(key), message).help("remove it from one of the two arrays"));
            }
        }
        _ => {}
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
