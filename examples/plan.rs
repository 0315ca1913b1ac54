//! Prints the plan of a Mac with macOS 15.7.2 for some files: `cargo run --example plan docs/examples/updates.json`

#![allow(clippy::print_stdout, reason = "an example prints its results")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut declarations = ddmc::Declarations::new();
    for file in std::env::args().skip(1) {
        declarations.read(&file, &std::fs::read(&file)?);
    }
    let plan = declarations.plan(&"macOS=15.7.2".parse()?, "2026-01-01T00:00:00".parse()?, None)?;
    for update in &plan.updates {
        println!("{}: {} because of {:?}", update.enforced_at, update.version, declarations.source(update.who).identifier);
    }
    for ignored in &plan.ignored {
        println!("never: {:?}: {}", declarations.source(ignored.who).identifier, ignored.reason);
    }
    Ok(())
}
