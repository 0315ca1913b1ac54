//! The claims of a schema, found by the object or value that they are about.

use super::{CLAIMS, Claim};
use crate::apple::{KeyId, Rows, Schema, ValueType};

/// The position of a key, and a claim.
type Entry = (u16, &'static Claim);

/// The claims that apply to a schema.
#[derive(Debug, Clone, Default)]
pub(in crate::apple) struct Claims {
    /// The claims about objects, with the position of the first key of the object, in ascending order.
    objects: Vec<Entry>,
    /// The claims about values, with the position of the key, in ascending order.
    values: Vec<Entry>,
    /// Whether a claim is about an object, by the position of its first key.
    has_object: Vec<bool>,
    /// Whether a claim is about the value of a key or something below it, by the position of the key.
    leads: Vec<bool>,
}

impl Claims {
    /// The claims that `is_wanted` accepts, by their position in the data.
    pub(in crate::apple) fn of(schema: &Schema, is_wanted: impl Fn(usize) -> bool) -> Self {
        let (mut objects, mut values) = (Vec::new(), Vec::new());
        let all = CLAIMS.iter().flat_map(|(name, start, claims)| claims.iter().map(move |claim| (*name, *start, claim)));
        let mut last = ("", None);
        for (_, (name, start, (path, claim))) in all.enumerate().filter(|(at, _)| is_wanted(*at)) {
            if last.0 != name {
                last = (name, schema.find(name));
            }
            let Some(kind) = last.1.map(|id| schema.kind(id)) else { continue };
            let steps = start.split('.').chain(path.split('.')).filter(|step| !step.is_empty());
            if claim.is_about_value() {
                values.extend(schema.at_path(kind.keys, steps).map(|id| (id.0, claim)));
            } else if let Some(rows) = schema.object_at(kind.keys, steps).filter(|rows| applies(schema, *rows, claim)) {
                objects.push((rows.start, claim));
            }
        }
        objects.sort_by_key(|(at, _)| *at);
        values.sort_by_key(|(at, _)| *at);
        let mut has_object = vec![false; schema.keys.len()];
        for (at, _) in &objects {
            has_object[usize::from(*at)] = true;
        }
        let leads = leads(schema, &has_object, &values);
        Self { objects, values, has_object, leads }
    }

    /// Whether any claim is about an object or something below it.
    pub(in crate::apple) fn is_about(&self, rows: Rows) -> bool {
        let is_any = |marks: &[bool], rows: Rows| marks.get(rows.range()).is_some_and(|marks| marks.contains(&true));
        is_any(&self.has_object, Rows { len: rows.len.min(1), ..rows }) || is_any(&self.leads, rows)
    }

    pub(in crate::apple) fn leads(&self, id: KeyId) -> bool {
        self.leads.get(usize::from(id.0)).is_some_and(|leads| *leads)
    }

    pub(in crate::apple) fn of_object(&self, rows: Rows) -> &[Entry] {
        if rows.is_empty() { &[] } else { at(&self.objects, rows.start) }
    }

    pub(in crate::apple) fn of_value(&self, id: KeyId) -> &[Entry] {
        at(&self.values, id.0)
    }
}

/// Whether a claim is about the value of each key or something below it. Keys below others come later, except where a
/// key contains itself.
fn leads(schema: &Schema, has_object: &[bool], values: &[Entry]) -> Vec<bool> {
    let mut leads = vec![false; schema.keys.len()];
    for (at, _) in values {
        leads[usize::from(*at)] = true;
    }
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for (at, key) in schema.keys.iter().enumerate().rev() {
            let is_leading = match key.value {
                ValueType::Object(rows) if rows.is_empty() => false,
                ValueType::Object(rows) => has_object[usize::from(rows.start)] || leads[rows.range()].contains(&true),
                ValueType::Array { item: id, .. } | ValueType::Map(id) => leads[usize::from(id.0)],
                _ => false,
            };
            has_changed |= is_leading && !leads[at];
            leads[at] |= is_leading;
        }
    }
    leads
}

fn at(claims: &[Entry], position: u16) -> &[Entry] {
    let start = claims.partition_point(|(at, _)| *at < position);
    let length = claims[start..].partition_point(|(at, _)| *at == position);
    &claims[start..start + length]
}

/// Whether a schema has the keys that a claim needs: all of them, or one of several alternatives.
fn applies(schema: &Schema, rows: Rows, claim: &Claim) -> bool {
    let has = |key: &&str| schema.at_path(rows, key.split('.')).is_some();
    let keys = claim.keys();
    match claim {
        Claim::One(_) | Claim::Any(_) => keys.iter().any(has),
        _ => keys.iter().all(has),
    }
}
