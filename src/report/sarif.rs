//! SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), for GitHub code scanning and editors.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::json::{JsonSummary, docs, write_json};
use super::{About, Report, Summary, Texts, uri};
use crate::diagnostic::Fix;
use crate::diagnostic::{Diagnostic, Place, RuleRef, Severity, Suppressed};
use crate::docs;
use crate::hash::Map;
use crate::rules::Rule;
use crate::words::visible;

/// A log with one run. Results are written as they arrive, so the rules that they name come after them.
#[derive(Default)]
pub(crate) struct Sarif {
    has_header: bool,
    has_results: bool,
    fingerprints: Fingerprints,
    /// The rules of the results so far, and the index of each.
    rules: Vec<RuleRef>,
    indices: Map<Cow<'static, str>, usize>,
    schema: String,
}

impl Sarif {
    pub(crate) fn new(about: &About<'_>) -> Self {
        Self { schema: about.schema.to_owned(), ..Self::default() }
    }

    fn header(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_header, true) {
            return Ok(());
        }
        out.write_all(b"{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n")?;
        // ddmc counts columns in characters, not in UTF-16 units.
        out.write_all(b"  \"runs\": [\n    {\n      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": [")
    }

    /// Writes a result. `reason` says why it is accepted, if it is.
    fn result(&mut self, finding: &Diagnostic, reason: Option<&str>, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        let separator: &[u8] = if std::mem::replace(&mut self.has_results, true) { b",\n        " } else { b"\n        " };
        out.write_all(separator)?;
        let index = *self.indices.entry(finding.rule.id.clone()).or_insert_with(|| {
            self.rules.push(finding.rule.clone());
            self.rules.len() - 1
        });
        write_json(&result(finding, index, &self.fingerprints.of(finding), reason), out)
    }
}

impl Report for Sarif {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        findings.iter().try_for_each(|finding| self.result(finding, None, out))
    }

    fn suppressed(&mut self, findings: &[Suppressed<'_>], out: &mut dyn io::Write) -> io::Result<()> {
        findings.iter().try_for_each(|Suppressed { finding, reason }| self.result(finding, Some(reason), out))
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        out.write_all(if self.has_results { b"\n      ],\n      \"tool\": " } else { b"],\n      \"tool\": " })?;
        write_json(&tool(&self.rules, &self.schema), out)?;
        out.write_all(b",\n      \"properties\": ")?;
        write_json(&json!({ "summary": JsonSummary::from(summary) }), out)?;
        out.write_all(b"\n    }\n  ]\n}\n")
    }
}

fn tool(rules: &[RuleRef], schema: &str) -> Value {
    let rules: Vec<Value> = rules.iter().map(|rule| descriptor(rule)).collect();
    json!({
        "driver": {
            "name": env!("CARGO_PKG_NAME"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "version": env!("CARGO_PKG_VERSION"),
            "shortDescription": { "text": env!("CARGO_PKG_DESCRIPTION") },
            "properties": { "schema": schema },
            "rules": rules,
        }
    })
}

fn descriptor(rule: &Rule) -> Value {
    let page = docs::rule(rule);
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.explanation },
        "help": { "text": page.to_text(80), "markdown": page.to_markdown() },
        "defaultConfiguration": { "level": level(rule.severity), "enabled": !rule.is_optional },
    });
    if let Some(docs) = docs(rule) {
        descriptor["helpUri"] = docs.into();
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'f> {
    rule_id: &'f str,
    rule_index: usize,
    level: &'static str,
    message: Value,
    locations: [Value; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Value>,
    partial_fingerprints: Value,
    /// Empty for a finding that is not accepted: SARIF wants this member in all results of a run or in none.
    suppressions: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Value>,
}

fn result<'f>(finding: &'f Diagnostic, rule_index: usize, fingerprint: &str, reason: Option<&str>) -> SarifResult<'f> {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let related = finding.related.iter().enumerate().map(|(at, related)| {
        let mut location = location(&related.place, None);
        location["id"] = (at + 1).into();
        location["message"] = json!({ "text": related.message });
        location
    });
    SarifResult {
        rule_id: &finding.rule.id,
        rule_index,
        level: level(finding.severity),
        message: json!({ "text": text }),
        locations: [location(&finding.place, finding.identifier.as_deref())],
        related_locations: related.collect(),
        partial_fingerprints: json!({ "ddmc/v1": fingerprint }),
        suppressions: reason.map(|reason| json!({ "kind": "external", "justification": visible(reason) })).into_iter().collect(),
        fixes: finding
            .fix
            .iter()
            .filter(|fix| fix.is_safe && !fix.is_private)
            .map(|fix| self::fix(fix, &finding.place))
            .collect(),
    }
}

/// A fix. Only safe ones are written, since tools apply them without asking.
fn fix(fix: &Fix, place: &Place) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            json!({
                "deletedRegion": { "byteOffset": edit.start, "byteLength": edit.end - edit.start },
                "insertedContent": { "text": edit.text },
            })
        })
        .collect();
    json!({
        "description": { "text": fix.description },
        "artifactChanges": [{ "artifactLocation": { "uri": uri::of(place.file.as_bytes()) }, "replacements": replacements }],
    })
}

fn location(place: &Place, identifier: Option<&str>) -> Value {
    let Place { file, pointer, start, end, .. } = place;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri::of(file.as_bytes()) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
                "byteOffset": start.offset,
                "byteLength": end.offset - start.offset,
            },
        },
    });
    if !pointer.is_empty() {
        let name =
            identifier.map_or_else(|| visible(pointer), |identifier| format!("{}{}", visible(identifier), visible(pointer)));
        location["logicalLocations"] = json!([{ "fullyQualifiedName": name, "kind": "member" }]);
    }
    location
}
