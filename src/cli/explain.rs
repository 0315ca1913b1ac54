//! `ddmc explain`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::configure::{self, BaseFlags};
use super::terminal::{Color, remark, width};
use crate::docs;
use crate::words::shown;

/// Explain a rule, a key, a declaration type, a status item, ddmc.toml, or a device's answer
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc explain out-of-range               what a rule finds, and why it matters
  ddmc explain MajorPeriodInDays          what a key means, and where it is available
  ddmc explain deadline                   the names that contain a word
  ddmc explain softwareupdate.settings    the keys of a declaration
  ddmc explain device.model.family        what a status item tells, and which devices have it
  ddmc explain Error.MissingAssets        what a reason in a status report means, and what to do
  ddmc explain                            everything that has a page
  ddmc explain --response answer.plist    what a device answered, and what to do")]
pub(super) struct Arguments {
    /// The name or a part of it, in any notation: MajorPeriodInDays, deferrals.major, a JSON pointer
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Explain a device's answer to a software-update command; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    response: Option<PathBuf>,

    /// The command that the device answered, to show what was requested
    #[arg(long, value_name = "FILE", requires = "response")]
    command: Option<PathBuf>,

    /// Print Markdown; without a name, print the whole reference
    #[arg(long, conflicts_with = "response")]
    markdown: bool,

    #[command(flatten)]
    config: BaseFlags,
}

pub(super) fn run(arguments: &Arguments, color: Color) -> Status {
    if let Some(response) = &arguments.response {
        return super::answer::run(response, arguments.command.as_deref());
    }
    let width = width().clamp(40, 100);
    let apple = match configure::schema(&arguments.config, color) {
        Ok(schema) => schema,
        Err(status) => return status,
    };
    let mut pages = Vec::new();
    for name in &arguments.names {
        match docs::find(&apple, name) {
            Ok(found) => pages.extend(found),
            Err(near) => {
                let help = match near {
                    Some(near) => format!("did you mean {near}?"),
                    None => "`ddmc explain` lists everything that has a page".to_owned(),
                };
                remark(&format!("ddmc: there is no rule, key, declaration or status item \"{}\"; {help}", shown(name)));
                return Status::Failure;
            }
        }
    }
    let text = match (pages.is_empty(), arguments.markdown) {
        (true, true) => docs::reference(&apple),
        (true, false) => docs::names(&apple).to_text(width),
        (false, true) => pages.iter().map(|page| page.to_markdown(1)).collect::<Vec<_>>().join("\n"),
        (false, false) => pages.iter().map(|page| page.to_text(width)).collect::<Vec<_>>().join("\n"),
    };
    super::finish(io::stdout().lock().write_all(text.as_bytes()))
}
