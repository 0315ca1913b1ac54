//! What the rules about one enforcement share.

use super::impossible_release::{Impossible, Installers};
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_LOCAL_DATE_TIME, TARGET_OS_VERSION};
use crate::apple::{BuildVersion, ENFORCEMENT, LocalDateTime, OsVersion, Platform, Support, Target};
use crate::catalog::{Catalog, Known, Release};
use crate::validate::Object;

/// The facts that an enforcement is judged by.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'d> {
    /// The target devices; if empty, all that support enforcements.
    pub(crate) targets: &'d [Target],
    /// The local time that deadlines are compared with; without it, the rules about time are skipped.
    pub(crate) as_of: Option<LocalDateTime>,
    /// The releases that Apple offers, if known.
    pub(crate) catalog: Option<&'d Catalog>,
}

/// An enforcement, and the facts that it is judged by.
pub(crate) struct Enforced<'d> {
    pub(crate) enforcement: Object<'d, 'd>,
    pub(crate) conditions: Circumstances<'d>,
    version: Option<OsVersion>,
    build: Option<BuildVersion>,
    deadline: Option<LocalDateTime>,
}

impl<'d> Enforced<'d> {
    pub(crate) fn new(enforcement: Object<'d, 'd>, conditions: Circumstances<'d>) -> Self {
        let (version, build) = (enforcement.parse(TARGET_OS_VERSION), enforcement.parse(TARGET_BUILD_VERSION));
        Self { enforcement, conditions, version, build, deadline: enforcement.parse(TARGET_LOCAL_DATE_TIME) }
    }

    pub(crate) fn version(&self) -> Option<&OsVersion> {
        self.version.as_ref()
    }

    pub(crate) fn build(&self) -> Option<&BuildVersion> {
        self.build.as_ref()
    }

    pub(crate) fn deadline(&self) -> Option<LocalDateTime> {
        self.deadline
    }

    /// Where enforcements exist.
    pub(crate) fn support(&self) -> &Support {
        self.enforcement.schema().support_of(ENFORCEMENT)
    }

    /// The time to compare with, and the deadline.
    pub(crate) fn times(&self) -> Option<(LocalDateTime, LocalDateTime)> {
        Some((self.conditions.as_of?, self.deadline()?))
    }

    /// The devices that may install the release.
    pub(crate) fn installers(&self) -> Installers<'_> {
        Installers { what: "enforcements", support: self.support(), targets: self.conditions.targets }
    }

    /// The platforms that it may be meant for: those of the targets, or without targets all that support enforcements.
    pub(crate) fn scope(&self) -> Vec<Platform> {
        self.installers().platforms().collect()
    }

    /// Why no device can ever install the release, if that is certain.
    pub(crate) fn impossible(&self) -> Option<Impossible> {
        self.installers().refuse(self.version()?, self.enforcement.has(TARGET_BUILD_VERSION))
    }

    /// What the catalogue says about the release on each platform in scope; `None` if the build could not be read, or if
    /// `impossible-release` covers the version.
    pub(crate) fn offers(&self) -> Option<Offers<'_>> {
        let catalog = self.conditions.catalog?;
        let version = self.version()?;
        if self.enforcement.is_unknown(TARGET_BUILD_VERSION) || self.impossible().is_some() {
            return None;
        }
        let build = self.build();
        let platforms = self.scope().into_iter().map(|platform| (platform, catalog.knows(platform, version, build))).collect();
        Some(Offers { catalog, version, build, platforms, is_aimed: !self.conditions.targets.is_empty() })
    }
}

/// What a catalogue says about a release.
pub(crate) struct Offers<'d> {
    pub(crate) catalog: &'d Catalog,
    pub(crate) version: &'d OsVersion,
    pub(crate) build: Option<&'d BuildVersion>,
    platforms: Vec<(Platform, Known)>,
    /// Whether there are targets, so that each platform counts; otherwise one unknown platform is meant.
    pub(crate) is_aimed: bool,
}

impl Offers<'_> {
    /// The platforms that certainly meet a condition: with targets each that does, otherwise all or none.
    pub(crate) fn certain(&self, condition: impl Fn(Platform, Known) -> bool) -> Vec<Platform> {
        let matching: Vec<Platform> = self
            .platforms
            .iter()
            .filter(|(platform, known)| condition(*platform, *known))
            .map(|(platform, _)| *platform)
            .collect();
        if self.is_aimed || matching.len() == self.platforms.len() { matching } else { Vec::new() }
    }

    /// The platforms that have the release.
    pub(crate) fn having(&self) -> impl Iterator<Item = Platform> {
        self.platforms.iter().filter(|(_, known)| *known == Known::Yes).map(|(platform, _)| *platform)
    }

    /// The platforms as a phrase such as " for iOS and macOS"; empty without targets.
    pub(crate) fn on(&self, platforms: &[Platform], conjunction: &str) -> String {
        if self.is_aimed { format!(" for {}", names(platforms, conjunction)) } else { String::new() }
    }

    /// The entries of the release on a platform.
    pub(crate) fn entries(&self, platform: Platform) -> impl Iterator<Item = &Release> {
        self.catalog
            .of_version(platform, self.version)
            .filter(|release| self.build.is_none_or(|build| release.build.as_ref() == Some(build)))
    }
}

/// Lists platforms in prose.
fn names(platforms: &[Platform], conjunction: &str) -> String {
    crate::words::list(&platforms.iter().map(|platform| platform.name()).collect::<Vec<_>>(), conjunction)
}
