//! Runs a program and measures what it takes.
//!
//! The operating system adds up what the ended children of a process took. So each run is started by a process of its own, which is
//! this program once more, and has one child.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) wall: f64,
    /// In the program and in the kernel for it, on all processors.
    pub(crate) cpu: f64,
    /// The most memory that it held at a time, in MiB.
    pub(crate) peak: f64,
    pub(crate) status: i32,
}

/// Runs a program in a folder, with its output thrown away.
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

/// The other side of [`run`]: `arguments` are a program and its arguments.
pub(crate) fn child(mut arguments: impl Iterator<Item = OsString>) -> io::Result<String> {
    let program = arguments.next().ok_or_else(|| io::Error::other("a program to measure"))?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = seconds(usage.user_time()) + seconds(usage.system_time());
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 << 20 } else { 1 << 10 };
    #[expect(clippy::cast_precision_loss, reason = "nobody has so much memory")]
    let peak = usage.max_rss() as f64 / f64::from(unit);
    Ok(format!("{} {cpu} {peak} {}", wall.as_secs_f64(), status.code().unwrap_or(-1)))
}

fn seconds(time: TimeVal) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "nobody waits so long")]
    let (seconds, microseconds) = (time.tv_sec() as f64, time.tv_usec() as f64);
    seconds + microseconds / 1e6
}
