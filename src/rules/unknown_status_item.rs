//! `unknown-status-item`

use super::availability::names;
use crate::apple::status_subscriptions::STATUS_ITEMS;
use crate::apple::{ALWAYS_REPORTED, StatusItem, Support, Target, Verdict};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, configuration_line};
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
    "a subscription to a status item that does not exist",
    "A device answers a subscription to an unknown item with an error in its status report, and otherwise ignores it. With \
     targets, the rule also reports items that their devices do not have. Items whose names begin with management. are \
     always reported, and need no subscription.",
    &[
        Example::new(subscription!("device.os.version")).finds(&[("/Payload/StatusItems/0/Name", Severity::Warning)]),
        Example::new(subscription!("mdm.app"))
            .with_options(&["--target", "macOS=15.4"])
            .finds(&[("/Payload/StatusItems/0/Name", Severity::Warning)]),
        Example::new(subscription!("device.operating-system.version")),
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
