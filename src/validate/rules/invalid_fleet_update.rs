//! `invalid-fleet-update`

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Rule, Severity};
use crate::syntax::Kind;

pub(crate) static RULE: Rule = Rule::new(
    "invalid-fleet-update",
    Severity::Error,
    "a file for Fleet's GitOps enforces an update with a wrong version or deadline",
    "Fleet makes an enforcement from minimum_version and deadline under macos_updates, ios_updates and ipados_updates. \
     minimum_version is a version in quotes, deadline a day; the device installs the update on that day at noon, in its \
     own local time. Each needs the other. With the version latest, Fleet takes deadline_days instead.",
    &[
        Example::new(
            "controls:
  macos_updates:
    minimum_version: 26.1
    deadline: \"2026-03-20T12:00:00\"
  ios_updates:
    minimum_version: \"26.1\"
",
        )
        .in_yaml()
        .finds(&[
            ("/controls/macos_updates/minimum_version", Severity::Error),
            ("/controls/macos_updates/deadline", Severity::Error),
            ("/controls/ios_updates", Severity::Error),
        ]),
        Example::new(
            "controls:
  macos_updates:
    minimum_version: \"26.1\"
    deadline: \"2026-03-20\"
  ios_updates:
    minimum_version:
    deadline:
",
        )
        .in_yaml(),
    ],
);

/// What is wrong with the updates of a platform.
#[derive(Clone, Copy)]
pub(in crate::validate) enum Fault {
    NotAMapping,
    /// This key is missing beside the other.
    Missing(&'static str),
    Version,
    Date,
}

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, fault: Fault) -> Draft {
    let name = site.name();
    let value = match site.node.kind() {
        Kind::String => format!("\"{}\"", site.shown(&site.node.as_str().unwrap_or_default())),
        Kind::Number => format!("the number {}", site.source()),
        kind => site.notation.kind(kind).into_owned(),
    };
    let (message, help) = match fault {
        Fault::NotAMapping => {
            (format!("{name} is {value}, but must be a mapping"), "write minimum_version and deadline below it".to_owned())
        }
        Fault::Missing(key) => {
            let other = if key == "deadline" { "minimum_version" } else { "deadline" };
            (format!("{name} has a {other}, but no {key}"), format!("add {key}, or remove {other}"))
        }
        Fault::Version => {
            let version = if site.node.kind() == Kind::Number { site.source() } else { "26.1".to_owned() };
            (format!("{name} is {value}, but must be a version in quotes"), format!("write a version such as \"{version}\""))
        }
        Fault::Date => (
            format!("{name} is {value}, but must be a date"),
            "write a day such as \"2026-03-20\"; devices install the update at noon of their local time".to_owned(),
        ),
    };
    RULE.at(site.spot(), message).help(help)
}
