//! `unsupported-declaration`

use super::availability::{Placement, conditions, names};
use crate::apple::{Target, Verdict};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, declaration_line, settings};

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-declaration",
    Severity::Error,
    "the target devices do not support the type of a declaration or command",
    "Each declaration type needs a minimum version of a platform, certain kinds of enrolment, and the device channel or \
     the user channel: both software-update declarations need supervision on macOS, supervision or device enrolment \
     elsewhere, and do not exist on watchOS or under user or local enrolment; safari.settings needs the user channel \
     on macOS. Any other device reports Error.UnknownDeclarationType or an invalid configuration and does nothing. The \
     commands about updates and the payload com.apple.SoftwareUpdate are limited to certain platforms too. The target \
     devices come from --target or the configuration file, the channel from PayloadScope or the target.",
    &[
        Example::new(settings!(r#"{ "Notifications": false }"#))
            .with_options(&["--target", "macOS=14.6", "--target", "watchOS", "--target", "macOS=15.0"])
            .finds(&[("/Type", Severity::Error)]),
        Example::new(settings!(r#"{ "Notifications": false }"#))
            .with_options(&["--target", "iOS=18.0,user-enrollment"])
            .finds(&[("/Type", Severity::Error)]),
        Example::new(declaration_line!(
            "com.apple.configuration.math.settings",
            "com.example.math",
            r#"{ "Calculator": { "BasicMode": { "AddSquareRoot": true } } }"#
        ))
        .with_options(&["--target", "macOS=15.0"])
        .finds(&[("/Type", Severity::Error)]),
        Example::new(settings!(r#"{ "Notifications": false }"#)).with_options(&[
            "--target",
            "macOS=15.0",
            "--target",
            "iOS=18.0,unsupervised",
        ]),
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    if !placement.is_head {
        return;
    }
    let (mut absent, mut removed, mut barred): (Vec<&Target>, Vec<&Target>, Vec<&Target>) = Default::default();
    for target in placement.targets {
        match placement.support.verdict(target) {
            Verdict::Removed if placement.is_declaration() => removed.push(target),
            // `removed-command` and `removed-profile` cover the others that are removed.
            Verdict::Available | Verdict::Removed => {}
            // `needs-supervision` covers this.
            Verdict::Enrolment if placement.is_command() && !placement.support.takes_unsupervised(target.platform) => {}
            Verdict::Never | Verdict::Later(_) => absent.push(target),
            Verdict::Enrolment | Verdict::Channel => barred.push(target),
        }
    }
    let name = placement.kind.short();
    let mut parts = Vec::new();
    if !absent.is_empty() {
        parts.push(format!("does not exist on {}", names(&absent, "or")));
    }
    if !removed.is_empty() {
        parts.push(format!("no longer exists on {}", names(&removed, "or")));
    }
    if !barred.is_empty() {
        parts.push(format!("is not available on {}", names(&barred, "or")));
    }
    if parts.is_empty() {
        return;
    }
    let mut help = format!("it is available from {} on", placement.support.places());
    if !barred.is_empty() {
        help = format!("{help}; {}", conditions(placement.support, &barred));
    }
    help.push_str("; do not send it to other devices");
    diagnostics.push(RULE.at(Spot::Type, format!("{name} {}", parts.join(", and "))).help(help));
}
