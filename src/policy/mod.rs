//! Policies: an organisation's own rules for its declarations, written in JSON Schema.
//!
//! A policy is read once and checked as strictly as a configuration. It then reports findings with places, like any
//! rule, under the id `policy/NAME`. This module does not read files. Schemas are untrusted: references stay inside
//! the schema and are not circular, the size with all references expanded is bounded, and patterns run in linear
//! time.

mod examine;
mod judge;
mod keywords;
mod names;
mod read;

use std::sync::Arc;

use jsonschema::Validator;
use serde_json::{Map, Value as Json};

use crate::diagnostic::{Rule, RuleRef, Severity};
use crate::syntax::{Kind, Node};

pub(crate) use judge::{judge, judge_combinations};
pub(crate) use keywords::schema as schema_of_schemas;
pub(crate) use read::read;

/// The prefix of the ids of policies.
const PREFIX: &str = "policy/";

/// What a policy is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// Each declaration.
    Declaration,
    /// The merged settings of each set.
    Merged,
}

/// A rule of an organisation.
#[derive(Debug)]
pub(crate) struct Policy {
    /// The rule of its findings.
    pub(crate) rule: RuleRef,
    /// The declaration types that it applies to; empty for all.
    kinds: Vec<String>,
    pub(crate) on: On,
    validator: Validator,
    /// The name of the file that it was read from.
    file: Arc<str>,
}

/// The policies that apply to some files.
pub(crate) type Policies = Vec<Arc<Policy>>;

impl Policy {
    /// Whether the policy applies to declarations of a type.
    fn applies_to(&self, kind: Option<&str>) -> bool {
        self.kinds.is_empty() || kind.is_some_and(|kind| self.kinds.iter().any(|other| other == kind))
    }

    /// The name of the file that it was read from.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// The id without `policy/`.
    pub(crate) fn name(&self) -> &str {
        self.rule.id.strip_prefix(PREFIX).unwrap_or(&self.rule.id)
    }
}

/// Makes the rule of a policy.
fn rule(name: &str, severity: Severity, message: String, file: &str) -> RuleRef {
    RuleRef::from(Rule {
        id: format!("{PREFIX}{name}").into(),
        severity,
        also: &[],
        is_optional: false,
        summary: message.into(),
        explanation: format!("A policy of your organisation, from {file}.").into(),
        examples: &[],
    })
}

/// Whether an id is a valid policy id. Configurations and flags may name policies that are not read yet.
pub(crate) fn is_id(id: &str) -> bool {
    id.strip_prefix(PREFIX).is_some_and(is_name)
}

/// Whether a name is a valid policy name.
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    name.len() <= LONGEST_NAME && name.split('-').all(is_word)
}

/// The pattern of policy ids, for JSON schemas.
pub(crate) const ID_PATTERN: &str = "^policy/[a-z0-9]+(-[a-z0-9]+)*$";

/// The maximum length of a policy name in bytes.
const LONGEST_NAME: usize = 60;

/// Converts a value for the validator. The last of duplicate keys counts. Clamps numbers to the range of `f64`.
fn to_json(node: Node<'_>) -> Json {
    match node.kind() {
        Kind::Null => Json::Null,
        Kind::Boolean => (node.as_bool() == Some(true)).into(),
        Kind::Number => serde_json::from_str(node.text()).unwrap_or_else(|_| {
            let is_negative = node.text().starts_with('-');
            (if is_negative { f64::MIN } else { f64::MAX }).into()
        }),
        // Policies see dates and data as their text.
        Kind::String | Kind::Date | Kind::Data => node.as_str().unwrap_or_default().into(),
        Kind::Array => node.elements().map(to_json).collect(),
        Kind::Object => {
            let members = node.members().map(|(key, value)| (key.as_str().unwrap_or_default().into_owned(), to_json(value)));
            members.collect::<Map<_, _>>().into()
        }
    }
}
