//! Compares complete runs of `ddmc` with minimal baselines, and prints a table of ratios.
//!
//!     cargo bench --bench compare                         the table of docs/performance.md
//!     cargo bench --bench compare -- --files 10000        a smaller input
//!     cargo bench --bench compare -- --only lines,one     some of the groups
//!     cargo bench --bench compare -- --tenfold            also the memory for ten times the input (needs 15 GB of disk)
//!     cargo bench --bench compare -- --program OLDER      another build of the program
//!     cargo bench --bench compare -- generate FOLDER      only the documents, for other programs
//!
//! Documents are generated in a temporary folder, which is removed at the end. Runs alternate, and a ratio compares
//! two runs of the same turn, so that a busy machine slows both.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is a separate program")]

#[cfg(unix)]
#[path = "../corpus/mod.rs"]
mod corpus;

#[cfg(unix)]
mod baseline;
#[cfg(unix)]
mod fleet;
#[cfg(unix)]
mod measure;
#[cfg(unix)]
mod options;
#[cfg(unix)]
mod plan;
#[cfg(unix)]
mod table;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    match options::run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("compare: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(unix))]
fn main() {
    eprintln!("compare: only supported on Unix, which reports the resource usage of a program");
}
