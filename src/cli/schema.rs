//! `ddmc schema`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::configure::{self, BaseFlags};
use super::diff_json::JsonDiff;
use super::migration_json::JsonMigration;
use super::plan_json::JsonPlans;
use super::provenance;
use super::rules::JsonRules;
use super::status_json::JsonStatus;
use super::terminal::{Color, remark};
use super::write::{self, Batch};
use crate::apple::Schema;
use crate::baseline::JsonBaseline;
use crate::report::JsonReport;
use crate::schema::{Published, printed, written};
use crate::words::{count, nearest, shown, visible};

/// Print the JSON Schema of a declaration, of ddmc.toml, or of ddmc's JSON output
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc schema softwareupdate.settings    a declaration
  ddmc schema --list                     everything that has a schema
  ddmc schema --all -o schemas/          write all of them to a folder")]
pub(super) struct Arguments {
    /// The declaration type or file to print the schema of [default: ddmc.toml]
    #[arg(value_name = "TYPE", conflicts_with_all = ["list", "all"])]
    name: Option<String>,

    /// List everything that has a schema
    #[arg(long, conflicts_with = "all")]
    list: bool,

    /// Write all schemas, one file each
    #[arg(long, requires = "output")]
    all: bool,

    /// The folder for --all, or the file for one schema
    #[arg(short, long, value_name = "PATH", conflicts_with = "list")]
    output: Option<PathBuf>,

    #[command(flatten)]
    config: BaseFlags,
}

/// All schemas: of files that people write, and of the JSON that ddmc prints.
pub(super) fn all(apple: &Schema) -> Vec<Published<'_>> {
    let mut all = written(apple);
    all.extend([
        Published::own("ddmc.check", "What ddmc check --format json prints", printed::<JsonReport>),
        Published::own("ddmc.diff", "What ddmc diff --format json prints", printed::<JsonDiff>),
        Published::own("ddmc.merge", "What ddmc merge --explain --format json prints", printed::<provenance::Report>),
        Published::own("ddmc.migrate", "What ddmc migrate --format json prints", printed::<JsonMigration>),
        Published::own("ddmc.plan", "What ddmc plan --format json prints", printed::<JsonPlans>),
        Published::own("ddmc.status", "What ddmc status --format json prints", printed::<JsonStatus>),
        Published::own("ddmc.rules", "What ddmc rules --format json prints", printed::<JsonRules>),
        Published::own("ddmc.baseline", "What ddmc check --write-baseline writes", printed::<JsonBaseline>),
    ]);
    all
}

pub(super) fn run(arguments: &Arguments, color: Color) -> Status {
    let apple = match configure::schema(&arguments.config, color) {
        Ok(schema) => schema,
        Err(status) => return status,
    };
    let all = all(&apple);
    if arguments.list {
        return super::finish(list(&all, &mut io::stdout().lock()));
    }
    if let Some(folder) = arguments.output.as_ref().filter(|_| arguments.all) {
        let name = visible(&folder.to_string_lossy());
        let mut batch = Batch::default();
        let stage = |schema: &Published| batch.stage(&folder.join(schema.file()), |out| print(schema, out));
        let written = write::create_folder(folder)
            .and_then(|()| all.iter().map(stage).collect::<io::Result<Vec<_>>>())
            .and_then(write::commit);
        return match written {
            Ok(()) => {
                remark(&format!("Wrote {} to {name}", count(all.len(), "schema")));
                Status::Success
            }
            Err(error) => {
                remark(&format!("ddmc: cannot write to {name}: {error}"));
                Status::Failure
            }
        };
    }
    let name = arguments.name.as_deref().unwrap_or(crate::config::FILE_NAME);
    let Some(schema) = all.iter().find(|schema| schema.is_called(name)) else {
        let near = nearest(name, all.iter().flat_map(|schema| [&*schema.name, schema.short()]));
        let help = match near {
            Some(near) => format!("did you mean {near}?"),
            None => "`ddmc schema --list` lists them".to_owned(),
        };
        remark(&format!("ddmc: there is no schema \"{}\"; {help}", shown(name)));
        return Status::Failure;
    };
    match &arguments.output {
        None => super::finish(print(schema, &mut io::stdout().lock())),
        Some(path) => super::finish(write::file(path, |out| print(schema, out))),
    }
}

fn print(schema: &Published<'_>, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &schema.schema())?;
    writeln!(out)
}

fn list(all: &[Published<'_>], out: &mut dyn Write) -> io::Result<()> {
    all.iter().try_for_each(|schema| writeln!(out, "{}\n    {}", schema.name, schema.title))
}
