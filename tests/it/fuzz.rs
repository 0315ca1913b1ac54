//! The bodies of the fuzz targets over every document of the repository, and over those of `shared`, where they are at hand.

use std::fs;
use std::path::{Path, PathBuf};

/// The files below a folder, in order.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

#[test]
fn what_holds_for_any_bytes_holds_for_the_stored_ones() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for folder in ["fixtures", "docs/examples", "../shared/corpus", "../shared/json-test-suite"] {
        files(&root.join(folder), &mut all);
    }
    assert!(all.len() > 200, "{}", all.len());
    for path in all {
        let bytes = fs::read(&path).expect("a file can be read");
        // Catalogues are large, and are no documents.
        let is_large = bytes.len() > 1 << 16;
        for (name, body) in ddmc::fuzzing::BODIES {
            if is_large && name != "catalogue" {
                continue;
            }
            let result = std::panic::catch_unwind(|| body(&bytes));
            assert!(result.is_ok(), "{name}: {}", path.display());
        }
    }
}
