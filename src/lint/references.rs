//! What a declaration says about others: the configurations of an activation, the assets of a configuration, what an
//! asset says about its data, and the values that are combined.

use crate::apple::activation::{PREDICATE, STANDARD_CONFIGURATIONS};
use crate::apple::asset::{CONTENT_TYPE, REFERENCE};
use crate::apple::{ACTIVATION, Apply, ENFORCEMENT, Family, Key, KeyId, PROPERTIES, Schema, ValueType};
use crate::limits::{MAX_COMBINED_VALUES, MAX_REFERENCES};
use crate::set::{Activated, AssetData, AssetReference, Premise, Reference};
use crate::syntax::{Kind, Node, Placeholders};
use crate::validate::Reading;

/// Whether the values of the payload matter to other declarations.
pub(super) fn is_compared(reading: &Reading<'_>) -> bool {
    let is_combined = reading.kind.is_some_and(|kind| reading.schema.kind(kind).apply == Some(Apply::Combined));
    is_combined || reading.is(ENFORCEMENT) || reading.is(PROPERTIES)
}

/// Whether the payload has too many values to compare them with those of others.
pub(super) fn is_oversized(reading: &Reading<'_>) -> bool {
    is_compared(reading) && reading.payload().is_some_and(|payload| payload.node.len() > MAX_COMBINED_VALUES)
}

/// The contents of an activation; `None` for any other declaration, or if they could not be read.
pub(super) fn activated(reading: &Reading<'_>, templates: &Placeholders) -> Option<Activated> {
    let payload = reading.payload().filter(|_| reading.is(ACTIVATION))?;
    let names = payload.get(STANDARD_CONFIGURATIONS)?;
    if surplus(names).is_some() {
        return None;
    }
    let names = names.elements().filter_map(Node::as_str);
    let references = names.map(|name| Reference { is_template: templates.are_in(&name), name: name.into_owned() });
    Some(Activated { references: references.collect(), predicate: premise(reading, templates) })
}

/// The predicate of an activation.
pub(super) fn premise(reading: &Reading<'_>, templates: &Placeholders) -> Option<Premise> {
    let payload = reading.payload().filter(|_| reading.is(ACTIVATION))?;
    Some(Premise::new(payload.text(PREDICATE)?.into_owned(), templates))
}

/// The first name of an activation beyond those that are judged.
pub(super) fn surplus(names: Node<'_>) -> Option<Node<'_>> {
    names.elements().nth(MAX_REFERENCES)
}

/// The assets that a declaration references; `None` if some references could not be read.
pub(super) fn assets(reading: &Reading<'_>, templates: &Placeholders) -> Option<Vec<AssetReference>> {
    let schema = reading.schema;
    if !schema.names_assets(reading.kind?) {
        return Some(Vec::new());
    }
    let payload = reading.payload()?;
    let mut references = Vec::new();
    let mut are_known = payload.node.is_complete();
    // The key whose value is an array of names: its items follow it.
    let mut array = None;
    payload.walk(&mut |path, id, node| {
        are_known &= node.is_complete();
        let key = match schema.key(id) {
            key if !key.assets.is_empty() => Some(id),
            _ => array.filter(|array| is_item(schema.key(*array), id)),
        };
        let Some(key) = key else { return };
        match node.kind() {
            Kind::String => {
                let name = node.as_str().unwrap_or_default().into_owned();
                // Apple requires some keys whose value a device then ignores, and an empty one names nothing.
                are_known &= references.len() < MAX_REFERENCES;
                if !name.is_empty() && are_known {
                    references.push(AssetReference { key, path: path.steps(), is_template: templates.are_in(&name), name });
                }
            }
            Kind::Array if matches!(schema.key(id).value, ValueType::Array { .. }) => array = Some(id),
            Kind::Null => {}
            _ => are_known = false,
        }
    });
    are_known.then_some(references)
}

/// Whether a key describes the items of the array `key`.
fn is_item(key: &Key, id: KeyId) -> bool {
    matches!(key.value, ValueType::Array { item, .. } if item == id)
}

/// What an asset says about its data; `None` for any other declaration, or if it could not be read.
pub(super) fn data(reading: &Reading<'_>, templates: &Placeholders) -> Option<AssetData> {
    let schema = reading.schema;
    let kind = schema.kind(reading.kind?);
    if kind.family != Family::Asset {
        return None;
    }
    let key = schema.at_path(kind.keys, REFERENCE.iter().copied())?;
    let payload = reading.payload()?;
    payload.find(REFERENCE).filter(|node| node.kind() == Kind::Object && node.is_complete())?;
    let is_set = |name: &str| payload.has(&[REFERENCE, &[name]].concat());
    let content_type = payload.text(CONTENT_TYPE).filter(|text| !templates.are_in(text));
    Some(AssetData {
        key,
        set: schema.keys(Schema::members(schema.key(key).value)).filter(|(_, key)| is_set(&key.name)).map(|(id, _)| id).collect(),
        content_type: content_type.map(Into::into),
    })
}
