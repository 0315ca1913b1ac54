//! `impossible-release`

use super::{Enforced, LegacyPart};
use crate::apple::enforcement::TARGET_OS_VERSION;
use crate::apple::{OsVersion, Platform, Support, Target, update};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, enforcement, schedule_update};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "impossible-release",
    Severity::Error,
    "no device can ever install the release",
    "Version 26 of each platform follows iOS, iPadOS and tvOS 18, macOS 15, watchOS 11 and visionOS 2: there is no \
     macOS 20 and no iOS 21, nor a macOS 10.16, which macOS 11 follows. A release is too old if a device needs that version or a newer one to understand the \
     declaration or command, because a device never goes back. It is an error if the release is impossible on all \
     target platforms or, without targets, on all platforms that have the declaration or command. The rule needs no \
     catalogue; unknown-release and build-version-mismatch are silent about such a release.",
    &[
        Example::new(enforcement!(r#"{ "TargetOSVersion": "20.0", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "18.7.3", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .with_options(&["--target", "macOS"])
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "13.7.8", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#))
            .finds(&[("/Payload/TargetOSVersion", Severity::Error)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallASAP", "ProductVersion": "21.0" }"#))
            .finds(&[("/Command/Updates/0/ProductVersion", Severity::Error)]),
        Example::new(enforcement!(r#"{ "TargetOSVersion": "18.7.3", "TargetLocalDateTime": "2026-06-30T18:00:00" }"#)),
    ],
);

/// The devices that may install a release because of a declaration or a command.
#[derive(Clone, Copy)]
pub(crate) struct Installers<'s> {
    /// What the devices understand: `enforcements`, or the key of a command.
    pub(crate) what: &'s str,
    /// Where that exists.
    pub(crate) support: &'s Support,
    /// The target devices; if empty, all.
    pub(crate) targets: &'s [Target],
}

/// Why no device can install a release.
pub(crate) struct Impossible {
    pub(crate) message: String,
    pub(crate) help: String,
}

impl Installers<'_> {
    /// The platforms that may be meant.
    pub(super) fn platforms(self) -> impl Iterator<Item = Platform> {
        let is_meant =
            move |platform: &Platform| self.targets.is_empty() || self.targets.iter().any(|target| target.platform == *platform);
        Platform::ALL.into_iter().filter(move |platform| self.support.on(*platform).is_some()).filter(is_meant)
    }

    /// Whether some device of a platform may install a release. `has_build` tells whether a build of it is named: a
    /// device may install another build of the version that it has.
    pub(super) fn may_install(self, platform: Platform, version: &OsVersion, has_build: bool) -> bool {
        let is_late = self.support.on(platform).is_some_and(|since| {
            let order = since.introduced.compared_to(version);
            order.is_lt() || (has_build && order.is_eq())
        });
        is_late && platform.has_major(version)
    }

    /// Why no device can install a release; `None` if one may, or if no platform is meant.
    pub(crate) fn refuse(self, version: &OsVersion, has_build: bool) -> Option<Impossible> {
        if self.platforms().next().is_none() || self.platforms().any(|platform| self.may_install(platform, version, has_build)) {
            return None;
        }
        let without: Vec<Platform> = self.platforms().filter(|platform| !platform.has_major(version)).collect();
        let are_aimed = !self.targets.is_empty();
        if without.len() == self.platforms().count() {
            let names: Vec<&str> = without.iter().map(|platform| platform.name()).collect();
            let line = without.first().and_then(|platform| platform.lacks(version)).map_or_else(String::new, |(line, _)| line);
            let message = if are_aimed {
                format!("{version} does not exist: there is no {} {line}", list(&names, "or"))
            } else {
                format!("{version} does not exist: no platform has a version {line}")
            };
            return Some(Impossible { message, help: format!("write another version; 26 follows {}", lasts(&without)) });
        }
        let places = if are_aimed {
            let too_old = self.platforms().filter(|platform| !without.contains(platform));
            let since = too_old.filter_map(|platform| Some(format!("{platform} {}", self.support.on(platform)?.introduced)));
            list(&since.collect::<Vec<_>>(), "or")
        } else {
            self.support.places()
        };
        let message = format!("{version} is too old: every device that supports {} has it or a newer version", self.what);
        Some(Impossible { message, help: format!("write a version after {places}") })
    }
}

/// The last versions of platforms before 26: `18 on iOS and tvOS and 15 on macOS`.
fn lasts(platforms: &[Platform]) -> String {
    let mut all: Vec<(u8, Vec<&str>)> = Vec::new();
    for platform in platforms {
        let last = platform.last_before_26();
        match all.iter_mut().find(|(known, _)| *known == last) {
            Some((_, names)) => names.push(platform.name()),
            None => all.push((last, vec![platform.name()])),
        }
    }
    let all: Vec<String> = all.iter().map(|(last, names)| format!("{last} on {}", list(names, "and"))).collect();
    list(&all, "and")
}

pub(super) fn check(enforced: &Enforced<'_>, diagnostics: &mut Drafts) {
    if let Some(Impossible { message, help }) = enforced.impossible() {
        diagnostics.push(RULE.at(Spot::Key(TARGET_OS_VERSION), message).help(help));
    }
}

/// Judges the version that a command names.
pub(super) fn check_update(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let Some(update) = legacy.update() else { return };
    let Some(version) = update.parse::<OsVersion>(update::PRODUCT_VERSION) else { return };
    let schema = update.schema();
    let Some(key) = schema.at_path(update.rows(), update::PRODUCT_VERSION.iter().copied()) else { return };
    let name = update.notation().key("ProductVersion");
    let installers = Installers { what: &name, support: schema.support(schema.key(key).support), targets: legacy.targets };
    // Apple does not say whether a command may install the same version again.
    if let Some(Impossible { message, help }) = installers.refuse(&version, true) {
        diagnostics.push(RULE.at(Spot::Key(update::PRODUCT_VERSION), message).help(help));
    }
}
