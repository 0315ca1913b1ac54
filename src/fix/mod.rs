//! Resolves proposed fixes to edits, and applies edits to texts.
//!
//! An edit changes only the bytes it covers; indentation, the order of keys, line endings and the final line feed stay.

mod apply;
mod guard;
mod resolve;

pub(crate) use apply::{Fixed, apply};
pub(crate) use resolve::resolve;
