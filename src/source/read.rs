//! Reads files, standard input, and parts of files, never more than a document may have.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::ReadError;
use super::git::Blob;
use crate::limits::{MAX_DOCUMENT_BYTES, MAX_FILE_BYTES, MAX_SHARED_BYTES};
use crate::syntax::{self, Layout};
use crate::validate::Strictness;

/// A file that is read into memory at once.
pub(crate) struct Document {
    pub(super) path: Origin,
    pub(crate) file: Arc<str>,
    pub(crate) strictness: Strictness,
}

pub(super) enum Origin {
    StandardInput(StandardInput),
    Path(PathBuf),
    /// A file of a git revision.
    Blob(Blob),
}

/// The text of standard input, kept because it can be read only once.
#[derive(Debug, Clone, Default)]
pub(crate) struct StandardInput(Arc<OnceLock<Vec<u8>>>);

impl StandardInput {
    fn read(&self, buffer: &mut Vec<u8>) -> io::Result<usize> {
        if let Some(text) = self.text() {
            buffer.extend_from_slice(text);
            return Ok(text.len());
        }
        read_text(io::stdin().lock(), buffer, || ())?;
        let _ = self.0.set(buffer.clone());
        Ok(buffer.len())
    }

    /// The text, once read; lines are not kept.
    pub(crate) fn text(&self) -> Option<&[u8]> {
        self.0.get().map(Vec::as_slice)
    }
}

impl Origin {
    pub(super) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::StandardInput(_) => Box::new(io::stdin()),
            Self::Path(path) => Box::new(File::open(path)?),
            Self::Blob(blob) => Box::new(blob.open()?),
        })
    }

    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::StandardInput(_) | Self::Blob(_) => None,
            Self::Path(path) => Some(path),
        }
    }
}

impl Document {
    /// The path, which differs from the name in findings if it is not UTF-8. `None` if it is not a path of a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.path.path()
    }

    /// Reads the file into an empty `buffer`. Calls `wait` before it reads more than [`MAX_SHARED_BYTES`].
    pub(crate) fn read(&self, buffer: &mut Vec<u8>, wait: impl FnOnce()) -> Result<(), ReadError> {
        let failed = |error: &dyn fmt::Display| ReadError { file: self.file.clone(), reason: error.to_string() };
        let read = match &self.path {
            Origin::StandardInput(input) => input.read(buffer),
            Origin::Path(path) => File::open(path).and_then(|file| read_text(file, buffer, wait)),
            Origin::Blob(blob) => blob.with(|reader| read_text(reader, buffer, wait)),
        };
        let length = read.map_err(|error| failed(&describe(&error)))?;
        if length > MAX_FILE_BYTES {
            let most = MAX_FILE_BYTES >> 20;
            return Err(failed(&format!("the file is larger than {most} MiB; put one declaration per line in a .ndjson file")));
        }
        Ok(())
    }
}

/// Reads a text into an empty buffer and returns its length. Stops after one byte more than an array of declarations, or
/// than a single declaration, may have.
fn read_text(mut reader: impl Read, buffer: &mut Vec<u8>, wait: impl FnOnce()) -> io::Result<usize> {
    reader.by_ref().take(MAX_SHARED_BYTES as u64).read_to_end(buffer)?;
    if buffer.len() < MAX_SHARED_BYTES {
        return Ok(buffer.len());
    }
    wait();
    buffer.reserve_exact(MAX_DOCUMENT_BYTES + 1 - MAX_SHARED_BYTES);
    reader.by_ref().take((MAX_DOCUMENT_BYTES + 1 - MAX_SHARED_BYTES) as u64).read_to_end(buffer)?;
    if buffer.len() > MAX_DOCUMENT_BYTES && matches!(syntax::layout(buffer), Layout::Array(_)) {
        buffer.reserve_exact(MAX_FILE_BYTES - MAX_DOCUMENT_BYTES);
        reader.take((MAX_FILE_BYTES - MAX_DOCUMENT_BYTES) as u64).read_to_end(buffer)?;
    }
    Ok(buffer.len())
}

/// Reads at most `most + 1` bytes of a regular file, so that the caller can tell whether it is larger than `most`.
/// Refuses pipes, which may block, and devices, which may not end.
pub(crate) fn read_small(path: &Path, most: usize) -> Result<Vec<u8>, String> {
    let words = |error: io::Error| describe(&error);
    if !std::fs::metadata(path).map_err(words)?.is_file() {
        return Err("is not a file".to_owned());
    }
    let mut text = Vec::new();
    File::open(path).map_err(words)?.take(most as u64 + 1).read_to_end(&mut text).map_err(words)?;
    Ok(text)
}

/// Reads a span of a regular file.
pub(crate) fn read_span(path: &Path, span: Range<usize>) -> io::Result<Vec<u8>> {
    // The file may have been replaced by a pipe, which could block.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(span.start as u64))?;
    let mut bytes = Vec::with_capacity(span.len());
    file.take(span.len() as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of an operating-system error, without its number.
pub(crate) fn describe(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_owned()
        }
    }
}
