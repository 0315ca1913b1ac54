//! The machine-readable report. Its types are the contract with its readers, and apart from those inside the program.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::{Report, Summary, Texts};
use crate::apple::Schema;
use crate::diagnostic::Fix;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::rules::Rule;
use crate::words::is_unsafe;

/// The version of the format; it rises only when a reader would break.
const FORMAT: u32 = 1;

/// One JSON object, written as the findings come: the summary, known only in the end, is its last member.
#[derive(Default)]
pub(crate) struct Json {
    is_begun: bool,
    is_followed: bool,
}

impl Json {
    fn begin(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) {
            write!(out, "{{\n  \"format\": {FORMAT},\n  \"tool\": ")?;
            write_json(
                &Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), schema: &Schema::built_in().release },
                out,
            )?;
            out.write_all(b",\n  \"findings\": [")?;
        }
        Ok(())
    }
}

impl Report for Json {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.begin(out)?;
        for finding in findings {
            out.write_all(if std::mem::replace(&mut self.is_followed, true) { b",\n    " } else { b"\n    " })?;
            write_json(&JsonFinding::from(finding), out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        self.begin(out)?;
        out.write_all(if self.is_followed { b"\n  ],\n  \"summary\": " } else { b"],\n  \"summary\": " })?;
        let summary = JsonSummary {
            files: summary.files,
            declarations: summary.declarations,
            skipped: summary.skipped,
            unexamined: summary.unexamined,
            errors: summary.errors,
            warnings: summary.warnings,
            notes: summary.notes,
            known: summary.known,
            stale: summary.stale,
            legacy: summary.legacy,
        };
        write_json(&summary, out)?;
        out.write_all(b"\n}\n")
    }
}

/// The page of a rule for people, once the repository has a home.
pub(super) fn docs(rule: &Rule) -> Option<String> {
    let home = env!("CARGO_PKG_REPOSITORY");
    (!home.is_empty() && !rule.is_policy())
        .then(|| format!("{home}/blob/v{}/docs/rules/{}.md", env!("CARGO_PKG_VERSION"), rule.id))
}

/// Writes a value in one line, safe for a terminal.
pub(super) fn write_json(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    // A value is written in some hundred pieces, which takes half the time where it is known to whom.
    let mut text = Vec::with_capacity(1 << 10);
    let mut serializer = Serializer::with_formatter(&mut text, EscapedJson);
    value.serialize(&mut serializer)?;
    out.write_all(&text)
}

/// JSON in which every character that could steer a terminal is an escape, not only those below U+0020.
pub(crate) struct EscapedJson;

impl Formatter for EscapedJson {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Look at many bytes at once: it does not matter which one it is.
        let is_odd = |byte: u8| u8::from(byte >= 0x7F || byte == b'<');
        if fragment.bytes().fold(0, |odd, byte| odd | is_odd(byte)) == 0 {
            return writer.write_all(fragment.as_bytes());
        }
        for character in fragment.chars() {
            let mut units = [0; 2];
            // A page that embeds the report must not find a tag in it.
            if is_unsafe(character) || character == '<' {
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

/// The report as a whole, for its schema: it is written piece by piece.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is described, and never made")]
pub(crate) struct JsonReport {
    /// The version of the format; it rises only when a reader would break.
    format: u32,
    tool: Tool,
    findings: Vec<JsonFinding<'static>>,
    summary: JsonSummary,
}

#[derive(Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
    /// The release of Apple's schema that the documents were judged by.
    schema: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct JsonSummary {
    files: usize,
    declarations: usize,
    /// Files without a declaration.
    skipped: usize,
    /// Declarations of types whose payload is not looked into.
    unexamined: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    /// Findings that a baseline has.
    known: usize,
    /// Findings of the baseline that are gone.
    stale: u64,
    legacy: usize,
}

#[derive(Serialize, JsonSchema)]
struct JsonFinding<'f> {
    /// The id of the rule that found it.
    rule: &'f str,
    severity: Severity,
    message: &'f str,
    /// What to write instead.
    help: Option<&'f str>,
    file: &'f str,
    /// Which declaration of the file, from 0.
    index: usize,
    identifier: Option<&'f str>,
    r#type: Option<&'f str>,
    /// The JSON pointer (RFC 6901) from the top of the declaration.
    pointer: &'f str,
    start: Position,
    end: Position,
    /// Other places that belong to it.
    related: Vec<JsonRelated<'f>>,
    fix: Option<JsonFix<'f>>,
    /// The page of the rule.
    docs: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonFix<'f> {
    /// Whether it certainly does what the author meant.
    safe: bool,
    description: &'f str,
    edits: Vec<JsonEdit<'f>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonEdit<'f> {
    /// The bytes of the file that the text takes the place of.
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

#[derive(Serialize, JsonSchema)]
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
