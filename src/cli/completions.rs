//! `ddmc completions` and `ddmc man`

use std::io::{self, Write};

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Command};
use clap_complete::Shell;

use super::levels;
use crate::conditions::Conditions;
use crate::docs;
use crate::rules::RULES;

/// Print shell completions
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ddmc completions bash > /etc/bash_completion.d/ddmc
  ddmc completions zsh > ~/.zfunc/_ddmc
  ddmc completions fish > ~/.config/fish/completions/ddmc.fish")]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn completions(arguments: &Arguments, command: Command) -> io::Result<()> {
    let mut command = with_names(command);
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, env!("CARGO_PKG_NAME"), &mut text);
    io::stdout().lock().write_all(&text)
}

/// Adds the names that a shell completes. The commands themselves accept more, such as parts of names.
fn with_names(command: Command) -> Command {
    fn parser(names: impl IntoIterator<Item = (String, String)>) -> PossibleValuesParser {
        names.into_iter().map(|(name, summary)| PossibleValue::new(name).help(summary)).collect::<Vec<_>>().into()
    }
    let apple = Conditions::default().schema;
    let schemas = super::schema::all(&apple);
    let rules = || RULES.iter().map(|rule| (rule.id.to_string(), rule.summary.to_string()));
    command
        .mut_subcommand("explain", |explain| explain.mut_arg("names", |names| names.value_parser(parser(docs::names(&apple)))))
        .mut_subcommand("schema", |schema| {
            let names = schemas.iter().map(|schema| (schema.short().to_owned(), schema.title.to_string()));
            schema.mut_arg("name", |name| name.value_parser(parser(names)))
        })
        .mut_subcommand("check", |check| {
            levels::names().fold(check, |check, name| check.mut_arg(name, |level| level.value_parser(parser(rules()))))
        })
}

/// Prints one manual page with the command and each of its subcommands.
pub(super) fn man(command: Command) -> io::Result<()> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(command.clone());
    page.render(&mut text)?;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        let name = format!("{} {}", command.get_name(), subcommand.get_name());
        writeln!(text, ".SH \"{}\"", name.to_uppercase())?;
        let page = clap_mangen::Man::new(subcommand.clone());
        page.render_synopsis_section(&mut text)?;
        page.render_description_section(&mut text)?;
        page.render_options_section(&mut text)?;
    }
    io::stdout().lock().write_all(&text)
}
