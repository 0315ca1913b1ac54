//! `ddmc status`

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::reader::Reader;
use super::status_input::{self, Reports};
use super::terminal::{Color, remark, width};
use super::work::{Threads, Work};
use super::{Status, catalogue, configure, status_json, status_page};
use crate::apple::{LocalDateTime, Schema, Target};
use crate::config::Flags;
use crate::content::Hashes;
use crate::diagnostic::{Diagnostic, Place};
use crate::hash::Map;
use crate::lint::{self, Gather};
use crate::locate;
use crate::plan::{self, Plan};
use crate::predicate::Given;
use crate::run::Severities;
use crate::set::Gathered;
use crate::source::StandardInput;
use crate::status::{self, Hidden, Joined, Report};
use crate::validate::Strictness;

/// Explain the status report of a device, alone or with the declarations that the device should have
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc status report.json                 each declaration and reason in words
  ddmc status report.json published/      with the places in the declarations
  ddmc status reports.ndjson published/   a table of the reasons on many devices
  ddmc status - published/ --format json < report.json

A report is the body of the status endpoint, its StatusItems alone, or what KMFDDM, NanoHUB, Zentral
and Fleet keep of it; a file may have one in each line.

Exit status: 0 nothing failed, 1 something is invalid or failed, 2 the command could not do all of its
work.")]
pub(super) struct Arguments {
    /// The status report; - is standard input
    #[arg(value_name = "REPORT")]
    report: PathBuf,

    /// The files and folders with the declarations that the device should have
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Print serial numbers, server tokens and other values that tell who has the device
    #[arg(long)]
    show_values: bool,

    /// Compare with the plan from this time on (the device's local time) [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS", value_parser = super::parse_time)]
    as_of: Option<LocalDateTime>,

    /// A file with the releases that Apple offers (GDMF or SOFA)
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// The format of the explanation
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// The name of standard input; its extension tells the format
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    activations: configure::ActivationFlags,

    #[command(flatten)]
    config: configure::ConfigFlags,

    /// The number of threads [default: one per processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
    Markdown,
    Html,
}

pub(super) fn run(arguments: &Arguments, color: Color) -> Status {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        remark("ddmc: - can only be the report; name the files with the declarations");
        return Status::Failure;
    }
    let flags = Flags {
        as_of: arguments.as_of,
        catalog: arguments.catalog.clone(),
        activations: arguments.activations.get(),
        ..Flags::default()
    };
    let loaded = match configure::effective(&arguments.config, flags) {
        Ok(effective) => catalogue::load(effective, false),
        Err(error) => return configure::report_on_stderr(error, color),
    };
    let effective = match loaded {
        Ok(loaded) => loaded,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    let threads = Threads::new(arguments.jobs);
    if !arguments.paths.is_empty() {
        threads.start();
    }
    let reports =
        match status_input::read(&arguments.report, arguments.stdin_filename.as_deref(), &threads, arguments.show_values) {
            Ok(reports) => reports,
            Err(status) => return status,
        };
    let (now, catalog) = (effective.as_of(&[]).0, effective.catalog());
    let schema = effective.schema().clone();
    let work = Work {
        paths: arguments.paths.clone(),
        stdin_name: None,
        stdin: StandardInput::default(),
        threads,
        gather: Gather::Bodies,
        keeps_source: false,
        effective: Arc::new(effective.only_placeholders()),
        hashes: Hashes::default(),
        large: Arc::default(),
    };
    let mut reader = Reader::new(&work, Severities::default(), color).quiet();
    if !arguments.paths.is_empty() {
        work.run(|results| reader.take(results));
        if reader.has_failures {
            return Status::Failure;
        }
        if reader.session.gathered().members.is_empty() {
            remark("ddmc: no declaration found to compare the report with");
            return Status::Failure;
        }
        if reader.has_errors {
            remark("ddmc: the declarations have errors; `ddmc check` shows them");
        }
    }
    let set = (!arguments.paths.is_empty()).then(|| reader.session.gathered());
    let Reports { fleet, has_failures } = reports;
    let status = match fleet.finish() {
        Ok(report) => {
            let plans = set.and_then(|_| {
                let device = status::with_items(status::device(&report)?, &report, |_| true);
                Some(reader.session.plans(&device, now, catalog.as_deref()))
            });
            let plan = plans.as_deref().and_then(|plans| if let [plan] = plans { Some(plan) } else { None });
            explain(&report, set, plan, &schema, &work, arguments)
        }
        Err(table) => {
            let status = if table.failed > 0 { Status::Findings } else { Status::Success };
            let mut out = io::stdout().lock();
            let shows_all = arguments.show_values;
            let printed = super::finish(match arguments.format {
                Format::Human => {
                    out.write_all(status_page::fleet(&table, set, shows_all).to_text(width().clamp(60, 100)).as_bytes())
                }
                Format::Json => status_json::print_fleet(&table, set, shows_all, &mut out),
                Format::Markdown => out.write_all(status_page::fleet(&table, set, shows_all).escaped().to_markdown().as_bytes()),
                Format::Html => status_page::fleet(&table, set, shows_all).write_html("status", &mut out),
            });
            printed.max(status)
        }
    };
    if has_failures { Status::Failure } else { status }
}

/// Explains the report of one device.
fn explain(
    report: &Report,
    set: Option<&Gathered>,
    plan: Option<&Plan>,
    schema: &Schema,
    work: &Work,
    arguments: &Arguments,
) -> Status {
    let hidden = Hidden::of(report, arguments.show_values);
    let source =
        set.map(|set| Texts { work, set, target: status::device(report).map(|device| device.target), ..Texts::new(work, set) });
    let joined = set.zip(source.as_ref()).map(|(set, source)| Joined {
        set,
        by_name: set.by_identifier(),
        plan,
        facts: Given { status: Vec::new(), properties: plan::properties(set).into_iter().collect() },
        source,
        searches: Cell::new(0),
    });
    let explained = status::explain(report, joined.as_ref(), schema, &hidden);
    let basis = status_page::Basis { report, set, hidden: &hidden, source: source.as_ref() };
    let mut out = io::stdout().lock();
    let printed = super::finish(match arguments.format {
        Format::Human => {
            let width = width().clamp(60, 100);
            out.write_all(status_page::page(&explained, &basis, width).to_text(width).as_bytes())
        }
        Format::Json => status_json::print(&explained, &basis, &mut out),
        Format::Markdown => out.write_all(status_page::page(&explained, &basis, 80).escaped().to_markdown().as_bytes()),
        Format::Html => status_page::page(&explained, &basis, 100).write_html("status", &mut out),
    });
    printed.max(if explained.has_failures() { Status::Findings } else { Status::Success })
}

/// The most findings that are kept to explain reasons, and the most keys that are looked for, each in a whole file.
const MOST_FINDINGS: usize = 20_000;
const MOST_KEYS: usize = 200;

/// The name of a file, and its text if it could be read.
type LastText = (Arc<str>, Option<Arc<Vec<u8>>>);

/// The texts of the set.
pub(super) struct Texts<'t> {
    work: &'t Work,
    set: &'t Gathered,
    target: Option<Target>,
    /// What `check` finds in each file.
    findings: RefCell<Map<Arc<str>, Vec<Diagnostic>>>,
    kept: Cell<usize>,
    keys: Cell<usize>,
    /// The file that was read last, and its text.
    last: RefCell<Option<LastText>>,
}

impl<'t> Texts<'t> {
    fn new(work: &'t Work, set: &'t Gathered) -> Self {
        Self {
            work,
            set,
            target: None,
            findings: RefCell::default(),
            kept: Cell::new(0),
            keys: Cell::new(0),
            last: RefCell::default(),
        }
    }

    /// The text of a file.
    pub(super) fn text(&self, file: &Arc<str>) -> Option<Arc<Vec<u8>>> {
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(name, _)| name != file) {
            *last = None;
            *last = Some((file.clone(), self.work.text(file).map(Arc::new)));
        }
        last.as_ref().and_then(|(_, text)| text.clone())
    }

    fn judged(&self, file: &Arc<str>) -> Vec<Diagnostic> {
        let Some(text) = self.text(file).filter(|_| self.kept.get() < MOST_FINDINGS) else { return Vec::new() };
        let mut conditions = self.work.effective.for_file(file).conditions.clone();
        conditions.targets = self.target.iter().cloned().collect();
        let all = lint::alone(file, Strictness::Named, &text, &conditions);
        self.kept.set(self.kept.get() + all.len());
        all
    }
}

impl status::Source for Texts<'_> {
    fn findings(&self, who: usize) -> Vec<Diagnostic> {
        let member = &self.set.members[who];
        let mut findings = self.findings.borrow_mut();
        let all = findings.entry(member.file.clone()).or_insert_with(|| self.judged(&member.file));
        all.iter().filter(|finding| finding.place.index == member.index).cloned().collect()
    }

    fn key(&self, who: usize, name: &str) -> Option<Place> {
        self.keys.set(self.keys.get() + 1);
        let member = &self.set.members[who];
        let text = self.text(&member.file).filter(|_| self.keys.get() <= MOST_KEYS)?;
        locate::key(&text, member, name)
    }
}
