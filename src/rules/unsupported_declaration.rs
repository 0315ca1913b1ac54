//! `unsupported-declaration`

use super::availability::{Placement, names};
use crate::apple::Target;
use crate::apple::Verdict;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-declaration",
    Severity::Error,
    "the devices that a declaration or command is meant for do not take its type",
    "A declaration exists from some version of a platform on, and for devices that are enrolled in certain ways: both \
     software-update declarations need supervision on macOS, supervision or device enrolment elsewhere, and never exist on watchOS or \
     under user or local enrolment. Any other device reports Error.UnknownDeclarationType or an invalid configuration and does nothing. \
     Commands about updates and the payload \
     com.apple.SoftwareUpdate have their platforms too. The devices are those of --target or of the configuration file.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false }
}"#,
            options: &["--target", "macOS=14.6", "--target", "watchOS", "--target", "macOS=15.0"],
            finds: &[("/Type", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false }
}"#,
            options: &["--target", "iOS=18.0,user-enrollment"],
            finds: &[("/Type", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "Notifications": false }
}"#,
            options: &["--target", "macOS=15.0", "--target", "iOS=18.0,unsupervised"],
            finds: &[],
        },
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
            // That is a matter of needs-supervision.
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
        parts.push(format!("is not for {}", names(&enrolled, "or")));
    }
    if parts.is_empty() {
        return;
    }
    let mut help = format!("it exists from {} on", placement.support.places());
    if !enrolled.is_empty() {
        help.push_str(if enrolled.iter().all(|target| placement.support.takes_unsupervised(target.platform)) {
            ", on devices that are supervised or under device enrolment"
        } else {
            ", on macOS only where the Mac is supervised, elsewhere also under device enrolment"
        });
    }
    help.push_str("; keep it from other devices");
    diagnostics.push(RULE.at(Spot::Type, format!("{name} {}", parts.join(", and "))).help(help));
}
