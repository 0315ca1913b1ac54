//! The fuzz targets of what brings sets to devices: `publish`, `diff` and `plan --inventory`.

use std::collections::HashSet;

use crate::cli::outputs;
use crate::declarations::Declarations;
use crate::layout::{Context, Layout, may_write};
use crate::merge;
use crate::words::is_unsafe;

/// Whether people can read a text without danger.
fn is_safe(text: &str) -> bool {
    !text.chars().any(|character| character != '\n' && is_unsafe(character))
}

/// The files of a merged text are below their folder, differ in their names, and are the same for the same set.
pub fn publishing(bytes: &[u8]) {
    let mut declarations = Declarations::new();
    for (name, text) in ["a.json", "b.json"].into_iter().zip(bytes.split(|byte| *byte == 0)) {
        declarations.read(name, text);
    }
    for layout in [Layout::Ddm, Layout::Kmfddm, Layout::Fleet] {
        let options = merge::Options { envelope: layout.envelope(), adds_activations: true, ..merge::Options::default() };
        let Ok(merged) = declarations.merge(&options) else { return };
        let now = "2026-01-01T00:00:00".parse().expect("this is a time");
        let context = Context { now, name: "default", earlier: &|_| None };
        let files = match layout.files(&merged, &context) {
            Ok(files) => files,
            Err(reasons) => {
                assert!(!reasons.is_empty() && reasons.iter().all(|reason| is_safe(reason)), "{reasons:?}");
                continue;
            }
        };
        let mut names = HashSet::new();
        for file in &files {
            assert!(names.insert(&file.name) && may_write(&file.name), "{}", file.name);
            assert!(!file.name.split('/').any(|part| ["", ".", ".."].contains(&part)), "{}", file.name);
        }
        let again = layout.files(&merged, &context).expect("the set is the same");
        assert!(files.iter().map(|file| &file.text).eq(again.iter().map(|file| &file.text)));
    }
}

/// Comparing two texts prints only safe characters, and a text does not differ from itself.
pub fn comparing(bytes: &[u8]) {
    let middle = bytes.iter().position(|byte| *byte == 0);
    let (old, new) = middle.map_or((&b""[..], bytes), |middle| (&bytes[..middle], &bytes[middle + 1..]));
    for texts in [[old, new], [new, old], [new, new]] {
        let (printed, has_effect) = outputs::compared(texts);
        assert!(printed.iter().all(|text| is_safe(text)), "{printed:?}");
        assert!(texts[0] != texts[1] || !has_effect, "{printed:?}");
    }
}

/// A set whose predicate asks for a status item and a property.
const SET: &[u8] = br#"[
    {"Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Identifier": "update",
     "Payload": {"TargetOSVersion": "26.2", "TargetLocalDateTime": "2026-06-30T18:00:00"}},
    {"Type": "com.apple.activation.simple", "Identifier": "activation", "Payload": {"StandardConfigurations": ["update"],
     "Predicate": "@property(ring) == 1 OR @status(device.model.identifier) BEGINSWITH 'Mac'"}}]"#;

/// Planning for any text as an inventory prints only safe characters, or gives a reason.
pub fn inventories(bytes: &[u8]) {
    for name in ["a.csv", "a.ndjson", "a"] {
        match outputs::planned(SET, name, bytes) {
            Ok(printed) => assert!(printed.iter().all(|text| is_safe(text)), "{printed:?}"),
            Err(reason) => assert!(!reason.is_empty()),
        }
    }
}
