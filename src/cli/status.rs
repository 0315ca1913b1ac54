//! `ddmc status`

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::flags::{ActivationFlags, InputFlags, ReleaseFlags};
use super::pages::PageFormat;
use super::reader::Reader;
use super::status_input::{self, Reports};
use super::terminal::{Color, remark};
use super::work::{Threads, Work};
use super::{Status, catalogue, configure, status_json, status_page};
use crate::apple::{Schema, Target};
use crate::config::Flags;
use crate::diagnostic::{Diagnostic, Place};
use crate::hash::Map;
use crate::lint::{self, Gather};
use crate::locate;
use crate::plan::{self, Plan};
use crate::predicate::Given;
use crate::run::Severities;
use crate::set::Gathered;
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

    /// The format of the explanation
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: PageFormat,

    #[command(flatten)]
    activations: ActivationFlags,

    #[command(flatten)]
    input: InputFlags,

    #[command(flatten)]
    release: ReleaseFlags,

    #[command(flatten)]
    config: configure::ConfigFlags,
}

pub(super) fn run(arguments: &Arguments, color: Color) -> Result<Status, Status> {
    if arguments.paths.iter().any(|path| path.as_os_str() == "-") {
        remark("ddmc: - can only be the report; name the files with the declarations");
        return Err(Status::Failure);
    }
    let flags = Flags { activations: arguments.activations.get(), ..arguments.release.clone().into() };
    let effective = catalogue::effective(&arguments.config, flags, color)?;
    let threads = Threads::new(arguments.input.jobs);
    if !arguments.paths.is_empty() {
        threads.start();
    }
    let stdin_name = arguments.input.stdin_filename.as_deref();
    let reports = status_input::read(&arguments.report, stdin_name, &threads, arguments.show_values)?;
    let (now, catalog) = (effective.as_of(&[]).0, effective.catalog());
    let schema = effective.schema().clone();
    let effective = Arc::new(effective.only_placeholders());
    let work = Work { keeps_source: false, ..Work::new(arguments.paths.clone(), None, threads, Gather::Bodies, effective) };
    let mut reader = Reader::new(&work, Severities::default(), color).quiet();
    if !arguments.paths.is_empty() {
        reader = reader.read()?;
        if reader.session.gathered().members.is_empty() {
            remark("ddmc: no declaration found to compare the report with");
            return Err(Status::Failure);
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
            let shows_all = arguments.show_values;
            let page = |_| status_page::fleet(&table, set, shows_all);
            let printed = arguments.format.print("status", page, |out| status_json::print_fleet(&table, set, shows_all, out));
            printed.max(status)
        }
    };
    Ok(if has_failures { Status::Failure } else { status })
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
    let page = |width| status_page::page(&explained, &basis, width);
    let printed = arguments.format.print("status", page, |out| status_json::print(&explained, &basis, out));
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
