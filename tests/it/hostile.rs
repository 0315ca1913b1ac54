//! Hostile inputs of every kind: each command ends in bounded time and memory. `benches/hostile.rs` measures the same
//! inputs at their full size.

#![cfg(target_os = "linux")]

use std::fs;
use std::process::{Command, Stdio};

use crate::support::hostile::{INVENTORIES, RIGHT, SHAPES};
use crate::support::thorough;

/// The address space of a run, in KiB: some 100 MiB for the program itself without optimisation, and 80 MiB. Each further
/// thread would reserve more.
const KIBIBYTES: u32 = 180 << 10;

/// The processor time of a run without optimisation, in seconds.
const SECONDS: u32 = 60;

const COMMANDS: &[&[&str]] = &[
    &["check", "--jobs", "1", "--format", "concise"],
    &["check", "--jobs", "1", "--set", "--fix", "--diff"],
    &["merge", "--jobs", "1"],
    &["plan", "--jobs", "1", "--device", "macOS=26.1"],
    &["migrate"],
    &["publish", "--jobs", "1", "--layout", "ddm", "-o", "out/"],
    &["publish", "--jobs", "1", "--layout", "fleet", "-o", "out/", "--diff", "--activations", "server"],
    &["diff", "right.json"],
];

/// The argument that follows is the inventory.
const PLANS: &[&[&str]] = &[
    &["plan", "--jobs", "1", "right.json", "--inventory"],
    &["plan", "--jobs", "1", "right.json", "-o", "csv=devices.out", "--format", "json", "--inventory"],
];

/// `DDMC_THOROUGH=16` tries every command with inputs of the largest size; otherwise, each input gets one command.
#[test]
fn hostile_inputs_end_in_bounded_time_and_memory() {
    let bytes = if thorough() == 1 { 250_000 } else { 1_000_000 * usize::try_from(thorough().min(16)).expect("it is small") };
    let mut failures = Vec::new();
    let shapes = [(SHAPES, COMMANDS), (INVENTORIES, PLANS)];
    let shapes = shapes.into_iter().flat_map(|(shapes, commands)| shapes.iter().enumerate().map(move |one| (one, commands)));
    for ((at, shape), all) in shapes {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        fs::write(folder.path().join("right.json"), RIGHT).expect("a file can be written");
        fs::write(folder.path().join(shape.file), shape.bytes(bytes)).expect("a file can be written");
        let commands = if thorough() > 1 { all } else { &all[at % all.len()..][..1] };
        for command in commands {
            let output = Command::new("bash")
                .args(["-c", &format!("ulimit -v {KIBIBYTES} -t {SECONDS} && exec \"$0\" \"$@\"")])
                .arg(env!("CARGO_BIN_EXE_ddmc"))
                .args(*command)
                .arg(shape.argument())
                .current_dir(folder.path())
                .stdin(Stdio::null())
                .env_remove("GITHUB_ACTIONS")
                .output()
                .expect("bash runs");
            let is_ended = matches!(output.status.code(), Some(0..=2));
            let remarks = String::from_utf8_lossy(&output.stderr);
            if !is_ended || remarks.contains("panicked") {
                failures.push(format!("{}: {command:?}: {}: {remarks:.200}", shape.name, output.status));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
