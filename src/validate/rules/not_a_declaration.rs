//! `not-a-declaration`

use std::ops::Range;

use super::super::validator::Site;
use super::missing_key;
use crate::apple::Schema;
use crate::diagnostic::{Diagnostic, Draft, Example, Region, Rule, Severity, Spot, activation};
use crate::syntax::{Kind, Node};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "not-a-declaration",
    Severity::Error,
    "a document is not a declaration",
    "A declaration is an object with the keys Type, Identifier and Payload. Some consoles accept the payload alone: \
     an object with the keys of a payload. The documents that declarations replace are checked too: the commands \
     about updates, the responses to them, and profiles with settings for updates. Any other file is skipped if it \
     was found in a folder, and an error if it was named on the command line. A skipped object with an Identifier and \
     a Payload is a warning, since it was probably meant to be a declaration.",
    &[
        Example::new(r#"[ null, { "name": "ddmc" } ]"#).finds(&[("", Severity::Error), ("", Severity::Error)]),
        Example::new(activation!("com.example.all", r#"["com.example.a"]"#)),
    ],
)
.also(&[Severity::Warning]);

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

/// Whether a document found in a folder looks like a declaration whose type is missing or wrong.
pub(crate) fn is_near(root: Node<'_>) -> bool {
    root.member("Identifier").is_some() && root.member("Payload").is_some()
}

/// The diagnostic for such a document, which is skipped.
pub(crate) fn near(schema: &Schema, root: Node<'_>) -> Draft {
    let (spot, what) = match root.member("Type") {
        Some(kind) if kind.kind() == Kind::String => {
            let what =
                format!("its Type is \"{}\", which does not begin with com.apple.", shown(&kind.as_str().unwrap_or_default()));
            (Spot::at("/Type", kind.span()), what)
        }
        Some(kind) => (Spot::at("/Type", kind.span()), format!("its Type is {}", kind.kind())),
        None => (Spot::at("", root.span()), "it has no Type".to_owned()),
    };
    let message = format!("this object has an Identifier and a Payload, but was skipped: {what}");
    RULE.at(spot, message).help(format!("write {}", missing_key::type_member(schema, root))).severity(Severity::Warning)
}

/// The diagnostic for the element of an array at which reading stops.
pub(crate) fn rest_of_array(span: Range<usize>) -> Diagnostic<Region> {
    let message = "neither this nor the thousand elements before it are declarations; the rest of the array is not read";
    RULE.at(Region { pointer: String::new(), span }, message).help("check that this is the right file")
}
