//! Reads a file in blocks of whole lines.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::{Lines, ReadError, Unit, describe};
use crate::diagnostic::Position;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::syntax::lines;
use crate::validate::Strictness;

/// The number of bytes to read at a time.
const BLOCK_BYTES: usize = 1 << 16;

/// A longer line is truncated, and is then too large to be a declaration.
const MAX_LINE_BYTES: usize = MAX_DOCUMENT_BYTES + 1;

/// Reads a file in blocks of whole lines.
pub(super) struct LineReader {
    reader: Box<dyn Read + Send>,
    path: Option<Arc<Path>>,
    file: Arc<str>,
    strictness: Strictness,
    /// The position of the next block.
    origin: Position,
    index: usize,
    /// The bytes of the next block that have been read already.
    carry: Vec<u8>,
    done: bool,
}

impl LineReader {
    pub(super) fn new(reader: Box<dyn Read + Send>, path: Option<Arc<Path>>, file: Arc<str>, strictness: Strictness) -> Self {
        Self { reader, path, file, strictness, origin: Position::START, index: 0, carry: Vec::new(), done: false }
    }

    pub(super) fn next(&mut self) -> Option<Unit> {
        if self.done {
            return None;
        }
        match self.block() {
            Ok(lines) => Some(Unit::Lines(lines)),
            Err(error) => {
                self.done = true;
                Some(Unit::Failed(ReadError { file: self.file.clone(), reason: describe(&error) }))
            }
        }
    }

    fn block(&mut self) -> io::Result<Lines> {
        let (origin, first_index) = (self.origin, self.index);
        let (bytes, dropped) = self.read()?;
        // A truncated line ends the block: offsets after it would be wrong for the file.
        self.origin.offset += bytes.len() + dropped;
        let mut rest = lines(&bytes, origin == Position::START);
        let spans: Vec<_> = rest.by_ref().collect();
        self.origin.line += rest.number;
        self.index += spans.len();
        let (path, file) = (self.path.clone(), self.file.clone());
        Ok(Lines { path, file, strictness: self.strictness, bytes, spans, origin, first_index, is_last: self.done })
    }

    /// Reads whole lines, or one truncated line. Returns them, and how many bytes of the last line were dropped.
    fn read(&mut self) -> io::Result<(Vec<u8>, usize)> {
        let mut bytes = Vec::with_capacity(self.carry.len() + BLOCK_BYTES);
        bytes.append(&mut self.carry);
        let mut searched = 0;
        loop {
            let wanted = BLOCK_BYTES.min(MAX_LINE_BYTES - bytes.len());
            if !self.fill(&mut bytes, wanted)? {
                return Ok((bytes, 0));
            }
            if let Some(line_feed) = memchr::memrchr(b'\n', &bytes[searched..]) {
                self.carry.extend_from_slice(&bytes[searched + line_feed + 1..]);
                bytes.truncate(searched + line_feed + 1);
                return Ok((bytes, 0));
            }
            if bytes.len() == MAX_LINE_BYTES {
                let dropped = self.skip_line()?;
                return Ok((bytes, dropped));
            }
            searched = bytes.len();
        }
    }

    /// Appends up to `wanted` bytes; returns whether there may be more.
    fn fill(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        let length = self.reader.by_ref().take(wanted as u64).read_to_end(bytes)?;
        self.done = length < wanted;
        Ok(!self.done)
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
                self.done = self.done && self.carry.is_empty();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns its text in pieces, like a pipe.
    struct Pipe(io::Cursor<Vec<u8>>);

    impl Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(50_000);
            self.0.read(&mut buffer[..most])
        }
    }

    fn blocks(text: Vec<u8>) -> Vec<Lines> {
        let mut reader = LineReader::new(Box::new(Pipe(io::Cursor::new(text))), None, Arc::from("x.ndjson"), Strictness::Named);
        std::iter::from_fn(|| reader.next())
            .map(|unit| match unit {
                Unit::Lines(lines) => lines,
                _ => panic!("reading from memory cannot fail"),
            })
            .collect()
    }

    #[test]
    fn blocks_hold_whole_lines_with_their_positions() {
        for (line, count, end) in
            [("x".repeat(700), 2000, "\n"), ("{}\n\r\n \n[]".to_owned(), 50_000, ""), (String::new(), 3, "\n")]
        {
            let text = vec![line.as_str(); count].join("\n") + end;
            let blocks = blocks(text.clone().into_bytes());
            let (mut joined, mut index) = (Vec::new(), 0);
            for (at, block) in blocks.iter().enumerate() {
                assert_eq!(block.is_last, at + 1 == blocks.len());
                assert_eq!((block.origin.offset, block.first_index), (joined.len(), index));
                assert_eq!(block.origin.line, 1 + memchr::memchr_iter(b'\n', &joined).count());
                assert!(block.is_last || block.bytes.ends_with(b"\n"));
                joined.extend_from_slice(&block.bytes);
                index += lines(&block.bytes, false).count();
            }
            assert!(joined == text.as_bytes() && !blocks.is_empty());
        }
    }

    #[test]
    fn an_overlong_line_is_truncated_and_the_next_lines_are_read() {
        for rest in ["", "\n", "\nnext", "\n\nnext\nlast\n"] {
            let long = MAX_LINE_BYTES + 3 * BLOCK_BYTES + 7;
            let blocks = blocks([b"first\n".to_vec(), vec![b'x'; long], rest.as_bytes().to_vec()].concat());
            assert_eq!(blocks[0].bytes, b"first\n");
            assert_eq!(blocks[1].bytes.len(), MAX_LINE_BYTES);
            assert_eq!((blocks[1].origin.line, blocks[1].first_index), (2, 1));
            let after: Vec<u8> = blocks[2..].iter().flat_map(|block| block.bytes.clone()).collect();
            assert_eq!(after, rest.strip_prefix('\n').unwrap_or_default().as_bytes(), "{rest:?}");
            assert!(blocks.last().is_some_and(|block| block.is_last));
            if let Some(next) = blocks.get(2) {
                assert_eq!((next.origin.line, next.origin.offset, next.first_index), (3, 6 + long + 1, 2));
            }
        }
    }
}
