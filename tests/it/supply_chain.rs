//! What becomes part of the program: as many packages as the documentation says, under licences and from sources that `deny.toml` allows.
//! `cargo deny check` says more, and asks the network.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A file of the repository.
fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What `cargo tree` lists, each package once.
fn tree(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--prefix", "none"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("there is a cargo, which runs this");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("names are UTF-8");
    let mut all: Vec<String> = text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect();
    all.sort();
    all.dedup();
    all
}

/// Other systems need other packages, so they are counted on one.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn the_program_depends_on_as_many_packages_as_the_documentation_says() {
    let text = read("docs/performance.md");
    for (features, arguments) in [
        ("default features", &["--edges", "normal"][..]),
        ("no default features", &["--edges", "normal", "--no-default-features"]),
    ] {
        let row = format!("| {features} | ");
        let number = text.lines().find_map(|line| line.strip_prefix(&row)?.split(' ').next()?.parse().ok());
        // The program itself is listed and no dependency.
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

/// Whether a licence is among those that are allowed: of some alternatives one, of several that hold together all.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let licence = licence.replace('/', " OR ");
    let parts = licence.split(" AND ").map(|part| part.trim_matches(['(', ')']));
    parts
        .into_iter()
        .all(|part| part.split(" OR ").any(|one| allowed.iter().any(|allowed| allowed == one.trim_matches(['(', ')']))))
}

#[test]
fn nothing_of_ours_runs_while_the_program_is_built() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(!root.join("build.rs").exists());
    let manifest: toml::Table = read("Cargo.toml").parse().expect("Cargo.toml is TOML");
    assert!(manifest["package"].get("build").is_none() && manifest.get("build-dependencies").is_none());
}
