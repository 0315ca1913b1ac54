//! Since when a key exists, and for which devices.

#[cfg(test)]
use std::fmt;

/// The platforms that Apple's schema tells apart.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    /// iOS and iPadOS, Shared iPad included.
    Ios,
    MacOs,
    TvOs,
    VisionOs,
}

#[cfg(test)]
impl Platform {
    pub(crate) const ALL: [Self; 4] = [Self::Ios, Self::MacOs, Self::TvOs, Self::VisionOs];
}

#[cfg(test)]
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ios => "iOS",
            Self::MacOs => "macOS",
            Self::TvOs => "tvOS",
            Self::VisionOs => "visionOS",
        })
    }
}

/// The first version of a platform that has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Since {
    pub(crate) version: &'static str,
    /// Whether the device must be supervised. On macOS every device that takes these declarations is.
    pub(crate) supervised: bool,
}

impl Since {
    /// From this version on, under every enrolment that the declaration allows.
    #[expect(clippy::unnecessary_wraps, reason = "a row holds an Option, and reads better without Some")]
    pub(crate) const fn version(version: &'static str) -> Option<Self> {
        Some(Self { version, supervised: false })
    }

    /// From this version on, on supervised devices.
    #[expect(clippy::unnecessary_wraps, reason = "a row holds an Option, and reads better without Some")]
    pub(crate) const fn supervised(version: &'static str) -> Option<Self> {
        Some(Self { version, supervised: true })
    }
}

/// The platform does not have the key.
pub(crate) const NEVER: Option<Since> = None;

/// Where a key exists. watchOS has neither declaration.
#[cfg_attr(not(test), expect(dead_code, reason = "as above"))]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Support {
    pub(crate) ios: Option<Since>,
    pub(crate) macos: Option<Since>,
    pub(crate) tvos: Option<Since>,
    pub(crate) visionos: Option<Since>,
}

#[cfg(test)]
impl Support {
    pub(crate) fn on(&self, platform: Platform) -> Option<Since> {
        match platform {
            Platform::Ios => self.ios,
            Platform::MacOs => self.macos,
            Platform::TvOs => self.tvos,
            Platform::VisionOs => self.visionos,
        }
    }
}
