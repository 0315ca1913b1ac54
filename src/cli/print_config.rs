//! `ddmc check --print-config`: the effective config, and the source of each value.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::config::{EffectiveConfig, Origin, PolicySource};
use crate::diagnostic::Severity;
use crate::policy::On;
use crate::words::visible;

/// The column where comments begin.
const COLUMN: usize = 44;

/// Prints the effective config for all files, or for each of `paths`.
pub(super) fn print(effective: &EffectiveConfig, paths: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    match effective.config() {
        Some(config) => writeln!(out, "# configuration: {}", visible(&config.file))?,
        None => writeln!(out, "# configuration: none")?,
    }
    if paths.is_empty() {
        values(effective, &[], out)?;
        files(effective, out)?;
    }
    for path in paths {
        let path = path.to_string_lossy();
        writeln!(out, "\n# for {}", visible(&path))?;
        values(effective, &effective.entries(&path), out)?;
    }
    ignores_and_sets(effective, out)?;
    policies(effective, out)
}

fn values(effective: &EffectiveConfig, entries: &[usize], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    for (globs, origin) in effective.excluded().into_iter().filter(|(globs, _)| globs.is_some()) {
        let globs: Vec<String> = globs.iter().flat_map(|globs| globs.texts()).map(quoted).collect();
        line(out, &format!("exclude = [{}]", globs.join(", ")), &origin)?;
    }
    let (targets, origin) = effective.targets(entries);
    let targets: Vec<String> = targets.iter().map(|target| quoted(&target.to_flag())).collect();
    line(out, &format!("targets = [{}]", targets.join(", ")), &origin)?;
    match effective.as_of(entries) {
        (_, Origin::Default) => writeln!(out, "{:COLUMN$} # default: now", "# as-of")?,
        (as_of, origin) => line(out, &format!("as-of = {as_of}"), &origin)?,
    }
    let (fail_on, origin) = effective.fail_on();
    line(out, &format!("fail-on = \"{fail_on}\""), &origin)?;
    let (placeholders, origin) = effective.placeholders();
    let placeholders: Vec<String> = placeholders.iter().map(|pattern| quoted(pattern.as_str())).collect();
    line(out, &format!("placeholders = [{}]", placeholders.join(", ")), &origin)?;
    match effective.catalog_file() {
        (Some((_, name)), origin) => line(out, &format!("catalog = {}", quoted(&name)), &origin)?,
        (None, _) => writeln!(out, "{:COLUMN$} # default: none", "# catalog")?,
    }
    match effective.schema_folder() {
        (Some((_, name)), origin) => line(out, &format!("apple-schema = {}", quoted(&name)), &origin)?,
        (None, _) => writeln!(out, "{:COLUMN$} # default: built in, {}", "# apple-schema", effective.schema().release)?,
    }
    let (activations, origin) = effective.activations();
    line(out, &format!("activations = \"{activations}\""), &origin)?;
    let (keys, origin) = effective.allowed_keys();
    if !keys.is_empty() {
        let keys: Vec<String> = keys.iter().map(|key| quoted(&key.0)).collect();
        writeln!(out, "\n[keys]")?;
        line(out, &format!("allow = [{}]", keys.join(", ")), &origin)?;
    }
    writeln!(out, "\n[rules]")?;
    for rule in effective.rules() {
        let (level, origin) = effective.level(rule, entries);
        let name = if rule.is_policy() { quoted(&rule.id) } else { rule.id.to_string() };
        line(out, &format!("{name} = \"{}\"", level_name(level)), &origin)?;
    }
    Ok(())
}

/// Prints the `[[files]]` entries.
fn files(effective: &EffectiveConfig, out: &mut dyn Write) -> io::Result<()> {
    for entry in effective.config().iter().flat_map(|config| &config.top.files) {
        let files = &entry.value;
        heading(out, "files", files.paths.as_ref().map(|paths| (paths.value.texts(), paths.place.start.line)))?;
        if let Some(targets) = files.targets.as_ref().filter(|_| !effective.has_target_flags()) {
            let flags: Vec<String> = targets.value.iter().map(|target| quoted(&target.to_flag())).collect();
            line(out, &format!("targets = [{}]", flags.join(", ")), &Origin::File(targets.place.clone()))?;
        }
        if let Some(as_of) = &files.as_of {
            line(out, &format!("as-of = {}", as_of.value), &Origin::File(as_of.place.clone()))?;
        }
        for level in &files.rules.0 {
            let (rule, severity) = &level.value;
            line(out, &format!("rules.{} = \"{}\"", &**rule, level_name(*severity)), &Origin::File(level.place.clone()))?;
        }
    }
    Ok(())
}

/// Prints the `[[ignore]]` and `[[sets]]` entries.
fn ignores_and_sets(effective: &EffectiveConfig, out: &mut dyn Write) -> io::Result<()> {
    let Some(config) = effective.config() else { return Ok(()) };
    for entry in &config.top.ignore {
        let ignore = &entry.value;
        heading(out, "ignore", ignore.paths.as_ref().map(|paths| (paths.value.texts(), paths.place.start.line)))?;
        if let Some(rule) = &ignore.rule {
            line(out, &format!("rule = \"{}\"", &*rule.value), &Origin::File(rule.place.clone()))?;
        }
        if let Some(pointer) = &ignore.pointer {
            line(out, &format!("pointer = {}", quoted(&pointer.value.0)), &Origin::File(pointer.place.clone()))?;
        }
        if let Some(reason) = &ignore.reason {
            line(out, &format!("reason = {}", quoted(&reason.value.0)), &Origin::File(reason.place.clone()))?;
        }
        if let Some(until) = &ignore.until {
            line(out, &format!("until = {}", until.value), &Origin::File(until.place.clone()))?;
        }
    }
    for entry in &config.top.sets {
        heading(out, "sets", entry.value.paths.as_ref().map(|paths| (paths.value.texts(), paths.place.start.line)))?;
    }
    Ok(())
}

/// Prints the policy files and their policies.
fn policies(effective: &EffectiveConfig, out: &mut dyn Write) -> io::Result<()> {
    for PolicySource { name, entry, .. } in effective.policy_sources() {
        let entries = effective.config().map_or(&[] as &[_], |config| config.top.policies.as_slice());
        let entry_value = entry.and_then(|entry| entries.get(entry)).map(|entry| &entry.value);
        let paths = entry_value.and_then(|entry| entry.paths.as_ref());
        heading(out, "policies", paths.map(|paths| (paths.value.texts(), paths.place.start.line)))?;
        let file = entry_value.and_then(|entry| entry.file.as_ref());
        let origin = file.map_or(Origin::CommandLine, |file| Origin::File(file.place.clone()));
        line(out, &format!("file = {}", quoted(&name)), &origin)?;
        let of_file = effective.policies_of(entry).filter(|policy| policy.file() == name);
        for policy in of_file {
            let on = if policy.on == On::Merged { "merged settings" } else { "each declaration" };
            writeln!(out, "{:COLUMN$} # on {on}", format!("# {}", policy.rule.id))?;
        }
    }
    Ok(())
}

fn heading<'t>(out: &mut dyn Write, name: &str, paths: Option<(impl Iterator<Item = &'t str>, usize)>) -> io::Result<()> {
    writeln!(out, "\n[[{name}]]")?;
    let Some((paths, number)) = paths else { return Ok(()) };
    let paths: Vec<String> = paths.map(quoted).collect();
    writeln!(out, "{:COLUMN$} # line {number}", format!("paths = [{}]", paths.join(", ")))
}

fn line(out: &mut dyn Write, text: &str, origin: &Origin) -> io::Result<()> {
    let origin = match origin {
        Origin::Default => "default".to_owned(),
        Origin::CommandLine => "command line".to_owned(),
        Origin::File(place) => format!("line {}", place.start.line),
    };
    writeln!(out, "{text:COLUMN$} # {origin}")
}

fn level_name(level: Option<Severity>) -> String {
    level.map_or_else(|| "off".to_owned(), |severity| severity.to_string())
}

/// A TOML string, escaped for a terminal.
fn quoted(text: &str) -> String {
    if text.contains('\\') && !text.contains(['\'', '\n']) {
        return visible(&format!("'{text}'"));
    }
    visible(&format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
