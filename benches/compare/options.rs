//! The command line: prints the table, generates documents, or runs as a baseline.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::baseline::{self, Baseline};
use crate::corpus::Corpus;
use crate::{fleet, measure, plan};

/// The size of the comparison.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    pub(crate) files: usize,
    pub(crate) lines: usize,
    pub(crate) turns: usize,
    /// The groups to run, by name; empty for all.
    pub(crate) only: Vec<String>,
    pub(crate) is_tenfold: bool,
    /// The program to measure: the current build by default.
    pub(crate) program: PathBuf,
    /// Where to generate the documents.
    pub(crate) folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_ddmc"));
        Self { files: 100_000, lines: 1_000_000, turns: 7, only: Vec::new(), is_tenfold: false, program, folder: None }
    }
}

/// Runs the command that the arguments select.
pub(crate) fn run() -> io::Result<()> {
    // cargo adds --bench.
    let mut arguments = std::env::args_os().skip(1).filter(|argument| argument != "--bench").peekable();
    match arguments.peek().and_then(|first| first.to_str()) {
        Some("hello") => println!("Hello, world!"),
        Some("measure") => println!("{}", measure::child(arguments.skip(1))?),
        Some("read") => println!("{}", as_baseline(Baseline::Read, arguments.skip(1))?),
        Some("value") => println!("{}", as_baseline(Baseline::Value, arguments.skip(1))?),
        Some("lines") => println!("{}", as_baseline(Baseline::Lines, arguments.skip(1))?),
        Some("table") => println!("{}", as_baseline(Baseline::Table, arguments.skip(1))?),
        Some("generate") => {
            let folder = arguments.nth(1).map(PathBuf::from).ok_or_else(|| io::Error::other("usage: generate FOLDER"))?;
            let options = options(arguments)?;
            Corpus::mixed(options.files, 20).write_files(&folder.join("files"))?;
            Corpus::settings(options.files).write_files(&folder.join("settings"))?;
            Corpus::mixed(options.lines, 20).write_lines(&folder.join("lines.ndjson"))?;
            Corpus::mixed(options.files, 20).unique().write_files(&folder.join("unique"))?;
            Corpus::mixed(options.lines, 20).unique().write_lines(&folder.join("unique.ndjson"))?;
            fleet::write_set(&folder.join("set.ndjson"))?;
            fleet::write_devices(&folder.join("devices.csv"), &folder.join("devices.ndjson"), options.lines, false)?;
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
            _ => return Err(io::Error::other(format!("unknown option {}", name.display()))),
        }
    }
    Ok(options)
}

fn number(value: &OsString) -> io::Result<usize> {
    let number = value.to_str().and_then(|text| text.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| io::Error::other(format!("{} is not a positive number", value.display())))
}

/// Runs as a baseline. The arguments are a path and a number of threads.
fn as_baseline(baseline: Baseline, mut arguments: impl Iterator<Item = OsString>) -> io::Result<usize> {
    let (Some(path), Some(threads)) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("usage: read|value|lines|table PATH THREADS"));
    };
    baseline::run(baseline, Path::new(&path), number(&threads)?)
}
