//! `not-a-declaration`

use std::ops::Range;

use super::super::validator::Site;
use super::missing_key;
use crate::apple::{Family, Schema};
use crate::diagnostic::{Diagnostic, Draft, Example, Region, Rule, Severity, Spot, activation};
use crate::syntax::{Kind, Node, Syntax};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "not-a-declaration",
    Severity::Error,
    "a document is not a declaration",
    "A declaration is an object with the keys Type, Identifier and Payload. Some consoles accept the payload alone: \
     an object with the keys of a payload. The documents that declarations replace are checked too: the commands \
     about updates, the responses to them, and profiles with settings for updates. Declarations that another object \
     wraps, such as { \"declarations\": [ … ] }, are read. Any other file is an error if it was named on the command \
     line. If it was found in a folder, it is skipped; that is a warning if it was probably meant to be a declaration: it \
     has an Identifier and a Payload, mentions the type of a declaration, is empty, or a [[files]] entry names it.",
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
            let object = site.notation.bare_object();
            at(format!("this {object} is not a declaration: it has none of the keys Type, Identifier and Payload"))
                .help("check that this is the right file, or write Type, Identifier and Payload around the settings")
        }
        None => at(format!("a declaration is {}, but this is {}", site.notation.object(), site.node.kind())).help(
            match site.notation.syntax {
                Syntax::Yaml => "write Type: com.apple.…, Identifier: … and Payload: …, each in a line of its own",
                _ => r#"write { "Type": "com.apple.…", "Identifier": "…", "Payload": { … } }"#,
            },
        ),
    }
}

/// The diagnostic for a file that was named and is empty, or can only be something else, such as TOML.
pub(crate) fn foreign(kind: &str) -> Draft {
    let at = |message: String| RULE.at(Spot::at("", 0..0), message);
    if kind.is_empty() {
        return at("this file is empty".to_owned()).help("write a declaration, or remove the file");
    }
    at(format!("this looks like {kind}, which is not read"))
        .help("name a file with JSON, YAML, one JSON declaration per line (.ndjson), or a property list")
}

/// Why a document that was found in a folder should be a declaration, although it is not.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Expected {
    /// It has an Identifier and a Payload.
    Near,
    /// It has the beginning of a declaration's type.
    Mentions(&'static str),
    /// It is a file of this kind, and has such a beginning.
    Foreign(&'static str, &'static str),
    /// The configuration names it.
    Configured,
    /// It has no text.
    Empty,
}

/// Whether a document found in a folder looks like a declaration whose type is missing or wrong.
pub(crate) fn is_near(root: Node<'_>) -> bool {
    root.member("Identifier").is_some() && root.member("Payload").is_some()
}

/// The diagnostic for such a document, which is skipped.
pub(crate) fn skipped(schema: &Schema, root: Option<Node<'_>>, expected: Expected) -> Draft {
    let at = |spot: Spot, message: String| RULE.at(spot, message).severity(Severity::Warning);
    let top = Spot::at("", root.map_or(0..0, Node::span));
    let help = "write the declaration alone, or with others in an array; or exclude the file";
    match expected {
        Expected::Near => {
            let root = root.map(|root| (root, root.member("Type")));
            let (spot, what) = match root {
                Some((_, Some(kind))) if kind.as_str().is_some_and(|name| Family::of(&name).is_some()) => {
                    let what = "this property list was skipped: devices accept declarations only as JSON".to_owned();
                    return at(Spot::at("/Type", kind.span()), what).help("write the declaration as JSON, or exclude the file");
                }
                Some((_, Some(kind))) if kind.kind() == Kind::String => {
                    let name = shown(&kind.as_str().unwrap_or_default());
                    (Spot::at("/Type", kind.span()), format!("its Type is \"{name}\", which does not begin with com.apple."))
                }
                Some((_, Some(kind))) => (Spot::at("/Type", kind.span()), format!("its Type is {}", kind.kind())),
                _ => (top, "it has no Type".to_owned()),
            };
            let write = root.map_or_else(String::new, |(root, _)| missing_key::type_member(schema, root));
            at(spot, format!("this object has an Identifier and a Payload, but was skipped: {what}"))
                .help(format!("write {write}"))
        }
        Expected::Mentions(family) => {
            at(top, format!("this mentions {family}…, but was skipped: it is not a declaration")).help(help)
        }
        Expected::Foreign(kind, family) => {
            at(top, format!("this looks like {kind}, which is not read, and mentions {family}…")).help(help)
        }
        Expected::Configured => {
            at(top, "a [[files]] entry names this file, but it was skipped: it is not a declaration".to_owned()).help(help)
        }
        Expected::Empty => {
            at(top, "this file was skipped: it is empty".to_owned()).help("write a declaration, or remove the file")
        }
    }
}

/// The diagnostic for the element of an array at which reading stops.
pub(crate) fn rest_of_array(span: Range<usize>) -> Diagnostic<Region> {
    let message = "neither this nor the thousand elements before it are declarations; the rest of the array is not read";
    RULE.at(Region { pointer: String::new(), span }, message).help("check that this is the right file")
}
