//! Prints a file with the safe fixes: `cargo run --example fix docs/examples/settings.json`

#![allow(clippy::print_stdout, reason = "an example prints its results")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in std::env::args().skip(1) {
        let text = std::fs::read(&file)?;
        let fixed = ddmc::fix(&file, &text, false).unwrap_or(text);
        print!("{}", String::from_utf8_lossy(&fixed));
    }
    Ok(())
}
