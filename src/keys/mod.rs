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

pub(crate) use combine::{Combine, Tally};
pub use combine::{Decision, Part};
pub(crate) use key::{AnyKey, Key, Presence, Row, Rows, Table as KeyTable, field, keys};
pub(crate) use shape::Shape;
pub(crate) use support::{COLUMNS, Enrolments, NEVER, Since, Support, Verdict};
pub(crate) use value::{Place, Value};

use crate::model::DeclarationType;

/// A group of rows, and where in a declaration its keys stand.
pub(crate) struct Table {
    /// The declaration type that has these keys; `None` for keys that every declaration has.
    pub(crate) kind: Option<DeclarationType>,
    /// The way from the top of a declaration to the object that the paths of the rows begin in. `*` stands for an array's items.
    pub(crate) top: &'static [&'static str],
    /// Where Apple describes it: the name of the schema, and the page for people.
    pub(crate) source: Source,
    /// Where the object as a whole exists.
    pub(crate) support: &'static Support,
    /// The rows, without the types of their documents.
    pub(crate) keys: fn() -> Vec<&'static dyn AnyKey>,
}

/// The release of Apple's schema that the tables follow.
pub(crate) const SCHEMA: &str = "27.0";

/// Where Apple describes some keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    /// The file of Apple's schema, from its `declarative/declarations` on.
    pub(crate) schema: &'static str,
    /// The page for people.
    pub(crate) page: &'static str,
}

const BASE: Source =
    Source { schema: "declarationbase", page: "https://developer.apple.com/documentation/devicemanagement/declarationbase" };

const SETTINGS: Source = Source {
    schema: "configurations/softwareupdate.settings",
    page: "https://developer.apple.com/documentation/devicemanagement/softwareupdatesettings",
};

const ENFORCEMENT: Source = Source {
    schema: "configurations/softwareupdate.enforcement.specific",
    page: "https://developer.apple.com/documentation/devicemanagement/softwareupdateenforcementspecific",
};

const ACTIVATION: Source =
    Source { schema: "activations/simple", page: "https://developer.apple.com/documentation/devicemanagement/activationsimple" };

/// Every table there is.
pub(crate) static TABLES: &[Table] = &[
    Table { kind: None, top: &[], source: BASE, support: &envelope::EVERYWHERE, keys: || untyped(envelope::KEYS) },
    Table {
        kind: Some(DeclarationType::Settings),
        top: &["Payload"],
        source: SETTINGS,
        support: &settings::DECLARATION,
        keys: || untyped(settings::KEYS),
    },
    Table {
        kind: Some(DeclarationType::Settings),
        top: &["Payload", "Beta", "OfferPrograms", "*"],
        source: SETTINGS,
        support: &program::WITH_BETA,
        keys: || untyped(program::KEYS),
    },
    Table {
        kind: Some(DeclarationType::Settings),
        top: &["Payload", "Beta", "RequireProgram"],
        source: SETTINGS,
        support: &program::WITH_BETA,
        keys: || untyped(program::KEYS),
    },
    Table {
        kind: Some(DeclarationType::Enforcement),
        top: &["Payload"],
        source: ENFORCEMENT,
        support: &enforcement::DECLARATION,
        keys: || untyped(enforcement::KEYS),
    },
    Table {
        kind: Some(DeclarationType::Activation),
        top: &["Payload"],
        source: ACTIVATION,
        support: &activation::DECLARATION,
        keys: || untyped(activation::KEYS),
    },
];

impl Table {
    /// The table of the payload of a type, if it is known.
    pub(crate) fn of(kind: &DeclarationType) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.kind.as_ref() == Some(kind) && table.top == ["Payload"])
    }
}

fn untyped<D: 'static>(rows: Rows<D>) -> Vec<&'static dyn AnyKey> {
    rows.rows.iter().map(|row| *row as &dyn AnyKey).collect()
}
