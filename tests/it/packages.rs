//! The packages: their facts follow Cargo.toml and one another, and the scripts of the release workflow work. `.ci/packages` builds and
//! installs the packages themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn yaml(name: &str) -> Value {
    serde_saphyr::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The targets that have a program.
fn targets() -> BTreeSet<String> {
    let platforms: Value = serde_json::from_str(&read("packaging/npm/platforms.json")).expect("the list is JSON");
    let platforms = platforms.as_array().expect("a list").iter();
    platforms.map(|platform| platform["target"].as_str().expect("a target").to_owned()).collect()
}

#[test]
fn versions_in_snippets_follow_cargo_toml() {
    let pages = fs::read_dir(root().join("docs")).expect("there are pages").map(|page| page.expect("a page").path());
    let pages = pages.filter(|page| page.extension().is_some_and(|extension| extension == "md"));
    let others = [
        "README.md",
        "editors/vscode/package.json",
        "editors/vscode/package-lock.json",
        "packaging/deb/changelog",
        "packaging/pre-commit/README.md",
        "packaging/pre-commit/pyproject.toml",
        "packaging/wasm/package.json",
        "templates/gitlab-ci.yml",
    ];
    let before = [
        "ddmc@v",
        "/ddmc/raw/v",
        "rev: v",
        "DDMC_VERSION: v",
        "ddmc==",
        "ddmc_",
        "ddmc-",
        "ddmc (",
        "ddmc = { version = \"",
        "\nversion = \"",
        "\n  \"version\": \"",
    ];
    let mut found = BTreeSet::new();
    for file in pages.chain(others.map(|name| root().join(name))) {
        let text = fs::read_to_string(&file).expect("the file can be read");
        for start in before {
            for rest in text.split(start).skip(1).filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit())) {
                let end = rest.find(|each: char| !each.is_ascii_digit() && each != '.').unwrap_or(rest.len());
                assert_eq!(rest[..end].trim_end_matches('.'), VERSION, "{}: after {start:?}", file.display());
                found.insert(start);
            }
        }
    }
    assert_eq!(found, BTreeSet::from(before), "each kind of snippet exists");
}

/// The release workflow sets the variable, other builds do not.
#[test]
fn the_version_names_the_commit_of_a_release_only() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_ddmc")).arg("--version").output().expect("the program runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let commit = option_env!("DDMC_COMMIT").map(|commit| format!(", commit {}", &commit[..12])).unwrap_or_default();
    assert!(printed.starts_with(&format!("ddmc {VERSION} (Apple's schema ")), "{printed}");
    assert!(printed.ends_with(&format!("{commit})\n")), "{printed}");
    assert_eq!(printed.contains("commit"), !commit.is_empty(), "{printed}");
}

#[test]
fn the_same_platforms_are_built_packaged_and_installed() {
    let script = read("action/install.sh");
    let installed = script.split(") target=").skip(1).filter_map(|rest| rest.split(' ').next());
    assert_eq!(installed.map(str::to_owned).collect::<BTreeSet<_>>(), targets());

    let workflow = yaml(".github/workflows/release.yml");
    let rows = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_array().expect("a list");
    let built = rows.iter().flat_map(|row| row["targets"].as_str().expect("targets").split(' '));
    assert_eq!(built.map(str::to_owned).collect::<BTreeSet<_>>(), targets());
}

#[test]
fn hooks_run_for_every_file_that_is_checked() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().expect("a list");
    for hook in hooks {
        let files = regex::Regex::new(hook["files"].as_str().expect("a pattern")).expect("the pattern is valid");
        let checked = ["json", "ndjson", "jsonl", "yaml", "yml", "plist", "mobileconfig", "xml"];
        let checked = checked.map(|extension| format!("macos/a.{extension}")).into_iter();
        for path in checked.chain(["A.JSON", "ddmc.toml", "macos/ddmc.toml", "sets/set.a.b.txt"].map(str::to_owned)) {
            assert!(files.is_match(&path), "{path}: {files}");
        }
        for path in ["README.md", "json", "a.json.bak", "notddmc.toml", "set.txt", "set.a/b.txt", "a.toml"] {
            assert!(!files.is_match(path), "{path}: {files}");
        }
    }
    // The mirror has the same hooks as this repository, but installs them with pip.
    let mut mirror = yaml("packaging/pre-commit/.pre-commit-hooks.yaml");
    for hook in mirror.as_array_mut().expect("a list") {
        assert_eq!(hook["language"], "python");
        hook["language"] = "rust".into();
    }
    assert_eq!(mirror.as_array().expect("a list"), &hooks[..2]);
}

/// GitHub shows no form, and says nothing, if it is invalid.
#[test]
fn forms_for_issues_ask_for_the_version() {
    for form in ["finding", "bug", "idea"] {
        let form = yaml(&format!(".github/ISSUE_TEMPLATE/{form}.yml"));
        assert!(form["name"].is_string() && form["description"].is_string(), "{form}");
        let fields = form["body"].as_array().expect("a list");
        let ids: BTreeSet<&str> = fields.iter().map(|field| field["id"].as_str().expect("an id")).collect();
        assert_eq!(ids.len(), fields.len(), "{form}");
        for field in fields {
            let kind = field["type"].as_str().expect("a type");
            assert!(["input", "textarea", "dropdown"].contains(&kind) && field["attributes"]["label"].is_string(), "{field}");
            assert_eq!(kind == "dropdown", field["attributes"]["options"].is_array(), "{field}");
        }
        assert_eq!(ids.contains("version"), form["name"] != "An idea");
    }
}

/// The steps of the release, in a copy of what they read.
#[cfg(unix)]
mod release {
    use std::process::{Command, Output};

    use tempfile::TempDir;

    use super::*;

    struct Scene {
        folder: TempDir,
    }

    impl Scene {
        /// A repository with an `origin` that has one tag, v0.0.1.
        fn new() -> Self {
            let copy = Self { folder: tempfile::tempdir().expect("a temporary folder can be made") };
            for file in [".ci/release", "action/checksums.txt", "packaging/npm/platforms.json"] {
                let to = copy.path(file);
                fs::create_dir_all(to.parent().expect("a file is in a folder")).expect("a folder can be made");
                fs::copy(root().join(file), to).expect("a file can be copied");
            }
            copy.write("Cargo.toml", "[package]\nname = \"ddmc\"\nversion = \"1.2.3\"\n");
            copy.write("CHANGELOG.md", "# Changelog\n\n## [1.2.3] - 2026-12-01\n\n## [0.0.1] - 2026-11-01\n");
            let git = "git init --quiet . && git add . && git commit --quiet -m A && git init --quiet --bare origin.git \
                       && git remote add origin ./origin.git && git tag v0.0.1 && git push --quiet origin v0.0.1";
            let output = copy.run("bash", &["-c", git]);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            copy
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn write(&self, name: &str, text: &str) {
            fs::write(self.path(name), text).expect("a file can be written");
        }

        fn run(&self, program: &str, arguments: &[&str]) -> Output {
            let mut command = Command::new(program);
            command.args(arguments).current_dir(self.folder.path()).env("GIT_CONFIG_GLOBAL", "/dev/null");
            for role in ["AUTHOR", "COMMITTER"] {
                command.env(format!("GIT_{role}_NAME"), "name").env(format!("GIT_{role}_EMAIL"), "name@example.com");
            }
            command.output().expect("the program runs")
        }

        /// Runs the script; `Err` has what it says.
        fn release(&self, arguments: &[&str]) -> Result<(), String> {
            let output = self.run("bash", &[&[".ci/release"], arguments].concat());
            if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
        }
    }

    #[test]
    fn only_the_version_of_the_commit_is_released_and_only_once() {
        let copy = Scene::new();
        assert_eq!(copy.release(&["check", "1.2.3"]), Ok(()));
        let refused = |copy: &Scene, version: &str, why: &str| {
            let error = copy.release(&["check", version]).expect_err(version);
            assert!(error.contains(why), "{version}: {error}");
        };
        refused(&copy, "1.2.4", "Cargo.toml has another version than 1.2.4");
        refused(&copy, "v1.2.3", "write the version as in Cargo.toml");
        copy.write("Cargo.toml", "version = \"0.0.1\"\n");
        refused(&copy, "0.0.1", "the tag v0.0.1 exists already");
        copy.write("Cargo.toml", "version = \"0.0.2\"\n");
        refused(&copy, "0.0.2", "CHANGELOG.md has no section [0.0.2] with a date");
        copy.write("CHANGELOG.md", "## [0.0.2] - unreleased\n");
        refused(&copy, "0.0.2", "CHANGELOG.md has no section [0.0.2] with a date");
    }

    #[test]
    fn the_checksums_of_all_archives_are_committed_and_tagged() {
        let copy = Scene::new();
        fs::create_dir(copy.path("dist")).expect("a folder can be made");
        let names: Vec<String> = targets().iter().map(|target| format!("ddmc-{target}.tar.gz")).collect();
        for name in &names[1..] {
            copy.write(&format!("dist/{name}"), name);
        }
        let error = copy.release(&["commit", "1.2.3", "dist"]).expect_err("one is missing");
        assert!(error.contains(&format!("dist has no {}", names[0])), "{error}");
        copy.write(&format!("dist/{}", names[0]), &names[0]);
        assert_eq!(copy.release(&["commit", "1.2.3", "dist"]), Ok(()));

        let shown = copy.run("git", &["show", "--format=%s%n%P", "--name-only", "v1.2.3^{commit}"]);
        let parent = copy.run("git", &["rev-parse", "v0.0.1"]);
        let expected = format!(
            "Record the checksums of the archives of 1.2.3\n{}\naction/checksums.txt\n",
            String::from_utf8_lossy(&parent.stdout)
        );
        assert_eq!(String::from_utf8_lossy(&shown.stdout), expected);
        // The paths are those of releases, so this is where sha256sum looks for them.
        fs::rename(copy.path("dist"), copy.path("v1.2.3")).expect("the folder can be renamed");
        let sums = fs::read_to_string(copy.path("action/checksums.txt")).expect("the file exists");
        let (comment, lines) = sums.split_once('\n').expect("the file begins with a comment");
        assert!(comment.starts_with('#') && lines.lines().count() == names.len(), "{sums}");
        copy.write("sums", lines);
        let checked = copy.run("sha256sum", &["--check", "--strict", "sums"]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        for name in names {
            assert!(lines.contains(&format!("  v1.2.3/{name}\n")), "{lines}");
        }
    }
}
