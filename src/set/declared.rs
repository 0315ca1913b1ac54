//! The parts of a declaration that are kept after its text is dropped.

use std::ops::Range;

use super::publish::Text;
use super::{Activated, AssetData, AssetReference, TypeName};
use crate::apple::{Channel, SCHEDULE_OS_UPDATE, Schema, Value};
use crate::catalog::Platforms;
use crate::diagnostic::Position;

/// A declaration that was read: enough to find others with the same identifier.
#[derive(Debug)]
pub(crate) struct Declared {
    /// The identifier as it is written, even if it is invalid.
    pub(crate) identifier: Option<Box<str>>,
    /// Whether the identifier is valid: not too long, and without placeholders.
    pub(crate) is_named: bool,
    /// Whether the identifier contains a placeholder of a template.
    pub(crate) is_template: bool,
    pub(crate) kind: Option<TypeName>,
    /// The platforms of the devices that may have it: those of the targets of its file on which its predicate may hold.
    pub(crate) platforms: Platforms,
    pub(crate) channel: Channel,
    /// The hash of the contents, independent of the order of keys; `None` unless contents are compared.
    pub(crate) content: Option<u64>,
    /// The byte range in the file.
    pub(crate) span: Range<usize>,
    pub(crate) index: usize,
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The contents, if they are gathered. Most runs need only the identifiers, of very many declarations.
    pub(crate) said: Option<Box<Said>>,
}

/// Why a device does not load a declaration, and so applies no activation that references it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Another error: whether it has this effect is not known.
    Other,
    UnknownType,
    MissingKey,
    WrongType,
}

/// The contents of a declaration that is combined with others.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) server_token: Option<Box<str>>,
    /// The hash of the text as it is written.
    pub(crate) written: u64,
    /// Whether it has syntax errors, so that a secret may stand in the place of any text.
    pub(crate) is_broken: bool,
    /// The payload; empty if its type is unknown.
    pub(crate) payload: Value,
    /// Whether every value of the payload could be read and no key is missing.
    pub(crate) is_complete: bool,
    /// Whether it names its channel itself.
    pub(crate) names_channel: bool,
    /// Why no device loads it.
    pub(crate) flaw: Option<Flaw>,
    /// The platforms of which no target knows its type.
    pub(crate) unknown_on: Platforms,
    /// The contents of an activation; `None` if they could not be read.
    pub(crate) activated: Option<Activated>,
    /// The assets that a configuration references; `None` if some references could not be read.
    pub(crate) assets: Option<Vec<AssetReference>>,
    /// What an asset says about its data, if it could be read.
    pub(crate) data: Option<AssetData>,
    /// The published form, if it is gathered.
    pub(crate) text: Option<Box<Text>>,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            server_token: None,
            written: 0,
            is_broken: false,
            payload: Value::EMPTY,
            is_complete: false,
            names_channel: false,
            flaw: None,
            unknown_on: Platforms::NONE,
            activated: None,
            assets: None,
            data: None,
            text: None,
        }
    }
}

impl Declared {
    /// Whether this is a `ScheduleOSUpdate` command rather than a declaration.
    pub(crate) fn is_command(&self, schema: &Schema) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.name(schema) == SCHEDULE_OS_UPDATE)
    }
}
