//! Recognises a document, reads it against Apple's schema, and reports every fault in its structure.
//!
//! Reading never stops at the first fault, and a value that could not be read is unknown, not absent. This layer must
//! not know clocks, targets or other declarations.

mod fleet;
mod legacy;
mod members;
mod object;
mod profile;
mod recognise;
pub(crate) mod rules;
mod suggest;
mod validator;
mod wrapped;

pub(crate) use fleet::{Fleet, FleetPath};
pub(crate) use legacy::{Legacy, Stranger, other};
pub(crate) use object::{Object, Part, Presence, Reading, Setting, is_group};
#[cfg(feature = "cli")]
pub(crate) use recognise::is_distinctive;
pub(crate) use recognise::{FAMILIES, Strictness, read, read_payload};
pub(crate) use validator::Validator;
pub(crate) use wrapped::wrapped;
