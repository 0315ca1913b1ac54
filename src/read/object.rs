//! Reads one object against the rows of its table.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::problem::MissingKey;
use super::suggest::{self, Suggestion};
use super::{Dialect, Problem, ProblemKind, Problems};
use crate::document::{Kind, Node, Path};
use crate::keys::{AnyKey, Group, Key, Others, Place, Row, Rows, Value};
use crate::words::speaks_of;

/// A document of the model, and which of its keys were really read.
///
/// A key that is there and was not read holds a placeholder or a wrong value. Rules must conclude nothing from it, so they ask here
/// and not the document.
pub(crate) struct Object<D: 'static> {
    value: D,
    rows: Rows<D>,
    /// The keys that stand in the document, those whose value is not null, and those whose value could be read: one bit a row.
    named: u64,
    present: u64,
    read: u64,
}

impl<D> Object<D> {
    /// A document that was not read but made: every key that is set counts as read.
    pub(crate) fn whole(value: D, rows: Rows<D>) -> Self {
        let set = rows.iter().enumerate().filter(|(_, row)| row.is_set(&value)).fold(0, |bits, (at, _)| bits | 1 << at);
        Self { value, rows, named: set, present: set, read: set }
    }

    /// The value of a key, if it could be read. Of long values it must be known that they are kept.
    pub(crate) fn get<T: Value>(&self, key: &'static Key<D, T>) -> Option<&T> {
        if self.read & self.bit(key) == 0 {
            return None;
        }
        let value = (key.field.get)(&self.value);
        debug_assert!(value.is_some(), "{:?} was judged and not kept", key.path);
        value
    }

    /// Whether the key stands there, and its value is not known: a placeholder, null, or something wrong.
    pub(crate) fn is_unknown<T: Value>(&self, key: &'static Key<D, T>) -> bool {
        self.named & !self.read & self.bit(key) != 0
    }

    /// Whether the document has the key, whatever its value, but for null.
    pub(crate) fn has<T: Value>(&self, key: &'static Key<D, T>) -> bool {
        self.present & self.bit(key) != 0
    }

    /// The keys that stand in the document, whatever their values.
    pub(crate) fn named(&self) -> Vec<&'static dyn AnyKey> {
        let rows = self.rows.rows.iter().enumerate().filter(|(at, _)| self.named & (1 << at) != 0);
        rows.map(|(_, row)| *row as &dyn AnyKey).collect()
    }

    /// Whether every key in it could be read and none is missing.
    pub(crate) fn is_complete(&self) -> bool {
        self.present == self.read && self.rows.required & !self.read == 0
    }

    /// The document, if it is complete.
    pub(crate) fn complete(self) -> Option<D> {
        self.is_complete().then_some(self.value)
    }

    /// The document, with the default in place of whatever could not be read.
    pub(crate) fn into_value(self) -> D {
        self.value
    }

    fn bit<T: Value>(&self, key: &'static Key<D, T>) -> u64 {
        let row: &dyn Row<D> = key;
        self.rows.iter().position(|other| std::ptr::addr_eq(*other, row)).map_or(0, |at| 1 << at)
    }
}

/// Reads an object and all objects in it that its table describes.
pub(crate) fn read_object<D: Default>(node: Node<'_>, path: Path<'_>, rows: Rows<D>, problems: &mut Problems) -> Object<D> {
    let mut object = Object { value: D::default(), rows, named: 0, present: 0, read: 0 };
    read_members(node, &path, Group::TOP, &mut object, problems);
    object
}

/// Reads the members of one object: those of the rows of `group`.
fn read_members<D>(node: Node<'_>, path: &Path<'_>, group: Group, object: &mut Object<D>, problems: &mut Problems) {
    let table = object.rows;
    let dialect = problems.dialect;
    // What this object has; the objects in it add what they have by themselves.
    let (mut named, mut present, mut read) = (0_u64, 0, 0);
    // Of what is wrong, nothing is made before something is.
    let mut unknown: Option<Unknown<'_>> = None;
    let mut first: Option<HashMap<String, Range<usize>>> = None;
    for (key, value) in node.members() {
        let row = match key.as_plain_bytes() {
            Some(name) if dialect == Dialect::Apple => table.find(group, name),
            _ => table.search(group, |name| dialect.is(key, name)),
        };
        let Some(at) = row else {
            let Some(name) = key.as_str() else { continue };
            unknown.get_or_insert_default().push(name, key.span(), value.kind(), path, problems);
            continue;
        };
        let bit = 1 << at;
        let name = dialect.write(table.name(at));
        let path = &Path::Key(path, &name);
        if named & bit != 0 {
            duplicate(node, key, &name, first.get_or_insert_default(), path, problems);
            forget(object, table[at].path());
        }
        named |= bit;
        // null says nothing, so no rule may conclude anything from it; its type is wrong all the same.
        if !value.is_null() {
            present |= bit;
        }
        read &= !bit;
        if table[at].read(value, &mut Place { path, problems }, &mut object.value) {
            read |= bit;
            if table.groups & bit != 0 {
                read_members(value, path, Group::of(at), object, problems);
            }
        }
    }
    object.named |= named;
    object.present |= present;
    object.read |= read;
    let absent = table.required & !named;
    if absent == 0 && unknown.is_none() {
        return;
    }
    let group = table.path(group);
    let missing: Vec<MissingKey> = if absent == 0 {
        Vec::new()
    } else {
        let rows = table.iter().enumerate().filter(|(at, row)| absent & (1 << at) != 0 && row.group() == group);
        rows.map(|(_, row)| MissingKey { name: row.name(), meaning: row.meaning(), example: row.example() }).collect()
    };
    if missing.is_empty() && unknown.is_none() {
        return;
    }
    let suggestions = unknown.unwrap_or_default().judge(path, table, group, |at| named & (1 << at) != 0, problems);
    if !missing.is_empty() && node.is_complete() {
        let meant = suggestions
            .into_iter()
            .filter(|(_, _, suggestion)| missing.iter().any(|key| suggestion.is_meant_as(key.name)))
            .map(|(key, span, suggestion)| (key.into_owned(), suggestion, span))
            .collect();
        problems.push(Problem::new(ProblemKind::MissingKeys { keys: missing, meant }, path, node.span()));
    }
}

/// Forgets the members of a group that stands there once more: the last one counts.
fn forget<D>(object: &mut Object<D>, group: &[&str]) {
    for (at, _) in object.rows.iter().enumerate().filter(|(_, row)| row.group() == group) {
        let kept = !(1 << at);
        object.named &= kept;
        object.present &= kept;
        object.read &= kept;
    }
}

/// Reports a key that stands in the object for another time. `first` remembers where each such key stands for the first time.
fn duplicate(
    object: Node<'_>,
    key: Node<'_>,
    name: &str,
    first: &mut HashMap<String, Range<usize>>,
    path: &Path<'_>,
    problems: &mut Problems,
) {
    if !first.contains_key(name)
        && let Some((key, _)) = object.members().find(|(key, _)| key.is_str(name))
    {
        first.insert(name.to_owned(), key.span());
    }
    if let Some(first) = first.get(name) {
        let kind = ProblemKind::DuplicateKey { key: name.to_owned(), first: first.clone() };
        problems.push(Problem::new(kind, path, key.span()));
    }
}

/// With more unknown keys than this an object is no misspelled payload, and looking for what was meant takes time.
const MOST_JUDGED: usize = 100;

/// The members of an object that no row describes.
#[derive(Default)]
struct Unknown<'d> {
    keys: Vec<(Cow<'d, str>, Range<usize>, Kind)>,
    first: HashMap<Cow<'d, str>, Range<usize>>,
}

impl<'d> Unknown<'d> {
    fn push(&mut self, name: Cow<'d, str>, span: Range<usize>, kind: Kind, path: &Path<'_>, problems: &mut Problems) {
        if let Some(first) = self.first.get(&name) {
            let duplicate = ProblemKind::DuplicateKey { key: name.clone().into_owned(), first: first.clone() };
            problems.push(Problem::new(duplicate, &Path::Key(path, &name), span));
            return;
        }
        self.first.insert(name.clone(), span.clone());
        self.keys.push((name, span, kind));
    }

    /// Reports every unknown key, now that it is known which keys the object has.
    fn judge<D>(
        self,
        path: &Path<'_>,
        rows: Rows<D>,
        group: &[&str],
        is_set: impl Fn(usize) -> bool,
        problems: &mut Problems,
    ) -> Vec<(Cow<'d, str>, Range<usize>, Suggestion)> {
        let here: Vec<(&'static str, bool)> =
            rows.iter().enumerate().filter(|(_, row)| row.group() == group).map(|(at, row)| (row.name(), is_set(at))).collect();
        let looks = self.keys.len() <= MOST_JUDGED;
        let mut judged = Vec::with_capacity(self.keys.len());
        // Where keys are written in another way, servers put keys of their own beside the command.
        let is_open = problems.dialect == Dialect::Snake && matches!(path, Path::Root);
        let others = if is_open { Others::Any { known: &[], ours: &[] } } else { rows.others };
        for (key, span, kind) in self.keys {
            let is_known = |known: &[&str]| known.contains(&&*key);
            if matches!(others, Others::These(known) | Others::Any { known, .. } if is_known(known)) {
                continue;
            }
            let suggestion =
                if looks { suggest::key(&key, kind, &here, path, problems) } else { Suggestion::Unknown(Vec::new()) };
            if let Others::Any { ours, .. } = others
                && !is_meant(&key, &suggestion, ours)
            {
                continue;
            }
            let problem = ProblemKind::UnknownKey { key: key.clone().into_owned(), suggestion: suggestion.clone() };
            problems.push(Problem::new(problem, &Path::Key(path, &key), span.clone()));
            judged.push((key, span, suggestion));
        }
        judged
    }
}

/// Whether a key of an object that has any keys was meant to be one of ours: it is misspelled or misplaced, or speaks of the same thing.
fn is_meant(key: &str, suggestion: &Suggestion, ours: &[&str]) -> bool {
    match suggestion {
        Suggestion::Respell(_) | Suggestion::Remove(_) => true,
        Suggestion::Move { key: name, .. } => name.eq_ignore_ascii_case(key),
        Suggestion::Unwrap(_) | Suggestion::Unknown(_) => speaks_of(key, ours),
    }
}
