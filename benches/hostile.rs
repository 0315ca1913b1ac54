//! Doubles each hostile input and prints how much longer it takes: `cargo bench --bench hostile`.
//!
//! Time should double, and memory stay below 80 MiB. Arguments: `--bytes N`, the size of the larger input (16,000,000),
//! and `--only TEXT`, the inputs whose name contains it.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

#[path = "compare/measure.rs"]
mod measure;
#[path = "../tests/it/support/hostile.rs"]
mod shapes;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// What is run with each input.
const COMMANDS: &[&[&str]] = &[
    &["check", "--jobs", "2"],
    &["check", "--format", "json", "--set"],
    &["check", "--fix", "--diff"],
    &["merge"],
    &["plan", "--device", "macOS=26.1"],
    &["migrate"],
    &["publish", "--layout", "ddm", "-o", "out/", "--diff"],
    &["diff", "right.json"],
];

/// What is run with each inventory.
const PLANS: &[&[&str]] = &[&["plan", "right.json", "--inventory"]];

/// Shorter times are mostly the start of the program.
const LEAST_SECONDS: f64 = 0.2;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1).filter(|argument| argument != "--bench").peekable();
    if arguments.next_if(|first| first == "measure").is_some() {
        println!("{}", measure::child(arguments)?);
        return Ok(());
    }
    let (mut bytes, mut only) = (16_000_000, String::new());
    while let Some(name) = arguments.next() {
        let value = arguments.next().unwrap_or_default().to_string_lossy().into_owned();
        match name.to_str() {
            Some("--bytes") => bytes = value.parse().map_err(io::Error::other)?,
            Some("--only") => only = value,
            _ => return Err(io::Error::other("the arguments are --bytes N and --only TEXT")),
        }
    }
    let folder = tempfile::tempdir()?;
    println!("{:<44} {:<22} {:>8} {:>8} {:>6} {:>8}", "input", "command", "seconds", "wall", "ratio", "MiB");
    let all = [(shapes::SHAPES, COMMANDS), (shapes::INVENTORIES, PLANS)];
    let all = all.into_iter().flat_map(|(shapes, commands)| shapes.iter().map(move |shape| (shape, commands)));
    for (shape, commands) in all.filter(|(shape, _)| shape.name.contains(&only)) {
        for command in commands {
            let half = run(shape, bytes / 2, command, folder.path())?;
            let whole = run(shape, bytes, command, folder.path())?;
            let ratio = whole.cpu / half.cpu.max(0.001);
            let is_slow = whole.cpu > LEAST_SECONDS && ratio > 2.5;
            let mark = if is_slow || whole.peak > 80.0 || !(0..=2).contains(&whole.status) { " !" } else { "" };
            let name = command.join(" ");
            println!(
                "{:<44} {name:<22.22} {:>8.2} {:>8.2} {ratio:>6.1} {:>8.0}{mark}",
                shape.name, whole.cpu, whole.wall, whole.peak
            );
        }
    }
    Ok(())
}

fn run(shape: &shapes::Shape, bytes: usize, command: &[&str], folder: &Path) -> io::Result<measure::Taken> {
    fs::write(folder.join(shape.file), shape.bytes(bytes))?;
    let arguments: Vec<OsString> = command.iter().chain([&shape.argument()]).map(OsString::from).collect();
    fs::write(folder.join("right.json"), shapes::RIGHT)?;
    let taken = measure::run(Path::new(env!("CARGO_BIN_EXE_ddmc")), &arguments, folder);
    fs::remove_file(folder.join(shape.file))?;
    taken
}
