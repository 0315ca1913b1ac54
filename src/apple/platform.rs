//! Platforms: their release lines, and the families and models of devices.

use std::fmt;
use std::ops::RangeInclusive;

use super::{OsVersion, compare_versions};

/// An Apple platform. Apple's schema treats iPadOS as part of iOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Platform {
    /// iPhone.
    Ios,
    /// iPad, Shared iPad included.
    IpadOs,
    /// Mac.
    MacOs,
    /// Apple TV.
    TvOs,
    /// Apple Vision Pro.
    VisionOs,
    /// Apple Watch, which supports neither of the software update declarations.
    WatchOs,
}

impl Platform {
    /// All platforms.
    pub const ALL: [Self; 6] = [Self::Ios, Self::IpadOs, Self::MacOs, Self::TvOs, Self::VisionOs, Self::WatchOs];

    /// Whether the platform has, or could get, this major version. Since 26 all platforms share one number.
    pub(crate) fn has_major(self, version: &OsVersion) -> bool {
        // A number that is too large for the type is not before 26.
        let has_major = version.major().parse::<u8>().map_or(true, |major| self.before_26().contains(&major) || major >= 26);
        has_major && !self.is_beyond_ten(version)
    }

    /// Whether this is a version of macOS after 10.15, which 11 follows.
    fn is_beyond_ten(self, version: &OsVersion) -> bool {
        self == Self::MacOs && version.major() == "10" && compare_versions(version.as_str(), "10.16").is_ge()
    }

    /// The major versions before 26. iPads had iOS before iPadOS 13, and Apple's schema calls both iOS.
    fn before_26(self) -> RangeInclusive<u8> {
        match self {
            Self::Ios | Self::IpadOs => 1..=18,
            Self::TvOs => 9..=18,
            Self::MacOs => 10..=15,
            Self::VisionOs => 1..=2,
            Self::WatchOs => 1..=11,
        }
    }

    /// The last major version before 26, the next one.
    pub(crate) fn last_before_26(self) -> u8 {
        *self.before_26().end()
    }

    /// The release line of a version that the platform does not have, and which lines it has.
    pub(crate) fn lacks(self, version: &OsVersion) -> Option<(String, String)> {
        if self.has_major(version) {
            return None;
        }
        let (major, first) = (version.major(), *self.before_26().start());
        if self.is_beyond_ten(version) {
            let line = version.as_str().split('.').take(2).collect::<Vec<_>>().join(".");
            return Some((line, "macOS 11 follows macOS 10.15".to_owned()));
        }
        let help = match major.parse::<u8>() {
            Ok(major) if major < first => format!("the first {self} is {first}"),
            _ => format!("{self} 26 follows {self} {}", self.last_before_26()),
        };
        Some((major.to_owned(), help))
    }

    /// The platform of a model family, such as `Mac`.
    pub(crate) fn of_model(family: &str) -> Option<Self> {
        self::family(family).map(|(platform, _)| platform)
    }

    /// The platform of a model identifier, such as `Mac16,1`. `None` for names of boards and of other devices.
    pub(crate) fn of_model_identifier(model: &str) -> Option<Self> {
        let (name, _) = model.split_once(',')?;
        let family = name.trim_end_matches(|c: char| c.is_ascii_digit());
        if family.len() == name.len() {
            return None;
        }
        MODELS.iter().find(|(names, _)| names.contains(&family)).map(|(_, platform)| *platform)
    }

    /// Apple's spelling of the name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ios => "iOS",
            Self::IpadOs => "iPadOS",
            Self::MacOs => "macOS",
            Self::TvOs => "tvOS",
            Self::VisionOs => "visionOS",
            Self::WatchOs => "watchOS",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A family of devices: its names without "Apple", its platform, and its `device.model.family`, if that is known.
type Family = (&'static [&'static str], Platform, Option<&'static str>);

const FAMILIES: [Family; 8] = [
    (&["iphone"], Platform::Ios, Some("iPhone")),
    (&["ipod", "ipodtouch"], Platform::Ios, Some("iPod")),
    (&["ipad"], Platform::IpadOs, Some("iPad")),
    (&["mac"], Platform::MacOs, Some("Mac")),
    (&["tv"], Platform::TvOs, Some("AppleTV")),
    (&["watch"], Platform::WatchOs, Some("Watch")),
    // Apple does not document which family these devices report.
    (&["vision", "visionpro"], Platform::VisionOs, None),
    (&["realitydevice"], Platform::VisionOs, Some("RealityDevice")),
];

/// Finds a family of devices by name, such as `iPhone` or `Apple TV`, ignoring case: its platform, and its
/// `device.model.family`, if that is known.
pub(super) fn family(name: &str) -> Option<(Platform, Option<&'static str>)> {
    let plain = plain(name.trim()).to_ascii_lowercase();
    let name = plain.strip_prefix("apple").unwrap_or(&plain);
    FAMILIES.iter().find(|(names, ..)| names.contains(&name)).map(|(_, platform, model)| (*platform, *model))
}

/// The families in model identifiers.
const MODELS: [(&[&str], Platform); 6] = [
    (&["iPhone", "iPod"], Platform::Ios),
    (&["iPad"], Platform::IpadOs),
    (
        &["Mac", "MacBook", "MacBookAir", "MacBookPro", "Macmini", "MacPro", "iMac", "iMacPro", "VirtualMac", "Xserve"],
        Platform::MacOs,
    ),
    (&["AppleTV"], Platform::TvOs),
    (&["RealityDevice"], Platform::VisionOs),
    (&["Watch"], Platform::WatchOs),
];

/// Removes what does not distinguish names.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect()
}
