//! `ddmc diff` over git repositories, also hostile ones. `fixtures/diff` has what it says about changes.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// Runs `ddmc diff` in a folder.
fn diff(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.arg("diff").args(arguments).current_dir(folder).env("COLUMNS", "80").output().expect("the program runs")
}

/// The changes that `ddmc diff` prints, as JSON.
fn changes(folder: &Path, arguments: &[&str]) -> Value {
    let output = diff(folder, &[arguments, &["--format", "json"]].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

/// What `ddmc diff` says when it cannot compare.
fn refusal(folder: &Path, arguments: &[&str]) -> String {
    let output = diff(folder, arguments);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    text
}

/// Whether nothing at all changes between two states.
fn is_same(folder: &Path, arguments: &[&str]) -> bool {
    let changes = changes(folder, arguments);
    changes["changes"].as_array().is_some_and(Vec::is_empty) && changes["unchanged_for_devices"] == 0
}

/// Runs git without the configuration of the user.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "A").env(format!("GIT_{role}_EMAIL"), "a@example.com");
    }
    let output = command.args(arguments).output().expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}

fn settings(identifier: &str, days: u32) -> String {
    format!(
        "{{ \"Type\": \"com.apple.configuration.softwareupdate.settings\", \"Identifier\": \"{identifier}\", \
         \"Payload\": {{ \"Deferrals\": {{ \"MajorPeriodInDays\": {days} }} }} }}\n"
    )
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

/// A repository with two commits: `macos/a.json` defers 30 days, then 60.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    git(path, &["init", "--quiet", "--initial-branch", "main"]);
    write(path, "macos/a.json", &settings("com.example.a", 30));
    write(path, "ios/b.json", &settings("com.example.b", 7));
    commit(path, "one");
    git(path, &["tag", "v1"]);
    write(path, "macos/a.json", &settings("com.example.a", 60));
    commit(path, "two");
    folder
}

#[test]
fn a_revision_is_a_branch_a_tag_a_hash_or_an_ancestor() {
    let folder = repository();
    let path = folder.path();
    let hash = git(path, &["rev-parse", "HEAD~1"]);
    for old in ["git:v1", "git:HEAD~1", "git:main~1", &format!("git:{hash}"), &format!("git:{}", &hash[..10]), "git:HEAD^{/one}"]
    {
        let found = changes(path, &[old, "."]);
        let all = found["changes"].as_array().expect("a list");
        assert_eq!(all.len(), 1, "{old}: {found}");
        assert_eq!((&all[0]["old"], &all[0]["new"]), (&Value::from(30), &Value::from(60)), "{old}");
        assert_eq!(all[0]["file"], "macos/a.json", "{old}");
        assert_eq!(all[0]["message"], "Macs hold back major updates 60 days instead of 30");
    }
    assert!(is_same(path, &["git:HEAD", "."]));
    assert!(is_same(path, &["git:v1:ios", "git:HEAD:ios"]));
    assert!(!is_same(path, &["git:HEAD~1:macos", "git:HEAD:macos/"]));
    assert!(!is_same(path, &["git:HEAD~1:macos/a.json", "git:main:macos/a.json"]));
    assert!(!is_same(path, &["git:v1:macos/a.json", "macos/a.json"]));
    // The exit status tells of changes only if asked to.
    assert_eq!(diff(path, &["git:v1", "."]).status.code(), Some(0));
    assert_eq!(diff(path, &["git:v1", ".", "--exit-code"]).status.code(), Some(1));
    assert_eq!(diff(path, &["git:HEAD", ".", "--exit-code"]).status.code(), Some(0));
}

#[test]
fn a_subfolder_is_compared_with_itself_and_paths_begin_at_the_top() {
    let folder = repository();
    let below = folder.path().join("macos");
    let found = changes(&below, &["git:v1", "."]);
    assert_eq!(found["changes"][0]["file"], "a.json", "{found}");
    assert_eq!(changes(&below, &["git:v1:./a.json", "a.json"])["changes"][0]["file"], "a.json");
    assert!(is_same(&below, &["git:v1:ios", "../ios"]));
    assert!(!is_same(&below, &["git:v1:", "git:main:"]));
    assert!(!is_same(&below, &["git:v1:../macos", "git:main:macos"]));
    // A place in the old state is where it was.
    fs::remove_file(folder.path().join("ios/b.json")).expect("it exists");
    let found = changes(&below, &["git:HEAD:ios", "."]);
    let removed = found["changes"].as_array().expect("a list").iter().find(|change| change["change"] == "removed");
    assert_eq!(removed.map(|change| &change["file"]), Some(&"../ios/b.json".into()), "{found}");
    assert!(refusal(&below, &["git:v1:../../..", "."]).contains("leads out of the repository"));
}

#[test]
fn a_bare_clone_has_revisions_too() {
    let folder = repository();
    let clones = tempfile::tempdir().expect("a temporary folder can be made");
    git(clones.path(), &["clone", "--quiet", "--bare", &folder.path().to_string_lossy(), "bare.git"]);
    let bare = clones.path().join("bare.git");
    let found = changes(&bare, &["git:v1", "git:main"]);
    assert_eq!(found["changes"][0]["new"], 60, "{found}");
    assert_eq!(found["changes"][0]["file"], "macos/a.json");
}

#[test]
fn what_is_not_a_revision_is_said() {
    let folder = repository();
    let path = folder.path();
    assert!(refusal(path, &["git:none", "."]).contains("git:none: \"none\" is not a revision of this repository"));
    assert!(refusal(path, &["git:^main", "."]).contains("is not a revision"));
    assert!(refusal(path, &["git:v1..main", "."]).contains("is not a revision"));
    assert!(refusal(path, &["git:main:none", "."]).contains("has no file or folder \"none\""));
    assert!(refusal(path, &["git:", "."]).contains("names no revision"));
    for option in ["git:--output=x", "git:-p", "git:--upload-pack=touch x"] {
        assert!(refusal(path, &[option, "."]).contains("begins with -"), "{option}");
    }
    assert!(!path.join("x").exists());
    assert!(refusal(path, &["git:\u{1b}[31m::error::x", "."]).contains("\\u{1b}[31m\\u{3a}:error"));
    let elsewhere = tempfile::tempdir().expect("a temporary folder can be made");
    write(elsewhere.path(), "a.json", &settings("a", 1));
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    let ceiling = elsewhere.path().parent().expect("it is in a folder");
    let output = command
        .args(["diff", "git:main", "."])
        .current_dir(elsewhere.path())
        .env("GIT_CEILING_DIRECTORIES", ceiling)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not a git repository"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    let output = command.args(["diff", "git:main", "."]).current_dir(path).env("PATH", elsewhere.path()).output();
    let output = output.expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("needs the program git, which was not found"));
}

#[test]
#[cfg(unix)]
fn a_tree_has_the_files_that_a_walk_finds() {
    use std::os::unix::ffi::OsStrExt;

    let folder = repository();
    let path = folder.path();
    let outside = tempfile::tempdir().expect("a temporary folder can be made");
    write(outside.path(), "secret.json", &settings("com.example.secret", 1));
    // Tracked, though ignored: folders leave them out.
    for (name, text) in [
        (".gitignore", "ignored/\n*.draft.json\n!kept.draft.json\n"),
        ("ignored/a.json", &settings("com.example.ignored", 1)),
        ("x.draft.json", &settings("com.example.draft", 1)),
        ("kept.draft.json", &settings("com.example.kept", 1)),
        ("deep/.ignore", "one.json\n"),
        ("deep/one.json", &settings("com.example.one", 1)),
        ("deep/two.json", &settings("com.example.two", 1)),
        ("deep/er/.gitignore", "*\n!three.json\n"),
        ("deep/er/three.json", &settings("com.example.three", 1)),
        ("deep/er/four.json", &settings("com.example.four", 1)),
        (".hidden/a.json", &settings("com.example.hidden", 1)),
        ("a-b.json", &settings("com.example.a-b", 1)),
        ("a/x.json", &settings("com.example.a.x", 1)),
        ("a.b/x.json", &settings("com.example.a.b.x", 1)),
        ("notes.txt", "not a declaration\n"),
        ("lines.ndjson", &(settings("com.example.line1", 1) + &settings("com.example.line2", 2))),
        ("line\nfeed\u{1b}[31m::error::.json", &settings("com.example.feed", 1)),
        ("quote\"s and \\ and tab\t.json", &settings("com.example.quote", 1)),
        ("excluded/a.json", &settings("com.example.excluded", 1)),
    ] {
        write(path, name, text);
    }
    write(path, "ddmc.toml", "exclude = [\"excluded\"]\n");
    let strange = path.join(std::ffi::OsStr::from_bytes(b"not-utf-8-\xff.json"));
    fs::write(strange, settings("com.example.bytes", 1)).expect("a file can be written");
    std::os::unix::fs::symlink(outside.path().join("secret.json"), path.join("link.json")).expect("a link can be made");
    std::os::unix::fs::symlink(outside.path(), path.join("folder")).expect("a link can be made");
    commit(path, "three");
    let module = git(path, &["rev-parse", "HEAD"]);
    git(path, &["update-index", "--add", "--cacheinfo", &format!("160000,{module},module")]);
    git(path, &["commit", "--quiet", "--message", "four"]);
    assert!(is_same(path, &["git:HEAD", "."]), "{}", changes(path, &["git:HEAD", "."]));
    assert!(is_same(path, &["git:HEAD:deep", "deep"]), "{}", changes(path, &["git:HEAD:deep", "deep"]));
    assert!(is_same(&path.join("deep"), &["git:HEAD", "."]));
    // What is left out is left out on both sides, and all else is read.
    let found = changes(path, &["git:v1", "git:HEAD"]);
    let mut names: Vec<&str> = found["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|change| change["change"] == "added")
        .map(|change| change["identifier"].as_str().expect("a name").trim_start_matches("com.example."))
        .collect();
    names.sort_unstable();
    let all = ["a-b", "a.b.x", "a.x", "bytes", "feed", "kept", "line1", "line2", "quote", "three", "two"];
    assert_eq!(names, all, "{found}");
    for named in ["git:HEAD:link.json", "git:HEAD:folder", "git:HEAD:module"] {
        assert!(refusal(path, &[named, "."]).contains("is a link or a submodule"), "{named}");
    }
    // A named file is never skipped.
    assert_eq!(changes(path, &["git:HEAD:x.draft.json", "git:HEAD:kept.draft.json"])["changes"][0]["subject"], "declaration");
    let output = diff(path, &["git:v1", "git:HEAD"]);
    let printed = String::from_utf8(output.stdout).expect("the output is UTF-8");
    assert!(printed.contains("line\\u{a}feed\\u{1b}[31m\\u{3a}:error") && !printed.contains('\u{1b}'), "{printed}");
}

#[test]
fn nothing_is_fetched_and_no_program_of_the_repository_runs() {
    let folder = repository();
    let path = folder.path();
    git(path, &["config", "uploadpack.allowFilter", "true"]);
    git(path, &["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let clones = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("file://{}", path.display());
    git(clones.path(), &["clone", "--quiet", "--no-checkout", "--filter=blob:none", &url, "partial"]);
    let partial = clones.path().join("partial");
    let count = || git(&partial, &["count-objects", "-v"]);
    let before = count();
    let text = refusal(&partial, &["git:HEAD~1", "git:HEAD"]);
    assert!(text.contains("its content is not in this clone, and nothing is fetched"), "{text}");
    assert_eq!(count(), before);
    // Programs that a repository can name.
    let marker = clones.path().join("ran");
    let run = format!("touch {}", marker.display());
    for key in ["core.fsmonitor", "core.pager", "pager.ls-tree", "diff.external", "core.sshCommand", "filter.x.smudge"] {
        git(path, &["config", key, &run]);
    }
    write(path, ".gitattributes", "*.json filter=x\n");
    assert!(!is_same(path, &["git:v1", "git:HEAD"]));
    assert!(!marker.exists());
}

#[test]
fn lists_of_fleet_are_read_from_a_revision() {
    let folder = repository();
    let path = folder.path();
    let list = |names: &[&str]| {
        let items: Vec<String> = names.iter().map(|name| format!("      - path: {name}\n")).collect();
        format!("controls:\n  macos_settings:\n    custom_settings:\n{}", items.concat())
    };
    write(path, "default.yml", &list(&["macos/a.json"]));
    commit(path, "list");
    write(path, "default.yml", &list(&["macos/a.json", "ios/b.json"]));
    commit(path, "list more");
    let found = changes(path, &["git:HEAD~1", "git:HEAD"]);
    let messages: Vec<&str> =
        found["changes"].as_array().expect("a list").iter().map(|change| change["message"].as_str().expect("a text")).collect();
    assert_eq!(messages, ["com.example.b is now in the set default.yml"], "{found}");
}
