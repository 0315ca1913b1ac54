//! What the program was asked for: a table, documents, or to be one of the programs that it compares with.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::baseline::{self, Baseline};
use crate::corpus::Corpus;
use crate::{measure, plan};

/// How large the comparison is.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) files: usize,
    pub(crate) lines: usize,
    pub(crate) turns: usize,
    /// The groups to run, by their names; none is all.
    pub(crate) only: Vec<String>,
    pub(crate) is_tenfold: bool,
    /// The program to measure: the one that was built, or an older one.
    pub(crate) program: PathBuf,
    /// Where to make the documents.
    pub(crate) folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_ddmc"));
        Self { files: 100_000, lines: 1_000_000, turns: 7, only: Vec::new(), is_tenfold: false, program, folder: None }
    }
}

/// Does what the arguments say.
pub(crate) fn run() -> io::Result<()> {
    // cargo itself adds --bench.
    let mut arguments = std::env::args_os().skip(1).filter(|argument| argument != "--bench").peekable();
    match arguments.peek().and_then(|first| first.to_str()) {
        Some("hello") => println!("Hello, world!"),
        Some("measure") => println!("{}", measure::child(arguments.skip(1))?),
        Some("read") => println!("{}", as_baseline(Baseline::Read, arguments.skip(1))?),
        Some("value") => println!("{}", as_baseline(Baseline::Value, arguments.skip(1))?),
        Some("lines") => println!("{}", as_baseline(Baseline::Lines, arguments.skip(1))?),
        Some("generate") => {
            let folder = arguments.nth(1).map(PathBuf::from).ok_or_else(|| io::Error::other("generate FOLDER"))?;
            let options = options(arguments)?;
            Corpus::mixed(options.files, 20).write_files(&folder.join("files"))?;
            Corpus::settings(options.files).write_files(&folder.join("settings"))?;
            Corpus::mixed(options.lines, 20).write_lines(&folder.join("lines.ndjson"))?;
            Corpus::mixed(options.files, 20).unique().write_files(&folder.join("unique"))?;
            Corpus::mixed(options.lines, 20).unique().write_lines(&folder.join("unique.ndjson"))?;
        }
        _ => plan::run(&options(arguments)?)?,
    }
    Ok(())
}

fn options(mut arguments: impl Iterator<Item = OsString>) -> io::Result<Options> {
    let mut options = Options::default();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| io::Error::other("a value is missing"));
        match name.to_str() {
            Some("--files") => options.files = number(&value()?)?,
            Some("--lines") => options.lines = number(&value()?)?,
            Some("--turns") => options.turns = number(&value()?)?,
            Some("--only") => options.only = value()?.to_string_lossy().split(',').map(str::to_owned).collect(),
            Some("--program") => options.program = PathBuf::from(value()?),
            Some("--folder") => options.folder = Some(PathBuf::from(value()?)),
            Some("--tenfold") => options.is_tenfold = true,
            _ => return Err(io::Error::other(format!("what is {}?", name.display()))),
        }
    }
    Ok(options)
}

fn number(value: &OsString) -> io::Result<usize> {
    let number = value.to_str().and_then(|text| text.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| io::Error::other(format!("{} is no number", value.display())))
}

/// One of the programs to compare with; its arguments are a path and a number of threads.
fn as_baseline(baseline: Baseline, mut arguments: impl Iterator<Item = OsString>) -> io::Result<usize> {
    let (Some(path), Some(threads)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("a path and a number of threads"));
    };
    baseline::run(baseline, Path::new(&path), number(&threads)?)
}
