//! Checks a policy's schema before it is used: for unknown keywords, for references that are external, dangling or
//! circular, and for invalid patterns.

use std::collections::HashMap;
use std::ops::Range;

use regex::RegexBuilder;

use super::keywords::{self, ValueKind};
use crate::diagnostic::{Diagnostic, Region};
use crate::limits::{MAX_SCHEMA_DEPTH, MAX_SCHEMA_PATTERN_BYTES, MAX_SCHEMA_PATTERNS, MAX_SCHEMA_REFERENCES, MAX_SCHEMAS};
use crate::rules::invalid_configuration;
use crate::syntax::{Kind, Node, escaped};
use crate::words::{nearest, shown};

/// The check of a schema stops after this many findings.
const MOST_FINDINGS: usize = 20;

/// Returns the findings about a schema. The validator checks the values of keywords later.
pub(super) fn examine(root: Node<'_>) -> Vec<Diagnostic<Region>> {
    let mut examiner = Examiner { root, found: Vec::new(), sizes: HashMap::new(), patterns: 0, references: 0 };
    let size = examiner.schema(root, "", 0);
    if examiner.found.is_empty() && size > MAX_SCHEMAS {
        let message = format!("the schema is too large: with all references expanded it has more than {MAX_SCHEMAS} schemas");
        examiner.report("", root.span(), message, "split it into several policies");
    }
    examiner.found
}

struct Examiner<'d> {
    root: Node<'d>,
    found: Vec<Diagnostic<Region>>,
    /// The number of schemas in each schema, by its byte offset; `None` while it is being counted.
    sizes: HashMap<usize, Option<u64>>,
    patterns: usize,
    references: usize,
}

impl<'d> Examiner<'d> {
    fn report(&mut self, pointer: &str, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let place = Region { pointer: pointer.to_owned(), span };
        self.found.push(invalid_configuration::RULE.at(place, message).help(help));
    }

    /// Checks a schema once, and returns the number of schemas in it.
    fn schema(&mut self, node: Node<'d>, pointer: &str, depth: usize) -> u64 {
        if node.kind() != Kind::Object || self.found.len() >= MOST_FINDINGS {
            return 1;
        }
        let key = node.span().start;
        if let Some(Some(size)) = self.sizes.get(&key) {
            return *size;
        }
        if depth > MAX_SCHEMA_DEPTH {
            let message = format!("the schema is nested more than {MAX_SCHEMA_DEPTH} levels deep");
            self.report(pointer, node.span(), message, "flatten it, or split it into several policies");
            return 1;
        }
        self.sizes.insert(key, None);
        let mut size = 1_u64;
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in node.members() {
            let Some(text) = name.as_str() else { continue };
            let here = format!("{pointer}/{}", escaped(&text));
            if seen.iter().any(|other| *other == text) {
                self.report(
                    &here,
                    name.span(),
                    format!("{} appears twice in the same object", shown(&text)),
                    "keep one of the two",
                );
            }
            seen.push(text.clone().into_owned());
            size = size.saturating_add(self.keyword(&text, name, value, &here, depth));
        }
        self.sizes.insert(key, Some(size));
        size
    }

    fn keyword(&mut self, text: &str, name: Node<'d>, value: Node<'d>, here: &str, depth: usize) -> u64 {
        let Some(kind) = keywords::value_kind(text) else {
            let (ending, help) = match nearest(text, keywords::names()) {
                Some(near) => (format!("; did you mean {near}?"), format!("rename it to {near}")),
                None if text.starts_with("$dynamic") || text.starts_with("$recursive") => {
                    (String::new(), "use $ref; recursive schemas are not supported".to_owned())
                }
                None => (String::new(), "remove it, or prefix its name with x-".to_owned()),
            };
            self.report(here, name.span(), format!("unknown keyword {}{ending}", shown(text)), help);
            return 0;
        };
        match kind {
            ValueKind::Number
            | ValueKind::Count
            | ValueKind::Flag
            | ValueKind::Text
            | ValueKind::Names
            | ValueKind::NamesByName
            | ValueKind::Types
            | ValueKind::Values
            | ValueKind::Value => 0,
            ValueKind::Schema => self.schema(value, here, depth + 1),
            ValueKind::Schemas => {
                let items = value.elements().enumerate();
                items.fold(0, |size, (at, item)| size.saturating_add(self.schema(item, &format!("{here}/{at}"), depth + 1)))
            }
            ValueKind::Named | ValueKind::ByPattern => {
                let mut size = 0_u64;
                for (name, value) in value.members() {
                    let Some(text) = name.as_str() else { continue };
                    if kind == ValueKind::ByPattern {
                        self.pattern(&text, name, here);
                    }
                    size = size.saturating_add(self.schema(value, &format!("{here}/{}", escaped(&text)), depth + 1));
                }
                size
            }
            ValueKind::Pattern => {
                if let Some(text) = value.as_str() {
                    self.pattern(&text, value, here);
                }
                0
            }
            ValueKind::Identity => {
                // At the top of the schema it has no effect.
                if depth > 0 {
                    let help = "remove it, and refer to the schema by its path: #/$defs/NAME";
                    self.report(here, name.span(), format!("{text} is only supported at the top of the schema"), help);
                }
                0
            }
            ValueKind::Reference => self.reference(value, here, depth),
        }
    }

    fn reference(&mut self, value: Node<'d>, here: &str, depth: usize) -> u64 {
        let Some(text) = value.as_str().filter(|_| self.references <= MAX_SCHEMA_REFERENCES) else { return 0 };
        self.references += 1;
        if self.references > MAX_SCHEMA_REFERENCES {
            let message = format!("the schema has more than {MAX_SCHEMA_REFERENCES} references");
            self.report(here, value.span(), message, "split it into several policies");
            return 0;
        }
        // The validator percent-decodes references, and this check does not. Both must resolve to the same schema.
        let is_plain = |c: char| c.is_ascii_graphic() && !"%\"<>\\^`{|}".contains(c);
        if !text.chars().all(is_plain) {
            let message = format!("the reference \"{}\" has characters that are not supported in references", shown(&text));
            self.report(here, value.span(), message, "use only letters, digits and hyphens in the name of its target");
            return 0;
        }
        let Some(path) = text.strip_prefix('#').filter(|path| path.is_empty() || path.starts_with('/')) else {
            let message = format!("the reference \"{}\" points outside this schema", shown(&text));
            self.report(here, value.span(), message, "copy its target to $defs, and write #/$defs/NAME");
            return 0;
        };
        let Some(target) = resolve(self.root, path) else {
            let help = "write the path of a schema from the top of this one: #/$defs/NAME";
            self.report(here, value.span(), format!("the reference \"{}\" has no target", shown(&text)), help);
            return 0;
        };
        if let Some(None) = self.sizes.get(&target.span().start) {
            let message = format!("the reference \"{}\" is circular", shown(&text));
            self.report(here, value.span(), message, "remove it: declarations are not recursive, so write out each level");
            return 0;
        }
        self.schema(target, path, depth + 1)
    }

    fn pattern(&mut self, text: &str, node: Node<'d>, here: &str) {
        self.patterns += 1;
        if self.patterns == MAX_SCHEMA_PATTERNS + 1 {
            let message = format!("the schema has more than {MAX_SCHEMA_PATTERNS} patterns");
            self.report(here, node.span(), message, "split it into several policies");
        }
        if self.patterns > MAX_SCHEMA_PATTERNS {
            return;
        }
        if let Err(error) = RegexBuilder::new(text).size_limit(MAX_SCHEMA_PATTERN_BYTES).build() {
            // The error has several lines. The last one is the message.
            let error = error.to_string();
            let message = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let (message, help) = if message.contains("look-around") || message.contains("backreferences") {
                ("look-around and backreferences are not supported", "use not, allOf or anyOf: patterns run in linear time")
            } else if message.contains("size limit") {
                ("it is too large when compiled", "use fewer repetitions")
            } else {
                (message, "fix the regular expression; in JSON, write each backslash twice")
            };
            self.report(here, node.span(), format!("the pattern is invalid: {}", shown(message)), help);
        }
    }
}

/// Returns the value at a JSON pointer.
pub(super) fn resolve<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    pointer.split('/').skip(1).try_fold(root, |node, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        match node.kind() {
            Kind::Object => node.member(&step).or_else(|| {
                // The key is written with an escape.
                node.members().filter(|(key, _)| key.as_str().is_some_and(|key| key == step)).last().map(|(_, value)| value)
            }),
            Kind::Array => node.elements().nth(step.parse().ok()?),
            _ => None,
        }
    })
}
