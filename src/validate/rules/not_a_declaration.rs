//! `not-a-declaration`

use std::ops::Range;

use super::super::validator::Site;
use crate::diagnostic::{Diagnostic, Draft, Example, Region, Rule, Severity};
use crate::syntax::Kind;

pub(crate) static RULE: Rule = Rule::new(
    "not-a-declaration",
    Severity::Error,
    "a document is not a declaration",
    "A declaration is an object with the keys Type, Identifier and Payload. Some consoles take the payload alone: an \
     object with keys of a payload. The documents that declarations replace are checked too: the commands about updates, the answers \
     to them, and profiles with settings for updates. Files found in a folder that are none of these are passed over; files named on the \
     command line are not.",
    &[
        Example {
            document: r#"[ null, { "name": "ddmc" } ]"#,
            options: &[],
            finds: &[("", Severity::Error), ("", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// `other` says what the document is instead, if that is known.
pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, other: Option<&str>) -> Draft {
    let at = |message: String| RULE.at(site.spot(), message);
    match other {
        Some(other) => at(format!("this is {other}")).help("check the right file"),
        None if site.node.kind() == Kind::Object => {
            at("this object is not a declaration: it has none of the keys Type, Identifier and Payload".to_owned())
                .help("check the right file, or write Type, Identifier and Payload around the settings")
        }
        None => at(format!("a declaration is an object, but this is {}", site.node.kind()))
            .help(r#"write { "Type": "com.apple.…", "Identifier": "…", "Payload": { … } }"#),
    }
}

/// The element of an array at which reading stops.
pub(crate) fn rest_of_array(span: Range<usize>) -> Diagnostic<Region> {
    let message = "this is not a declaration, nor were the thousand elements before it; the rest of the array is not read";
    RULE.at(Region { pointer: String::new(), span }, message).help("check the right file")
}
