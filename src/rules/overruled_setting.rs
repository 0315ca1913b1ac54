//! `overruled-setting`

use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Combination, SetDraft, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "overruled-setting",
    Severity::Note,
    "a settings value never takes effect, because another declaration that is active overrules it",
    "Devices combine all settings that are active on them, key by key, with the rule that Apple gives each key: of numbers the \
     largest counts, of booleans false, of choices the one that stands last in Apple's list, whatever the order of the declarations. A \
     value that loses is not a mistake, but its author may not expect it. Declarations are compared if one activation references them, or \
     if the command is told that they are one set.",
    &[
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Deferrals": { "MajorPeriodInDays": 30 } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "Deferrals": { "MajorPeriodInDays": 60 } } }
]"#,
            options: &[],
            finds: &[("/Payload/Deferrals/MajorPeriodInDays", Severity::Note)],
        },
        Example {
            document: r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "com.example.activation", "Payload": { "StandardConfigurations": ["com.example.a", "com.example.b"] } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Deferrals": { "MajorPeriodInDays": 30 } } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": { "Deferrals": { "MinorPeriodInDays": 60 } } }
]"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut Vec<SetDraft>) {
    for decision in &combination.decisions {
        // With `first` the loser is undefined; order-dependent-merge covers that.
        if decision.is_union || matches!(decision.rule, "first" | "") {
            continue;
        }
        let Some(winner) = decision.parts.iter().find(|part| part.decides) else { continue };
        let Some(by) = winner.who.first() else { continue };
        let key = decision.path.last().map_or("", String::as_str);
        let why = match decision.rule {
            "number-max" => "and the largest number counts",
            "number-min" => "and the smallest number counts",
            "boolean-and" => "and false counts",
            "boolean-or" => "and true counts",
            _ => "which wins",
        };
        for (part, who) in decision.overruled().flat_map(|part| part.who.iter().map(move |who| (part, who))) {
            let name = shown(combination.gathered.members[*by].name());
            diagnostics.push(
                RULE.at(
                    Where::key(*who, &decision.path),
                    format!("{key} is {} here, but {name} sets {}, {why}", part.shown, winner.shown),
                )
                .help("remove the value that has no effect, or change the one that overrules it")
                .related("this value counts", Where::key(*by, &decision.path)),
            );
        }
    }
}
