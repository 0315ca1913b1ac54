//! Reads status reports for the commands that take one.

use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::sync::Arc;

use super::Status;
use super::terminal::remark;
use super::work::{Threads, WorkerBuffers, in_chunks};
use crate::config::{Exclude, Globs};
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::source::{Inputs, ReadError, StandardInput, Unit};
use crate::status::{self, Fleet, Report};
use crate::syntax::{self, Buffers, Container, Layout, Pieces};
use crate::words::{count, visible};

/// The most inputs without a report that are named.
const MOST_NAMED: usize = 10;

/// What a document is.
enum Read {
    Report(Box<Report>),
    /// It is no report, or cannot be read to its end.
    Fault(String),
}

/// The reports of a file, a line or an element of an array, with the number of the line or element.
type Numbered = (usize, Read);

/// The reports of an input, and whether some of it is not a report or cannot be read.
pub(super) struct Reports {
    pub(super) fleet: Fleet,
    pub(super) has_failures: bool,
}

/// Reads the reports at a path. Remarks say what is not one.
pub(super) fn read(path: &Path, stdin_name: Option<&str>, threads: &Threads, shows_all: bool) -> Result<Reports, Status> {
    let name = match stdin_name {
        Some(name) if path.as_os_str() == "-" => visible(name),
        _ => visible(&path.to_string_lossy()),
    };
    if path.is_dir() {
        remark(&format!("ddmc: {name}: is a folder; name the file with the status report"));
        return Err(Status::Failure);
    }
    let exclude = Arc::new(Exclude::new(None, &Globs::default(), Path::new("")));
    let inputs = Inputs::new(vec![path.to_owned()], stdin_name.map(str::to_owned), StandardInput::default(), exclude);
    let mut reports = Reports { fleet: Fleet::new(shows_all), has_failures: false };
    let mut faults = 0;
    in_chunks(inputs, threads, work, |results| {
        for result in results {
            let fault = match result {
                Ok((number, Read::Report(report))) => {
                    reports.fleet.take(*report, number);
                    continue;
                }
                Ok((number, Read::Fault(what))) => format!("{name}:{number}: {what}"),
                Err(error) => error.to_string(),
            };
            faults += 1;
            if faults <= MOST_NAMED {
                remark(&format!("ddmc: {fault}"));
            }
        }
        ControlFlow::Continue(())
    });
    if faults > MOST_NAMED {
        remark(&format!("ddmc: {name}: {} like these", count(faults - MOST_NAMED, "more fault")));
    }
    reports.has_failures = faults > 0;
    if reports.fleet.devices() == 0 {
        if faults == 0 {
            remark(&format!("ddmc: {name}: is empty, not a status report"));
        }
        return Err(Status::Failure);
    }
    Ok(reports)
}

/// Reads the report of one device.
pub(super) fn read_one(path: &Path, threads: &Threads) -> Result<Report, Status> {
    let reports = read(path, None, threads, false)?;
    reports.fleet.finish().map_err(|table| {
        let name = visible(&path.to_string_lossy());
        remark(&format!("ddmc: {name}: has the reports of {}; give that of one", count(table.devices, "device")));
        Status::Failure
    })
}

fn work(buffers: &mut WorkerBuffers, unit: Unit) -> Vec<Result<Numbered, ReadError>> {
    let WorkerBuffers { text, parser } = buffers;
    match unit {
        Unit::Excluded(_) => Vec::new(),
        Unit::Failed(error) => vec![Err(error)],
        Unit::Lines(lines) => {
            let line = |(at, span): (usize, Range<usize>)| one(&lines.bytes[span], lines.origin.line + at, parser);
            lines.spans.into_iter().flat_map(line).map(Ok).collect()
        }
        Unit::File(document) => {
            text.clear();
            if let Err(error) = document.read(text, || ()) {
                return vec![Err(error)];
            }
            let (bytes, _) = syntax::decoded(text);
            file(&bytes, parser).into_iter().map(Ok).collect()
        }
    }
}

/// The reports of a text.
pub(super) fn reports(bytes: &[u8]) -> Vec<Report> {
    let all = file(bytes, &mut Buffers::default()).into_iter();
    all.filter_map(|(_, read)| if let Read::Report(report) = read { Some(*report) } else { None }).collect()
}

/// Reads a whole file: a report, an array of reports, or one in each line, whatever its name.
fn file(bytes: &[u8], buffers: &mut Buffers) -> Vec<Numbered> {
    if Container::of(bytes).is_none() {
        let mut lines = syntax::lines(bytes, true);
        let is_object = |(_, span): &(usize, Range<usize>)| {
            let line = bytes[span.clone()].trim_ascii();
            line.starts_with(b"{") && line.ends_with(b"}") && line.len() > 2
        };
        if lines.next().is_some_and(|line| is_object(&line)) && lines.next().is_some_and(|line| is_object(&line)) {
            return syntax::lines(bytes, true).flat_map(|(at, span)| one(&bytes[span], at + 1, buffers)).collect();
        }
        if let Layout::Array(opening) = syntax::layout(bytes)
            && !is_list_of_rows(bytes, opening, buffers)
        {
            let mut pieces = Pieces::new(bytes, opening);
            let mut all: Vec<Numbered> =
                pieces.by_ref().enumerate().flat_map(|(at, span)| one(&bytes[span], at + 1, buffers)).collect();
            all.extend(pieces.faults().into_iter().next().map(|fault| (1, Read::Fault(fault.message))));
            return all;
        }
    }
    one(bytes, 1, buffers)
}

/// Whether the first element of an array is a row of a server about a declaration, so that all are one report.
fn is_list_of_rows(bytes: &[u8], opening: usize, buffers: &mut Buffers) -> bool {
    let Some(first) = Pieces::new(bytes, opening).next() else { return false };
    let parsed = syntax::parse_json(&bytes[first], buffers);
    parsed.document.is_some_and(|document| status::is_row(document.root()))
}

/// Reads one document.
fn one(bytes: &[u8], number: usize, buffers: &mut Buffers) -> Vec<Numbered> {
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return vec![(number, Read::Fault(format!("is larger than {} MiB", MAX_DOCUMENT_BYTES >> 20)))];
    }
    let parsed = syntax::parse(bytes, buffers);
    let fault = parsed.mistakes().next().map(|fault| {
        let end = if bytes.trim_ascii_end().len() <= fault.place.end { "it may be cut off: " } else { "" };
        format!("the report cannot be read completely: {end}{}", fault.message)
    });
    let is_sound = fault.is_none() && Container::of(bytes).is_none();
    let mut all: Vec<Read> = Vec::new();
    if let Some(document) = &parsed.document {
        let root = document.root();
        all = status::read(root, is_sound).into_iter().map(|report| Read::Report(Box::new(report))).collect();
        if all.is_empty() && fault.is_none() {
            all.push(Read::Fault(format!("this is {}", status::other(root))));
        }
    }
    all.extend(fault.map(Read::Fault));
    buffers.tidy();
    all.into_iter().map(|read| (number, read)).collect()
}
