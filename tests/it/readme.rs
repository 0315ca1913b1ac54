//! What the README shows is what the program prints.

use std::path::Path;
use std::process::Command;

#[test]
fn every_command_of_the_readme_prints_what_stands_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    let mut sessions = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        for session in block.split("$ ddmc ").skip(1) {
            let (arguments, expected) = session.split_once('\n').expect("a command is followed by what it prints");
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
    assert!(sessions >= 3);
}

#[test]
fn the_configuration_of_the_readme_is_the_one_that_its_command_reads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    let shown = readme.split("```toml\n").nth(1).and_then(|block| block.split("```").next()).expect("the README shows one");
    let read = std::fs::read_to_string(root.join("docs/examples/repository/ddmc.toml")).expect("the example is there");
    assert_eq!(shown, read);
}

#[test]
fn the_policies_of_the_readme_are_those_that_its_command_reads() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    let shown = readme.split("```json\n").nth(1).and_then(|block| block.split("```").next()).expect("the README shows them");
    let read = std::fs::read_to_string(root.join("docs/examples/policy.json")).expect("the example is there");
    assert_eq!(shown, read);
}

#[test]
fn the_settings_for_editors_name_schemas_that_there_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let address = format!("{}/raw/main/schemas/", env!("CARGO_PKG_REPOSITORY"));
    for file in ["README.md", "docs/editors.md", "schemas/catalog.json"] {
        let text = std::fs::read_to_string(root.join(file)).expect("the file is there");
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
fn the_two_first_commands_do_what_they_promise() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("there is a README");
    assert!(readme.contains("cargo run --release -- check fixtures/ok ") && readme.contains("cargo test "));
    let ci = std::fs::read_to_string(root.join(".ci/run")).expect("there is a check of the repository");
    assert!(ci.contains("\ncargo test"));
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(["check", "fixtures/ok"]).current_dir(root).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty(), "the documents are right together too: {}", String::from_utf8_lossy(&output.stdout));
}
