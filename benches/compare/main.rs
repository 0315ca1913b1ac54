//! Compares whole runs of `ddmc` with the least that other programs must do, and prints a table of ratios.
//!
//!     cargo bench --bench compare                         the table of docs/performance.md
//!     cargo bench --bench compare -- --files 10000        smaller
//!     cargo bench --bench compare -- --only lines,one     some of it
//!     cargo bench --bench compare -- --tenfold            the memory that ten times the input takes (needs 15 GB of disk)
//!     cargo bench --bench compare -- --program OLDER      the same of another build of the program
//!     cargo bench --bench compare -- generate FOLDER      the documents, for other programs
//!
//! Documents are made in a temporary folder, which goes in the end. What is compared runs in turns, and a ratio is one of two runs of
//! the same turn, so that a machine that is busy for a while slows both.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is a program of its own")]

#[cfg(unix)]
#[path = "../corpus/mod.rs"]
mod corpus;

#[cfg(unix)]
mod baseline;
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
    eprintln!("compare: what a program took is asked of a Unix system only");
}
