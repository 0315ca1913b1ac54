//! `ddmc explain`

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::Status;
use super::configure::{self, BaseFlags};
use super::terminal::{Color, remark, width};
use crate::docs;

/// Explain a rule, a key, a declaration type, a status item, a combine rule, ddmc.toml, or a device's answer
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc explain out-of-range               what a rule finds, and why it matters
  ddmc explain MajorPeriodInDays          what a key means, and where it is available
  ddmc explain passcode minimum length    a key, by a few words of its name
  ddmc explain softwareupdate.settings    the keys of a declaration
  ddmc explain number-max                 how values are combined, and for which keys
  ddmc explain device.model.family        what a status item tells, and which devices have it
  ddmc explain Error.MissingAssets        what a reason in a status report means, and what to do
  ddmc explain                            everything that has a page
  ddmc explain --response answer.plist    what a device answered, and what to do")]
pub(super) struct Arguments {
    /// A name, or words of it in any notation: majorperiodindays, passcode minimum length, a JSON pointer
    #[arg(value_name = "NAME")]
    names: Vec<String>,

    /// Explain a device's answer to a software-update command; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    response: Option<PathBuf>,

    /// The command that the device answered, to show what was requested
    #[arg(long, value_name = "FILE", requires = "response")]
    command: Option<PathBuf>,

    /// Print Markdown, as in docs/reference
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
    let apple = &match configure::schema(&arguments.config, color) {
        Ok(schema) => schema,
        Err(status) => return status,
    };
    let search = arguments.names.join(" ");
    let page = if search.is_empty() { Ok(docs::index(apple)) } else { docs::find(apple, &search) };
    let page = match page {
        Ok(page) => page,
        Err(near) => {
            remark(&format!("ddmc: {}", docs::not_found(&search, near)));
            return Status::Failure;
        }
    };
    let text = if arguments.markdown { page.to_markdown() } else { page.to_text(width) };
    super::finish(io::stdout().lock().write_all(text.as_bytes()))
}
