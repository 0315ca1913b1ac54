//! Lints the text of a whole file, in the format that its name implies.

use std::path::Path;
use std::sync::Arc;

use super::{Buffers, Gather, Linted, Text, lint_lines, lint_whole};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Position};
use crate::syntax;
use crate::validate::Strictness;

impl<'t> Text<'t> {
    /// The text of a whole file, which may be UTF-16 or UTF-32.
    pub(crate) fn whole(
        file: &'t Arc<str>,
        bytes: &'t [u8],
        strictness: Strictness,
        gather: Gather,
        conditions: &'t Conditions,
    ) -> Self {
        let (bytes, encoding) = syntax::decoded(bytes);
        Self { file, bytes, encoding, origin: Position::START, first_index: 0, strictness, gather, conditions }
    }
}

/// Lints the text of a whole file, and passes the results of its parts to `take` in order.
pub(crate) fn lint(text: &Text<'_>, hashes: &Hashes, mut take: impl FnMut(Linted)) {
    let buffers = &mut Buffers::default();
    let last = if syntax::has_lines(Path::new(&**text.file)) {
        lint_lines(text, syntax::lines(&text.bytes, true), hashes, buffers, &mut take)
    } else {
        lint_whole(text, hashes, buffers, &mut take)
    };
    take(last);
}

/// Lints the text of a file on its own and returns all findings.
pub(crate) fn alone(file: &Arc<str>, strictness: Strictness, bytes: &[u8], conditions: &Conditions) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let text = Text::whole(file, bytes, strictness, Gather::Names, conditions);
    lint(&text, &Hashes::default(), |linted| all.extend(linted.findings));
    all
}

/// Counts the documents of a file found in a folder that are, or were meant to be, declarations.
pub(crate) fn documents(file: &Arc<str>, bytes: &[u8]) -> usize {
    let conditions = Conditions::default();
    let mut documents = 0;
    let text = Text::whole(file, bytes, Strictness::Found, Gather::Names, &conditions);
    lint(&text, &Hashes::default(), |linted| documents += linted.documents);
    documents
}
