//! `ddmc diff`

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::diff_page::{self, State};
use super::flags::{ActivationFlags, InputFlags};
use super::pages::PageFormat;
use super::reader::Reader;
use super::terminal::{Color, remark, width};
use super::work::{Threads, Work};
use super::{Status, configure, diff_json};
use crate::apple::Target;
use crate::config::{EffectiveConfig, Flags};
use crate::diff::{self, Side};
use crate::lint::Gather;
use crate::listed::ListedSets;
use crate::run::Severities;
use crate::set::Together;
use crate::source::{self, Tree};
use crate::words::visible;

/// Show what changes for devices between two states of declarations
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc diff git:main .                      what this branch changes, merged or not
  ddmc diff git:HEAD~1:macos git:HEAD:macos
  ddmc diff old/ new/ --set                 all declarations are active together
  ddmc diff git:main . --format markdown    for a comment on a pull request

Exit status: 0 compared, 1 with --exit-code if something changes for devices,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// The old state: a file, a folder, git:REVISION or git:REVISION:PATH
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The new state
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// The target devices, such as macOS=15.4 or iOS=18.1,unsupervised; repeatable
    #[arg(long, value_name = "PLATFORM[=VERSION]", value_parser = super::parse::<Target>)]
    target: Vec<Target>,

    /// Each state is one set: its declarations are active together on a device
    #[arg(long)]
    set: bool,

    /// The format of the changes
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: PageFormat,

    /// End with 1 if something changes for devices
    #[arg(long)]
    exit_code: bool,

    #[command(flatten)]
    activations: ActivationFlags,

    #[command(flatten)]
    input: InputFlags,

    #[command(flatten)]
    config: configure::ConfigFlags,
}

pub(super) fn run(arguments: &Arguments, color: Color) -> Result<Status, Status> {
    if arguments.old.as_os_str() == "-" && arguments.new.as_os_str() == "-" {
        remark("ddmc: only one of the states can be standard input");
        return Err(Status::Failure);
    }
    let flags = Flags { targets: arguments.target.clone(), activations: arguments.activations.get(), ..Flags::default() };
    let effective = configure::effective(&arguments.config, flags).map_err(|error| configure::report_on_stderr(error, color))?;
    let (effective, threads) = (Arc::new(effective), Threads::new(arguments.input.jobs));
    threads.start();
    let new = work(&arguments.new, arguments, &threads, &effective)?;
    let old = work(&arguments.old, arguments, &threads, &effective)?;
    // The configuration is that of the new state, so it names the files of the old one as if they were there.
    let old = Work { roots: roots(&old, &new), hashes: new.hashes.clone(), ..old };
    let (old, new) = (ReadState::read(&old, arguments, color)?, ReadState::read(&new, arguments, color)?);
    if old.is_empty() && new.is_empty() {
        remark("ddmc: nothing to compare: no declaration found");
        return Err(Status::Failure);
    }
    let changes = old.with_side(|old| new.with_side(|new| diff::compare(&[old, new])));
    let names = [&arguments.old, &arguments.new].map(|path| path.to_string_lossy().into_owned());
    let state = |name: &str, state: &ReadState<'_>| State { name: visible(name), has_errors: state.reader.has_errors };
    let states = [state(&names[0], &old), state(&names[1], &new)];
    let mut out = io::stdout().lock();
    let printed = super::finish(match arguments.format {
        PageFormat::Human => out.write_all(diff_page::page(&changes, &states).to_text(width().clamp(60, 100)).as_bytes()),
        PageFormat::Json => {
            remark_errors(&states);
            diff_json::print(&changes, [&names[0], &names[1]], &mut out)
        }
        PageFormat::Markdown => out.write_all(diff_page::comment(&changes, &states).as_bytes()),
        PageFormat::Html => diff_page::tables(&changes, &states).write_html("diff", &mut out),
    });
    let is_failure = arguments.exit_code && changes.has_effect();
    Ok(printed.max(if is_failure { Status::Findings } else { Status::Success }))
}

fn remark_errors(states: &[State; 2]) {
    for state in states.iter().filter(|state| state.has_errors) {
        remark(&format!("ddmc: the declarations of {} have errors; `ddmc check` shows them", state.name));
    }
}

/// The inputs of a state.
fn work(path: &Path, arguments: &Arguments, threads: &Threads, effective: &Arc<EffectiveConfig>) -> Result<Work, Status> {
    let is_revision = source::is_revision(path);
    let name = path.to_string_lossy();
    let tree = is_revision.then(|| Tree::open(&name, effective.here(), effective.exclude())).transpose();
    let tree = tree.map_err(|reason| {
        remark(&format!("ddmc: {}: {reason}", visible(&name)));
        Status::Failure
    })?;
    let paths = if is_revision { Vec::new() } else { vec![path.to_owned()] };
    let stdin_name = arguments.input.stdin_filename.clone();
    let work = Work::new(paths, stdin_name, threads.clone(), Gather::Bodies, effective.clone());
    Ok(Work { tree: tree.map(Arc::new), keeps_source: false, ..work })
}

/// The file or folder of a state, and whether it is a folder.
fn root(work: &Work) -> (PathBuf, bool) {
    match &work.tree {
        Some(tree) => (PathBuf::from(&*tree.root()), !tree.is_file()),
        None => work.paths.first().map_or_else(Default::default, |path| (path.clone(), path.is_dir())),
    }
}

/// Where the files of the old state are, and where they would be in the new one.
fn roots(old: &Work, new: &Work) -> Option<[PathBuf; 2]> {
    let ((old, old_is_folder), (new, new_is_folder)) = (root(old), root(new));
    (old != new && old_is_folder == new_is_folder).then_some([old, new])
}

/// A state that was read.
struct ReadState<'w> {
    work: &'w Work,
    reader: Reader<'w>,
    /// The file or folder of the state.
    root: PathBuf,
    /// The names of the sets.
    sets: Vec<String>,
    together: Together,
}

impl<'w> ReadState<'w> {
    fn read(work: &'w Work, arguments: &Arguments, color: Color) -> Result<Self, Status> {
        let together = if arguments.set { Together::All } else { Together::Activated };
        let mut reader = Reader::new(work, Severities::default(), color).quiet().with_together(together).read()?;
        let listed = reader.session.take_listed();
        let exists = |path: &Path, is_folder: bool| work.exists(path, is_folder);
        let found = ListedSets::find(&listed, work.effective.here(), &exists);
        let mut sets = work.effective.set_names();
        let (root, is_folder) = root(work);
        let root = if is_folder { root } else { root.parent().map(Path::to_path_buf).unwrap_or_default() };
        if !listed.is_empty() {
            let first = reader.session.add_sets(|member| found.of(member));
            sets.resize(first, String::new());
            sets.extend(listed.iter().map(|listed| relative(&root, &listed.file)));
        }
        Ok(Self { work, reader, root: self::root(work).0, sets, together })
    }

    fn is_empty(&self) -> bool {
        self.reader.session.gathered().members.is_empty()
    }

    /// Passes the state to `take`, to compare it.
    fn with_side<R>(&self, take: impl FnOnce(Side<'_>) -> R) -> R {
        take(Side {
            set: self.reader.session.gathered(),
            together: self.together,
            text: &|file| self.work.text(file),
            targets: &|file| self.work.config_of(file).conditions.targets.clone(),
            relative: &|file| relative(&self.root, file),
            sets: self.sets.clone(),
        })
    }
}

/// The path of a file from the file or folder of its state.
fn relative(root: &Path, file: &str) -> String {
    let root = if root == Path::new(".") { Path::new("") } else { root };
    Path::new(file).strip_prefix(root).map_or_else(|_| file.to_owned(), |rest| rest.to_string_lossy().into_owned())
}
