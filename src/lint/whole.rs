//! The text of a whole file, whichever form its name says it has.

use std::path::Path;
use std::sync::Arc;

use super::{Gather, Linted, Spare, Text, lint_json, lint_lines};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Position};
use crate::syntax;
use crate::validate::Strictness;

impl<'t> Text<'t> {
    /// The text of a whole file.
    pub(crate) fn whole(
        file: &'t Arc<str>,
        bytes: &'t [u8],
        strictness: Strictness,
        gather: Gather,
        conditions: &'t Conditions,
    ) -> Self {
        Self { file, bytes, origin: Position::START, first_index: 0, strictness, gather, conditions }
    }
}

/// Lints the text of a whole file, and hands on the results of its parts in order.
pub(crate) fn lint(text: &Text<'_>, hashes: &Hashes, mut take: impl FnMut(Linted)) {
    let spare = &mut Spare::default();
    let last = if syntax::has_lines(Path::new(&**text.file)) {
        lint_lines(text, syntax::lines(text.bytes, true), hashes, spare, &mut take)
    } else {
        lint_json(text, hashes, spare, &mut take)
    };
    take(last);
}

/// Everything that is wrong with the text of a file by itself.
pub(crate) fn alone(file: &Arc<str>, strictness: Strictness, bytes: &[u8], conditions: &Conditions) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let text = Text::whole(file, bytes, strictness, Gather::Names, conditions);
    lint(&text, &Hashes::default(), |linted| all.extend(linted.findings));
    all
}

/// How many documents of a file found in a folder are declarations, or were meant to be.
pub(crate) fn documents(file: &Arc<str>, bytes: &[u8]) -> usize {
    let conditions = Conditions::default();
    let mut documents = 0;
    let text = Text::whole(file, bytes, Strictness::Found, Gather::Names, &conditions);
    lint(&text, &Hashes::default(), |linted| documents += linted.documents);
    documents
}
