//! `unmergeable-placeholder`

use crate::diagnostic::{Example, Rule, Severity, array, settings_line};
use crate::set::{Gathered, SetDraft, Where};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "unmergeable-placeholder",
    Severity::Error,
    "settings to be combined contain a placeholder",
    "A placeholder is filled in later, so its combined value is unknown. ddmc merge refuses such settings if there \
     are others to combine them with; merge the rendered files instead. A placeholder in a Description or Token is \
     accepted.",
    &[Example::new(array!(
        settings_line!("com.example.a", r#"{ "Notifications": "{{ notifications }}" }"#),
        settings_line!("com.example.b", "{}")
    ))],
);

/// The finding for declaration `who`, which contains a placeholder and is to be combined with others.
pub(crate) fn diagnostic(gathered: &Gathered, who: usize) -> SetDraft {
    let name = shown(gathered.members[who].name());
    RULE.at(Where::identifier(who), format!("{name} contains a placeholder, so its combined value is unknown"))
        .help("merge the rendered files instead of the template")
}
