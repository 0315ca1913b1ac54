//! `ddmc schema`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::plan_json::JsonPlan;
use super::provenance;
use super::rules::JsonRules;
use super::terminal::remark;
use super::{Status, write};
use crate::baseline::JsonBaseline;
use crate::report::JsonReport;
use crate::schema::{Published, WRITTEN, printed};
use crate::words::{count, nearest, shown, visible};

/// Print the JSON Schema of a declaration, of ddmc.toml, or of what ddmc prints
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc schema softwareupdate.settings    a declaration
  ddmc schema --list                     everything that has a schema
  ddmc schema --all -o schemas/          write all of them to a folder")]
pub(super) struct Arguments {
    /// What the schema is of [default: ddmc.toml]
    #[arg(value_name = "TYPE", conflicts_with_all = ["list", "all"])]
    name: Option<String>,

    /// List everything that has a schema
    #[arg(long, conflicts_with = "all")]
    list: bool,

    /// Write all schemas, each to a file of its own
    #[arg(long, requires = "output")]
    all: bool,

    /// The folder for --all, or the file for one schema
    #[arg(short, long, value_name = "PATH", conflicts_with = "list")]
    output: Option<PathBuf>,
}

/// The schemas of what the program prints and writes for other programs.
static PRINTED: &[Published] = &[
    Published { name: "ddmc.check", title: "What ddmc check --format json prints", make: printed::<JsonReport> },
    Published {
        name: "ddmc.merge",
        title: "What ddmc merge --explain --format json prints",
        make: printed::<provenance::Report>,
    },
    Published { name: "ddmc.plan", title: "What ddmc plan --format json prints", make: printed::<JsonPlan> },
    Published { name: "ddmc.rules", title: "What ddmc rules --format json prints", make: printed::<JsonRules> },
    Published { name: "ddmc.baseline", title: "What ddmc check --write-baseline writes", make: printed::<JsonBaseline> },
];

fn all() -> impl Iterator<Item = &'static Published> {
    WRITTEN.iter().chain(PRINTED)
}

pub(super) fn run(arguments: &Arguments) -> Status {
    if arguments.list {
        return super::finish(list(&mut io::stdout().lock()));
    }
    if let Some(folder) = arguments.output.as_ref().filter(|_| arguments.all) {
        let name = visible(&folder.to_string_lossy());
        let stage = |schema: &Published| write::stage(&folder.join(schema.file()), |out| print(schema, out));
        let written =
            write::create_folder(folder).and_then(|()| all().map(stage).collect::<io::Result<Vec<_>>>()).and_then(write::commit);
        return match written {
            Ok(()) => {
                remark(&format!("Wrote {} to {name}", count(all().count(), "schema")));
                Status::Success
            }
            Err(error) => {
                remark(&format!("ddmc: cannot write to {name}: {error}"));
                Status::Failure
            }
        };
    }
    let name = arguments.name.as_deref().unwrap_or(crate::config::FILE_NAME);
    let Some(schema) = all().find(|schema| schema.is_called(name)) else {
        let near = nearest(name, all().flat_map(|schema| [schema.name, schema.short()]));
        let help = match near {
            Some(near) => format!("did you mean {near}?"),
            None => "`ddmc schema --list` lists them".to_owned(),
        };
        remark(&format!("ddmc: there is no schema of \"{}\"; {help}", shown(name)));
        return Status::Failure;
    };
    match &arguments.output {
        None => super::finish(print(schema, &mut io::stdout().lock())),
        Some(path) => super::finish(write::file(path, |out| print(schema, out))),
    }
}

fn print(schema: &Published, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &schema.schema())?;
    writeln!(out)
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    all().try_for_each(|schema| writeln!(out, "{}\n    {}", schema.name, schema.title))
}
