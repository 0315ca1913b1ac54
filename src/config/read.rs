//! From the text of a configuration file to what it says.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Config;
use super::form::section;
use super::reader::{Given, Reader};
use crate::diagnostic::Diagnostic;
use crate::words::shown;

/// The most bytes that a configuration may have: far more than people write.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// Reads a configuration. `file` is its name for findings, `folder` the one that its globs begin in.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub(crate) fn read(file: &Arc<str>, folder: PathBuf, text: &[u8]) -> Result<Config, Vec<Diagnostic>> {
    let mut reader = Reader::new(file.clone(), text);
    let start = 0..text.len().min(1);
    if text.len() > MOST_BYTES {
        let message = format!("the file has more than {MOST_BYTES} bytes, too many for a configuration");
        reader.fault("", start, message, "is this the file that was meant?".to_owned());
        return Err(reader.findings);
    }
    let source = match std::str::from_utf8(text) {
        Ok(source) => source,
        Err(error) => {
            let at = error.valid_up_to();
            let help = "save the file as UTF-8".to_owned();
            reader.fault("", at..at + 1, "the file is not UTF-8".to_owned(), help);
            return Err(reader.findings);
        }
    };
    let (table, mut errors) = DeTable::parse_recoverable(source);
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    let mut broken: Vec<Range<usize>> = Vec::new();
    for error in &errors {
        let span = error.span().unwrap_or(start.clone());
        let words = error.message().lines().next().unwrap_or_default();
        // A value that is none leaves the rest readable; after a bracket that is missing all is guesswork.
        let is_local = words.contains("quoted") || words.starts_with("invalid ");
        reader.fault("", span.clone(), format!("invalid TOML: {}", shown(words)), help(words));
        broken.push(if is_local { span } else { span.start..text.len() + 1 });
        if !is_local {
            break;
        }
    }
    let syntax = reader.findings.len();
    let span = table.span();
    let root = Spanned::new(span, DeValue::Table(table.into_inner()));
    let top = section(&Given { value: &root, pointer: String::new() }, &mut reader).unwrap_or_default();
    if reader.findings.is_empty() {
        return Ok(Config::new(file.clone(), folder, top));
    }
    let mut findings = reader.findings;
    // What could not be read was filled in by the parser, and means nothing.
    let meaning = findings.split_off(syntax);
    let is_read = |finding: &Diagnostic| !broken.iter().any(|span| span.contains(&finding.place.start.offset));
    findings.extend(meaning.into_iter().filter(is_read));
    findings.sort_by_key(|finding| finding.place.start.offset);
    Err(findings)
}

/// What to do about an error of the parser.
fn help(words: &str) -> String {
    let help = if words.contains("quoted") {
        "put the text in quotes"
    } else if words.contains("array") {
        "an array is [\"one\", \"two\"]: is its bracket or a comma missing?"
    } else if words.contains("escape") {
        "between single quotes a backslash stands for itself: '\\d+'"
    } else if words.contains("date") || words.contains("month") || words.contains("day") {
        "write a date that exists, like 2026-12-31"
    } else if words.contains("duplicate") {
        "keep one of the two"
    } else {
        "TOML has key = value lines, strings in quotes, and [tables]"
    };
    help.to_owned()
}
