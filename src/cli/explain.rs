//! `ddmc explain`

use std::io::{self, Write};

use clap::Args;

use super::Status;
use super::terminal::{remark, width};
use crate::pages;
use crate::words::shown;

/// Explain a rule, a key, a declaration type, or ddmc.toml
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc explain out-of-range               what a rule finds, and why it matters
  ddmc explain MajorPeriodInDays          what a key means, and where it exists
  ddmc explain softwareupdate.settings    the keys of a declaration
  ddmc explain                            everything that has a page")]
pub(super) struct Arguments {
    /// The name, or what is left of it: majorperiodindays, Deferrals.MajorPeriodInDays, a JSON pointer
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print Markdown; without a name, the whole reference
    #[arg(long)]
    markdown: bool,
}

pub(super) fn run(arguments: &Arguments) -> Status {
    let width = width().clamp(40, 100);
    let text = match &arguments.name {
        None if arguments.markdown => pages::reference(),
        None => pages::names().to_text(width),
        Some(name) => match pages::find(name) {
            Ok(pages) => {
                let text = |page: &pages::Page| if arguments.markdown { page.to_markdown(1) } else { page.to_text(width) };
                pages.iter().map(text).collect::<Vec<_>>().join("\n")
            }
            Err(near) => {
                let help = match near {
                    Some(near) => format!("did you mean {near}?"),
                    None => "`ddmc explain` lists everything that has a page".to_owned(),
                };
                remark(&format!("ddmc: there is no rule, key or declaration \"{}\"; {help}", shown(name)));
                return Status::Failure;
            }
        },
    };
    super::finish(io::stdout().lock().write_all(text.as_bytes()))
}
