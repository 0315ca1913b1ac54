//! Rows of CSV.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use foldhash::quality::RandomState;

use super::columns::{Columns, field};
use super::device::Fault;
use super::rows::{Collector, Rows};
use crate::source::Block;
use crate::source::records;

/// Where the fields of a row are.
#[derive(Debug)]
pub(crate) struct Header {
    pub(super) delimiter: u8,
    /// The number of columns.
    pub(super) width: usize,
    /// The column of each field, if there is one.
    pub(super) places: Vec<Option<usize>>,
}

/// The values of a row of CSV, in buffers that are used again.
pub(super) struct Record {
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    width: usize,
}

impl Record {
    /// A copy of another reader would lose tables, so each record builds its own (csv-core 0.1.13).
    pub(super) fn new(delimiter: u8) -> Self {
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        Self { reader, text: vec![0; 1 << 10], ends: vec![0; 64], width: 0 }
    }

    /// Reads the row at the start of a text and returns how many bytes it has; 0 at the end.
    pub(super) fn read(&mut self, text: &[u8]) -> usize {
        let (mut used, mut length, mut width) = (0, 0, 0);
        loop {
            let (result, bytes, written, ended) =
                self.reader.read_record(&text[used..], &mut self.text[length..], &mut self.ends[width..]);
            (used, length, width) = (used + bytes, length + written, width + ended);
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                // The text is over, which the reader must be told by an empty one.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => {
                    self.width = width;
                    return used;
                }
                ReadRecordResult::End => {
                    self.width = 0;
                    return 0;
                }
            }
        }
    }

    /// The number of values.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// A value.
    pub(super) fn get(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }
}

/// Reads the rows of a block.
pub(super) fn rows(block: &Block, header: &Header, columns: &Columns, hasher: &RandomState) -> Rows {
    let mut collector = Collector::new(columns, hasher);
    let mut record = Record::new(header.delimiter);
    let open = if block.is_last { open_row(&block.bytes, header.delimiter) } else { None };
    let bytes = &block.bytes[..open.unwrap_or(block.bytes.len())];
    // Most files have no carriage returns, so lines need not be searched for them.
    let has_returns = memchr::memchr(b'\r', bytes).is_some();
    let breaks = |text: &[u8], next: Option<&u8>| {
        if has_returns { breaks(text, next) } else { memchr::memchr_iter(b'\n', text).count() }
    };
    let (mut at, mut line) = (0, 0);
    loop {
        // Blank lines.
        let start = at + bytes[at..].iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        line += breaks(&bytes[at..start], bytes.get(start));
        if start == bytes.len() {
            break;
        }
        let length = record.read(&bytes[start..]);
        if length == 0 {
            break;
        }
        let get =
            |at: usize| header.places[at].filter(|place| *place < record.width()).map_or(&b""[..], |place| record.get(place));
        if record.width() == header.width {
            collector.add(line, get);
        } else {
            let fault = Fault::new(format!("the row has {} values, but the header has {}", record.width(), header.width));
            collector.fault(line, &fault, get(field::ID));
        }
        at = start + length;
        line += breaks(&bytes[start..at], bytes.get(at));
    }
    if open.is_some() {
        let what = "a quotation mark that opens a value of the row is not closed, so all lines after it belong to the row";
        collector.fault(line, &Fault::new(what), b"");
    }
    collector.into_rows(line)
}

/// The last row of a file, if a quotation mark in it is not closed.
fn open_row(bytes: &[u8], delimiter: u8) -> Option<usize> {
    let found = records::rows(bytes, delimiter);
    found.open.map(|_| found.end)
}

/// The number of line breaks in a text that `next` follows.
pub(super) fn breaks(text: &[u8], next: Option<&u8>) -> usize {
    let returns = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1).or(next) != Some(&b'\n'));
    memchr::memchr_iter(b'\n', text).count() + returns.count()
}
