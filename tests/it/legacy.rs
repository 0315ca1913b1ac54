//! Commands and profiles: findings match an independent copy of Apple's table, and migrations match plans.

use crate::support::shared;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn ddmc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(arguments).current_dir(folder).env_remove("GITHUB_ACTIONS").output().expect("the program runs")
}

fn json(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = ddmc(folder, arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {output:?}"))
}

/// The first versions of iOS and iPadOS, macOS, and tvOS that support each action, from Apple's page of the command.
const ACTIONS: [(&str, [Option<&str>; 3]); 6] = [
    ("Default", [Some("9"), Some("10.11"), Some("12")]),
    ("DownloadOnly", [Some("9"), Some("11"), Some("12")]),
    ("InstallASAP", [Some("9"), Some("10.11"), Some("12")]),
    ("NotifyOnly", [None, Some("10.11"), None]),
    ("InstallLater", [None, Some("10.11"), None]),
    ("InstallForceRestart", [None, Some("11"), None]),
];

fn number(version: &str) -> Vec<u32> {
    let mut parts: Vec<u32> = version.split('.').map(|part| part.parse().expect("a number")).collect();
    parts.resize(3, 0);
    parts
}

#[test]
fn install_actions_are_checked_by_platform_and_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines: Vec<String> = ACTIONS
        .iter()
        .map(|(action, _)| {
            format!(
                r#"{{ "Command": {{ "RequestType": "ScheduleOSUpdate", "Updates": [{{ "ProductKey": "k", "InstallAction": "{action}" }}] }} }}"#
            )
        })
        .collect();
    fs::write(folder.path().join("commands.ndjson"), lines.join("\n")).expect("a file can be written");
    let platforms = [("iOS", 0, "9.0"), ("iPadOS", 0, "9.0"), ("macOS", 1, "10.11"), ("tvOS", 2, "12.0")];
    let versions =
        ["8.4", "9.0", "10.10.5", "10.11", "10.15.7", "11.0", "11.5", "12.0", "14.5", "18.6", "26.0", "26.9", "27.0", "27.1"];
    for (platform, column, first) in platforms {
        // Version 26 of macOS follows 15; before 10 and tvOS 9 there was none.
        let never = [("macOS", "18.6"), ("macOS", "8.4"), ("macOS", "9.0"), ("tvOS", "8.4")];
        for version in versions.into_iter().filter(|version| !never.contains(&(platform, *version))) {
            let target = format!("{platform}={version}");
            let report = json(folder.path(), &["check", "--format", "json", "--target", &target, "commands.ndjson"]);
            let findings = report["findings"].as_array().expect("a list");
            let has = |rule: &str, index: usize, severity: &str| {
                findings
                    .iter()
                    .any(|finding| finding["rule"] == rule && finding["index"] == index && finding["severity"] == severity)
            };
            let exists = number(version) >= number(first);
            let is_gone = number(version) >= number("27.0");
            for (index, (action, since)) in ACTIONS.iter().enumerate() {
                let takes = since[column].is_some_and(|since| number(version) >= number(since));
                let refused = exists && !is_gone && !takes;
                assert_eq!(has("unsupported-install-action", index, "error"), refused, "{action} on {target}");
                assert_eq!(has("unsupported-declaration", index, "error"), !exists, "{action} on {target}");
                assert_eq!(has("removed-command", index, "error"), is_gone, "{action} on {target}");
                let is_old = !is_gone && number(version) >= number("26.0");
                assert_eq!(has("removed-command", index, "warning"), is_old, "{action} on {target}");
            }
        }
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/migrate").join(name)
}

#[test]
fn a_migrated_profile_has_the_same_effect_on_a_mac() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("declarations");
    let profile = fixture("mac-profile/updates.mobileconfig");
    let paths = [profile.to_string_lossy(), out.to_string_lossy()];
    let output = ddmc(folder.path(), &["migrate", &paths[0], "--target", "macOS=15.4", "-o", &format!("{}/", paths[1])]);
    assert!(output.status.success(), "{output:?}");
    assert!(ddmc(folder.path(), &["check", &paths[1], "--target", "macOS=15.4"]).status.success());
    let plan = json(folder.path(), &["plan", &paths[1], "--device", "macOS=15.4", "--format", "json"]);
    let settings = plan["settings"].as_array().expect("a list");
    let value = |key: &str| {
        let pointer = format!("/Payload/{}", key.replace('.', "/"));
        let setting = settings.iter().find(|setting| setting["pointer"] == pointer.as_str());
        setting.map_or(serde_json::Value::Null, |setting| setting["value"].clone())
    };
    for (key, expected) in [
        ("Deferrals.MajorPeriodInDays", serde_json::json!(90)),
        ("Deferrals.MinorPeriodInDays", serde_json::json!(14)),
        ("Deferrals.SystemPeriodInDays", serde_json::Value::Null),
        ("AutomaticActions.Download", serde_json::json!("AlwaysOn")),
        ("AutomaticActions.InstallOSUpdates", serde_json::json!("AlwaysOn")),
        ("AutomaticActions.InstallSecurityUpdate", serde_json::json!("AlwaysOn")),
        ("RapidSecurityResponse.Enable", serde_json::json!(true)),
        ("RapidSecurityResponse.EnableRollback", serde_json::json!(false)),
        ("AllowStandardUserOSUpdates", serde_json::json!(false)),
        ("Beta.ProgramEnrollment", serde_json::json!("AlwaysOff")),
    ] {
        assert_eq!(value(key), expected, "{key} in {settings:?}");
    }
}

/// The payloads of the declarations that the documents of the corpus migrate to.
const MIGRATED: [(&str, &[&str]); 10] = [
    ("command/001.plist", &[]),
    ("command/003.plist", &[r#"{"TargetLocalDateTime":"2026-12-01T12:00:00","TargetOSVersion":"14.5"}"#]),
    ("command/004.plist", &[]),
    ("command_other/002.plist", &[]),
    (
        "profile/001.mobileconfig",
        &[r#"{"AutomaticActions":{"Download":"AlwaysOn","InstallOSUpdates":"AlwaysOff","InstallSecurityUpdate":"AlwaysOn"}}"#],
    ),
    (
        "profile/002.mobileconfig",
        &[
            r#"{"Deferrals":{"MajorPeriodInDays":30,"MinorPeriodInDays":14},"RapidSecurityResponse":{"Enable":false,"EnableRollback":false}}"#,
        ],
    ),
    (
        "profile/003.mobileconfig",
        &[
            r#"{"AutomaticActions":{"Download":"AlwaysOn","InstallOSUpdates":"AlwaysOff","InstallSecurityUpdate":"AlwaysOn"},"Deferrals":{"MajorPeriodInDays":14,"MinorPeriodInDays":7}}"#,
        ],
    ),
    ("profile/005.mobileconfig", &[r#"{"Deferrals":{"MajorPeriodInDays":90}}"#]),
    ("profile/010.mobileconfig", &[r#"{"Deferrals":{"MajorPeriodInDays":45,"MinorPeriodInDays":7}}"#]),
    ("profile/015.mobileconfig", &[]),
];

#[test]
fn real_documents_migrate_as_the_table_says() {
    let Some(corpus) = shared("legacy") else { return };
    for (name, expected) in MIGRATED {
        let set = json(&corpus, &["migrate", "--no-config", name, "--deadline", "2026-12-01T12:00:00"]);
        let payloads: Vec<&serde_json::Value> = set.as_array().expect("a list").iter().map(|one| &one["Payload"]).collect();
        let expected: Vec<serde_json::Value> = expected.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect();
        assert_eq!(payloads, expected.iter().collect::<Vec<_>>(), "{name}");
    }
    // It installs macOS 12, which no enforcement can.
    let output = ddmc(&corpus, &["migrate", "--no-config", "command/009.plist", "--deadline", "2026-12-01T12:00:00"]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{output:?}");
}

#[test]
fn a_valid_profile_has_no_findings_on_supported_devices() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = fixture("two-platforms/delay.mobileconfig");
    for target in ["iOS=18.1", "macOS=15.4", "tvOS=18.4", "iPadOS=17.0"] {
        let report = json(folder.path(), &["check", "--format", "json", "--target", target, &profile.to_string_lossy()]);
        assert_eq!(report["findings"], serde_json::json!([]), "{target}");
    }
}
