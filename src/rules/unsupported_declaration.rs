//! `unsupported-declaration`

use super::availability::{Placement, names};
use crate::apple::{Target, Verdict};
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, settings};

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-declaration",
    Severity::Error,
    "the target devices do not support the type of a declaration or command",
    "Each declaration type needs a minimum version of a platform and certain kinds of enrolment: both software-update \
     declarations need supervision on macOS, supervision or device enrolment elsewhere, and do not exist on watchOS \
     or under user or local enrolment. Any other device reports Error.UnknownDeclarationType or an invalid \
     configuration and does nothing. The commands about updates and the payload com.apple.SoftwareUpdate are limited \
     to certain platforms too. The target devices come from --target or the configuration file.",
    &[
        Example::new(settings!(r#"{ "Notifications": false }"#))
            .with_options(&["--target", "macOS=14.6", "--target", "watchOS", "--target", "macOS=15.0"])
            .finds(&[("/Type", Severity::Error)]),
        Example::new(settings!(r#"{ "Notifications": false }"#))
            .with_options(&["--target", "iOS=18.0,user-enrollment"])
            .finds(&[("/Type", Severity::Error)]),
        Example::new(settings!(r#"{ "Notifications": false }"#)).with_options(&[
            "--target",
            "macOS=15.0",
            "--target",
            "iOS=18.0,unsupervised",
        ]),
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    if !placement.is_head {
        return;
    }
    let (mut absent, mut enrolled): (Vec<&Target>, Vec<&Target>) = (Vec::new(), Vec::new());
    for target in placement.targets {
        match placement.support.verdict(target) {
            Verdict::Available | Verdict::Removed => {}
            // `needs-supervision` covers this.
            Verdict::Enrolment if placement.is_command() && !placement.support.takes_unsupervised(target.platform) => {}
            Verdict::Never | Verdict::Later(_) => absent.push(target),
            Verdict::Enrolment => enrolled.push(target),
        }
    }
    let name = placement.kind.short();
    let mut parts = Vec::new();
    if !absent.is_empty() {
        parts.push(format!("does not exist on {}", names(&absent, "or")));
    }
    if !enrolled.is_empty() {
        parts.push(format!("is not available on {}", names(&enrolled, "or")));
    }
    if parts.is_empty() {
        return;
    }
    let mut help = format!("it is available from {} on", placement.support.places());
    if !enrolled.is_empty() {
        help.push_str(if enrolled.iter().all(|target| placement.support.takes_unsupervised(target.platform)) {
            ", on devices that are supervised or under device enrolment"
        } else {
            ", on macOS only under supervision, elsewhere also under device enrolment"
        });
    }
    help.push_str("; do not send it to other devices");
    diagnostics.push(RULE.at(Spot::Type, format!("{name} {}", parts.join(", and "))).help(help));
}
