//! Files outside of a repository have no effect on a run, unless the user names them.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const FINE: &str = r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.a", "Payload": {}}"#;

const CATALOG: &str = r#"{"PublicAssetSets": {"macOS": [{"ProductVersion": "26.1", "Build": "25B78"}]}}"#;

const POLICY: &str = r#"{ "name": "own", "message": "not ours", "schema": {} }"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, text) in files {
        write(&folder.path().join(name), text);
    }
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    // A run that waits for a pipe is stopped after a minute.
    let mut command = Command::new("timeout");
    command.args(["60", env!("CARGO_BIN_EXE_ddmc")]).args(arguments).current_dir(folder).stdin(Stdio::null());
    command.env_remove("GITHUB_ACTIONS").output().expect("the program runs")
}

fn stderr(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).expect("the remarks are UTF-8");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// The files with findings, in the order of the run.
fn checked(folder: &Path, path: &str) -> Vec<String> {
    let output = ddmc(folder, &["check", path, "--allow-empty", "--format", "concise"]);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", stderr(&output));
    let text = String::from_utf8(output.stdout).expect("a report is UTF-8");
    let mut files: Vec<String> =
        text.lines().filter_map(|line| Some(line.split_once(':')?.0.trim_start_matches("./").to_owned())).collect();
    files.dedup();
    files
}

#[test]
fn a_found_configuration_names_only_files_of_its_repository() {
    let schema = [
        ("schema/declarative/declarations/declarationbase.yaml", ""),
        ("schema/declarative/declarations/configurations/none.yaml", ""),
    ];
    let outside = folder(&[&[("catalog.json", CATALOG), ("policy.json", POLICY)], &schema[..]].concat());
    let outer = folder(&[("catalog.json", CATALOG), ("policy.json", POLICY)]);
    for (path, text) in schema {
        write(&outer.path().join(path), text);
    }
    for (repository, is_git) in [("git", true), ("plain", false)] {
        let root = outer.path().join(repository);
        for (name, text) in [("a.json", FINE), ("sub/a.json", FINE), ("catalog.json", CATALOG), ("policy.json", POLICY)] {
            write(&root.join(name), text);
        }
        for (path, text) in schema {
            write(&root.join(path), text);
        }
        symlink(outside.path(), root.join("link")).expect("a link can be made");
        if is_git {
            write(&root.join(".git/catalog.json"), CATALOG);
        }
        for (key, flag, file) in [
            ("catalog = \"FILE\"", "--catalog", "catalog.json"),
            ("apple-schema = \"FILE\"", "--apple-schema", "schema"),
            ("[[policies]]\nfile = \"FILE\"", "--policy", "policy.json"),
        ] {
            let far = outside.path().join(file).display().to_string();
            let configure = |path: &str, file: &str| write(&root.join(path), &key.replace("FILE", file));
            let refusal = |file: &str| format!("ddmc: {file}: is outside the repository; name it with {flag}\n");
            for other in
                [format!("../{file}"), format!("link/{file}"), far.clone(), format!("sub/../../{file}"), "/nowhere".to_owned()]
            {
                configure("ddmc.toml", &other);
                let output = ddmc(&root, &["check", "a.json"]);
                assert_eq!((output.status.code(), stderr(&output)), (Some(2), refusal(&other)), "{key}");
                // The user may name the file, or the configuration. A mistake in a policy is shown, so it must be named itself.
                let output = ddmc(&root, &["check", "a.json", "--config", "ddmc.toml"]);
                let is_refused = flag == "--policy" || other == "/nowhere";
                assert_eq!(stderr(&output).contains("outside") || other == "/nowhere", is_refused, "{key}: {}", stderr(&output));
            }
            // From a folder below, and in a configuration below the root.
            configure("ddmc.toml", file);
            let output = ddmc(&root, &["check", "a.json"]);
            assert!(!stderr(&output).contains("outside"), "{key}: {}", stderr(&output));
            fs::remove_file(root.join("ddmc.toml")).expect("it exists");
            configure("sub/ddmc.toml", &format!("../{file}"));
            let output = ddmc(&root.join("sub"), &["check", "a.json"]);
            assert_eq!(stderr(&output) == refusal(&format!("../{file}")), !is_git, "{key}: {}", stderr(&output));
            fs::remove_file(root.join("sub/ddmc.toml")).expect("it exists");
        }
        if is_git {
            write(&root.join("ddmc.toml"), "catalog = \".git/catalog.json\"");
            assert!(stderr(&ddmc(&root, &["check", "a.json"])).contains("is outside the repository"));
        }
    }
    // A link inside a checkout of the schema.
    let root = outer.path().join("git");
    fs::create_dir(root.join("partial")).expect("a folder can be made");
    symlink(outside.path().join("schema/declarative"), root.join("partial/declarative")).expect("a link can be made");
    write(&root.join("ddmc.toml"), "apple-schema = \"partial\"");
    assert!(stderr(&ddmc(&root, &["check", "a.json"])).contains("partial: is outside the repository"));
}

#[test]
fn a_configuration_above_the_repository_has_no_effect() {
    let outer = folder(&[("ddmc.toml", "not a configuration"), ("git/sub/a.json", FINE), ("plain/a.json", FINE)]);
    fs::create_dir(outer.path().join("git/.git")).expect("a folder can be made");
    for inner in ["git", "git/sub", "plain"] {
        let output = ddmc(&outer.path().join(inner), &["check", "."]);
        assert_eq!(output.status.code(), Some(0), "{inner}: {}", stderr(&output));
    }
    // In the repository it has, from every folder.
    write(&outer.path().join("git/ddmc.toml"), "not a configuration");
    for inner in ["git", "git/sub"] {
        assert_eq!(ddmc(&outer.path().join(inner), &["check", "."]).status.code(), Some(2), "{inner}");
    }
}

#[test]
fn ignore_files_above_the_repository_have_no_effect() {
    let wrong = FINE.replace("{}", "{\"X\": 1}");
    let ignored = ["*.json\n", "*\n", "git\n", "sub/\n"];
    for text in ignored {
        for name in [".ignore", ".gitignore"] {
            let outer =
                folder(&[(name, text), ("git/.git/config", ""), ("git/sub/a.json", &wrong), ("plain/sub/a.json", &wrong)]);
            for inner in ["git", "plain"] {
                assert_eq!(checked(&outer.path().join(inner), "."), ["sub/a.json"], "{inner}: {text}");
            }
            assert_eq!(checked(&outer.path().join("git"), "sub"), ["sub/a.json"], "{text}");
            assert_eq!(checked(&outer.path().join("git/sub"), "."), ["a.json"], "{text}");
        }
    }
}

#[test]
fn the_users_settings_of_git_have_no_effect() {
    let wrong = FINE.replace("{}", "{\"X\": 1}");
    let home = folder(&[
        (".config/git/ignore", "*.json\n"),
        (".gitconfig", "[core]\n\texcludesFile = ~/other\n"),
        ("other", "*.json\n"),
        ("repository/.git/info/exclude", "*.json\n"),
        ("repository/a.json", &wrong),
    ]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(["check", "."]).current_dir(home.path().join("repository")).env_remove("GITHUB_ACTIONS");
    command.env("HOME", home.path()).env_remove("XDG_CONFIG_HOME");
    assert_eq!(command.output().expect("the program runs").status.code(), Some(1));
}

#[test]
fn ignore_files_apply_as_in_git() {
    let wrong = FINE.replace("{}", "{\"X\": 1}");
    for is_git in [true, false] {
        let folder = folder(&[
            (".gitignore", "# all\n\ndrafts/\n*.json\n!keep*.json\n/a/only-here.ndjson\n"),
            (".ignore", "!shown.json\n.hidden/no.json\n!.hidden\n"),
            ("a/.gitignore", "\u{FEFF}!*.json\nkeep2.json\n"),
            ("ignored.json", &wrong),
            ("keep.json", &wrong),
            ("shown.json", &wrong),
            ("drafts/keep.json", &wrong),
            (".secret/keep.json", &wrong),
            (".hidden/keep.json", &wrong),
            (".hidden/no.json", &wrong),
            ("a/x.json", &wrong),
            ("a/keep2.json", &wrong),
            ("a/only-here.ndjson", &wrong),
            ("a/b/x.json", &wrong),
            ("a/b/only-here.ndjson", &wrong),
            ("b/keep.json", &wrong),
            ("b/x.json", &wrong),
            // The `.gitignore` of a repository does not apply to one in it.
            ("c/.git/config", ""),
            ("c/x.json", &wrong),
        ]);
        if is_git {
            fs::create_dir(folder.path().join(".git")).expect("a folder can be made");
        }
        let all = [
            ".hidden/keep.json",
            "a/b/only-here.ndjson",
            "a/b/x.json",
            "a/x.json",
            "b/keep.json",
            "c/x.json",
            "keep.json",
            "shown.json",
        ];
        assert_eq!(checked(folder.path(), "."), all, "{is_git}");
        for inner in ["a", "a/b", "b", "c", ".hidden"] {
            let expected: Vec<&str> = all.into_iter().filter(|file| file.starts_with(&format!("{inner}/"))).collect();
            assert_eq!(checked(folder.path(), inner), expected, "{inner}");
            assert_eq!(checked(folder.path(), &format!("{}/{inner}", folder.path().display())).len(), expected.len(), "{inner}");
            if is_git || inner == "c" {
                assert_eq!(checked(&folder.path().join(inner), ".").len(), expected.len(), "{inner}");
            }
        }
        // A folder that is named is read, as Git adds a file of an ignored folder only by force.
        assert_eq!(checked(folder.path(), "drafts"), ["drafts/keep.json"]);
    }
}

#[test]
fn an_ignore_file_is_a_regular_file_of_limited_size() {
    for name in [".ignore", ".gitignore"] {
        let root = folder(&[("a.json", FINE), ("sub/a.json", FINE), (".git/config", "")]);
        let path = root.path().join("sub").join(name);
        let fails = |reason: &str| {
            for (folder, path, shown) in
                [("", ".", format!("sub/{name}")), ("", "sub", format!("sub/{name}")), ("sub", ".", name.to_owned())]
            {
                let output = ddmc(&root.path().join(folder), &["check", path]);
                assert_eq!(output.status.code(), Some(2), "{reason}");
                assert!(stderr(&output).contains(&format!("ddmc: {shown}: {reason}")), "{reason}: {}", stderr(&output));
            }
        };
        write(&path, &"#".repeat(1 << 20));
        assert_eq!(ddmc(root.path(), &["check", "."]).status.code(), Some(0));
        write(&path, &"#".repeat((1 << 20) + 1));
        fails("is larger than 1 MiB");
        write(&path, &"x\n".repeat((1 << 17) + 1));
        fails("has, with those above, more than 64 KiB of patterns");
        fs::remove_file(&path).expect("it exists");
        if Command::new("mkfifo").arg(&path).status().is_ok_and(|status| status.success()) {
            fails("is not a file");
            fs::remove_file(&path).expect("it exists");
        }
        symlink("/dev/zero", &path).expect("a link can be made");
        fails("is not a file");
        fs::remove_file(&path).expect("it exists");
        fs::create_dir(&path).expect("a folder can be made");
        fails("is not a file");
    }
}
