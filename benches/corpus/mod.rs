//! Realistic documents, generated from a seed: the same seed gives the same bytes.
//!
//! The generator shares no code with the program, and has its own knowledge of Apple's documents. Its errors are
//! never syntax errors, so any program can parse every document.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use fastrand::Rng;
use serde::ser::{Serialize, SerializeMap, Serializer};

/// Documents per folder.
const PER_FOLDER: usize = 100;

/// Subfolders per folder.
const FOLDERS: usize = 20;

/// The number of beta programs that all settings share, unless they are unique.
const PROGRAMS: u32 = 50;

/// The time to check deadlines against. All deadlines are later.
#[allow(dead_code, reason = "not every bench checks deadlines")]
pub(crate) const AS_OF: &str = "2026-01-01T00:00:00";

/// Which documents to generate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Corpus {
    pub(crate) seed: u64,
    pub(crate) documents: usize,
    /// Every n-th document has an error: 1 for all, 0 for none.
    pub(crate) faulty_every: usize,
    /// Whether all documents are settings.
    pub(crate) is_settings: bool,
    /// Whether each beta program occurs only once, so that documents share no values.
    is_unique: bool,
}

impl Corpus {
    /// Documents of every type, some with errors.
    pub(crate) fn mixed(documents: usize, faulty_every: usize) -> Self {
        Self { seed: 27, documents, faulty_every, is_settings: false, is_unique: false }
    }

    /// Valid settings that can be combined.
    pub(crate) fn settings(documents: usize) -> Self {
        Self { seed: 15, documents, faulty_every: 0, is_settings: true, is_unique: false }
    }

    /// The same documents, but each beta program occurs in only one of them.
    #[allow(dead_code, reason = "not every bench uses them")]
    pub(crate) fn unique(self) -> Self {
        Self { is_unique: true, ..self }
    }

    /// Generates the documents, on one line each or pretty-printed.
    pub(crate) fn texts(self, is_pretty: bool) -> impl Iterator<Item = String> {
        let mut rng = Rng::with_seed(self.seed);
        (0..self.documents).map(move |at| {
            let is_faulty = self.faulty_every > 0 && at % self.faulty_every == 0;
            let document = self.declaration(&mut rng, at, is_faulty);
            let text = if is_pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) };
            text.expect("a document can be written") + "\n"
        })
    }

    /// Generates one document.
    fn declaration(self, rng: &mut Rng, at: usize, is_faulty: bool) -> Json {
        // A document has at most PROGRAMS programs.
        let first = if self.is_unique { u32::try_from(at).unwrap_or_default().wrapping_mul(PROGRAMS) } else { 0 };
        let (kind, payload) = match rng.u8(..100) {
            _ if self.is_settings => ("softwareupdate.settings", settings(rng, first, is_faulty)),
            0..65 => ("softwareupdate.settings", settings(rng, first, is_faulty)),
            65..95 => ("softwareupdate.enforcement.specific", enforcement(rng, is_faulty)),
            _ => ("passcode.settings", passcode(rng, is_faulty)),
        };
        let mut members = vec![
            ("Type", text(&format!("com.apple.configuration.{kind}"))),
            ("Identifier", text(&format!("com.example.{}.{at:07}", ["macos", "ios", "pilots", "kiosk"][rng.usize(..4)]))),
        ];
        // The error is in the envelope.
        if is_faulty && kind == "passcode.settings" {
            members.pop();
        }
        members.push(("Payload", Json::Object(payload)));
        Json::Object(members)
    }

    /// Writes each document to its own file, in two levels of folders.
    #[allow(dead_code, reason = "not every bench reads files")]
    pub(crate) fn write_files(self, folder: &Path) -> io::Result<()> {
        for (at, text) in self.texts(true).enumerate() {
            let (outer, inner) = (at / PER_FOLDER / FOLDERS, at / PER_FOLDER % FOLDERS);
            let inner = folder.join(format!("fleet-{outer:03}/group-{inner:02}"));
            if at % PER_FOLDER == 0 {
                fs::create_dir_all(&inner)?;
            }
            fs::write(inner.join(format!("declaration-{at:07}.json")), text)?;
        }
        Ok(())
    }

    /// Writes all documents to one file, one per line.
    #[allow(dead_code, reason = "not every bench reads files")]
    pub(crate) fn write_lines(self, file: &Path) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(file)?);
        self.texts(false).try_for_each(|text| out.write_all(text.as_bytes()))?;
        out.flush()
    }
}

/// A value whose members keep their order.
enum Json {
    Object(Vec<(&'static str, Json)>),
    Array(Vec<Json>),
    Text(String),
    Number(i64),
    Boolean(bool),
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
                map.end()
            }
            Self::Array(elements) => elements.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::Number(number) => number.serialize(serializer),
            Self::Boolean(value) => value.serialize(serializer),
        }
    }
}

fn text(text: &str) -> Json {
    Json::Text(text.to_owned())
}

/// Keeps a random, non-empty subset of members.
fn some(rng: &mut Rng, members: Vec<(&'static str, Json)>) -> Vec<(&'static str, Json)> {
    let kept = rng.usize(..members.len());
    members.into_iter().enumerate().filter(|(at, _)| *at == kept || rng.bool()).map(|(_, member)| member).collect()
}

/// `first` is the lowest number of a beta program to use.
fn settings(rng: &mut Rng, first: u32, is_faulty: bool) -> Vec<(&'static str, Json)> {
    let fault = if is_faulty { rng.u8(1..=4) } else { 0 };
    let control = |rng: &mut Rng| text(["Allowed", "AlwaysOn"][rng.usize(..2)]);
    let days = |rng: &mut Rng| Json::Number(rng.i64(1..=90));
    let deferrals = vec![
        ("MajorPeriodInDays", days(rng)),
        ("MinorPeriodInDays", days(rng)),
        ("SystemPeriodInDays", days(rng)),
        ("CombinedPeriodInDays", days(rng)),
    ];
    let actions = vec![
        ("Download", control(rng)),
        ("InstallOSUpdates", control(rng)),
        (if fault == 1 { "InstallSecurityUpdates" } else { "InstallSecurityUpdate" }, control(rng)),
    ];
    let responses = vec![("Enable", Json::Boolean(rng.bool())), ("EnableRollback", Json::Boolean(rng.bool()))];
    let mut deferrals = some(rng, deferrals);
    let mut actions = if fault == 1 { actions } else { some(rng, actions) };
    match fault {
        2 => deferrals = vec![("MajorPeriodInDays", Json::Number(rng.i64(91..365)))],
        3 => actions = vec![("Download", text("Always"))],
        _ => {}
    }
    let all = vec![
        ("Notifications", if fault == 4 { text("true") } else { Json::Boolean(rng.bool()) }),
        ("Deferrals", Json::Object(deferrals)),
        ("RecommendedCadence", text(["All", "Oldest", "Newest"][rng.usize(..3)])),
        ("AutomaticActions", Json::Object(actions)),
        ("RapidSecurityResponse", Json::Object(some(rng, responses))),
        ("AllowStandardUserOSUpdates", Json::Boolean(rng.bool())),
    ];
    // Keeps all members of faulty settings, so that the error is not dropped.
    let mut kept = if is_faulty { all } else { some(rng, all) };
    if rng.bool() {
        let programs = (0..rng.u32(1..=20)).map(|_| first + rng.u32(..PROGRAMS)).collect::<std::collections::BTreeSet<_>>();
        let offers = programs.into_iter().map(program).collect();
        kept.push(("Beta", Json::Object(vec![("ProgramEnrollment", control(rng)), ("OfferPrograms", Json::Array(offers))])));
    }
    kept
}

fn program(number: u32) -> Json {
    let part = |part: u32| (number + 1).wrapping_mul(0x9E37_79B9 + part);
    let token = format!("{:08x}{:08x}{:08x}{:08x}", part(0), part(1), part(2), part(3));
    let description = format!("macOS 26 AppleSeed for IT {number:02}");
    Json::Object(vec![("Description", Json::Text(description)), ("Token", Json::Text(token))])
}

fn enforcement(rng: &mut Rng, is_faulty: bool) -> Vec<(&'static str, Json)> {
    let fault = if is_faulty { rng.u8(1..=3) } else { 0 };
    let version = format!("26.{}", rng.u8(1..=4));
    let deadline = format!("2026-{:02}-{:02}T{:02}:00:00", rng.u8(2..=12), rng.u8(1..=28), rng.u8(6..=20));
    let mut members = vec![("TargetOSVersion", text(if fault == 1 { "26" } else { &version }))];
    match fault {
        2 => {}
        3 => members.push(("TargetLocalDateTime", Json::Text(deadline + "Z"))),
        _ => members.push(("TargetLocalDateTime", Json::Text(deadline))),
    }
    if rng.bool() {
        members.push(("DetailsURL", text(&format!("https://intranet.example.com/updates/{version}.html"))));
    }
    members
}

fn passcode(rng: &mut Rng, _: bool) -> Vec<(&'static str, Json)> {
    vec![("RequirePasscode", Json::Boolean(true)), ("MinimumLength", Json::Number(rng.i64(6..=16)))]
}
