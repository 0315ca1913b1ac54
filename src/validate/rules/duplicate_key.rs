//! `duplicate-key`

use std::ops::Range;

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, declaration_line, settings};

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-key",
    Severity::Error,
    "an object has the same key twice",
    "JSON does not define which of the two values counts, and readers differ: the server may take one and the device \
     the other, without any message. Keep one of them.",
    &[
        Example::new(settings!(r#"{ "Notifications": true, "Notifications": false }"#))
            .finds(&[("/Payload/Notifications", Severity::Error)]),
        Example::new(declaration_line!(
            "com.apple.management.properties",
            "com.example.properties",
            r#"{ "Place": { "Room": "4", "Room": "5" } }"#
        ))
        .finds(&[("/Payload/Place/Room", Severity::Error)]),
        Example::new(settings!(r#"{ "Notifications": false }"#)),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, key: &str, first: Range<usize>) -> Draft {
    RULE.at(site.spot(), format!("{} appears twice in the same {}", site.key(key), site.notation.bare_object()))
        .help("keep one of the two; which one a reader takes is undefined")
        .related("it appears first here", Spot::at(site.path.pointer(), first))
}
