//! An organisation's own rules about its declarations, in the words of JSON Schema.
//!
//! A policy is read from a file once, examined as strictly as a configuration, and then finds what is wrong like any other rule: with
//! places, under the id `policy/NAME`. Nothing here reads files. A schema may be hostile: it refers to nothing outside of itself
//! and to nothing that leads back, its size with all references followed is bounded, and its patterns run in linear time.

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

/// What the ids of policies begin with.
const PREFIX: &str = "policy/";

/// The most bytes that a file of policies may have.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// What a policy is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    /// Each declaration.
    Declaration,
    /// What settings say together that are active together.
    Merged,
}

/// One rule of an organisation's own.
#[derive(Debug)]
pub(crate) struct Policy {
    /// The rule that its findings are of.
    pub(crate) rule: RuleRef,
    /// The types that it is about; none stands for all.
    kinds: Vec<String>,
    pub(crate) on: On,
    validator: Validator,
    /// The file that it was read from, as that was named.
    file: Arc<str>,
}

/// The policies that are in force for some files.
pub(crate) type Policies = Vec<Arc<Policy>>;

impl Policy {
    /// Whether it is about declarations of a type.
    fn is_about(&self, kind: Option<&str>) -> bool {
        self.kinds.is_empty() || kind.is_some_and(|kind| self.kinds.iter().any(|other| other == kind))
    }

    /// The file that it was read from.
    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// The name, without what all ids of policies begin with.
    pub(crate) fn name(&self) -> &str {
        self.rule.id.strip_prefix(PREFIX).unwrap_or(&self.rule.id)
    }
}

/// Makes the rule of a policy.
fn rule(name: &str, severity: Severity, message: String, file: &str) -> RuleRef {
    RuleRef::from(Rule {
        id: format!("{PREFIX}{name}").into(),
        severity,
        is_optional: false,
        summary: message.into(),
        explanation: format!("A policy of your own organisation, from {file}.").into(),
        examples: &[],
    })
}

/// Whether a policy may have this id, where policies are named before they are read: in a configuration, and by flags.
pub(crate) fn is_id(id: &str) -> bool {
    id.strip_prefix(PREFIX).is_some_and(is_name)
}

/// Whether a policy may be called so.
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    name.len() <= LONGEST_NAME && name.split('-').all(is_word)
}

/// The ids of policies.
pub(crate) const ID_PATTERN: &str = "^policy/[a-z0-9]+(-[a-z0-9]+)*$";

/// The longest name of a policy.
const LONGEST_NAME: usize = 60;

/// A value as the validator sees it. The last of repeated keys counts, and a number that no float can hold is as far out as one
/// can be.
fn to_json(node: Node<'_>) -> Json {
    match node.kind() {
        Kind::Null => Json::Null,
        Kind::Boolean => (node.as_bool() == Some(true)).into(),
        Kind::Number => serde_json::from_str(node.text()).unwrap_or_else(|_| {
            let is_negative = node.text().starts_with('-');
            (if is_negative { f64::MIN } else { f64::MAX }).into()
        }),
        // A policy of dates and data sees how they are written.
        Kind::String | Kind::Date | Kind::Data => node.as_str().unwrap_or_default().into(),
        Kind::Array => node.elements().map(to_json).collect(),
        Kind::Object => {
            let members = node.members().map(|(key, value)| (key.as_str().unwrap_or_default().into_owned(), to_json(value)));
            members.collect::<Map<_, _>>().into()
        }
    }
}
