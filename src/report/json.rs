//! The JSON report. Its types are its public contract, and separate from the internal types.

use std::io;

#[cfg(feature = "cli")]
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::{About, Report, Summary, Texts};
use crate::diagnostic::Fix;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::rules::Rule;
use crate::words::{has_command, is_command, is_unsafe};

/// The version of the format. It changes only if readers would break.
const FORMAT: u32 = 1;

/// A JSON object, written as the findings arrive. The summary is known only at the end, so it is the last member.
pub(crate) struct Json {
    schema: String,
    has_header: bool,
    has_findings: bool,
}

impl Json {
    pub(crate) fn new(about: &About<'_>) -> Self {
        Self { schema: about.schema.to_owned(), has_header: false, has_findings: false }
    }

    fn header(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_header, true) {
            write!(out, "{{\n  \"format\": {FORMAT},\n  \"tool\": ")?;
            let tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), schema: &self.schema };
            write_json(&tool, out)?;
            out.write_all(b",\n  \"findings\": [")?;
        }
        Ok(())
    }
}

impl Report for Json {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        for finding in findings {
            out.write_all(if std::mem::replace(&mut self.has_findings, true) { b",\n    " } else { b"\n    " })?;
            write_json(&JsonFinding::from(finding), out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        out.write_all(if self.has_findings { b"\n  ],\n  \"summary\": " } else { b"],\n  \"summary\": " })?;
        write_json(&JsonSummary::from(summary), out)?;
        out.write_all(b"\n}\n")
    }
}

/// The URL of a rule's page. `None` for a policy, or if Cargo.toml names no repository.
pub(crate) fn docs(rule: &Rule) -> Option<String> {
    let home = env!("CARGO_PKG_REPOSITORY");
    (!home.is_empty() && !rule.is_policy())
        .then(|| format!("{home}/blob/v{}/docs/rules/{}.md", env!("CARGO_PKG_VERSION"), rule.id))
}

/// Writes a value on one line, safe for a terminal.
pub(crate) fn write_json(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    // Serialising writes hundreds of pieces. Static dispatch to a buffer takes half the time of writing to `out`.
    let mut text = Vec::with_capacity(1 << 10);
    let mut serializer = Serializer::with_formatter(&mut text, EscapedJson);
    value.serialize(&mut serializer)?;
    out.write_all(&text)
}

/// A JSON formatter that escapes every character that could control a terminal or a CI runner, not only those below U+0020.
pub(crate) struct EscapedJson;

impl Formatter for EscapedJson {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Fold over all bytes, without an early exit, so that the compiler can vectorise the loop.
        let needs_check = |byte: u8| u8::from(byte >= 0x7F || byte == b'<');
        let bytes = fragment.as_bytes();
        if bytes.iter().fold(0, |found, byte| found | needs_check(*byte)) == 0 && !has_command(bytes) {
            return writer.write_all(bytes);
        }
        for (at, character) in fragment.char_indices() {
            let mut units = [0; 2];
            // A page that embeds the report must not see an HTML tag, nor a log that shows it a command.
            if is_unsafe(character) || character == '<' || is_command(&bytes[at..]) {
                for unit in character.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            } else {
                write!(writer, "{character}")?;
            }
        }
        Ok(())
    }
}

/// The report.
#[cfg(feature = "cli")]
#[derive(JsonSchema)]
#[expect(dead_code, reason = "used only to derive the schema: the report is written in pieces")]
pub(crate) struct JsonReport {
    /// The version of the format. It changes only if readers would break.
    format: u32,
    tool: Tool<'static>,
    findings: Vec<JsonFinding<'static>>,
    summary: JsonSummary<'static>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
struct Tool<'r> {
    name: &'static str,
    version: &'static str,
    /// The release of Apple's schema that the documents were checked against.
    schema: &'r str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
pub(super) struct JsonSummary<'s> {
    files: usize,
    declarations: usize,
    /// Files without a declaration.
    skipped: usize,
    /// The first three of these, those that look like declarations first.
    skipped_files: Vec<&'s str>,
    /// Declarations of types whose payload is not checked.
    unexamined: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Findings that `[[ignore]]` entries of the configuration accept.
    ignored: usize,
    /// Findings that are hidden because a baseline lists them.
    known: usize,
    /// Findings in the baseline that no longer occur.
    stale: u64,
    legacy: usize,
}

impl<'s> From<&'s Summary> for JsonSummary<'s> {
    fn from(summary: &'s Summary) -> Self {
        Self {
            files: summary.files,
            declarations: summary.declarations,
            skipped: summary.skipped,
            skipped_files: summary.skipped_files(),
            unexamined: summary.unexamined,
            errors: summary.errors,
            warnings: summary.warnings,
            notes: summary.notes,
            ignored: summary.ignored,
            known: summary.known,
            stale: summary.stale,
            legacy: summary.legacy,
        }
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
pub(crate) struct JsonFinding<'f> {
    /// The id of the rule.
    rule: &'f str,
    severity: Severity,
    message: &'f str,
    /// How to fix it.
    help: Option<&'f str>,
    file: &'f str,
    /// The number of the declaration in the file, from 0.
    index: usize,
    identifier: Option<&'f str>,
    r#type: Option<&'f str>,
    /// The JSON pointer (RFC 6901) within the declaration.
    pointer: &'f str,
    start: Position,
    end: Position,
    /// Other places that explain the finding.
    related: Vec<JsonRelated<'f>>,
    fix: Option<JsonFix<'f>>,
    /// The URL of the rule's page.
    docs: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
struct JsonFix<'f> {
    /// Whether the fix certainly keeps the author's intent.
    safe: bool,
    description: &'f str,
    edits: Vec<JsonEdit<'f>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
struct JsonEdit<'f> {
    /// The byte range of the file that `text` replaces.
    start: usize,
    end: usize,
    text: &'f str,
}

impl<'f> From<&'f Fix> for JsonFix<'f> {
    fn from(fix: &'f Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| JsonEdit { start: edit.start, end: edit.end, text: &edit.text }).collect();
        Self { safe: fix.is_safe, description: &fix.description, edits }
    }
}

#[derive(Serialize)]
#[cfg_attr(feature = "cli", derive(JsonSchema))]
struct JsonRelated<'f> {
    message: &'f str,
    file: &'f str,
    index: usize,
    pointer: &'f str,
    start: Position,
    end: Position,
}

impl<'f> From<&'f Diagnostic> for JsonFinding<'f> {
    fn from(finding: &'f Diagnostic) -> Self {
        let Place { file, index, pointer, start, end, .. } = &finding.place;
        Self {
            rule: &finding.rule.id,
            severity: finding.severity,
            message: &finding.message,
            help: finding.help.as_deref(),
            file,
            index: *index,
            identifier: finding.identifier.as_deref(),
            r#type: finding.declaration_type.as_deref(),
            pointer,
            start: *start,
            end: *end,
            related: finding
                .related
                .iter()
                .map(|related| {
                    let Place { file, index, pointer, start, end, .. } = &related.place;
                    JsonRelated { message: &related.message, file, index: *index, pointer, start: *start, end: *end }
                })
                .collect(),
            fix: finding.fix.as_ref().filter(|fix| !fix.is_private).map(JsonFix::from),
            docs: docs(&finding.rule),
        }
    }
}
