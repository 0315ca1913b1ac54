//! The headings of options in the help of every command.

use clap::Command;

/// Each heading with the ids of its options, in the commands that have them.
const HEADINGS: [(&str, &[&str]); 8] = [
    (
        "Devices and time",
        &["target", "device", "status", "inventory", "columns", "set", "activations", "as_of", "until", "deadline"],
    ),
    ("Rules", &["fail_on", "deny", "warn", "note", "allow", "policy"]),
    ("Fixes", &["fix", "unsafe_fixes", "diff"]),
    ("Baseline", &["baseline", "write_baseline", "prune_baseline"]),
    (
        "Output",
        &[
            "format",
            "output",
            "layout",
            "name",
            "statistics",
            "quiet",
            "verbose",
            "identifier",
            "identifier_prefix",
            "server_token",
            "activate",
            "prune",
            "explain",
            "show_values",
            "exit_code",
            "markdown",
            "list",
            "all",
        ],
    ),
    ("Input", &["stdin_filename", "exclude", "allow_empty", "jobs", "response", "command"]),
    ("Apple's data", &["catalog", "apple_schema"]),
    ("Configuration", &["config", "no_config", "print_config"]),
];

/// Puts the options of every command under their headings.
pub(super) fn apply(command: Command) -> Command {
    command.mut_subcommands(|command| {
        command.mut_args(|option| {
            let heading = HEADINGS.iter().find(|(_, options)| options.contains(&option.get_id().as_str()));
            match heading {
                Some((heading, _)) if !option.is_positional() => option.help_heading(*heading),
                _ => option,
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_option_has_a_heading() {
        let mut command = super::super::command();
        // Building adds --help and --version.
        command.build();
        let options: Vec<_> = command.get_subcommands().flat_map(Command::get_opts).chain(command.get_opts()).collect();
        for option in &options {
            let has_heading = option.get_help_heading().is_some() != (option.get_id() == "color");
            assert!(has_heading, "{} has no row in HEADINGS, or it needs none", option.get_id());
        }
        let flags: Vec<_> =
            command.get_subcommands().flat_map(Command::get_arguments).filter(|flag| !flag.is_positional()).collect();
        for flag in &flags {
            let is_general = ["color", "help", "version"].contains(&flag.get_id().as_str());
            assert_eq!(flag.get_help_heading().is_none(), is_general, "{}", flag.get_id());
        }
        for id in HEADINGS.iter().flat_map(|(_, options)| *options) {
            assert!(flags.iter().any(|flag| flag.get_id() == *id), "no command has {id}");
        }
    }
}
