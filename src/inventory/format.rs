//! Opens an inventory: tells its format, and reads its header.

use std::io::{Cursor, Read};
use std::path::Path;

use foldhash::quality::RandomState;

use super::columns::{Columns, Use, field};
use super::csv::{self, Header, Record};
use super::json;
use super::rows::Rows;
use crate::limits::MAX_RECORD_BYTES;
use crate::source::{Block, Blocks, Cut, describe, records};
use crate::syntax::{has_extension, has_lines};
use crate::words::{list, shown};

/// The format of an inventory.
#[derive(Debug)]
pub(crate) enum Format {
    Csv(Header),
    /// A JSON object per line.
    Json,
}

/// An inventory, after its header.
pub(crate) struct Opened {
    pub(crate) format: Format,
    pub(crate) blocks: Blocks,
    /// The first line after the header, from 1.
    pub(crate) first_line: u64,
    /// The columns of the header that are not known.
    pub(crate) unknown: Vec<String>,
}

impl Format {
    /// Reads the rows of a block.
    pub(crate) fn rows(&self, block: &Block, columns: &Columns, hasher: &RandomState) -> Rows {
        match self {
            Self::Csv(header) => csv::rows(block, header, columns, hasher),
            Self::Json => json::rows(block, columns, hasher),
        }
    }
}

/// Opens an inventory with this name.
///
/// # Errors
/// It is not an inventory, or lacks a column.
pub(crate) fn open(mut reader: Box<dyn Read + Send>, name: &Path, columns: &Columns) -> Result<Opened, String> {
    let mut start = Vec::new();
    reader.by_ref().take(MAX_RECORD_BYTES as u64).read_to_end(&mut start).map_err(|error| describe(&error))?;
    if let Some((_, what)) = OTHERS.iter().find(|(mark, _)| start.starts_with(mark)) {
        return Err((*what).to_owned());
    }
    if start.trim_ascii().is_empty() || start.trim_ascii() == BOM {
        return Err("is empty".to_owned());
    }
    let first = start.strip_prefix(BOM).unwrap_or(&start).trim_ascii_start().first();
    let is_json = has_lines(name) || (first == Some(&b'{') && !has_extension(name, &TABLES));
    if first == Some(&b'[') {
        return Err("is a JSON array; write one object per line, as jq -c '.[]' does".to_owned());
    }
    let again = |start: Vec<u8>, from: u64| {
        let mut start = Cursor::new(start);
        start.set_position(from);
        Box::new(start.chain(reader))
    };
    if is_json {
        let blocks = Blocks::new(again(start, 0), Cut::Lines(MAX_RECORD_BYTES));
        return Ok(Opened { format: Format::Json, blocks, first_line: 1, unknown: Vec::new() });
    }
    let Head { header, unknown, end, lines } = head(&start, columns)?;
    let blocks = Blocks::new(again(start, end as u64), Cut::Records(header.delimiter));
    Ok(Opened { format: Format::Csv(header), blocks, first_line: lines + 1, unknown })
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The extensions of tables.
const TABLES: [&str; 3] = ["csv", "tsv", "txt"];

/// How files of other formats begin.
const OTHERS: [(&[u8], &str); 5] = [
    (b"\xFF\xFE", "is UTF-16; save it as UTF-8"),
    (b"\xFE\xFF", "is UTF-16; save it as UTF-8"),
    (b"PK\x03\x04", "is a spreadsheet or an archive; save it as CSV"),
    (b"\x1F\x8B", "is compressed; unpack it first, as gunzip -c does"),
    (b"%PDF", "is a PDF; save it as CSV"),
];

/// The delimiters that spreadsheets write.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The header of a table.
pub(crate) struct Head {
    header: Header,
    unknown: Vec<String>,
    /// The number of bytes and lines before the first row.
    end: usize,
    lines: u64,
}

fn head(start: &[u8], columns: &Columns) -> Result<Head, String> {
    let mut at = start.len() - start.strip_prefix(BOM).unwrap_or(start).len();
    let is_blank = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let skip = |at: usize| at + start[at..].iter().take_while(|byte| is_blank(byte)).count();
    at = skip(at);
    // Excel reads the delimiter from such a line.
    let mut delimiters = DELIMITERS.to_vec();
    let line = &start[at..at + start[at..].iter().position(is_blank).unwrap_or(start.len() - at)];
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = line {
        delimiters = vec![*delimiter];
        at = skip(at + line.len());
    }
    let names = |delimiter: u8| {
        let mut record = Record::new(delimiter);
        record.read(&start[at..]);
        (0..record.width()).map(|at| String::from_utf8_lossy(record.get(at)).trim().to_owned()).collect::<Vec<_>>()
    };
    let known = |names: &[String]| names.iter().filter(|name| columns.uses(name) != Use::Unknown).count();
    let read = delimiters.into_iter().map(|delimiter| (delimiter, names(delimiter)));
    // The first of those that are as good.
    let best = read.rev().max_by_key(|(_, names)| (known(names), names.len()));
    let Some((delimiter, names)) = best else { return Err("is empty".to_owned()) };
    let length = header_length(&start[at..], delimiter)?;
    let mut places: Vec<Option<usize>> = vec![None; columns.fields().len()];
    let mut unknown = Vec::new();
    for (place, name) in names.iter().enumerate() {
        match columns.uses(name) {
            Use::Field(field) => match places[field] {
                None => places[field] = Some(place),
                Some(other) => {
                    return Err(format!(
                        "has two columns for {}: \"{}\" ({}) and \"{}\" ({}); name one with --columns",
                        columns.fields()[field],
                        shown(&names[other]),
                        other + 1,
                        shown(name),
                        place + 1
                    ));
                }
            },
            Use::Unknown if !name.is_empty() => unknown.push(name.clone()),
            _ => {}
        }
    }
    if let Some(missing) = columns.mapped().iter().find(|mapped| !names.contains(mapped)) {
        let some: Vec<String> = names.iter().take(10).map(|name| format!("\"{}\"", shown(name))).collect();
        return Err(format!("has no column \"{}\", which --columns names; it has {}", shown(missing), list(&some, "and")));
    }
    if places[field::PLATFORM].is_none() && places[field::VERSION].is_none() {
        let unknown = columns.unknown(&unknown).unwrap_or_else(|| "its first row must name the columns".to_owned());
        return Err(format!("has neither a column platform nor a column version; {unknown}"));
    }
    let end = at + length;
    let lines = csv::breaks(&start[..end], start.get(end)) as u64;
    Ok(Head { header: Header { delimiter, width: names.len(), places }, unknown, end, lines })
}

/// The length of the header with its line break.
fn header_length(start: &[u8], delimiter: u8) -> Result<usize, String> {
    let length = Record::new(delimiter).read(start);
    let found = records::rows(start, delimiter);
    if found.end == 0 && found.open.is_some() {
        return Err("has a header with a quotation mark that is not closed".to_owned());
    }
    if found.end == 0 && start.len() + BOM.len() >= MAX_RECORD_BYTES {
        return Err(format!("has a header of more than {} KiB", MAX_RECORD_BYTES >> 10));
    }
    // The reader stops between the two characters of a line break.
    Ok(if start[..length].ends_with(b"\r") && start.get(length) == Some(&b'\n') { length + 1 } else { length })
}
