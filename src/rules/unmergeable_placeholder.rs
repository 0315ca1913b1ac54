//! `unmergeable-placeholder`

use super::{Check, Example, Rule};
use crate::finding::Severity;
use crate::set::{Gathered, SetFault, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule {
    id: "unmergeable-placeholder",
    severity: Severity::Error,
    is_optional: false,
    summary: "settings that are to be combined hold a placeholder",
    explanation: "A placeholder is filled in later, so nobody can say what its value combines to. ddmc merge refuses such settings where there \
                  are others to combine them with; merge the files that the template renders to. A placeholder in a Description or Token is no \
                  hindrance.",
    examples: &[
        Example {
            document: r#"[
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Notifications": "{{ notifications }}" } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": {} }
]"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Run,
};

/// The fault of the declaration `who`, which is to be combined with others.
pub(crate) fn fault(gathered: &Gathered, who: usize) -> SetFault {
    SetFault {
        rule: &RULE,
        severity: RULE.severity,
        message: format!("{} holds a placeholder, so nobody can say what it combines to", shown(gathered.members[who].name())),
        help: "merge the files that the template renders to".to_owned(),
        at: Where::identifier(who),
        related: Vec::new(),
    }
}
