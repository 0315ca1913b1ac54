//! Integrations: the pre-commit hooks, the GitHub action, the GitLab template, and the archives.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn yaml(name: &str) -> Value {
    let text = fs::read_to_string(root().join(name)).expect("the file is part of the repository");
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Collects the `run` scripts of a workflow or an action.
fn scripts(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            into.extend(members.get("run").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| scripts(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| scripts(value, into)),
        _ => {}
    }
}

#[test]
fn nothing_is_interpolated_into_a_script() {
    for name in ["action.yml", ".github/workflows/ci.yml", ".github/workflows/release.yml"] {
        let mut all = Vec::new();
        scripts(&yaml(name), &mut all);
        assert!(!all.is_empty(), "{name}");
        assert!(all.iter().all(|script| !script.contains("${{")), "{name}: {all:?}");
    }
    let action = yaml("action.yml");
    for script in ["action/install.sh", "action/check.sh"] {
        assert!(root().join(script).exists() && action.to_string().contains(script));
    }
}

#[test]
fn every_hook_runs_an_existing_command() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let entries: BTreeMap<&str, &str> = hooks
        .as_array()
        .expect("a list")
        .iter()
        .map(|hook| (hook["id"].as_str().expect("an id"), hook["entry"].as_str().expect("an entry")))
        .collect();
    let expected = ["ddmc-check", "ddmc-check-system"].map(|id| (id, "ddmc check")).into_iter();
    let expected = expected.chain(["ddmc-fix", "ddmc-fix-system"].map(|id| (id, "ddmc check --fix")));
    assert_eq!(entries, expected.collect());
    for hook in hooks.as_array().expect("a list") {
        // Named files are never skipped, so passing file names would report JSON files that are not declarations.
        assert_eq!(hook["pass_filenames"], false);
    }
    let script = yaml("templates/gitlab-ci.yml")["ddmc"]["script"][0].as_str().expect("a script").to_owned();
    assert!(script.starts_with("ddmc check --output gitlab="));
}

#[cfg(unix)]
mod scripts {
    use std::process::{Command, Output};

    use super::*;

    const WRONG: &str = r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "a", "Payload": {"Deferrals": {"MajorPeriodInDays": 120}}}"#;

    /// Runs the script of the action as GitHub does, with this build of the program in `PATH`.
    fn action(folder: &Path, environment: &[(&str, &str)]) -> Output {
        let bin = Path::new(env!("CARGO_BIN_EXE_ddmc")).parent().expect("a command is in a folder").to_owned();
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
        let mut command = Command::new("bash");
        command.arg(root().join("action/check.sh")).current_dir(folder).env("PATH", path).env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_OUTPUT", folder.join("outputs")).env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
        command.envs(environment.iter().copied()).output().expect("bash runs")
    }

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for (name, text) in [(".git", ""), ("wrong.json", WRONG), ("a b;$(touch x).json", WRONG)] {
            fs::write(folder.path().join(name), text).expect("a file can be written");
        }
        folder
    }

    #[test]
    fn the_action_annotates_reports_and_fails() {
        let folder = folder();
        let output = action(folder.path(), &[("DDMC_PATHS", "."), ("DDMC_ARGUMENTS", "-A\nduplicate-identifier")]);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{printed}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(printed.lines().filter(|line| line.starts_with("::error file=")).count(), 2, "{printed}");
        let sarif = fs::read_to_string(folder.path().join("ddmc.sarif")).expect("the report was written");
        let sarif: Value = serde_json::from_str(&sarif).expect("the report is JSON");
        assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(2));
        assert_eq!(fs::read_to_string(folder.path().join("outputs")).ok().as_deref(), Some("sarif=ddmc.sarif\n"));
        assert!(fs::read_to_string(folder.path().join("summary.md")).is_ok_and(|summary| summary.contains("### ddmc")));
    }

    #[test]
    fn inputs_of_the_action_cannot_inject_commands() {
        let folder = folder();
        let hostile = "a b;$(touch x).json\n`touch y`\n--config=z";
        let output =
            action(folder.path(), &[("DDMC_PATHS", hostile), ("DDMC_ARGUMENTS", ""), ("DDMC_SARIF", "$(touch w).sarif")]);
        assert_eq!(output.status.code(), Some(2), "two of the paths do not exist");
        for made in ["x", "y", "w"] {
            assert!(!folder.path().join(made).exists(), "{made}");
        }
        assert!(folder.path().join("$(touch w).sarif").exists());
        assert_eq!(action(folder.path(), &[("DDMC_SARIF", "a\nsarif=b")]).status.code(), Some(2));
    }

    #[test]
    fn the_action_does_not_write_through_a_link_of_a_pull_request() {
        let (folder, outside) = (folder(), tempfile::tempdir().expect("a temporary folder can be made"));
        let victim = outside.path().join("victim");
        fs::write(&victim, "precious").expect("a file can be written");
        std::os::unix::fs::symlink(&victim, folder.path().join("ddmc.sarif")).expect("a link can be made");
        let output = action(folder.path(), &[("DDMC_PATHS", "."), ("DDMC_ARGUMENTS", "")]);
        let remarks = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{remarks}");
        assert!(remarks.contains("ddmc.sarif is a symbolic link"), "{remarks}");
        assert_eq!(fs::read_to_string(&victim).ok().as_deref(), Some("precious"));
    }

    #[test]
    fn a_package_has_all_its_files() {
        let bin = Path::new(env!("CARGO_BIN_EXE_ddmc")).parent().expect("a command is in a folder").to_owned();
        let output =
            Command::new("bash").arg(root().join(".ci/package")).arg("test-target").arg(bin).output().expect("bash runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let archive = root().join("ddmc-test-target.tar.gz");
        let list = Command::new("tar").arg("-tzf").arg(&archive).output().expect("tar runs");
        fs::remove_file(&archive).expect("it was just made");
        let list = String::from_utf8_lossy(&list.stdout).into_owned();
        for name in ["ddmc", "man/ddmc.1", "completions/ddmc.bash", "completions/ddmc.powershell", "LICENSE-MIT"] {
            assert!(list.lines().any(|line| line == format!("ddmc-test-target/{name}")), "{name}: {list}");
        }
    }
}
