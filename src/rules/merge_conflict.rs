//! `merge-conflict`

use crate::apple::SETTINGS;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::set::{Combination, SetDraft, Where};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "merge-conflict",
    Severity::Error,
    "declarations are each right, but break a rule when they are active together",
    "The rules across keys (which beta keys go together, installing without downloading) hold for what a device combines, not for \
     single declarations: one that switches downloads off and one that installs automatically are each right, and together a device \
     refuses them. Both places are named; change one of them, or make sure that the two are never active together.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "AutomaticActions": { "InstallOSUpdates": "AlwaysOn" } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "AutomaticActions": { "Download": "AlwaysOff" } } }
]"#,
            options: &[],
            finds: &[("/Payload/AutomaticActions/InstallOSUpdates", Severity::Error)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOn", "RequireProgram": { "Description": "macOS beta", "Token": "…1" } } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "Beta": { "OfferPrograms": [ { "Description": "iOS beta", "Token": "…2" } ] } } }
]"#,
            options: &[],
            finds: &[("/Payload/Beta/OfferPrograms", Severity::Error)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "AutomaticActions": { "InstallOSUpdates": "AlwaysOn" } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "AutomaticActions": { "Download": "AlwaysOn" } } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut Vec<SetDraft>) {
    let mut broken = Vec::new();
    if combination.is(SETTINGS) {
        combination.with_payload(|settings| super::judge_settings(settings, &mut broken));
    }
    diagnostics.extend(broken.into_iter().filter_map(|broken| together(combination, broken)));
}

/// A rule on settings that declarations break together.
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
    // What one declaration says all by itself was found in that one already.
    if deciders.iter().any(|who| others.iter().all(|(.., deciders)| deciders.binary_search(who).is_ok())) {
        return None;
    }
    let firsts = others.iter().map(|(.., deciders)| deciders).chain([&deciders]).filter_map(|deciders| deciders.first());
    let mut names: Vec<String> = firsts.map(|who| shown(combination.gathered.members[*who].name())).collect();
    names.sort();
    names.dedup();
    let message = format!("{} break a rule together: {}", list(&names, "and"), broken.message);
    let diagnostic = RULE.at(Where::key(*deciders.first()?, path), message).help(broken.help.unwrap_or_default());
    Some(others.into_iter().fold(diagnostic, |diagnostic, (label, path, deciders)| match deciders.first() {
        Some(who) => diagnostic.related(label, Where::key(*who, path)),
        None => diagnostic,
    }))
}
