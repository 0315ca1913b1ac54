//! `ddmc plan`

use std::collections::{BTreeSet, HashMap, HashSet};
use std::iter::once;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde_json::Value;

use super::flags::{ActivationFlags, InputFlags, ReleaseFlags};
use super::inventory::{self, InventoryFlags, Request};
use super::overlap::InputFiles;
use super::pages::PageFormat;
use super::reader::Reader;
use super::terminal::{Color, remark};
use super::work::{Threads, Work};
use super::{Status, catalogue, configure, plan_json, plan_profiles, status_input};
use crate::apple::{BuildVersion, Device, LocalDateTime, OsVersion};
use crate::config::Flags;
use crate::docs::{Block, Event, Fate, Lane, Page, Timeline};
use crate::inventory::Planner;
use crate::lint::Gather;
use crate::migrate::Entry;
use crate::plan::{Plan, Premises, Setting, When};
use crate::run::Severities;
use crate::set::Gathered;
use crate::status;
use crate::words::{count, list, shown, visible};

/// Show what devices do with declarations: their settings, and their updates in order
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc plan published/ --device macOS=15.6.1
  ddmc plan set.json --device iOS=26.0,build=23A341,unsupervised
  ddmc plan set.json --device iPhone=26.0
  ddmc plan set.json --device macOS=26.1,@status(device.model.identifier)=Mac16,1
  ddmc plan set.json --status report.json
  ddmc plan set.json --device iOS=26.0 --as-of 2026-01-01T00:00:00 --until 2026-06-30T00:00:00
  ddmc plan set.json --device macOS=26.1 --device tvOS=26.1 --format markdown
  ddmc plan set.json --inventory devices.csv --columns id=Serial -o csv=plan.csv

Exit status: 0 planned, 1 the declarations have errors,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// A device: platform and version, optionally build, enrolment, and values that predicates ask for; repeatable, for
    /// several side by side
    #[arg(long, value_name = "PLATFORM=VERSION", required_unless_present_any = ["status", "inventory"], value_parser = super::parse::<Device>)]
    device: Vec<Device>,

    /// The device that sent this status report; status items that tell who has it are not used
    #[arg(long, value_name = "REPORT")]
    status: Option<PathBuf>,

    #[command(flatten)]
    inventory: InventoryFlags,

    /// Leave out the updates after this time (the device's local time)
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS", value_parser = super::parse_time)]
    until: Option<LocalDateTime>,

    /// The format of the plan
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

/// A device, and its plan, or the alternatives if predicates cannot be decided.
pub(super) type Planned<'p> = (&'p Device, Vec<Plan>);

/// What plans are made of.
pub(super) struct Basis<'p> {
    pub(super) set: &'p Gathered,
    /// The keys of legacy profiles.
    pub(super) profiles: &'p [Entry],
    pub(super) now: LocalDateTime,
}

pub(super) fn run(arguments: Arguments, color: Color) -> Result<Status, Status> {
    let flags = Flags { activations: arguments.activations.get(), ..arguments.release.into() };
    let InputFlags { stdin_filename, jobs } = arguments.input;
    let threads = Threads::new(jobs);
    let InventoryFlags { inventory, columns, output } = arguments.inventory;
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if inventory.as_ref().is_some_and(is_stdin) && arguments.paths.iter().any(is_stdin) {
        remark("ddmc: - can only be the inventory or the declarations; name the file of the other");
        return Err(Status::Failure);
    }
    if arguments.status.is_some() || inventory.is_some() {
        threads.start();
    }
    let report = arguments.status.as_deref().map(|path| status_input::read_one(path, &threads)).transpose()?;
    let effective = catalogue::effective(&arguments.config, flags, color)?;
    let (now, catalog) = (effective.as_of(&[]).0, effective.catalog());
    let inputs = InputFiles::new(&arguments.paths, &effective).and(inventory.clone());
    // The plan itself judges enforcements by the time and the catalogue.
    let effective = Arc::new(effective.only_placeholders());
    let work = Work::new(arguments.paths, stdin_filename, threads, Gather::Bodies, effective);
    let reader = Reader::new(&work, Severities::default(), color).read()?;
    if reader.has_errors {
        remark("ddmc: nothing was planned, because of the errors above");
        return Ok(Status::Findings);
    }
    reader.remark_left_out();
    if reader.session.gathered().members.is_empty() {
        remark("ddmc: nothing to plan: no declaration found");
        return Err(Status::Failure);
    }
    let profiles = plan_profiles::entries(&work, &reader.legacy_files);
    let basis = Basis { set: reader.session.gathered(), profiles: &profiles, now };
    if let Some(path) = &inventory {
        let premises = Premises::new(basis.set);
        let columns = inventory::columns(&premises, catalog.is_some(), &columns)?;
        let (set, until, catalog) = (basis.set, arguments.until, catalog.as_deref());
        let planner = Planner { set, premises, columns, now, until, catalog };
        let (stdin_name, threads, output) = (work.stdin_name.as_deref(), &work.threads, output.as_ref());
        let request = Request { path, stdin_name, output, threads, format: arguments.format, inputs };
        return inventory::run(&request, &planner, &basis);
    }
    let mut devices = arguments.device;
    if let Some(report) = &report {
        let names = predicate_names(reader.session.gathered());
        let is_wanted = |name: &str| {
            let below = |wanted: &str| wanted.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            !status::is_personal(name) && names.iter().any(|wanted| below(wanted))
        };
        let Some(device) = status::device(report) else {
            remark("ddmc: the status report does not tell the platform and version of the device; name them with --device");
            return Err(Status::Failure);
        };
        devices.push(status::with_items(device, report, is_wanted));
    }
    let until = |mut plan: Plan| {
        if let Some(until) = arguments.until {
            plan.end(until);
        }
        plan
    };
    let plans = |device| reader.session.plans(device, now, catalog.as_deref()).into_iter().map(until).collect();
    let planned: Vec<Planned<'_>> = devices.iter().map(|device| (device, plans(device))).collect();
    Ok(arguments.format.print("plan", |_| page(&planned, &basis), |out| plan_json::print(&planned, &basis, out)))
}

/// The status items that the predicates of a set ask for.
fn predicate_names(set: &Gathered) -> BTreeSet<String> {
    let premises = set.activations.values().flatten().filter_map(|activated| activated.predicate.as_ref()?.predicate());
    let names = premises
        .flat_map(|predicate| predicate.references().into_iter().map(|reference| reference.name.clone()).collect::<Vec<_>>());
    names.collect()
}

/// The plan of one device, or those of several side by side.
pub(super) fn page(planned: &[Planned<'_>], basis: &Basis<'_>) -> Page {
    match planned {
        [(device, plans)] => one(device, plans, basis),
        _ => several(planned, basis),
    }
}

/// The updates in order, the effective settings, and what has no effect, with reasons.
fn one(device: &Device, plans: &[Plan], basis: &Basis<'_>) -> Page {
    let Basis { set, now, .. } = *basis;
    let mut page = Page::new(format!("{device}, from {} on", day_and_time(now)));
    decisive(&mut page, plans, set);
    for plan in plans {
        if plans.len() > 1 {
            page.push(Block::Section(format!("If {}", alternative(&plan.when, set))));
        }
        not_activated(&mut page, plan, set);
        page.push(Block::Section("Updates".to_owned()));
        let lanes = vec![lane(device.to_string(), plan, set, |at| (at + 1).to_string())];
        page.push(Block::Timeline(Timeline { start: now, lanes, counts_devices: false }));
        ignored(&mut page, plan, set);
        settings(&mut page, plan, set);
        rest(&mut page, plan, device, basis);
    }
    page
}

/// The type and path of a setting.
type Key<'p> = (&'p str, &'p [String]);

/// The plans of several devices, one column for each.
fn several(planned: &[Planned<'_>], basis: &Basis<'_>) -> Page {
    let Basis { set, now, .. } = *basis;
    let mut page =
        Page::new(format!("{}, from {} on", count(planned.len(), "device"), day_and_time(now))).filtered_by(&["device"]);
    let columns: Vec<(&Device, &Plan)> =
        planned.iter().flat_map(|(device, plans)| plans.iter().map(move |plan| (*device, plan))).collect();
    let numbers: Vec<String> = (1..=columns.len()).map(|number| number.to_string()).collect();
    let name = |(device, plan): &(&Device, &Plan)| match plan.when.as_slice() {
        [] => device.to_string(),
        when => format!("{device}, if {}", alternative(when, set)),
    };
    let names = columns.iter().zip(&numbers).map(|(column, number)| vec![number.clone(), name(column)]);
    page.push(Block::table(&["", "device"], names.collect()));
    page.push(Block::Section("Updates".to_owned()));
    let lanes = columns.iter().zip(&numbers);
    let lanes = lanes.map(|(column, number)| lane(name(column), column.1, set, |_| number.clone())).collect();
    page.push(Block::Timeline(Timeline { start: now, lanes, counts_devices: false }));
    // By type, then in Apple's order.
    let mut keys: Vec<Key<'_>> = Vec::new();
    let mut known: HashSet<Key<'_>> = HashSet::new();
    let mut settings: Vec<HashMap<Key<'_>, &Setting>> = Vec::new();
    for (_, plan) in &columns {
        let of_plan = plan.settings.iter().map(|setting| ((setting.kind.as_str(), setting.path.as_slice()), setting));
        keys.extend(of_plan.clone().map(|(key, _)| key).filter(|key| known.insert(*key)));
        settings.push(of_plan.collect());
    }
    keys.sort_by_key(|(kind, _)| *kind);
    for keys in keys.chunk_by(|(one, _), (other, _)| one == other) {
        page.push(Block::Section(format!("Effective settings of {}", visible(keys[0].0))));
        let row = |key: &Key<'_>| {
            // A dash, as an empty cell would be left out where the table is too wide.
            let cells = settings.iter().map(|settings| settings.get(key).map_or("-".to_owned(), |found| value(&found.shown)));
            once(visible(&key.1.join("."))).chain(cells).collect()
        };
        let head = once("key".to_owned()).chain(numbers.iter().cloned());
        page.push(Block::Table(head.collect(), keys.iter().map(row).collect()));
    }
    for (device, plans) in planned {
        page.push(Block::Section(device.to_string()));
        decisive(&mut page, plans, set);
        for plan in plans {
            if plans.len() > 1 {
                page.push(Block::Section(format!("{device}, if {}", alternative(&plan.when, set))));
            }
            not_activated(&mut page, plan, set);
            ignored(&mut page, plan, set);
            rest(&mut page, plan, device, basis);
        }
    }
    page
}

/// The predicates that are open.
fn decisive(page: &mut Page, plans: &[Plan], set: &Gathered) {
    let [first, _, ..] = plans else { return };
    page.push(Block::Section("Predicates that decide".to_owned()));
    let name = |when: &When| visible(set.members[when.who].name());
    page.push(Block::List(first.when.iter().map(|when| format!("{}: {}", name(when), visible(&when.predicate))).collect()));
    let facts = "What is known of the device does not decide them. Add to --device what it has, such as \
                 @status(ITEM)=VALUE or @property(NAME)=VALUE.";
    page.push(Block::Text(facts.to_owned()));
    if !first.has_all_alternatives(plans.len()) {
        page.push(Block::Text("Only two of the alternatives follow: all of them hold, and none does.".to_owned()));
    }
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

fn not_activated(page: &mut Page, plan: &Plan, set: &Gathered) {
    if plan.not_activated.is_empty() {
        return;
    }
    page.push(Block::Section("Activations that do not apply".to_owned()));
    let predicate = |who: &usize| {
        let activated = set.activations.get(who).and_then(Option::as_ref);
        activated.and_then(|activated| activated.predicate.as_ref()).map_or_else(String::new, |premise| visible(&premise.text))
    };
    let name = |who: &usize| visible(set.members[*who].name());
    let all = plan.not_activated.iter().map(|who| format!("{}: its predicate is false: {}", name(who), predicate(who)));
    page.push(Block::List(all.collect()));
}

/// The updates of a device, and the enforcements with no effect, on a timeline. `number` numbers the updates.
fn lane(name: String, plan: &Plan, set: &Gathered, number: impl Fn(usize) -> String) -> Lane {
    let updates = plan.updates.iter().enumerate().map(|(at, update)| {
        let (fate, when, note) = if update.is_overdue {
            let due = day_and_time(update.deadline);
            (Fate::Overdue, "overdue".to_owned(), format!(", due {due}: installed about an hour after the device next can"))
        } else {
            (Fate::Acts, day_and_time(update.enforced_at), String::new())
        };
        let to = release(Some(&update.version), update.build.as_ref());
        let why = visible(set.members[update.who].name()) + &note;
        Event { number: number(at), at: update.deadline, fate, when, to, why }
    });
    let ignored = plan.ignored.iter().filter_map(|ignored| {
        let at = set.enforcements.get(&ignored.who)?.enforcement.as_ref()?.target_local_date_time;
        let (when, to) = (format!("never, due {}", day_and_time(at)), release(ignored.version.as_ref(), ignored.build.as_ref()));
        let why = format!("{}: {}", visible(set.members[ignored.who].name()), ignored.reason);
        Some(Event { number: "-".to_owned(), at, fate: Fate::Never, when, to, why })
    });
    Lane { name, events: updates.chain(ignored).collect() }
}

fn ignored(page: &mut Page, plan: &Plan, set: &Gathered) {
    if plan.ignored.is_empty() {
        return;
    }
    let ignored = plan.ignored.iter().map(|ignored| {
        let name = visible(set.members[ignored.who].name());
        vec![release(ignored.version.as_ref(), ignored.build.as_ref()), format!("{name}: {}", ignored.reason)]
    });
    page.push(Block::Section("Enforcements with no effect".to_owned()));
    push_table(page, &["to", "why"], ignored.collect(), "none");
}

/// The effective settings, one table for each type.
fn settings(page: &mut Page, plan: &Plan, set: &Gathered) {
    let row = |setting: &Setting| vec![visible(&setting.path.join(".")), value(&setting.shown), from(setting, set)];
    if plan.settings.is_empty() {
        page.push(Block::Section("Effective settings".to_owned()));
        push_table(page, &[], Vec::new(), "none: the device does not support settings declarations");
    }
    for of_type in plan.settings.chunk_by(|one, other| one.kind == other.kind) {
        page.push(Block::Section(format!("Effective settings of {}", visible(&of_type[0].kind))));
        push_table(page, &["key", "value", "from"], of_type.iter().map(row).collect(), "none");
    }
}

/// The declarations that decide a setting.
fn from(setting: &Setting, set: &Gathered) -> String {
    let names: Vec<String> = setting.decided_by.iter().take(MAX_NAMED).map(|who| visible(set.members[*who].name())).collect();
    let more = setting.decided_by.len().saturating_sub(MAX_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    if names.is_empty() { "default".to_owned() } else { names.join(", ") + &more }
}

/// What conflicts, has no effect or is assumed.
fn rest(page: &mut Page, plan: &Plan, device: &Device, basis: &Basis<'_>) {
    let set = basis.set;
    if !plan.conflicts.is_empty() {
        page.push(Block::Section("Conflicts between these settings".to_owned()));
        page.push(Block::List(plan.conflicts.clone()));
    }
    if !plan.inactive.is_empty() {
        page.push(Block::Section("Settings with no effect".to_owned()));
        let inactive = plan.inactive.iter().map(|inactive| {
            let what = if inactive.path.is_empty() { "all".to_owned() } else { visible(&inactive.path.join(".")) };
            vec![what, format!("{}: {}", visible(set.members[inactive.who].name()), inactive.reason)]
        });
        push_table(page, &["key", "why"], inactive.collect(), "none");
    }
    let lost = plan_profiles::lost(basis.profiles, device, plan);
    if !lost.is_empty() {
        page.push(Block::Section("Profile keys that lose against declarations".to_owned()));
        let rows = lost.iter().map(|lost| {
            let key = format!("{} ({})", visible(&lost.entry.key), visible(&lost.entry.file));
            vec![key, format!("{} is {}, from {}", lost.path.join("."), value(&lost.setting.shown), from(lost.setting, set))]
        });
        push_table(page, &["key", "instead"], rows.collect(), "none");
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

fn push_table(page: &mut Page, head: &[&str], rows: Vec<Vec<String>>, empty: &str) {
    page.push(if rows.is_empty() { Block::Text(format!("  {empty}")) } else { Block::table(head, rows) });
}

/// A time for the timeline, without seconds if they are 0.
pub(super) fn day_and_time(time: LocalDateTime) -> String {
    let text = time.to_string().replace('T', " ");
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

pub(super) fn release(version: Option<&OsVersion>, build: Option<&BuildVersion>) -> String {
    let version = version.map_or("?".to_owned(), |version| shown(version.as_str()));
    build.map_or(version.clone(), |build| format!("{version} ({})", shown(build.as_str())))
}

/// A value in one line; beta programs are shown as their descriptions.
fn value(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(self::value).collect::<Vec<_>>().join(", "),
        Value::Object(_) => value["Description"].as_str().map_or_else(|| visible(&value.to_string()), shown),
        Value::String(text) => shown(text),
        other => other.to_string(),
    }
}
