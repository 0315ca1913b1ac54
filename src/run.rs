//! What a run knows beyond single files: which severities are in force, and which declarations were seen before.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::document::Position;
use crate::finding::{Finding, Place, Related, Severity};
use crate::lint::Declared;
use crate::model::DeclarationType;
use crate::rules::{RULES, Rule, duplicate_identifier};
use crate::set::Together;
use crate::words::shown;

/// The severity of every rule, where it was set. The only place that changes a severity.
#[derive(Debug, Default, Clone)]
pub(crate) struct Severities {
    set: HashMap<&'static str, Option<Severity>>,
}

impl Severities {
    /// Sets a rule to a severity, or with `None` turns it off.
    pub(crate) fn set(&mut self, rule: &'static Rule, severity: Option<Severity>) {
        self.set.insert(rule.id, severity);
    }

    /// Whether a rule is on that is off unless somebody asks for it.
    pub(crate) fn has_optional(&self) -> bool {
        RULES.iter().any(|rule| rule.is_optional && matches!(self.set.get(rule.id), Some(Some(_))))
    }

    /// Gives every finding the severity in force, and drops those of rules that are off.
    pub(crate) fn apply(&self, findings: &mut Vec<Finding>) {
        findings.retain_mut(|finding| match self.set.get(finding.rule.id) {
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
            Some(None) => false,
            None => !finding.rule.is_optional,
        });
    }
}

/// The declarations of a run by their identifiers.
#[derive(Default)]
pub(crate) struct Seen {
    first: HashMap<Box<str>, First>,
    /// The later ones, where they are in a set that the user names.
    again: HashMap<Box<str>, Vec<First>>,
    /// Every file that has declarations, and the sets in which they are active.
    files: Vec<(Arc<str>, Vec<usize>)>,
}

/// The first declaration of an identifier, in few bytes: a run may see millions.
struct First {
    file: usize,
    content: u64,
    index: usize,
    start: Position,
    end: Position,
}

impl Seen {
    /// Notes the declarations of a file, and reports those whose identifier was seen before.
    ///
    /// Two of them are an error where they are known to be active together: all are, or both files are in one of the `sets`.
    pub(crate) fn note(
        &mut self,
        file: &Arc<str>,
        sets: &[usize],
        declarations: &[Declared],
        together: Together,
        findings: &mut Vec<Finding>,
    ) {
        if declarations.is_empty() {
            return;
        }
        if self.files.last().is_none_or(|(last, _)| last != file) {
            self.files.push((file.clone(), sets.to_vec()));
        }
        for declared in declarations {
            let Declared { identifier: Some(identifier), is_named: true, kind, content, index, start, end, .. } = declared else {
                continue;
            };
            let (content, index, start, end) = (*content, *index, *start, *end);
            let place = |file: &Arc<str>| Place { file: file.clone(), index, pointer: "/Identifier".to_owned(), start, end };
            match self.first.entry(identifier.clone()) {
                Entry::Occupied(entry) => {
                    let is_beside = |other: &&First| sets.iter().any(|set| self.files[other.file].1.contains(set));
                    let again = self.again.get(identifier).into_iter().flatten();
                    let beside = std::iter::once(entry.get()).chain(again).find(is_beside);
                    let is_set = together == Together::All || beside.is_some();
                    let other = beside.unwrap_or(entry.get());
                    let related = place_of(other, &self.files[other.file].0);
                    let is_copy = other.content == content;
                    if !sets.is_empty() {
                        let this = First { file: self.files.len() - 1, content, index, start, end };
                        self.again.entry(identifier.clone()).or_default().push(this);
                    }
                    findings.push(finding(entry.key(), kind.as_ref(), place(file), related, (is_copy, is_set)));
                }
                Entry::Vacant(entry) => {
                    entry.insert(First { file: self.files.len() - 1, content, index, start, end });
                }
            }
        }
    }
}

fn place_of(first: &First, file: &Arc<str>) -> Place {
    Place { file: file.clone(), index: first.index, pointer: "/Identifier".to_owned(), start: first.start, end: first.end }
}

fn finding(
    identifier: &str,
    kind: Option<&DeclarationType>,
    place: Place,
    first: Place,
    (is_copy, is_set): (bool, bool),
) -> Finding {
    let shown = shown(identifier);
    let (severity, message, help) = if is_copy {
        (Severity::Note, format!("this declaration, {shown}, is an exact copy of an earlier one"), "keep one of the two")
    } else {
        (
            if is_set { Severity::Error } else { duplicate_identifier::RULE.severity },
            format!("another declaration that says something else is called {shown} too"),
            "give each an identifier of its own, unless the two never reach the same device",
        )
    };
    Finding {
        rule: &duplicate_identifier::RULE,
        severity,
        message,
        help: Some(help.to_owned()),
        identifier: Some(Arc::from(identifier)),
        declaration_type: kind.map(|kind| Arc::from(kind.as_str())),
        place,
        related: vec![Related { message: "the identifier was first used here".to_owned(), place: first }],
        fix: None,
    }
}
