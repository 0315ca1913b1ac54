//! `merge-conflict`

use super::install_without_download;
use crate::apple::SETTINGS;
use crate::apple::settings::INSTALL_SECURITY_UPDATE;
use crate::diagnostic::{Draft, Drafts, Example, Rule, Severity, Spot, settings_set};
use crate::set::{Combination, SetDraft, SetDrafts, Where};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "merge-conflict",
    Severity::Error,
    "declarations are valid alone, but conflict when they are active together",
    "The rules across keys (which beta keys go together, installing without downloading) apply to the settings that a \
     device combines, not to single declarations: one that turns downloads off and one that installs automatically \
     are both valid, but devices refuse the combination. Both places are named; change one of them, or make sure that \
     the two are never active together. A combination that has no effect, but is not refused, is reported by the rule \
     for single declarations: install-without-download for InstallSecurityUpdate.",
    &[
        Example::new(settings_set!(
            r#"{ "AutomaticActions": { "InstallOSUpdates": "AlwaysOn" } }"#,
            r#"{ "AutomaticActions": { "Download": "AlwaysOff" } }"#
        ))
        .finds(&[("/Payload/AutomaticActions/InstallOSUpdates", Severity::Error)]),
        Example::new(settings_set!(
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS beta", "Token": "…1" } } }"#
            ),
            r#"{ "Beta": { "OfferPrograms": [ { "Description": "iOS beta", "Token": "…2" } ] } }"#
        ))
        .finds(&[("/Payload/Beta/OfferPrograms", Severity::Error)]),
        Example::new(settings_set!(
            r#"{ "AutomaticActions": { "InstallOSUpdates": "AlwaysOn" } }"#,
            r#"{ "AutomaticActions": { "Download": "AlwaysOn" } }"#
        )),
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut SetDrafts) {
    let mut broken = Drafts::default();
    if combination.is(SETTINGS) {
        combination.with_payload(|settings| super::judge_settings(settings, &mut broken));
    }
    diagnostics.extend(broken.into_iter().filter_map(|broken| together(combination, broken)));
}

/// The finding for a rule on settings that declarations break together; `None` if one of them breaks it alone.
fn together(combination: &Combination<'_>, broken: Draft) -> Option<SetDraft> {
    let involved = |spot: &Spot| match spot {
        Spot::Key(path) => Some((*path, combination.decision(path)?.deciders())),
        _ => None,
    };
    let (path, deciders) = involved(&broken.place)?;
    let others: Vec<(String, &'static [&'static str], Vec<usize>)> = broken
        .related
        .into_iter()
        .filter_map(|related| involved(&related.place).map(|(path, deciders)| (related.message, path, deciders)))
        .collect();
    // A conflict within one declaration is reported there.
    if deciders.iter().any(|who| others.iter().all(|(.., deciders)| deciders.binary_search(who).is_ok())) {
        return None;
    }
    let firsts = others.iter().map(|(.., deciders)| deciders).chain([&deciders]).filter_map(|deciders| deciders.first());
    let mut names: Vec<String> = firsts.map(|who| shown(combination.gathered.members[*who].name())).collect();
    names.sort();
    names.dedup();
    let subject = match names.as_slice() {
        [name] => format!("the two declarations named {name}"),
        names => list(names, "and"),
    };
    let message = format!("{subject} conflict: {}", broken.message);
    // Devices have been seen to refuse settings that install updates without downloading them, but not these.
    let is_refused = path != INSTALL_SECURITY_UPDATE;
    let rule = if is_refused { &RULE } else { &install_without_download::RULE };
    let diagnostic = rule.at(Where::key(*deciders.first()?, path), message).help(broken.help.unwrap_or_default());
    Some(others.into_iter().fold(diagnostic, |diagnostic, (label, path, deciders)| match deciders.first() {
        Some(who) => diagnostic.related(label, Where::key(*who, path)),
        None => diagnostic,
    }))
}
