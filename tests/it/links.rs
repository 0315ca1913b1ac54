//! Links of the documentation lead to files and sections that exist, and work where registries show a page.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The pages that PyPI, npm and crates.io show, which know no files of the repository.
const SHOWN_ELSEWHERE: [&str; 3] = ["README.md", "packaging/pre-commit/README.md", "packaging/wasm/README.md"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The pages that Git knows.
fn pages() -> Vec<PathBuf> {
    let output = std::process::Command::new("git").args(["ls-files", "*.md"]).current_dir(root()).output().expect("git runs");
    let names = String::from_utf8(output.stdout).expect("names are UTF-8");
    // Fixtures hold what the program prints for documents of others.
    names.lines().filter(|name| !name.starts_with("fixtures/")).map(|name| root().join(name)).collect()
}

/// A page without its blocks of code.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let lines = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    });
    lines.fold(String::new(), |text, line| text + line + "\n")
}

/// The targets of the links and pictures of a page: `[label](target)`, and `[label]: target` if something uses the label.
fn targets(text: &str) -> Vec<String> {
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").expect("the pattern is valid");
    let definition = regex::Regex::new(r"(?m)^(\[[^\]]+\]): (\S+)$").expect("the pattern is valid");
    let defined = definition.captures_iter(text).map(|found| {
        assert!(text.matches(&found[1]).count() > 1, "{} is used", &found[1]);
        found[2].to_owned()
    });
    link.captures_iter(text).map(|found| found[1].to_owned()).chain(defined).collect()
}

/// The anchors of a page's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: &char| c.is_alphanumeric() || ['-', '_', ' '].contains(c);
    headings.map(|heading| heading.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let repository = env!("CARGO_PKG_REPOSITORY");
    let raw = repository.replace("github.com", "raw.githubusercontent.com");
    let places = [format!("{repository}/blob/main/"), format!("{repository}/tree/main/"), format!("{raw}/main/")];
    let mut checked = 0;
    for page in pages() {
        let text = prose(&read(&page));
        for target in targets(&text) {
            let here = places.iter().find_map(|place| target.strip_prefix(place)).map(|path| root().join(path));
            let local = match here {
                Some(path) => path,
                None if target.contains("://") => continue,
                None => {
                    let shown = SHOWN_ELSEWHERE.iter().any(|name| root().join(name) == page);
                    assert!(!shown || target.starts_with('#'), "{}: {target} is not absolute", page.display());
                    page.parent().expect("a page is in a folder").join(&target)
                }
            };
            let local = local.to_str().expect("names are UTF-8");
            let (path, anchor) = local.split_once('#').map_or((local, None), |(path, anchor)| (path, Some(anchor)));
            let path = if target.starts_with('#') { page.clone() } else { PathBuf::from(path) };
            assert!(path.exists(), "{}: {target} does not exist", page.display());
            if let Some(anchor) = anchor {
                assert!(anchors(&prose(&read(&path))).contains(anchor), "{}: {target} has no such section", page.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 250, "{checked}");
}
