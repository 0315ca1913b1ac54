//! Tips for wrong usage: what users of other linters write, and what this program calls it.

use std::path::Path;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::rules::Rule;

/// Names of commands in other programs, and what to write.
const COMMANDS: [(&[&str], &str); 11] = [
    (&["lint", "validate", "verify", "test", "scan", "analyze", "analyse", "run"], "to find mistakes, write 'ddmc check'"),
    (&["fix", "format", "fmt"], "to fix files, write 'ddmc check --fix'"),
    (&["rule", "describe", "info", "doc", "docs", "show"], "to read about a rule or a key, write 'ddmc explain'"),
    (&["list", "list-rules", "linter", "linters"], "to list the rules, write 'ddmc rules'"),
    (&["combine", "build", "compile", "join", "bundle"], "to combine declarations, write 'ddmc merge'"),
    (&["deploy", "export", "push", "serve"], "to write the set for a server, write 'ddmc publish'"),
    (&["convert", "import", "upgrade"], "to turn profiles and commands into declarations, write 'ddmc migrate'"),
    (&["compare", "changes", "delta"], "to see what changes for devices, write 'ddmc diff'"),
    (&["simulate", "preview", "effective"], "to see what a device does, write 'ddmc plan'"),
    (&["completion", "generate-shell-completion"], "to complete commands in a shell, write 'ddmc completions'"),
    (&["config", "settings"], "to see the effective config, write 'ddmc check --print-config'"),
];

/// Names of options in other programs, the option of this one, and what to write.
const OPTIONS: [(&[&str], &str, &str); 23] = [
    (
        &["ignore", "disable", "extend-ignore", "skip", "suppress"],
        "allow",
        "to turn a rule off, write '--allow RULE'; an [[ignore]] entry of ddmc.toml accepts single findings",
    ),
    (&["select", "enable", "extend-select", "rule", "error"], "deny", "to make a rule an error, write '--deny RULE'"),
    (&["strict", "werror", "max-warnings", "fail-on-warning"], "fail-on", "to fail on warnings, write '--fail-on warning'"),
    (&["severity", "min-severity", "level", "fail-level"], "fail-on", "the lowest severity that fails is '--fail-on SEVERITY'"),
    (&["output-format", "reporter", "type", "f"], "format", "the format of the report is '--format FORMAT'"),
    (
        &["json", "sarif", "github", "junit", "oneline"],
        "format",
        "a format is written as in '--format json'; 'concise' has a line for each finding",
    ),
    (&["output-file", "out", "report"], "output", "to write a file, write '--output FILE'"),
    (&["write", "autofix", "apply", "fix-only"], "fix", "to fix files, write '--fix'"),
    (&["dry-run", "fix-dry-run", "check"], "diff", "to see the fixes without writing them, write '--diff'"),
    (&["fix-unsafe", "unsafe"], "unsafe-fixes", "to apply unsafe fixes too, write '--fix --unsafe-fixes'"),
    (
        &["platform", "os", "target-version", "device", "t"],
        "target",
        "the target devices are '--target', as in '--target macOS=15.4'",
    ),
    (&["platform", "os", "target"], "device", "the device is '--device', as in '--device macOS=15.4'"),
    (&["date", "now", "time"], "as-of", "the time to judge by is '--as-of', as in '--as-of 2026-01-31T18:00:00'"),
    (&["stdin"], "stdin-filename", "to read standard input, write '-' as the path"),
    (
        &["stdin-display-name", "stdin-file-path", "stdin-filepath"],
        "stdin-filename",
        "the name of standard input is '--stdin-filename NAME'",
    ),
    (&["ignore-pattern", "ignore-path", "extend-exclude", "exclude-pattern"], "exclude", "to skip files, write '--exclude GLOB'"),
    (&["threads", "parallel", "concurrency", "workers"], "jobs", "the number of threads is '--jobs N'"),
    (&["silent", "no-summary"], "quiet", "to print only findings, write '--quiet'"),
    (&["debug", "show-files"], "verbose", "to see what was skipped, write '--verbose'"),
    (&["stats", "summary", "count"], "statistics", "to count findings by rule, write '--statistics'"),
    (&["show-settings", "show-config"], "print-config", "to see the effective config, write '--print-config'"),
    (
        &["create-baseline", "generate-baseline", "update-baseline", "add-noqa", "suppress-all"],
        "write-baseline",
        "to record the current findings, write '--write-baseline FILE'",
    ),
    (&["prune-suppressions"], "prune-baseline", "to remove what is gone, write '--baseline FILE --prune-baseline'"),
];

/// Replaces the suggestions of a usage error by a tip, if there is one. `arguments` are those after the name of the program.
pub(super) fn add(error: &mut clap::Error, command: &Command, arguments: &[String]) {
    let Some(tip) = tip(error, command, arguments) else { return };
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedCommand,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
        ContextKind::TrailingArg,
        // The usage would show the suggestion.
        ContextKind::Usage,
    ] {
        error.remove(kind);
    }
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

fn tip(error: &clap::Error, command: &Command, arguments: &[String]) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => of_command(text(ContextKind::InvalidSubcommand)?),
        ErrorKind::UnknownArgument => {
            let wrong = text(ContextKind::InvalidArg)?;
            let used = arguments.iter().find_map(|argument| command.find_subcommand(argument));
            match wrong.strip_prefix('-').map(|option| option.trim_start_matches('-')) {
                Some(option) => of_option(option.split('=').next().unwrap_or_default(), command, used),
                None => Rule::find(wrong).map(|rule| format!("to read about a rule, write 'ddmc explain {}'", rule.id)),
            }
        }
        _ => None,
    }
}

fn of_command(wrong: &str) -> Option<String> {
    let row = COMMANDS.iter().find(|(names, _)| names.contains(&wrong));
    let is_path = || wrong.contains(['/', '.']) || Path::new(wrong).exists();
    row.map(|(_, tip)| (*tip).to_owned())
        .or_else(|| is_path().then(|| format!("to check a file or a folder, write 'ddmc check {wrong}'")))
}

/// A tip for an option that the command `used` lacks.
fn of_option(wrong: &str, program: &Command, used: Option<&Command>) -> Option<String> {
    let row = |command: &Command| OPTIONS.iter().find(|(names, right, _)| names.contains(&wrong) && has(command, right));
    if let Some((.., tip)) = used.and_then(row) {
        return Some((*tip).to_owned());
    }
    let owner = program.get_subcommands().find(|command| has(command, wrong))?;
    Some(format!("'--{wrong}' is an option of 'ddmc {}'", owner.get_name()))
}

fn has(command: &Command, option: &str) -> bool {
    command.get_arguments().any(|one| one.get_long() == Some(option))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_about_a_name_that_the_program_has() {
        let program = super::super::command();
        for name in COMMANDS.iter().flat_map(|(names, _)| *names) {
            assert!(program.find_subcommand(name).is_none(), "{name}");
        }
        for (names, right, _) in OPTIONS {
            let owners: Vec<&Command> = program.get_subcommands().filter(|command| has(command, right)).collect();
            assert!(!owners.is_empty(), "no command has --{right}");
            for name in names {
                // A command that has both needs no tip.
                let has_both = |command: &&Command| has(command, name);
                assert!(!owners.iter().all(has_both), "--{name}");
            }
        }
    }
}
