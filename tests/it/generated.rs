//! The generated files in the repository are up to date. `DDMC_BLESS=1` rewrites them.

use std::fs;
use std::path::Path;
use std::process::Command;

use ddmc::rules::RULES;

#[test]
fn generated_files_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<(String, Vec<&str>)> = vec![("docs/reference.md".to_owned(), vec!["explain", "--markdown"])];
    files.extend(RULES.iter().map(|rule| (format!("docs/rules/{}.md", rule.id), vec!["explain", "--markdown", &*rule.id])));
    let list = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(["schema", "--list"]).output().expect("the program runs").stdout;
    let list = String::from_utf8(list).expect("the list is UTF-8");
    let names = list.lines().filter(|line| !line.starts_with(' '));
    files.extend(names.map(|name| (format!("schemas/{name}.schema.json"), vec!["schema", name])));
    for (file, arguments) in files {
        let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(&arguments).output().expect("the program runs");
        assert!(output.status.success(), "{arguments:?}");
        let path = root.join(&file);
        if std::env::var_os("DDMC_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::write(&path, &output.stdout).expect("a file can be written");
        }
        let written = fs::read(&path).unwrap_or_default();
        assert!(written == output.stdout, "{file} is not what `ddmc {}` prints; DDMC_BLESS=1 writes it", arguments.join(" "));
    }
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
fn every_page_has_a_rule() {
    let pages = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")).expect("there are pages");
    for page in pages {
        let name = page.expect("a folder can be read").file_name().to_string_lossy().into_owned();
        let id = name.strip_suffix(".md").expect("pages are Markdown");
        assert!(RULES.iter().any(|rule| rule.id == id), "{name}");
    }
}
