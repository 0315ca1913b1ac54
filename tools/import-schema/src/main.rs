//! Writes `src/apple/types.rs` from a checkout of Apple's `device-management` repository:
//!
//! ```text
//! cargo run -p import-schema -- FOLDER [--only FILE]…
//! ```
//!
//! FILE is a path below `declarative/declarations`, without the extension: `configurations/passcode.settings`.

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: import-schema FOLDER [--only FILE]…";
const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src/apple/types.rs");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or(USAGE)?;
    let mut only = Vec::new();
    while let Some(argument) = arguments.next() {
        if argument != "--only" {
            return Err(USAGE.to_owned());
        }
        only.push(arguments.next().ok_or(USAGE)?);
    }
    let source = ddmc::import_schema(Path::new(&folder), &only)?;
    std::fs::write(TYPES, source).map_err(|error| format!("{TYPES}: {error}"))
}
