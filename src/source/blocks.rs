//! Reads a file in blocks of whole lines, or of whole rows of CSV.

use std::io::{self, Read};

use super::{Weigh, describe, records};
use crate::limits::MAX_RECORD_BYTES;

/// The number of bytes to read at a time.
pub(super) const BLOCK_BYTES: usize = 1 << 16;

/// Where a block may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// After a line. One of more bytes than this is truncated.
    Lines(usize),
    /// After a row of CSV with this delimiter.
    Records(u8),
}

/// A block of a file.
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_first: bool,
    pub(crate) is_last: bool,
}

/// The blocks of a file, or why it cannot be read to its end.
pub(crate) struct Blocks {
    reader: BlockReader,
    is_first: bool,
}

impl Blocks {
    pub(crate) fn new(reader: Box<dyn Read + Send>, cut: Cut) -> Self {
        Self { reader: BlockReader::new(reader, cut), is_first: true }
    }
}

impl Weigh for Result<Block, String> {
    fn bytes(&self) -> usize {
        self.as_ref().map_or(0, |block| block.bytes.len())
    }
}

impl Iterator for Blocks {
    type Item = Result<Block, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let Self { reader, is_first } = self;
        if reader.is_done {
            return None;
        }
        let is_first = std::mem::take(is_first);
        let block = reader.read().map(|(bytes, _)| Block { bytes, is_first, is_last: reader.is_done });
        reader.is_done |= block.is_err();
        Some(block.map_err(|error| describe(&error)))
    }
}

/// Reads a file in blocks.
pub(super) struct BlockReader {
    reader: Box<dyn Read + Send>,
    cut: Cut,
    /// The bytes of the next block that have been read already.
    carry: Vec<u8>,
    pub(super) is_done: bool,
}

impl BlockReader {
    pub(super) fn new(reader: Box<dyn Read + Send>, cut: Cut) -> Self {
        Self { reader, cut, carry: Vec::new(), is_done: false }
    }

    /// Reads whole lines or records, or one truncated line. Returns them, and how many bytes of the last line were dropped.
    pub(super) fn read(&mut self) -> io::Result<(Vec<u8>, usize)> {
        let mut bytes = Vec::with_capacity(self.carry.len() + BLOCK_BYTES);
        bytes.append(&mut self.carry);
        let mut searched = 0;
        loop {
            let wanted = match self.cut {
                Cut::Lines(most) => BLOCK_BYTES.min(most - bytes.len()),
                Cut::Records(_) => BLOCK_BYTES,
            };
            if !self.fill(&mut bytes, wanted)? {
                return Ok((bytes, 0));
            }
            let end = match self.cut {
                Cut::Lines(_) => memchr::memrchr(b'\n', &bytes[searched..]).map(|line_feed| searched + line_feed + 1),
                Cut::Records(delimiter) => Some(records::rows(&bytes, delimiter).end).filter(|end| *end > 0),
            };
            if let Some(end) = end {
                self.carry.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                return Ok((bytes, 0));
            }
            match self.cut {
                Cut::Lines(most) if bytes.len() == most => {
                    let dropped = self.skip_line()?;
                    return Ok((bytes, dropped));
                }
                Cut::Records(_) if bytes.len() > MAX_RECORD_BYTES => {
                    let words = format!("has a row of more than {} KiB; a quotation mark may be missing", MAX_RECORD_BYTES >> 10);
                    return Err(io::Error::other(words));
                }
                _ => searched = bytes.len(),
            }
        }
    }

    /// Appends up to `wanted` bytes; returns whether there may be more.
    fn fill(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        let length = self.reader.by_ref().take(wanted as u64).read_to_end(bytes)?;
        self.is_done = length < wanted;
        Ok(!self.is_done)
    }

    /// Skips the rest of a line with its line feed; returns the number of bytes skipped.
    fn skip_line(&mut self) -> io::Result<usize> {
        let mut skipped = 0;
        loop {
            let has_more = self.fill_carry()?;
            let line_feed = memchr::memchr(b'\n', &self.carry);
            let length = line_feed.map_or(self.carry.len(), |line_feed| line_feed + 1);
            self.carry.drain(..length);
            skipped += length;
            if line_feed.is_some() || !has_more {
                // Bytes read beyond the line form a block of their own, even at the end of the file.
                self.is_done = self.is_done && self.carry.is_empty();
                return Ok(skipped);
            }
        }
    }

    fn fill_carry(&mut self) -> io::Result<bool> {
        let mut carry = std::mem::take(&mut self.carry);
        let has_more = self.fill(&mut carry, BLOCK_BYTES);
        self.carry = carry;
        has_more
    }
}
