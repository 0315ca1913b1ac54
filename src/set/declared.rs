//! What is kept of a declaration when its text is gone.

use std::ops::Range;

use super::publish::Text;
use super::{Activated, TypeName};
use crate::apple::{SCHEDULE_OS_UPDATE, Schema, Value};
use crate::diagnostic::Position;

/// A declaration that was seen: enough to find another of the same name.
#[derive(Debug)]
pub(crate) struct Declared {
    /// Its identifier as it is written, right or wrong.
    pub(crate) identifier: Option<Box<str>>,
    /// Whether that is an identifier: not too long, and not made by a template.
    pub(crate) is_named: bool,
    /// Whether a template makes the identifier.
    pub(crate) is_template: bool,
    pub(crate) kind: Option<TypeName>,
    /// The hash of the contents, independent of the order of keys; `None` unless contents are compared.
    pub(crate) content: Option<u64>,
    /// Where it stands in its file, in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) index: usize,
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// What it says, if that is gathered: mostly there are very many declarations, and their names are enough.
    pub(crate) said: Option<Box<Said>>,
}

/// What is kept of a declaration that is combined with others.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) server_token: Option<Box<str>>,
    /// The payload, as far as its type is known.
    pub(crate) payload: Value,
    /// Whether every value of the payload could be read and no key is missing.
    pub(crate) is_complete: bool,
    /// What an activation activates; `None` if that could not be read.
    pub(crate) activated: Option<Activated>,
    /// The published form, if that is gathered.
    pub(crate) text: Option<Box<Text>>,
}

impl Default for Said {
    fn default() -> Self {
        Self { server_token: None, payload: Value::EMPTY, is_complete: false, activated: None, text: None }
    }
}

impl Declared {
    /// Whether it is not a declaration, but a command that schedules updates.
    pub(crate) fn is_command(&self, schema: &Schema) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.name(schema) == SCHEDULE_OS_UPDATE)
    }
}
