//! Judges declarations that are active together.

use std::borrow::Cow;

use super::{judge_combination, judge_enforcements, judge_references};
use crate::diagnostic::Severity;
use crate::hash::Set;
use crate::set::{Enforcements, Gathered, Scope, SetDraft, Together, Where};

/// The findings about several declarations of a run; those of each set in `sets` are active together.
pub(crate) fn judge(gathered: &Gathered, sets: &[Vec<usize>], together: Together) -> Vec<SetDraft> {
    let mut diagnostics = judge_combinations(gathered, sets, Severity::Note);
    let mut known = Set::default();
    for set in sets {
        let mut found = Vec::new();
        judge_enforcements(&Enforcements::new(gathered, set), &mut found);
        diagnostics.extend(found.into_iter().filter(|found| known.insert(identity(found))));
    }
    let mut references = Vec::new();
    if together == Together::Activated {
        for set in gathered.named() {
            judge_references(&Scope::set(gathered, set), &mut references);
        }
    }
    judge_references(&Scope::run(gathered, together), &mut references);
    // The findings about sets come first, because they are more exact than the same ones about the run.
    let mut known = Set::default();
    diagnostics.extend(references.into_iter().filter(|found| known.insert((found.rule.id.clone(), found.place.clone()))));
    diagnostics
}

/// The findings about the combined settings of some sets, by the rules of at least this severity; each finding once.
pub(crate) fn judge_combinations(gathered: &Gathered, sets: &[Vec<usize>], least: Severity) -> Vec<SetDraft> {
    let mut diagnostics = Vec::new();
    let mut known = Set::default();
    for kind in gathered.combined_types() {
        for combination in gathered.combine(kind, sets) {
            let mut found = Vec::new();
            judge_combination(&combination, least, &mut found);
            diagnostics.extend(found.into_iter().filter(|found| known.insert(identity(found))));
        }
    }
    diagnostics
}

/// The rule and places, which identify a diagnostic.
fn identity(diagnostic: &SetDraft) -> (Cow<'static, str>, Where, Vec<Where>) {
    let related = diagnostic.related.iter().map(|related| related.place.clone());
    (diagnostic.rule.id.clone(), diagnostic.place.clone(), related.collect())
}
