//! `unmergeable-placeholder`

use crate::diagnostic::{Example, Rule, Severity};
use crate::set::{Gathered, SetDraft, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "unmergeable-placeholder",
    Severity::Error,
    "settings that are to be combined hold a placeholder",
    "A placeholder is filled in later, so its combined value is unknown. ddmc merge refuses such settings where there \
     are others to combine them with; merge the files that the template renders to. A placeholder in a Description or Token is no \
     hindrance.",
    &[Example {
        document: r#"[
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": { "Notifications": "{{ notifications }}" } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.b", "Payload": {} }
]"#,
        options: &[],
        finds: &[],
    }],
);

/// The declaration `who`, which is to be combined with others, holds a placeholder.
pub(crate) fn diagnostic(gathered: &Gathered, who: usize) -> SetDraft {
    let name = shown(gathered.members[who].name());
    RULE.at(Where::identifier(who), format!("{name} holds a placeholder, so its combined value is unknown"))
        .help("merge the files that the template renders to")
}
