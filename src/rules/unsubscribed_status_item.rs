//! `unsubscribed-status-item`

use super::predicates::conditional_line;
use crate::apple::ALWAYS_REPORTED;
use crate::apple::activation::PREDICATE;
use crate::diagnostic::{Example, Rule, Severity, array, configuration_line};
use crate::hash::Set;
use crate::predicate::{Word, find};
use crate::set::{Premise, Scope, SetDrafts, Where};

pub(crate) static RULE: Rule = Rule::new(
    "unsubscribed-status-item",
    Severity::Note,
    "a predicate depends on a status item that no declaration subscribes to",
    "As far as is known, devices evaluate a predicate even if no declaration subscribes to its status items. But then they \
     do not report the values to the server, so its records do not show why an activation applies or not. Apple does not \
     document this. The rule judges sets that have subscriptions. Items whose names begin with management. need none.",
    &[
        Example::new(array!(
            conditional_line!("@status(device.model.family) == 'Mac'"),
            configuration_line!(
                "com.example.a",
                "management.status-subscriptions",
                r#"{ "StatusItems": [{ "Name": "device.operating-system.version" }] }"#
            )
        ))
        .with_options(&["--set"])
        .finds(&[("/Payload/Predicate", Severity::Note)]),
        Example::new(array!(
            conditional_line!("@status(device.model.family) == 'Mac'"),
            configuration_line!(
                "com.example.a",
                "management.status-subscriptions",
                r#"{ "StatusItems": [{ "Name": "device.model.family" }] }"#
            )
        ))
        .with_options(&["--set"]),
    ],
);

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    // Without a set, the subscriptions may be for other devices.
    if !scope.is_set {
        return;
    }
    let mut subscribed: Set<&str> = Set::default();
    for (who, _) in scope.members() {
        match scope.gathered.subscriptions.get(&who) {
            None => {}
            Some(None) => return,
            Some(Some(names)) => subscribed.extend(names.iter().map(String::as_str)),
        }
    }
    if subscribed.is_empty() {
        return;
    }
    for (who, activated) in scope.activated() {
        let Some(predicate) = activated.predicate.as_ref().and_then(Premise::predicate) else { continue };
        let mut seen = Set::default();
        for reference in predicate.references() {
            if reference.word != Word::Status || reference.name.starts_with(ALWAYS_REPORTED) {
                continue;
            }
            let Some(found) = find(&reference.name) else { continue };
            if !subscribed.contains(found.item.name) && seen.insert(found.item.name) {
                let message = format!("the predicate depends on {}, to which nothing subscribes", found.item.name);
                let place = Where::text(who, PREDICATE, reference.span.clone());
                diagnostics.push(RULE.at(place, message).help("add the item to a declaration of status subscriptions"));
            }
        }
    }
}
