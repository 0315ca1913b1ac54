//! `duplicate-program`

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity};
use crate::syntax::Node;
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "duplicate-program",
    Severity::Note,
    "OfferPrograms names a beta program twice",
    "A device offers every distinct program once, so the second entry has no effect. Perhaps another program was meant.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [
    { "Description": "AppleSeed for IT", "Token": "one" },
    { "Description": "AppleSeed for IT", "Token": "one" }
  ] } }
}"#,
            options: &[],
            finds: &[("/Payload/Beta/OfferPrograms", Severity::Note)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.beta",
  "Payload": { "Beta": { "OfferPrograms": [{ "Description": "AppleSeed for IT", "Token": "one" }] } }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

/// The first item of an array that equals an earlier one in these keys; the first key names it.
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
    let mut seen = HashTable::new();
    let mut items = site.node.elements().enumerate();
    let (index, item) = items.find(|(_, item)| {
        let is_same = |other: &Node<'d>| identity.iter().all(|key| text(key, *item) == text(key, *other));
        let is_there = seen.find(hash(item), is_same).is_some();
        seen.insert_unique(hash(item), *item, hash);
        is_there
    })?;
    let name = identity.first().and_then(|key| text(key, item)).unwrap_or_default();
    let message = format!("item {} of {}, {}, is there already", index + 1, site.name(), shown(&name));
    Some(
        RULE.at(site.spot(), message)
            .help("remove the second entry")
            .fix(Proposal::safe(Remedy::RemoveItem(index), "remove the second entry")),
    )
}
