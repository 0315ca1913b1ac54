//! Reads a regular file to its end.

use std::io::{self, Read};

/// A regular file. A read that gives less than it could is its last one (POSIX, `read`); to ask once more would be a twentieth of what it
/// takes to read and lint a small file.
///
/// This does not hold for pipes and devices, so it is for what a walk found to be a regular file.
pub(super) struct Regular<R> {
    file: R,
    has_ended: bool,
}

impl<R> Regular<R> {
    pub(super) fn new(file: R) -> Self {
        Self { file, has_ended: false }
    }
}

impl<R: Read> Read for Regular<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.has_ended {
            return Ok(0);
        }
        let length = self.file.read(buffer)?;
        self.has_ended = length < buffer.len();
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file in memory that counts how often it is read.
    struct Counted(io::Cursor<Vec<u8>>, usize);

    impl Read for Counted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 += 1;
            self.0.read(buffer)
        }
    }

    #[test]
    fn a_file_is_read_to_its_end_and_a_small_one_at_once() {
        for length in [0, 1, 500, 8191, 8192, 8193, 16_384, 65_536, 1_000_000] {
            let text: Vec<u8> = (0..=u8::MAX).cycle().take(length).collect();
            let mut file = Regular::new(Counted(io::Cursor::new(text.clone()), 0));
            let mut read = Vec::with_capacity(1 << 16);
            read.extend(b"before");
            file.read_to_end(&mut read).expect("memory can be read");
            assert!(read.strip_prefix(b"before") == Some(&text), "{length}");
            assert!(length > 500 || file.file.1 == 1, "{length}: {}", file.file.1);
        }
    }
}
