//! The state of a declaration in words, from what a device says about it alone.

use super::report::{Given, Report, Reported, Validity};
use crate::apple::{Family, Reason};

/// How a declaration is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// In effect, or meant to have none.
    Good,
    /// Neither in effect nor refused.
    Waiting,
    Failed,
}

/// The state of a declaration of a family with these values of `active` and `valid`.
type Row = (Option<Family>, Option<bool>, Option<Validity>, Level, &'static str);

use Level::{Failed, Good, Waiting};

const ACTIVATION: Option<Family> = Some(Family::Activation);
const ASSET: Option<Family> = Some(Family::Asset);
const MANAGEMENT: Option<Family> = Some(Family::Management);
const ON: Option<bool> = Some(true);
const VALID: Option<Validity> = Some(Validity::Valid);
const INVALID: Option<Validity> = Some(Validity::Invalid);

/// The first row that fits counts. `None` fits everything.
#[rustfmt::skip]
static ROWS: [Row; 14] = [
    (ACTIVATION, ON, INVALID, Failed, "the device loaded it, but found a mistake"),
    (ACTIVATION, ON, None, Good, "the device applies its configurations"),
    (ACTIVATION, None, INVALID, Failed, "the device cannot use it, so it applies none of its configurations for it"),
    (ACTIVATION, None, None, Waiting, "the device does not apply its configurations"),
    (ASSET, None, INVALID, Failed, "the device cannot use it"),
    (ASSET, ON, None, Good, "an active configuration uses it"),
    (ASSET, None, None, Waiting, "no active configuration uses it"),
    (MANAGEMENT, None, VALID, Good, "in effect; management declarations are never active"),
    (None, ON, VALID, Good, "in force"),
    (None, ON, INVALID, Failed, "activated, but the device could not apply it"),
    (None, ON, None, Waiting, "activated, but the device has not checked it"),
    (None, None, INVALID, Failed, "refused"),
    (None, None, VALID, Waiting, "valid, but not in force"),
    (None, None, None, Waiting, "not in force; the device has not checked it"),
];

/// What a device says about a declaration: the level and the words.
pub(crate) fn of(report: &Report, family: Option<Family>, reported: &Reported) -> (Level, &'static str) {
    let Reported { active, valid, reasons, .. } = reported;
    let fits = |(of, is_active, is_valid, ..): &&Row| {
        (of.is_none() || *of == family)
            && (is_active.is_none() || is_active == active)
            && is_valid.as_ref().is_none_or(|is_valid| is_valid == valid)
    };
    // The last row fits everything.
    let (level, words) = ROWS.iter().find(fits).map_or((Waiting, ""), |(.., level, words)| (*level, *words));
    let has_failed = reasons.iter().any(|given| is_failure(report, given));
    (if has_failed { Failed } else { level }, words)
}

/// Whether a reason reports a failure. A configuration whose activation has only a false predicate has not failed.
pub(crate) fn is_failure(report: &Report, given: &Given) -> bool {
    Reason::is_failure(&given.code) && !(given.code == ACTIVATION_FAILED && is_intended(report, given))
}

pub(crate) const ACTIVATION_FAILED: &str = "Error.ActivationFailed";

/// Whether the activations that a reason names are inactive only because of their predicates.
fn is_intended(report: &Report, given: &Given) -> bool {
    let mut all = given.identifiers("Identifier").peekable();
    all.peek().is_some() && all.all(|name| activation(report, name).is_some_and(has_false_predicate))
}

/// The activation with an identifier.
pub(crate) fn activation<'r>(report: &'r Report, name: &str) -> Option<&'r Reported> {
    report.declarations.get(&(ACTIVATION, name.into()))?.first()
}

/// Whether a false predicate is all that is reported of an activation.
pub(crate) fn has_false_predicate(reported: &Reported) -> bool {
    let mut reasons = reported.reasons.iter().peekable();
    reported.valid != Validity::Invalid && reasons.peek().is_some() && reasons.all(|given| given.code == "Info.Predicate")
}
