//! Reads a file in blocks of whole lines.

use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use super::blocks::{BlockReader, Cut};
use super::{Lines, ReadError, Unit, describe};
use crate::diagnostic::Position;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::syntax::lines;
use crate::validate::Strictness;

/// A longer line is truncated, and is then too large to be a declaration.
const MAX_LINE_BYTES: usize = MAX_DOCUMENT_BYTES + 1;

/// Reads a file in blocks of whole lines.
pub(super) struct LineReader {
    blocks: BlockReader,
    path: Option<Arc<Path>>,
    file: Arc<str>,
    strictness: Strictness,
    /// The position of the next block.
    origin: Position,
    index: usize,
}

impl LineReader {
    pub(super) fn new(reader: Box<dyn Read + Send>, path: Option<Arc<Path>>, file: Arc<str>, strictness: Strictness) -> Self {
        let blocks = BlockReader::new(reader, Cut::Lines(MAX_LINE_BYTES));
        Self { blocks, path, file, strictness, origin: Position::START, index: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Unit> {
        if self.blocks.is_done {
            return None;
        }
        match self.block() {
            Ok(lines) => Some(Unit::Lines(lines)),
            Err(error) => {
                self.blocks.is_done = true;
                Some(Unit::Failed(ReadError { file: self.file.clone(), reason: describe(&error) }))
            }
        }
    }

    fn block(&mut self) -> io::Result<Lines> {
        let (origin, first_index) = (self.origin, self.index);
        let (bytes, dropped) = self.blocks.read()?;
        // A truncated line ends the block: offsets after it would be wrong for the file.
        self.origin.offset += bytes.len() + dropped;
        let mut rest = lines(&bytes, origin == Position::START);
        let spans: Vec<_> = rest.by_ref().collect();
        self.origin.line += rest.number;
        self.index += spans.len();
        let (path, file) = (self.path.clone(), self.file.clone());
        Ok(Lines { path, file, strictness: self.strictness, bytes, spans, origin, first_index, is_last: self.blocks.is_done })
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::BLOCK_BYTES;
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
