//! The dependencies: their number matches the documentation, and `deny.toml` allows their licences and sources.
//! `cargo deny check` is more thorough, but needs the network.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A file of the repository.
fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The packages that `cargo tree` lists, without duplicates.
fn tree(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names are UTF-8");
    let mut all: Vec<String> = text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect();
    all.sort();
    all.dedup();
    all
}

/// Platforms need different packages, so this counts them on one.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn the_number_of_dependencies_matches_the_documentation() {
    let text = read("docs/performance.md");
    for (features, arguments) in [
        ("default features", &["--edges", "normal"][..]),
        ("no default features", &["--edges", "normal", "--no-default-features"]),
    ] {
        let row = format!("| {features} | ");
        let number = text.lines().find_map(|line| line.strip_prefix(&row)?.split(' ').next()?.parse().ok());
        // The list includes the program itself.
        assert_eq!(number, Some(tree(arguments).len() - 1), "docs/performance.md: {features}");
    }
}

#[test]
fn every_licence_and_source_is_allowed() {
    let deny: toml::Table = read("deny.toml").parse().expect("deny.toml is TOML");
    let strings = |value: &toml::Value| -> Vec<String> {
        value.as_array().expect("an array").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let allowed = strings(&deny["licenses"]["allow"]);
    let banned: Vec<&str> =
        deny["bans"]["deny"].as_array().expect("an array").iter().filter_map(|one| one["crate"].as_str()).collect();
    assert!(!banned.is_empty() && !allowed.is_empty());
    let packages = tree(&["--edges", "normal,build,dev", "--format", "{p}|{l}"]);
    assert!(packages.len() > 50, "{packages:?}");
    for package in packages {
        let (name, licence) = package.split_once('|').expect("a package and its licence");
        assert!(is_allowed(licence, &allowed), "{name} has the licence {licence}");
        assert!(!banned.iter().any(|banned| name.split(' ').next() == Some(banned)), "{name} is banned");
    }
    for line in read("Cargo.lock").lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
}

/// Whether an SPDX expression is allowed: one of its alternatives (`OR`), and all parts that apply together (`AND`).
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let licence = licence.replace('/', " OR ");
    let parts = licence.split(" AND ").map(|part| part.trim_matches(['(', ')']));
    parts
        .into_iter()
        .all(|part| part.split(" OR ").any(|one| allowed.iter().any(|allowed| allowed == one.trim_matches(['(', ')']))))
}

#[test]
fn the_build_runs_no_code_of_this_repository() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(!root.join("build.rs").exists());
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    assert!(manifest["package"].get("build").is_none() && manifest.get("build-dependencies").is_none());
}
