//! A fleet of devices, generated from a seed, and a set whose predicates ask for four status items.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use fastrand::Rng;
use serde_json::{Value, json};

/// How many kinds of devices a fleet has, unless they do not repeat.
const KINDS: usize = 2000;

/// Half of the declarations of the set are enforcements, the other half their activations.
const ENFORCEMENTS: usize = 100;

/// The parts of predicates.
const PARTS: [&str; 4] = [
    "@status(device.model.family) == 'Mac'",
    "@status(device.operating-system.version) BEGINSWITH '26'",
    "@status(passcode.is-compliant) == TRUE",
    "@status(device.model.identifier) BEGINSWITH 'Mac1'",
];

/// Each platform, with the beginning of its model identifiers and with versions.
const SYSTEMS: [(&str, &str, &[&str]); 3] = [
    ("macOS", "Mac", &["14.7", "15.6", "15.6.1", "15.7.2", "26.0", "26.0.1", "26.1"]),
    ("iOS", "iPhone", &["18.5", "18.6", "18.7.2", "26.0", "26.1"]),
    ("iPadOS", "iPad", &["18.5", "18.6", "26.0", "26.1"]),
];

/// What the devices of a kind have in common.
#[derive(Clone)]
struct Kind {
    platform: &'static str,
    version: &'static str,
    is_supervised: bool,
    is_compliant: bool,
    model: String,
}

impl Kind {
    /// A kind with one of `most` models of its platform.
    fn any(rng: &mut Rng, most: usize) -> Self {
        let (platform, model, versions) = SYSTEMS[rng.usize(..SYSTEMS.len())];
        Self {
            platform,
            version: versions[rng.usize(..versions.len())],
            is_supervised: rng.bool(),
            is_compliant: rng.bool(),
            model: format!("{model}{},{}", rng.usize(11..18), rng.usize(1..=most)),
        }
    }
}

/// Writes the set, one declaration per line.
pub(crate) fn write_set(path: &Path) -> io::Result<()> {
    let mut rng = Rng::with_seed(31);
    let mut file = BufWriter::new(File::create(path)?);
    for number in 0..ENFORCEMENTS {
        let (name, version) = (format!("com.example.update.{number}"), ["15.7.3", "26.1", "26.2", "18.7.3"][number % 4]);
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        let deadline = format!("2027-{month:02}-{day:02}T18:00:00");
        let [one, other] = [(); 2].map(|()| PARTS[rng.usize(..PARTS.len())]);
        let predicate = format!("({one}) {} ({other})", ["AND", "OR"][rng.usize(..2)]);
        for declaration in [
            json!({
                "Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": name,
                "Payload": { "TargetOSVersion": version, "TargetLocalDateTime": deadline }
            }),
            json!({
                "Type": "com.apple.activation.simple", "Identifier": format!("{name}.activation"),
                "Payload": { "StandardConfigurations": [name], "Predicate": predicate }
            }),
        ] {
            writeln!(file, "{declaration}")?;
        }
    }
    file.flush()
}

/// Writes an inventory as a table and as one object per line. If it is unique, hardly any devices are alike.
pub(crate) fn write_devices(csv: &Path, ndjson: &Path, devices: usize, is_unique: bool) -> io::Result<()> {
    let mut rng = Rng::with_seed(7);
    let kinds: Vec<Kind> = (0..KINDS).map(|_| Kind::any(&mut rng, 20)).collect();
    let (mut table, mut lines) = (BufWriter::new(File::create(csv)?), BufWriter::new(File::create(ndjson)?));
    writeln!(table, "id,name,platform,version,supervised,model,status.passcode.is-compliant,last_seen,user")?;
    for number in 0..devices {
        let own = is_unique.then(|| Kind::any(&mut rng, devices));
        let Kind { platform, version, is_supervised, is_compliant, model } = own.as_ref().unwrap_or(&kinds[rng.usize(..KINDS)]);
        let serial = format!("{:012X}", rng.u64(..1 << 48));
        let (name, seen) = (format!("Device {number}"), format!("2026-01-{:02}T09:54:46Z", rng.u8(1..29)));
        let user = format!("user{}@example.com", rng.usize(..devices));
        writeln!(table, "{serial},{name},{platform},{version},{is_supervised},\"{model}\",{is_compliant},{seen},{user}")?;
        let object: Value = json!({
            "id": serial, "name": name, "platform": platform, "version": version, "supervised": is_supervised, "model": model,
            "status": { "passcode.is-compliant": is_compliant }, "last_seen": seen, "user": user
        });
        writeln!(lines, "{object}")?;
    }
    table.flush()?;
    lines.flush()
}
