//! Reads policies from the text of a policy file.

use std::ops::Range;
use std::sync::Arc;

use jsonschema::{Draft, PatternOptions, Validator};

use super::examine;
use super::names;
use super::{LONGEST_NAME, On, Policy, is_name, rule, to_json};
use crate::apple::{Apply, SETTINGS, Schema};
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place, Region, Severity};
use crate::limits::{MAX_CONFIGURATION_BYTES, MAX_POLICIES, MAX_SCHEMA_PATTERN_BYTES};
use crate::rules::invalid_configuration;
use crate::syntax::escaped;
use crate::syntax::{self, Kind, Locator, Node};
use crate::validate::rules::unknown_type;
use crate::words::{list, nearest, shown};

/// The keys of a policy; `$schema` is for editors.
const MEMBERS: [&str; 7] = ["$schema", "name", "type", "on", "severity", "message", "schema"];

/// The maximum length of a message, in characters.
const LONGEST_MESSAGE: usize = 160;

/// Reads a policy file: one policy, or an array. The name of a single policy defaults to the name of the file.
///
/// # Errors
/// Returns the findings, in the order of the text.
pub(crate) fn read(apple: &Schema, file: &Arc<str>, text: &[u8]) -> Result<Vec<Policy>, Vec<Diagnostic>> {
    let mut reader = Reader { apple, file, locator: Locator::new(text, Position::START), findings: Vec::new() };
    let policies = reader.file(text);
    if reader.findings.is_empty() {
        return Ok(policies);
    }
    reader.findings.sort_by_key(|finding| finding.place.start.offset);
    Err(reader.findings)
}

struct Reader<'t> {
    apple: &'t Schema,
    file: &'t Arc<str>,
    locator: Locator<'t>,
    findings: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, pointer: &str, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let place = Region { pointer: pointer.to_owned(), span };
        self.take(invalid_configuration::RULE.at(place, message).help(help), "", 0);
    }

    /// Adds a finding about the part of the file at `pointer`, with spans relative to the byte offset `base`.
    fn take(&mut self, diagnostic: Diagnostic<Region>, pointer: &str, base: usize) {
        self.findings.push(diagnostic.locate(|region| Place {
            file: self.file.clone(),
            index: 0,
            pointer: format!("{pointer}{}", region.pointer),
            start: self.locator.position(base + region.span.start),
            end: self.locator.position(base + region.span.end),
            document: None,
        }));
    }

    fn file(&mut self, text: &[u8]) -> Vec<Policy> {
        if text.len() > MAX_CONFIGURATION_BYTES {
            let message = format!("the file is larger than {MAX_CONFIGURATION_BYTES} bytes, the limit for policies");
            self.report("", 0..1, message, "check that this is the right file");
            return Vec::new();
        }
        let start = syntax::strip_byte_order_mark(text);
        let mut buffers = syntax::Buffers::default();
        let parsed = syntax::parse_json(&text[start..], &mut buffers);
        for fault in &parsed.faults {
            let span = fault.place.start + start..fault.place.end + start;
            self.report("", span, fault.message.clone(), fault.help.clone().unwrap_or_default());
        }
        let Some(document) = parsed.document.filter(|_| parsed.faults.is_empty()) else { return Vec::new() };
        let root = document.root();
        match root.kind() {
            Kind::Array if root.elements().nth(MAX_POLICIES).is_some() => {
                self.report("", root.span(), format!("the file has more than {MAX_POLICIES} policies"), "split the file");
                Vec::new()
            }
            Kind::Array if root.elements().next().is_none() => {
                self.report(
                    "",
                    root.span(),
                    "the file has no policies",
                    "write { \"message\": …, \"schema\": { … } }, or an array of these",
                );
                Vec::new()
            }
            Kind::Array => {
                let policies = root.elements().enumerate().filter_map(|(at, node)| self.policy(node, &format!("/{at}"), start));
                policies.collect()
            }
            _ => self.policy(root, "", start).into_iter().collect(),
        }
    }

    /// Reads one policy. `base` is the byte offset to which the spans of nodes are relative.
    fn policy(&mut self, node: Node<'_>, pointer: &str, base: usize) -> Option<Policy> {
        let before = self.findings.len();
        let span = |node: Node<'_>| node.span().start + base..node.span().end + base;
        if node.kind() != Kind::Object {
            let help = "write { \"message\": …, \"schema\": { … } }";
            self.report(pointer, span(node), format!("a policy must be an object, but this is {}", node.kind()), help);
            return None;
        }
        let mut seen: Vec<String> = Vec::new();
        for (key, _) in node.members() {
            let name = key.as_str().unwrap_or_default().into_owned();
            let here = format!("{pointer}/{}", escaped(&name));
            if seen.contains(&name) {
                self.report(
                    &here,
                    span(key),
                    format!("{} appears twice in the same object", shown(&name)),
                    "keep one of the two",
                );
            } else if !MEMBERS.contains(&name.as_str()) {
                let (ending, help) = match nearest(&name, MEMBERS) {
                    Some(near) => (format!("; did you mean {near}?"), format!("rename it to {near}")),
                    None if super::keywords::value_kind(&name).is_some() => {
                        (", which belongs in schema".to_owned(), "move it into schema".to_owned())
                    }
                    None => (String::new(), format!("remove the key; the keys here are {}", list(&MEMBERS[1..], "and"))),
                };
                self.report(&here, span(key), format!("unknown key {}{ending}", shown(&name)), help);
            }
            seen.push(name);
        }
        let missing: Vec<&str> = ["message", "schema"].into_iter().filter(|name| !seen.iter().any(|seen| seen == name)).collect();
        if !missing.is_empty() && self.findings.len() == before {
            let help = "add a message, which says what is wrong, and a schema, which declarations must match";
            self.report(pointer, span(node), format!("the policy lacks {}", list(&missing, "and")), help);
        }
        let name = self.name(node, pointer, base);
        let kinds = self.kinds(node, pointer, base);
        let word = |reader: &mut Self, key: &str, words: &[&str]| reader.word(node, key, words, pointer, base);
        let on = word(self, "on", &["declaration", "merged"]);
        let is_combined = |name: &String| {
            let kind = self.apple.find(name).map(|id| self.apple.kind(id));
            kind.is_some_and(|kind| kind.apply == Some(Apply::Combined))
        };
        if on == Some(1)
            && !kinds.is_empty()
            && !kinds.iter().any(is_combined)
            && let Some(given) = node.member("on")
        {
            let message = "the policy has no effect on merged settings: devices do not merge declarations of these types";
            self.report(
                &format!("{pointer}/on"),
                span(given),
                message,
                "write \"declaration\", or name a type that devices combine",
            );
        }
        let severity = word(self, "severity", &["error", "warning", "note"]);
        let message = self.message(node, pointer, base);
        let schema = node.member("schema");
        let validator = schema.and_then(|schema| self.schema(schema, &kinds, &format!("{pointer}/schema"), base));
        if self.findings.len() > before {
            return None;
        }
        let severity = match severity {
            Some(1) => Severity::Warning,
            Some(2) => Severity::Note,
            _ => Severity::Error,
        };
        let on = if on == Some(1) { On::Merged } else { On::Declaration };
        Some(Policy {
            rule: rule(&name?, severity, message?, &shown(self.file)),
            kinds,
            on,
            validator: validator?,
            file: self.file.clone(),
        })
    }

    /// Returns the name of a policy, or else the name derived from its file.
    fn name(&mut self, node: Node<'_>, pointer: &str, base: usize) -> Option<String> {
        if let Some(given) = node.member("name") {
            let here = format!("{pointer}/name");
            let span = given.span().start + base..given.span().end + base;
            let Some(name) = given.as_str().filter(|name| is_name(name)) else {
                let message = format!(
                    "the name must be lower-case words or digits joined by hyphens, with at most {LONGEST_NAME} characters"
                );
                self.report(&here, span, message, "write a name such as details-url");
                return None;
            };
            return Some(name.into_owned());
        }
        let stem = self.file.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let name = words.join("-");
        if pointer.is_empty() && is_name(&name) {
            return Some(name);
        }
        let span = node.span().start + base..node.span().end + base;
        let help = format!("add a name of at most {LONGEST_NAME} characters, for example \"name\": \"details-url\"");
        self.report(pointer, span, "the policy has no name", help);
        None
    }

    fn kinds(&mut self, node: Node<'_>, pointer: &str, base: usize) -> Vec<String> {
        let Some(given) = node.member("type") else { return Vec::new() };
        let all: Vec<(String, Node<'_>)> = match given.kind() {
            Kind::Array => given.elements().enumerate().map(|(at, item)| (format!("{pointer}/type/{at}"), item)).collect(),
            _ => vec![(format!("{pointer}/type"), given)],
        };
        let mut kinds = Vec::new();
        for (here, node) in &all {
            let span = node.span().start + base..node.span().end + base;
            let Some(name) = node.as_str() else {
                let help = format!("write \"{SETTINGS}\"");
                self.report(here, span, format!("type is {}, but must be a string", node.kind()), help);
                continue;
            };
            match unknown_type::judge(self.apple, &name) {
                Ok(()) => kinds.push(name.into_owned()),
                Err(invalid) => self.report(here, span, format!("type {}", invalid.problem), invalid.help),
            }
        }
        if all.is_empty() {
            let span = given.span().start + base..given.span().end + base;
            self.report(
                &format!("{pointer}/type"),
                span,
                "type is empty, so the policy applies to no declarations",
                "remove it, or name a type",
            );
        }
        kinds
    }

    /// Returns the index in `words` of the value of a key.
    fn word(&mut self, node: Node<'_>, key: &str, words: &[&str], pointer: &str, base: usize) -> Option<usize> {
        let given = node.member(key)?;
        let found = given.as_str().and_then(|text| words.iter().position(|word| *word == text));
        if found.is_none() {
            let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            let near = given.as_str().and_then(|text| nearest(&text, words.iter().copied()));
            let help = near.map_or_else(|| format!("write {}", list(&quoted, "or")), |near| format!("did you mean \"{near}\"?"));
            let span = given.span().start + base..given.span().end + base;
            self.report(&format!("{pointer}/{key}"), span, format!("{key} must be {}", list(&quoted, "or")), help);
        }
        found
    }

    fn message(&mut self, node: Node<'_>, pointer: &str, base: usize) -> Option<String> {
        let given = node.member("message")?;
        let text = given.as_str().unwrap_or_default();
        let is_right = !text.trim().is_empty() && text.chars().count() <= LONGEST_MESSAGE && !text.contains('\n');
        if !is_right {
            let message = format!("the message must be one line of 1 to {LONGEST_MESSAGE} characters");
            let span = given.span().start + base..given.span().end + base;
            self.report(
                &format!("{pointer}/message"),
                span,
                message,
                "say what is wrong, for example \"DetailsURL must be a page of our intranet\"",
            );
        }
        is_right.then(|| crate::words::visible(&text))
    }

    fn schema(&mut self, node: Node<'_>, kinds: &[String], pointer: &str, base: usize) -> Option<Validator> {
        let span = |span: Range<usize>| span.start + base..span.end + base;
        if !matches!(node.kind(), Kind::Object | Kind::Boolean) {
            let help = "write { \"properties\": { \"Payload\": { … } } }";
            self.report(pointer, span(node.span()), format!("schema is {}, but must be an object", node.kind()), help);
            return None;
        }
        let mut found = examine::examine(node);
        if found.is_empty() {
            found = names::examine(node, kinds, self.apple);
        }
        if !found.is_empty() {
            for diagnostic in found {
                self.take(diagnostic, pointer, base);
            }
            return None;
        }
        let patterns = PatternOptions::regex().size_limit(MAX_SCHEMA_PATTERN_BYTES).dfa_size_limit(MAX_SCHEMA_PATTERN_BYTES);
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .should_validate_formats(true)
            .should_ignore_unknown_formats(false)
            .with_pattern_options(patterns);
        let mut schema = to_json(node);
        if let Some(members) = schema.as_object_mut() {
            // The dialect is fixed, and references to the name of a schema are not supported.
            for name in ["$schema", "$id", "$anchor"] {
                members.remove(name);
            }
        }
        match options.build(&schema) {
            Ok(validator) => Some(validator),
            Err(error) => {
                let place = error.instance_path().as_str();
                let at = examine::resolve(node, place).unwrap_or(node);
                let keyword = place.rsplit('/').next().filter(|keyword| !keyword.is_empty()).unwrap_or("schema");
                let message = format!("{} has an invalid value: {}", shown(keyword), shown(&error.masked().to_string()));
                self.report(&format!("{pointer}{place}"), span(at.span()), message, "fix the value, or remove the keyword");
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A policy with every kind of keyword.
    const POLICY: &str = r##"{ "name": "own", "type": ["com.apple.activation.simple"], "on": "declaration", "message": "m",
  "schema": { "$defs": { "a": { "maximum": 3 } }, "properties": { "Payload": { "$ref": "#/$defs/a" } },
    "allOf": [{ "pattern": "^a+$" }], "required": ["Type"], "patternProperties": { "^x": true }, "not": { "enum": [1] } } }"##;

    #[test]
    fn any_text_yields_policies_or_findings_with_places() {
        let file: Arc<str> = Arc::from("own.json");
        let mut refused = 0;
        let mut read_all = |text: &[u8]| match read(Schema::built_in(), &file, text) {
            Ok(policies) => assert!(!policies.is_empty() || text.starts_with(b"[")),
            Err(findings) => {
                refused += 1;
                assert!(!findings.is_empty());
                for finding in findings {
                    let (start, end) = (finding.place.start.offset, finding.place.end.offset);
                    assert!(start <= end && end <= text.len().max(1), "{}", finding.message);
                }
            }
        };
        assert!(read(Schema::built_in(), &file, POLICY.as_bytes()).is_ok());
        for at in 0..POLICY.len() {
            read_all(&POLICY.as_bytes()[..at]);
            for byte in *b"\"{[]}:,#7\\\xff" {
                let mut text = POLICY.as_bytes().to_vec();
                text[at] = byte;
                read_all(&text);
            }
        }
        assert!(refused > 1000);
    }
}
