//! Merges files, and prints which file decided each value: `cargo run --example merge docs/examples/everyone.json
//! docs/examples/pilots.json`

#![allow(clippy::print_stdout, reason = "an example prints its results")]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut declarations = ddmc::Declarations::new();
    for file in std::env::args().skip(1) {
        declarations.read(&file, &std::fs::read(&file)?);
    }
    let merged = declarations.merge(&ddmc::MergeOptions::default())?;
    for declaration in &merged.declarations {
        println!("{}", declaration.text);
    }
    for decision in merged.origins.iter().flat_map(|origin| &origin.decisions) {
        let files: Vec<String> = decision.deciders().into_iter().map(|who| declarations.source(who).file.to_string()).collect();
        println!("{} = {} by {}, from {}", decision.path.join("."), decision.shown, decision.rule, files.join(", "));
    }
    Ok(())
}
