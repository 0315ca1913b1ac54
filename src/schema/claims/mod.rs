//! What Apple says in prose about the keys of an object, in JSON Schema.
//!
//! Only claims whose breach is an error appear: those of the rules `missing-alternative` and `conflicting-keys`.

#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use super::across::rejected;
use super::document::TEMPLATE;
use crate::apple::{Claim, Condition, Rows, Scalar, Schema, ValueType};
use crate::rules::{conflicting_keys, missing_alternative};

/// Returns what Apple says in prose about the keys of an object, as far as breaking it is an error without targets.
pub(super) fn of(apple: &Schema, rows: Rows) -> Vec<Json> {
    let object = Described { apple, rows };
    apple.claims_of_object(rows).flat_map(|claim| object.claim(claim)).collect()
}

/// An object, and the keys that describe it.
#[derive(Clone, Copy)]
struct Described<'s> {
    apple: &'s Schema,
    rows: Rows,
}

impl Described<'_> {
    fn claim(self, claim: &Claim) -> Vec<Json> {
        let missing = |mut schema: Json| {
            schema["$comment"] = (*missing_alternative::RULE.id).into();
            schema
        };
        let required = |keys: &[&str]| -> Vec<Json> {
            keys.iter().filter(|key| self.has(key)).map(|key| json!({ "required": [key] })).collect()
        };
        match *claim {
            Claim::One(keys) => {
                let mut all = vec![missing(json!({ "anyOf": required(keys) }))];
                let known: Vec<&str> = keys.iter().copied().filter(|key| self.has(key)).collect();
                for (at, key) in known.iter().enumerate().skip(1) {
                    let earlier = required(&known[..at]);
                    let others = json!({ "properties": { *key: rejected(&conflicting_keys::RULE) } });
                    all.push(json!({ "if": { "anyOf": earlier }, "then": others }));
                }
                all
            }
            Claim::Any(keys) => vec![missing(json!({ "anyOf": required(keys) }))],
            Claim::AnyTrue(keys) => {
                let all: Vec<Json> = keys.iter().map(|key| self.condition(&Condition::False(key)).unwrap_or_default()).collect();
                vec![missing(json!({ "not": { "allOf": all } }))]
            }
            Claim::Both(one, other) => [(one, other), (other, one)]
                .into_iter()
                .filter_map(|(key, other)| self.if_then(&Condition::Present(key), &required_at(other)))
                .map(missing)
                .collect(),
            Claim::Required(key, ref condition) => self.if_then(condition, &required_at(key)).map(missing).into_iter().collect(),
            Claim::Refused(key, ref condition) => {
                let mut empty = rejected(&conflicting_keys::RULE);
                empty["not"] = json!({ "minLength": 1 });
                self.if_then(condition, &at(key, &empty, false)).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn if_then(self, condition: &Condition, then: &Json) -> Option<Json> {
        Some(json!({ "if": self.condition(condition)?, "then": then }))
    }

    /// The schema of objects for which a condition certainly holds; `None` if it depends on targets.
    fn condition(self, condition: &Condition) -> Option<Json> {
        let placeholder = json!({ "$ref": format!("#/$defs/{TEMPLATE}") });
        let boolean = |path: &str, value: bool| {
            let key = self.apple.at_path(self.rows, path.split('.')).map(|id| self.apple.key(id));
            let default = key.and_then(|key| key.default.as_ref()) == Some(&Scalar::Boolean(true));
            at(path, &json!({ "const": value }), value != default)
        };
        let all = |conditions: &[Condition]| conditions.iter().map(|condition| self.condition(condition)).collect();
        Some(match *condition {
            Condition::Present(path) => {
                at(path, &if self.is_free(path) { json!({}) } else { json!({ "not": placeholder }) }, true)
            }
            Condition::Is(path, values) => at(path, &json!({ "enum": values }), true),
            Condition::IsNot(path, value) => at(path, &json!({ "not": { "anyOf": [{ "const": value }, placeholder] } }), true),
            Condition::True(path) => boolean(path, true),
            Condition::False(path) => boolean(path, false),
            Condition::Lists(path, value) => at(path, &json!({ "contains": { "const": value } }), true),
            Condition::Either(conditions) => {
                let conditions: Option<Vec<Json>> = all(conditions);
                json!({ "anyOf": conditions? })
            }
            Condition::All(conditions) => {
                let conditions: Option<Vec<Json>> = all(conditions);
                json!({ "allOf": conditions? })
            }
            Condition::Enrolled(_)
            | Condition::NotOnly(_)
            | Condition::NotNamed(_)
            | Condition::Absent(_)
            | Condition::NotNumber(..)
            | Condition::Filled(_) => return None,
        })
    }

    fn has(self, path: &str) -> bool {
        self.apple.at_path(self.rows, path.split('.')).is_some()
    }

    /// Whether a placeholder is a right value of a key.
    fn is_free(self, path: &str) -> bool {
        let id = self.apple.at_path(self.rows, path.split('.'));
        id.is_some_and(|id| self.apple.key(id).value == ValueType::String && self.apple.note(id).format.is_none())
    }
}

/// An object with a value at a path, which must exist if `is_required`.
fn at(path: &str, value: &Json, is_required: bool) -> Json {
    path.rsplit('.').fold(value.clone(), |inner, step| {
        let mut schema = json!({ "properties": { step: inner } });
        if is_required {
            schema["required"] = json!([step]);
        }
        schema
    })
}

/// An object with a key at a path.
fn required_at(path: &str) -> Json {
    match path.rsplit_once('.') {
        Some((group, key)) => at(group, &json!({ "required": [key] }), true),
        None => json!({ "required": [path] }),
    }
}
