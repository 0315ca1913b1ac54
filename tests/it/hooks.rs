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
    for script in ["action/install.sh", "action/check.sh", "action/comment.sh"] {
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

    /// `PATH` with a folder and this build of the program.
    fn path(first: &Path) -> String {
        let bin = Path::new(env!("CARGO_BIN_EXE_ddmc")).parent().expect("a command is in a folder").to_owned();
        format!("{}:{}:{}", first.display(), bin.display(), std::env::var("PATH").unwrap_or_default())
    }

    /// Runs the script of the action as GitHub does, with this build of the program in `PATH`.
    fn action(folder: &Path, environment: &[(&str, &str)]) -> Output {
        let mut command = Command::new("bash");
        command.arg(root().join("action/check.sh")).current_dir(folder).env("PATH", path(folder)).env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_OUTPUT", folder.join("outputs")).env("GITHUB_STEP_SUMMARY", folder.join("summary.md"));
        command.env("RUNNER_TEMP", folder).envs(environment.iter().copied()).output().expect("bash runs")
    }

    fn read_json(path: &Path) -> Value {
        serde_json::from_str(&fs::read_to_string(path).expect("the file was written")).expect("the file is JSON")
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
        let sarif = read_json(&folder.path().join("ddmc.sarif"));
        assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(2));
        let upload = folder.path().join("ddmc-upload.sarif");
        let expected = format!("sarif=ddmc.sarif\nupload={}\n", upload.display());
        assert_eq!(fs::read_to_string(folder.path().join("outputs")).ok(), Some(expected));
        assert_eq!(read_json(&upload), sarif, "all findings are uploaded");
        assert!(fs::read_to_string(folder.path().join("summary.md")).is_ok_and(|summary| summary.contains("### ddmc")));
    }

    /// Whatever the place of the accepted findings among the others, and if a text looks like one of them.
    #[test]
    fn the_action_uploads_no_accepted_finding() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let unknown = r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["b"], "\"suppressions\":[{": 1}}"#;
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(format!("{name}.json")), unknown).expect("a file can be written");
        }
        for accepted in [vec![], vec!["a"], vec!["b"], vec!["c"], vec!["a", "b"], vec!["b", "c"], vec!["a", "b", "c"]] {
            let ignore = |name| format!("[[ignore]]\nrule = \"unknown-key\"\npaths = [\"{name}.json\"]\nreason = \"known\"\n");
            let ignores: String = accepted.iter().map(ignore).collect();
            fs::write(folder.path().join("ddmc.toml"), ignores).expect("a file can be written");
            let arguments = "-A\nmissing-configuration\n-A\nduplicate-identifier";
            action(folder.path(), &[("DDMC_PATHS", "."), ("DDMC_ARGUMENTS", arguments)]);
            let mut expected = read_json(&folder.path().join("ddmc.sarif"));
            let results = expected["runs"][0]["results"].as_array_mut().expect("a list");
            assert_eq!(results.len(), 3, "{results:?}");
            results.retain(|result| result["suppressions"] == serde_json::json!([]));
            assert_eq!(results.len(), 3 - accepted.len());
            assert_eq!(read_json(&folder.path().join("ddmc-upload.sarif")), expected, "{accepted:?}");
        }
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

    /// A program in `bin` that logs its arguments and the text that it posts, and prints the notes in `known`.
    fn fake(folder: &Path, name: &str, log: &str) {
        use std::os::unix::fs::PermissionsExt;

        let bin = folder.join("bin");
        fs::create_dir_all(&bin).expect("a folder can be made");
        let script = format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >>{}/log\n{log}\n", folder.display());
        fs::write(bin.join(name), script).expect("a file can be written");
        fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).expect("it was just made");
    }

    fn git(folder: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").args([
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
        ]);
        let output = command.args(arguments).output().expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
    }

    /// A repository whose last commit and working tree differ, and the hash of the commit.
    fn changed() -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let work = folder.path().join("work");
        fs::create_dir(&work).expect("a folder can be made");
        git(&work, &["init", "--quiet"]);
        fs::write(work.join("a.json"), WRONG.replace("120", "30")).expect("a file can be written");
        git(&work, &["add", "."]);
        git(&work, &["commit", "--quiet", "--message", "one"]);
        let base = git(&work, &["rev-parse", "HEAD"]);
        fs::write(work.join("a.json"), WRONG.replace("120", "60")).expect("a file can be written");
        (folder, base)
    }

    /// Runs a script in the working tree of [`changed`] and returns what the fake programs logged.
    fn logged(folder: &Path, script: &mut Command, environment: &[(&str, &str)]) -> String {
        let log = folder.join("log");
        let _ = fs::remove_file(&log);
        script.current_dir(folder.join("work")).env("PATH", path(&folder.join("bin"))).envs(environment.iter().copied());
        let output = script.output().expect("bash runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read_to_string(&log).unwrap_or_default()
    }

    #[test]
    fn the_action_updates_its_comment() {
        let (folder, base) = changed();
        let folder = folder.path();
        let posted = "for argument; do case $argument in body=@*) cat \"${argument#body=@}\" >posted ;; esac; done";
        fake(folder, "gh", &format!("case $* in *--jq*) cat known 2>/dev/null || : ;; esac\n{posted}"));
        let environment = [("GITHUB_REPOSITORY", "a/b"), ("DDMC_PULL_REQUEST", "7"), ("DDMC_BASE", base.as_str())];
        let run = || logged(folder, Command::new("bash").arg(root().join("action/comment.sh")), &environment);
        let log = run();
        assert!(log.contains("--method POST repos/a/b/issues/7/comments"), "{log}");
        let text = fs::read_to_string(folder.join("work/posted")).expect("it was posted");
        assert!(text.starts_with("<!-- ddmc diff -->\n# Changes for devices"), "{text}");
        assert!(text.contains("Macs hold back major updates 60 days instead of 30"), "{text}");
        fs::write(folder.join("work/known"), "11\n12\n").expect("a file can be written");
        let log = run();
        assert!(log.contains("--method PATCH repos/a/b/issues/comments/11 ") && !log.contains("POST"), "{log}");
        // Without changes the comment that is there is updated, and none is added.
        git(&folder.join("work"), &["checkout", "--quiet", "a.json"]);
        assert!(run().contains("PATCH"));
        fs::remove_file(folder.join("work/known")).expect("it was written");
        let log = run();
        assert!(!log.contains("PATCH") && !log.contains("POST"), "{log}");
        let hostile = [("GITHUB_REPOSITORY", "a/b"), ("DDMC_PULL_REQUEST", "7"), ("DDMC_BASE", "--output=x")];
        let mut command = Command::new("bash");
        command.arg(root().join("action/comment.sh")).current_dir(folder.join("work")).envs(hostile);
        assert_eq!(command.output().expect("bash runs").status.code(), Some(2));
    }

    #[test]
    fn the_gitlab_template_updates_its_note() {
        let (folder, base) = changed();
        let folder = folder.path();
        fake(
            folder,
            "curl",
            "cat >>config\ncase $* in *per_page*) cat known 2>/dev/null || : ;; *) cat ddmc-diff.md >posted ;; esac",
        );
        let script = yaml("templates/gitlab-ci.yml")["ddmc-diff"]["script"][0].as_str().expect("a script").to_owned();
        let environment = [
            ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
            ("CI_PROJECT_ID", "5"),
            ("CI_MERGE_REQUEST_IID", "7"),
            ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base.as_str()),
            ("DDMC_COMMENT_TOKEN", "sesame"),
        ];
        let run = || logged(folder, Command::new("bash").args(["-e", "-o", "pipefail", "-c", &script]), &environment);
        let log = run();
        let notes = "https://gitlab.example.com/api/v4/projects/5/merge_requests/7/notes";
        assert!(log.contains(&format!("--request POST {notes} ")), "{log}");
        // Other users of the machine see arguments.
        assert!(!log.contains("sesame"), "{log}");
        let config = fs::read_to_string(folder.join("work/config")).expect("it was read");
        assert!(config.contains("header = \"PRIVATE-TOKEN: sesame\""), "{config}");
        let known = r#"[{"id":21,"type":null,"body":"other","author":{"id":1}},{"id":22,"type":null,"body":"\u003c!-- ddmc diff --\u003e\n# Changes","author":{"id":1}}]"#;
        fs::write(folder.join("work/known"), known).expect("a file can be written");
        let log = run();
        assert!(log.contains(&format!("--request PUT {notes}/22 ")), "{log}");
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
