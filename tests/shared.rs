//! Runs after the other test programs. Lists the tests that were skipped because a folder beside the repository is missing.

#[path = "it/support/shared.rs"]
mod shared;

use std::io::Write;
use std::process::ExitCode;

use shared::{NEEDS, root};

fn main() -> ExitCode {
    let skipped: Vec<&str> = NEEDS.iter().filter(|(_, path)| !root().join(path).is_dir()).map(|(test, _)| *test).collect();
    if skipped.is_empty() {
        return ExitCode::SUCCESS;
    }
    let (count, all, names) = (skipped.len(), NEEDS.len(), skipped.join(", "));
    let _ = writeln!(std::io::stderr(), "SKIPPED {count} of {all} tests that need ../shared: {names}");
    // ../shared itself exists, so a missing part is a mistake.
    if root().exists() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
