//! `ddmc plan`

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::reader::Reader;
use super::terminal::{Color, remark, width};
use super::work::{Threads, Work};
use super::{Status, catalogue, configure, plan_json};
use crate::apple::{BuildVersion, Device, LocalDateTime, OsVersion};
use crate::config::Flags;
use crate::content::Hashes;
use crate::docs::{Block, Page};
use crate::lint::Gather;
use crate::plan::{Plan, When};
use crate::run::Severities;
use crate::set::Gathered;
use crate::source::StandardInput;
use crate::words::{list, shown, visible};

/// Show what one device does with declarations: its settings, and its updates in order
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc plan published/ --device macOS=15.6.1
  ddmc plan set.json --device iOS=26.0,build=23A341,unsupervised
  ddmc plan set.json --device iPhone=26.0
  ddmc plan set.json --device macOS=26.1,@status(device.model.identifier)=Mac16,1
  ddmc plan set.json --device iOS=26.0 --as-of 2026-01-01T00:00:00

Exit status: 0 planned, 1 the declarations have errors,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// The device: platform and version, optionally build, enrolment, and values that predicates ask for
    #[arg(long, value_name = "PLATFORM=VERSION", value_parser = super::parse::<Device>)]
    device: Device,

    /// Plan from this time on (the device's local time) [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS", value_parser = super::parse_time)]
    as_of: Option<LocalDateTime>,

    /// A file with the releases that Apple offers (GDMF or SOFA)
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// The format of the plan
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// The name of standard input in findings; its extension tells the format
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    config: configure::ConfigFlags,

    /// The number of threads [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

pub(super) fn run(arguments: Arguments, color: Color) -> Status {
    let flags = Flags { as_of: arguments.as_of, catalog: arguments.catalog, ..Flags::default() };
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
    let (now, catalog) = (effective.as_of(&[]).0, effective.catalog());
    let work = Work {
        paths: arguments.paths,
        stdin_name: arguments.stdin_filename,
        stdin: StandardInput::default(),
        threads: Threads::new(arguments.jobs),
        gather: Gather::Bodies,
        keeps_source: true,
        // The plan itself judges enforcements by the time and the catalogue.
        effective: Arc::new(effective.only_placeholders()),
        hashes: Hashes::default(),
        large: Arc::default(),
    };
    let mut reader = Reader::new(&work, Severities::default(), color);
    work.run(|results| reader.take(results));
    if reader.has_failures {
        return Status::Failure;
    }
    if reader.has_errors {
        remark("ddmc: nothing was planned, because of the errors above");
        return Status::Findings;
    }
    reader.remark_left_out();
    if reader.session.gathered().members.is_empty() {
        remark("ddmc: nothing to plan: no declaration found");
        return Status::Failure;
    }
    let plans = reader.session.plans(&arguments.device, now, catalog.as_deref());
    let mut out = io::stdout().lock();
    super::finish(match arguments.format {
        Format::Human => out.write_all(
            page(&plans, reader.session.gathered(), &arguments.device, now).to_text(width().clamp(60, 100)).as_bytes(),
        ),
        Format::Json => plan_json::print(&plans, reader.session.gathered(), &arguments.device, now, &mut out),
    })
}

/// The human format: the updates in order, the effective settings, and what has no effect, with reasons.
pub(super) fn page(plans: &[Plan], set: &Gathered, device: &Device, now: LocalDateTime) -> Page {
    let mut page = Page::new(format!("{device}, from {} on", day_and_time(now)));
    if let [first, _, ..] = plans {
        page.push(Block::Section("Predicates that decide".to_owned()));
        let name = |when: &When| visible(set.members[when.who].name());
        page.push(Block::List(first.when.iter().map(|when| format!("{}: {}", name(when), visible(&when.predicate))).collect()));
        let facts = "What is known of the device does not decide them. Add to --device what it has, such as \
                     @status(ITEM)=VALUE or @property(NAME)=VALUE.";
        page.push(Block::Text(facts.to_owned()));
        if plans.len() < 1 << texts(&first.when) {
            page.push(Block::Text("Only two of the alternatives follow: all of them hold, and none does.".to_owned()));
        }
    }
    for plan in plans {
        if plans.len() > 1 {
            page.push(Block::Section(format!("If {}", alternative(&plan.when, set))));
        }
        add(&mut page, plan, set);
    }
    page
}

/// The number of different predicates.
fn texts(when: &[When]) -> usize {
    when.iter().map(|when| &when.predicate).collect::<BTreeSet<_>>().len()
}

/// What a plan assumes: `the predicate of a holds, and that of b does not`.
fn alternative(when: &[When], set: &Gathered) -> String {
    let names = |holds: bool| {
        let all: Vec<String> =
            when.iter().filter(|when| when.holds == holds).map(|when| visible(set.members[when.who].name())).collect();
        let plural = if all.len() == 1 { "" } else { "s" };
        (all.len(), format!("the predicate{plural} of {}", list(&all, "and")))
    };
    let ((yes, true_ones), (no, false_ones)) = (names(true), names(false));
    let verb = |count: usize, one: &'static str, many: &'static str| if count == 1 { one } else { many };
    match (yes, no) {
        (_, 0) => format!("{true_ones} {}", verb(yes, "holds", "hold")),
        (0, _) => format!("{false_ones} {}", verb(no, "does not hold", "do not hold")),
        _ => format!("{true_ones} {}, and {false_ones} {}", verb(yes, "holds", "hold"), verb(no, "does not", "do not")),
    }
}

/// Adds one plan.
fn add(page: &mut Page, plan: &Plan, set: &Gathered) {
    let name = |who: usize| visible(set.members[who].name());
    if !plan.not_activated.is_empty() {
        page.push(Block::Section("Activations that do not apply".to_owned()));
        let predicate = |who: &usize| {
            let activated = set.activations.get(who).and_then(Option::as_ref);
            activated
                .and_then(|activated| activated.predicate.as_ref())
                .map_or_else(String::new, |premise| visible(&premise.text))
        };
        let all = plan.not_activated.iter().map(|who| format!("{}: its predicate is false: {}", name(*who), predicate(who)));
        page.push(Block::List(all.collect()));
    }
    page.push(Block::Section("Updates".to_owned()));
    let updates = plan.updates.iter().enumerate().map(|(at, update)| {
        let when = if update.is_overdue { "overdue".to_owned() } else { day_and_time(update.enforced_at) };
        let note = if update.is_overdue {
            format!(", due {}: installed about an hour after the device next can", day_and_time(update.deadline))
        } else {
            String::new()
        };
        vec![
            (at + 1).to_string(),
            when,
            release(Some(&update.version), update.build.as_ref()),
            format!("{}{note}", name(update.who)),
        ]
    });
    push_table(page, vec!["", "when", "to", "because of"], updates.collect(), "none");
    let ignored = plan.ignored.iter().map(|ignored| {
        vec![release(ignored.version.as_ref(), ignored.build.as_ref()), format!("{}: {}", name(ignored.who), ignored.reason)]
    });
    if !plan.ignored.is_empty() {
        page.push(Block::Section("Enforcements with no effect".to_owned()));
        push_table(page, vec!["to", "why"], ignored.collect(), "none");
    }
    page.push(Block::Section("Effective settings".to_owned()));
    let settings = plan.settings.iter().map(|setting| {
        let from: Vec<String> = setting.decided_by.iter().take(MAX_NAMED).map(|who| name(*who)).collect();
        let more = setting.decided_by.len().saturating_sub(MAX_NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let from = if from.is_empty() { "default".to_owned() } else { from.join(", ") + &more };
        vec![visible(&setting.path.join(".")), value(&setting.shown), from]
    });
    push_table(page, vec!["key", "value", "from"], settings.collect(), "none: the device does not support settings declarations");
    if !plan.conflicts.is_empty() {
        page.push(Block::Section("Conflicts between these settings".to_owned()));
        page.push(Block::List(plan.conflicts.clone()));
    }
    if !plan.inactive.is_empty() {
        page.push(Block::Section("Settings with no effect".to_owned()));
        let inactive = plan.inactive.iter().map(|inactive| {
            let what = if inactive.path.is_empty() { "all".to_owned() } else { inactive.path.join(".") };
            vec![what, format!("{}: {}", name(inactive.who), inactive.reason)]
        });
        push_table(page, vec!["key", "why"], inactive.collect(), "none");
    }
    if !plan.notes.is_empty() {
        page.push(Block::Section("Notes".to_owned()));
        page.push(Block::List(plan.notes.clone()));
    }
    if !plan.assumptions.is_empty() {
        page.push(Block::Section("Assumptions".to_owned()));
        page.push(Block::List(plan.assumptions.clone()));
    }
}

/// The maximum number of declarations to name per value.
const MAX_NAMED: usize = 3;

fn push_table(page: &mut Page, head: Vec<&'static str>, rows: Vec<Vec<String>>, empty: &str) {
    page.push(if rows.is_empty() { Block::Text(format!("  {empty}")) } else { Block::Table(head, rows) });
}

/// A time for the timeline, without seconds if they are 0.
fn day_and_time(time: LocalDateTime) -> String {
    let text = time.to_string().replace('T', " ");
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

fn release(version: Option<&OsVersion>, build: Option<&BuildVersion>) -> String {
    let version = version.map_or("?".to_owned(), |version| shown(version.as_str()));
    build.map_or(version.clone(), |build| format!("{version} ({})", shown(build.as_str())))
}

/// A value in one line; beta programs are shown as their descriptions.
fn value(value: &Value) -> String {
    let description = |value: &Value| value["Description"].as_str().map(shown);
    match value {
        Value::Array(items) => items.iter().filter_map(description).collect::<Vec<_>>().join(", "),
        Value::Object(_) => description(value).unwrap_or_default(),
        Value::String(text) => shown(text),
        other => other.to_string(),
    }
}
