//! The declarations of a run by their identifiers, so that one that is there twice is found.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::RandomState;

use super::filter::Filter;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::document::Position;
use crate::lint::{Declared, Roll};
use crate::model::DeclarationType;
use crate::rules::duplicate_identifier;
use crate::set::Together;
use crate::words::shown;

/// Names a declaration by the hash of its identifier: two of 128 bits, keyed anew for every run, are never equal by chance.
type Name = (Short, u64);

/// The first half of a name, which is enough to tell nearly all apart.
pub(super) type Short = u64;

/// Of how many identifiers the place is kept where memory is bounded: more than a repository has, and as many as a table of 16,384 places
/// takes.
const MOST_PLACED: usize = 14_000;

/// Where there are so many identifiers, there are probably thousands, and room is made for all of which the place is kept: to grow with each
/// would move them many times.
const MANY: usize = 1000;

/// The declarations of a run by their identifiers.
#[derive(Default)]
pub(crate) struct Seen {
    keys: (RandomState, RandomState),
    first: HashMap<Name, First, RandomState>,
    /// The later ones, where they are in a set that the user names.
    again: HashMap<Name, Vec<First>, RandomState>,
    /// The files of those that are kept, and the sets in which they are active.
    files: Files,
    /// Where memory is bounded, how many identifiers have a place, and what is known of the others.
    rest: Option<(usize, Rest)>,
    /// The identifiers that matter, if not all do.
    only: Option<HashSet<Name>>,
    /// Room for the short names of the declarations of a file.
    names: Vec<Option<Short>>,
}

/// The first declaration of an identifier, in few bytes: a run may see millions.
struct First {
    file: u32,
    index: u32,
    content: Option<u64>,
    /// Where the identifier begins; it ends in the same line.
    offset: u64,
    line: u32,
    column: u32,
    /// How long the identifier is in bytes, and in characters.
    bytes: u32,
    characters: u32,
    /// How far before the identifier the declaration begins, and how long it is, in bytes.
    before: u32,
    length: u32,
}

/// Identifiers in a number of bytes that does not depend on how many they are.
#[derive(Default)]
struct Rest {
    /// All identifiers, once there are some without a place.
    filter: Filter,
    /// Those that were perhaps seen before.
    suspects: HashSet<Name>,
}

impl Seen {
    /// For inputs that can be read twice. The memory is bounded: of the first identifiers the place is kept, of the others only a
    /// filter, which sometimes takes a new one for an old one. So what is suspected is looked for once more, with [`Self::suspects`].
    pub(crate) fn bounded() -> Self {
        Self::bounded_to(MOST_PLACED)
    }

    fn bounded_to(most: usize) -> Self {
        Self { rest: Some((most, Rest::default())), ..Self::default() }
    }

    /// Turns to the identifiers that were perhaps seen twice and not reported, for another reading of the same inputs; `None` if there
    /// are none.
    pub(crate) fn suspects(self) -> Option<Self> {
        let suspects = self.rest?.1.suspects;
        // Their places are made at once: to grow would take the memory of both sizes.
        let first = HashMap::with_capacity_and_hasher(suspects.len(), RandomState::default());
        (!suspects.is_empty()).then(|| Self { keys: self.keys, first, only: Some(suspects), ..Self::default() })
    }

    /// Notes the declarations of a file, and reports those whose identifier was seen before.
    ///
    /// Two of them are an error where they are known to be active together: all are, or both files are in one of the `sets`. Where nobody
    /// knows yet whether two say the same, `content` reads what stands in this part of a file.
    pub(crate) fn note(
        &mut self,
        file: &Arc<str>,
        sets: &[usize],
        roll: &Roll,
        together: Together,
        content: impl Fn(&str, Range<usize>) -> Option<u64>,
        findings: &mut Vec<Diagnostic>,
    ) {
        let mut names = std::mem::take(&mut self.names);
        names.clear();
        names.extend(roll.declarations.iter().map(|declared| {
            let identifier = roll.identifier(declared).filter(|_| declared.is_named)?;
            Some(self.keys.0.hash_one(identifier))
        }));
        if let Some((_, rest)) = &self.rest {
            rest.filter.fetch(names.iter().flatten());
        }
        for (declared, short) in roll.declarations.iter().zip(&names) {
            let (Some(identifier), Some(short)) = (roll.identifier(declared), *short) else { continue };
            if let Some((most, rest)) = &mut self.rest
                && self.first.len() >= *most
                && rest.filter.insert(short)
            {
                continue;
            }
            let name = (short, self.keys.1.hash_one(identifier));
            if self.only.as_ref().is_some_and(|only| !only.contains(&name)) {
                continue;
            }
            let this = |files: &mut Files| First::new(declared, files.number(file, sets));
            let first = match &mut self.rest {
                Some((most, rest)) if self.first.len() >= *most => {
                    let Some(first) = self.first.get(&name) else {
                        rest.suspects.insert(name);
                        continue;
                    };
                    first
                }
                rest => match self.first.entry(name) {
                    Entry::Occupied(first) => first.into_mut(),
                    Entry::Vacant(place) => {
                        place.insert(this(&mut self.files));
                        if self.first.len() == MANY {
                            self.first.reserve(MOST_PLACED - MANY);
                        }
                        if let Some((most, rest)) = rest
                            && self.first.len() == *most
                        {
                            // From now on the filter is asked first.
                            self.first.keys().for_each(|(short, _)| _ = rest.filter.insert(*short));
                        }
                        continue;
                    }
                },
            };
            let is_beside = |other: &&First| sets.iter().any(|set| self.files.sets(other.file).contains(set));
            let again = self.again.get(&name).into_iter().flatten();
            let beside = std::iter::once(first).chain(again).find(is_beside);
            let is_set = together == Together::All || beside.is_some();
            let other = beside.unwrap_or(first);
            let related = other.place(&self.files);
            let read = |known: Option<u64>, file: &str, span: Range<usize>| known.or_else(|| content(file, span));
            let there = read(other.content, self.files.name(other.file), other.span());
            let is_copy = there.is_some() && there == read(declared.content, file, declared.span.clone());
            if !sets.is_empty() {
                let this = this(&mut self.files);
                self.again.entry(name).or_default().push(this);
            }
            let Declared { kind, index, start, end, .. } = declared;
            let place = Place { file: file.clone(), index: *index, pointer: "/Identifier".to_owned(), start: *start, end: *end };
            findings.push(finding(identifier, kind.as_ref(), place, related, (is_copy, is_set)));
        }
        self.names = names;
    }
}

impl First {
    fn new(declared: &Declared, file: u32) -> Self {
        let Declared { content, span, index, start, end, .. } = declared;
        Self {
            file,
            index: narrow(*index),
            content: *content,
            offset: start.offset as u64,
            line: narrow(start.line),
            column: narrow(start.column),
            bytes: narrow(end.offset - start.offset),
            characters: narrow(end.column.saturating_sub(start.column)),
            before: narrow(start.offset - span.start),
            length: narrow(span.len()),
        }
    }

    /// Where the declaration stands in its file, in bytes.
    fn span(&self) -> Range<usize> {
        let start = self.offset() - self.before as usize;
        start..start + self.length as usize
    }

    fn offset(&self) -> usize {
        usize::try_from(self.offset).unwrap_or(usize::MAX)
    }

    fn place(&self, files: &Files) -> Place {
        let start = Position { line: self.line as usize, column: self.column as usize, offset: self.offset() };
        let (columns, bytes) = (self.characters as usize, self.bytes as usize);
        Place {
            file: Arc::from(files.name(self.file)),
            index: self.index as usize,
            pointer: "/Identifier".to_owned(),
            start,
            end: Position { line: start.line, column: start.column + columns, offset: start.offset + bytes },
        }
    }
}

/// A number that is smaller than four thousand million in any run that ends.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The names of files, one after the other in one text.
#[derive(Default)]
struct Files {
    names: String,
    /// Where each name ends.
    ends: Vec<usize>,
    /// The sets of the files that are in any.
    sets: HashMap<u32, Vec<usize>>,
}

impl Files {
    /// The number of a file, which is the last one or a new one.
    fn number(&mut self, name: &str, sets: &[usize]) -> u32 {
        let last = narrow(self.ends.len().wrapping_sub(1));
        if !self.ends.is_empty() && self.name(last) == name {
            return last;
        }
        self.names.push_str(name);
        self.ends.push(self.names.len());
        let number = narrow(self.ends.len() - 1);
        if !sets.is_empty() {
            self.sets.insert(number, sets.to_vec());
        }
        number
    }

    fn name(&self, number: u32) -> &str {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.names[start..self.ends[number]]
    }

    fn sets(&self, number: u32) -> &[usize] {
        self.sets.get(&number).map_or(&[], Vec::as_slice)
    }
}

fn finding(
    identifier: &str,
    kind: Option<&DeclarationType>,
    place: Place,
    first: Place,
    (is_copy, is_set): (bool, bool),
) -> Diagnostic {
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
    duplicate_identifier::RULE
        .at(place, message)
        .severity(severity)
        .help(help)
        .related("the identifier was first used here", first)
        .about(Some(Arc::from(identifier)), kind.map(|kind| Arc::from(kind.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(content: u64, index: usize) -> Declared {
        let at = Position { line: index + 1, column: 1, offset: index * 10 };
        Declared {
            identifier: None,
            is_named: true,
            is_template: false,
            kind: None,
            content: Some(content),
            span: at.offset..at.offset,
            index,
            start: at,
            end: at,
            said: None,
        }
    }

    /// What is found in some files, each named by its number, of which each has two declarations.
    fn found(seen: &mut Seen, names: &[&str]) -> Vec<String> {
        let mut findings = Vec::new();
        for (number, pair) in names.chunks(2).enumerate() {
            let file = Arc::from(format!("{number}.json"));
            let mut roll = Roll::default();
            for (at, name) in (number * 2..).zip(pair) {
                roll.push(declared(at as u64 / 8, at), Some(name));
            }
            seen.note(&file, &[], &roll, Together::Activated, |_, _| None, &mut findings);
        }
        let tell = |finding: &Diagnostic| {
            let Diagnostic { message, place, related, severity, .. } = finding;
            format!("{}:{} {severity} {message} {:?}", place.file, place.index, related)
        };
        findings.iter().map(tell).collect()
    }

    #[test]
    fn bounded_memory_finds_the_same() {
        let names = ["a", "b", "a", "c", "d", "c", "e", "d", "c", "f", "b", "g"];
        let mut expected = found(&mut Seen::default(), &names);
        assert_eq!(expected.len(), 5, "{expected:?}");
        expected.sort();
        for most in 0..names.len() {
            let mut seen = Seen::bounded_to(most);
            let mut both = found(&mut seen, &names);
            if let Some(mut suspects) = seen.suspects() {
                both.extend(found(&mut suspects, &names));
            }
            both.sort();
            assert_eq!(both, expected, "{most}");
        }
    }
}
