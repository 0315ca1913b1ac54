//! Finds duplicate identifiers among the declarations of a run.
//!
//! A run may have millions of declarations, so a record takes about 25 bytes: the hash of the identifier, and the place
//! as variable-length integers. If hashes are equal, the first declaration is read again to compare the identifiers and
//! contents. If it cannot be read again, its record keeps the identifier and the content hash.

use std::cell::RefCell;
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use crate::apple::{Platform, Schema};
use crate::catalog::Platforms;
use crate::content::Content;
use crate::diagnostic::Position;
use crate::diagnostic::{Budget, Diagnostic, Place, Severity};
use crate::hash::Map;
use crate::limits::MAX_RUN_FINDINGS;
use crate::rules::{duplicate_identifier, too_many_findings};
use crate::set::{Declared, Together};
use crate::words::shown;

/// The declarations of a run by identifier.
pub(crate) struct Seen {
    schema: Arc<Schema>,
    records: Records,
    /// The first declaration of each identifier.
    first: HashTable<RecordId>,
    /// The later declarations in configured sets, by the first with the same identifier.
    later: Map<RecordId, Vec<RecordId>>,
    /// The files of the declarations, and their configured sets.
    files: Files,
    hasher: RandomState,
    /// The contents of large declarations that were read again, which would take long for each of many duplicates.
    read: RefCell<Map<RecordId, Option<Content>>>,
    budget: Budget,
    /// The place of the last duplicate that was not reported.
    last: Option<Place>,
}

/// The contents of larger declarations are read again only once, in bytes.
const LARGE: usize = 1 << 12;

impl Seen {
    pub(crate) fn new(schema: Arc<Schema>) -> Self {
        Self {
            schema,
            records: Records::default(),
            first: HashTable::new(),
            later: Map::default(),
            files: Files::default(),
            hasher: RandomState::default(),
            read: RefCell::default(),
            budget: Budget::new(MAX_RUN_FINDINGS),
            last: None,
        }
    }

    /// Says how many duplicates were not reported.
    pub(crate) fn rest(&self) -> Option<Diagnostic> {
        Some(too_many_findings::in_run(self.budget.rest()?, self.last.clone()?))
    }

    /// Records the declarations of a file, and reports those whose identifier was seen before.
    ///
    /// A duplicate is an error if both declarations are active together: all are, or both files are in one of the
    /// `sets`. Declarations that no device can have both of are not compared. `read` reads a declaration again, given its file and span.
    pub(crate) fn record(
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
            // An identifier of another channel is another one.
            let hash = self.hasher.hash_one((declared.channel, identifier));
            let content = |id: RecordId| {
                let record = self.records.get(id);
                if record.span.len() < LARGE {
                    return record.content(&self.files, &read);
                }
                self.read.borrow_mut().entry(id).or_insert_with(|| record.content(&self.files, &read)).clone()
            };
            let is_same = |id: &RecordId| {
                self.records.hash(*id) == hash
                    // If the first declaration cannot be read again, the hash decides.
                    && content(*id).is_none_or(|content| content.identifier == identifier)
            };
            let Some(first) = self.first.find(hash, is_same).copied() else {
                let id = self.records.push(hash, declared, identifier, self.files.number(file, sets));
                self.first.insert_unique(hash, id, |id| self.records.hash(*id));
                continue;
            };
            let shares_set = |record: &Record<'_>| sets.iter().any(|set| self.files.sets(record.file).contains(set));
            let later = self.later.get(&first).into_iter().flatten();
            let mut earlier = std::iter::once(&first).chain(later).copied();
            // One record for each set and platform is enough to find the next.
            let covers = |set: Option<usize>, platform: Platform| {
                earlier.clone().any(|id| {
                    let record = self.records.get(id);
                    let known = self.files.sets(record.file);
                    record.platforms.contains(platform) && set.map_or(known.is_empty(), |set| known.contains(&set))
                })
            };
            let is_new = Platform::ALL.into_iter().filter(|platform| declared.platforms.contains(*platform)).any(|platform| {
                if sets.is_empty() { !covers(None, platform) } else { sets.iter().any(|set| !covers(Some(*set), platform)) }
            });
            // Declarations for different platforms or of different sets never meet on a device.
            let meets = |record: &Record<'_>| {
                let are_apart = together == Together::Activated && !sets.is_empty() && !self.files.sets(record.file).is_empty();
                record.platforms.meets(declared.platforms) && (!are_apart || shares_set(record))
            };
            let in_same_set = earlier.clone().find(|id| {
                let record = self.records.get(*id);
                shares_set(&record) && meets(&record)
            });
            let is_set = together == Together::All || in_same_set.is_some();
            let other = in_same_set.or_else(|| earlier.find(|id| meets(&self.records.get(*id))));
            let keep = |this: &mut Self| {
                if is_new {
                    let id = this.records.push(hash, declared, identifier, this.files.number(file, sets));
                    this.later.entry(first).or_default().push(id);
                }
            };
            let Some(other) = other else {
                keep(self);
                continue;
            };
            let other_hash = content(other).map(|content| content.hash);
            let own_hash = || declared.content.or_else(|| Some(read(file, declared.span.clone())?.hash));
            let is_copy = other_hash.is_some() && other_hash == own_hash();
            let Declared { kind, index, start, end, .. } = declared;
            let place = Place {
                file: file.clone(),
                index: *index,
                pointer: "/Identifier".to_owned(),
                start: *start,
                end: *end,
                document: Some(declared.span.clone()),
            };
            let severity = severity(is_copy, is_set);
            if self.budget.admits(severity) {
                let first = self.records.get(other).place(&self.files);
                let kind = kind.as_ref().map(|kind| kind.name(&self.schema));
                findings.push(finding(identifier, kind, place, first, is_copy).severity(severity));
            } else {
                self.last = Some(place);
            }
            keep(self);
        }
    }
}

/// The encoded records of declarations, in blocks that never move.
#[derive(Default)]
struct Records {
    blocks: Vec<Vec<u8>>,
    /// The record that is being encoded.
    next: Vec<u8>,
}

/// The number of bits of a [`RecordId`] that are the offset in its block.
const BLOCK_BITS: u32 = 20;

/// The block of a record, and its byte offset there.
type RecordId = u32;

/// The record of a declaration.
struct Record<'r> {
    file: usize,
    index: usize,
    /// The start of the identifier, which ends on the same line.
    start: Position,
    /// The length of the identifier in bytes, and in characters.
    bytes: usize,
    characters: usize,
    /// The byte range of the declaration in its file.
    span: Range<usize>,
    /// The platforms of the devices that may have it.
    platforms: Platforms,
    /// The identifier and the content hash, if the declaration cannot be read again.
    kept: Option<(&'r str, u64)>,
}

impl Records {
    /// Appends a record.
    fn push(&mut self, hash: u64, declared: &Declared, identifier: &str, file: usize) -> RecordId {
        let Declared { content, span, index, start, end, platforms, .. } = declared;
        self.next.clear();
        self.next.extend(hash.to_le_bytes());
        self.next.push(platforms.bits());
        let (bytes, characters) = (end.offset - start.offset, end.column.saturating_sub(start.column));
        // The difference is 1 if each line is a declaration. It may wrap around, and wraps back when it is decoded.
        let line = start.line.wrapping_sub(*index);
        for number in [file, *index, line, start.column, start.offset, bytes, characters, start.offset - span.start, span.len()] {
            self.push_number(number);
        }
        let kept = content.map(|content| (identifier, content));
        self.push_number(kept.map_or(0, |(identifier, _)| 1 + identifier.len()));
        if let Some((identifier, content)) = kept {
            self.next.extend(identifier.bytes());
            self.next.extend(content.to_le_bytes());
        }
        let size = 1 << BLOCK_BITS;
        if self.blocks.last().is_none_or(|block| block.len() + self.next.len() > size) {
            self.blocks.push(Vec::with_capacity(size));
        }
        let number = self.blocks.len() - 1;
        let block = &mut self.blocks[number];
        let id =
            RecordId::try_from(number << BLOCK_BITS | block.len()).expect("4 GiB hold the records of 150 million declarations");
        block.extend_from_slice(&self.next);
        id
    }

    /// The bytes of a record, and of those after it.
    fn decoder(&self, id: RecordId) -> Decoder<'_> {
        let (number, offset) = (id >> BLOCK_BITS, id & ((1 << BLOCK_BITS) - 1));
        Decoder(&self.blocks[number as usize][offset as usize..])
    }

    /// Appends a number in LEB128: seven bits per byte, the lowest first; the high bit says whether more bytes follow.
    fn push_number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.next.push(number.to_le_bytes()[0] | 0x80);
            number /= 0x80;
        }
        self.next.push(number.to_le_bytes()[0]);
    }

    /// The hash of a record's identifier.
    fn hash(&self, id: RecordId) -> u64 {
        self.decoder(id).fixed()
    }

    fn get(&self, id: RecordId) -> Record<'_> {
        let mut bytes = self.decoder(id);
        let _hash = bytes.fixed();
        let platforms = Platforms::from_bits(bytes.byte());
        let [file, index, line, column, offset, bytes_length, characters, before, length] =
            std::array::from_fn(|_| bytes.number());
        let kept = bytes.number().checked_sub(1).map(|length| (bytes.text(length), bytes.fixed()));
        let begin = offset - before;
        let start = Position { line: line.wrapping_add(index), column, offset };
        Record { file, index, start, bytes: bytes_length, characters, span: begin..begin + length, platforms, kept }
    }
}

/// Decodes the remaining bytes of a record.
struct Decoder<'r>(&'r [u8]);

impl<'r> Decoder<'r> {
    fn fixed(&mut self) -> u64 {
        let (number, rest) = self.0.split_first_chunk().expect("a record is complete");
        self.0 = rest;
        u64::from_le_bytes(*number)
    }

    fn byte(&mut self) -> u8 {
        let (byte, rest) = self.0.split_first().expect("a record is complete");
        self.0 = rest;
        *byte
    }

    fn number(&mut self) -> usize {
        let length = 1 + self.0.iter().take_while(|byte| **byte >= 0x80).count();
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        bytes.iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7F))
    }

    fn text(&mut self, length: usize) -> &'r str {
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        str::from_utf8(text).expect("an identifier is UTF-8")
    }
}

impl Record<'_> {
    /// The identifier and content hash of the declaration, kept or read again.
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

/// The file names, concatenated, and the files' sets.
#[derive(Default)]
struct Files {
    names: String,
    /// The end offset of each name.
    ends: Vec<usize>,
    /// The configured sets of each file that has any.
    sets: Map<usize, Vec<usize>>,
}

impl Files {
    /// Returns the number of a file. It must be the last file or a new one.
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

fn finding(identifier: &str, declaration_type: Option<&str>, place: Place, first: Place, is_copy: bool) -> Diagnostic {
    let shown = shown(identifier);
    let (message, help) = if is_copy {
        (format!("the declaration {shown} is an exact copy of an earlier one"), "keep one of the two")
    } else {
        (
            format!("another declaration with different content has the same identifier, {shown}"),
            "give each its own identifier, unless the two never reach the same device",
        )
    };
    duplicate_identifier::RULE
        .at(place, message)
        .help(help)
        .about(Some(identifier), declaration_type)
        .related("the identifier was first used here", first)
}

/// An exact copy is a note, and two that are active together an error.
fn severity(is_copy: bool, is_set: bool) -> Severity {
    match (is_copy, is_set) {
        (true, _) => Severity::Note,
        (false, true) => Severity::Error,
        (false, false) => duplicate_identifier::RULE.severity,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::Channel;

    #[test]
    fn records_round_trip() {
        let mut records = Records::default();
        for (number, content) in [(0, None), (127, Some(u64::MAX)), (128, None), (usize::MAX / 4, Some(0))] {
            let start = Position { line: number, column: number + 1, offset: number * 2 };
            let declared = Declared {
                identifier: None,
                is_named: true,
                is_template: false,
                kind: None,
                platforms: Platforms::of(&[Platform::ALL[number % 6]]),
                channel: Channel::Device,
                content,
                span: number..number * 3,
                index: number,
                start,
                end: start.along(b"\"n\xC3\xA4me\""),
                said: None,
            };
            let id = records.push(!number as u64, &declared, "n\u{e4}me", number);
            let record = records.get(id);
            assert_eq!((records.hash(id), record.file, record.index), (!number as u64, number, number));
            assert_eq!((record.start, record.span.clone()), (start, declared.span.clone()));
            assert_eq!((record.bytes, record.characters), (7, 6));
            assert_eq!(record.platforms, declared.platforms);
            assert_eq!(record.kept, content.map(|content| ("n\u{e4}me", content)));
        }
    }
}
