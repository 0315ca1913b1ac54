//! Reads `ddmc.toml`: parses the text, then reads the tree into a `Config`. Reports every error with its place.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use toml_spanner::{Arena, ArrayStyle, ErrorKind, Item, TableStyle, Value};

use super::Config;
use super::toml_value::{TomlValue, section};
use crate::diagnostic::{Diagnostic, Place, Position};
use crate::limits::{MAX_CONFIGURATION_BYTES, MAX_FINDINGS};
use crate::rules::invalid_configuration;
use crate::syntax::Locator;
use crate::words::shown;

/// Reads a configuration. `file` is its name in findings; its globs are relative to `folder`.
///
/// # Errors
/// All findings, in the order of the text.
pub(crate) fn read(file: &Arc<str>, folder: PathBuf, text: &[u8]) -> Result<Config, Vec<Diagnostic>> {
    let mut reader = Reader::new(file.clone(), text);
    if text.len() > MAX_CONFIGURATION_BYTES {
        let message = format!("the file is larger than {MAX_CONFIGURATION_BYTES} bytes, the limit for a configuration");
        reader.error("", 0..1, message, "name a ddmc.toml file");
        return Err(reader.findings);
    }
    let source = match std::str::from_utf8(text) {
        Ok(source) => source,
        Err(error) => {
            let at = error.valid_up_to();
            reader.error("", at..at + 1, "the file is not UTF-8".to_owned(), "save the file as UTF-8");
            return Err(reader.findings);
        }
    };
    let arena = Arena::new();
    let document = toml_spanner::parse_recoverable(source, &arena);
    let misplaced: Vec<Range<usize>> = document
        .errors()
        .iter()
        .take(MAX_FINDINGS)
        .filter_map(|error| below_broken_heading(text, error.span().range().start))
        .collect();
    let is_misplaced = |offset: usize| misplaced.iter().any(|range| range.contains(&offset));
    for error in document.errors().iter().take(MAX_FINDINGS) {
        let (kind, span) = (error.kind(), error.span().range());
        if !is_duplicate(&kind) || !is_misplaced(span.start) {
            let words = match kind {
                ErrorKind::InvalidDateTime(_) => "the date or time does not exist".to_owned(),
                _ => error.message(source),
            };
            reader.error("", span, format!("invalid TOML: {}", shown(&words)), help(&kind));
        }
    }
    reader.is_complete = document.errors().is_empty();
    let syntax = reader.findings.len();
    let top = section(&Node { item: document.table().as_item(), pointer: String::new() }, &mut reader).unwrap_or_default();
    let mut findings = reader.findings;
    if findings.is_empty() {
        return Ok(Config::new(file.clone(), folder, top));
    }
    let meaning = findings.split_off(syntax);
    findings.extend(meaning.into_iter().filter(|finding| !is_misplaced(finding.place.start.offset)));
    findings.sort_by_key(|finding| finding.place.start.offset);
    Err(findings)
}

/// The byte range from a broken heading to the next heading, if `offset` is in a heading: the parser adds those keys to
/// the table above.
fn below_broken_heading(text: &[u8], offset: usize) -> Option<Range<usize>> {
    let is_heading = |line: usize| text[line..].iter().find(|byte| !matches!(byte, b' ' | b'\t')) == Some(&b'[');
    let start = memchr::memrchr(b'\n', &text[..offset]).map_or(0, |line_feed| line_feed + 1);
    let mut next = memchr::memchr_iter(b'\n', &text[offset..]).map(|line_feed| offset + line_feed + 1);
    is_heading(start).then(|| start..next.find(|line| is_heading(*line)).unwrap_or(text.len()))
}

fn is_duplicate(kind: &ErrorKind<'_>) -> bool {
    matches!(kind, ErrorKind::DuplicateKey { .. } | ErrorKind::DuplicateTable { .. } | ErrorKind::RedefineAsArray { .. })
}

/// The help for a syntax error.
fn help(kind: &ErrorKind<'_>) -> &'static str {
    match kind {
        ErrorKind::UnquotedString => "put the text in quotes",
        ErrorKind::UnterminatedString(_) => "close the string with the quote that opens it",
        ErrorKind::MissingArrayComma | ErrorKind::UnclosedArray => {
            "write an array as [\"one\", \"two\"], with commas and a closing bracket"
        }
        ErrorKind::InvalidEscape(_) | ErrorKind::InvalidHexEscape(_) | ErrorKind::InvalidEscapeValue(_) => {
            "use single quotes, in which a backslash is literal: '\\d+'"
        }
        ErrorKind::InvalidDateTime(_) => "write an existing date, such as 2026-12-31",
        kind if is_duplicate(kind) => "keep one of them",
        _ => "write key = value, strings in quotes, and [table] headings",
    }
}

/// A value and its place in the file.
#[derive(Debug, Clone)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// A node of the TOML tree, and the JSON pointer to it.
pub(crate) struct Node<'v, 'i> {
    pub(super) item: &'v Item<'i>,
    pub(super) pointer: String,
}

impl<'v, 'i> Node<'v, 'i> {
    /// The name in messages, such as `targets[1]`, `[[ignore]] entry 1` or `paths of [[sets]] entry 1`.
    pub(super) fn name(&self) -> String {
        let (mut name, mut entry) = (String::new(), String::new());
        for step in self.pointer.split('/').skip(1) {
            match step.parse::<usize>() {
                Ok(number) if entry.is_empty() && super::is_array_of_tables(&name) => {
                    entry = format!("[[{}]] entry {}", std::mem::take(&mut name), number + 1);
                }
                Ok(number) => name = format!("{name}[{number}]"),
                Err(_) if name.is_empty() => name.push_str(step),
                Err(_) => name = format!("{name}.{step}"),
            }
        }
        match (name.is_empty(), entry.is_empty()) {
            (_, true) => shown(&name),
            (true, false) => entry,
            (false, false) => format!("{} of {entry}", shown(&name)),
        }
    }

    pub(super) fn inner(&self, step: impl std::fmt::Display, item: &'v Item<'i>) -> Self {
        Self { item, pointer: format!("{}/{step}", self.pointer) }
    }

    /// A date or time as text, quoted or not.
    pub(super) fn date_text(&self) -> Option<String> {
        match self.item.value() {
            Value::DateTime(time) => Some(time.format(&mut MaybeUninit::uninit()).to_owned()),
            Value::String(text) => Some((*text).to_owned()),
            _ => None,
        }
    }
}

/// Collects the findings of a file.
pub(crate) struct Reader<'t> {
    file: Arc<str>,
    text: &'t [u8],
    locator: Locator<'t>,
    findings: Vec<Diagnostic>,
    /// Whether the tree holds the whole text. The parser drops a line with a syntax error, so an absent key may be
    /// there.
    pub(super) is_complete: bool,
}

impl<'t> Reader<'t> {
    fn new(file: Arc<str>, text: &'t [u8]) -> Self {
        Self { file, text, locator: Locator::new(text, Position::START), findings: Vec::new(), is_complete: true }
    }

    pub(super) fn place(&mut self, node: &Node<'_, '_>) -> Place {
        self.place_of(node.pointer.clone(), self.span(node))
    }

    /// The span of a node; for a table or an array of tables with a heading, the span of the heading.
    fn span(&self, node: &Node<'_, '_>) -> Range<usize> {
        let (item, span) = (node.item, node.item.span());
        let has_heading = item.as_table().is_some_and(|table| table.style() == TableStyle::Header)
            || item.as_array().is_some_and(|array| array.style() == ArrayStyle::Header);
        let span = if has_heading { span.extract_header_span(self.text) } else { span };
        span.range()
    }

    fn place_of(&mut self, pointer: String, span: Range<usize>) -> Place {
        let (start, end) = (self.locator.position(span.start), self.locator.position(span.end));
        Place { file: self.file.clone(), index: 0, pointer, start, end, document: None }
    }

    pub(super) fn error(&mut self, pointer: &str, span: Range<usize>, message: String, help: impl Into<String>) {
        let place = self.place_of(pointer.to_owned(), span);
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(invalid_configuration::RULE.at(place, message).help(help));
        }
    }

    pub(super) fn error_at(&mut self, node: &Node<'_, '_>, message: String, help: impl Into<String>) {
        self.error(&node.pointer, self.span(node), message, help);
    }

    /// Reports an invalid value. The message is its name and `problem`.
    pub(super) fn invalid(&mut self, node: &Node<'_, '_>, problem: &str, help: impl Into<String>) {
        self.error_at(node, format!("{} {problem}", node.name()), help);
    }

    pub(super) fn wrong_type<T: TomlValue>(&mut self, node: &Node<'_, '_>) {
        let found = match node.item.value() {
            Value::String(_) => "a string",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Boolean(_) => "a boolean",
            Value::DateTime(_) => "a date or time",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        };
        self.invalid(node, &format!("must be {}, but is {found}", T::expected()), format!("write {}", T::example()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The findings of a text: line, column, pointer and message.
    fn errors(text: &str) -> Vec<String> {
        let findings = read(&Arc::from("ddmc.toml"), PathBuf::from("/"), text.as_bytes()).expect_err(text);
        let line = |finding: &Diagnostic| {
            let Place { start, pointer, .. } = &finding.place;
            format!("{}:{} {pointer} {}", start.line, start.column, finding.message)
        };
        findings.iter().map(line).collect()
    }

    #[test]
    fn a_syntax_error_hides_no_other_error() {
        let text = "as-of = tomorrow\ntargets = [\"macOS\" \"iOS\"]\nfail-on = \"errors\"\n\n\
                    [[ignore]]\nrule = \"no-such\"\npaths = \"open\n\n[[sets]]\npaths = []\n";
        let expected = [
            "1:9  invalid TOML: string values must be quoted, expected string literal",
            "2:20  invalid TOML: missing comma between elements, expected `,` in array",
            "3:11 /fail-on fail-on is \"errors\", but must be one of \"error\", \"warning\" or \"note\"",
            "6:8 /ignore/0/rule there is no rule \"no-such\"",
            "7:14  invalid TOML: unterminated basic string, expected `\"`",
            "10:9 /sets/0/paths paths of [[sets]] entry 1 is empty, so it matches nothing",
        ];
        assert_eq!(errors(text), expected);
    }

    #[test]
    fn keys_below_a_broken_heading_are_not_judged() {
        let text = "[[ignore]]\nrule = \"unknown-key\"\npaths = \"a\"\nreason = \"b\"\n\
                    [[ignore]\nrule = \"past-deadline\"\npaths = \"\"\nfail-on = \"note\"\n\
                    [rules]\nx = \"off\"\n";
        let expected = ["5:10  invalid TOML: expected a right bracket, found a newline", "10:1 /rules/x there is no rule \"x\""];
        assert_eq!(errors(text), expected);
    }

    #[test]
    fn a_misspelled_or_misplaced_name_hides_nothing_in_its_value() {
        let text = "fail_on = \"errors\"\ntarget = [\"Windows\"]\nexclude = [7]\n\n\
                    [ruls]\nunknown-key = \"warn\"\nas-of = \"today\"\n\n\
                    [[ignor]]\nrul = \"no-such\"\npath = []\nreason = \"\"\nfail-on = \"off\"\n\n\
                    [[file]]\npaths = \"\"\nrule = { out-of-rang = \"off\" }\n";
        let expected = [
            "1:1 /fail_on unknown key fail_on; did you mean fail-on?",
            "1:11 /fail_on fail_on is \"errors\", but must be one of \"error\", \"warning\" or \"note\"",
            "2:1 /target unknown key target; did you mean targets?",
            "2:11 /target/0 target[0] is \"Windows\", but the platform \"Windows\" is unknown",
            "3:12 /exclude/0 exclude[0] must be a string with a path pattern, but is a number",
            "5:2 /ruls unknown key ruls; did you mean rules?",
            "6:15 /ruls/unknown-key ruls.unknown-key is \"warn\", but must be one of \"error\", \"warning\", \"note\" or \"off\"",
            "7:1 /ruls/as-of as-of is not a rule, but a top-level key",
            "7:9 /ruls/as-of ruls.as-of is \"today\", but the format must be YYYY-MM-DDTHH:MM:SS",
            "9:3 /ignor unknown key ignor; did you mean ignore?",
            "10:1 /ignor/0/rul unknown key rul; did you mean rule?",
            "10:7 /ignor/0/rul there is no rule \"no-such\"",
            "11:1 /ignor/0/path unknown key path; did you mean paths?",
            "11:8 /ignor/0/path path of [[ignor]] entry 1 is empty, so it matches nothing",
            "12:10 /ignor/0/reason reason of [[ignor]] entry 1 is empty",
            "13:1 /ignor/0/fail-on unknown key fail-on, which is a top-level key",
            "13:11 /ignor/0/fail-on fail-on of [[ignor]] entry 1 is \"off\", but must be one of \"error\", \"warning\" or \"note\"",
            "15:3 /file unknown key file; did you mean files?",
            "16:9 /file/0/paths paths of [[file]] entry 1 is \"\", which is empty",
            "17:1 /file/0/rule unknown key rule; did you mean rules?",
            "17:10 /file/0/rule/out-of-rang there is no rule \"out-of-rang\"",
        ];
        assert_eq!(errors(text), expected);
    }

    #[test]
    fn misplaced_tables_are_not_read_without_end() {
        for step in ["files", "rules", "ignore", "filse"] {
            let text = format!("[{step}]\n{} = 1\n", [step; 500].join("."));
            assert!(errors(&text).len() <= 4, "{step}");
        }
    }

    #[test]
    fn a_missing_key_is_shown_at_its_heading() {
        let expected = ["2:1 /sets/0 [[sets]] entry 1 needs paths: patterns of the files whose declarations are active together"];
        assert_eq!(errors("\u{feff}\n[[sets]] # all\n"), expected);
    }
}
