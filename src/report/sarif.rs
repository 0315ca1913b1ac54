//! SARIF 2.1.0 (Static Analysis Results Interchange Format, OASIS), for GitHub code scanning and editors.

use std::io;

use serde::Serialize;
use serde_json::{Value, json};

use super::fingerprint::Fingerprints;
use super::json::{docs, write_json};
use super::{About, Report, Summary, Texts, uri};
use crate::diagnostic::Fix;
use crate::diagnostic::{Diagnostic, Place, RuleRef, Severity};
use crate::docs;
use crate::rules::{RULES, Rule};
use crate::words::visible;

/// A log with one run. Results are written as they arrive.
#[derive(Default)]
pub(crate) struct Sarif {
    has_header: bool,
    has_results: bool,
    fingerprints: Fingerprints,
    /// The built-in rules, then the policies of the run.
    rules: Vec<RuleRef>,
    schema: String,
}

impl Sarif {
    pub(crate) fn new(about: &About<'_>) -> Self {
        let rules = RULES.iter().map(|rule| RuleRef::from(*rule)).chain(about.policies.iter().cloned()).collect();
        Self { rules, schema: about.schema.to_owned(), ..Self::default() }
    }

    fn header(&mut self, out: &mut dyn io::Write) -> io::Result<()> {
        if std::mem::replace(&mut self.has_header, true) {
            return Ok(());
        }
        out.write_all(b"{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n  \"version\": \"2.1.0\",\n")?;
        out.write_all(b"  \"runs\": [\n    {\n      \"tool\": ")?;
        write_json(&tool(&self.rules, &self.schema), out)?;
        // ddmc counts columns in characters, not in UTF-16 units.
        out.write_all(b",\n      \"columnKind\": \"unicodeCodePoints\",\n      \"results\": [")
    }
}

impl Report for Sarif {
    fn findings(&mut self, findings: &[Diagnostic], _: Texts<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        for finding in findings {
            let separator: &[u8] = if std::mem::replace(&mut self.has_results, true) { b",\n        " } else { b"\n        " };
            out.write_all(separator)?;
            write_json(&result(finding, &self.rules, &self.fingerprints.of(finding)), out)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary, out: &mut dyn io::Write) -> io::Result<()> {
        self.header(out)?;
        out.write_all(if self.has_results { b"\n      ]\n    }\n  ]\n}\n" } else { b"]\n    }\n  ]\n}\n" })
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Value>,
}

fn result<'f>(finding: &'f Diagnostic, rules: &[RuleRef], fingerprint: &str) -> SarifResult<'f> {
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
        rule_index: rules.iter().position(|rule| *rule == finding.rule).unwrap_or_default(),
        level: level(finding.severity),
        message: json!({ "text": text }),
        locations: [location(&finding.place, finding.identifier.as_deref())],
        related_locations: related.collect(),
        partial_fingerprints: json!({ "ddmc/v1": fingerprint }),
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
        "artifactChanges": [{ "artifactLocation": { "uri": uri::of(&place.file) }, "replacements": replacements }],
    })
}

fn location(place: &Place, identifier: Option<&str>) -> Value {
    let Place { file, pointer, start, end, .. } = place;
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri::of(file) },
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
