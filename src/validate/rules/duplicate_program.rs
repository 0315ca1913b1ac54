//! `duplicate-program`

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, settings};
use crate::syntax::Node;

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-program",
    Severity::Note,
    "OfferPrograms lists a beta program twice",
    "A device offers each distinct program once, so the second entry has no effect. Perhaps another program was \
     meant.",
    &[
        Example::new(
            r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [
    { "Description": "AppleSeed for IT", "Token": "one" },
    { "Description": "AppleSeed for IT", "Token": "one" }
  ] } }
}"#,
        )
        .finds(&[("/Payload/Beta/OfferPrograms", Severity::Note)]),
        Example::new(settings!(
            "com.example.beta",
            r#"{ "Beta": { "OfferPrograms": [{ "Description": "AppleSeed for IT", "Token": "one" }] } }"#
        )),
    ],
);

/// Reports the first item that equals an earlier one in the `identity` keys, the first of which names it.
pub(in crate::validate) fn diagnostic<'d>(site: Site<'_, 'd>, identity: &[&str]) -> Option<Draft> {
    let text = |key: &&str, item: Node<'d>| item.member(key)?.as_str();
    let state = RandomState::default();
    let hash = |item: &Node<'d>| {
        let mut hasher = state.build_hasher();
        for key in identity {
            text(key, *item).hash(&mut hasher);
        }
        hasher.finish()
    };
    let mut seen = HashTable::with_capacity(site.node.elements().count());
    let mut items = site.node.elements().enumerate();
    let (index, item) = items.find(|(_, item)| {
        let is_same = |other: &Node<'d>| identity.iter().all(|key| text(key, *item) == text(key, *other));
        let key = hash(item);
        let is_there = seen.find(key, is_same).is_some();
        seen.insert_unique(key, *item, hash);
        is_there
    })?;
    let name = identity.first().and_then(|key| text(key, item)).unwrap_or_default();
    let message = format!("{} lists \"{}\" twice", site.name(), site.shown(&name));
    Some(
        RULE.at(site.spot(), message)
            .help(format!("remove item {}", index + 1))
            .fix(Proposal::safe(Remedy::RemoveItem(index), "remove the second entry")),
    )
}
