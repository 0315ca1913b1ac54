//! `unknown-status-item`

use super::availability::names;
use super::predicates::{Condition, conditional};
use crate::apple::status_subscriptions::STATUS_ITEMS;
use crate::apple::{ALWAYS_REPORTED, Platform, StatusItem, Support, Target, Verdict};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, configuration_line};
use crate::predicate::{Facts, Predicate, Reference, Word, find};
use crate::syntax::{Node, Placeholders};
use crate::validate::Object;
use crate::words::shown;

/// A subscription to one status item.
macro_rules! subscription {
    ($name:literal) => {
        configuration_line!(
            "com.example.status",
            "management.status-subscriptions",
            concat!("{ \"StatusItems\": [{ \"Name\": \"", $name, "\" }] }")
        )
    };
}

pub(crate) static RULE: Rule = Rule::new(
    "unknown-status-item",
    Severity::Warning,
    "a subscription or a predicate names a status item that does not exist",
    "A device answers a subscription to an unknown item with an error in its status report, and otherwise ignores it. In a \
     predicate an unknown item has no value, so that a comparison with it is false, except !=. With targets, the rule also \
     reports items that their devices do not have; in a predicate only if it depends on them. Items whose names begin with \
     management. are always reported, and need no subscription.",
    &[
        Example::new(subscription!("device.os.version")).finds(&[("/Payload/StatusItems/0/Name", Severity::Warning)]),
        Example::new(subscription!("mdm.app"))
            .with_options(&["--target", "macOS=15.4"])
            .finds(&[("/Payload/StatusItems/0/Name", Severity::Warning)]),
        Example::new(conditional!("@status(os.version) >= '15.0'")).finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(conditional!("@status(passcode.is-present) == TRUE"))
            .with_options(&["--target", "macOS=15.4"])
            .finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(subscription!("device.operating-system.version")),
        Example::new(conditional!("@status(device.model.family) == 'iPad' AND @status(passcode.is-present) == TRUE"))
            .with_options(&["--target", "macOS=15.4", "--target", "iPadOS=18.0"]),
    ],
);

/// A declaration that subscribes to status items.
pub(crate) struct Subscriptions<'d> {
    pub(crate) payload: Object<'d, 'd>,
    /// The JSON pointer of the payload.
    pub(crate) pointer: String,
    /// Where the type of the declaration exists.
    pub(crate) support: &'d Support,
    pub(crate) targets: &'d [Target],
    pub(crate) placeholders: &'d Placeholders,
}

pub(super) fn check(subscriptions: &Subscriptions<'_>, diagnostics: &mut Drafts) {
    let Subscriptions { payload, pointer, placeholders, .. } = subscriptions;
    for (index, item) in payload.find(STATUS_ITEMS).into_iter().flat_map(Node::elements).enumerate() {
        let Some(node) = item.member("Name") else { continue };
        let Some(name) = node.as_str() else { continue };
        if name.starts_with(ALWAYS_REPORTED) || placeholders.are_in(&name) {
            continue;
        }
        let place = Spot::at(format!("{pointer}/{}/{index}/Name", STATUS_ITEMS.join("/")), node.span());
        let Some(item) = StatusItem::find(&name) else {
            diagnostics.push(RULE.at(place, format!("no status item has the name \"{}\"", shown(&name))).help(
                match StatusItem::nearest(&name) {
                    Some(near) => format!("did you mean {near}?"),
                    None => "remove the subscription; `ddmc explain` lists the status items".to_owned(),
                },
            ));
            continue;
        };
        let lacks = |target: &&Target| {
            let is_subscribed = subscriptions.support.verdict(target) == Verdict::Available;
            is_subscribed && item.support.verdict(target) != Verdict::Available
        };
        let lacking: Vec<&Target> = subscriptions.targets.iter().filter(lacks).collect();
        if !lacking.is_empty() {
            let help = format!("remove the subscription, or keep it for {}, where the item exists", item.support.places());
            diagnostics.push(RULE.at(place, format!("{} does not exist on {}", item.name, names(&lacking, "or"))).help(help));
        }
    }
}

/// An item that old devices report, though no schema has it.
const UNDOCUMENTED: &str = "management.push-token";

pub(super) fn check_predicate(condition: &Condition<'_>, diagnostics: &mut Drafts) {
    let Ok(predicate) = &condition.parsed else { return };
    let mut seen = Vec::new();
    for reference in predicate.references() {
        let Reference { word, name, span } = reference;
        if *word != Word::Status || condition.placeholders.are_in(name) || name == UNDOCUMENTED {
            continue;
        }
        let Some(found) = find(name) else {
            let help = match StatusItem::nearest(name) {
                Some(near) => format!("did you mean {near}?"),
                None => "`ddmc explain` lists the status items".to_owned(),
            };
            let message = format!("no status item has the name \"{}\", so it has no value", shown(name));
            diagnostics.push(RULE.at(condition.spot(span), message).help(help));
            continue;
        };
        // A predicate may name an item many times.
        if condition.is_template || seen.contains(&found.item.name) {
            continue;
        }
        seen.push(found.item.name);
        let lacking: Vec<&Target> = condition.targets.iter().filter(|target| lacks(predicate, found.item, target)).collect();
        if !lacking.is_empty() {
            let outcomes: Vec<Option<bool>> = lacking.iter().map(|target| predicate.holds(&Facts::of(target))).collect();
            let outcome = match outcomes.first() {
                Some(Some(true)) if outcomes.iter().all(|one| *one == Some(true)) => ", so the predicate is always true there",
                Some(Some(false)) if outcomes.iter().all(|one| *one == Some(false)) => ", so the predicate is always false there",
                _ => ", so it has no value there",
            };
            let message = format!("{} does not exist on {}{outcome}", found.item.name, names(&lacking, "or"));
            let help = format!(
                "ask for the model family too, or keep the activation for {}, where the item exists",
                found.item.support.places()
            );
            diagnostics.push(RULE.at(condition.spot(span), message).help(help));
        }
    }
}

/// Whether a target lacks an item that the predicate depends on there.
fn lacks(predicate: &Predicate, item: &StatusItem, target: &Target) -> bool {
    item.support.verdict(target) != Verdict::Available
        && !(target.platform == Platform::MacOs && item.support.verdict(target) == Verdict::Enrolment)
        && predicate.holds(&Facts::of(target).assuming_items()).is_none()
}
