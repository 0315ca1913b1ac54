//! The baselines for `ddmc`: the minimum work of any program that reads the same files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use serde_json::{Deserializer, Value};

/// How many files, or bytes of lines, a thread takes at once.
const FILES: usize = 32;
const BYTES: usize = 1 << 20;

/// What to do with each file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Baseline {
    /// Walk the folder; open, read and close every file.
    Read,
    /// The same, and parse each file into a `serde_json::Value`.
    Value,
    /// Read a file of lines, and parse each line into a `serde_json::Value`.
    Lines,
    /// Read the rows of a CSV table, on one thread.
    Table,
}

/// Runs a baseline on several threads, and returns the number of values.
pub(crate) fn run(baseline: Baseline, path: &Path, threads: usize) -> io::Result<usize> {
    let count = Mutex::new(0);
    match baseline {
        Baseline::Table => {
            let (mut table, mut row) = (csv::Reader::from_path(path)?, csv::ByteRecord::new());
            let mut rows = 0;
            while table.read_byte_record(&mut row)? {
                rows += 1;
            }
            add(&count, rows)?;
        }
        Baseline::Lines => {
            let mut file = BufReader::with_capacity(1 << 16, File::open(path)?);
            let next = Mutex::new(move || block(&mut file));
            on(threads, || {
                let mut values = 0;
                while let Some(bytes) = take(&next)? {
                    // Splitting the lines first takes 10 % longer.
                    for value in Deserializer::from_slice(&bytes).into_iter::<Value>() {
                        drop(value?);
                        values += 1;
                    }
                }
                add(&count, values)
            })?;
        }
        Baseline::Read | Baseline::Value => {
            // The same walk as in ddmc.
            let mut walk = ignore::WalkBuilder::new(path)
                .git_global(false)
                .git_exclude(false)
                .require_git(false)
                .sort_by_file_path(|one, other| one.as_os_str().cmp(other.as_os_str()))
                .build();
            let next = Mutex::new(move || {
                let files: Vec<PathBuf> = walk.by_ref().filter_map(json).take(FILES).collect();
                Ok((!files.is_empty()).then_some(files))
            });
            on(threads, || {
                let (mut values, mut buffer) = (0, Vec::new());
                while let Some(files) = take(&next)? {
                    for path in files {
                        buffer.clear();
                        // The limit avoids a call for the size of the file.
                        File::open(path)?.take(1 << 30).read_to_end(&mut buffer)?;
                        if baseline == Baseline::Value {
                            drop(serde_json::from_slice::<Value>(&buffer)?);
                        }
                        values += 1;
                    }
                }
                add(&count, values)
            })?;
        }
    }
    Ok(count.into_inner().unwrap_or_default())
}

fn json(entry: Result<ignore::DirEntry, ignore::Error>) -> Option<PathBuf> {
    let entry = entry.ok()?;
    let is_json = entry.file_type()?.is_file() && entry.path().extension().is_some_and(|extension| extension == "json");
    is_json.then(|| entry.into_path())
}

/// Reads about [`BYTES`] of complete lines.
fn block(file: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::with_capacity(BYTES + (1 << 14));
    while bytes.len() < BYTES && file.read_until(b'\n', &mut bytes)? > 0 {}
    Ok((!bytes.is_empty()).then_some(bytes))
}

fn take<T>(next: &Mutex<impl FnMut() -> io::Result<Option<T>>>) -> io::Result<Option<T>> {
    next.lock().map_err(|_| io::Error::other("another thread panicked"))?()
}

fn add(count: &Mutex<usize>, values: usize) -> io::Result<()> {
    *count.lock().map_err(|_| io::Error::other("another thread panicked"))? += values;
    Ok(())
}

fn on(threads: usize, work: impl Fn() -> io::Result<()> + Sync) -> io::Result<()> {
    if threads <= 1 {
        return work();
    }
    thread::scope(|scope| {
        let all: Vec<_> = (0..threads).map(|_| scope.spawn(&work)).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| io::Error::other("a thread panicked"))?)
    })
}
