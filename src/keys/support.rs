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
    /// When it goes, if Apple has said so.
    pub(crate) until: Option<Retirement>,
}

/// When Apple takes something away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retirement {
    /// The first version in which it should no longer be used.
    pub(crate) deprecated: &'static str,
    /// The first version that does not have it.
    pub(crate) removed: &'static str,
}

impl Since {
    /// From this version on, however the device is enrolled.
    pub(crate) const fn every(version: &'static str) -> Option<Self> {
        Self::limited(version, Enrolments::Every, None)
    }

    /// From this version on, on supervised devices and under device enrolment.
    pub(crate) const fn device(version: &'static str) -> Option<Self> {
        Self::limited(version, Enrolments::Device, None)
    }

    /// From this version on, on supervised devices.
    pub(crate) const fn supervised(version: &'static str) -> Option<Self> {
        Self::limited(version, Enrolments::Supervised, None)
    }

    /// From this version on, on supervised devices and under device enrolment, for as long as it exists.
    pub(crate) const fn device_until(version: &'static str, until: Retirement) -> Option<Self> {
        Self::limited(version, Enrolments::Device, Some(until))
    }

    /// From this version on, on supervised devices, for as long as it exists.
    pub(crate) const fn supervised_until(version: &'static str, until: Retirement) -> Option<Self> {
        Self::limited(version, Enrolments::Supervised, Some(until))
    }

    #[expect(clippy::unnecessary_wraps, reason = "a row holds an Option, and reads better without Some")]
    const fn limited(version: &'static str, enrolments: Enrolments, until: Option<Retirement>) -> Option<Self> {
        Some(Self { version, enrolments, until })
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
    /// The platform no longer has it.
    Removed,
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
        let is_before = |first| target.version.as_ref().is_some_and(|version| compare_versions(version.as_str(), first).is_lt());
        let is_from = |first| target.version.as_ref().is_some_and(|version| compare_versions(version.as_str(), first).is_ge());
        if is_before(since.version) {
            return Verdict::Later(since.version);
        }
        if since.until.is_some_and(|until| is_from(until.removed)) {
            return Verdict::Removed;
        }
        if since.enrolments.include(target.enrolment) { Verdict::Available } else { Verdict::Enrolment }
    }

    /// Whether a device has it and should no longer be told to use it.
    pub(crate) fn is_deprecated(&self, target: &Target) -> bool {
        let until = self.on(target.platform).and_then(|since| since.until);
        let version = target.version.as_ref();
        version.zip(until).is_some_and(|(version, until)| compare_versions(version.as_str(), until.deprecated).is_ge())
    }

    /// When it goes, on any platform that has it.
    pub(crate) fn retirement(&self) -> Option<Retirement> {
        COLUMNS.iter().find_map(|(platform, _)| self.on(*platform)?.until)
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
