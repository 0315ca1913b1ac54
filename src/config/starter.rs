//! A first `ddmc.toml` for a repository: what was found there, and examples of every other key in comments.

use std::fmt::Write;

use super::table::{Files, Ignore, Keys, PolicyFile, Row, Section, Set, Top};
use crate::apple::Platform;
use crate::set::Activations;
use crate::words::visible;

/// What a repository says about its configuration.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Who activates configurations, and what tells so.
    pub(crate) activations: Option<(Activations, String)>,
    /// Patterns of placeholders, each with an example.
    pub(crate) placeholders: Vec<(&'static str, String)>,
    /// Folders and the platform that they are for. Those of later entries may be in those of earlier ones.
    pub(crate) folders: Vec<(Platform, Vec<String>)>,
}

/// The width of comments.
const WIDTH: usize = 100;

/// The text of the file.
pub(crate) fn text(found: &Found) -> String {
    let mut text = "# The configuration of ddmc. `ddmc explain ddmc.toml` describes every key.\n".to_owned();
    for row in Top::ROWS.iter().filter(|row| !row.usage().starts_with('[')) {
        comment(&mut text, row.meaning());
        match (row.name(), &found.activations) {
            ("activations", Some((activations, reason))) => {
                comment_more(&mut text, &format!("Found {reason}."));
                let _ = writeln!(text, "activations = \"{activations}\"");
            }
            ("placeholders", _) if !found.placeholders.is_empty() => {
                for (_, example) in &found.placeholders {
                    comment_more(&mut text, &format!("Found {example}."));
                }
                let patterns = found.placeholders.iter().map(|(pattern, _)| format!("'{pattern}'"));
                let _ = writeln!(text, "placeholders = [{}]", patterns.collect::<Vec<_>>().join(", "));
            }
            _ => {
                let _ = writeln!(text, "# {}", row.usage());
            }
        }
    }
    for row in Top::ROWS.iter().filter(|row| row.usage().starts_with('[')) {
        comment(&mut text, row.meaning());
        if row.name() == "files" && !found.folders.is_empty() {
            comment_more(&mut text, "Add the versions of your devices, as in \"macOS=15.4\".");
            for (at, (platform, folders)) in found.folders.iter().enumerate() {
                let gap = if at == 0 { "" } else { "\n" };
                let folders: Vec<String> = folders.iter().map(|folder| format!("\"{folder}\"")).collect();
                let _ = writeln!(text, "{gap}[[files]]\npaths = [{}]\ntargets = [\"{platform}\"]", folders.join(", "));
            }
            continue;
        }
        let _ = writeln!(text, "# {}", row.usage());
        for example in examples(row.name()) {
            let _ = writeln!(text, "# {example}");
        }
    }
    text
}

/// The keys of a table, with example values.
fn examples(table: &str) -> Vec<String> {
    fn of<S: Section>() -> Vec<String> {
        S::ROWS.iter().map(|row: &&dyn Row<S>| row.usage()).filter(|usage| !usage.starts_with('[')).collect()
    }
    match table {
        "files" => of::<Files>(),
        "ignore" => of::<Ignore>(),
        "keys" => of::<Keys>(),
        "policies" => of::<PolicyFile>(),
        "rules" => vec!["deadline-at-midnight = \"off\"".to_owned()],
        "sets" => of::<Set>(),
        _ => Vec::new(),
    }
}

/// Begins a section with a comment.
fn comment(text: &mut String, sentence: &str) {
    text.push('\n');
    let mut sentence = sentence.to_owned();
    sentence[..1].make_ascii_uppercase();
    comment_more(text, &format!("{sentence}."));
}

/// Adds a comment, which may quote names of files.
fn comment_more(text: &mut String, words: &str) {
    for line in textwrap::wrap(&visible(words), WIDTH - 2) {
        let _ = writeln!(text, "# {line}");
    }
}
