//! What Apple says about every key: one row per key, in Apple's order.
//!
//! Reading, checking, combining and explaining are folds over these rows. A new key is one row here and one field in the model.
//! Facts of a *type* (the values of a choice and their order, a range, a form) stand in that type.

pub(crate) mod activation;
mod combine;
pub(crate) mod enforcement;
pub(crate) mod envelope;
mod key;
pub(crate) mod program;
pub(crate) mod settings;
mod shape;
mod support;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use combine::{Combine, Decision, Tally};
pub(crate) use key::{AnyKey, Key, Presence, Row, Rows, Table as KeyTable, field, keys};
pub(crate) use shape::Shape;
#[cfg(test)]
pub(crate) use support::Platform;
pub(crate) use support::{NEVER, Since, Support};
pub(crate) use value::{Place, Value};

use crate::model::DeclarationType;

/// A group of rows, and where in a declaration its keys stand.
pub(crate) struct Table {
    /// The declaration type that has these keys; `None` for keys that every declaration has.
    pub(crate) kind: Option<DeclarationType>,
    /// The way from the top of a declaration to the object that the paths of the rows begin in. `*` stands for an array's items.
    pub(crate) top: &'static [&'static str],
    /// The rows, without the types of their documents.
    pub(crate) keys: fn() -> Vec<&'static dyn AnyKey>,
}

/// Every table there is.
pub(crate) static TABLES: &[Table] = &[
    Table { kind: None, top: &[], keys: || untyped(envelope::KEYS) },
    Table { kind: Some(DeclarationType::Settings), top: &["Payload"], keys: || untyped(settings::KEYS) },
    Table {
        kind: Some(DeclarationType::Settings),
        top: &["Payload", "Beta", "OfferPrograms", "*"],
        keys: || untyped(program::KEYS),
    },
    Table { kind: Some(DeclarationType::Settings), top: &["Payload", "Beta", "RequireProgram"], keys: || untyped(program::KEYS) },
    Table { kind: Some(DeclarationType::Enforcement), top: &["Payload"], keys: || untyped(enforcement::KEYS) },
    Table { kind: Some(DeclarationType::Activation), top: &["Payload"], keys: || untyped(activation::KEYS) },
];

fn untyped<D: 'static>(rows: Rows<D>) -> Vec<&'static dyn AnyKey> {
    rows.rows.iter().map(|row| *row as &dyn AnyKey).collect()
}
