//! Lints the text of a file.
//!
//! This module connects the layers: it splits and parses the text, validates it against the schema, applies the rules,
//! and converts places to lines and columns. It does no input or output and has no configuration.

mod enclosed;
mod flaws;
mod foreign;
mod judged;
mod linter;
mod listed;
mod references;
mod resemblance;
mod several;
mod traps;
#[cfg(test)]
mod typing_tests;
mod whole;

use std::borrow::Cow;
use std::path::Path as FilePath;
use std::sync::Arc;

use linter::Linter;
use resemblance::names_family;
pub(crate) use whole::{alone, documents, lint};

use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Position};
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::set::{Declared, Listed};
use crate::syntax::{self, Encoding, Grammar, Layout, Line, Pieces, yaml};
use crate::validate::{Fleet, Strictness};

/// The text to lint, and how to lint it.
pub(crate) struct Text<'t> {
    /// The file, as findings name it.
    pub(crate) file: &'t Arc<str>,
    /// In UTF-8, if the encoding could be told.
    pub(crate) bytes: Cow<'t, [u8]>,
    /// The encoding of the file, if it is not UTF-8.
    pub(crate) encoding: Option<Encoding>,
    /// The position of the text in its file.
    pub(crate) origin: Position,
    /// The number of documents of the file before the text.
    pub(crate) first_index: usize,
    pub(crate) strictness: Strictness,
    pub(crate) gather: Gather,
    pub(crate) conditions: &'t Conditions,
}

/// What to keep of a declaration for rules on sets and for merging. Each level includes the previous ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gather {
    /// Its identifier, type and place.
    Names,
    /// Its content hash, for texts that cannot be read again.
    Contents,
    /// Its body.
    Bodies,
    /// Its published text, unless devices combine its type or it is large: of the many settings of a set, few are
    /// published unchanged, and their files are read again.
    Texts,
    /// Its published text, for files that cannot be read again.
    AllTexts,
}

impl Gather {
    /// What to keep of the declarations of a text that cannot be read again.
    pub(crate) fn for_one_reading(self) -> Self {
        if self == Self::Texts { Self::AllTexts } else { self.max(Self::Contents) }
    }
}

pub(crate) use crate::syntax::Buffers;

/// The result of linting a text, or of a part of it.
#[derive(Debug, Default)]
pub(crate) struct Linted {
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) declarations: Vec<Declared>,
    /// The number of checked documents; 0 if the file contains nothing for this program.
    pub(crate) documents: usize,
    /// The places of declarations of unknown types, whose payload is not checked.
    pub(crate) unexamined: Vec<Position>,
    /// The number of legacy documents: commands and profiles.
    pub(crate) legacy: usize,
    /// The number of activations.
    pub(crate) activations: usize,
    /// The number of assets, and of configurations that reference some.
    pub(crate) assets: usize,
    /// The number of values with placeholders.
    pub(crate) placeholders: usize,
    /// The sets that it lists.
    pub(crate) listed: Vec<Listed>,
    /// Whether a skipped document looks like a declaration with a wrong type. It is a finding, but is not checked.
    pub(crate) is_near: bool,
}

impl Linted {
    /// Adds the results of another text of the same file.
    fn append(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.declarations.extend(other.declarations);
        self.documents += other.documents;
        self.unexamined.extend(other.unexamined);
        self.legacy += other.legacy;
        self.activations += other.activations;
        self.assets += other.assets;
        self.placeholders += other.placeholders;
        self.is_near |= other.is_near;
    }
}

/// Results are passed on in batches of this size while a file is read.
const BATCH: usize = 512;

/// Lints a file that does not hold one declaration per line: one, an array of them, or YAML. Full batches of results go
/// to `early`; the rest is returned.
pub(crate) fn lint_whole(text: &Text<'_>, hashes: &Hashes, buffers: &mut Buffers, mut early: impl FnMut(Linted)) -> Linted {
    if syntax::lists_set(FilePath::new(&**text.file)) {
        return listed::set(text);
    }
    let mut linter = Linter::new(text, hashes);
    linter.mark();
    let is_empty = text.bytes.iter().all(u8::is_ascii_whitespace);
    if let Some(kind) = if is_empty { Some("") } else { foreign::of_name(text.file) } {
        linter.foreign_file(kind);
        return linter.finish();
    }
    if linter.grammar == Grammar::Yaml {
        let bytes = &*text.bytes;
        let is_ours = text.strictness == Strictness::Named || names_family(bytes) || Fleet::may_be_in(bytes);
        // A file with one document is a declaration or not; several are like an array.
        let is_one = || yaml::Documents::new(bytes).nth(1).is_none();
        if bytes.len() > MAX_DOCUMENT_BYTES {
            linter.document(0..bytes.len(), text.strictness, buffers);
        } else if is_ours && is_one() {
            yaml::Documents::new(bytes).for_each(|span| linter.document(span, text.strictness, buffers));
        } else if is_ours {
            linter.all(|| yaml::Documents::new(bytes), buffers, &mut early);
        } else {
            linter.skip(0..bytes.len());
        }
        return linter.finish();
    }
    match syntax::layout(&text.bytes) {
        Layout::One(span) => linter.document(span, text.strictness, buffers),
        Layout::Array(opening) => {
            linter.grammar = Grammar::Json;
            if let Some(pieces) = linter.all(|| Pieces::new(&text.bytes, opening), buffers, &mut early) {
                linter.between(pieces.faults());
            }
        }
    }
    linter.finish()
}

/// Lints lines with one declaration each. `early` takes results as in [`lint_whole`].
pub(crate) fn lint_lines(
    text: &Text<'_>,
    lines: impl Iterator<Item = Line>,
    hashes: &Hashes,
    buffers: &mut Buffers,
    mut early: impl FnMut(Linted),
) -> Linted {
    let mut linter = Linter::new(text, hashes);
    linter.grammar = Grammar::Json;
    linter.locator.end_lines_at_feeds();
    linter.mark();
    for (number, line) in lines {
        // The first line may begin with a byte-order mark.
        if number > 0 {
            linter.locator.tell_line(number, &line);
        }
        linter.document(line, text.strictness, buffers);
        if linter.is_batch_full() {
            early(std::mem::take(&mut linter.out));
        }
    }
    linter.finish()
}
