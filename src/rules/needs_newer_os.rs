//! `needs-newer-os`

use super::availability::{Placement, names};
use crate::apple::Verdict;
use crate::diagnostic::{Drafts, Example, Rule, Severity, beta};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "needs-newer-os",
    Severity::Warning,
    "a key needs a newer OS than the target devices have",
    "A device ignores a key that its version does not know. It evaluates the declaration again after an update, so \
     the setting takes effect then; until then the device behaves as if the key were absent.",
    &[
        Example::new(beta!(r#""ProgramEnrollment": "AlwaysOff""#))
            .with_options(&["--target", "macOS=15.3"])
            .finds(&[("/Payload/Beta/ProgramEnrollment", Severity::Warning)]),
        Example::new(beta!(r#""ProgramEnrollment": "AlwaysOff""#)).with_options(&["--target", "macOS=15.4"]),
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    placement.judge(
        diagnostics,
        |support, target| matches!(support.verdict(target), Verdict::Later(_)),
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
            RULE.at(placement.spot(key), message).help("update these devices first, or remove the key")
        },
    );
}
