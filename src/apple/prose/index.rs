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
        let mut claims = Self { objects, values, leads: vec![false; schema.keys.len()] };
        claims.lead(schema);
        claims
    }

    /// Marks the keys with claims at or below them. Keys below others come later, except where a key contains itself.
    fn lead(&mut self, schema: &Schema) {
        let mut has_changed = true;
        while has_changed {
            has_changed = false;
            for (at, key) in (0..u16::MAX).zip(&*schema.keys).rev() {
                let leads = !self.of_value(KeyId(at)).is_empty()
                    || match key.value {
                        ValueType::Object(rows) => self.is_about(rows),
                        ValueType::Array { item: id, .. } | ValueType::Map(id) => self.leads(id),
                        _ => false,
                    };
                has_changed |= leads && !self.leads[usize::from(at)];
                self.leads[usize::from(at)] |= leads;
            }
        }
    }

    /// Whether any claim is about an object or something below it.
    pub(in crate::apple) fn is_about(&self, rows: Rows) -> bool {
        !self.of_object(rows).is_empty() || self.leads.get(rows.range()).is_some_and(|leads| leads.contains(&true))
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
