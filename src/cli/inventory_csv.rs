//! `ddmc plan --inventory FILE -o csv=FILE`: one line per device.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::write::{Batch, Pending};
use crate::inventory::{Fate, Kinds};
use crate::set::Gathered;
use crate::words::visible;

/// `csv=FILE`
#[derive(Debug, Clone)]
pub(super) struct DeviceFile {
    pub(super) path: PathBuf,
}

impl FromStr for DeviceFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("csv=") {
            Some("" | "-") | None => Err("write csv=FILE; the report itself goes to standard output".to_owned()),
            Some(path) => Ok(Self { path: PathBuf::from(path) }),
        }
    }
}

/// The first line of the file.
const HEADER: &str = "line,id,result,version,build,enforced_at,identifier,later,cannot,reason\n";

/// The file with a line per device. Lines are written as the devices are read.
pub(super) struct Lines {
    file: Pending,
    /// What the lines of devices with an outcome have after the identifier.
    outcomes: Vec<Option<Box<str>>>,
}

impl Lines {
    pub(super) fn open(path: &Path, batch: &mut Batch) -> io::Result<Self> {
        let mut file = batch.open(path)?;
        file.write_all(HEADER.as_bytes())?;
        Ok(Self { file, outcomes: Vec::new() })
    }

    /// Writes the line of a device.
    pub(super) fn write(&mut self, kinds: &Kinds, set: &Gathered, line: u64, id: &[u8], fate: Fate) -> io::Result<()> {
        let id = String::from_utf8_lossy(id);
        write!(self.file, "{line},{},", cell(&id))?;
        match fate {
            Fate::Planned(outcome) => {
                if self.outcomes.len() <= outcome {
                    self.outcomes.resize(outcome + 1, None);
                }
                let cells = self.outcomes[outcome].get_or_insert_with(|| planned(kinds, set, outcome).into());
                self.file.write_all(cells.as_bytes())
            }
            Fate::Unplanned(fault) => {
                writeln!(self.file, "unplanned,,,,,,,{}", cell(&kinds.faults.all[fault].to_string()))
            }
        }
    }

    /// Moves the file into place.
    pub(super) fn finish(self) -> io::Result<()> {
        self.file.stage()?.commit()
    }
}

/// The cells of devices with an outcome.
fn planned(kinds: &Kinds, set: &Gathered, outcome: usize) -> String {
    let outcome = &kinds.outcomes[outcome];
    let name = |who: usize| set.members[who].name().to_owned();
    let build = |build: Option<&crate::apple::BuildVersion>| build.map(ToString::to_string).unwrap_or_default();
    let steps: Vec<_> = outcome.steps.iter().map(|step| &kinds.steps.all[*step]).collect();
    let later: Vec<String> =
        steps.iter().skip(1).map(|step| format!("{} at {} ({})", step.version, step.enforced_at, name(step.who))).collect();
    let cannot: Vec<String> = outcome
        .misses
        .iter()
        .map(|miss| &kinds.misses.all[*miss])
        .map(|miss| format!("{}: {}", name(miss.who), miss.reason))
        .collect();
    let reason = outcome.idle.map_or(String::new(), |idle| kinds.idle.all[idle].reason.clone());
    let first = match steps.first() {
        Some(step) => [
            "update".to_owned(),
            step.version.to_string(),
            build(step.build.as_ref()),
            step.enforced_at.to_string(),
            name(step.who),
        ],
        None => ["nothing".to_owned(), String::new(), String::new(), String::new(), String::new()],
    };
    let cells = first.into_iter().chain([later.join("; "), cannot.join("; "), reason]);
    cells.map(|text| cell(&text).into_owned()).collect::<Vec<_>>().join(",") + "\n"
}

/// A cell. Spreadsheets run what begins like a formula, so an apostrophe stands before it. Control characters are escaped,
/// so that each device has one line.
fn cell(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" -_.:()/".contains(&byte);
    if !is_formula && text.bytes().all(is_plain) && !crate::words::has_command(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let apostrophe = if is_formula { "'" } else { "" };
    Cow::Owned(format!("\"{apostrophe}{}\"", visible(text).replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_neither_formulas_nor_several_lines() {
        for (text, written) in [
            ("C02XL0GAJGH5", "C02XL0GAJGH5"),
            ("a,b", "\"a,b\""),
            ("a \"b\"", "\"a \"\"b\"\"\""),
            ("=1+1", "\"'=1+1\""),
            ("-1", "\"'-1\""),
            ("+1", "\"'+1\""),
            ("@x", "\"'@x\""),
            ("\t=x", "\"'\\u{9}=x\""),
            ("a\nb", "\"a\\u{a}b\""),
            ("::error::x", "\"\\u{3a}:error\\u{3a}:x\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), written, "{text:?}");
        }
    }
}
