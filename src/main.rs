//! The `ddmc` command. Everything it does is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    ddmc::cli::run(std::env::args_os())
}
