//! The `ddmc` command; the library implements it.

use std::process::ExitCode;

// Results are made on one thread and freed on another, where the system's allocator makes the threads wait for one another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ddmc::cli::run(std::env::args_os())
}
