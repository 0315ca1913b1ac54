//! `ddmc plan --inventory`

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use foldhash::quality::RandomState;

use super::inventory_csv::{DeviceFile, Lines};
use super::overlap::InputFiles;
use super::pages::PageFormat;
use super::plan::Basis;
use super::progress::Progress;
use super::terminal::{Deferred, remark};
use super::work::{Threads, in_chunks};
use super::write::Batch;
use super::{Status, inventory_json, inventory_page};
use crate::inventory::{Columns, Kinds, Mapping, Opened, Planner, open};
use crate::source::{STDIN, describe};
use crate::words::visible;

/// The devices of an inventory.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct InventoryFlags {
    /// The devices of an inventory: a CSV table with a header, or one JSON object per line; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["device", "status"])]
    pub(super) inventory: Option<PathBuf>,

    /// The names of the inventory's columns, such as id=Serial,version="OS Version"; repeatable
    #[arg(long, value_name = "COLUMN=NAME", requires = "inventory", value_parser = str::parse::<Mapping>)]
    pub(super) columns: Vec<Mapping>,

    /// Also write one line per device of the inventory to a file
    #[arg(short, long, value_name = "csv=FILE", requires = "inventory")]
    pub(super) output: Option<DeviceFile>,
}

/// An inventory, and how to read it.
pub(super) struct Request<'r> {
    pub(super) path: &'r Path,
    /// The name of standard input.
    pub(super) stdin_name: Option<&'r str>,
    pub(super) output: Option<&'r DeviceFile>,
    pub(super) threads: &'r Threads,
    pub(super) format: PageFormat,
    /// The files that the run reads.
    pub(super) inputs: InputFiles,
}

impl Request<'_> {
    fn name(&self) -> String {
        match self.stdin_name {
            Some(name) if self.is_stdin() => name.to_owned(),
            _ if self.is_stdin() => STDIN.to_owned(),
            _ => self.path.to_string_lossy().into_owned(),
        }
    }

    fn is_stdin(&self) -> bool {
        self.path.as_os_str() == "-"
    }

    fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        if self.is_stdin() {
            return Ok(Box::new(io::stdin()));
        }
        if self.path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Ok(Box::new(File::open(self.path)?))
    }
}

/// The columns that matter for a set.
pub(super) fn columns(names: &crate::plan::Premises<'_>, has_catalog: bool, mappings: &[Mapping]) -> Result<Columns, Status> {
    Columns::new(&names.names(), has_catalog, mappings).map_err(|reason| failure(&reason))
}

fn failure(reason: &str) -> Status {
    remark(&format!("ddmc: {reason}"));
    Status::Failure
}

/// Plans for the devices of an inventory, and prints what they do.
pub(super) fn run(request: &Request<'_>, planner: &Planner<'_>, basis: &Basis<'_>) -> Result<Status, Status> {
    let name = visible(&request.name());
    let failed = |reason: &str| failure(&format!("{name}: {}", visible(reason)));
    let mut batch = Batch::default();
    let lines = request.output.map(|file| {
        if request.inputs.names(&file.path) {
            return Err(failure(&format!("{}: is an input, which is not overwritten", visible(&file.path.to_string_lossy()))));
        }
        Lines::open(&file.path, &mut batch).map_err(|error| failure(&cannot_write(&file.path, &error)))
    });
    let mut lines = lines.transpose()?;
    let opened = request.reader().map_err(|error| describe(&error));
    let opened =
        opened.and_then(|reader| open(reader, Path::new(&request.name()), &planner.columns)).map_err(|reason| failed(&reason))?;
    let kinds = read(request, planner, opened, lines.as_mut(), &name)?;
    if let (Some(lines), Some(file)) = (lines, request.output) {
        lines.finish().map_err(|error| failure(&cannot_write(&file.path, &error)))?;
    }
    if kinds.totals.devices == 0 {
        return Err(failed("has no devices"));
    }
    if kinds.totals.joined > 0 {
        remark(&format!(
            "ddmc: {name}: has very many kinds of devices; {} are counted with others that have the same plan, but other values",
            kinds.totals.joined
        ));
    }
    let mut out = BufWriter::with_capacity(1 << 16, Deferred::new(io::stdout()));
    let page = |_| inventory_page::page(&kinds, planner, basis);
    let json = |out: &mut dyn Write| inventory_json::print(&kinds, planner, basis, request.threads, out);
    let printed = request.format.write("plan", page, json, &mut out);
    let status = super::finish(printed.and_then(|()| Deferred::finish(out)));
    // An inventory of which nothing can be planned is one that was read wrongly.
    Ok(if kinds.totals.unplanned == kinds.totals.devices { Status::Failure } else { status })
}

/// Reads the rows of an inventory, and plans for each kind of devices.
fn read(
    request: &Request<'_>,
    planner: &Planner<'_>,
    opened: Opened,
    mut lines: Option<&mut Lines>,
    name: &str,
) -> Result<Kinds, Status> {
    let Opened { format, blocks, first_line, unknown } = opened;
    let say = |unknown: &[String]| {
        if let Some(words) = planner.columns.unknown(unknown) {
            remark(&format!("ddmc: {name}: {words}"));
        }
    };
    say(&unknown);
    let hasher = RandomState::default();
    let progress = Progress::of("devices read", false);
    let mut kinds = Kinds::new(first_line);
    let mut error = None;
    in_chunks(
        blocks,
        request.threads,
        |_, block| vec![block.map(|block| format.rows(&block, &planner.columns, &hasher))],
        |results| {
            let mut all = Vec::with_capacity(results.len());
            for result in results {
                match result {
                    Ok(rows) => all.push(rows),
                    Err(reason) => error = Some(reason),
                }
            }
            all.iter().filter(|rows| !rows.unknown.is_empty()).for_each(|rows| progress.suspend(|| say(&rows.unknown)));
            let before = kinds.totals.devices;
            let written = kinds.take(planner, &all, |kinds, line, id, fate| match &mut lines {
                Some(lines) => lines.write(kinds, planner.set, line, id, fate),
                None => Ok(()),
            });
            progress.advance_by(kinds.totals.devices - before);
            if let Err(reason) = written {
                error = Some(describe(&reason));
            }
            if error.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
    );
    drop(progress);
    match error {
        None => Ok(kinds),
        Some(reason) => Err(failure(&format!("{name}: after line {}: {}", kinds.line(), visible(&reason)))),
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {}", visible(&path.to_string_lossy()), visible(&describe(error)))
}
