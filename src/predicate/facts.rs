//! What is known of a device.

use super::names::find;
use super::{Predicate, Reference, Value, Word};
use crate::apple::{BuildVersion, Enrolment, Platform, StatusItem, Target, Verdict};
use crate::catalog::Platforms;

/// The values of status items and properties that are known from elsewhere: `--device` and the properties of a set.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Given {
    pub(crate) status: Vec<(String, Value)>,
    pub(crate) properties: Vec<(String, Value)>,
}

/// What is known of a device, or of all devices of a platform.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'f> {
    /// The devices; `None` if nothing is known.
    target: Option<&'f Target>,
    /// Whether they have the version, enrolment and channel of the target, not only its platform.
    is_exact: bool,
    /// Whether status items that the devices do not have count as unknown.
    assumes_items: bool,
    build: Option<&'f BuildVersion>,
    given: Option<&'f Given>,
}

/// The values of `device.model.family` that Apple's examples and real reports have.
pub(crate) const MODEL_FAMILIES: &[&str] = &["iPhone", "iPad", "Mac", "AppleTV", "iPod", "Watch", "RealityDevice"];
/// The values of `device.operating-system.family`. Apple documents none of them.
pub(crate) const SYSTEM_FAMILIES: &[&str] = &["iOS", "iPadOS", "macOS", "tvOS", "visionOS", "watchOS"];

impl<'f> Facts<'f> {
    /// Nothing is known.
    pub(crate) fn none() -> Self {
        Self { target: None, is_exact: false, assumes_items: false, build: None, given: None }
    }

    /// The devices of a target.
    pub(crate) fn of(target: &'f Target) -> Self {
        Self { target: Some(target), is_exact: true, ..Self::none() }
    }

    /// Takes status items that the devices do not have as unknown instead of missing.
    pub(crate) fn assuming_items(self) -> Self {
        Self { assumes_items: true, ..self }
    }

    /// All devices with the platform of a target.
    fn of_platform(target: &'f Target) -> Self {
        Self { target: Some(target), ..Self::none() }
    }

    /// Adds the installed build.
    pub(crate) fn with_build(self, build: Option<&'f BuildVersion>) -> Self {
        Self { build, ..self }
    }

    /// Adds stated values.
    pub(crate) fn with(self, given: &'f Given) -> Self {
        Self { given: Some(given), ..self }
    }

    /// The number of possible worlds. A predicate is true if it is true in each.
    pub(super) fn worlds(&self) -> usize {
        if self.target.is_some_and(|target| target.platform == Platform::IpadOs) { 2 } else { 1 }
    }

    /// The value of a reference in a world.
    pub(super) fn value(&self, reference: &Reference, world: usize) -> Value {
        match reference.word {
            Word::Status => self.status(&reference.name, world),
            Word::Property => self.given.and_then(|given| stated(&given.properties, &reference.name)).unwrap_or(Value::Unknown),
            // Only an object in an array has keys.
            Word::Key => Value::Unknown,
        }
    }

    /// The value of a status item, or of a key below it.
    pub(super) fn status(&self, name: &str, world: usize) -> Value {
        if let Some(value) = self.given.and_then(|given| stated(&given.status, name)) {
            return value;
        }
        let (Some(target), Some(found)) = (self.target, find(name)) else { return Value::Unknown };
        if !self.may_have(found.item, target) {
            return if self.assumes_items { Value::Unknown } else { Value::Null };
        }
        match name {
            "device.model.family" => model(target.platform),
            "device.operating-system.family" => system(target.platform, world),
            "device.operating-system.version" if self.is_exact => {
                target.version.as_ref().map_or(Value::Unknown, |version| Value::String(version.as_str().to_owned()))
            }
            "device.operating-system.build-version" => {
                self.build.map_or(Value::Unknown, |build| Value::String(build.as_str().to_owned()))
            }
            _ => Value::Unknown,
        }
    }

    /// Whether the devices may have a status item.
    fn may_have(&self, item: &StatusItem, target: &Target) -> bool {
        match item.support.verdict(target) {
            Verdict::Available => true,
            Verdict::Never => false,
            // Apple's schema has no device enrolment on Macs; enrolled Macs count as supervised.
            Verdict::Enrolment if target.platform == Platform::MacOs && target.enrolment == Enrolment::Device => true,
            _ => !self.is_exact,
        }
    }
}

/// The value that was stated for a name, or for a key above it.
fn stated(values: &[(String, Value)], name: &str) -> Option<Value> {
    if let Some((_, value)) = values.iter().find(|(known, _)| known == name) {
        return Some(value.clone());
    }
    let above = |known: &str| name.strip_prefix(known).and_then(|rest| rest.strip_prefix('.'));
    let (value, rest) = values.iter().find_map(|(known, value)| Some((value, above(known)?)))?;
    Some(rest.split('.').fold(value.clone(), |value, key| value.key(key)))
}

/// The model family of a platform.
fn model(platform: Platform) -> Value {
    let name = match platform {
        Platform::Ios => "iPhone",
        Platform::IpadOs => "iPad",
        Platform::MacOs => "Mac",
        Platform::TvOs => "AppleTV",
        // Nobody has published what they report.
        Platform::VisionOs => return Value::Other(&["iPhone", "iPad", "Mac", "AppleTV", "iPod", "Watch"]),
        Platform::WatchOs => return Value::Other(&["iPhone", "iPad", "Mac", "AppleTV", "iPod", "RealityDevice"]),
    };
    Value::String(name.to_owned())
}

/// The family of the operating system. Apple does not say what iPads report: each world has one possibility.
fn system(platform: Platform, world: usize) -> Value {
    let name = match (platform, world) {
        (Platform::Ios, _) | (Platform::IpadOs, 1) => "iOS",
        (Platform::IpadOs, _) => "iPadOS",
        (Platform::MacOs, _) => "macOS",
        (Platform::TvOs, _) => return Value::Other(&["iOS", "iPadOS", "macOS", "visionOS", "watchOS"]),
        (Platform::VisionOs, _) => return Value::Other(&["iOS", "iPadOS", "macOS", "tvOS", "watchOS"]),
        (Platform::WatchOs, _) => return Value::Other(&["iOS", "iPadOS", "macOS", "tvOS", "visionOS"]),
    };
    Value::String(name.to_owned())
}

/// The platforms on which a predicate is not certainly false: of those of the targets, or of all if there are none.
pub(crate) fn may_hold(predicate: &Predicate, targets: &[Target]) -> Platforms {
    let may = |facts: &Facts<'_>| predicate.holds(facts) != Some(false);
    let on = |platform: &Platform| match targets {
        [] => may(&Facts::of_platform(&Target::new(*platform))),
        _ => targets.iter().any(|target| target.platform == *platform && may(&Facts::of(target))),
    };
    Platforms::of(&Platform::ALL.into_iter().filter(on).collect::<Vec<_>>())
}
