//! Reads the members of an object against the rows of its table.
//!
//! Every key of every document passes here, and there is one such function for all tables: it knows no document, so that the code that
//! reads one kind is still in the cache of the processor when another one comes.

use std::collections::HashMap;
use std::ops::Range;

use super::problem::MissingKey;
use super::unknown::Unknown;
use super::{Dialect, Problem, ProblemKind, Problems};
use crate::document::{Node, Path};
use crate::keys::{Group, Keys, Place, Shape, Step};

/// The keys that an object has: one bit a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Members {
    /// Those that stand in the document.
    pub(super) named: u64,
    /// Those whose value is not null.
    pub(super) present: u64,
    /// Those whose value could be read.
    pub(super) read: u64,
}

/// Reads the value of a row, and returns whether that could be done.
pub(super) type Read<'r> = dyn FnMut(usize, Node<'_>, &mut Place<'_, '_>) -> bool + 'r;

/// Reads the members of an object, and of the objects in it that have rows of their own.
pub(super) fn read_members(
    node: Node<'_>,
    path: &Path<'_>,
    keys: &Keys,
    problems: &mut Problems,
    read: &mut Read<'_>,
) -> Members {
    let mut inner = Members::default();
    let own = Reader { keys, inner: &mut inner, read }.group(node, path, Group::TOP, problems);
    Members { named: own.named | inner.named, present: own.present | inner.present, read: own.read | inner.read }
}

struct Reader<'r, 'f> {
    keys: &'r Keys,
    /// The keys of the objects in this one.
    inner: &'r mut Members,
    read: &'r mut Read<'f>,
}

impl Reader<'_, '_> {
    /// Reads one object: the rows of `group`.
    fn group(&mut self, node: Node<'_>, path: &Path<'_>, group: Group, problems: &mut Problems) -> Members {
        let dialect = problems.dialect;
        let mut own = Members::default();
        // Of what is wrong, nothing is made before something is.
        let mut amiss: Option<Box<Amiss<'_>>> = None;
        for (key, value) in node.members() {
            let row = match key.as_plain_bytes() {
                Some(name) if dialect == Dialect::Apple => self.keys.find(group, name),
                _ => self.keys.search(group, |name| dialect.is(key, name)),
            };
            let Some(row) = row else {
                amiss.get_or_insert_default().unknown(key, value, path, problems);
                continue;
            };
            let bit = 1 << row;
            let Step { name, shape, .. } = *self.keys.step(row);
            let written;
            let name = if dialect == Dialect::Apple {
                name
            } else {
                written = dialect.write(name);
                &written
            };
            let path = &Path::Key(path, name);
            if own.named & bit != 0 {
                amiss.get_or_insert_default().again(node, key, name, path, problems);
                self.forget(self.keys[row].path());
            }
            own.named |= bit;
            // null says nothing, so no rule may conclude anything from it; its type is wrong all the same.
            if !value.is_null() {
                own.present |= bit;
            }
            own.read &= !bit;
            let place = &mut Place { path, problems };
            if place.takes(shape, value) && (self.read)(row, value, place) {
                own.read |= bit;
                if matches!(shape, Shape::Group) {
                    let Members { named, present, read } = self.group(value, path, Group::of(row), problems);
                    self.inner.named |= named;
                    self.inner.present |= present;
                    self.inner.read |= read;
                }
            }
        }
        if amiss.is_some() || self.keys.required & !own.named != 0 {
            amiss.unwrap_or_default().judge(node, path, self.keys, group, own.named, problems);
        }
        own
    }

    /// Forgets the members of a group that stands there once more: the last one counts.
    #[cold]
    fn forget(&mut self, group: &[&str]) {
        for (row, _) in self.keys.iter().enumerate().filter(|(_, row)| row.group() == group) {
            let kept = !(1 << row);
            self.inner.named &= kept;
            self.inner.present &= kept;
            self.inner.read &= kept;
        }
    }
}

/// What is wrong with the keys of an object.
#[derive(Default)]
struct Amiss<'d> {
    unknown: Unknown<'d>,
    /// Where each key that is there several times stands for the first time.
    first: HashMap<String, Range<usize>>,
}

impl<'d> Amiss<'d> {
    /// Takes a key that no row describes.
    #[cold]
    fn unknown(&mut self, key: Node<'d>, value: Node<'d>, path: &Path<'_>, problems: &mut Problems) {
        if let Some(name) = key.as_str() {
            self.unknown.push(name, key.span(), value.kind(), path, problems);
        }
    }

    /// Reports a key that stands in the object for another time.
    #[cold]
    fn again(&mut self, object: Node<'_>, key: Node<'_>, name: &str, path: &Path<'_>, problems: &mut Problems) {
        if !self.first.contains_key(name)
            && let Some((key, _)) = object.members().find(|(key, _)| key.is_str(name))
        {
            self.first.insert(name.to_owned(), key.span());
        }
        if let Some(first) = self.first.get(name) {
            let kind = ProblemKind::DuplicateKey { key: name.to_owned(), first: first.clone() };
            problems.push(Problem::new(kind, path, key.span()));
        }
    }

    /// Reports what is unknown and what is missing, now that it is known which keys the object has.
    #[cold]
    fn judge(self, node: Node<'d>, path: &Path<'_>, keys: &Keys, group: Group, named: u64, problems: &mut Problems) {
        let group = keys.path(group);
        let rows = keys.iter().enumerate().filter(|(row, key)| keys.required & !named & (1 << row) != 0 && key.group() == group);
        let missing: Vec<MissingKey> =
            rows.map(|(_, key)| MissingKey { name: key.name(), meaning: key.meaning(), example: key.example() }).collect();
        let suggestions = self.unknown.judge(path, keys, group, |row| named & (1 << row) != 0, problems);
        if !missing.is_empty() && node.is_complete() {
            let meant = suggestions
                .into_iter()
                .filter(|(_, _, suggestion)| missing.iter().any(|key| suggestion.is_meant_as(key.name)))
                .map(|(key, span, suggestion)| (key.into_owned(), suggestion, span))
                .collect();
            problems.push(Problem::new(ProblemKind::MissingKeys { keys: missing, meant }, path, node.span()));
        }
    }
}
