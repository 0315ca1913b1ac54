//! Why devices do not load a declaration, and so apply no activation that references it.

use crate::apple::{Target, Verdict};
use crate::catalog::Platforms;
use crate::diagnostic::{Diagnostic, Region, Severity};
use crate::set::Flaw;
use crate::validate::Reading;
use crate::validate::rules::{missing_key, unknown_type, wrong_type};

/// The worst flaw that the findings about a declaration show.
pub(super) fn flaw(findings: &[Diagnostic<Region>]) -> Option<Flaw> {
    let known =
        [(&unknown_type::RULE, Flaw::UnknownType), (&missing_key::RULE, Flaw::MissingKey), (&wrong_type::RULE, Flaw::WrongType)];
    let flaw = |finding: &Diagnostic<Region>| known.iter().find(|(rule, _)| *rule.id == *finding.rule.id).map(|(_, flaw)| *flaw);
    let has_error = findings.iter().any(|finding| finding.severity == Severity::Error);
    findings.iter().find_map(flaw).or(has_error.then_some(Flaw::Other))
}

/// The platforms of which no target knows the type of a declaration.
pub(super) fn unknown_on(reading: &Reading<'_>, targets: &[Target]) -> Platforms {
    let Some(kind) = reading.kind else { return Platforms::NONE };
    let support = reading.schema.support(reading.schema.kind(kind).support);
    let (unknown, known): (Vec<&Target>, Vec<&Target>) =
        targets.iter().partition(|target| matches!(support.verdict(target), Verdict::Never | Verdict::Later(_)));
    let is_nowhere_known = |target: &&Target| known.iter().all(|other| other.platform != target.platform);
    Platforms::of(&unknown.into_iter().filter(is_nowhere_known).map(|target| target.platform).collect::<Vec<_>>())
}
