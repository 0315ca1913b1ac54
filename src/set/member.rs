//! A declaration among others.

use std::ops::Range;
use std::sync::Arc;

use super::publish::Text;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::apple::{BuildVersion, Enforcement, OsVersion};
use crate::apple::{Family, Schema, TypeId, Value};
use crate::diagnostic::Position;

/// A declaration of the run, or a command that schedules updates.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) file: Arc<str>,
    pub(crate) index: usize,
    pub(crate) identifier: Option<Box<str>>,
    /// Whether a template makes the identifier.
    pub(crate) is_template: bool,
    /// `None` if its type could not be read.
    pub(crate) kind: Option<TypeName>,
    /// Where the identifier stands.
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The bytes of the file that it takes.
    pub(crate) span: Range<usize>,
    pub(crate) server_token: Option<Box<str>>,
    pub(crate) content: u64,
    /// Whether every value of its payload could be read and no key is missing. What a template fills in later is not known.
    pub(crate) is_complete: bool,
    /// The sets that the user names, by their numbers, in which it is active.
    pub(crate) sets: Vec<usize>,
    /// The declaration in its published form, where that is wanted.
    pub(crate) text: Option<Box<Text>>,
}

/// The type of a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TypeName {
    /// A type of the schema.
    Known(TypeId),
    /// Another type of Apple's.
    Other(Box<str>),
}

impl TypeName {
    /// The type of this name.
    pub(crate) fn of(name: &str, schema: &Schema) -> Self {
        schema.find(name).map_or_else(|| Self::Other(name.into()), Self::Known)
    }

    pub(crate) fn name<'n>(&'n self, schema: &'n Schema) -> &'n str {
        match self {
            Self::Known(id) => &schema.kind(*id).name,
            Self::Other(name) => name,
        }
    }

    pub(crate) fn id(&self) -> Option<TypeId> {
        if let Self::Known(id) = self { Some(*id) } else { None }
    }
}

impl Member {
    /// The name that people call it by.
    pub(crate) fn name(&self) -> &str {
        self.identifier.as_deref().unwrap_or("a declaration without an identifier")
    }

    /// The number of its type, if the schema has it.
    pub(crate) fn type_id(&self) -> Option<TypeId> {
        self.kind.as_ref()?.id()
    }

    /// Whether it is of this type.
    pub(crate) fn is(&self, name: &str, schema: &Schema) -> bool {
        self.type_id().is_some_and(|id| schema.kind(id).name == name)
    }

    /// Whether an activation could reference it.
    pub(crate) fn is_configuration(&self, schema: &Schema) -> bool {
        let prefix = Family::Configuration.prefix().unwrap_or_default();
        self.kind.as_ref().is_some_and(|kind| kind.name(schema).starts_with(prefix))
    }
}

/// What an activation activates.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Activated {
    pub(crate) references: Vec<Reference>,
    /// The condition, which only a device can evaluate.
    pub(crate) predicate: Option<String>,
}

/// A configuration that an activation references.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) name: String,
    /// Whether a template makes the name, so that it is not known yet.
    pub(crate) is_template: bool,
}

/// What an enforcement asks for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) version: Option<OsVersion>,
    pub(crate) build: Option<BuildVersion>,
    /// The whole of it, if that could be read.
    pub(crate) enforcement: Option<Enforcement>,
}

impl Wanted {
    pub(super) fn of(payload: &Value, is_complete: bool) -> Self {
        let text = |path: &[&str]| payload.at(path)?.as_str();
        Self {
            version: text(TARGET_OS_VERSION).and_then(|text| text.parse().ok()),
            build: text(TARGET_BUILD_VERSION).and_then(|text| text.parse().ok()),
            enforcement: if is_complete { serde_json::from_value(payload.to_json()).ok() } else { None },
        }
    }
}
