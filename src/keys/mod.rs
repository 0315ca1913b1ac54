//! What Apple says about every key: one row per key, in Apple's order.
//!
//! Reading, checking, combining and explaining are folds over these rows. A new key is one row here and one field in the model.
//! Facts of a *type* (the values of a choice and their order, a range, a form) stand in that type.

pub(crate) mod activation;
mod combine;
pub(crate) mod enforcement;
pub(crate) mod envelope;
mod items;
mod key;
pub(crate) mod legacy;
pub(crate) mod program;
mod rows;
pub(crate) mod settings;
mod shape;
mod support;
#[cfg(test)]
mod tests;
mod value;

pub(crate) use combine::{Combine, Tally};
pub use combine::{Decision, Part};
pub(crate) use key::{AnyKey, Facts, Key, Presence, field};
pub(crate) use rows::{Group, Keys, Others, Rows, Step, Table as KeyTable, keys, required, steps};
pub(crate) use shape::Shape;
pub(crate) use support::{COLUMNS, Enrolments, NEVER, Since, Support, Verdict};
pub(crate) use value::{Place, Value};

use crate::model::{DeclarationType, LegacyType};

/// A group of rows, and where in a declaration its keys stand.
pub(crate) struct Table {
    /// The documents that have these keys.
    pub(crate) owner: Owner,
    /// The way from the top of a document to the object that the paths of the rows begin in. `*` stands for an array's items.
    pub(crate) top: &'static [&'static str],
    /// Where Apple describes it: the name of the schema, and the page for people.
    pub(crate) source: Source,
    /// Where the object as a whole exists.
    pub(crate) support: &'static Support,
    /// The rows, without the types of their documents.
    pub(crate) keys: fn() -> &'static Keys,
}

/// The documents that have the keys of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Every declaration, around its payload.
    Declarations,
    /// The declarations of a type.
    Declaration(DeclarationType),
    /// A legacy document, or a part of one.
    Legacy(LegacyType),
}

/// The release of Apple's schema that the tables follow.
pub(crate) const SCHEMA: &str = "27.0";

/// Where Apple describes some keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    /// The release of Apple's schema.
    pub(crate) release: &'static str,
    /// The file of that schema; of a declaration from its `declarative/declarations` on.
    pub(crate) schema: &'static str,
    /// The page for people.
    pub(crate) page: &'static str,
}

const BASE: Source = Source {
    release: SCHEMA,
    schema: "declarationbase",
    page: "https://developer.apple.com/documentation/devicemanagement/declarationbase",
};

const SETTINGS: Source = Source {
    release: SCHEMA,
    schema: "configurations/softwareupdate.settings",
    page: "https://developer.apple.com/documentation/devicemanagement/softwareupdatesettings",
};

const ENFORCEMENT: Source = Source {
    release: SCHEMA,
    schema: "configurations/softwareupdate.enforcement.specific",
    page: "https://developer.apple.com/documentation/devicemanagement/softwareupdateenforcementspecific",
};

const ACTIVATION: Source = Source {
    release: SCHEMA,
    schema: "activations/simple",
    page: "https://developer.apple.com/documentation/devicemanagement/activationsimple",
};

/// Every table there is: those of declarations, then those of the documents that they replace.
pub(crate) fn tables() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().chain(legacy::TABLES)
}

/// The tables of declarations.
static TABLES: &[Table] = &[
    Table { owner: Owner::Declarations, top: &[], source: BASE, support: &envelope::EVERYWHERE, keys: || &envelope::KEYS.keys },
    Table {
        owner: Owner::Declaration(DeclarationType::Settings),
        top: &["Payload"],
        source: SETTINGS,
        support: &settings::DECLARATION,
        keys: || &settings::KEYS.keys,
    },
    Table {
        owner: Owner::Declaration(DeclarationType::Settings),
        top: &["Payload", "Beta", "OfferPrograms", "*"],
        source: SETTINGS,
        support: &program::WITH_BETA,
        keys: || &program::KEYS.keys,
    },
    Table {
        owner: Owner::Declaration(DeclarationType::Settings),
        top: &["Payload", "Beta", "RequireProgram"],
        source: SETTINGS,
        support: &program::WITH_BETA,
        keys: || &program::KEYS.keys,
    },
    Table {
        owner: Owner::Declaration(DeclarationType::Enforcement),
        top: &["Payload"],
        source: ENFORCEMENT,
        support: &enforcement::DECLARATION,
        keys: || &enforcement::KEYS.keys,
    },
    Table {
        owner: Owner::Declaration(DeclarationType::Activation),
        top: &["Payload"],
        source: ACTIVATION,
        support: &activation::DECLARATION,
        keys: || &activation::KEYS.keys,
    },
];

impl Owner {
    /// The name that Apple gives it: the type of a declaration, of a payload or of a command.
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Declarations => "every declaration",
            Self::Declaration(kind) => kind.as_str(),
            Self::Legacy(document) => document.as_str(),
        }
    }

    /// The name without what all of its kind share: `softwareupdate.settings`.
    pub(crate) fn short(&self) -> &str {
        match self {
            Self::Declaration(kind) => kind.short(),
            _ => self.as_str(),
        }
    }

    /// What sentences call one: `a declaration of type …`.
    pub(crate) fn one(&self) -> String {
        match self {
            Self::Declarations => "a declaration".to_owned(),
            Self::Declaration(kind) => format!("a declaration of type {kind}"),
            Self::Legacy(LegacyType::Command) => "the dictionary around the command".to_owned(),
            Self::Legacy(LegacyType::Response) => "an answer".to_owned(),
            Self::Legacy(LegacyType::Profile) => "the profile itself".to_owned(),
            Self::Legacy(document) if document.is_profile() => format!("a payload of type {}", document.as_str()),
            Self::Legacy(document) => format!("the command {}", document.as_str()),
        }
    }

    /// Whether the keys of another owner may be meant in a document of this one: both are declarations, or commands, or answers, or
    /// profiles.
    pub(crate) fn is_akin(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Legacy(one), Self::Legacy(other)) => {
                one.is_command() == other.is_command() && one.is_profile() == other.is_profile()
            }
            (Self::Legacy(_), _) | (_, Self::Legacy(_)) => false,
            _ => true,
        }
    }

    /// Whether it is what is around others, so that its keys stand in their documents too.
    pub(crate) fn is_frame(&self) -> bool {
        matches!(self, Self::Declarations | Self::Legacy(LegacyType::Command | LegacyType::Profile | LegacyType::Response))
    }
}

impl Table {
    /// The table of the payload of a declaration, or of the head of a legacy document, if it is known.
    pub(crate) fn of(owner: &Owner) -> Option<&'static Self> {
        tables().find(|table| table.owner == *owner)
    }

    /// The declaration type whose payload it describes.
    pub(crate) fn declaration(&self) -> Option<&DeclarationType> {
        match &self.owner {
            Owner::Declaration(kind) if self.top == ["Payload"] => Some(kind),
            _ => None,
        }
    }

    /// Whether it describes a document of its own, and no part of one.
    pub(crate) fn is_head(&self) -> bool {
        self.owner != Owner::Declarations && Self::of(&self.owner).is_some_and(|head| std::ptr::eq(head, self))
    }
}
