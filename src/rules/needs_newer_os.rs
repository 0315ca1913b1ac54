//! `needs-newer-os`

use super::availability::{Placement, names};
use crate::apple::Verdict;
use crate::diagnostic::{Draft, Example, Rule, Severity};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "needs-newer-os",
    Severity::Warning,
    "a key came in a later version than the devices have that a declaration is meant for",
    "A device ignores a key that its version does not know yet. It is judged again after the device was updated, so the setting \
     begins to act then; until then the device behaves as if the key were not there.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOff" } }
}"#,
            options: &["--target", "macOS=15.3"],
            finds: &[("/Payload/Beta/ProgramEnrollment", Severity::Warning)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "ProgramEnrollment": "AlwaysOff" } }
}"#,
            options: &["--target", "macOS=15.4"],
            finds: &[],
        },
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Vec<Draft>) {
    placement.judge(
        diagnostics,
        |verdict| matches!(verdict, Verdict::Later(_)),
        |key, targets| {
            let mut needed: Vec<String> = targets
                .iter()
                .filter_map(|target| {
                    Some(format!("{} {}", target.platform, placement.support_of(key).on(target.platform)?.introduced))
                })
                .collect();
            needed.dedup();
            let message =
                format!("{} needs {}, and is ignored on {}", placement.name(key), list(&needed, "and"), names(targets, "and"));
            RULE.at(placement.spot(key), message).help("update these devices first, or remove it")
        },
    );
}
