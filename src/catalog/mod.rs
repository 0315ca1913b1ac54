//! The releases that Apple offers, read from Apple's own list (GDMF) or a SOFA feed.
//!
//! This layer takes a text and accesses neither files nor servers. It skips entries that it cannot read, and never
//! concludes anything from the absence of a release in a partial list.

mod devices;
mod gdmf;
mod sofa;

use chrono::{Datelike, NaiveDate};
pub(crate) use devices::Devices;

use crate::apple::{BuildVersion, OsVersion, Platform, Target};
use crate::limits::MAX_CATALOGUE_BYTES;

/// A set of platforms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Platforms(u8);

impl Platforms {
    pub(crate) const NONE: Self = Self(0);
    /// Every platform.
    pub(crate) const ALL: Self = Self((1 << Platform::ALL.len()) - 1);

    pub(crate) fn of(platforms: &[Platform]) -> Self {
        platforms.iter().fold(Self::NONE, |all, platform| all.and(*platform))
    }

    /// The platforms of these target devices; all of them if there are none.
    pub(crate) fn of_targets(targets: &[Target]) -> Self {
        match targets {
            [] => Self::ALL,
            targets => targets.iter().fold(Self::NONE, |all, target| all.and(target.platform)),
        }
    }

    #[must_use]
    pub(crate) fn and(self, platform: Platform) -> Self {
        Self(self.0 | 1 << platform as u8)
    }

    #[must_use]
    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub(crate) fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// One bit for each platform.
    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    /// The platforms with these [bits](Self::bits).
    pub(crate) fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    pub(crate) fn contains(self, platform: Platform) -> bool {
        self.0 & 1 << platform as u8 != 0
    }
}

/// A release of a catalogue.
#[derive(Debug, Clone)]
pub(crate) struct Release {
    pub(crate) platforms: Platforms,
    pub(crate) version: OsVersion,
    /// The build, if known.
    pub(crate) build: Option<BuildVersion>,
    pub(crate) posted: Option<NaiveDate>,
    /// The last day on which it can be enforced.
    pub(crate) expires: Option<NaiveDate>,
    /// Whether it is offered to all devices, not only to managed ones.
    pub(crate) is_public: bool,
    /// Whether it is a Background Security Improvement.
    pub(crate) is_supplemental: bool,
    /// The devices that it runs on.
    pub(crate) devices: Devices,
}

impl Release {
    /// Whether it is posted and has not expired on a day.
    pub(crate) fn is_offered(&self, today: NaiveDate) -> bool {
        self.posted.is_none_or(|posted| posted <= today) && !self.is_expired(today)
    }

    pub(crate) fn is_expired(&self, today: NaiveDate) -> bool {
        self.expires.is_some_and(|expires| expires < today)
    }
}

/// The source of a catalogue, which determines what can be concluded from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Apple's list is complete: nothing else can be enforced.
    Gdmf,
    /// A SOFA feed covers some platforms and major versions, and does not mark public releases.
    Sofa,
}

/// The releases that Apple offers, from Apple's own server (GDMF) or a SOFA feed.
///
/// ```
/// let catalog = ddmc::Catalog::read(br#"{ "PublicAssetSets": {}, "AssetSets": { "macOS": [
///   { "ProductVersion": "26.2", "Build": "25C56", "PostingDate": "2025-12-12", "SupportedDevices": ["J314cAP"] }
/// ] } }"#)?;
/// let checker = ddmc::Checker::new().catalog(catalog);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug)]
pub struct Catalog {
    pub(crate) origin: Origin,
    releases: Vec<Release>,
    /// The number of entries that could not be read.
    pub(crate) strange: usize,
}

/// Whether a version, optionally with a build, is among the releases of a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    Yes,
    No,
    /// The catalogue does not cover such releases.
    Silent,
}

impl Catalog {
    /// Reads a catalogue in any known format.
    ///
    /// # Errors
    /// The text is not a catalogue. The message explains why.
    pub fn read(text: &[u8]) -> Result<Self, String> {
        if text.len() > MAX_CATALOGUE_BYTES {
            return Err(format!("is larger than {} MiB, the maximum for a catalogue", MAX_CATALOGUE_BYTES >> 20));
        }
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let value: serde_json::Value = serde_json::from_slice(text).map_err(|error| format!("is not JSON: {error}"))?;
        // Some tools wrap Apple's response together with its ETag.
        let value = value.get("data").filter(|_| value.get("etag").is_some()).unwrap_or(&value);
        let (origin, (releases, strange)) = if ["PublicAssetSets", "AssetSets"].iter().any(|name| value.get(*name).is_some()) {
            (Origin::Gdmf, gdmf::read(value))
        } else if value.get("OSVersions").is_some() {
            (Origin::Sofa, sofa::read(value))
        } else {
            return Err("is not a catalogue: it has neither AssetSets (Apple's list) nor OSVersions (a SOFA feed)".to_owned());
        };
        if releases.is_empty() {
            return Err("contains no releases".to_owned());
        }
        Ok(Self { origin, releases, strange })
    }

    /// The releases of a version on a platform, including Background Security Improvements.
    pub(crate) fn of_version<'c>(&'c self, platform: Platform, version: &'c OsVersion) -> impl Iterator<Item = &'c Release> {
        self.on(platform).filter(move |release| release.version == *version)
    }

    /// Whether a release is listed for any device.
    pub(crate) fn lists(&self, version: &OsVersion, build: Option<&BuildVersion>) -> bool {
        self.releases
            .iter()
            .any(|release| release.version == *version && build.is_none_or(|build| release.build.as_ref() == Some(build)))
    }

    /// The releases of a platform.
    pub(crate) fn on(&self, platform: Platform) -> impl Iterator<Item = &Release> {
        self.releases.iter().filter(move |release| release.platforms.contains(platform))
    }

    /// Whether a version, optionally with a build, is among the releases of a platform.
    pub(crate) fn knows(&self, platform: Platform, version: &OsVersion, build: Option<&BuildVersion>) -> Known {
        if self.of_version(platform, version).next().is_none() {
            return if self.covers(platform, version) { Known::No } else { Known::Silent };
        }
        let Some(build) = build else { return Known::Yes };
        let builds: Vec<&BuildVersion> =
            self.of_version(platform, version).filter_map(|release| release.build.as_ref()).collect();
        if builds.contains(&build) {
            return Known::Yes;
        }
        // SOFA lists one or two builds per version, but not those for single models.
        if builds.is_empty() || self.origin == Origin::Sofa { Known::Silent } else { Known::No }
    }

    /// Whether an unlisted version does not exist. A SOFA feed has all releases of a platform since its oldest major
    /// version.
    fn covers(&self, platform: Platform, version: &OsVersion) -> bool {
        let major = |release: &Release| release.version.major().parse::<u64>().ok();
        match self.origin {
            Origin::Gdmf => true,
            Origin::Sofa => {
                let oldest = self.on(platform).filter_map(major).min();
                oldest.is_some_and(|oldest| version.major().parse::<u64>().is_ok_and(|major| major >= oldest))
            }
        }
    }

    /// The posting date of the newest release, approximately the date of the catalogue.
    pub(crate) fn newest(&self) -> Option<NaiveDate> {
        self.releases.iter().filter_map(|release| release.posted).max()
    }
}

/// Parses a date of the years 0001 to 9999, ignoring a time after it.
fn date(text: &str) -> Option<NaiveDate> {
    let date = text.get(..10)?.parse().ok()?;
    (1..=9999).contains(&NaiveDate::year(&date)).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GDMF: &str = r#"{
      "PublicAssetSets": {
        "iOS": [
          { "ProductVersion": "26.1", "Build": "23B85", "PostingDate": "2025-11-03", "ExpirationDate": "2026-03-01", "SupportedDevices": ["iPhone12,1", "iPad7,1"] },
          { "ProductVersion": "26.1", "Build": "23J579", "PostingDate": "2025-11-03", "SupportedDevices": ["AppleTV11,1"] },
          { "ProductVersion": "26.0", "Build": "23A1", "SupportedDevices": [] },
          { "ProductVersion": "ten", "Build": "1" }
        ],
        "macOS": [{ "ProductVersion": "15.7.2", "Build": "24G325", "PostingDate": "2025-11-03" }],
        "xrOS": [{ "ProductVersion": "1.2", "Build": "21O589" }]
      },
      "AssetSets": { "macOS": [{ "ProductVersion": "15.7.1", "Build": "24G231", "PostingDate": "2025-09-29" }] },
      "PublicRapidSecurityResponses": {
        "macOS": [{ "ProductVersion": "15.7.2", "Build": "24G771325a", "ProductVersionExtra": "(a)", "PrerequisiteBuild": "24G325" }]
      }
    }"#;

    const SOFA: &str = r#"{
      "OSVersions": [
        { "OSVersion": "Sequoia 15",
          "Latest": { "ProductVersion": "15.7.2", "Build": "24G325", "AllBuilds": ["24G325", "24G330"], "ReleaseDate": "2025-11-03T00:00:00Z" },
          "SecurityReleases": [
            { "UpdateName": "macOS Sequoia 15.7.2", "ProductName": "macOS", "ProductVersion": "15.7.2", "ReleaseDate": "2025-11-03" },
            { "UpdateName": "macOS Sequoia 15.7", "ProductName": "macOS", "ProductVersion": "15.7", "Build": "", "ReleaseDate": "2025-09-15" } ] }
      ],
      "BackgroundSecurityImprovements": { "15": [{ "Version": "15.7.2", "VersionExtra": "(a)", "Build": "24G771325a", "PostingDate": "2025-12-01" }] }
    }"#;

    fn knows(catalog: &str, platform: Platform, version: &str, build: &str) -> Known {
        let catalog = Catalog::read(catalog.as_bytes()).expect("a catalogue");
        let build = (!build.is_empty()).then(|| build.parse().expect("a build"));
        catalog.knows(platform, &version.parse().expect("a version"), build.as_ref())
    }

    #[test]
    fn reads_gdmf_with_platforms_by_device() {
        use Platform::{Ios, IpadOs, MacOs, TvOs, VisionOs};
        let knows = |platform, version, build| knows(GDMF, platform, version, build);
        assert_eq!(knows(Ios, "26.1", "23B85"), Known::Yes);
        assert_eq!(knows(IpadOs, "26.1.0", ""), Known::Yes);
        assert_eq!(knows(TvOs, "26.1", "23B85"), Known::No, "that build is not for an Apple TV");
        assert_eq!(knows(TvOs, "26.0", ""), Known::Yes, "its devices are unknown");
        assert_eq!(knows(MacOs, "26.1", ""), Known::No);
        assert_eq!(knows(MacOs, "15.7.2", "24G771325a"), Known::Yes);
        assert_eq!(knows(VisionOs, "1.2", ""), Known::Yes);
        let catalog = Catalog::read(GDMF.as_bytes()).expect("a catalogue");
        assert_eq!(catalog.strange, 1);
        assert_eq!(catalog.newest(), NaiveDate::from_ymd_opt(2025, 11, 3));
        assert!(!catalog.of_version(MacOs, &"15.7.1".parse().expect("a version")).any(|release| release.is_public));
    }

    #[test]
    fn reads_gdmf_wrapped_with_an_etag() {
        let wrapped = format!("\u{feff}{{\"etag\": \"x\", \"data\": {GDMF}}}");
        assert_eq!(knows(&wrapped, Platform::Ios, "26.1", "23B85"), Known::Yes);
    }

    #[test]
    fn reads_a_sofa_feed_as_the_history_of_one_platform() {
        let knows = |platform, version, build| knows(SOFA, platform, version, build);
        assert_eq!(knows(Platform::MacOs, "15.7.2", "24G330"), Known::Yes);
        assert_eq!(knows(Platform::MacOs, "15.7.2", "24G771325a"), Known::Yes);
        assert_eq!(knows(Platform::MacOs, "15.7.2", "24G999"), Known::Silent);
        assert_eq!(knows(Platform::MacOs, "15.7", "24G222"), Known::Silent);
        assert_eq!(knows(Platform::MacOs, "15.9", ""), Known::No);
        assert_eq!(knows(Platform::MacOs, "14.8", ""), Known::Silent);
        assert_eq!(knows(Platform::Ios, "26.1", ""), Known::Silent);
    }

    #[test]
    fn rejects_other_texts() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"AssetSets\": {}}",
            "{\"AssetSets\": {\"iOS\": [{}]}}",
            "{\"OSVersions\": 7}",
            "{\"iOS\": {\"LastCheck\": \"\"}}",
        ] {
            assert!(Catalog::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
