//! Requests in JSON and their answers in JSON, for programs that call the library without Rust: the package in
//! `packaging/wasm`, whose `index.d.ts` describes both.
//!
//! An answer has the form that the command prints with `--format json`, if there is one. It is always an object; one with
//! `error` says why there is no other answer.

use std::collections::HashSet;
use std::fmt::Display;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::apple::Schema;
use crate::catalog::Catalog;
use crate::check::Checker;
use crate::declarations::{Declarations, Refused};
use crate::docs::{self, Page};
use crate::merge::{Envelope, Options};
use crate::report::{About, Json, JsonFinding, Report, Summary, Texts, provenance, write_json};
use crate::set::Activations;
use crate::words::visible;

/// The version of the forms that the command does not have.
const FORMAT: u32 = 1;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Request {
    Check(Check),
    Fix(Fix),
    Merge(Merge),
    Explain(Explain),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    files: Vec<File>,
    /// Whether the files are one set, active together on a device.
    #[serde(default)]
    set: bool,
    #[serde(default)]
    activations: ActivatedBy,
    #[serde(default)]
    targets: Vec<String>,
    as_of: Option<String>,
    /// The text of Apple's GDMF answer or of a SOFA feed.
    catalog: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fix {
    files: Vec<File>,
    /// Whether to apply also fixes that change a value, or drop a key or a comment.
    #[serde(default)]
    r#unsafe: bool,
    #[serde(default)]
    targets: Vec<String>,
    as_of: Option<String>,
    catalog: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    files: Vec<File>,
    identifier: Option<String>,
    #[serde(default)]
    server_token: bool,
    #[serde(default)]
    activations: ActivatedBy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explain {
    /// A name, or words of it; empty for the list of everything.
    #[serde(default)]
    name: String,
}

/// A named text, or the bytes of one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    text: Option<String>,
    base64: Option<String>,
}

#[derive(Default, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ActivatedBy {
    #[default]
    Declared,
    Server,
}

impl From<ActivatedBy> for Activations {
    fn from(by: ActivatedBy) -> Self {
        match by {
            ActivatedBy::Declared => Self::Declared,
            ActivatedBy::Server => Self::Server,
        }
    }
}

#[derive(Serialize)]
struct Fixed<'f> {
    format: u32,
    files: Vec<FixedFile<'f>>,
}

#[derive(Serialize)]
struct FixedFile<'f> {
    name: &'f str,
    /// `None` if there is nothing to fix, or the fixed bytes are not a text.
    text: Option<String>,
    base64: Option<String>,
    /// The number of fixed findings.
    fixed: usize,
    /// Whether another request may fix more.
    has_more: bool,
}

/// `merged` and `format` as `ddmc merge --explain` prints them, and the set as `ddmc merge` prints it.
#[derive(Serialize)]
struct Merged<'m> {
    #[serde(flatten)]
    report: provenance::Report<'m>,
    findings: Vec<JsonFinding<'m>>,
    /// `None` because of the findings.
    text: Option<String>,
}

#[derive(Serialize)]
struct Explained {
    format: u32,
    #[serde(flatten)]
    page: Page,
}

#[derive(Serialize)]
struct Failed<'e> {
    format: u32,
    error: &'e str,
}

/// Answers a request.
pub fn answer(request: &[u8]) -> Vec<u8> {
    let answer =
        serde_json::from_slice(request).map_err(|error| format!("the request cannot be read: {}", visible(&error.to_string())));
    answer.and_then(Request::answer).unwrap_or_else(|error| json(&Failed { format: FORMAT, error: &error }))
}

impl Request {
    fn answer(self) -> Result<Vec<u8>, String> {
        match self {
            Self::Check(request) => request.answer(),
            Self::Fix(request) => request.answer(),
            Self::Merge(request) => request.answer(),
            Self::Explain(request) => request.answer(),
        }
    }
}

impl Check {
    fn answer(self) -> Result<Vec<u8>, String> {
        let mut checker =
            checker(&self.targets, self.as_of.as_deref(), self.catalog.as_deref())?.activated_by(self.activations.into());
        if self.set {
            checker = checker.as_set();
        }
        let files = read(&self.files)?;
        let mut summary = Summary { files: files.len(), ..Summary::default() };
        let texts: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, &**text)).collect();
        let findings = checker.run(&texts, |linted| summary.count_linted(linted, Schema::built_in()));
        summary.count(&findings);
        let mut out = Vec::new();
        let mut report = Json::new(&About::default());
        let written = report.findings(&findings, Texts::only(None), &mut out).and_then(|()| report.finish(&summary, &mut out));
        written.map_err(|error| error.to_string())?;
        Ok(out)
    }
}

impl Fix {
    fn answer(self) -> Result<Vec<u8>, String> {
        let checker = checker(&self.targets, self.as_of.as_deref(), self.catalog.as_deref())?;
        let files = read(&self.files)?.into_iter().map(|(name, text)| {
            let none = FixedFile { name, text: None, base64: None, fixed: 0, has_more: false };
            let Some(fixed) = checker.fixed(name, &text, self.r#unsafe) else { return none };
            let (text, base64) = match String::from_utf8(fixed.text) {
                Ok(text) => (Some(text), None),
                Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
            };
            FixedFile { text, base64, fixed: fixed.count + fixed.uncovered, has_more: fixed.has_more, ..none }
        });
        Ok(json(&Fixed { format: FORMAT, files: files.collect() }))
    }
}

impl Merge {
    fn answer(self) -> Result<Vec<u8>, String> {
        let identifier = self.identifier.as_deref().map(|text| parsed("identifier", text)).transpose()?;
        let envelope = if self.server_token { Envelope::Tokens } else { Envelope::Source };
        let options = Options { identifier, envelope, ..Options::default() };
        let mut declarations = Declarations::new().activated_by(self.activations.into());
        for (name, text) in read(&self.files)? {
            declarations.read(name, &text);
        }
        match declarations.merge(&options) {
            Ok(merged) => {
                let mut text = Vec::new();
                merged.write(&mut text).map_err(|error| error.to_string())?;
                let text = String::from_utf8(text).map_err(|error| error.to_string())?;
                let report = provenance::Report::new(&merged, declarations.gathered());
                Ok(json(&Merged { report, findings: Vec::new(), text: Some(text) }))
            }
            Err(Refused::Findings(findings)) => {
                let findings = findings.iter().map(JsonFinding::from).collect();
                Ok(json(&Merged { report: provenance::Report::default(), findings, text: None }))
            }
            Err(refused) => Err(refused.to_string()),
        }
    }
}

impl Explain {
    fn answer(self) -> Result<Vec<u8>, String> {
        let (apple, name) = (Schema::built_in(), self.name.trim());
        let page = if name.is_empty() { Ok(docs::index(apple)) } else { docs::find(apple, name) };
        let page = page.map_err(|near| docs::not_found(name, near))?;
        Ok(json(&Explained { format: FORMAT, page }))
    }
}

fn checker(targets: &[String], as_of: Option<&str>, catalog: Option<&str>) -> Result<Checker, String> {
    let mut checker = Checker::new();
    for target in targets {
        checker = checker.target(parsed("targets", target)?);
    }
    if let Some(time) = as_of {
        checker = checker.as_of(parsed("as_of", time)?);
    }
    if let Some(catalog) = catalog {
        checker = checker.catalog(Catalog::read(catalog.as_bytes()).map_err(|error| format!("catalog: {error}"))?);
    }
    Ok(checker)
}

fn parsed<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, String> {
    text.parse().map_err(|error| format!("{field}: {error}"))
}

/// The names and contents of files. Reports name a file by its name, so each needs another one.
fn read(files: &[File]) -> Result<Vec<(&str, Vec<u8>)>, String> {
    let mut names = HashSet::new();
    let mut read = Vec::with_capacity(files.len());
    for File { name, text, base64 } in files {
        if !names.insert(name) {
            return Err(format!("two files have the name {}", visible(name)));
        }
        let bytes = match (text, base64) {
            (Some(text), None) => text.clone().into_bytes(),
            (None, Some(base64)) => STANDARD.decode(base64).map_err(|error| format!("{}: base64: {error}", visible(name)))?,
            _ => return Err(format!("{}: write either text or base64", visible(name))),
        };
        read.push((&**name, bytes));
    }
    Ok(read)
}

fn json(answer: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = write_json(answer, &mut out);
    out
}
