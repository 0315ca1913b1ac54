//! Writes `src/apple/types.rs` from a checkout of Apple's `device-management` repository:
//!
//! ```text
//! cargo run -p import-schema -- FOLDER
//! ```

use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "usage: import-schema FOLDER";
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
    if arguments.next().is_some() {
        return Err(USAGE.to_owned());
    }
    let source = ddmc::import_schema(Path::new(&folder))?;
    std::fs::write(TYPES, source).map_err(|error| format!("{TYPES}: {error}"))
}
