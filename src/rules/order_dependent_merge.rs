//! `order-dependent-merge`

use crate::apple::settings::REQUIRE_PROGRAM;
use crate::diagnostic::{Example, Rule, Severity, settings_set};
use crate::set::{Combination, SetDrafts};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "order-dependent-merge",
    Severity::Warning,
    "the result of combining declarations that are active together depends on their order, which is undefined",
    "For a few keys, such as RequireProgram, the first declaration that a device processes counts, and the bookmarks of \
     a group are joined in the order in which they are processed. Apple defines no order, so it is undefined which beta \
     program a device joins, or which bookmark comes first. ddmc merge uses the order of its inputs.",
    &[
        Example::new(settings_set!(
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } }"#
            ),
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 27 beta", "Token": "…2" } } }"#
            )
        ))
        .finds(&[("/Payload/Beta/RequireProgram", Severity::Warning)]),
        Example::new(settings_set!(
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } }"#
            ),
            concat!(
                r#"{ "Beta": { "ProgramEnrollment": "AlwaysOn", "#,
                r#""RequireProgram": { "Description": "macOS 26 beta", "Token": "…1" } } }"#
            )
        )),
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut SetDrafts) {
    for decision in &combination.decisions {
        let is_appended = decision.appends();
        // The parts are in the order of reading.
        let (Some(first), true) = (decision.parts.first(), is_appended || decision.is_first()) else { continue };
        let Some(by) = first.who.first() else { continue };
        let name = shown(combination.gathered.members[*by].name());
        let key = decision.path.last().map_or("", String::as_str);
        let what = match decision.path.as_slice() {
            path if path == REQUIRE_PROGRAM => "beta program",
            _ => key,
        };
        let verb = if what == key { "sets" } else { "requires" };
        let (message, help) = if is_appended {
            (
                format!("{name} also has {key} for this group, and the order in which a device joins them is undefined"),
                "write them in one declaration; ddmc merge joins them in the order in which it reads the declarations",
            )
        } else {
            (
                format!("{name} {verb} another {what}, and it is undefined which of the two applies"),
                "write the same value in both, or never activate both; ddmc merge takes the one that it reads first",
            )
        };
        let label = if is_appended { "the others are here" } else { "the other value is here" };
        for who in decision.parts[1..].iter().flat_map(|part| &part.who) {
            diagnostics.push(RULE.at(decision.at(*who), &*message).help(help).related(label, decision.at(*by)));
        }
    }
}
