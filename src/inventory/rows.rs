//! The rows of a block, with those that are alike counted once.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::quality::RandomState;
use hashbrown::HashTable;

use super::columns::{Columns, field};
use super::device::Fault;
use crate::apple::Platform;
use crate::limits::MAX_CELL_BYTES;

/// The rows of a block.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// The different kinds.
    pub(crate) kinds: Vec<Kind>,
    pub(crate) all: Vec<Row>,
    keys: Vec<u8>,
    ids: Vec<u8>,
    /// The number of lines of the block.
    pub(crate) lines: usize,
    /// The columns of JSON objects that are not known, if they were asked for.
    pub(crate) unknown: Vec<String>,
}

/// What rows that are alike have in common.
#[derive(Debug)]
pub(crate) struct Kind {
    pub(crate) hash: u64,
    key: Range<usize>,
}

/// A row.
#[derive(Debug)]
pub(crate) struct Row {
    /// The number of its kind.
    pub(crate) kind: usize,
    /// Its line in the block, from 0.
    pub(crate) line: usize,
    /// The end of its identifier.
    id_end: usize,
}

impl Rows {
    /// The key of a kind, which `key` reads.
    pub(crate) fn key(&self, kind: &Kind) -> &[u8] {
        &self.keys[kind.key.clone()]
    }

    /// The rows with their identifiers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Row, &[u8])> {
        let mut start = 0;
        self.all.iter().map(move |row| {
            let end = row.id_end;
            let id = &self.ids[start..end];
            start = end;
            (row, id)
        })
    }
}

/// Collects the rows of a block.
pub(super) struct Collector<'c> {
    columns: &'c Columns,
    hasher: &'c RandomState,
    rows: Rows,
    table: HashTable<usize>,
}

/// The first byte of a key: what follows are the values of the fields, or a fault.
const CELLS: u8 = 0;

impl<'c> Collector<'c> {
    pub(super) fn new(columns: &'c Columns, hasher: &'c RandomState) -> Self {
        Self { columns, hasher, rows: Rows::default(), table: HashTable::new() }
    }

    /// Adds a row. `cell` returns the value of a field.
    pub(super) fn add<'v>(&mut self, line: usize, cell: impl Fn(usize) -> &'v [u8]) {
        let start = self.rows.keys.len();
        self.rows.keys.push(CELLS);
        for at in 1..self.columns.fields().len() {
            let value = cell(at).trim_ascii();
            if value.len() > MAX_CELL_BYTES {
                self.rows.keys.truncate(start);
                let fault = Fault::new(format!("{} is longer than {} KiB", self.columns.fields()[at], MAX_CELL_BYTES >> 10));
                return self.fault(line, &fault, cell(field::ID));
            }
            let value = if at == field::MODEL && !self.columns.has_model { platform(value) } else { value };
            // At most `MAX_CELL_BYTES`.
            self.rows.keys.extend_from_slice(&u32::try_from(value.len()).unwrap_or_default().to_le_bytes());
            self.rows.keys.extend_from_slice(value);
        }
        self.finish(line, start, cell(field::ID));
    }

    /// Adds a row that cannot be read.
    pub(super) fn fault(&mut self, line: usize, fault: &Fault, id: &[u8]) {
        let start = self.rows.keys.len();
        fault.push(&mut self.rows.keys);
        self.finish(line, start, id);
    }

    fn finish(&mut self, line: usize, start: usize, id: &[u8]) {
        let Rows { kinds, all, keys, ids, .. } = &mut self.rows;
        let hash = self.hasher.hash_one(&keys[start..]);
        let is_same = |kind: &usize| {
            let kind = &kinds[*kind];
            kind.hash == hash && keys[kind.key.clone()] == keys[start..]
        };
        let kind = if let Some(kind) = self.table.find(hash, is_same).copied() {
            keys.truncate(start);
            kind
        } else {
            let kind = kinds.len();
            kinds.push(Kind { hash, key: start..keys.len() });
            self.table.insert_unique(hash, kind, |kind| kinds[*kind].hash);
            kind
        };
        ids.extend_from_slice(id.trim_ascii());
        all.push(Row { kind, line, id_end: ids.len() });
    }

    pub(super) fn into_rows(self, lines: usize) -> Rows {
        Rows { lines, ..self.rows }
    }
}

/// What the model tells of the platform.
fn platform(model: &[u8]) -> &[u8] {
    let platform = str::from_utf8(model).ok().and_then(Platform::of_model_identifier);
    platform.map_or(b"", |platform| platform.name().as_bytes())
}

/// The values of the fields of a key, beginning with that after the identifier.
pub(super) fn cells(key: &[u8]) -> Result<Vec<&[u8]>, Fault> {
    let Some((&CELLS, mut rest)) = key.split_first() else { return Err(Fault::of(key)) };
    let mut cells = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let (cell, next) = after.split_at(u32::from_le_bytes(*length) as usize);
        cells.push(cell);
        rest = next;
    }
    Ok(cells)
}

/// Whether a key has a value of the enrolment or of the supervision.
pub(crate) fn tells_enrolment(key: &[u8]) -> bool {
    // A device that cannot be read needs none.
    cells(key).map_or(true, |cells| [field::ENROLLMENT, field::SUPERVISED].iter().any(|at| !cells[at - 1].is_empty()))
}
