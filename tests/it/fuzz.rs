//! Runs the fuzz targets over every document of the repository, and over those of `../shared` if it exists.

use crate::support::shared;
use std::fs;
use std::path::{Path, PathBuf};

/// The files below a folder, sorted.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

#[test]
fn fuzz_targets_accept_every_stored_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    let folders = ["fixtures", "docs/examples"].map(|folder| root.join(folder));
    for folder in folders.into_iter().chain(shared("fuzz")).chain(shared("json_suite")) {
        files(&folder, &mut all);
    }
    assert!(all.len() > 200, "{}", all.len());
    for (at, path) in all.into_iter().enumerate() {
        let bytes = fs::read(&path).expect("a file can be read");
        // Large files are catalogues, not documents.
        let is_large = bytes.len() > 1 << 16;
        for (name, body) in ddmc::fuzzing::BODIES {
            // Files that begin alike describe the same document, and `secrets.rs` tries others.
            if is_large && name != "catalogue" || name == "secrets" && !at.is_multiple_of(16) {
                continue;
            }
            let result = std::panic::catch_unwind(|| body(&bytes));
            assert!(result.is_ok(), "{name}: {}", path.display());
        }
    }
}
