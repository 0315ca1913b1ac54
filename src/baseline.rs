//! A baseline: findings that are recorded once and not reported again.
//!
//! An entry holds the rule, the file, the declaration and the pointer, but not the line or the message, so that moving
//! a line or rewording a message does not report a recorded finding again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::absolute;
use crate::diagnostic::{Diagnostic, Suppressed};
use crate::rules::Rule;
use crate::words::visible_json;

/// The version of the format.
const FORMAT: u32 = 1;

/// Two findings with equal identities are the same finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    file: String,
    declaration: Declaration,
    pointer: String,
    rule: String,
}

/// A declaration in a file, by its identifier, else by its index, which changes when others are added or removed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Declaration {
    Identifier(String),
    Index(usize),
}

/// How often a finding is recorded, and how often it was found.
#[derive(Debug, Default)]
struct Entry {
    recorded: u32,
    found: u32,
}

/// Recorded findings.
#[derive(Debug)]
pub(crate) struct Baseline {
    /// The folder of the baseline file, absolute; recorded paths are relative to it.
    folder: PathBuf,
    here: PathBuf,
    entries: BTreeMap<Identity, Entry>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct JsonBaseline {
    format: u32,
    findings: Vec<JsonEntry>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct JsonEntry {
    rule: String,
    file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<usize>,
    pointer: String,
    count: u32,
}

impl Baseline {
    /// An empty baseline for the file at `path`, relative to the folder `here`.
    pub(crate) fn new(here: &Path, path: &Path) -> Self {
        let mut folder = absolute(here, path);
        folder.pop();
        Self { folder, here: here.to_owned(), entries: BTreeMap::new() }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// If the text is not a baseline in this format.
    pub(crate) fn read(here: &Path, path: &Path, text: &[u8]) -> Result<Self, String> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let read: JsonBaseline = serde_json::from_slice(text)
            .map_err(|_| "is not a baseline; `ddmc check --write-baseline FILE` writes one".to_owned())?;
        if read.format != FORMAT {
            return Err(format!("has format {}, but this version of ddmc reads format {FORMAT}", read.format));
        }
        let mut baseline = Self::new(here, path);
        for JsonEntry { rule, file, identifier, index, pointer, count } in read.findings {
            let declaration = identifier.map_or(Declaration::Index(index.unwrap_or_default()), Declaration::Identifier);
            let entry = baseline.entries.entry(Identity { file, declaration, pointer, rule }).or_default();
            entry.recorded = entry.recorded.saturating_add(count);
        }
        Ok(baseline)
    }

    /// Records findings.
    pub(crate) fn record(&mut self, findings: &[Diagnostic]) {
        for finding in findings.iter().filter(|finding| is_recordable(finding)) {
            self.entries.entry(self.identity(finding)).or_default().recorded += 1;
        }
    }

    /// Drops the recorded findings, and returns them.
    pub(crate) fn drop_known(&mut self, findings: &mut Vec<Diagnostic>) -> Vec<Suppressed<'static>> {
        let mut is_known = |finding: &Diagnostic| match self.entries.get_mut(&self.identity(finding)) {
            Some(entry) if entry.found < entry.recorded && is_recordable(finding) => {
                entry.found += 1;
                true
            }
            _ => false,
        };
        let (known, new): (Vec<_>, Vec<_>) = std::mem::take(findings).into_iter().partition(&mut is_known);
        *findings = new;
        known.into_iter().map(|finding| Suppressed { finding, reason: "recorded in the baseline" }).collect()
    }

    /// Removes the entries of findings that are gone, as far as the run with these inputs could have found them.
    pub(crate) fn prune(&mut self, inputs: &[PathBuf]) {
        let could_be_found = self.could_be_found(inputs);
        for (identity, entry) in &mut self.entries {
            if could_be_found(identity) {
                entry.recorded = entry.found;
            }
        }
        self.entries.retain(|_, entry| entry.recorded > 0);
    }

    /// How many recorded findings are gone, as far as the run with these inputs could have found them.
    pub(crate) fn stale(&self, inputs: &[PathBuf]) -> u64 {
        let could_be_found = self.could_be_found(inputs);
        let gone = self.entries.iter().filter(|(identity, _)| could_be_found(identity));
        gone.map(|(_, entry)| u64::from(entry.recorded - entry.found)).sum()
    }

    /// Tells which findings a run can find: those in its inputs, and those of rules that compare declarations only if the
    /// inputs cover the whole folder of the baseline.
    fn could_be_found(&self, inputs: &[PathBuf]) -> impl Fn(&Identity) -> bool + use<> {
        let folder = self.folder.clone();
        let inputs: Vec<PathBuf> = inputs.iter().map(|input| absolute(&self.here, input)).collect();
        let is_covered = move |path: &Path| inputs.iter().any(|input| path.starts_with(input));
        let covers_all = is_covered(&folder);
        move |identity| {
            covers_all
                || (is_covered(&absolute(&folder, Path::new(&identity.file)))
                    && Rule::find(&identity.rule).is_none_or(|rule| !rule.compares_declarations()))
        }
    }

    /// The number of recorded findings.
    pub(crate) fn len(&self) -> u64 {
        self.entries.values().map(|entry| u64::from(entry.recorded)).sum()
    }

    /// Writes the baseline as JSON.
    ///
    /// # Errors
    /// If writing fails.
    pub(crate) fn write(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let findings = self.entries.iter().map(|(identity, entry)| {
            let (identifier, index) = match &identity.declaration {
                Declaration::Identifier(identifier) => (Some(identifier.clone()), None),
                Declaration::Index(index) => (None, Some(*index)),
            };
            let Identity { file, pointer, rule, .. } = identity.clone();
            JsonEntry { rule, file, identifier, index, pointer, count: entry.recorded }
        });
        let json = serde_json::to_string_pretty(&JsonBaseline { format: FORMAT, findings: findings.collect() })?;
        writeln!(out, "{}", visible_json(&json))
    }

    fn identity(&self, finding: &Diagnostic) -> Identity {
        let place = &finding.place;
        let path = absolute(&self.here, Path::new(&*place.file));
        Identity {
            file: relative(&self.folder, &path),
            declaration: match &finding.identifier {
                Some(identifier) => Declaration::Identifier(identifier.to_string()),
                None => Declaration::Index(place.index),
            },
            pointer: place.pointer.clone(),
            rule: finding.rule.id.to_string(),
        }
    }
}

/// A path relative to a folder, with `/` as the separator.
fn relative(folder: &Path, path: &Path) -> String {
    let shared = folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|step| step.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Whether a finding can be recorded. Findings in the configuration cannot: their pointers are indices of entries,
/// which are not stable.
fn is_recordable(finding: &Diagnostic) -> bool {
    !finding.rule.is_about_configuration()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: &str =
        r#"{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a", "Payload": { "Beta": 1, "X": 2 } }"#;

    #[test]
    fn recorded_findings_are_dropped_even_if_they_moved_in_their_file() {
        let here = Path::new("/repo/macos");
        let mut recorded = Baseline::new(here, Path::new("../baseline.json"));
        recorded.record(&crate::check("a.json", WRONG.as_bytes()));
        let mut text = Vec::new();
        recorded.write(&mut text).expect("writing to a vector cannot fail");
        assert!(String::from_utf8_lossy(&text).contains("\"file\": \"macos/a.json\""));
        let read =
            || Baseline::read(Path::new("/repo"), Path::new("baseline.json"), &text).expect("the baseline was just written");

        let mut moved = crate::check("macos/a.json", format!("[\n\n{{}},\n{WRONG}]").as_bytes());
        moved.retain(|finding| finding.place.index == 1);
        let (mut baseline, number) = (read(), moved.len());
        assert_eq!((baseline.drop_known(&mut moved).len(), moved.len()), (number, 0));
        assert_eq!(baseline.stale(&[PathBuf::from(".")]), 0);

        let mut elsewhere = crate::check("ios/a.json", WRONG.as_bytes());
        assert!(read().drop_known(&mut elsewhere).is_empty());
        assert_eq!(read().stale(&[PathBuf::from("macos")]), number as u64);
        assert_eq!(read().stale(&[PathBuf::from("ios")]), 0, "findings outside the inputs are not stale");
    }

    #[test]
    fn rejects_text_that_is_not_a_baseline() {
        for text in ["", "[]", "{\"format\": 2, \"findings\": []}"] {
            assert!(Baseline::read(Path::new("/"), Path::new("b.json"), text.as_bytes()).is_err(), "{text}");
        }
    }
}
