//! `ddmc migrate`

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::terminal::{Color, remark, width};
use super::{Status, catalogue, configure, merge, migration, write};
use crate::apple::{Identifier, LocalDateTime, Target};
use crate::conditions::Conditions;
use crate::config::{Flags, InForce};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::merge::Merged;
use crate::migrate::{Migrated, Migration, Options, Outcome};
use crate::report::{Human, Report, Texts};
use crate::rules::install_without_download;
use crate::source::{Inputs, StandardInput, Unit};
use crate::validate::Strictness;
use crate::words::{count, visible};

/// Turn commands and profiles into declarations
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc migrate updates.mobileconfig              print the declarations
  ddmc migrate profiles/ -o declarations/        write one file for each
  ddmc migrate install.plist --deadline 2026-12-01T12:00:00

What became of each key is said on standard error.

Exit status: 0 migrated, 1 something cannot be carried over that should be,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders with commands and profiles; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// When updates are enforced, in the local time of each device: no command says that
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS")]
    deadline: Option<LocalDateTime>,

    /// The devices that the declarations are meant for, such as macOS=15.4; repeatable
    #[arg(long, value_name = "PLATFORM[=VERSION][,…]", value_parser = super::parse::<Target>)]
    target: Vec<Target>,

    /// What all identifiers begin with [default: the identifier of the profile, or the name of the file]
    #[arg(long, value_name = "ID")]
    identifier_prefix: Option<Identifier>,

    /// A file with the releases that Apple offers (GDMF or SOFA), to find the version of a product key
    #[arg(long, value_name = "FILE")]
    catalog: Option<PathBuf>,

    /// Write to a file, or to a folder (which ends in /), all or nothing
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// The name that standard input goes by
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    config: configure::Choice,
}

pub(super) fn run(arguments: Arguments, color: Color) -> Status {
    let flags = Flags { catalog: arguments.catalog, targets: arguments.target, ..Flags::default() };
    let loaded = match configure::in_force(&arguments.config, flags) {
        Ok(in_force) => catalogue::load(in_force, false),
        Err(broken) => return configure::refuse_aside(broken, color),
    };
    let in_force = match loaded {
        Ok(in_force) => in_force,
        Err(reason) => {
            remark(&format!("ddmc: {reason}"));
            return Status::Failure;
        }
    };
    let options = Options { deadline: arguments.deadline, prefix: arguments.identifier_prefix, catalog: in_force.catalog() };
    let mut reader = Reader {
        in_force: &in_force,
        human: human(color),
        migration: Migration::new(in_force.schema(), &options),
        documents: 0,
        is_broken: false,
    };
    let output = arguments.output.filter(|path| path.as_os_str() != "-");
    if let Some(output) = output.as_deref()
        && is_input(output, &arguments.paths)
    {
        remark(&format!("ddmc: nothing was migrated: {} is an input, which would be lost", visible(&output.to_string_lossy())));
        return Status::Failure;
    }
    let inputs = Inputs::new(arguments.paths, arguments.stdin_filename, StandardInput::default(), in_force.exclude().clone());
    let has_trouble = inputs.map(|unit| reader.take(unit)).fold(false, |any, has_trouble| any | has_trouble);
    if has_trouble {
        return Status::Failure;
    }
    if reader.is_broken {
        remark("ddmc: nothing was migrated, because of the errors above");
        return Status::Findings;
    }
    if reader.documents == 0 {
        remark("ddmc: nothing to migrate: no command and no profile with settings for updates found");
        return Status::Failure;
    }
    let documents = reader.documents;
    let migrated = reader.migration.finish();
    migration::report(&migrated, width());
    if migrated.entries.iter().any(|entry| matches!(entry.outcome, Outcome::Failed(_))) {
        remark("ddmc: nothing was written: what is marked \"not carried over\" above is still needed");
        return Status::Findings;
    }
    if !is_right(&migrated, &in_force, color) {
        remark("ddmc: nothing was written, because of the errors above: devices would not take the declarations");
        return Status::Findings;
    }
    hand_over(migrated, documents, output)
}

/// Whether a file that is to be written is one of those that are read.
fn is_input(output: &Path, inputs: &[PathBuf]) -> bool {
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    output.is_file()
        && inputs
            .iter()
            .any(|input| same(input).is_some_and(|input| same(output).is_some_and(|output| output.starts_with(input))))
}

fn human(color: Color) -> Human {
    Human::new(color.is_on_for(&io::stderr()), width())
}

/// Prints or writes the declarations.
fn hand_over(migrated: Migrated, documents: usize, output: Option<PathBuf>) -> Status {
    let number = migrated.declarations.len();
    let merged = Merged { declarations: migrated.declarations, origins: Vec::new() };
    let summary = format!("Migrated {} to {}", count(documents, "document"), count(number, "declaration"));
    let Some(path) = output else {
        let status = super::finish(merge::print(&merged, &mut io::stdout().lock()));
        if status == Status::Success {
            remark(&summary);
        }
        return status;
    };
    if number == 0 {
        remark("ddmc: nothing was written: no declaration can say what these documents said");
        return Status::Success;
    }
    match write::output(&merged, &path) {
        Ok(_) => {
            remark(&format!("{summary} in {}", visible(&path.to_string_lossy())));
            Status::Success
        }
        Err(error) => {
            remark(&format!("ddmc: nothing was written to {}: {error}", visible(&path.to_string_lossy())));
            Status::Failure
        }
    }
}

/// Reads legacy documents.
struct Reader<'r> {
    in_force: &'r InForce,
    human: Human,
    migration: Migration<'r>,
    documents: usize,
    is_broken: bool,
}

impl Reader<'_> {
    /// Takes a file. Returns whether it could not be read.
    fn take(&mut self, unit: Unit) -> bool {
        let (file, strictness, bytes) = match unit {
            Unit::Trouble(trouble) => {
                remark(&format!("ddmc: {trouble}"));
                return true;
            }
            Unit::File(document) => {
                let mut bytes = Vec::new();
                if let Err(trouble) = document.read(&mut bytes) {
                    remark(&format!("ddmc: {trouble}"));
                    return true;
                }
                (document.file, document.strictness, bytes)
            }
            Unit::Lines(lines) => (lines.file, lines.strictness, lines.bytes),
        };
        let documents = self.migration.read(&file, &bytes, &self.in_force.terms(&file).conditions);
        self.documents += documents;
        if strictness == Strictness::Named && documents == 0 {
            self.refuse(&file, &bytes);
        } else {
            self.refuse_broken(&file, strictness, &bytes);
        }
        false
    }

    /// Says why a file that was named holds nothing to migrate.
    fn refuse(&mut self, file: &Arc<str>, bytes: &[u8]) {
        self.refuse_broken(file, Strictness::Named, bytes);
        if !self.is_broken {
            remark(&format!("ddmc: {}: left out: it holds no command and no profile with settings for updates", visible(file)));
        }
    }

    /// Shows what is wrong with the syntax of a file.
    fn refuse_broken(&mut self, file: &Arc<str>, strictness: Strictness, bytes: &[u8]) {
        let findings = lint::alone(file, strictness, bytes, &Conditions::default());
        let broken: Vec<Diagnostic> = findings.into_iter().filter(|finding| finding.rule.is_about_syntax()).collect();
        self.is_broken |= !broken.is_empty();
        show(&mut self.human, &broken, bytes);
    }
}

fn show(human: &mut Human, findings: &[Diagnostic], bytes: &[u8]) {
    let source = crate::report::Source { bytes, origin: crate::diagnostic::Position::START };
    // If standard error is closed, the exit status still tells.
    let _ = human.findings(findings, Texts::only(Some(source)), &mut io::stderr());
}

/// Whether devices take what was made. What they take with a doubt is shown.
fn is_right(migrated: &Migrated, in_force: &InForce, color: Color) -> bool {
    let mut human = human(color);
    let mut is_right = true;
    for declaration in &migrated.declarations {
        let file: Arc<str> = Arc::from(format!("{}.json", declaration.identifier));
        let terms = in_force.terms(&file);
        let targets = migrated.targets.iter();
        let targets = targets.filter(|target| migrated.is_meant_for(&declaration.identifier, target)).cloned().collect();
        let conditions = Conditions { targets, ..terms.conditions.clone() };
        let mut findings = lint::alone(&file, Strictness::Named, declaration.text.as_bytes(), &conditions);
        findings.retain(|finding| finding.severity > Severity::Note);
        for finding in &mut findings {
            // A device ignores the one setting of a profile and refuses the whole of a declaration.
            let is_refused = finding.place.pointer.ends_with("/InstallOSUpdates");
            if finding.rule.id == install_without_download::RULE.id && is_refused {
                finding.severity = Severity::Error;
            }
        }
        is_right &= findings.iter().all(|finding| finding.severity < Severity::Error);
        show(&mut human, &findings, declaration.text.as_bytes());
    }
    is_right
}
