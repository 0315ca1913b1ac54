//! Reads a file in blocks of whole lines.

use std::io::{self, Read};
use std::sync::Arc;

use super::{Lines, Trouble, Unit, explain};
use crate::diagnostic::Position;
use crate::syntax::lines;
use crate::validate::Strictness;

/// About how many bytes of lines are read at a time.
const BLOCK_BYTES: usize = 1 << 16;

/// The longest line that is kept; what is beyond is cut off, and the line is then too large to be a declaration.
const LONGEST_LINE: usize = 32 << 20;

/// Reads a file in blocks of whole lines.
pub(super) struct LineReader {
    reader: Box<dyn Read + Send>,
    file: Arc<str>,
    strictness: Strictness,
    /// Where the next block begins.
    origin: Position,
    index: usize,
    /// What was read of the next block already.
    begun: Vec<u8>,
    done: bool,
}

impl LineReader {
    pub(super) fn new(reader: Box<dyn Read + Send>, file: Arc<str>, strictness: Strictness) -> Self {
        Self { reader, file, strictness, origin: Position::START, index: 0, begun: Vec::new(), done: false }
    }

    pub(super) fn next(&mut self) -> Option<Unit> {
        if self.done {
            return None;
        }
        match self.block() {
            Ok(lines) => Some(Unit::Lines(lines)),
            Err(error) => {
                self.done = true;
                Some(Unit::Trouble(Trouble { file: self.file.clone(), reason: explain(&error) }))
            }
        }
    }

    fn block(&mut self) -> io::Result<Lines> {
        let (origin, first_index) = (self.origin, self.index);
        let (bytes, dropped) = self.read()?;
        // The rest of a line that was not kept ends the block: offsets after it would not hold for the file.
        self.origin.offset += bytes.len() + dropped;
        let mut rest = lines(&bytes, origin == Position::START);
        let spans: Vec<_> = rest.by_ref().collect();
        self.origin.line += rest.number;
        self.index += spans.len();
        Ok(Lines { file: self.file.clone(), strictness: self.strictness, bytes, spans, origin, first_index, is_last: self.done })
    }

    /// Reads some whole lines, or one that is cut off. Returns them, and how many bytes of the last one were dropped.
    fn read(&mut self) -> io::Result<(Vec<u8>, usize)> {
        let mut bytes = Vec::with_capacity(self.begun.len() + BLOCK_BYTES);
        bytes.append(&mut self.begun);
        let mut searched = 0;
        loop {
            let wanted = BLOCK_BYTES.min(LONGEST_LINE - bytes.len());
            if !self.more(&mut bytes, wanted)? {
                return Ok((bytes, 0));
            }
            if let Some(feed) = memchr::memrchr(b'\n', &bytes[searched..]) {
                self.begun.extend_from_slice(&bytes[searched + feed + 1..]);
                bytes.truncate(searched + feed + 1);
                return Ok((bytes, 0));
            }
            if bytes.len() == LONGEST_LINE {
                let dropped = self.skip_line()?;
                return Ok((bytes, dropped));
            }
            searched = bytes.len();
        }
    }

    /// Appends so many bytes, or what is left, and returns whether there may be more.
    fn more(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        let length = self.reader.by_ref().take(wanted as u64).read_to_end(bytes)?;
        self.done = length < wanted;
        Ok(!self.done)
    }

    /// Passes over the rest of a line, its line feed included, and returns how long it was.
    fn skip_line(&mut self) -> io::Result<usize> {
        let mut skipped = 0;
        loop {
            let may_go_on = self.more_begun()?;
            let feed = memchr::memchr(b'\n', &self.begun);
            let length = feed.map_or(self.begun.len(), |feed| feed + 1);
            self.begun.drain(..length);
            skipped += length;
            if feed.is_some() || !may_go_on {
                // What was read beyond the line is a block of its own, even if the file ends with it.
                self.done = self.done && self.begun.is_empty();
                return Ok(skipped);
            }
        }
    }

    fn more_begun(&mut self) -> io::Result<bool> {
        let mut begun = std::mem::take(&mut self.begun);
        let may_go_on = self.more(&mut begun, BLOCK_BYTES);
        self.begun = begun;
        may_go_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives its text in pieces, as a pipe does.
    struct Pipe(io::Cursor<Vec<u8>>);

    impl Read for Pipe {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(50_000);
            self.0.read(&mut buffer[..most])
        }
    }

    fn blocks(text: Vec<u8>) -> Vec<Lines> {
        let mut reader = LineReader::new(Box::new(Pipe(io::Cursor::new(text))), Arc::from("x.ndjson"), Strictness::Named);
        std::iter::from_fn(|| reader.next())
            .map(|unit| match unit {
                Unit::Lines(lines) => lines,
                _ => panic!("memory can be read"),
            })
            .collect()
    }

    #[test]
    fn blocks_are_whole_lines_and_know_where_they_begin() {
        for (line, count, end) in
            [("x".repeat(700), 2000, "\n"), ("{}\n\r\n \n[]".to_owned(), 50_000, ""), (String::new(), 3, "\n")]
        {
            let text = vec![line.as_str(); count].join("\n") + end;
            let blocks = blocks(text.clone().into_bytes());
            let (mut whole, mut index) = (Vec::new(), 0);
            for (at, block) in blocks.iter().enumerate() {
                assert_eq!(block.is_last, at + 1 == blocks.len());
                assert_eq!((block.origin.offset, block.first_index), (whole.len(), index));
                assert_eq!(block.origin.line, 1 + memchr::memchr_iter(b'\n', &whole).count());
                assert!(block.is_last || block.bytes.ends_with(b"\n"));
                whole.extend_from_slice(&block.bytes);
                index += lines(&block.bytes, false).count();
            }
            assert!(whole == text.as_bytes() && !blocks.is_empty());
        }
    }

    #[test]
    fn a_line_without_end_is_cut_and_hides_no_other() {
        for rest in ["", "\n", "\nnext", "\n\nnext\nlast\n"] {
            let long = LONGEST_LINE + 3 * BLOCK_BYTES + 7;
            let blocks = blocks([b"first\n".to_vec(), vec![b'x'; long], rest.as_bytes().to_vec()].concat());
            assert_eq!(blocks[0].bytes, b"first\n");
            assert_eq!(blocks[1].bytes.len(), LONGEST_LINE);
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
