//! Plans of random sets, compared with an independent implementation of Apple's rules.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::shared;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed};
use serde_json::{Value, json};

/// Runs `ddmc` in a folder and parses its output.
fn run(folder: &Path, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc")).args(arguments).current_dir(folder).output().expect("the program runs");
    let remarks = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {remarks}");
    serde_json::from_slice(&output.stdout).expect("the output is JSON")
}

fn declaration(kind: &str, identifier: &str, payload: &Value) -> Value {
    json!({ "Type": format!("com.apple.configuration.softwareupdate.{kind}"), "Identifier": identifier, "Payload": payload })
}

fn write(folder: &Path, name: &str, declarations: &[Value]) {
    let lines: Vec<String> = declarations.iter().map(ToString::to_string).collect();
    fs::write(folder.join(name), lines.join("\n")).expect("a file can be written");
}

fn plan(folder: &Path, name: &str, device: &str) -> Value {
    run(folder, &["plan", name, "--device", device, "--as-of", NOW, "--format", "json", "--no-config"])
}

const NOW: &str = "2026-01-15T12:00:00";

/// An enforcement for Macs.
#[derive(Debug, Clone)]
struct Order {
    name: String,
    version: [u32; 3],
    build: Option<String>,
    deadline: String,
}

impl Order {
    fn version(&self) -> String {
        let [major, minor, patch] = self.version;
        if patch == 0 { format!("{major}.{minor}") } else { format!("{major}.{minor}.{patch}") }
    }

    fn declaration(&self) -> Value {
        let mut payload = json!({ "TargetOSVersion": self.version(), "TargetLocalDateTime": self.deadline });
        if let Some(build) = &self.build {
            payload["TargetBuildVersion"] = build.clone().into();
        }
        declaration("enforcement.specific", &self.name, &payload)
    }
}

fn orders() -> impl Strategy<Value = Vec<Order>> {
    let version = (select(vec![15, 26]), 0..4_u32, 0..2_u32);
    // A release, or a Background Security Improvement of it. Builds increase with the version, as Apple's do.
    let build = select(vec!["", "release", "improvement"]);
    let deadline = (1..3_u32, select(vec![10, 15, 20, 25]), select(vec![9, 12, 13]));
    let order = (version, build, deadline);
    prop::collection::vec(order, 0..7).prop_map(|orders| {
        orders
            .into_iter()
            .enumerate()
            .map(|(at, ((major, minor, patch), build, (month, day, hour)))| {
                let train = if major == 15 { 24 } else { 25 };
                let letter = char::from(b'A' + u8::try_from(minor).expect("a small number"));
                Order {
                    name: format!("com.example.{at}"),
                    version: [major, minor, patch],
                    build: match build {
                        "release" => Some(format!("{train}{letter}{}", 100 + patch)),
                        "improvement" => Some(format!("{train}{letter}77{patch}100a")),
                        _ => None,
                    },
                    deadline: format!("2026-{month:02}-{day:02}T{hour:02}:00:00"),
                }
            })
            .collect()
    })
}

/// Whether a build of these tests is a Background Security Improvement.
fn is_improvement(build: &str) -> bool {
    build.ends_with('a')
}

/// Whether a target is newer than the installed version and build, if known. `has_improvements` means that the
/// version was enforced without a build, which includes its improvements.
fn is_newer(order: &Order, version: [u32; 3], build: Option<&str>, has_improvements: bool) -> bool {
    match (&order.build, build) {
        _ if order.version != version => order.version > version,
        (None, _) => false,
        (Some(target), Some(installed)) if is_improvement(target) == is_improvement(installed) => {
            // Builds of one version differ only in their numbers.
            (target.len(), target.as_str()) > (installed.len(), installed)
        }
        (Some(target), _) => is_improvement(target) && !has_improvements,
    }
}

/// Applies Apple's documentation step by step: installs the newer target with the earliest deadline, then the lowest
/// version and build, and checks all others again.
fn expected(orders: &[Order], mut version: [u32; 3]) -> Vec<(String, bool)> {
    let mut build: Option<String> = None;
    let mut now = NOW.to_owned();
    let mut done: Vec<(String, bool)> = Vec::new();
    loop {
        let candidates = orders.iter().filter(|order| {
            is_newer(order, version, build.as_deref(), !done.is_empty() && build.is_none())
                && !done.iter().any(|(name, _)| *name == order.name)
        });
        let Some(next) = candidates.min_by_key(|order| (order.deadline.clone(), order.version, order.build.clone())) else {
            break;
        };
        let is_overdue = next.deadline < now;
        done.push((next.name.clone(), is_overdue));
        if is_overdue {
            // One hour later. The times of these tests never reach midnight.
            let hour: u32 = now[11..13].parse().expect("an hour");
            now = format!("{}{:02}{}", &now[..11], hour + 1, &now[13..]);
        } else {
            now.clone_from(&next.deadline);
        }
        version = next.version;
        build.clone_from(&next.build);
    }
    done
}

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..Config::default() }
}

fn steps(plan: &Value) -> Vec<(String, bool)> {
    let step = |update: &Value| (update["identifier"].as_str().expect("a name").to_owned(), update["overdue"] == true);
    plan["updates"].as_array().expect("a list").iter().map(step).collect()
}

fn parsed(version: &str) -> Vec<u32> {
    version.split('.').map(|number| number.parse().expect("a number")).collect()
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn updates_follow_apples_rules(orders in orders(), rotated in 0..7_usize) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut declarations: Vec<Value> = orders.iter().map(Order::declaration).collect();
        if declarations.is_empty() {
            declarations.push(declaration("settings", "com.example.settings", &json!({})));
        }
        write(folder.path(), "set.ndjson", &declarations);
        let plan = plan(folder.path(), "set.ndjson", "macOS=15.0");
        prop_assert_eq!(steps(&plan), expected(&orders, [15, 0, 0]));

        // Versions never decrease.
        let versions: Vec<Vec<u32>> = plan["updates"].as_array().expect("a list").iter()
            .map(|update| parsed(update["version"].as_str().expect("a version"))).collect();
        prop_assert!(versions.windows(2).all(|pair| pair[0] <= pair[1]), "{versions:?}");

        // Each enforcement is either an update or ignored, and no ignored version is newer than the final one.
        let names: BTreeSet<&str> = plan["updates"].as_array().expect("a list").iter().chain(plan["ignored"].as_array().expect("a list"))
            .filter_map(|one| one["identifier"].as_str()).collect();
        prop_assert_eq!(names, orders.iter().map(|order| order.name.as_str()).collect::<BTreeSet<_>>());
        let last = versions.last().cloned().unwrap_or_else(|| vec![15, 0]);
        for ignored in plan["ignored"].as_array().expect("a list") {
            prop_assert!(parsed(ignored["version"].as_str().expect("a version")) <= last);
        }

        // The order of the input matters only for enforcements that differ in nothing but their names.
        let distinct: BTreeSet<_> = orders.iter().map(|order| (order.version, &order.build, &order.deadline)).collect();
        if distinct.len() == orders.len() {
            let middle = rotated % declarations.len();
            declarations.rotate_left(middle);
            write(folder.path(), "rotated.ndjson", &declarations);
            prop_assert_eq!(steps(&self::plan(folder.path(), "rotated.ndjson", "macOS=15.0")), steps(&plan));
        }

        // A device with the newest target installs nothing.
        if let Some(newest) = orders.iter().max_by_key(|order| order.version) {
            let device = format!("macOS={}", Order { version: [newest.version[0], newest.version[1], 9], ..newest.clone() }.version());
            prop_assert_eq!(steps(&self::plan(folder.path(), "set.ndjson", &device)), Vec::new());
        }
    }
}

/// Settings payloads without the keys that rules across keys check.
fn settings() -> impl Strategy<Value = Vec<Value>> {
    let days = || prop::option::of(select(vec![1, 30, 90]));
    let control = || prop::option::of(select(vec!["Allowed", "AlwaysOn", "AlwaysOff"]));
    let flag = || prop::option::of(any::<bool>());
    let payload =
        (days(), days(), control(), control(), flag(), flag(), prop::option::of(select(vec!["All", "Oldest", "Newest"])));
    let payload = payload.prop_map(|(major, combined, download, beta, notifications, standard, cadence)| {
        let mut payload = json!({});
        for (group, key, value) in [
            ("Deferrals", "MajorPeriodInDays", major.map(Value::from)),
            ("Deferrals", "CombinedPeriodInDays", combined.map(Value::from)),
            ("AutomaticActions", "Download", download.map(Value::from)),
            ("Beta", "ProgramEnrollment", beta.map(Value::from)),
        ] {
            if let Some(value) = value {
                payload[group][key] = value;
            }
        }
        for (key, value) in [
            ("Notifications", notifications.map(Value::from)),
            ("AllowStandardUserOSUpdates", standard.map(Value::from)),
            ("RecommendedCadence", cadence.map(Value::from)),
        ] {
            if let Some(value) = value {
                payload[key] = value;
            }
        }
        payload
    });
    prop::collection::vec(payload, 1..4)
}

/// The keys that a device supports, and the defaults of those that have one, according to docs/reference/softwareupdate.settings.md.
fn keys_of(device: &str) -> (Vec<&'static str>, Vec<(&'static str, Value)>) {
    let common = [("/Payload/Notifications", json!(true))];
    let automatic = [("/Payload/AutomaticActions/Download", json!("Allowed"))];
    let beta = [("/Payload/Beta/ProgramEnrollment", json!("Allowed"))];
    let standard = [("/Payload/AllowStandardUserOSUpdates", json!(true))];
    let of = |parts: &[&[(&'static str, Value)]]| parts.concat();
    match device {
        "macOS=15.4" => (vec!["/Payload/Deferrals/MajorPeriodInDays"], of(&[&common, &automatic, &beta, &standard])),
        "macOS=15.3" => (vec!["/Payload/Deferrals/MajorPeriodInDays"], of(&[&common, &automatic, &standard])),
        "iOS=18.0" => {
            (vec!["/Payload/Deferrals/CombinedPeriodInDays", "/Payload/RecommendedCadence"], of(&[&common, &automatic, &beta]))
        }
        "tvOS=26.0" => (vec!["/Payload/Deferrals/CombinedPeriodInDays"], of(&[&common])),
        _ => (vec!["/Payload/RecommendedCadence"], of(&[&common])),
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn effective_settings_are_the_merged_values_and_defaults_of_supported_keys(payloads in settings()) {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let declarations: Vec<Value> = payloads.iter().enumerate()
            .map(|(at, payload)| declaration("settings", &format!("com.example.{at}"), payload)).collect();
        write(folder.path(), "set.ndjson", &declarations);
        let merged = run(folder.path(), &["merge", "set.ndjson", "--no-config"]);
        for device in ["macOS=15.4", "macOS=15.3", "iOS=18.0", "tvOS=26.0", "visionOS=26.0,unsupervised"] {
            let plan = plan(folder.path(), "set.ndjson", device);
            let (others, defaults) = keys_of(device);
            let mut expected: BTreeSet<(String, String, &str)> = BTreeSet::new();
            for (pointer, default) in &defaults {
                let (value, origin) = merged[0].pointer(pointer).map_or((default, "default"), |value| (value, "merged"));
                expected.insert(((*pointer).to_owned(), value.to_string(), origin));
            }
            for pointer in others {
                expected.extend(merged[0].pointer(pointer).map(|value| (pointer.to_owned(), value.to_string(), "merged")));
            }
            // Keys that these settings never set.
            let untouched = ["InstallOSUpdates", "InstallSecurityUpdate", "RapidSecurityResponse"];
            let found: BTreeSet<(String, String, &str)> = plan["settings"].as_array().expect("a list").iter()
                .map(|setting| (setting["pointer"].as_str().expect("a pointer"), &setting["value"], setting["origin"].as_str().expect("an origin")))
                .filter(|(pointer, ..)| !untouched.iter().any(|key| pointer.contains(key)))
                .map(|(pointer, value, origin)| (pointer.to_owned(), value.to_string(), origin)).collect();
            prop_assert_eq!(&found, &expected, "{}", device);
            // A key that is set is either effective or inactive.
            for (at, payload) in payloads.iter().enumerate() {
                let name = format!("com.example.{at}");
                for (key, value) in payload.as_object().expect("an object") {
                    let inner = value.as_object().map(|inner| inner.keys().map(|name| format!("/Payload/{key}/{name}")).collect());
                    for pointer in inner.unwrap_or_else(|| vec![format!("/Payload/{key}")]) {
                        let is_effective = found.iter().any(|(other, ..)| *other == pointer);
                        let is_inactive = plan["inactive"].as_array().expect("a list").iter()
                            .any(|one| one["pointer"] == pointer.as_str() && one["identifier"] == name.as_str());
                        prop_assert!(is_effective != is_inactive, "{} {} {}", device, name, pointer);
                    }
                }
            }
        }
    }
}

/// Real catalogues, if they are available: each loads, and the program knows every release in it.
#[test]
fn knows_every_release_of_a_real_catalogue() {
    let corpus = shared("plan");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/gdmf.json");
    let lists =
        ["gdmf/001.json", "gdmf/002.json", "gdmf/008.json", "gdmf/009.json", "sofa/002.json", "sofa/004.json", "sofa/005.json"];
    let mut compared = 0;
    for list in corpus.iter().flat_map(|corpus| lists.map(|name| corpus.join(name))).chain([examples]) {
        let text = fs::read_to_string(&list).expect("the catalogue can be read");
        let value: Value = serde_json::from_str(&text).expect("the catalogue is JSON");
        let mut releases = BTreeSet::new();
        pairs(&value, &mut releases);
        assert!(!releases.is_empty(), "{}", list.display());
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let declarations: Vec<Value> = releases
            .iter()
            .enumerate()
            .map(|(at, (version, build))| {
                let mut payload = json!({ "TargetOSVersion": version, "TargetLocalDateTime": "2026-01-31T18:00:00" });
                if !build.is_empty() {
                    payload["TargetBuildVersion"] = build.clone().into();
                }
                declaration("enforcement.specific", &format!("com.example.{at}"), &payload)
            })
            .collect();
        write(folder.path(), "set.ndjson", &declarations);
        let catalog = list.to_string_lossy();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
        command.args(["check", "set.ndjson", "--no-config", "--format", "json", "--as-of", NOW, "--catalog", &catalog]);
        let output = command.current_dir(folder.path()).output().expect("the program runs");
        let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let unknown: Vec<&Value> = report["findings"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|finding| finding["rule"] == "unknown-release")
            .collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", list.display());
        assert_eq!(report["summary"]["declarations"], releases.len());
        compared += releases.len();
    }
    // The example in the repository alone has that many.
    assert!(compared >= 12);
}

/// Collects every pair of version and build in a catalogue.
fn pairs(value: &Value, into: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            let version = if members.contains_key("ProductVersion") { text("ProductVersion") } else { text("Version") };
            let is_version =
                version.contains('.') && version.split('.').count() <= 3 && version.starts_with(|c: char| c.is_ascii_digit());
            let is_release = members.contains_key("Build") || members.contains_key("ReleaseType");
            if is_version && is_release {
                into.insert((version, text("Build")));
            }
            members.values().for_each(|value| pairs(value, into));
        }
        Value::Array(items) => items.iter().for_each(|value| pairs(value, into)),
        _ => {}
    }
}

/// A set for Macs and Apple TVs, told apart by predicates.
const MIXED: &str = r#"[
  { "Type": "com.apple.activation.simple", "Identifier": "on.mac", "Payload": {
    "StandardConfigurations": ["notify", "mac"], "Predicate": "@status(device.model.family) == 'Mac'" } },
  { "Type": "com.apple.activation.simple", "Identifier": "on.tv", "Payload": {
    "StandardConfigurations": ["tv"], "Predicate": "@status(device.model.family) == 'AppleTV'" } },
  { "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "notify", "Payload": { "Notifications": false } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "mac",
    "Payload": { "TargetOSVersion": "26.2", "TargetLocalDateTime": "2027-01-01T10:00:00" } },
  { "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "tv",
    "Payload": { "TargetOSVersion": "26.1", "TargetLocalDateTime": "2027-02-01T10:00:00" } }
]"#;

fn mixed(arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder can be made");
    fs::write(folder.path().join("set.json"), MIXED).expect("a file can be written");
    let output = Command::new(env!("CARGO_BIN_EXE_ddmc"))
        .args(["plan", "set.json", "--as-of", "2026-12-01T00:00:00"])
        .args(arguments)
        .current_dir(folder.path())
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("the output is UTF-8")
}

#[test]
fn several_devices_stand_side_by_side() {
    let text = mixed(&["--device", "macOS=26.1", "--device", "tvOS=26.0"]);
    for line in [
        "  1  macOS 26.1",
        "  2  tvOS 26.0",
        "  1  2027-01-01 10:00  26.2  mac",
        "  2  2027-02-01 10:00  26.1  tv",
        "  Notifications                           false    true",
        "  Beta.ProgramEnrollment                  Allowed  -",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}\n{text}");
    }
    let json: Value = serde_json::from_str(&mixed(&["--device", "macOS=26.1", "--device", "tvOS=26.0", "--format", "json"]))
        .expect("the output is JSON");
    let plans = json["plans"].as_array().expect("it has plans");
    let updates = |plan: &Value| (plan["device"]["platform"].clone(), plan["updates"][0]["version"].clone());
    let found: Vec<_> = plans.iter().map(updates).collect();
    assert_eq!(found, [("macOS".into(), "26.2".into()), ("tvOS".into(), "26.1".into())]);
    assert_eq!(plans[0]["settings"][0]["type"], "com.apple.configuration.softwareupdate.settings");
}

#[test]
fn a_plan_ends_at_a_time() {
    for (until, expected) in [("2027-01-01T09:59:59", None), ("2027-01-01T10:00:00", Some("26.2"))] {
        let text = mixed(&["--device", "macOS=26.1", "--until", until, "--format", "json"]);
        let json: Value = serde_json::from_str(&text).expect("the output is JSON");
        assert_eq!(json["updates"][0]["version"].as_str(), expected);
        assert_eq!(text.contains("1 update after"), expected.is_none(), "{text}");
    }
}

#[test]
fn markdown_makes_no_markup_of_values() {
    let device = "macOS=26.1,@property(x)=@octocat <b> | `a` https://example.com";
    let text = mixed(&["--device", device, "--format", "markdown"]);
    let title = "# macOS 26.1, ` @property(x)=@octocat ` &lt;b&gt; &#124; &#96;a&#96; ` https://example.com, ` from";
    assert!(text.starts_with(title), "{text}");
    assert!(text.contains("\n| 1 | 2027-01-01 10&#58;00 | 26.2 | mac |\n"), "{text}");
}

#[test]
fn keys_of_profiles_lose_against_declarations() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let profile = r#"<plist version="1.0"><dict>
      <key>PayloadType</key><string>Configuration</string><key>PayloadVersion</key><integer>1</integer>
      <key>PayloadIdentifier</key><string>com.example.profile</string><key>PayloadUUID</key><string>U</string>
      <key>PayloadContent</key><array><dict>
        <key>PayloadType</key><string>com.apple.SoftwareUpdate</string><key>PayloadVersion</key><integer>1</integer>
        <key>PayloadIdentifier</key><string>com.example.profile.update</string><key>PayloadUUID</key><string>V</string>
        <key>AutomaticDownload</key><true/><key>AutomaticallyInstallMacOSUpdates</key><true/>
      </dict></array>
    </dict></plist>"#;
    fs::write(folder.path().join("old.mobileconfig"), profile).expect("a file can be written");
    let settings = declaration("settings", "new", &json!({ "AutomaticActions": { "Download": "AlwaysOff" } }));
    fs::write(folder.path().join("new.json"), settings.to_string()).expect("a file can be written");
    let plan = run(
        folder.path(),
        &["plan", "new.json", "old.mobileconfig", "--device", "macOS=26.1", "--as-of", NOW, "--format", "json"],
    );
    let profiles = plan["profiles"].as_array().expect("keys of profiles lose");
    // No declaration sets the other key.
    assert_eq!(profiles.len(), 1, "{profiles:?}");
    assert_eq!(profiles[0]["pointer"], "/PayloadContent/0/AutomaticDownload");
    assert_eq!(profiles[0]["setting"], "/Payload/AutomaticActions/Download");
    assert_eq!(profiles[0]["decided_by"][0]["identifier"], "new");
}

#[test]
fn a_plan_has_what_the_targets_of_files_send() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    for (part, platform, version) in [("mac", "macOS", "26.2"), ("phone", "iOS", "26.1")] {
        fs::create_dir(folder.path().join(part)).expect("a folder can be made");
        let order = json!({ "TargetOSVersion": version, "TargetLocalDateTime": "2026-05-01T10:00:00" });
        let set = json!([
            { "Type": "com.apple.activation.simple", "Identifier": format!("on.{part}"), "Payload": { "StandardConfigurations": [part] } },
            declaration("enforcement.specific", part, &order),
        ]);
        fs::write(folder.path().join(part).join("set.json"), set.to_string()).expect("a file can be written");
        let entry = format!("[[files]]\npaths = [\"{part}\"]\ntargets = [\"{platform}=26.0\"]\n");
        let config = folder.path().join("ddmc.toml");
        let earlier = fs::read_to_string(&config).unwrap_or_default();
        fs::write(config, earlier + &entry).expect("a file can be written");
    }
    for (device, version, other) in [("macOS=26.0", "26.2", "phone"), ("iOS=26.0", "26.1", "mac")] {
        let plan = run(folder.path(), &["plan", ".", "--device", device, "--as-of", NOW, "--format", "json"]);
        let versions: Vec<_> = plan["updates"].as_array().expect("it has updates").iter().map(|step| &step["version"]).collect();
        assert_eq!(versions, [version], "{plan}");
        assert_eq!(plan["ignored"][0]["identifier"], other);
        assert_eq!(plan["ignored"][0]["reason"], "the targets of its file are other platforms");
    }
}
