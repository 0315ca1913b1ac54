//! From the text of `ddmc.toml` to a tree, and from the tree to what the file says. Every fault is reported, with its place.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml_spanner::{Arena, ArrayStyle, ErrorKind, Item, TableStyle, Value};

use super::Config;
use super::form::{Form, section};
use crate::diagnostic::{Diagnostic, Place, Position};
use crate::rules::invalid_configuration;
use crate::syntax::Locator;
use crate::words::shown;

/// The size limit of a configuration, in bytes: far more than people write.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// Reads a configuration. `file` is its name in findings; its globs start in `folder`.
///
/// # Errors
/// Everything that is wrong with it, in the order of the text.
pub(crate) fn read(file: &Arc<str>, folder: PathBuf, text: &[u8]) -> Result<Config, Vec<Diagnostic>> {
    let mut reader = Reader::new(file.clone(), text);
    if text.len() > MOST_BYTES {
        let message = format!("the file has more than {MOST_BYTES} bytes, too many for a configuration");
        reader.fault("", 0..1, message, "is this the file that was meant?");
        return Err(reader.findings);
    }
    let source = match std::str::from_utf8(text) {
        Ok(source) => source,
        Err(error) => {
            let at = error.valid_up_to();
            reader.fault("", at..at + 1, "the file is not UTF-8".to_owned(), "save the file as UTF-8");
            return Err(reader.findings);
        }
    };
    let arena = Arena::new();
    let document = toml_spanner::parse_recoverable(source, &arena);
    let misplaced: Vec<Range<usize>> =
        document.errors().iter().filter_map(|error| below_broken_heading(text, error.span().range().start)).collect();
    let is_misplaced = |offset: usize| misplaced.iter().any(|range| range.contains(&offset));
    for error in document.errors() {
        let (kind, span) = (error.kind(), error.span().range());
        if !is_duplicate(&kind) || !is_misplaced(span.start) {
            let words = match kind {
                ErrorKind::InvalidDateTime(_) => "there is no such date or time".to_owned(),
                _ => error.message(source),
            };
            reader.fault("", span, format!("invalid TOML: {}", shown(&words)), help(&kind));
        }
    }
    reader.is_complete = document.errors().is_empty();
    let syntax = reader.findings.len();
    let top = section(&Given { item: document.table().as_item(), pointer: String::new() }, &mut reader).unwrap_or_default();
    let mut findings = reader.findings;
    if findings.is_empty() {
        return Ok(Config::new(file.clone(), folder, top));
    }
    let meaning = findings.split_off(syntax);
    findings.extend(meaning.into_iter().filter(|finding| !is_misplaced(finding.place.start.offset)));
    findings.sort_by_key(|finding| finding.place.start.offset);
    Err(findings)
}

/// The lines from a broken heading to the next one, if `offset` is in a heading: the parser adds their keys to the table above.
fn below_broken_heading(text: &[u8], offset: usize) -> Option<Range<usize>> {
    let is_heading = |line: usize| text[line..].iter().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'[');
    let start = memchr::memrchr(b'\n', &text[..offset]).map_or(0, |line_feed| line_feed + 1);
    let mut next = memchr::memchr_iter(b'\n', &text[offset..]).map(|line_feed| offset + line_feed + 1);
    is_heading(start).then(|| start..next.find(|line| is_heading(*line)).unwrap_or(text.len()))
}

fn is_duplicate(kind: &ErrorKind<'_>) -> bool {
    matches!(kind, ErrorKind::DuplicateKey { .. } | ErrorKind::DuplicateTable { .. } | ErrorKind::RedefineAsArray { .. })
}

/// What to do about a syntax error.
fn help(kind: &ErrorKind<'_>) -> &'static str {
    match kind {
        ErrorKind::UnquotedString => "put the text in quotes",
        ErrorKind::UnterminatedString(_) => "close the string with the quote that opens it",
        ErrorKind::MissingArrayComma | ErrorKind::UnclosedArray => {
            "an array is [\"one\", \"two\"]: is its bracket or a comma missing?"
        }
        ErrorKind::InvalidEscape(_) | ErrorKind::InvalidHexEscape(_) | ErrorKind::InvalidEscapeValue(_) => {
            "between single quotes a backslash stands for itself: '\\d+'"
        }
        ErrorKind::InvalidDateTime(_) => "write a date that exists, like 2026-12-31",
        kind if is_duplicate(kind) => "keep one of the two",
        _ => "TOML has key = value lines, strings in quotes, and [tables]",
    }
}

/// A value, and where the file gives it.
#[derive(Debug, Clone)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// A value of the file, and the JSON pointer to it.
pub(crate) struct Given<'v, 'i> {
    pub(super) item: &'v Item<'i>,
    pub(super) pointer: String,
}

impl<'v, 'i> Given<'v, 'i> {
    /// What a message calls it: the key, and the number in its array.
    pub(super) fn name(&self) -> String {
        let mut name = String::new();
        for step in self.pointer.split('/').skip(1) {
            match step.parse::<usize>() {
                Ok(number) => name = format!("{name}[{number}]"),
                Err(_) if name.is_empty() => name.push_str(step),
                Err(_) => name = format!("{name}.{step}"),
            }
        }
        shown(&name)
    }

    pub(super) fn inner(&self, step: impl std::fmt::Display, item: &'v Item<'i>) -> Self {
        Self { item, pointer: format!("{}/{step}", self.pointer) }
    }

    /// A date or time as text, whether it is written with or without quotes.
    pub(super) fn date_text(&self) -> Option<String> {
        match self.item.value() {
            Value::DateTime(time) => Some(time.format(&mut MaybeUninit::uninit()).to_owned()),
            Value::String(text) => Some((*text).to_owned()),
            _ => None,
        }
    }
}

/// Collects the faults of a file.
pub(crate) struct Reader<'t> {
    file: Arc<str>,
    text: &'t [u8],
    locator: Locator<'t>,
    findings: Vec<Diagnostic>,
    /// Whether the tree holds all of the text. A syntax error leaves its line out, so a key that is absent may not be missing.
    pub(super) is_complete: bool,
}

impl<'t> Reader<'t> {
    fn new(file: Arc<str>, text: &'t [u8]) -> Self {
        Self { file, text, locator: Locator::new(text, Position::START), findings: Vec::new(), is_complete: true }
    }

    pub(super) fn place(&mut self, given: &Given<'_, '_>) -> Place {
        self.place_of(given.pointer.clone(), self.span(given))
    }

    /// Where a value stands. A table or an array of tables with a heading is shown by its heading.
    fn span(&self, given: &Given<'_, '_>) -> Range<usize> {
        let (item, span) = (given.item, given.item.span());
        let has_heading = item.as_table().is_some_and(|table| table.style() == TableStyle::Header)
            || item.as_array().is_some_and(|array| array.style() == ArrayStyle::Header);
        let span = if has_heading { span.extract_header_span(self.text) } else { span };
        span.range()
    }

    fn place_of(&mut self, pointer: String, span: Range<usize>) -> Place {
        let (start, end) = (self.locator.position(span.start), self.locator.position(span.end));
        Place { file: self.file.clone(), index: 0, pointer, start, end, document: None }
    }

    pub(super) fn fault(&mut self, pointer: &str, span: Range<usize>, message: String, help: impl Into<String>) {
        let place = self.place_of(pointer.to_owned(), span);
        self.findings.push(invalid_configuration::RULE.at(place, message).help(help));
    }

    pub(super) fn fault_at(&mut self, given: &Given<'_, '_>, message: String, help: impl Into<String>) {
        self.fault(&given.pointer, self.span(given), message, help);
    }

    /// A value that is not what it must be. `problem` follows its name.
    pub(super) fn wrong(&mut self, given: &Given<'_, '_>, problem: &str, help: impl Into<String>) {
        self.fault_at(given, format!("{} {problem}", given.name()), help);
    }

    pub(super) fn wrong_type<T: Form>(&mut self, given: &Given<'_, '_>) {
        let found = match given.item.value() {
            Value::String(_) => "a string",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::DateTime(_) => "a date or time",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        };
        self.wrong(given, &format!("must be {}, but is {found}", T::expected()), format!("write {}", T::example()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The faults of a text: line, column, pointer and message.
    fn faults(text: &str) -> Vec<String> {
        let findings = read(&Arc::from("ddmc.toml"), PathBuf::from("/"), text.as_bytes()).expect_err(text);
        let line = |finding: &Diagnostic| {
            let Place { start, pointer, .. } = &finding.place;
            format!("{}:{} {pointer} {}", start.line, start.column, finding.message)
        };
        findings.iter().map(line).collect()
    }

    #[test]
    fn a_syntax_error_hides_no_other_fault() {
        let text = "as-of = tomorrow\ntargets = [\"macOS\" \"iOS\"]\nfail-on = \"errors\"\n\n\
                    [[ignore]]\nrule = \"no-such\"\npaths = \"open\n\n[[sets]]\npaths = []\n";
        let expected = [
            "1:9  invalid TOML: string values must be quoted, expected string literal",
            "2:20  invalid TOML: missing comma between elements, expected `,` in array",
            "3:11 /fail-on fail-on is \"errors\", but must be one of \"error\", \"warning\" or \"note\"",
            "6:8 /ignore/0/rule there is no rule \"no-such\"",
            "7:14  invalid TOML: unterminated basic string, expected `\"`",
            "10:9 /sets/0/paths sets[0].paths is empty, so it matches nothing",
        ];
        assert_eq!(faults(text), expected);
    }

    #[test]
    fn keys_below_a_broken_heading_are_not_judged() {
        let text = "[[ignore]]\nrule = \"unknown-key\"\npaths = \"a\"\nreason = \"b\"\n\
                    [[ignore]\nrule = \"past-deadline\"\npaths = \"\"\nfail-on = \"note\"\n\
                    [rules]\nx = \"off\"\n";
        let expected = ["5:10  invalid TOML: expected a right bracket, found a newline", "10:1 /rules/x there is no rule \"x\""];
        assert_eq!(faults(text), expected);
    }

    #[test]
    fn a_missing_key_is_shown_at_its_heading() {
        let expected = ["2:1 /sets/0 sets[0] lacks paths: patterns of the files whose declarations are active together"];
        assert_eq!(faults("\u{feff}\n[[sets]] # all\n"), expected);
    }
}
