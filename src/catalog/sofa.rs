//! Reads a SOFA feed (macadmins/sofa), version 1 or 2.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::Value;

use super::{Devices, Platforms, Release, date};
use crate::apple::{BuildVersion, OsVersion, Platform};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    product_version: String,
    build: Option<String>,
    #[serde(default)]
    all_builds: Vec<String>,
    release_date: Option<String>,
    expiration_date: Option<String>,
    product_name: Option<String>,
    update_name: Option<String>,
    #[serde(default)]
    supported_devices: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Improvement {
    version: String,
    build: String,
    posting_date: Option<String>,
}

/// Returns the releases, and the number of entries that could not be read.
pub(super) fn read(value: &Value) -> (Vec<Release>, usize) {
    let mut releases = Vec::new();
    let mut strange = 0;
    let feed = value.get("OSName").and_then(Value::as_str).map_or(Platforms::NONE, platforms);
    let systems = || value.get("OSVersions").and_then(Value::as_array).into_iter().flatten();
    let mut found = feed;
    for system in systems() {
        let name = system.get("OSVersion").and_then(Value::as_str).unwrap_or_default();
        let listed = system.get("SecurityReleases").and_then(Value::as_array).into_iter().flatten();
        let entries: Vec<Option<Entry>> =
            listed.chain(system.get("Latest")).map(|entry| Entry::deserialize(entry).ok()).collect();
        // `Latest` does not always name its platform; the other releases of the same system do.
        let own = entries.iter().flatten().map(Entry::platforms).fold(feed.union(platforms(name)), Platforms::union);
        found = found.union(own);
        let models = models(system);
        for entry in &entries {
            match entry.as_ref().and_then(|entry| entry.releases(own, &models)) {
                Some(new) => releases.extend(new),
                None => strange += 1,
            }
        }
    }
    let improvements = value.get("BackgroundSecurityImprovements").and_then(Value::as_object).into_iter().flatten();
    for improvement in improvements.flat_map(|(_, list)| list.as_array().into_iter().flatten()) {
        match improvement_of(improvement, found) {
            Some(release) => releases.push(release),
            None => strange += 1,
        }
    }
    (releases, strange)
}

impl Entry {
    fn platforms(&self) -> Platforms {
        let names = [&self.product_name, &self.update_name];
        names.into_iter().flatten().map(|name| platforms(name)).fold(Platforms::NONE, Platforms::union)
    }

    /// One release for each build.
    fn releases(&self, of_system: Platforms, models: &Devices) -> Option<Vec<Release>> {
        let version: OsVersion = self.product_version.parse().ok()?;
        let own = self.platforms();
        let platforms = if own == Platforms::NONE { of_system } else { own };
        let fits = |build: &BuildVersion| {
            Platform::ALL.iter().any(|platform| platforms.contains(*platform) && build.fits(*platform, &version))
        };
        // Feeds invent builds that they do not know, so drop implausible ones.
        let builds = self.build.iter().chain(&self.all_builds).filter_map(|build| build.parse().ok()).filter(fits);
        let mut builds: Vec<Option<BuildVersion>> = builds.map(Some).collect();
        if builds.is_empty() {
            builds.push(None);
        }
        let day = |text: &Option<String>| -> Option<NaiveDate> { text.as_deref().and_then(date) };
        let (posted, expires) = (day(&self.release_date), day(&self.expiration_date));
        let devices = Devices::new(self.supported_devices.iter().map(String::as_str)).with(models);
        let release = |build| Release {
            platforms,
            version: version.clone(),
            build,
            posted,
            expires,
            is_public: true,
            is_supplemental: false,
            devices: devices.clone(),
        };
        Some(builds.into_iter().map(release).collect())
    }
}

fn improvement_of(value: &Value, platforms: Platforms) -> Option<Release> {
    let Improvement { version, build, posting_date } = Improvement::deserialize(value).ok()?;
    Some(Release {
        platforms,
        version: version.parse().ok()?,
        build: Some(build.parse().ok()?),
        posted: posting_date.as_deref().and_then(date),
        expires: None,
        is_public: true,
        is_supplemental: true,
        devices: Devices::default(),
    })
}

/// The models that a system runs on.
fn models(system: &Value) -> Devices {
    let groups = system.get("SupportedModels").and_then(Value::as_array).into_iter().flatten();
    let names = groups.filter_map(|group| group.get("Identifiers")?.as_object()).flat_map(|names| names.keys());
    Devices::new(names.map(String::as_str))
}

/// The platforms in a name: `iOS and iPadOS`, `macOS Tahoe 26.6`, `Sequoia 15`.
fn platforms(name: &str) -> Platforms {
    let is_word = |word: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|other| other == word);
    let named: Vec<Platform> = Platform::ALL.into_iter().filter(|platform| is_word(platform.name())).collect();
    // Only macOS versions have names.
    let is_mac = named.is_empty() && name.starts_with(|c: char| c.is_ascii_uppercase());
    if is_mac { Platforms::of(&[Platform::MacOs]) } else { Platforms::of(&named) }
}
