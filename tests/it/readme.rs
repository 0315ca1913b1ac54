//! The README and the pages in `docs/` match the program, and SECURITY.md the tests.

use std::path::Path;
use std::process::Command;

#[test]
fn commands_in_the_documentation_print_what_it_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = std::fs::read_dir(root.join("docs")).expect("there are pages").map(|page| page.expect("a page").path());
    let pages = pages.filter(|page| page.extension().is_some_and(|extension| extension == "md"));
    let read = |page| std::fs::read_to_string(page).expect("a page can be read");
    let text: String = pages.chain([root.join("README.md")]).map(read).collect();
    let mut sessions = 0;
    for block in text.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        for session in block.split("$ ddmc ").skip(1) {
            let (arguments, expected) = session.split_once('\n').expect("a command is followed by its output");
            let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
            command
                .args(arguments.split(' '))
                .current_dir(root)
                .env_remove("CLICOLOR_FORCE")
                .env_remove("GITHUB_ACTIONS")
                .env("COLUMNS", "80");
            let output = command.output().expect("the program runs");
            let printed = [output.stdout, output.stderr].concat();
            assert_eq!(String::from_utf8(printed).expect("the output is UTF-8"), expected, "ddmc {arguments}");
            sessions += 1;
        }
    }
    assert!(sessions >= 8, "{sessions}");
}

#[test]
fn the_configuration_in_the_documentation_matches_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/configuration.md")).expect("there is a page");
    let shown = page.split("```toml\n").nth(1).and_then(|block| block.split("```").next()).expect("the page shows one");
    let read = std::fs::read_to_string(root.join("docs/examples/repository/ddmc.toml")).expect("the example exists");
    assert_eq!(shown, read);
}

#[test]
fn the_policies_in_the_documentation_match_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/policies.md")).expect("there is a page");
    let shown = page.split("```json\n").nth(1).and_then(|block| block.split("```").next()).expect("the page shows them");
    let read = std::fs::read_to_string(root.join("docs/examples/policy.json")).expect("the example exists");
    assert_eq!(shown, read);
}

#[test]
fn editor_settings_name_existing_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let address = format!("{}/raw/main/schemas/", env!("CARGO_PKG_REPOSITORY"));
    for file in ["docs/editors.md", "schemas/catalog.json"] {
        let text = std::fs::read_to_string(root.join(file)).expect("the file exists");
        let named: Vec<&str> = text.split(&address).skip(1).filter_map(|rest| rest.split(['"', '`']).next()).collect();
        assert!(!named.is_empty(), "{file}");
        for name in named {
            assert!(root.join("schemas").join(name).is_file(), "{file}: {name}");
        }
        let blocks = text.split("```json\n").skip(1).filter_map(|block| block.split("```").next());
        for block in blocks.chain((file == "schemas/catalog.json").then_some(text.as_str())) {
            assert!(serde_json::from_str::<serde_json::Value>(block).is_ok(), "{file}: {block}");
        }
    }
}

#[test]
fn the_first_two_commands_work() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    assert!(readme.contains("cargo run --release -- check fixtures/ok ") && readme.contains("cargo test "));
    let ci = std::fs::read_to_string(root.join(".ci/run")).expect("the repository has .ci/run");
    assert!(ci.contains("\ncargo test"));
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(["check", "fixtures/ok"]).current_dir(root).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains(": nothing found"), "the documents are valid together too: {printed}");
}

#[test]
fn this_repository_has_no_findings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (arguments, start) in [(&["check", "--quiet"][..], ""), (&["check", "--fail-on", "note"], "Checked ")] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).env_remove("GITHUB_ACTIONS").current_dir(root).output();
        let output = output.expect("the program runs");
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(0), "{printed}");
        assert!(printed.starts_with(start) && printed.is_empty() == start.is_empty(), "{printed}");
        assert!(printed.is_empty() || printed.contains(": nothing found"), "{printed}");
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_tests_that_security_md_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| std::fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let security = read("SECURITY.md");
    let tests = security.split('`').skip(1).step_by(2).filter_map(|code| code.rsplit_once("::"));
    let tests = tests.map(|(module, name)| (format!("tests/it/{}.rs", module.replace("::", "/")), name));
    let tests: Vec<_> = tests.filter(|(file, _)| root.join(file).exists()).collect();
    assert!(tests.len() >= 10, "{tests:?}");
    for (file, name) in tests {
        assert!(read(&file).contains(&format!("fn {name}()")), "{file} has no test {name}");
    }
}
