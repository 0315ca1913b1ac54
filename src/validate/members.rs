//! Reports the unknown, missing and repeated keys of an object.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::Validator;
use super::rules::{duplicate_key, missing_key, unknown_key};
use super::suggest::{self, Suggestion};
use crate::apple::{KeyId, Others, Rows};
use crate::diagnostic::{Severity, Spot};
use crate::limits::MAX_FINDINGS;
use crate::syntax::{Kind, Node, Path};
use crate::words::{MASK, speaks_of};

/// The maximum number of unknown keys with suggestions, which take time. An object with more is not a misspelled
/// payload.
const MAX_SUGGESTIONS: usize = 100;

/// The keys found in an object.
pub(super) struct Members<'d, 'l> {
    node: Node<'d>,
    rows: Rows,
    label: Option<&'l str>,
    /// The keys found, by their positions in the rows.
    found: KeySet,
    /// `None` unless something is wrong.
    wrong: Option<Box<Wrong<'d>>>,
}

#[derive(Default)]
struct Wrong<'d> {
    /// The first [`MAX_FINDINGS`] unknown keys.
    unknown: Vec<(Cow<'d, str>, Node<'d>, Node<'d>)>,
    /// The number of others that are findings.
    more: usize,
    /// The first occurrence of each of them.
    first_unknown: HashMap<Cow<'d, str>, Range<usize>>,
    /// Those that occur again.
    repeated_unknown: HashSet<Cow<'d, str>>,
    /// The first occurrence of each repeated key, and its last value.
    repeated: HashMap<String, (Range<usize>, Node<'d>)>,
}

/// A set of keys of one object.
#[derive(Default)]
struct KeySet([u64; Self::WORDS]);

impl KeySet {
    /// 512 bits, more than any object in Apple's schema needs.
    const WORDS: usize = 8;

    /// Adds a key. Returns whether it was present.
    fn insert(&mut self, position: usize) -> bool {
        let Some(word) = self.0.get_mut(position / 64) else { return false };
        let bit = 1 << (position % 64);
        let was_present = *word & bit != 0;
        *word |= bit;
        was_present
    }

    fn contains(&self, position: usize) -> bool {
        self.0.get(position / 64).is_some_and(|word| word & (1 << (position % 64)) != 0)
    }
}

impl<'d, 'l> Members<'d, 'l> {
    pub(super) fn new(node: Node<'d>, rows: Rows, label: Option<&'l str>) -> Self {
        Self { node, rows, label, found: KeySet::default(), wrong: None }
    }

    /// Records a key. Returns whether the object already has it.
    pub(super) fn is_repeated(&mut self, id: KeyId) -> bool {
        self.found.insert(self.rows.position(id))
    }

    /// Reports a repeated key, whose `first` occurrence this is. The last value counts.
    #[cold]
    pub(super) fn repeated(
        &mut self,
        (key, value): (Node<'d>, Node<'d>),
        name: &str,
        first: impl FnOnce() -> (Node<'d>, Node<'d>),
        path: &Path<'_>,
        validator: &mut Validator<'d>,
    ) {
        let wrong = self.wrong.get_or_insert_default();
        let repeated = wrong.repeated.entry(name.to_owned()).or_insert_with(|| {
            let (key, value) = first();
            (key.span(), value)
        });
        validator.marks.clear(repeated.1);
        repeated.1 = value;
        let diagnostic = duplicate_key::diagnostic(validator.site(key, path), name, repeated.0.clone());
        validator.diagnostics.push(diagnostic);
    }

    /// Records a key that the schema does not describe.
    #[cold]
    pub(super) fn unknown(&mut self, key: Node<'d>, value: Node<'d>, path: &Path<'_>, validator: &mut Validator<'d>) {
        let Some(name) = key.as_str() else { return };
        let wrong = self.wrong.get_or_insert_default();
        if let Some(first) = wrong.first_unknown.get(&name) {
            let written = Path::Key(path, &name);
            let diagnostic = duplicate_key::diagnostic(validator.site(key, &written), &name, first.clone());
            validator.diagnostics.push(diagnostic);
            wrong.repeated_unknown.insert(name);
            return;
        }
        if wrong.unknown.len() < MAX_FINDINGS {
            wrong.first_unknown.insert(name.clone(), key.span());
            wrong.unknown.push((name, key, value));
        } else {
            let is_finding = match others(path, validator) {
                Others::Any { ours, .. } => is_meant(&name, &Suggestion::Unknown(Vec::new()), ours),
                Others::None | Others::These(_) => true,
            };
            wrong.more += usize::from(is_finding && !is_expected(&name, path, validator));
        }
    }

    /// Reports the unknown and the missing keys. Returns whether no key is missing.
    pub(super) fn finish(self, path: &Path<'_>, validator: &mut Validator<'d>) -> bool {
        let schema = validator.schema;
        let is_missing = |id: KeyId| !self.found.contains(self.rows.position(id)) && !schema.note(id).is_added_by_server;
        let missing = schema.keys(self.rows).filter(|(id, key)| key.is_required && is_missing(*id));
        let missing: Vec<KeyId> = missing.map(|(id, _)| id).collect();
        if self.wrong.is_some() || !missing.is_empty() {
            self.report(&missing, path, validator);
        }
        missing.is_empty()
    }

    #[cold]
    fn report(self, missing: &[KeyId], path: &Path<'_>, validator: &mut Validator<'d>) {
        let meant = self.report_unknown(path, validator);
        // A misspelled key is one mistake, not two.
        let missing: Vec<KeyId> = missing.iter().copied().filter(|id| !meant.contains(id)).collect();
        if !missing.is_empty() && self.node.is_complete() {
            let diagnostic = missing_key::diagnostic(validator.site(self.node, path), &missing);
            validator.diagnostics.push(diagnostic);
        }
    }

    /// Reports every unknown key, and judges its value as that of the key that was meant. Returns the keys that were
    /// meant.
    fn report_unknown(&self, path: &Path<'_>, validator: &mut Validator<'d>) -> Vec<KeyId> {
        let Some(wrong) = &self.wrong else { return Vec::new() };
        let schema = validator.schema;
        let here: Vec<(KeyId, &'d str, bool)> =
            schema.keys(self.rows).map(|(id, key)| (id, &*key.name, self.found.contains(self.rows.position(id)))).collect();
        let others = others(path, validator);
        let has_suggestions = wrong.unknown.len() <= MAX_SUGGESTIONS;
        let mut meant = Vec::new();
        for (name, key, value) in &wrong.unknown {
            if is_expected(name, path, validator) {
                continue;
            }
            let suggestion = if has_suggestions {
                suggest::key(name, *value, &here, self.label, path, validator)
            } else {
                Suggestion::Unknown(Vec::new())
            };
            if let Others::Any { ours, .. } = others
                && !is_meant(name, &suggestion, ours)
            {
                continue;
            }
            let shown = if validator.secrets().hides_key(name) { MASK } else { name };
            let written = Path::Key(path, name);
            let spot = Spot::at(written.pointer(), key.span());
            let mut diagnostic = unknown_key::diagnostic(spot, (shown, path), &suggestion, validator);
            if wrong.repeated_unknown.contains(name) {
                diagnostic.fix = None;
            }
            validator.diagnostics.push(diagnostic);
            match suggestion {
                Suggestion::Respell { id, key: name, .. } => {
                    let is_right = validator.value(*value, &written, id);
                    validator.marks.set(*value, is_right);
                    // If two keys are meant as one, neither counts.
                    let place = (self.node.index(), name);
                    if meant.contains(&id) {
                        validator.meant.remove(&place);
                    } else {
                        validator.meant.insert(place, (*key, *value));
                    }
                    meant.push(id);
                }
                Suggestion::Move { id, is_only: true, .. } => {
                    validator.value(*value, &written, id);
                }
                Suggestion::Unwrap(_) | Suggestion::Inner if value.kind() == Kind::Object => {
                    validator.object(*value, &written, self.rows, None);
                    meant.extend(here.iter().map(|(id, ..)| *id));
                }
                _ => {}
            }
        }
        validator.diagnostics.count(wrong.more, Severity::Error);
        meant
    }
}

/// What keys an object may have that the schema does not describe.
fn others(path: &Path<'_>, validator: &Validator<'_>) -> Others {
    // Servers that write keys in snake case add their own keys beside the command.
    let is_open = validator.notation.is_snake && matches!(path, Path::Root);
    if is_open { Others::Any { known: &[], ours: &[] } } else { validator.others }
}

/// Whether the organisation allows an unknown key, or the container has it.
fn is_expected(name: &str, path: &Path<'_>, validator: &Validator<'_>) -> bool {
    let is_allowed = |allowed: &String| match allowed.strip_prefix('/') {
        Some(_) => *allowed == Path::Key(path, name).pointer(),
        None => **allowed == *name,
    };
    matches!(others(path, validator), Others::These(known) | Others::Any { known, .. } if known.contains(&name))
        || validator.allowed.iter().any(is_allowed)
}

/// Whether an unknown key of an open object was meant as one of ours: misspelled, misplaced, or on the same subject.
fn is_meant(key: &str, suggestion: &Suggestion<'_>, ours: &[&str]) -> bool {
    match suggestion {
        Suggestion::Respell { .. } | Suggestion::Remove(_) => true,
        Suggestion::Move { key: name, .. } => name.eq_ignore_ascii_case(key),
        Suggestion::Unwrap(_)
        | Suggestion::Succeeded { .. }
        | Suggestion::Inner
        | Suggestion::Nothing(_)
        | Suggestion::Unknown(_) => speaks_of(key, ours),
    }
}
