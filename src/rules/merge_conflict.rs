//! `merge-conflict`

use super::{Check, Example, Rule};
use crate::finding::{Severity, Spot};
use crate::set::{Combination, SetFault, Where};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule {
    id: "merge-conflict",
    severity: Severity::Error,
    is_optional: false,
    summary: "declarations are each right, but break a rule when they are active together",
    explanation: "The rules across keys (which beta keys go together, installing without downloading) hold for what a device combines, not for \
                  single declarations: one that switches downloads off and one that installs automatically are each right, and together a device \
                  refuses them. Both places are named; change one of them, or make sure that the two are never active together.",
    examples: &[
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
    check: Check::Combination(check),
};

fn check(combination: &Combination<'_>, faults: &mut Vec<SetFault>) {
    super::judge_settings(&combination.settings, |_, fault| {
        let Spot::Key(path) = fault.spot else { return };
        let spots = fault.related.iter().filter_map(|(label, spot)| match spot {
            Spot::Key(path) => Some((label.clone(), *path)),
            _ => None,
        });
        let involved: Vec<(String, &'static [&'static str], Vec<usize>)> = std::iter::once((String::new(), path))
            .chain(spots)
            .filter_map(|(label, path)| Some((label, path, combination.decision(path)?.deciders())))
            .collect();
        // Where one declaration says it all, it was found in that one already.
        let Some((first, others)) = involved.split_first() else { return };
        if first.2.iter().any(|who| others.iter().all(|(.., deciders)| deciders.binary_search(who).is_ok())) {
            return;
        }
        let mut names: Vec<String> =
            involved.iter().filter_map(|(.., who)| who.first()).map(|who| shown(combination.members[*who].name())).collect();
        names.sort();
        names.dedup();
        let place = |(_, path, who): &(String, &'static [&'static str], Vec<usize>)| who.first().map(|who| Where::key(*who, path));
        let Some(at) = place(first) else { return };
        faults.push(SetFault {
            rule: &RULE,
            severity: RULE.severity,
            message: format!("{} break a rule together: {}", list(&names, "and"), fault.message),
            help: fault.help.unwrap_or_default(),
            at,
            related: others.iter().filter_map(|other| Some((other.0.clone(), place(other)?))).collect(),
        });
    });
}
