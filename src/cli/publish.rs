//! `ddmc publish`

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Status;
use super::folder::{self, Earlier, Rest};
use super::merged::{self, SetFlags, Task, names};
use super::overlap::InputFiles;
use super::terminal::{Color, remark};
use crate::apple::LocalDateTime;
use crate::hash::Set;
use crate::layout::{self, Context, NamedFile};
use crate::merge::{Active, Merged, Published};
use crate::syntax::Placeholders;
use crate::words::{count, visible};

/// Write the set to publish in the form that a server takes
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc publish macos/ --layout ddm -o public/ --activate --prune
  ddmc publish macos/ --layout kmfddm -o kmfddm/ --name macs
  ddmc publish lib/ --layout fleet -o fleet/
  ddmc publish macos/ --layout ddm -o public/ --diff     show what would change

Exit status: 0 published, 1 the inputs or their combination have errors, or --diff
shows a change, 2 the command could not do all of its work.")]
pub(super) struct Arguments {
    #[command(flatten)]
    set: SetFlags,

    /// The form in which the server takes the set
    #[arg(long, value_name = "LAYOUT")]
    layout: Layout,

    /// The folder to write to
    #[arg(short, long, value_name = "FOLDER")]
    output: PathBuf,

    /// The name of the set in KMFDDM
    #[arg(long, value_name = "NAME", default_value = "default", value_parser = set_name)]
    name: String,

    /// Add the activations that are missing, one for each configuration
    #[arg(long)]
    activate: bool,

    /// Remove the files that earlier runs wrote to the folder and this one did not
    #[arg(long)]
    prune: bool,

    /// The time that a changed set gets, in UTC [default: now]
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS", value_parser = super::parse_time)]
    as_of: Option<LocalDateTime>,

    /// Show what would change in the folder, and write nothing; exit with 1 if something would
    #[arg(long)]
    diff: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Layout {
    /// Apple's endpoint as static files: tokens, declaration-items, declaration/KIND/IDENTIFIER
    Ddm,
    /// One file per declaration, and set.NAME.txt, for KMFDDM and NanoHUB
    Kmfddm,
    /// One file per declaration, and a list for Fleet's GitOps
    Fleet,
}

impl Layout {
    fn get(self) -> layout::Layout {
        match self {
            Self::Ddm => layout::Layout::Ddm,
            Self::Kmfddm => layout::Layout::Kmfddm,
            Self::Fleet => layout::Layout::Fleet,
        }
    }
}

fn set_name(name: &str) -> Result<String, String> {
    if layout::is_set_name(name) { Ok(name.to_owned()) } else { Err("use letters, digits, -, _ and ., and no .txt".to_owned()) }
}

pub(super) fn run(arguments: Arguments, color: Color) -> Result<Status, Status> {
    // With a separator at the end, it is a folder even if it does not exist yet.
    let (layout, output) = (arguments.layout.get(), arguments.output.join(""));
    let fail = |reason: &str| {
        remark(&format!("ddmc: nothing was published: {reason}"));
        Err(Status::Failure)
    };
    if arguments.output.as_os_str() == "-" || arguments.output.exists() && !arguments.output.is_dir() {
        return fail(&format!("{} is not a folder", visible(&arguments.output.to_string_lossy())));
    }
    if arguments.activate && layout.is_activated_by_server() {
        return fail("Fleet activates every configuration without a predicate by itself; leave out --activate");
    }
    let task = Task {
        envelope: layout.envelope(),
        adds_activations: arguments.activate,
        output: Some(&output),
        verb: "published",
        color,
    };
    merged::with(arguments.set, &task, |merged, _, inputs| {
        let context = Context {
            now: arguments.as_of.unwrap_or_else(|| chrono::Utc::now().naive_utc().into()),
            name: &arguments.name,
            earlier: &|name| folder::earlier(&output, name),
        };
        let files = match layout.files(merged, &context) {
            Ok(files) => files,
            Err(reasons) => {
                refuse(&reasons);
                return Status::Failure;
            }
        };
        merged::remark_unjoined(&merged.unjoined);
        remark_activations(merged, layout);
        remark_placeholders(merged, layout);
        let earlier = if arguments.prune { Earlier::Remove } else { Earlier::Find };
        if arguments.diff {
            return diff(&files, &output, inputs, earlier);
        }
        let number = layout.declarations(merged).len();
        merged::report(number, &output, folder::write(&files, &output, inputs, earlier))
    })
}

/// Says why the server cannot take the set.
fn refuse(reasons: &[String]) {
    for reason in reasons.iter().take(MAX_REASONS) {
        remark(&format!("ddmc: {reason}"));
    }
    if reasons.len() > MAX_REASONS {
        remark(&format!("ddmc: {} more like these", reasons.len() - MAX_REASONS));
    }
    remark("ddmc: nothing was published");
}

/// The maximum number of reasons to print.
const MAX_REASONS: usize = 20;

/// Says which activations the server does not take, or which configurations have none.
fn remark_activations(merged: &Merged, layout: layout::Layout) {
    let all = merged.declarations.iter();
    if layout.is_activated_by_server() {
        let activations = |all: &mut dyn Iterator<Item = &Published>| {
            all.filter(|one| layout::is_activation(one)).map(|one| one.identifier.clone()).collect::<Vec<_>>()
        };
        let taken = activations(&mut layout.declarations(merged).into_iter());
        if !taken.is_empty() {
            let what = count(taken.len(), "activation");
            remark(&format!(
                "ddmc: {what} with a predicate, which only Fleet Premium with mdm.allow_custom_activations takes: {}",
                names(&taken)
            ));
        }
        let known: Set<&str> = taken.iter().map(String::as_str).collect();
        let mut left_out = activations(&mut merged.declarations.iter());
        left_out.retain(|name| !known.contains(name.as_str()));
        if !left_out.is_empty() {
            let what = count(left_out.len(), "activation");
            remark(&format!("ddmc: {what} left out, as Fleet activates every configuration: {}", names(&left_out)));
        }
        return;
    }
    let unreferenced: Vec<String> = all.filter(|one| one.active == Active::Never).map(|one| one.identifier.clone()).collect();
    if !unreferenced.is_empty() {
        let what = count(unreferenced.len(), "configuration");
        remark(&format!(
            "ddmc: {what} without an activation, which no device applies; --activate adds one: {}",
            names(&unreferenced)
        ));
    }
}

/// Says which declarations have placeholders that the server does not replace.
fn remark_placeholders(merged: &Merged, layout: layout::Layout) {
    if layout.replaces_placeholders() {
        return;
    }
    let common = Placeholders::default();
    let has_some = |one: &&Published| {
        common.may_be_in(one.text.as_bytes())
            && serde_json::from_str(&one.text).is_ok_and(|declaration| common.are_within(&declaration))
    };
    let all: Vec<String> = merged.declarations.iter().filter(has_some).map(|one| one.identifier.clone()).collect();
    if !all.is_empty() {
        let what = count(all.len(), "declaration");
        remark(&format!(
            "ddmc: {what} with placeholders, which devices get as they are written; replace them before publishing: {}",
            names(&all)
        ));
    }
}

/// Prints what would change in the folder.
fn diff(files: &[NamedFile<'_>], output: &Path, inputs: &InputFiles, earlier: Earlier) -> Status {
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = folder::diff(files, output, inputs, earlier, &mut out).and_then(|rest| out.flush().map(|()| rest));
    match printed {
        Ok(Rest { added: 0, changed: 0, removed, .. }) if removed.is_empty() => Status::Success,
        Ok(Rest { added, changed, removed, .. }) => {
            let place = visible(&output.to_string_lossy());
            let removed = removed.len();
            remark(&format!("Would add {}, change {changed} and remove {removed} in {place}", count(added, "file")));
            Status::Findings
        }
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Findings,
        Err(error) => {
            remark(&format!("ddmc: cannot show what would change: {error}"));
            Status::Failure
        }
    }
}
