//! `ddmc merge`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::folder::Earlier;
use super::merged::{self, SetFlags, Task};
use super::pages::PageFormat;
use super::terminal::{Color, remark};
use super::{Status, write};
use crate::merge::Envelope;
use crate::report::provenance;

/// Combine declarations into the set to publish, as a device combines them
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc merge macos/ -o published/        write one file per declaration
  ddmc merge a.json b.json               print the set
  ddmc merge a.json b.json --explain     print where each value comes from

Exit status: 0 merged, 1 the inputs or their combination have errors,
2 the command could not do all of its work.")]
pub(super) struct Arguments {
    #[command(flatten)]
    set: SetFlags,

    /// Write a ServerToken for each declaration, derived from its content
    #[arg(long)]
    server_token: bool,

    /// Write to a file, or to a folder (ending in /), atomically
    #[arg(short, long, value_name = "PATH", conflicts_with = "explain")]
    output: Option<PathBuf>,

    /// Remove the files that earlier runs wrote to the folder and this one did not
    #[arg(long, requires = "output")]
    prune: bool,

    /// Print where each value comes from instead of the declarations
    #[arg(long)]
    explain: bool,

    /// The format of --explain; declarations are always JSON
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: PageFormat,
}

pub(super) fn run(arguments: Arguments, color: Color) -> Result<Status, Status> {
    // `-` is standard output.
    let output = arguments.output.filter(|path| path.as_os_str() != "-");
    if arguments.prune && !output.as_deref().is_some_and(write::is_folder) {
        remark("ddmc: nothing was merged: --prune needs -o FOLDER/");
        return Err(Status::Failure);
    }
    let envelope = if arguments.server_token { Envelope::Tokens } else { Envelope::Source };
    let task = Task { envelope, adds_activations: false, output: output.as_deref(), verb: "merged", color };
    merged::with(arguments.set, &task, |merged, gathered, inputs| {
        if arguments.explain {
            return match arguments.format {
                // Names and values are too long for a table in a terminal.
                PageFormat::Human => super::finish(provenance::print(merged, gathered, &mut io::stdout().lock())),
                other => {
                    let json = |out: &mut dyn Write| provenance::print_json(merged, gathered, out);
                    other.print("merge", |_| provenance::page(merged, gathered), json)
                }
            };
        }
        merged::remark_unjoined(&merged.unjoined);
        let earlier = if arguments.prune { Earlier::Remove } else { Earlier::Find };
        match &output {
            None => super::finish(merged.write(&mut io::stdout().lock())),
            Some(path) => merged::report(merged.declarations.len(), path, write::output(merged, path, inputs, earlier)),
        }
    })
}
