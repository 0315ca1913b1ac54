//! Reads a document against the tables: out comes what it says, as far as that can be told, and everything wrong with it.
//!
//! Reading finds problems and has no words for them: that is the part of the rules. It must not know a clock, a target or a severity.

mod declaration;
mod dialect;
mod legacy;
mod members;
mod object;
mod problem;
mod suggest;
mod unknown;

pub(crate) use declaration::{Payload, Reading, read};
pub(crate) use dialect::Dialect;
pub(crate) use legacy::{Legacy, Part};
pub(crate) use object::{Object, read_object};
pub(crate) use problem::{MissingKey, Problem, ProblemKind, Problems};
pub(crate) use suggest::Suggestion;

pub(crate) use crate::validate::Strictness;
