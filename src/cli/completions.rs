//! `ddmc completions` and `ddmc man`

use std::io::{self, Write};

use clap::{Args, Command};
use clap_complete::Shell;

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

pub(super) fn completions(arguments: &Arguments, mut command: Command) -> io::Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, env!("CARGO_PKG_NAME"), &mut text);
    io::stdout().lock().write_all(&text)
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
