//! What the rules about one enforcement share.

use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_LOCAL_DATE_TIME, TARGET_OS_VERSION};
use crate::apple::{BuildVersion, LocalDateTime, OsVersion, Platform, Target};
use crate::apple::{ENFORCEMENT, Support};
use crate::catalog::{Catalog, Known, Release};
use crate::validate::Object;

/// What an enforcement is judged by, beside itself.
#[derive(Clone, Copy)]
pub(crate) struct Circumstances<'d> {
    /// The devices that it is meant for; without any, all that take it.
    pub(crate) targets: &'d [Target],
    /// The local time by which deadlines are judged; without one, nothing is said about the time.
    pub(crate) as_of: Option<LocalDateTime>,
    /// The releases that Apple offers, if a list of them is given.
    pub(crate) catalog: Option<&'d Catalog>,
}

/// An enforcement, and what it is judged by.
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

    /// Where such declarations exist.
    pub(crate) fn support(&self) -> &Support {
        self.enforcement.schema().support_of(ENFORCEMENT)
    }

    /// The time to judge by, and the deadline.
    pub(crate) fn times(&self) -> Option<(LocalDateTime, LocalDateTime)> {
        Some((self.conditions.as_of?, self.deadline()?))
    }

    /// The platforms that it may be meant for: those of the targets, or else all that take such declarations.
    pub(crate) fn scope(&self) -> Vec<Platform> {
        let targets = self.conditions.targets;
        let is_meant = |platform: &Platform| targets.is_empty() || targets.iter().any(|target| target.platform == *platform);
        Platform::ALL.into_iter().filter(|platform| self.support().on(*platform).is_some()).filter(is_meant).collect()
    }

    /// The catalogue, and what it says of the release on each platform of the scope. Nothing where the build is not known.
    pub(crate) fn offers(&self) -> Option<Offers<'_>> {
        let catalog = self.conditions.catalog?;
        let version = self.version()?;
        if self.enforcement.is_unknown(TARGET_BUILD_VERSION) {
            return None;
        }
        let build = self.build();
        let platforms = self.scope().into_iter().map(|platform| (platform, catalog.knows(platform, version, build))).collect();
        Some(Offers { catalog, version, build, platforms, is_aimed: !self.conditions.targets.is_empty() })
    }
}

/// What a catalogue says of a release.
pub(crate) struct Offers<'d> {
    pub(crate) catalog: &'d Catalog,
    pub(crate) version: &'d OsVersion,
    pub(crate) build: Option<&'d BuildVersion>,
    platforms: Vec<(Platform, Known)>,
    /// Whether the platforms were named, so that each counts; else one of them is meant, and it is unknown which.
    pub(crate) is_aimed: bool,
}

impl Offers<'_> {
    /// The platforms for which something is certainly so: of named platforms any, else all of those that may be meant.
    pub(crate) fn certain(&self, is_so: impl Fn(Platform, Known) -> bool) -> Vec<Platform> {
        let so: Vec<Platform> =
            self.platforms.iter().filter(|(platform, known)| is_so(*platform, *known)).map(|(platform, _)| *platform).collect();
        if self.is_aimed || so.len() == self.platforms.len() { so } else { Vec::new() }
    }

    /// The platforms that have the release.
    pub(crate) fn having(&self) -> impl Iterator<Item = Platform> {
        self.platforms.iter().filter(|(_, known)| *known == Known::Yes).map(|(platform, _)| *platform)
    }

    /// The platforms to follow what is said of a release, if it was said which are meant.
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

/// Platforms, as a sentence lists them.
fn names(platforms: &[Platform], conjunction: &str) -> String {
    crate::words::list(&platforms.iter().map(|platform| platform.name()).collect::<Vec<_>>(), conjunction)
}
