//! Random pairs of sets: laws of differences, and that what is said agrees with merged sets and plans.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Value as Json, json};

use super::{Changes, Kind, NEW, OLD, Side, compare};
use crate::apple::{ACTIVATION, Device, ENFORCEMENT, LocalDateTime, SETTINGS};
use crate::conditions::Conditions;
use crate::content::Hashes;
use crate::lint::Gather;
use crate::merge::Options;
use crate::session::Session;
use crate::set::Together;

/// A set of declarations, one in each file.
type Set = BTreeMap<String, Json>;

fn settings() -> impl Strategy<Value = Json> {
    let days = || prop::option::of(select(vec![1, 30, 60, 90]));
    let programs = subsequence(vec!["Spring", "Summer", "Winter"], 0..=3);
    let more = (prop::option::of(any::<bool>()), prop::option::of(select(vec!["Allowed", "AlwaysOn", "AlwaysOff"])));
    (days(), days(), prop::option::of(programs), more).prop_map(|(major, minor, programs, (notifications, download))| {
        let mut payload = json!({});
        for (name, days) in [("MajorPeriodInDays", major), ("MinorPeriodInDays", minor)] {
            if let Some(days) = days {
                payload["Deferrals"][name] = days.into();
            }
        }
        if let Some(programs) = programs {
            let program = |name: &str| json!({ "Description": name, "Token": format!("{name}-token") });
            payload["Beta"] = json!({ "ProgramEnrollment": "Allowed" });
            payload["Beta"]["OfferPrograms"] = programs.into_iter().map(program).collect();
        }
        if let Some(value) = notifications {
            payload["Notifications"] = value.into();
        }
        if let Some(value) = download {
            payload["AutomaticActions"]["Download"] = value.into();
        }
        json!({ "Type": SETTINGS, "Payload": payload })
    })
}

fn enforcement() -> impl Strategy<Value = Json> {
    let versions = select(vec!["15.7.2", "18.7.2", "26.1", "26.2", "26.3"]);
    let times = select(vec!["2026-01-10T12:00:00", "2026-02-10T12:00:00", "2026-02-10T18:30:00", "2026-03-10T12:00:00"]);
    (versions, times).prop_map(
        |(version, time)| json!({ "Type": ENFORCEMENT, "Payload": { "TargetOSVersion": version, "TargetLocalDateTime": time } }),
    )
}

fn test() -> impl Strategy<Value = Json> {
    let kind = "com.apple.configuration.management.test";
    select(vec!["a", "b"]).prop_map(move |echo| json!({ "Type": kind, "Payload": { "Echo": echo } }))
}

fn activation() -> impl Strategy<Value = Json> {
    let names = subsequence(vec!["0", "1", "2", "3", "4", "5"], 0..=6);
    let predicate =
        prop::option::of(select(vec!["@status(device.model.family) == 'Mac'", "@status(device.model.family) == 'iPhone'"]));
    (names, predicate).prop_map(|(names, predicate)| {
        let mut payload = json!({ "StandardConfigurations": names });
        if let Some(predicate) = predicate {
            payload["Predicate"] = predicate.into();
        }
        json!({ "Type": ACTIVATION, "Payload": payload })
    })
}

/// A set of up to six configurations, and up to two activations.
fn set() -> impl Strategy<Value = Set> {
    let configuration = prop_oneof![3 => settings(), 2 => enforcement(), 1 => test()];
    let configurations = prop::collection::btree_map(0..6_usize, configuration, 0..=6);
    let activations = prop_oneof![2 => Just(BTreeMap::new()), 1 => prop::collection::btree_map(6..8_usize, activation(), 0..=2)];
    (configurations, activations).prop_map(|(configurations, activations)| {
        let all = configurations.into_iter().chain(activations);
        all.map(|(at, mut declaration)| {
            declaration["Identifier"] = at.to_string().into();
            (format!("{at}.json"), declaration)
        })
        .collect()
    })
}

/// Two sets that have much in common.
fn pairs() -> impl Strategy<Value = [Set; 2]> {
    (set(), set(), any::<u8>()).prop_map(|(old, other, mask)| {
        let is_kept = |name: &String| name.as_bytes().first().is_some_and(|digit| mask >> (digit - b'0') & 1 == 1);
        let kept = old.iter().filter(|(name, _)| is_kept(name)).map(|(name, one)| (name.clone(), one.clone()));
        let others = other.into_iter().filter(|(name, _)| !is_kept(name));
        let new = others.chain(kept).collect();
        [old, new]
    })
}

type Files = HashMap<Arc<str>, Cow<'static, [u8]>>;

fn read(set: &Set, hashes: &Hashes, together: Together) -> (Files, Session) {
    let conditions = Conditions::default();
    let files: Files = set.iter().map(|(name, one)| (Arc::from(name.as_str()), one.to_string().into_bytes().into())).collect();
    let mut session = Session::new(&conditions.schema, hashes.clone(), together, Gather::Bodies);
    for name in set.keys() {
        let name: Arc<str> = Arc::from(name.as_str());
        session.read(&files, &name, &files[&name], &conditions, |_| {});
    }
    (files, session)
}

fn diff(sets: &[Set; 2], together: Together) -> Changes {
    let hashes = Hashes::default();
    let [(old_files, old), (new_files, new)] = sets.each_ref().map(|set| read(set, &hashes, together));
    let texts = [old_files, new_files].map(|files| move |file: &str| files.get(file).map(|text| text.to_vec()));
    let relative = |file: &str| file.to_owned();
    let targets = |_: &str| Vec::new();
    let sides = [(&old, OLD), (&new, NEW)].map(|(session, at)| Side {
        set: session.gathered(),
        together,
        text: &texts[at],
        targets: &targets,
        relative: &relative,
        sets: Vec::new(),
    });
    compare(&sides)
}

/// A change without what differs if old and new are exchanged: which declaration of several it is attributed to.
fn essence(changes: &Changes, is_reversed: bool) -> Vec<String> {
    let essence = |change: &super::Change| {
        let (kind, values) = match (change.kind, is_reversed) {
            (Kind::Added, true) => (Kind::Removed, [&change.new, &change.old]),
            (Kind::Removed, true) => (Kind::Added, [&change.new, &change.old]),
            (kind, true) => (kind, [&change.new, &change.old]),
            (kind, false) => (kind, [&change.old, &change.new]),
        };
        format!("{:?}", (kind, change.subject, &change.declaration_type, values, change.is_effective))
    };
    let mut all: Vec<String> = changes.changes.iter().map(essence).collect();
    all.sort();
    all
}

/// What is published, without identifiers, which depend on how many declarations are combined.
fn published(set: &Set) -> Vec<(String, Json)> {
    let (files, mut session) = {
        let (files, _) = read(set, &Hashes::default(), Together::All);
        let conditions = Conditions::default();
        let mut session = Session::new(&conditions.schema, Hashes::default(), Together::All, Gather::Texts);
        for name in set.keys() {
            let name: Arc<str> = Arc::from(name.as_str());
            session.read(&files, &name, &files[&name], &conditions, |_| {});
        }
        (files, session)
    };
    let merged = session.merge(&files, &Options::default()).expect("the set can be merged");
    let mut all: Vec<(String, Json)> = merged
        .declarations
        .iter()
        .map(|one| {
            let mut text: Json = serde_json::from_str(&one.text).expect("it is JSON");
            let is_combined = one.kind == SETTINGS;
            (if is_combined { String::new() } else { one.identifier.clone() }, text["Payload"].take())
        })
        .collect();
    all.sort_by_key(|(name, payload)| (name.clone(), payload.to_string()));
    all
}

/// What devices do, without which declaration makes them do it.
fn plans(set: &Set, device: &str) -> String {
    let (_, session) = read(set, &Hashes::default(), Together::All);
    let device: Device = device.parse().expect("it is a device");
    let now: LocalDateTime = "2025-01-01T00:00:00".parse().expect("it is a time");
    let plans = session.plans(&device, now, None);
    let plan = |plan: &crate::plan::Plan| {
        let settings: Vec<_> = plan
            .settings
            .iter()
            .map(|setting| (setting.path.join("."), setting.shown.to_string(), setting.decided_by.is_empty()))
            .collect();
        let updates: Vec<_> = plan.updates.iter().map(|update| (update.version.clone(), update.enforced_at)).collect();
        format!("{settings:?} {updates:?}")
    };
    plans.iter().map(plan).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_set_does_not_differ_from_itself(set in set()) {
        for together in [Together::All, Together::Activated] {
            let changes = diff(&[set.clone(), set.clone()], together);
            prop_assert!(changes.changes.is_empty() && changes.rewritten.is_empty(), "{:?}", changes);
        }
    }

    #[test]
    fn undoing_a_change_is_the_opposite(pair in pairs()) {
        let [old, new] = pair;
        for together in [Together::All, Together::Activated] {
            let forth = diff(&[old.clone(), new.clone()], together);
            let back = diff(&[new.clone(), old.clone()], together);
            prop_assert_eq!(essence(&forth, false), essence(&back, true));
            prop_assert_eq!(forth.rewritten.len(), back.rewritten.len());
        }
    }

    #[test]
    fn differences_agree_with_merged_sets_and_plans(pair in pairs()) {
        let changes = diff(&pair, Together::All);
        let [old, new] = &pair;
        prop_assert_eq!(changes.changes.is_empty(), old == new, "{:?}", changes);
        // A merged declaration does not tell what its parts are called.
        let is_renamed = |change: &super::Change| change.place.pointer == "/Identifier";
        if changes.changes.iter().any(|change| change.is_effective && !is_renamed(change)) {
            prop_assert_ne!(published(old), published(new), "{:?}", changes);
        } else {
            for device in ["macOS=15.0", "iOS=18.0", "macOS=26.1", "tvOS=18.0"] {
                prop_assert_eq!(plans(old, device), plans(new, device), "{}: {:?}", device, changes);
            }
        }
    }
}
