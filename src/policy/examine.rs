//! Looks through a schema before it is used: for keywords that nothing would read, for references that lead out, nowhere or in a circle,
//! and for patterns that are none.

use std::collections::HashMap;
use std::ops::Range;

use regex::RegexBuilder;

use super::keywords::{self, Holds};
use crate::diagnostic::{Diagnostic, Region};
use crate::rules::invalid_configuration;
use crate::syntax::{Kind, Node};
use crate::words::{nearest, shown};

/// The most schemas that a policy may have, with every reference followed: what it takes to judge one value.
const MOST_SCHEMAS: u64 = 10_000;

/// How deep schemas may lie in one another, with references followed.
const DEEPEST: usize = 100;

/// The most bytes that a compiled pattern may take.
pub(super) const MOST_PATTERN_BYTES: usize = 1 << 18;

/// The most references of a policy: each is looked for in the whole schema.
const MOST_REFERENCES: usize = 200;

/// After so many faults a schema is not looked at any further.
const MOST_FAULTS: usize = 20;

/// The most patterns of a policy.
const MOST_PATTERNS: usize = 200;

/// Everything that is wrong with a schema, by its own look. What the dialect says of the values of keywords is left to the validator.
pub(super) fn examine(root: Node<'_>) -> Vec<Diagnostic<Region>> {
    let mut examiner = Examiner { root, found: Vec::new(), sizes: HashMap::new(), patterns: 0, references: 0 };
    let size = examiner.schema(root, "", 0);
    if examiner.found.is_empty() && size > MOST_SCHEMAS {
        let message = format!("the schema is too large: with every reference followed it has more than {MOST_SCHEMAS} schemas");
        examiner.fault("", root.span(), message, "split it into several policies");
    }
    examiner.found
}

struct Examiner<'d> {
    root: Node<'d>,
    found: Vec<Diagnostic<Region>>,
    /// How many schemas each one comes to; `None` while that is being counted.
    sizes: HashMap<usize, Option<u64>>,
    patterns: usize,
    references: usize,
}

impl<'d> Examiner<'d> {
    fn fault(&mut self, pointer: &str, span: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        let place = Region { pointer: pointer.to_owned(), span };
        self.found.push(invalid_configuration::RULE.at(place, message).help(help));
    }

    /// Examines a schema once, and returns how many schemas it comes to.
    fn schema(&mut self, node: Node<'d>, pointer: &str, depth: usize) -> u64 {
        if node.kind() != Kind::Object || self.found.len() >= MOST_FAULTS {
            return 1;
        }
        // Where a value begins tells it from all others.
        let key = node.span().start;
        if let Some(Some(size)) = self.sizes.get(&key) {
            return *size;
        }
        if depth > DEEPEST {
            self.fault(pointer, node.span(), "the schema is too deep", "write it flatter, or split it into several policies");
            return 1;
        }
        self.sizes.insert(key, None);
        let mut size = 1_u64;
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in node.members() {
            let Some(text) = name.as_str() else { continue };
            let here = format!("{pointer}/{}", escaped(&text));
            if seen.iter().any(|other| *other == text) {
                self.fault(&here, name.span(), format!("{} stands here twice", shown(&text)), "keep one of the two");
            }
            seen.push(text.clone().into_owned());
            size = size.saturating_add(self.keyword(&text, name, value, &here, depth));
        }
        self.sizes.insert(key, Some(size));
        size
    }

    fn keyword(&mut self, text: &str, name: Node<'d>, value: Node<'d>, here: &str, depth: usize) -> u64 {
        let Some(holds) = keywords::holds(text) else {
            let (ending, help) = match nearest(text, keywords::names()) {
                Some(near) => (format!("; did you mean {near}?"), format!("rename it to {near}")),
                None if text.starts_with("$dynamic") || text.starts_with("$recursive") => {
                    (String::new(), "a policy may not refer to itself; use $ref".to_owned())
                }
                None => (String::new(), "remove it, or let its name begin with x-".to_owned()),
            };
            self.fault(here, name.span(), format!("unknown keyword {}{ending}", shown(text)), help);
            return 0;
        };
        match holds {
            Holds::Number
            | Holds::Count
            | Holds::Flag
            | Holds::Text
            | Holds::Names
            | Holds::NamesByName
            | Holds::Types
            | Holds::Values
            | Holds::Value => 0,
            Holds::Schema => self.schema(value, here, depth + 1),
            Holds::Schemas => {
                let items = value.elements().enumerate();
                items.fold(0, |size, (at, item)| size.saturating_add(self.schema(item, &format!("{here}/{at}"), depth + 1)))
            }
            Holds::Named | Holds::ByPattern => {
                let mut size = 0_u64;
                for (name, value) in value.members() {
                    let Some(text) = name.as_str() else { continue };
                    if holds == Holds::ByPattern {
                        self.pattern(&text, name, here);
                    }
                    size = size.saturating_add(self.schema(value, &format!("{here}/{}", escaped(&text)), depth + 1));
                }
                size
            }
            Holds::Pattern => {
                if let Some(text) = value.as_str() {
                    self.pattern(&text, value, here);
                }
                0
            }
            Holds::Identity => {
                // At the top it names the policy and changes nothing.
                if depth > 0 {
                    let help = "remove it, and refer to schemas by their places: #/$defs/NAME";
                    self.fault(here, name.span(), format!("{text} within a schema is not supported here"), help);
                }
                0
            }
            Holds::Reference => self.reference(value, here, depth),
        }
    }

    fn reference(&mut self, value: Node<'d>, here: &str, depth: usize) -> u64 {
        let Some(text) = value.as_str().filter(|_| self.references <= MOST_REFERENCES) else { return 0 };
        self.references += 1;
        if self.references > MOST_REFERENCES {
            let message = format!("the schema has more than {MOST_REFERENCES} references");
            self.fault(here, value.span(), message, "split it into several policies");
            return 0;
        }
        // What a validator would decode, this does not: both must come to the same schema.
        let is_plain = |c: char| c.is_ascii_graphic() && !"%\"<>\\^`{|}".contains(c);
        if !text.chars().all(is_plain) {
            let message = format!("the reference \"{}\" has signs that references write in another way", shown(&text));
            self.fault(here, value.span(), message, "give what it leads to a name of letters, digits and hyphens");
            return 0;
        }
        let Some(way) = text.strip_prefix('#').filter(|way| way.is_empty() || way.starts_with('/')) else {
            let message = format!("the reference \"{}\" leads out of this schema", shown(&text));
            self.fault(here, value.span(), message, "copy what is meant under $defs, and write #/$defs/NAME");
            return 0;
        };
        let Some(target) = resolve(self.root, way) else {
            let help = "write the way to a schema from the top of this one: #/$defs/NAME";
            self.fault(here, value.span(), format!("the reference \"{}\" leads nowhere", shown(&text)), help);
            return 0;
        };
        if let Some(None) = self.sizes.get(&target.span().start) {
            let message = format!("the reference \"{}\" leads in a circle", shown(&text));
            self.fault(here, value.span(), message, "a declaration is only as deep as its keys: write out what is meant");
            return 0;
        }
        self.schema(target, way, depth + 1)
    }

    fn pattern(&mut self, text: &str, node: Node<'d>, here: &str) {
        self.patterns += 1;
        if self.patterns == MOST_PATTERNS + 1 {
            let message = format!("the schema has more than {MOST_PATTERNS} patterns");
            self.fault(here, node.span(), message, "split it into several policies");
        }
        if self.patterns > MOST_PATTERNS {
            return;
        }
        if let Err(error) = RegexBuilder::new(text).size_limit(MOST_PATTERN_BYTES).build() {
            // The library draws a picture over several lines; its last line says what is wrong.
            let error = error.to_string();
            let words = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let (words, help) = if words.contains("look-around") || words.contains("backreferences") {
                ("it looks around or back", "say it with not, allOf or anyOf: patterns here run in linear time")
            } else if words.contains("size limit") {
                ("it is too large", "write it with fewer repetitions")
            } else {
                (words, "mend the regular expression; in JSON each of its backslashes is written twice")
            };
            self.fault(here, node.span(), format!("the pattern cannot be used: {}", shown(words)), help);
        }
    }
}

/// The value that a JSON pointer leads to.
pub(super) fn resolve<'d>(root: Node<'d>, pointer: &str) -> Option<Node<'d>> {
    pointer.split('/').skip(1).try_fold(root, |node, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        match node.kind() {
            Kind::Object => node.member(&step).or_else(|| {
                // A key that needs an escape.
                node.members().filter(|(key, _)| key.as_str().is_some_and(|key| key == step)).last().map(|(_, value)| value)
            }),
            Kind::Array => node.elements().nth(step.parse().ok()?),
            _ => None,
        }
    })
}

/// A name as a step of a JSON pointer.
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
