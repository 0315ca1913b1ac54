//! Since when a key exists, and for which devices.

use crate::model::{Enrolment, Platform, Target, compare_versions};
use crate::words::list;

/// How devices may be enrolled that take a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Enrolments {
    /// In any way.
    Every,
    /// They are supervised, or under device enrolment.
    Device,
    /// They are supervised.
    Supervised,
}

impl Enrolments {
    fn include(self, enrolment: Enrolment) -> bool {
        match self {
            Self::Every => true,
            Self::Device => matches!(enrolment, Enrolment::Supervised | Enrolment::Device),
            Self::Supervised => enrolment == Enrolment::Supervised,
        }
    }
}

/// The first version of a platform that has a key, and for which devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since {
    pub(crate) version: &'static str,
    pub(crate) enrolments: Enrolments,
}

impl Since {
    /// From this version on, however the device is enrolled.
    pub(crate) const fn every(version: &'static str) -> Option<Self> {
        Self::new(version, Enrolments::Every)
    }

    /// From this version on, on supervised devices and under device enrolment.
    pub(crate) const fn device(version: &'static str) -> Option<Self> {
        Self::new(version, Enrolments::Device)
    }

    /// From this version on, on supervised devices.
    pub(crate) const fn supervised(version: &'static str) -> Option<Self> {
        Self::new(version, Enrolments::Supervised)
    }

    #[expect(clippy::unnecessary_wraps, reason = "a row holds an Option, and reads better without Some")]
    const fn new(version: &'static str, enrolments: Enrolments) -> Option<Self> {
        Some(Self { version, enrolments })
    }
}

/// The platform does not have the key.
pub(crate) const NEVER: Option<Since> = None;

/// Where a key exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Support {
    /// iOS and iPadOS, Shared iPad included.
    pub(crate) ios: Option<Since>,
    pub(crate) macos: Option<Since>,
    pub(crate) tvos: Option<Since>,
    pub(crate) visionos: Option<Since>,
    pub(crate) watchos: Option<Since>,
}

/// What becomes of a key on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The device takes it.
    Available,
    /// The platform does not have it.
    Never,
    /// The platform has it from this version on, which the device has not reached.
    Later(&'static str),
    /// The device has it, but for devices that are enrolled otherwise.
    Enrolment,
}

impl Support {
    /// What Apple says of a platform.
    pub(crate) fn on(&self, platform: Platform) -> Option<Since> {
        match platform {
            Platform::Ios | Platform::IpadOs => self.ios,
            Platform::MacOs => self.macos,
            Platform::TvOs => self.tvos,
            Platform::VisionOs => self.visionos,
            Platform::WatchOs => self.watchos,
        }
    }

    /// What becomes of the key on some devices.
    pub(crate) fn verdict(&self, target: &Target) -> Verdict {
        let Some(since) = self.on(target.platform) else { return Verdict::Never };
        if target.version.as_ref().is_some_and(|version| compare_versions(version.as_str(), since.version).is_lt()) {
            return Verdict::Later(since.version);
        }
        if since.enrolments.include(target.enrolment) { Verdict::Available } else { Verdict::Enrolment }
    }

    /// Whether a platform asks for no supervision.
    pub(crate) fn takes_unsupervised(&self, platform: Platform) -> bool {
        self.on(platform).is_some_and(|since| since.enrolments != Enrolments::Supervised)
    }

    /// Where the key exists, as a sentence lists it: `iOS and iPadOS 18.0, macOS 15.0 and tvOS 18.4`.
    pub(crate) fn places(&self) -> String {
        let columns = COLUMNS.iter().filter_map(|(platform, name)| {
            let since = self.on(*platform)?;
            Some(format!("{name} {}", since.version))
        });
        list(&columns.collect::<Vec<_>>(), "and")
    }
}

/// The platforms as Apple's schema tells them apart, and the names of each.
pub(crate) const COLUMNS: [(Platform, &str); 5] = [
    (Platform::Ios, "iOS and iPadOS"),
    (Platform::MacOs, "macOS"),
    (Platform::TvOs, "tvOS"),
    (Platform::VisionOs, "visionOS"),
    (Platform::WatchOs, "watchOS"),
];
