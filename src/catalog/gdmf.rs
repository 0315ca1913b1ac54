//! Reads Apple's response from `gdmf.apple.com/v2/pmv`.

use serde::Deserialize;
use serde_json::Value;

use super::{Devices, Platforms, Release, date};
use crate::apple::Platform;

/// The lists, with whether their releases are public and whether they are supplemental. The last two names are the
/// same list.
const LISTS: [(&str, bool, bool); 4] = [
    ("PublicAssetSets", true, false),
    ("AssetSets", false, false),
    ("PublicBackgroundSecurityImprovements", true, true),
    ("PublicRapidSecurityResponses", true, true),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    product_version: String,
    build: Option<String>,
    posting_date: Option<String>,
    expiration_date: Option<String>,
    #[serde(default)]
    supported_devices: Vec<String>,
}

/// Returns the releases, and the number of entries that could not be read.
pub(super) fn read(value: &Value) -> (Vec<Release>, usize) {
    let mut releases: Vec<Release> = Vec::new();
    let mut strange = 0;
    for (list, is_public, is_supplemental) in LISTS {
        for (heading, entries) in value.get(list).and_then(Value::as_object).into_iter().flatten() {
            for entry in entries.as_array().into_iter().flatten() {
                match release(entry, heading, is_public, is_supplemental) {
                    Some(release) => releases.push(release),
                    None => strange += 1,
                }
            }
        }
    }
    (releases, strange)
}

fn release(entry: &Value, heading: &str, is_public: bool, is_supplemental: bool) -> Option<Release> {
    let entry = Entry::deserialize(entry).ok()?;
    Some(Release {
        platforms: platforms(heading, &entry.supported_devices)?,
        version: entry.product_version.parse().ok()?,
        build: entry.build.and_then(|build| build.parse().ok()),
        posted: entry.posting_date.as_deref().and_then(date),
        expires: entry.expiration_date.as_deref().and_then(date),
        is_public,
        is_supplemental,
        devices: Devices::new(entry.supported_devices.iter().map(String::as_str)),
    })
}

/// The platforms of an entry. `iOS` covers several, distinguished by device model; without models it can be any of
/// them.
fn platforms(heading: &str, devices: &[String]) -> Option<Platforms> {
    match heading {
        "macOS" => return Some(Platforms::of(&[Platform::MacOs])),
        "visionOS" | "xrOS" => return Some(Platforms::of(&[Platform::VisionOs])),
        "iOS" => {}
        _ => return None,
    }
    if devices.is_empty() {
        return Some(Platforms::of(&[Platform::Ios, Platform::IpadOs, Platform::TvOs, Platform::WatchOs]));
    }
    let platform = |device: &String| Platform::of_model_identifier(device);
    // HomePod models are ignored: their platform does not support declarations.
    Some(devices.iter().filter_map(platform).fold(Platforms::NONE, Platforms::and))
}
