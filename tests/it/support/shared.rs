//! Folders outside the repository that some tests need: Apple's schema, and public documents.

#![allow(dead_code, reason = "each of the two programs that include this uses a part")]

use std::io::Write;
use std::path::{Path, PathBuf};

/// The tests that need such a folder, each with its path below `../shared`.
pub(crate) const NEEDS: &[(&str, &str)] = &[
    ("apple::tests", "apple-schema/27.2"),
    ("availability", "apple-schema/27.2"),
    ("combined", "apple-schema/27.2"),
    ("corpus", "corpus"),
    ("examples", "apple-examples"),
    ("fuzz", "corpus"),
    ("json_suite", "json-test-suite"),
    ("legacy", "corpus"),
    ("oracle", "apple-schema/27.2"),
    ("plan", "corpus"),
    ("release", "apple-schema/27.2"),
    ("reports", "sarif"),
    ("secrets", "corpus"),
];

/// Returns the folder that a test needs. If it is missing, says so on the uncaptured standard error.
pub(crate) fn shared(test: &str) -> Option<PathBuf> {
    let (_, path) = NEEDS.iter().find(|(name, _)| *name == test).expect("the test is listed in NEEDS");
    let folder = root().join(path);
    if folder.is_dir() {
        return Some(folder);
    }
    let _ = writeln!(std::io::stderr(), "SKIPPED: {test} needs ../shared/{path}");
    None
}

/// The folder that holds all of them.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")
}
