//! Findings in the fixtures: documents in `fixtures/ok` have none, those in `fixtures/err` have a file with theirs.
//!
//! `DDMC_BLESS=1` rewrites the expected findings. Review the changes before committing them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ddmc::{Diagnostic, check};

/// The extensions of documents.
const DOCUMENTS: [&str; 7] = ["json", "ndjson", "jsonl", "plist", "mobileconfig", "yaml", "yml"];

fn files(folder: &str, is_wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let entries = fs::read_dir(&folder).expect("the fixtures are part of the repository");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| path.extension().and_then(|extension| extension.to_str()).is_some_and(&is_wanted))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{}", folder.display());
    files
}

fn findings(path: &Path) -> Vec<Diagnostic> {
    let name = path.file_name().and_then(|name| name.to_str()).expect("fixtures have plain names");
    check(name, &fs::read(path).expect("the fixture can be read"))
}

/// Formats a finding for a file of expected findings.
fn written(finding: &Diagnostic) -> String {
    let place = &finding.place;
    let mut text = format!(
        "{}:{}-{}:{} {}[{}] {}#{}\n    {}\n",
        place.start.line,
        place.start.column,
        place.end.line,
        place.end.column,
        finding.severity,
        finding.rule.id,
        place.index,
        place.pointer.escape_debug(),
        finding.message
    );
    for related in &finding.related {
        let place = &related.place;
        writeln!(
            text,
            "    at {}:{} {}#{}: {}",
            place.start.line, place.start.column, place.index, place.pointer, related.message
        )
        .expect("writing to a string cannot fail");
    }
    if let Some(help) = &finding.help {
        writeln!(text, "    help: {help}").expect("writing to a string cannot fail");
    }
    text
}

#[test]
fn valid_documents_have_no_findings() {
    for path in files("ok", |extension| DOCUMENTS.contains(&extension)) {
        let found: String = findings(&path).iter().map(written).collect();
        assert!(found.is_empty(), "{}:\n{found}", path.display());
    }
}

#[test]
fn invalid_documents_have_exactly_the_expected_findings() {
    let blesses = std::env::var_os("DDMC_BLESS").is_some();
    for path in files("err", |extension| DOCUMENTS.contains(&extension)) {
        let findings = findings(&path);
        assert!(findings.iter().all(|finding| finding.help.is_some()), "{}: a finding has no help", path.display());
        let found: String = findings.iter().map(written).collect();
        assert!(!found.is_empty(), "{} has no findings", path.display());
        let expectation = path.with_extension("findings");
        if blesses {
            fs::write(&expectation, &found).expect("the expectation can be written");
        }
        let expected = fs::read_to_string(&expectation).unwrap_or_default();
        assert_eq!(found, expected, "{}; DDMC_BLESS=1 accepts what is found", path.display());
    }
}

#[test]
fn every_expected_file_has_a_document() {
    for path in files("err", |extension| extension == "findings") {
        let has_document = DOCUMENTS.iter().any(|extension| path.with_extension(extension).exists());
        assert!(has_document, "{}", path.display());
    }
}
