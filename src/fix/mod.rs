//! Resolves proposed fixes to edits, and applies edits to texts.
//!
//! An edit changes only the bytes it covers; indentation, the order of keys, line endings and the final line feed stay.

mod apply;
mod guard;
mod resolve;

use crate::diagnostic::{Diagnostic, Fix};
use guard::{Guard, State};

pub(crate) use apply::{Fixed, apply};
pub(crate) use resolve::resolve;

/// Whether a fix alone adds no error to a text. `lint` returns the findings of a text.
#[cfg(feature = "cli")]
pub(crate) fn adds_no_error(text: &[u8], fix: &Fix, lint: impl Fn(&[u8]) -> Vec<Diagnostic>) -> bool {
    let mut guard = Guard::new(lint);
    let findings = guard.lint(text);
    findings.is_some_and(|findings| guard.choose(&State { text: text.to_vec(), findings }, vec![fix]).is_some())
}
