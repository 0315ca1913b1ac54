//! `ddmc migrate`

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::flags::CatalogFlags;
use super::folder::Earlier;
use super::overlap::InputFiles;
use super::terminal::{Color, remark, width};
use super::{Status, catalogue, configure, migration, migration_json, write};
use crate::apple::{Identifier, LocalDateTime, Target};
use crate::conditions::Conditions;
use crate::config::{EffectiveConfig, Flags};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::merge::Merged;
use crate::migrate::{Migrated, Migration, Options, Outcome};
use crate::report::{Human, Report, Texts};
use crate::rules::install_without_download;
use crate::source::{Inputs, StandardInput, Unit};
use crate::validate::Strictness;
use crate::words::{count, visible};

/// Convert commands and profiles to declarations
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc migrate updates.mobileconfig              print the declarations
  ddmc migrate profiles/ -o declarations/        write one file per declaration
  ddmc migrate install.plist --deadline 2026-12-01T12:00:00
  ddmc migrate profiles/ --activate --format json

The outcome of each key is printed to standard error.

Exit status: 0 migrated, 1 nothing was carried over, or a key that matters was
not, 2 the command could not do all of its work.")]
pub(super) struct Arguments {
    /// Files and folders with commands and profiles; - is standard input
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// When to enforce updates, in each device's local time; commands have no deadline
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM:SS", value_parser = super::parse_time)]
    deadline: Option<LocalDateTime>,

    /// The target devices of the declarations, such as macOS=15.4; repeatable
    #[arg(long, value_name = "PLATFORM[=VERSION][,…]", value_parser = super::parse::<Target>)]
    target: Vec<Target>,

    /// The prefix of all identifiers [default: the identifier of the profile, or the file name]
    #[arg(long, value_name = "ID")]
    identifier_prefix: Option<Identifier>,

    #[command(flatten)]
    catalog: CatalogFlags,

    /// Write to a file, or to a folder (ending in /), atomically
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// Also make the activations that make the declarations act, one for each
    #[arg(long)]
    activate: bool,

    /// The format of the report; json prints it with the declarations to standard output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,

    /// The name of standard input in findings
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    config: configure::ConfigFlags,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

pub(super) fn run(arguments: Arguments, color: Color) -> Result<Status, Status> {
    let flags = Flags { catalog: arguments.catalog.catalog, targets: arguments.target, ..Flags::default() };
    let effective = catalogue::effective(&arguments.config, flags, color)?;
    let options = Options {
        deadline: arguments.deadline,
        prefix: arguments.identifier_prefix,
        catalog: effective.catalog(),
        activates: arguments.activate,
    };
    let mut reader = Reader {
        effective: &effective,
        human: human(color),
        migration: Migration::new(effective.schema(), &options),
        documents: 0,
        files: Vec::new(),
        has_errors: false,
    };
    let output = arguments.output.filter(|path| path.as_os_str() != "-");
    let input_files = InputFiles::new(&arguments.paths, &effective);
    // Report this first: the report of each key would only distract from it.
    if let Some(output) = output.as_deref()
        && let Err(error) = input_files.refuse(output)
    {
        return Err(not_written(output, &error));
    }
    let inputs = Inputs::new(arguments.paths, arguments.stdin_filename, StandardInput::default(), effective.exclude().clone());
    let has_failures = inputs.map(|unit| reader.take(unit)).fold(false, |any, has_failed| any | has_failed);
    if has_failures {
        return Err(Status::Failure);
    }
    if reader.has_errors {
        remark("ddmc: nothing was migrated, because of the errors above");
        return Ok(Status::Findings);
    }
    if reader.documents == 0 {
        remark("ddmc: nothing to migrate: found no command or profile with software-update settings");
        return Err(Status::Failure);
    }
    let (documents, input_files) = (reader.documents, input_files.and(reader.files));
    let migrated = reader.migration.finish();
    let is_json = arguments.format == Format::Json;
    if !is_json {
        migration::report(&migrated, width());
    }
    let refusal = if migrated.entries.iter().any(|entry| matches!(entry.outcome, Outcome::Failed(_))) {
        Some(if is_json {
            "ddmc: nothing was written: keys whose outcome is \"failed\" are needed"
        } else {
            "ddmc: nothing was written: the keys marked \"not carried over\" above are needed"
        })
    } else if !is_valid(&migrated, &effective, color) {
        Some("ddmc: nothing was written, because of the errors above: devices would reject the declarations")
    } else {
        None
    };
    let printed = if is_json {
        super::finish(migration_json::print(&migrated, documents, refusal.is_none(), &mut io::stdout().lock()))
    } else {
        Status::Success
    };
    if let Some(refusal) = refusal {
        remark(refusal);
        return Ok(printed.max(Status::Findings));
    }
    Ok(write_declarations(migrated, documents, output, &input_files, is_json).max(printed))
}

fn human(color: Color) -> Human {
    Human::new(color.is_on_for(&io::stderr()), width())
}

/// Prints the declarations unless they are in the report, or writes them to `output`.
fn write_declarations(
    migrated: Migrated,
    documents: usize,
    output: Option<PathBuf>,
    inputs: &InputFiles,
    are_printed: bool,
) -> Status {
    let number = migrated.declarations.len();
    let merged = Merged { declarations: migrated.declarations, origins: Vec::new(), unjoined: Vec::new() };
    let summary = format!("Migrated {} to {}", count(documents, "document"), count(number, "declaration"));
    // An empty set is a result, but not what was asked for.
    let is_lost = if number == 0 { Status::Findings } else { Status::Success };
    let Some(path) = output else {
        if are_printed {
            remark(&summary);
            return is_lost;
        }
        let status = super::finish(merged.write(&mut io::stdout().lock()));
        if status == Status::Success {
            remark(&summary);
        }
        return status.max(is_lost);
    };
    if number == 0 {
        remark("ddmc: nothing was written: none of these keys can be carried over to a declaration");
        return is_lost;
    }
    match write::output(&merged, &path, inputs, Earlier::Ignore) {
        Ok(_) => {
            remark(&format!("{summary} in {}", visible(&path.to_string_lossy())));
            Status::Success
        }
        Err(error) => not_written(&path, &error),
    }
}

fn not_written(path: &Path, error: &io::Error) -> Status {
    remark(&format!("ddmc: nothing was written to {}: {error}", visible(&path.to_string_lossy())));
    Status::Failure
}

/// Reads legacy documents.
struct Reader<'r> {
    effective: &'r EffectiveConfig,
    human: Human,
    migration: Migration<'r>,
    documents: usize,
    /// The files with commands or profiles.
    files: Vec<PathBuf>,
    has_errors: bool,
}

impl Reader<'_> {
    /// Takes a file. Returns true if it could not be read.
    fn take(&mut self, unit: Unit) -> bool {
        let (path, file, strictness, bytes) = match unit {
            Unit::Excluded(_) => return false,
            Unit::Failed(error) => {
                remark(&format!("ddmc: {error}"));
                return true;
            }
            Unit::File(document) => {
                let mut bytes = Vec::new();
                if let Err(error) = document.read(&mut bytes, || ()) {
                    remark(&format!("ddmc: {error}"));
                    return true;
                }
                (document.path().map(Path::to_path_buf), document.file, document.strictness, bytes)
            }
            Unit::Lines(lines) => (lines.path.map(|path| path.to_path_buf()), lines.file, lines.strictness, lines.bytes),
        };
        let documents = self.migration.read(&file, &bytes, &self.effective.for_file(&file).conditions);
        self.documents += documents;
        self.files.extend(path.filter(|_| documents > 0));
        if strictness == Strictness::Named && documents == 0 {
            self.report_nothing_to_migrate(&file, &bytes);
        } else {
            self.report_syntax_errors(&file, strictness, &bytes);
        }
        false
    }

    /// Reports why a named file holds nothing to migrate.
    fn report_nothing_to_migrate(&mut self, file: &Arc<str>, bytes: &[u8]) {
        self.report_syntax_errors(file, Strictness::Named, bytes);
        if !self.has_errors {
            remark(&format!("ddmc: {}: left out: it holds no command or profile with software-update settings", visible(file)));
        }
    }

    /// Reports the syntax errors of a file.
    fn report_syntax_errors(&mut self, file: &Arc<str>, strictness: Strictness, bytes: &[u8]) {
        let findings = lint::alone(file, strictness, bytes, &Conditions::default());
        // A declaration in the same file is not migrated, so its errors do not matter.
        let schema = self.effective.schema();
        let is_declaration = |kind: &str| schema.find(kind).is_none_or(|kind| schema.kind(kind).family.is_declaration());
        let is_relevant = |finding: &Diagnostic| {
            finding.rule.is_about_syntax() && !finding.declaration_type.as_deref().is_some_and(is_declaration)
        };
        let errors: Vec<Diagnostic> = findings.into_iter().filter(is_relevant).collect();
        self.has_errors |= !errors.is_empty();
        show(&mut self.human, &errors, bytes);
    }
}

fn show(human: &mut Human, findings: &[Diagnostic], bytes: &[u8]) {
    let source = crate::report::Source { bytes, origin: crate::diagnostic::Position::START };
    // If standard error is closed, the exit status still reports the errors.
    let _ = human.findings(findings, Texts::only(Some(source)), &mut io::stderr());
}

/// Whether devices accept the declarations. Prints errors and warnings.
fn is_valid(migrated: &Migrated, effective: &EffectiveConfig, color: Color) -> bool {
    let mut human = human(color);
    let mut is_valid = true;
    for declaration in &migrated.declarations {
        let file: Arc<str> = Arc::from(format!("{}.json", declaration.identifier));
        let config = effective.for_file(&file);
        let targets = migrated.targets.iter();
        let targets = targets.filter(|target| migrated.is_meant_for(&declaration.identifier, target)).cloned().collect();
        let conditions = Conditions { targets, ..config.conditions.clone() };
        let mut findings = lint::alone(&file, Strictness::Named, declaration.text.as_bytes(), &conditions);
        findings.retain(|finding| finding.severity > Severity::Note);
        for finding in &mut findings {
            // In a profile a device ignores only this setting; in a declaration it rejects the whole declaration.
            let is_refused = finding.place.pointer.ends_with("/InstallOSUpdates");
            if finding.rule.id == install_without_download::RULE.id && is_refused {
                finding.severity = Severity::Error;
            }
        }
        is_valid &= findings.iter().all(|finding| finding.severity < Severity::Error);
        show(&mut human, &findings, declaration.text.as_bytes());
    }
    is_valid
}
