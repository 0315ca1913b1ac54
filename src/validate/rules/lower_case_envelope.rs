//! `lower-case-envelope`

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Rule, Severity, settings};

pub(crate) static RULE: Rule = Rule::new(
    "lower-case-envelope",
    Severity::Note,
    "the keys of a declaration are type, identifier and payload, in lower case",
    "The APIs of some servers take a declaration as type, identifier and payload, and write the envelope themselves. \
     Devices, and every server that takes whole declarations, know only Type, Identifier and Payload. The payload is \
     judged as usual, and `merge` writes Apple's keys.",
    &[
        Example::new(
            r#"{ "type": "com.apple.configuration.softwareupdate.settings", "identifier": "com.example.settings", "payload": { "Notifications": false } }"#,
        )
        .finds(&[("", Severity::Note)]),
        Example::new(settings!(r#"{ "Notifications": false }"#)),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>) -> Draft {
    RULE.at(site.spot(), "the envelope is in lower case, as some APIs take it")
        .help("this is right for such an API; elsewhere write Type, Identifier and Payload")
}
