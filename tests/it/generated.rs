//! The generated files in the repository are up to date. `DDMC_BLESS=1` rewrites them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use ddmc::rules::RULES;

#[test]
fn generated_files_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let index = printed(&["explain", "--markdown"]);
    let mut files: Vec<(String, Vec<&str>)> = vec![("docs/reference/README.md".to_owned(), vec!["explain", "--markdown"])];
    for name in pages(&index) {
        files.push((format!("docs/reference/{name}.md"), vec!["explain", "--markdown", name]));
    }
    files.extend(RULES.iter().map(|rule| (format!("docs/rules/{}.md", rule.id), vec!["explain", "--markdown", &*rule.id])));
    let list = printed(&["schema", "--list"]);
    let names = list.lines().filter(|line| !line.starts_with(' '));
    files.extend(names.map(|name| (format!("schemas/{name}.schema.json"), vec!["schema", name])));
    for (file, arguments) in files {
        let output = printed(&arguments);
        let path = root.join(&file);
        if std::env::var_os("DDMC_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(&path, &output).expect("a file can be written");
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == output, "{file} is not what `ddmc {}` prints; DDMC_BLESS=1 writes it", arguments.join(" "));
    }
}

/// What the program prints.
fn printed(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).output().expect("the program runs");
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

/// The names of the pages that the index of the reference links to in its own folder.
fn pages(index: &str) -> impl Iterator<Item = &str> {
    let links = index.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    links.filter(|(file, _)| !file.contains('/')).filter_map(|(file, _)| file.strip_suffix(".md"))
}

#[test]
fn schema_all_writes_exactly_the_committed_schemas() {
    // The other test rewrites them at the same time.
    if std::env::var_os("DDMC_BLESS").is_some() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(["schema", "--all", "-o"]).arg(folder.path()).output();
    assert!(output.expect("the program runs").status.success());
    let files = |folder: &Path| -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(folder).expect("the folder exists").map(|entry| entry.expect("an entry").path());
        let schemas = entries.filter(|path| path.to_string_lossy().ends_with(".schema.json"));
        let name = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let mut files: Vec<_> = schemas.map(|path| (name(&path), fs::read(&path).expect("a file can be read"))).collect();
        files.sort();
        files
    };
    let committed = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas"));
    assert!(files(folder.path()) == committed);
}

#[test]
fn docs_have_no_other_pages() {
    // The other test writes them at the same time.
    if std::env::var_os("DDMC_BLESS").is_some() {
        return;
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let files = |folder: &str| -> BTreeSet<String> {
        let files = fs::read_dir(docs.join(folder)).expect("there are pages");
        files.map(|file| file.expect("a folder can be read").file_name().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(files("rules"), RULES.iter().map(|rule| format!("{}.md", rule.id)).collect());
    let index = printed(&["explain", "--markdown"]);
    let expected = pages(&index).chain(["README"]).map(|name| format!("{name}.md"));
    assert_eq!(files("reference"), expected.collect());
}
