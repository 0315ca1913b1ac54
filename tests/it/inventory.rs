//! Plans for inventories, compared with plans for each device alone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use fastrand::Rng;
use serde_json::{Value, json};

const NOW: &str = "2026-01-15T12:00:00";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(["plan", "set.ndjson", "--as-of", NOW, "--no-config"]).args(arguments).current_dir(folder);
    command.output().expect("the program runs")
}

/// The published schema of what `plan --format json` prints.
fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/ddmc.plan.schema.json");
    let schema: Value =
        serde_json::from_slice(&fs::read(path).expect("the schema is part of the repository")).expect("it is JSON");
    jsonschema::validator_for(&schema).expect("it is a schema")
}

fn json_of(output: &Output) -> Value {
    let remarks = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {remarks}"))
}

fn write_set(folder: &Path) {
    let enforcement = |name: &str, version: &str, deadline: &str| {
        json!({ "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": name,
            "Payload": { "TargetOSVersion": version, "TargetLocalDateTime": deadline } })
    };
    let settings = |name: &str, days: u32| {
        json!({ "Type": "com.apple.configuration.softwareupdate.settings", "Identifier": name,
            "Payload": { "Deferrals": { "MajorPeriodInDays": days, "CombinedPeriodInDays": days } } })
    };
    let activation = |name: &str, of: &[&str], predicate: Option<&str>| {
        let mut payload = json!({ "StandardConfigurations": of });
        if let Some(predicate) = predicate {
            payload["Predicate"] = predicate.into();
        }
        json!({ "Type": "com.apple.activation.simple", "Identifier": name, "Payload": payload })
    };
    let all = [
        enforcement("e1", "26.2", "2026-02-01T18:00:00"),
        enforcement("e2", "15.7.3", "2026-01-10T18:00:00"),
        enforcement("e3", "26.3", "2026-03-01T18:00:00"),
        settings("s1", 30),
        settings("s2", 60),
        activation("a1", &["e2", "s1"], None),
        activation("a2", &["e1"], Some("@status(device.model.identifier) BEGINSWITH 'Mac' OR @property(ring) == 1")),
        activation("a3", &["s2"], Some("@status(passcode.is-compliant) == TRUE")),
        activation("a4", &["e3"], Some("@status(device.operating-system.version) BEGINSWITH '26' AND @property(ring) == 2")),
        // It changes nothing, whether it holds or not.
        activation("a5", &["s1"], Some("@status(device.model.number) == 'x'")),
    ];
    let lines: Vec<String> = all.iter().map(ToString::to_string).collect();
    fs::write(folder.join("set.ndjson"), lines.join("\n")).expect("a file can be written");
}

const COLUMNS: [&str; 8] = [
    "id",
    "platform",
    "version",
    "build",
    "supervised",
    "status.device.model.identifier",
    "status.passcode.is-compliant",
    "property.ring",
];

/// The values of a device, without the identifier.
type Device = [&'static str; 7];

fn device(dice: &mut Rng) -> Device {
    let (platform, systems, models): (_, &[(&str, &str)], &[&str]) = match dice.u32(..4) {
        0 => ("iOS", &[("26.1", "23B85"), ("18.6", "22G86")], &["iPhone15,2", "iPhone14,7", ""]),
        1 => ("iPadOS", &[("26.1", "23B85"), ("26.2", "")], &["iPad13,4", ""]),
        2 => ("tvOS", &[("26.1", ""), ("18.6", "")], &["AppleTV14,1"]),
        _ => ("macOS", &[("15.6", "24G84"), ("15.7.3", ""), ("26.1", "25B78"), ("14.7", "")], &["Mac16,1", "MacBookPro18,3", ""]),
    };
    let (version, build) = dice.choice(systems).copied().expect("there are some");
    let build = if dice.bool() { build } else { "" };
    let model = dice.choice(models).copied().expect("there are some");
    let supervised = ["true", "false", ""][dice.usize(..3)];
    let (compliant, ring) = (["true", "false", ""][dice.usize(..3)], ["1", "2", "3", ""][dice.usize(..4)]);
    [platform, version, build, supervised, model, compliant, ring]
}

/// The text of `--device` for the values of a device.
fn flag([platform, version, build, supervised, model, compliant, ring]: Device) -> String {
    let mut flag = format!("{platform}={version}");
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            flag.push_str(&[",", name, value].concat());
        }
    };
    add("build=", build);
    add("", if supervised == "false" { "unsupervised" } else { "" });
    add("@status(device.model.identifier)=", model);
    add("@status(passcode.is-compliant)=", compliant);
    add("@property(ring)=", ring);
    flag
}

fn csv(devices: &[(String, Device)]) -> String {
    let mut text = COLUMNS.join(",") + "\n";
    for (id, device) in devices {
        let cells: Vec<String> = std::iter::once(&**id).chain(*device).map(|cell| format!("\"{cell}\"")).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

fn ndjson(devices: &[(String, Device)]) -> String {
    let line = |(id, device): &(String, Device)| {
        let values = std::iter::once(&**id).chain(*device);
        let members = COLUMNS.iter().zip(values).filter(|(_, value)| !value.is_empty());
        // Booleans and numbers as such, the others as strings.
        let value = |name: &str, value: &str| match name {
            "version" | "id" | "build" => json!(value),
            _ => serde_json::from_str(value).unwrap_or_else(|_| json!(value)),
        };
        let object: serde_json::Map<String, Value> =
            members.map(|(name, text)| ((*name).to_owned(), value(name, text))).collect();
        Value::from(object).to_string() + "\n"
    };
    devices.iter().map(line).collect()
}

/// What a plan lets a device do.
fn does(plan: &Value) -> Value {
    let settings: Vec<Value> = plan["settings"]
        .as_array()
        .expect("a plan has settings")
        .iter()
        .map(|setting| json!([setting["type"], setting["pointer"], setting["value"]]))
        .collect();
    json!([plan["updates"], settings])
}

#[test]
fn a_plan_of_an_inventory_is_that_of_each_of_its_devices() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let mut dice = Rng::with_seed(31);
    let devices: Vec<(String, Device)> = (0..400).map(|at| (format!("D{at}"), device(&mut dice))).collect();
    fs::write(path.join("devices.csv"), csv(&devices)).expect("a file can be written");
    fs::write(path.join("devices.ndjson"), ndjson(&devices)).expect("a file can be written");
    // The kinds, each with its first device and count.
    let mut kinds: BTreeMap<Device, (usize, usize)> = BTreeMap::new();
    for (at, (_, device)) in devices.iter().enumerate() {
        kinds.entry(*device).or_insert((at, 0)).1 += 1;
    }
    let flags: Vec<String> = kinds.keys().map(|device| flag(*device)).collect();
    let arguments: Vec<&str> = flags.iter().flat_map(|flag| ["--device", flag]).chain(["--format", "json"]).collect();
    let alone = json_of(&run(path, &arguments));
    let mut alone = alone["plans"].as_array().expect("there are several plans").iter().peekable();

    let printed = run(path, &["--inventory", "devices.csv", "--format", "json", "-o", "csv=plan.csv"]);
    let planned = json_of(&printed);
    assert_eq!(schema().iter_errors(&planned).map(|error| error.to_string()).next(), None);
    assert_eq!(planned["devices"], 400);
    let groups = planned["groups"].as_array().expect("there are groups");
    let lines = fs::read_to_string(path.join("plan.csv")).expect("the file was written");
    let lines: Vec<&str> = lines.lines().skip(1).collect();
    let (mut unplanned, mut open) = (0, 0);
    for (device, (first, count)) in &kinds {
        // Kinds with a supervision that is not stated count as supervised, but are another kind.
        let mut plans = vec![alone.next().expect("each device has a plan")];
        while let Some(more) = alone.next_if(|next| {
            let when = |plan: &Value| plan["when"].as_array().map(Vec::len);
            next["device"] == plans[0]["device"]
                && when(next).is_some()
                && when(next) == when(plans[0])
                && next["when"] != plans[0]["when"]
                && plans.iter().all(|plan| plan["when"] != next["when"])
        }) {
            plans.push(more);
        }
        let (id, _) = &devices[*first];
        let group = groups.iter().find(|group| group["example"] == **id);
        let line = lines[*first];
        assert!(line.starts_with(&format!("{},{id},", first + 2)), "{line}");
        let agree = plans.iter().all(|plan| does(plan) == does(plans[0]));
        open += usize::from(plans.len() > 1);
        if !agree {
            unplanned += count;
            assert!(group.is_none(), "{device:?}");
            assert!(line.contains(",unplanned,"), "{line}");
            continue;
        }
        let group = group.unwrap_or_else(|| panic!("{device:?} has no group: {line}"));
        assert_eq!(group["count"], *count, "{device:?}");
        assert_eq!(group["device"], plans[0]["device"]);
        let mut expected = plans[0].clone();
        expected.as_object_mut().expect("a plan is an object").remove("device");
        assert_eq!(group["plan"], expected, "{device:?}");
        let update = &expected["updates"][0];
        match update["version"].as_str() {
            Some(version) => assert!(line.contains(&format!(",update,{version},")), "{line}"),
            None => assert!(line.contains(",nothing,"), "{line}"),
        }
    }
    assert!(alone.next().is_none() && unplanned > 20 && open > 20 && groups.len() > 100);
    assert_eq!(planned["unplanned_devices"], unplanned);
    assert_eq!(planned["unplanned"].as_array().map(Vec::len), Some(unplanned));
    let sum: u64 = groups.iter().filter_map(|group| group["count"].as_u64()).sum();
    assert_eq!(sum + unplanned as u64, 400);

    // The format and the threads change nothing.
    let same = run(path, &["--inventory", "devices.ndjson", "--format", "json"]);
    let mut same = json_of(&same);
    let shift = |rows: &mut Value| {
        for row in rows.as_array_mut().expect("an array") {
            row["line"] = (row["line"].as_u64().expect("a number") + 1).into();
        }
    };
    for rows in ["groups", "unplanned", "reasons"] {
        shift(&mut same[rows]);
    }
    assert_eq!(same, planned);
    for jobs in ["1", "3"] {
        let again = run(path, &["--inventory", "devices.csv", "--format", "json", "--jobs", jobs]);
        assert!(again.stdout == printed.stdout, "{jobs} threads print something else");
    }
}

/// In JSON, a property has the type that it is written with.
#[test]
fn strings_of_json_are_not_read_as_numbers() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    for (value, is_number) in [("1", true), ("\"1\"", false), ("\"\\\"1\\\"\"", false), ("\"1.0\"", false)] {
        let device = format!(
            "{{\"id\":\"a\",\"platform\":\"macOS\",\"version\":\"15.6\",\"model\":\"x\",\"property\":{{\"ring\":{value}}}}}"
        );
        fs::write(path.join("devices.ndjson"), device).expect("a file can be written");
        let output = run(path, &["--inventory", "devices.ndjson", "--format", "json"]);
        let printed: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
        let updates = printed["groups"][0]["plan"]["updates"].as_array().expect("a plan has updates");
        assert_eq!(updates.iter().any(|update| update["version"] == "26.2"), is_number, "{value}: {printed}");
    }
}

/// Rows of many blocks, with line breaks in values, so that lines and blocks do not end together.
#[test]
fn rows_are_counted_across_blocks() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let mut dice = Rng::with_seed(7);
    let mut text = "id;note;platform;version;supervised;property.ring;model;status.passcode.is-compliant\r\n".to_owned();
    let (mut line, mut expected, mut wrong) = (2, Vec::new(), 0);
    for at in 0..20_000 {
        let breaks = dice.usize(..3);
        let note = ["", "\n", "\r\n\"\"\r"][breaks];
        let is_wrong = dice.u32(..50) == 0;
        wrong += usize::from(is_wrong);
        let ring = if is_wrong { "1;extra" } else { "1" };
        write!(text, "D{at};\"a{note};b\";macOS;15.6;yes;{ring};Mac16,1;0\r\n").expect("a string grows");
        expected.push(format!("{line},D{at},{},", if is_wrong { "unplanned" } else { "update" }));
        line += 1 + [0, 1, 2][breaks];
        if dice.u32(..100) == 0 {
            text += "\r\n";
            line += 1;
        }
    }
    fs::write(path.join("devices.csv"), &text).expect("a file can be written");
    for jobs in ["1", "2"] {
        let output = run(path, &["--inventory", "devices.csv", "--format", "json", "-o", "csv=plan.csv", "--jobs", jobs]);
        let planned = json_of(&output);
        assert_eq!(planned["devices"], 20_000);
        assert_eq!(planned["unplanned_devices"], wrong);
        assert_eq!(planned["groups"].as_array().map(Vec::len), Some(1));
        let lines = fs::read_to_string(path.join("plan.csv")).expect("the file was written");
        for (line, start) in lines.lines().skip(1).zip(&expected) {
            assert!(line.starts_with(start), "{line} does not start with {start}");
        }
        assert_eq!(lines.lines().count(), 20_001);
    }
}

#[test]
fn columns_have_other_names() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let table = "\"Serial, short\",OS,OS Version,Is \"\"it\"\" supervised,version\nA,macOS,15.6,no,x\n";
    fs::write(path.join("devices.csv"), table.replace("Is \"\"it\"\"", "Is it")).expect("a file can be written");
    // As a shell passes id="Serial, short" with and without single quotes around it.
    for columns in [
        &["id=\"Serial, short\",platform=OS,version=OS Version,supervised=Is it supervised"][..],
        &["id=\"Serial, short\"", "version=\"OS Version\"", "platform=OS,supervised=Is it supervised"],
    ] {
        let flags: Vec<&str> = columns.iter().flat_map(|columns| ["--columns", columns]).collect();
        let output = run(path, &[&["--inventory", "devices.csv", "--format", "json", "-o", "csv=plan.csv"], &flags[..]].concat());
        let device = &json_of(&output)["groups"][0]["device"];
        assert_eq!((&device["version"], &device["enrollment"]), (&json!("15.6"), &json!("device")), "{columns:?}");
        let lines = fs::read_to_string(path.join("plan.csv")).expect("the file was written");
        assert!(lines.contains("\n2,A,nothing,"), "{lines}");
    }
}

/// Kinds without end: memory has a bound, and every device is still counted and planned.
#[test]
fn too_many_kinds_are_counted_together() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let mut text = "id,platform,version,model,property.ring,status.passcode.is-compliant\n".to_owned();
    let long = "x".repeat(2000);
    for at in 0..10_000 {
        writeln!(text, "D{at},macOS,15.6,\"Mac16,1\",{long}{at},true").expect("a string grows");
    }
    text += "Dw,Windows,15.6,,,\n";
    fs::write(path.join("devices.csv"), &text).expect("a file can be written");
    let output = run(path, &["--inventory", "devices.csv", "-o", "csv=plan.csv"]);
    let remarks = String::from_utf8_lossy(&output.stderr);
    assert!(remarks.contains("has very many kinds of devices"), "{remarks}");
    let page = String::from_utf8_lossy(&output.stdout);
    assert!(page.starts_with("10001 devices, ") && page.contains("\n  10000    overdue"), "{page}");
    let lines = fs::read_to_string(path.join("plan.csv")).expect("the file was written");
    assert_eq!(lines.lines().filter(|line| line.contains(",update,15.7.3,")).count(), 10_000);
}

#[test]
fn hostile_inventories_are_refused_or_read() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let head = "id,platform,version\n";
    let row = "a,macOS,15.6\n";
    let deep = format!("{{\"id\":\"a\",\"status\":{}1{}}}\n", "{\"device\":".repeat(5000), "}".repeat(5000));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("a.csv", format!("{head}{row}b,\"{}", "x".repeat(3 << 20)).into_bytes(), "a quotation mark may be missing"),
        ("a.csv", format!("{head}{row}b,\"{}\",1\n{row}", "x".repeat(100_000)).into_bytes(), "platform is longer than 64 KiB"),
        ("a.csv", format!("{head}{}\n{row}", ",".repeat(1_000_000)).into_bytes(), "the row has 1000001 values"),
        ("a.csv", format!("{}\n", "x,".repeat(600_000)).into_bytes(), "has a header of more than"),
        ("a.csv", format!("{}{head}{row}", "x,".repeat(50_000)).into_bytes(), "the row has 3 values"),
        ("a.csv", [head.as_bytes(), b"a,mac\xffOS,15.6\n", row.as_bytes()].concat(), "platform is not UTF-8"),
        ("a.csv", [head.as_bytes(), b"a,mac\0OS,15.6\n", row.as_bytes()].concat(), "platform is not one of"),
        ("a.csv", format!("{head}{}", "\"\"\"\n".repeat(200_000)).into_bytes(), "without a plan"),
        ("a.csv", format!("{head}{}", "\r".repeat(200_000) + row).into_bytes(), "1 200002 the predicate"),
        ("a.ndjson", deep.into_bytes(), "platform is empty"),
        ("a.ndjson", format!("{{\"id\":\"{}\"}}\n{{}}\n", "x".repeat(2 << 20)).into_bytes(), "the line is not a JSON object"),
        ("a.ndjson", format!("{{{}\"id\":1}}\n", "\"x\":1,".repeat(100_000)).into_bytes(), "platform is empty"),
        ("a.ndjson", "[[[[\n".repeat(50_000).into_bytes(), "a JSON array"),
        ("a.ndjson", "{\n".repeat(50_000).into_bytes(), "50000     1"),
    ];
    for (name, bytes, expected) in cases {
        fs::write(path.join(name), &bytes).expect("a file can be written");
        let output = run(path, &["--inventory", name, "--jobs", "2"]);
        let text = [&output.stdout[..], &output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&expected), "{start}: {text}");
        assert!(matches!(output.status.code(), Some(0 | 2)), "{start}: {text}");
        assert!(text.len() < 20_000, "{start} prints {} bytes", text.len());
    }
}

/// A pipe gives its text in pieces, and cannot be read twice.
#[test]
fn an_inventory_is_read_from_standard_input() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let mut dice = Rng::with_seed(3);
    let devices: Vec<(String, Device)> = (0..3000).map(|at| (format!("D{at}"), device(&mut dice))).collect();
    for (name, text) in [("devices.csv", csv(&devices)), ("devices.ndjson", ndjson(&devices))] {
        fs::write(path.join(name), text).expect("a file can be written");
        let named = run(path, &["--inventory", name, "--format", "json"]);
        let input = fs::File::open(path.join(name)).expect("it was written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
        command.args(["plan", "set.ndjson", "--as-of", NOW, "--no-config", "--inventory", "-", "--format", "json"]);
        let piped = command.current_dir(path).stdin(input).output().expect("the program runs");
        assert!(piped.stdout == named.stdout && !named.stdout.is_empty(), "{name}");
    }
}

/// The page has a timeline with a lane for each platform that has updates, and says how many devices install them.
#[test]
fn a_page_draws_the_updates_of_each_platform() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path();
    write_set(path);
    let mut dice = Rng::with_seed(3);
    let devices: Vec<(String, Device)> = (0..300).map(|at| (format!("D{at}"), device(&mut dice))).collect();
    fs::write(path.join("devices.csv"), csv(&devices)).expect("a file can be written");
    let output = run(path, &["--inventory", "devices.csv", "--format", "html"]);
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let planned = json_of(&run(path, &["--inventory", "devices.csv", "--format", "json"]));
    let (mut lanes, mut events) = (BTreeMap::new(), BTreeMap::<String, u64>::new());
    for group in planned["groups"].as_array().expect("there are groups") {
        let platform = group["device"]["platform"].as_str().expect("a device has a platform");
        for update in group["plan"]["updates"].as_array().expect("a plan has updates") {
            *lanes.entry(platform).or_insert(0) += 1;
            let version = update["version"].as_str().expect("an update has a version");
            *events.entry(format!("{platform} {version}")).or_default() += group["count"].as_u64().expect("a count");
        }
    }
    assert!(lanes.len() > 1, "{lanes:?}");
    assert_eq!(page.matches("<svg").count(), lanes.len());
    for platform in lanes.keys() {
        assert!(page.contains(&format!(">Updates of {platform}</title>")), "{platform}");
    }
    for (update, devices) in events {
        let is_drawn = page.contains(&format!(">{update}, ")) || page.contains(&format!(">{update} overdue, "));
        assert!(is_drawn && page.contains(&format!(", devices: {devices}")), "{update}: {devices}\n{page}");
    }
}
