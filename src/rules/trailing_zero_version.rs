//! `trailing-zero-version`

use super::Enforced;
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::diagnostic::{Drafts, Example, Proposal, Remedy, Rule, Severity, Spot, enforcement};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "trailing-zero-version",
    Severity::Warning,
    "a version ends in .0, but Apple names the release without it",
    "Apple names a release without a patch by two numbers: 26.1, never 26.1.0. Apple does not document that a device \
     accepts one for the other.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1.0", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .finds(&[("/Payload/TargetOSVersion", Severity::Warning)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#)),
    ],
);

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    let Some(version) = enforced.version().filter(|version| version.as_str().ends_with('0')) else { return };
    let Some((release, zero)) = version.as_str().rsplit_once('.').filter(|_| !version.has_no_patch()) else { return };
    if zero.bytes().all(|digit| digit == b'0') {
        // Whether a device takes one for the other is not documented, so the author decides.
        let fix = Proposal::unsafe_(Remedy::Replace(format!("\"{release}\"")), format!("write \"{release}\""));
        let message = format!("TargetOSVersion is {}, but the release is called {}", shown(version.as_str()), shown(release));
        diagnostics
            .push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(format!("write \"{}\"", shown(release))).fix(Some(fix)));
    }
}
