//! `constant-predicate`

use super::predicates::{Condition, conditional};
use crate::diagnostic::{Drafts, Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "constant-predicate",
    Severity::Note,
    "a predicate that is the same on every device",
    "A predicate decides on which devices an activation applies its configurations. One that depends on nothing is true \
     on all devices, and then has no purpose, or true on none, which turns the activation off. Some people write 1==0 \
     to do that.",
    &[
        Example::new(conditional!("1==0")).finds(&[("/Payload/Predicate", Severity::Note)]),
        Example::new(conditional!("@status(device.model.family) == 'Mac' OR TRUEPREDICATE"))
            .finds(&[("/Payload/Predicate", Severity::Note)]),
        Example::new(conditional!("@status(device.model.family) == 'Mac'")),
    ],
);

pub(super) fn check(condition: &Condition<'_>, diagnostics: &mut Drafts) {
    let Ok(predicate) = &condition.parsed else { return };
    if condition.is_template {
        return;
    }
    let (message, help) = match predicate.constant() {
        Some(true) => ("the predicate is true on every device", "remove it, or name the devices that it is for"),
        Some(false) => (
            "the predicate is false on every device, so the activation never applies",
            "name the devices that it is for, or remove the activation",
        ),
        None => return,
    };
    diagnostics.push(RULE.at(condition.spot(&predicate.span), message).help(help));
}
