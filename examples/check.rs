//! Checks files for Macs with macOS 15.4: `cargo run --example check docs/examples/settings.json`

#![allow(clippy::print_stdout, reason = "an example prints its results")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let checker = ddmc::Checker::new().target("macOS=15.4".parse()?);
    for file in std::env::args().skip(1) {
        for finding in checker.check(&file, &std::fs::read(&file)?) {
            let ddmc::Place { start, pointer, .. } = &finding.place;
            println!("{file}:{}:{}: {} ({}, {pointer})", start.line, start.column, finding.message, finding.rule.id);
        }
    }
    Ok(())
}
