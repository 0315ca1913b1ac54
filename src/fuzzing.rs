//! The fuzz targets: one function for each thing that the program does with untrusted text.
//!
//! Each checks properties that hold for every input. A fuzzer (`fuzz/`) runs them, and so does a test over the stored
//! documents (`tests/it/fuzz.rs`). They are not part of the public API.

mod delivery;
mod planted;

use std::path::PathBuf;
use std::sync::Arc;

use crate::apple::{Device, Schema, Type};
use crate::catalog::Catalog;
use crate::check::{check, fix};
use crate::conditions::Conditions;
use crate::config;
use crate::declarations::{Declarations, Refused};
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::merge;
use crate::migrate::{Migration, Options};
use crate::policy;
use crate::predicate::{Facts, Predicate};
use crate::report::{About, Concise, Github, Gitlab, Html, Human, Json, Junit, Markdown, Report, Sarif, Source, Summary, Texts};
use crate::syntax::{self, Grammar, Node, yaml};
use crate::validate::Strictness;
use crate::words::is_unsafe;

pub use delivery::{comparing, inventories, publishing};
pub use planted::Planted;

/// A fuzz target: must not panic for any input.
pub type Body = fn(&[u8]);

/// All fuzz targets by name.
pub static BODIES: [(&str, Body); 13] = [
    ("reading", reading),
    ("checking", checking),
    ("merging", merging),
    ("migrating", migrating),
    ("fixing", fixing),
    ("configuration", configuration),
    ("catalogue", catalogue),
    ("secrets", secrets),
    ("predicates", predicates),
    ("reports", reports),
    ("publishing", publishing),
    ("comparing", comparing),
    ("inventories", inventories),
];

/// Each declaration type with the paths of its keys, for a generator of documents.
pub fn types() -> Vec<(&'static str, Vec<Vec<&'static str>>)> {
    let schema = Schema::built_in();
    let paths = |kind: &'static Type| {
        let mut paths = Vec::new();
        schema.walk(kind.keys, &mut |path, _, _| paths.push(path.to_vec()));
        (&*kind.name, paths)
    };
    schema.declarations().map(|(_, kind)| paths(kind)).filter(|(_, paths)| !paths.is_empty()).collect()
}

/// Parsing any text gives nodes and findings whose spans are in the text.
pub fn reading(bytes: &[u8]) {
    fn walk(node: Node<'_>, end: usize, depth: usize) {
        let span = node.span();
        assert!(span.start <= span.end && span.end <= end && depth <= 200);
        for (key, value) in node.members() {
            assert!(key.as_str().is_some());
            walk(value, end, depth + 1);
        }
        node.elements().for_each(|element| walk(element, end, depth + 1));
    }
    for grammar in [Grammar::Detected, Grammar::Yaml] {
        let mut buffers = syntax::Buffers::default();
        let parsed = syntax::parse_as(grammar, bytes, &mut buffers);
        assert!(parsed.document.is_some() || parsed.mistakes().next().is_some());
        for mistake in parsed.mistakes() {
            let span = &mistake.place;
            assert!(span.start <= span.end && span.end <= bytes.len() && !mistake.message.is_empty());
        }
        if let Some(document) = parsed.document {
            walk(document.root(), bytes.len(), 0);
        }
    }
    let mut end = 0;
    for span in yaml::Documents::new(bytes) {
        assert!(end <= span.start && span.start <= span.end && span.end <= bytes.len());
        end = span.end;
    }
}

/// Checking any text is deterministic, findings have places in it, and no report contains terminal control characters.
pub fn checking(bytes: &[u8]) {
    for name in ["a.json", "a.ndjson", "a.yaml"] {
        let findings = check(name, bytes);
        let again = check(name, bytes);
        assert_eq!(format!("{findings:?}"), format!("{again:?}"));
        for finding in &findings {
            assert!(finding.place.start <= finding.place.end && finding.place.end.offset <= bytes.len());
            assert!(!finding.message.is_empty() && !finding.message.chars().any(is_unsafe), "{:?}", finding.message);
            assert!(!finding.help.iter().any(|help| help.chars().any(is_unsafe)), "{:?}", finding.help);
        }
        report(&findings, bytes);
    }
}

fn report(findings: &[Diagnostic], bytes: &[u8]) {
    let about = About::default();
    let reports: Vec<Box<dyn Report>> = vec![
        Box::new(Human::new(false, 80).with_overview(&about)),
        Box::new(Concise),
        Box::new(Json::new(&about)),
        Box::new(Github),
        Box::new(Gitlab::default()),
        Box::new(Junit::new(&about)),
        Box::new(Sarif::new(&about)),
        Box::new(Markdown::default()),
        Box::new(Html::new(&about)),
    ];
    for mut report in reports {
        let mut out = Vec::new();
        let source = Source { bytes, origin: Position::START };
        report.findings(findings, Texts::only(Some(source)), &mut out).expect("memory can be written to");
        report.finish(&Summary::default(), &mut out).expect("memory can be written to");
        let text = String::from_utf8(out).expect("reports are UTF-8");
        let is_control = |c: char| is_unsafe(c) && !['\n', '\t'].contains(&c);
        assert!(!text.chars().any(is_control), "{text:?}");
    }
}

/// Merging two texts without errors gives declarations without errors, and merging those again changes nothing.
pub fn merging(bytes: &[u8]) {
    let mut declarations = Declarations::new();
    for (name, text) in ["a.json", "b.json"].into_iter().zip(bytes.split(|byte| *byte == 0)) {
        declarations.read(name, text);
    }
    let merged = match declarations.merge(&merge::Options::default()) {
        Ok(merged) => merged,
        Err(Refused::Findings(findings)) => return assert!(!findings.is_empty()),
        Err(Refused::Identifier(_) | Refused::Changed(_)) => return,
    };
    let mut again = Declarations::new();
    for (at, declaration) in merged.declarations.iter().enumerate() {
        again.read(&format!("{at}.json"), declaration.text.as_bytes());
    }
    let texts = |merged: &merge::Merged| merged.declarations.iter().map(|one| one.text.clone()).collect::<Vec<_>>();
    let again = again.merge(&merge::Options::default()).expect("merged declarations have no errors");
    assert_eq!(texts(&merged), texts(&again));
}

/// Migrating a command or a profile gives declarations without errors, and entries that describe the migration.
pub fn migrating(bytes: &[u8]) {
    let deadline = "2099-12-01T12:00:00".parse().ok();
    let options = Options { deadline, ..Options::default() };
    let conditions = Conditions::default();
    let mut migration = Migration::new(&conditions.schema, &options);
    migration.read(&Arc::from("a.plist"), bytes, &conditions);
    let migrated = migration.finish();
    for declaration in &migrated.declarations {
        let findings = check("a.json", declaration.text.as_bytes());
        let is_error = |finding: &&Diagnostic| finding.severity == Severity::Error;
        assert!(findings.iter().find(is_error).is_none(), "{}: {findings:?}", declaration.text);
    }
    assert!(migrated.declarations.is_empty() || !migrated.entries.is_empty());
}

/// Fixing changes the text and adds no errors.
pub fn fixing(bytes: &[u8]) {
    let errors = |bytes: &[u8]| {
        let findings = lint::alone(&Arc::from("a.json"), Strictness::Named, bytes, &Conditions::default());
        findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    };
    for takes_unsafe in [false, true] {
        if let Some(fixed) = fix("a.json", bytes, takes_unsafe) {
            assert!(errors(&fixed) <= errors(bytes), "{}", String::from_utf8_lossy(&fixed));
            assert_ne!(fixed, bytes);
        }
    }
}

/// Any text is read as a configuration and as a policy, or is rejected with findings at places in it.
pub fn configuration(bytes: &[u8]) {
    let file = Arc::from("ddmc.toml");
    let errors =
        [config::read(&file, PathBuf::from("."), bytes).err(), policy::read(&Conditions::default().schema, &file, bytes).err()];
    for findings in errors.into_iter().flatten() {
        assert!(!findings.is_empty());
        for finding in findings {
            assert!(finding.place.start <= finding.place.end && finding.place.end.offset <= bytes.len().max(1), "{finding:?}");
            assert!(!finding.message.chars().any(is_unsafe), "{finding:?}");
        }
    }
}

/// Any text is read as a catalogue or rejected with a reason.
pub fn catalogue(bytes: &[u8]) {
    if let Err(reason) = Catalog::read(bytes) {
        assert!(!reason.is_empty() && !reason.chars().any(is_unsafe), "{reason:?}");
    }
}

/// No output shows the secret of a damaged document, which the bytes describe.
pub fn secrets(bytes: &[u8]) {
    let planted = Planted::new(bytes);
    let text = || String::from_utf8_lossy(&planted.text).into_owned();
    for (what, output) in outputs(planted.name, &planted.text) {
        assert_eq!(planted.leak(&output), None, "{what} of {}\n{}\n{output}", planted.name, text());
    }
}

/// Returns everything that the commands print about a text, by what prints it, except written declarations.
pub fn outputs(name: &str, bytes: &[u8]) -> Vec<(&'static str, String)> {
    crate::cli::outputs::outputs(name, bytes)
}

/// Any text is a predicate or has a mistake in it. A printed predicate parses to the same predicate, and evaluating one ends.
pub fn predicates(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let predicate = match Predicate::parse(&text, &|_| false) {
        Ok(predicate) => predicate,
        Err(mistake) => {
            assert!(text.get(mistake.span).is_some() && !mistake.help.is_empty(), "{text}");
            return assert!(!mistake.message.chars().any(is_unsafe), "{text}: {}", mistake.message);
        }
    };
    predicate.visit(&mut |part, _| {
        if let crate::predicate::Part::Expression(expression) = part {
            assert!(text.get(expression.span.clone()).is_some_and(|part| !part.is_empty()), "{text}");
        }
    });
    let printed = predicate.to_string();
    // Escapes and parentheses may make the text too long or too deep.
    if let Ok(again) = Predicate::parse(&printed, &|_| false) {
        assert_eq!(without_spans(&predicate), without_spans(&again), "{text}: {printed}");
    } else {
        assert!(printed.len() > text.len(), "{text}: {printed}");
    }
    for device in ["macOS=26.1", "iPadOS=18.0", "visionOS=2.4"] {
        let device: Device = device.parse().expect("this is a device");
        let constant = predicate.constant();
        let holds = predicate.holds(&Facts::of(&device.target));
        assert!(constant.is_none() || holds == constant, "{text}");
    }
}

/// A predicate without the places of its parts.
fn without_spans(predicate: &Predicate) -> String {
    let spans = regex::Regex::new(r"span: [0-9]+\.\.[0-9]+").expect("a constant pattern is right");
    spans.replace_all(&format!("{predicate:?}"), "").into_owned()
}

/// Whether a predicate holds on a device, in the format of `--device`, with these properties; `None` if that is unknown.
///
/// # Errors
/// The mistake in the predicate.
pub fn holds(predicate: &str, device: &str, properties: &[(&str, serde_json::Value)]) -> Result<Option<bool>, String> {
    let device: Device = device.parse().map_err(|error| format!("{error:?}"))?;
    let properties = properties.iter().map(|(name, value)| ((*name).to_owned(), crate::predicate::Value::of_json(value)));
    let given = crate::predicate::Given { properties: properties.collect(), ..Default::default() };
    let predicate = Predicate::parse(predicate, &|_| false).map_err(|mistake| mistake.message)?;
    Ok(predicate.holds(&Facts::of(&device.target).with(&given)))
}

/// Explaining any text as a status report prints only safe characters.
pub fn reports(bytes: &[u8]) {
    for text in crate::cli::outputs::explained(bytes) {
        assert!(!text.chars().any(|character| character != '\n' && is_unsafe(character)));
    }
}
