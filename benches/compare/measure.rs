//! Runs a program and measures its resource usage.
//!
//! The operating system reports the sum over all terminated children of a process. So this program starts itself for
//! each run, with the measured program as the only child.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// The resource usage of one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// Elapsed time in seconds.
    pub(crate) wall: f64,
    /// User and system time on all processors, in seconds.
    pub(crate) cpu: f64,
    /// Peak memory in MiB.
    pub(crate) peak: f64,
    pub(crate) status: i32,
}

/// Runs a program in a folder, and discards its output.
pub(crate) fn run(program: &Path, arguments: &[OsString], folder: &Path) -> io::Result<Taken> {
    let output = Command::new(std::env::current_exe()?)
        .arg("measure")
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .env_remove("GITHUB_ACTIONS")
        .stderr(Stdio::inherit())
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let [wall, cpu, peak, status] = numbers[..] else { return Err(io::Error::other(format!("not measured: {text}"))) };
    #[expect(clippy::cast_possible_truncation, reason = "an exit status is a small number")]
    Ok(Taken { wall, cpu, peak, status: status as i32 })
}

/// The child process of [`run`]. `arguments` are the program to measure and its arguments.
pub(crate) fn child(mut arguments: impl Iterator<Item = OsString>) -> io::Result<String> {
    let program = arguments.next().ok_or_else(|| io::Error::other("the program to measure is missing"))?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = seconds(usage.user_time()) + seconds(usage.system_time());
    // Linux reports KiB, macOS bytes.
    let unit = if cfg!(target_os = "macos") { 1 << 20 } else { 1 << 10 };
    #[expect(clippy::cast_precision_loss, reason = "memory sizes are below 2^52")]
    let peak = usage.max_rss() as f64 / f64::from(unit);
    Ok(format!("{} {cpu} {peak} {}", wall.as_secs_f64(), status.code().unwrap_or(-1)))
}

fn seconds(time: TimeVal) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "durations are below 2^52")]
    let (seconds, microseconds) = (time.tv_sec() as f64, time.tv_usec() as f64);
    seconds + microseconds / 1e6
}
