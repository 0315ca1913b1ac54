//! Findings that were there before: recorded once, and not reported again.
//!
//! An entry knows the rule, the file, the declaration and the pointer, and neither lines nor words: moving a line or mending a message
//! revives nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::absolute;
use crate::diagnostic::Diagnostic;
use crate::rules::Rule;

/// The version of the format.
const FORMAT: u32 = 1;

/// What makes two findings the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    file: String,
    declaration: Declaration,
    pointer: String,
    rule: String,
}

/// A declaration of a file: by its identifier, or else by its number, which others may change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Declaration {
    Identifier(String),
    Index(usize),
}

/// Recorded findings, and how often each may still occur.
#[derive(Debug)]
pub(crate) struct Baseline {
    /// The folder of the file, absolute: paths are kept from there on.
    folder: PathBuf,
    here: PathBuf,
    left: BTreeMap<Identity, u32>,
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
    /// A baseline without entries, for a file at `path`, seen from the folder `here`.
    pub(crate) fn new(here: &Path, path: &Path) -> Self {
        let mut folder = absolute(here, path);
        folder.pop();
        Self { folder, here: here.to_owned(), left: BTreeMap::new() }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// When the text is none.
    pub(crate) fn read(here: &Path, path: &Path, text: &[u8]) -> Result<Self, String> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let read: JsonBaseline = serde_json::from_slice(text)
            .map_err(|_| "is not a baseline; `ddmc check --write-baseline FILE` writes one".to_owned())?;
        if read.format != FORMAT {
            return Err(format!("has format {}, and this version of ddmc reads format {FORMAT}", read.format));
        }
        let mut baseline = Self::new(here, path);
        for JsonEntry { rule, file, identifier, index, pointer, count } in read.findings {
            let declaration = identifier.map_or(Declaration::Index(index.unwrap_or_default()), Declaration::Identifier);
            let left = baseline.left.entry(Identity { file, declaration, pointer, rule }).or_default();
            *left = left.saturating_add(count);
        }
        Ok(baseline)
    }

    /// Records findings.
    pub(crate) fn record(&mut self, findings: &[Diagnostic]) {
        for finding in findings.iter().filter(|finding| is_kept(finding)) {
            *self.left.entry(self.identity(finding)).or_default() += 1;
        }
    }

    /// Drops the findings that are recorded, and returns how many these were.
    pub(crate) fn drop_known(&mut self, findings: &mut Vec<Diagnostic>) -> usize {
        let before = findings.len();
        findings.retain(|finding| match self.left.get_mut(&self.identity(finding)) {
            Some(left) if *left > 0 && is_kept(finding) => {
                *left -= 1;
                false
            }
            _ => true,
        });
        before - findings.len()
    }

    /// How many recorded findings are gone, of those that the run could have found: in files that it looked at, and where other
    /// declarations matter, in a run over all of them.
    pub(crate) fn stale(&self, inputs: &[PathBuf]) -> u64 {
        let inputs: Vec<PathBuf> = inputs.iter().map(|input| absolute(&self.here, input)).collect();
        let is_covered = |path: &Path| inputs.iter().any(|input| path.starts_with(input));
        let is_whole = is_covered(&self.folder);
        let could_be_found = |identity: &Identity| {
            is_whole
                || (is_covered(&absolute(&self.folder, Path::new(&identity.file)))
                    && Rule::find(&identity.rule).is_none_or(|rule| !rule.compares_declarations()))
        };
        self.left.iter().filter(|(identity, _)| could_be_found(identity)).map(|(_, left)| u64::from(*left)).sum()
    }

    /// How many findings are recorded.
    pub(crate) fn len(&self) -> u64 {
        self.left.values().map(|count| u64::from(*count)).sum()
    }

    /// The text of the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        let findings = self.left.iter().map(|(identity, count)| {
            let (identifier, index) = match &identity.declaration {
                Declaration::Identifier(identifier) => (Some(identifier.clone()), None),
                Declaration::Index(index) => (None, Some(*index)),
            };
            let Identity { file, pointer, rule, .. } = identity.clone();
            JsonEntry { rule, file, identifier, index, pointer, count: *count }
        });
        serde_json::to_writer_pretty(&mut *out, &JsonBaseline { format: FORMAT, findings: findings.collect() })?;
        writeln!(out)
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

/// A path as seen from a folder, with `/` between its steps.
fn relative(folder: &Path, path: &Path) -> String {
    let shared = folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = path.components().skip(shared).map(|step| step.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Findings in the configuration are mended there: their places are numbers of entries, which other entries change.
fn is_kept(finding: &Diagnostic) -> bool {
    !finding.rule.is_about_configuration()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WRONG: &str =
        r#"{ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a", "Payload": { "Beta": 1, "X": 2 } }"#;

    #[test]
    fn known_findings_are_dropped_wherever_they_moved_in_their_file() {
        let here = Path::new("/repo/macos");
        let mut recorded = Baseline::new(here, Path::new("../baseline.json"));
        recorded.record(&crate::check("a.json", WRONG.as_bytes()));
        let mut text = Vec::new();
        recorded.write(&mut text).expect("a vector can be written to");
        assert!(String::from_utf8_lossy(&text).contains("\"file\": \"macos/a.json\""));
        let read = || Baseline::read(Path::new("/repo"), Path::new("baseline.json"), &text).expect("it was just written");

        let mut moved = crate::check("macos/a.json", format!("[\n\n{{}},\n{WRONG}]").as_bytes());
        moved.retain(|finding| finding.place.index == 1);
        let (mut baseline, number) = (read(), moved.len());
        assert_eq!((baseline.drop_known(&mut moved), moved.len()), (number, 0));
        assert_eq!(baseline.stale(&[PathBuf::from(".")]), 0);

        let mut elsewhere = crate::check("ios/a.json", WRONG.as_bytes());
        assert_eq!(read().drop_known(&mut elsewhere), 0);
        assert_eq!(read().stale(&[PathBuf::from("macos")]), number as u64);
        assert_eq!(read().stale(&[PathBuf::from("ios")]), 0, "what was not looked at is not stale");
    }

    #[test]
    fn what_is_no_baseline_is_refused() {
        for text in ["", "[]", "{\"format\": 2, \"findings\": []}"] {
            assert!(Baseline::read(Path::new("/"), Path::new("b.json"), text.as_bytes()).is_err(), "{text}");
        }
    }
}
