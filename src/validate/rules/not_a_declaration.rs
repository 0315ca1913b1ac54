//! `not-a-declaration`

use std::ops::Range;

use super::super::validator::Site;
use crate::diagnostic::{Diagnostic, Draft, Example, Region, Rule, Severity, activation};
use crate::syntax::Kind;

pub(crate) static RULE: Rule = Rule::new(
    "not-a-declaration",
    Severity::Error,
    "a document is not a declaration",
    "A declaration is an object with the keys Type, Identifier and Payload. Some consoles accept the payload alone: \
     an object with the keys of a payload. The documents that declarations replace are checked too: the commands \
     about updates, the responses to them, and profiles with settings for updates. Any other file is skipped if it \
     was found in a folder, and reported if it was named on the command line.",
    &[
        Example::new(r#"[ null, { "name": "ddmc" } ]"#).finds(&[("", Severity::Error), ("", Severity::Error)]),
        Example::new(activation!("com.example.all", r#"["com.example.a"]"#)),
    ],
);

/// `other` names what the document is instead, if known.
pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, other: Option<&str>) -> Draft {
    let at = |message: String| RULE.at(site.spot(), message);
    match other {
        Some(other) => at(format!("this is {other}")).help("check that this is the right file"),
        None if site.node.kind() == Kind::Object => {
            at("this object is not a declaration: it has none of the keys Type, Identifier and Payload".to_owned())
                .help("check that this is the right file, or write Type, Identifier and Payload around the settings")
        }
        None => at(format!("a declaration is an object, but this is {}", site.node.kind()))
            .help(r#"write { "Type": "com.apple.…", "Identifier": "…", "Payload": { … } }"#),
    }
}

/// The diagnostic for the element of an array at which reading stops.
pub(crate) fn rest_of_array(span: Range<usize>) -> Diagnostic<Region> {
    let message = "neither this nor the thousand elements before it are declarations; the rest of the array is not read";
    RULE.at(Region { pointer: String::new(), span }, message).help("check that this is the right file")
}
