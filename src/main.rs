//! The `ddmc` command; the library implements it.

use std::process::ExitCode;

fn main() -> ExitCode {
    ddmc::cli::run(std::env::args_os())
}
