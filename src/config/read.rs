//! From the text of a configuration file to what it says.

use std::path::PathBuf;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Config;
use super::form::{Given, Reader, section};
use crate::finding::Finding;
use crate::words::shown;

/// The most bytes that a configuration may have: far more than people write.
const MOST_BYTES: usize = 1 << 20;

/// Reads a configuration. `file` is its name for findings, `folder` the one that its globs begin in.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub(crate) fn read(file: &Arc<str>, folder: PathBuf, text: &[u8]) -> Result<Config, Vec<Finding>> {
    let mut reader = Reader::new(file.clone(), text);
    let start = 0..text.len().min(1);
    if text.len() > MOST_BYTES {
        let message = format!("the file has {} bytes, but a configuration may have {MOST_BYTES} at most", text.len());
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
    let (table, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let span = error.span().unwrap_or(start.clone());
        let message = format!("invalid TOML: {}", shown(error.message().lines().next().unwrap_or_default()));
        reader.fault("", span, message, "TOML has `key = value` lines, strings in quotes, and [tables]".to_owned());
    }
    let span = table.span();
    let root = Spanned::new(span, DeValue::Table(table.into_inner()));
    let top = section(&Given { value: &root, pointer: String::new() }, &mut reader).unwrap_or_default();
    if reader.findings.is_empty() {
        return Ok(Config { file: file.clone(), folder, top });
    }
    let mut findings = reader.findings;
    findings.sort_by_key(|finding| finding.place.start.offset);
    Err(findings)
}
