//! Judges declarations that are active together.

use std::borrow::Cow;

use super::{judge_active, judge_combination, judge_enforcements, judge_references};
use crate::diagnostic::Severity;
use crate::hash::Set;
use crate::limits::MAX_RUN_FINDINGS;
use crate::set::{Enforcements, Gathered, Scope, SetDraft, SetDrafts, Together, Where};

/// The findings about several declarations of a run; those of each set in `sets` are active together.
pub(crate) fn judge(gathered: &Gathered, sets: &[Vec<usize>], together: Together) -> SetDrafts {
    let mut diagnostics = judge_combinations(gathered, sets, Severity::Note);
    let mut known = Set::default();
    for set in sets {
        let mut found = drafts();
        judge_active(gathered, set, &mut found);
        judge_enforcements(&Enforcements::new(gathered, set), &mut found);
        diagnostics.absorb(found, |found| known.insert(identity(found)));
    }
    let mut references = drafts();
    if together == Together::Activated {
        for set in gathered.named() {
            for scope in Scope::set(gathered, set) {
                judge_references(&scope, &mut references);
            }
        }
    }
    for scope in Scope::run(gathered, together) {
        judge_references(&scope, &mut references);
    }
    // The findings about sets come first, because they are more exact than the same ones about the run.
    let mut known = Set::default();
    diagnostics.absorb(references, |found| known.insert((found.rule.id.clone(), found.place.clone())));
    diagnostics
}

/// The findings about the combined settings of some sets, by the rules of at least this severity; each finding once.
pub(crate) fn judge_combinations(gathered: &Gathered, sets: &[Vec<usize>], least: Severity) -> SetDrafts {
    let mut diagnostics = drafts();
    let mut known = Set::default();
    for kind in gathered.combined_types() {
        for combination in gathered.combine(kind, sets) {
            let mut found = drafts();
            judge_combination(&combination, least, &mut found);
            diagnostics.absorb(found, |found| known.insert(identity(found)));
        }
    }
    diagnostics
}

/// The findings about declarations of one set as a whole; each finding once.
pub(crate) fn judge_actives(gathered: &Gathered, sets: &[Vec<usize>]) -> SetDrafts {
    let mut diagnostics = drafts();
    let mut known = Set::default();
    for set in sets {
        let mut found = drafts();
        judge_active(gathered, set, &mut found);
        diagnostics.absorb(found, |found| known.insert(identity(found)));
    }
    diagnostics
}

/// Collects the findings about a run.
pub(crate) fn drafts() -> SetDrafts {
    SetDrafts::with(MAX_RUN_FINDINGS)
}

/// The rule and places, which identify a diagnostic.
fn identity(diagnostic: &SetDraft) -> (Cow<'static, str>, Where, Vec<Where>) {
    let related = diagnostic.related.iter().map(|related| related.place.clone());
    (diagnostic.rule.id.clone(), diagnostic.place.clone(), related.collect())
}
