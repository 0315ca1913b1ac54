//! The declarations of a run by their identifiers, so that one that is there twice is found.
//!
//! A run may see millions of declarations, so what is kept of each takes some 27 bytes: the hash of its identifier and the numbers that tell
//! its place, which are short for small numbers. Equal hashes are not trusted: the identifiers themselves are compared, and for that, and to
//! tell a copy from a namesake, the first declaration is read again. What cannot be read again is kept.

use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use crate::apple::Schema;
use crate::content::Content;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::hash::Map;
use crate::rules::duplicate_identifier;
use crate::set::{Declared, Together};
use crate::words::shown;

/// The declarations of a run by their identifiers.
pub(crate) struct Seen {
    schema: Arc<Schema>,
    notes: Notes,
    /// The first declaration of each identifier.
    first: HashTable<NoteId>,
    /// The later ones by the first, where they are in a set that the user names.
    again: Map<NoteId, Vec<NoteId>>,
    /// The files of the declarations, and the sets in which they are active.
    files: Files,
    hasher: RandomState,
}

impl Seen {
    pub(crate) fn new(schema: Arc<Schema>) -> Self {
        Self {
            schema,
            notes: Notes::default(),
            first: HashTable::new(),
            again: Map::default(),
            files: Files::default(),
            hasher: RandomState::default(),
        }
    }

    /// Notes the declarations of a file, and reports those whose identifier was seen before.
    ///
    /// Two of them are an error where they are known to be active together: all are, or both files are in one of the `sets`. `read` reads
    /// a declaration again, which stands in a part of a file.
    pub(crate) fn note(
        &mut self,
        file: &Arc<str>,
        sets: &[usize],
        declarations: &[Declared],
        together: Together,
        read: impl Fn(&str, Range<usize>) -> Option<Content>,
        findings: &mut Vec<Diagnostic>,
    ) {
        for declared in declarations {
            let Some(identifier) = declared.identifier.as_deref().filter(|_| declared.is_named) else { continue };
            let hash = self.hasher.hash_one(identifier);
            let content = |note: &Note<'_>| note.content(&self.files, &read);
            let is_same = |id: &NoteId| {
                self.notes.hash(*id) == hash
                    // The hash decides where the first declaration is gone.
                    && content(&self.notes.get(*id)).is_none_or(|content| content.identifier == identifier)
            };
            let Some(first) = self.first.find(hash, is_same).copied() else {
                let id = self.notes.push(hash, declared, identifier, self.files.number(file, sets));
                self.first.insert_unique(hash, id, |id| self.notes.hash(*id));
                continue;
            };
            let is_beside = |note: &Note<'_>| sets.iter().any(|set| self.files.sets(note.file).contains(set));
            let again = self.again.get(&first).into_iter().flatten();
            let beside = std::iter::once(&first).chain(again).map(|id| self.notes.get(*id)).find(is_beside);
            let is_set = together == Together::All || beside.is_some();
            let other = beside.unwrap_or_else(|| self.notes.get(first));
            let there = content(&other).map(|content| content.hash);
            let here = || declared.content.or_else(|| Some(read(file, declared.span.clone())?.hash));
            let is_copy = there.is_some() && there == here();
            let Declared { kind, index, start, end, .. } = declared;
            let place = Place {
                file: file.clone(),
                index: *index,
                pointer: "/Identifier".to_owned(),
                start: *start,
                end: *end,
                document: Some(declared.span.clone()),
            };
            findings.push(finding(
                identifier,
                kind.as_ref().map(|kind| kind.name(&self.schema)),
                place,
                other.place(&self.files),
                (is_copy, is_set),
            ));
            if !sets.is_empty() {
                let id = self.notes.push(hash, declared, identifier, self.files.number(file, sets));
                self.again.entry(first).or_default().push(id);
            }
        }
    }
}

/// What is kept of declarations, one after the other in bytes.
#[derive(Default)]
struct Notes(Vec<u8>);

/// Where a note begins.
type NoteId = u32;

/// What is kept of a declaration.
struct Note<'n> {
    file: usize,
    index: usize,
    /// Where the identifier begins; it ends in the same line.
    start: Position,
    /// How long the identifier is in bytes, and in characters.
    bytes: usize,
    characters: usize,
    /// Where the declaration stands in its file, in bytes.
    span: Range<usize>,
    /// The identifier and the hash of what the declaration says, if it cannot be read again.
    kept: Option<(&'n str, u64)>,
}

impl Notes {
    /// Adds a note.
    fn push(&mut self, hash: u64, declared: &Declared, identifier: &str, file: usize) -> NoteId {
        let Declared { content, span, index, start, end, .. } = declared;
        let id = NoteId::try_from(self.0.len()).expect("4 GiB hold the notes of 150 million declarations");
        self.0.extend(hash.to_le_bytes());
        let (bytes, characters) = (end.offset - start.offset, end.column.saturating_sub(start.column));
        for number in
            [file, *index, start.line, start.column, start.offset, bytes, characters, start.offset - span.start, span.len()]
        {
            self.push_number(number);
        }
        let kept = content.map(|content| (identifier, content));
        self.push_number(kept.map_or(0, |(identifier, _)| 1 + identifier.len()));
        if let Some((identifier, content)) = kept {
            self.0.extend(identifier.bytes());
            self.0.extend(content.to_le_bytes());
        }
        id
    }

    /// Adds a number in as few bytes as it needs: seven bits of it in each, the lowest first, and one bit that says whether more follow.
    fn push_number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number /= 0x80;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    /// The hash of the identifier that a note is about.
    fn hash(&self, id: NoteId) -> u64 {
        Bytes(&self.0[id as usize..]).fixed()
    }

    fn get(&self, id: NoteId) -> Note<'_> {
        let mut bytes = Bytes(&self.0[id as usize..]);
        let _hash = bytes.fixed();
        let [file, index, line, column, offset, length, characters, before, whole] = std::array::from_fn(|_| bytes.number());
        let kept = bytes.number().checked_sub(1).map(|length| (bytes.text(length), bytes.fixed()));
        let begin = offset - before;
        let start = Position { line, column, offset };
        Note { file, index, start, bytes: length, characters, span: begin..begin + whole, kept }
    }
}

/// The bytes of a note, from its beginning on.
struct Bytes<'n>(&'n [u8]);

impl<'n> Bytes<'n> {
    fn fixed(&mut self) -> u64 {
        let (number, rest) = self.0.split_first_chunk().expect("a note is whole");
        self.0 = rest;
        u64::from_le_bytes(*number)
    }

    fn number(&mut self) -> usize {
        let length = 1 + self.0.iter().take_while(|byte| **byte >= 0x80).count();
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7F))
    }

    fn text(&mut self, length: usize) -> &'n str {
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        str::from_utf8(text).expect("an identifier is a text")
    }
}

impl Note<'_> {
    /// What the declaration is called and says, kept or read again.
    fn content(&self, files: &Files, read: impl Fn(&str, Range<usize>) -> Option<Content>) -> Option<Content> {
        match self.kept {
            Some((identifier, hash)) => Some(Content { identifier: identifier.to_owned(), hash }),
            None => read(files.name(self.file), self.span.clone()),
        }
    }

    fn place(&self, files: &Files) -> Place {
        let Position { line, column, offset } = self.start;
        Place {
            file: Arc::from(files.name(self.file)),
            index: self.index,
            pointer: "/Identifier".to_owned(),
            start: self.start,
            end: Position { line, column: column + self.characters, offset: offset + self.bytes },
            document: Some(self.span.clone()),
        }
    }
}

/// The names of files, one after the other in one text.
#[derive(Default)]
struct Files {
    names: String,
    /// Where each name ends.
    ends: Vec<usize>,
    /// The sets of the files that are in any.
    sets: Map<usize, Vec<usize>>,
}

impl Files {
    /// The number of a file, which is the last one or a new one.
    fn number(&mut self, name: &str, sets: &[usize]) -> usize {
        let last = self.ends.len().wrapping_sub(1);
        if !self.ends.is_empty() && self.name(last) == name {
            return last;
        }
        self.names.push_str(name);
        self.ends.push(self.names.len());
        let number = self.ends.len() - 1;
        if !sets.is_empty() {
            self.sets.insert(number, sets.to_vec());
        }
        number
    }

    fn name(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.names[start..self.ends[number]]
    }

    fn sets(&self, number: usize) -> &[usize] {
        self.sets.get(&number).map_or(&[], Vec::as_slice)
    }
}

fn finding(
    identifier: &str,
    declaration_type: Option<&str>,
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
        .help(help)
        .severity(severity)
        .about(Some(Arc::from(identifier)), declaration_type.map(Arc::from))
        .related("the identifier was first used here", first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_gives_back_what_was_noted() {
        let mut notes = Notes::default();
        for (number, content) in [(0, None), (127, Some(u64::MAX)), (128, None), (usize::MAX / 4, Some(0))] {
            let start = Position { line: number, column: number + 1, offset: number * 2 };
            let declared = Declared {
                identifier: None,
                is_named: true,
                is_template: false,
                kind: None,
                content,
                span: number..number * 3,
                index: number,
                start,
                end: start.along(b"\"n\xC3\xA4me\""),
                said: None,
            };
            let id = notes.push(!number as u64, &declared, "n\u{e4}me", number);
            let note = notes.get(id);
            assert_eq!((notes.hash(id), note.file, note.index), (!number as u64, number, number));
            assert_eq!((note.start, note.span.clone()), (start, declared.span.clone()));
            assert_eq!((note.bytes, note.characters), (7, 6));
            assert_eq!(note.kept, content.map(|content| ("n\u{e4}me", content)));
        }
    }
}
