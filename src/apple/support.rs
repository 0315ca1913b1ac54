//! Availability: the versions and the devices for which a type or a key exists.

use std::cmp::Ordering;
use std::fmt;

use crate::apple::{Channel, Enrolment, OsVersion, Platform, Target, compare_versions};
use crate::words::list;

/// A version in which Apple introduced, deprecated or removed something: `18.0`, `10.13.4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Release {
    major: u8,
    minor: u8,
    patch: u8,
}

/// A set of enrolments, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Enrolments(u8);

/// A set of channels of a device, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scopes(u8);

/// The availability on one platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since {
    pub(crate) introduced: Release,
    /// The first version in which it is deprecated.
    pub(crate) deprecated: Option<Release>,
    /// The first version without it.
    pub(crate) removed: Option<Release>,
    pub(crate) enrolments: Enrolments,
    pub(crate) scopes: Scopes,
    /// The scopes on Shared iPad, if they differ.
    pub(crate) shared: Option<Scopes>,
}

/// The availability on the platforms of Apple's schema: iOS (with iPadOS), macOS, tvOS, visionOS, watchOS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Support(pub(crate) [Option<Since>; 5]);

/// Whether a key is available on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Available,
    /// The platform never has it.
    Never,
    /// The platform has it from this later version on.
    Later(Release),
    /// The platform no longer has it.
    Removed,
    /// The platform has it, but not for this enrolment.
    Enrolment,
    /// The platform has it, but not in this channel.
    Channel,
}

/// The platforms of Apple's schema and their display names.
pub(crate) const COLUMNS: [(Platform, &str); 5] = [
    (Platform::Ios, "iOS and iPadOS"),
    (Platform::MacOs, "macOS"),
    (Platform::TvOs, "tvOS"),
    (Platform::VisionOs, "visionOS"),
    (Platform::WatchOs, "watchOS"),
];

impl Release {
    pub(crate) const fn new(major: u8, minor: u8, patch: u8) -> Self {
        Self { major, minor, patch }
    }

    /// Parses `18.0` or `10.13.4`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse::<u8>().ok());
        let (major, minor, patch) = (parts.next()??, parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
        parts.next().is_none().then_some(Self { major, minor, patch })
    }

    pub(crate) const fn parts(self) -> (u8, u8, u8) {
        (self.major, self.minor, self.patch)
    }

    /// Compares this release with a version.
    pub(crate) fn compared_to(self, version: &OsVersion) -> Ordering {
        compare_versions(version.as_str(), &self.to_string()).reverse()
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch > 0 { write!(f, ".{}", self.patch) } else { Ok(()) }
    }
}

impl Enrolments {
    pub(crate) const SUPERVISED: Self = Self(1);
    pub(crate) const DEVICE: Self = Self(2);
    pub(crate) const USER: Self = Self(4);
    pub(crate) const LOCAL: Self = Self(8);
    pub(crate) const ALL: Self = Self(15);
    /// Supervised devices and device enrolment.
    pub(crate) const MANAGED: Self = Self(3);

    pub(crate) const fn of(bits: u8) -> Self {
        Self(bits)
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Finds an enrolment by its name in Apple's schema.
    pub(crate) fn find(name: &str) -> Option<Self> {
        match name {
            "supervised" => Some(Self::SUPERVISED),
            "device" => Some(Self::DEVICE),
            "user" => Some(Self::USER),
            "local" => Some(Self::LOCAL),
            _ => None,
        }
    }

    pub(crate) const fn include(self, enrolment: Enrolment) -> bool {
        let bit = match enrolment {
            Enrolment::Supervised => Self::SUPERVISED,
            Enrolment::Device => Self::DEVICE,
            Enrolment::User => Self::USER,
            Enrolment::Local => Self::LOCAL,
        };
        self.0 & bit.0 != 0
    }

    /// The text for messages and the documentation: `supervision or device enrolment`.
    pub(crate) fn describe(self) -> String {
        if self == Self::ALL {
            return "any enrolment".to_owned();
        }
        let names = [
            (Self::SUPERVISED, "supervision"),
            (Self::DEVICE, "device enrolment"),
            (Self::USER, "user enrolment"),
            (Self::LOCAL, "local enrolment"),
        ];
        let names = names.iter().filter(|(bit, _)| self.0 & bit.0 != 0).map(|(_, name)| *name);
        list(&names.collect::<Vec<_>>(), "or")
    }
}

impl Scopes {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const SYSTEM: Self = Self(1);
    pub(crate) const USER: Self = Self(2);
    pub(crate) const BOTH: Self = Self(3);

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Finds a channel by its name in Apple's schema.
    pub(crate) fn find(name: &str) -> Option<Self> {
        match name {
            "system" => Some(Self::SYSTEM),
            "user" => Some(Self::USER),
            _ => None,
        }
    }

    pub(crate) const fn include(self, channel: Channel) -> bool {
        let bit = match channel {
            Channel::Device => Self::SYSTEM,
            Channel::User => Self::USER,
        };
        self.0 & bit.0 != 0
    }
}

impl Scopes {
    /// The text for the documentation.
    pub(crate) const fn describe(self) -> &'static str {
        match (self.0 & Self::SYSTEM.0 != 0, self.0 & Self::USER.0 != 0) {
            (true, true) => "device and user",
            (true, false) => "device",
            (false, true) => "user",
            (false, false) => "none",
        }
    }
}

impl Since {
    /// Available from a version on, for these enrolments.
    pub(crate) const fn new(introduced: Release, enrolments: Enrolments) -> Self {
        Self { introduced, deprecated: None, removed: None, enrolments, scopes: Scopes::BOTH, shared: None }
    }

    /// The channels that have it on the devices of a target.
    pub(crate) fn scopes_on(&self, target: &Target) -> Scopes {
        self.shared.filter(|_| target.is_shared).unwrap_or(self.scopes)
    }

    /// The versions that have it: `13.0, deprecated in 15.0`.
    pub(crate) fn versions(&self) -> String {
        let end = match (self.deprecated, self.removed) {
            (_, Some(removed)) => format!(", until {removed}"),
            (Some(deprecated), None) => format!(", deprecated in {deprecated}"),
            (None, None) => String::new(),
        };
        format!("{}{end}", self.introduced)
    }

    /// Adds the versions of deprecation and removal.
    pub(crate) const fn until(mut self, deprecated: Release, removed: Release) -> Self {
        self.deprecated = Some(deprecated);
        self.removed = Some(removed);
        self
    }
}

impl Support {
    /// Available nowhere.
    pub(crate) const NEVER: Self = Self([None; 5]);

    /// The availability on a platform.
    pub(crate) fn on(&self, platform: Platform) -> Option<&Since> {
        let column = match platform {
            Platform::Ios | Platform::IpadOs => 0,
            Platform::MacOs => 1,
            Platform::TvOs => 2,
            Platform::VisionOs => 3,
            Platform::WatchOs => 4,
        };
        self.0[column].as_ref()
    }

    /// The availability on the devices of a target.
    pub(crate) fn verdict(&self, target: &Target) -> Verdict {
        let Some(since) = self.on(target.platform) else { return Verdict::Never };
        let is_before = |first: Release| target.version.as_ref().is_some_and(|version| first.compared_to(version).is_gt());
        let is_from = |first: Release| target.version.as_ref().is_some_and(|version| first.compared_to(version).is_le());
        if is_before(since.introduced) {
            return Verdict::Later(since.introduced);
        }
        if since.removed.is_some_and(is_from) {
            return Verdict::Removed;
        }
        if !since.enrolments.include(target.enrolment) {
            return Verdict::Enrolment;
        }
        if since.scopes_on(target).include(target.channel) { Verdict::Available } else { Verdict::Channel }
    }

    /// Whether it is deprecated on the devices of a target. False if their version is unknown.
    pub(crate) fn is_deprecated(&self, target: &Target) -> bool {
        let deprecated = self.on(target.platform).and_then(|since| since.deprecated);
        target.version.as_ref().zip(deprecated).is_some_and(|(version, first)| first.compared_to(version).is_le())
    }

    /// The versions of deprecation and removal, from the first platform that removes it.
    pub(crate) fn retirement(&self) -> Option<(Release, Release)> {
        self.0.iter().flatten().find_map(|since| since.deprecated.zip(since.removed))
    }

    /// Whether a platform supports it on unsupervised devices.
    pub(crate) fn takes_unsupervised(&self, platform: Platform) -> bool {
        self.on(platform).is_some_and(|since| since.enrolments != Enrolments::SUPERVISED)
    }

    /// The availability as a sentence: `Since macOS 15.0 (supervised).`
    pub(crate) fn sentence(&self) -> String {
        let places: Vec<String> = COLUMNS
            .iter()
            .filter_map(|(platform, name)| {
                let since = self.on(*platform)?;
                let devices = if since.enrolments == Enrolments::SUPERVISED { " (supervised)" } else { "" };
                Some(format!("{name} {}{devices}", since.versions()))
            })
            .collect();
        if places.is_empty() { "On no platform.".to_owned() } else { format!("Since {}.", list(&places, "and")) }
    }

    /// The platforms and first versions as a list: `iOS and iPadOS 18.0, macOS 15.0 and tvOS 18.4`.
    pub(crate) fn places(&self) -> String {
        let columns = COLUMNS.iter().filter_map(|(platform, name)| {
            let since = self.on(*platform)?;
            Some(format!("{name} {}", since.introduced))
        });
        list(&columns.collect::<Vec<_>>(), "and")
    }
}
