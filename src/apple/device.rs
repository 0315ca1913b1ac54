//! A single device, the subject of a plan.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::platform::family;
use super::target::is_qualifier;
use super::{BuildVersion, InvalidValue, OsVersion, StatusItem, Target};
use crate::words::shown;

/// A device: a [`Target`], the installed version, and optionally the build.
///
/// The text format is that of `--device`: `macOS=15.6.1`, `iOS=26.0,build=23A341,unsupervised`. Values that predicates ask
/// for follow in the same way: `@status(device.model.identifier)=Mac16,1`, `model.family=iPod`, `@property(shard)=5`.
///
/// A family of devices may stand for the platform: `iPhone=26.0`, `Apple TV=26.0`. It also states the model family.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Device {
    /// The platform, the version and the enrolment.
    pub target: Target,
    /// The installed version.
    pub version: OsVersion,
    /// The installed build, if known.
    pub build: Option<BuildVersion>,
    /// Other values that are known of the device, by the name of the status item. Each is written as in JSON, or without
    /// quotation marks if it is a string.
    pub status: BTreeMap<String, String>,
    /// The values of properties that predicates ask for, by name.
    pub properties: BTreeMap<String, String>,
}

/// The status item with the family of a device.
pub(crate) const MODEL_FAMILY: &str = "device.model.family";

impl FromStr for Device {
    type Err = InvalidValue;

    /// # Errors
    /// The text is not a valid target, has no version, or has an invalid build.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let (mut words, mut status, properties) = stated(text)?;
        let is_build = |word: &&str| word.trim_start().to_ascii_lowercase().starts_with("build=");
        if let Some(word) = words.iter_mut().find(|word| !is_build(&word.as_str())) {
            let end = word.find('=').unwrap_or(word.len());
            if let Some((platform, model)) = family(&word[..end]) {
                if let Some(model) = model {
                    status.entry(MODEL_FAMILY.to_owned()).or_insert_with(|| model.to_owned());
                }
                word.replace_range(..end, platform.name());
            }
        }
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        let builds: Vec<&str> = words.iter().copied().filter(is_build).collect();
        words.retain(|word| !is_build(word));
        let target: Target = words.join(",").parse()?;
        let build = match builds.as_slice() {
            [] => None,
            [build] => {
                let build = build.split_once('=').map_or("", |(_, build)| build.trim());
                if build.is_empty() {
                    return Err(InvalidValue::new(text, "but its build is empty", "write the build, or remove build="));
                }
                Some(build.parse::<BuildVersion>()?)
            }
            _ => return Err(InvalidValue::new(text, "but build= occurs more than once", "keep one of them")),
        };
        let Some(version) = target.version.clone() else {
            let help = format!("write the version of the device, such as \"{}=26.0\"", target.platform);
            return Err(InvalidValue::new(text, "but a plan requires the version of the device", help));
        };
        if let Some(build) = build.as_ref().filter(|build| !build.fits(target.platform, &version)) {
            let problem = format_args!("but {build} is not a build of {} {version}", target.platform);
            return Err(InvalidValue::new(text, problem, "fix the version or the build, or remove the build"));
        }
        Ok(Self { target, version, build, status, properties })
    }
}

/// The words of a text that state no value, and the values of status items and properties.
#[expect(clippy::type_complexity, reason = "used once")]
fn stated(text: &str) -> Result<(Vec<String>, BTreeMap<String, String>, BTreeMap<String, String>), InvalidValue> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(',') {
        // A value may have commas: `Mac16,1`.
        let goes_on = !word.contains('=') && !is_qualifier(word.trim());
        match words.last_mut() {
            Some(last) if goes_on && is_stated(last) => {
                last.push(',');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    let (mut status, mut properties) = (BTreeMap::new(), BTreeMap::new());
    for word in words.extract_if(.., |word| is_stated(word)) {
        let (name, value) = word.split_once('=').unwrap_or_default();
        let (name, value) = (name.trim(), value.trim().to_owned());
        let inside = |start: &str| name.strip_prefix(start)?.strip_suffix(')');
        if let Some(name) = inside("@property(") {
            properties.insert(name.to_owned(), value);
            continue;
        }
        let name = inside("@status(").unwrap_or(name);
        let Some(full) = StatusItem::full_name(name) else {
            let help = match StatusItem::nearest(name) {
                Some(near) => format!("did you mean @status({near})?"),
                None => "write @status(ITEM)=VALUE or @property(NAME)=VALUE".to_owned(),
            };
            return Err(InvalidValue::new(text, format_args!("but the status item \"{}\" is unknown", shown(name)), help));
        };
        status.insert(full, value);
    }
    Ok((words, status, properties))
}

/// Whether a word states a value: `@property(a)=1`, `model.family=Mac`.
fn is_stated(word: &str) -> bool {
    let name = word.split_once('=').map_or("", |(name, _)| name.trim());
    name.starts_with('@') || name.contains('.')
}

/// The name used in sentences: `iOS 26.0 (unsupervised), build 23A341`.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target)?;
        match &self.build {
            Some(build) => write!(f, ", build {build}"),
            None => Ok(()),
        }?;
        self.status.iter().try_for_each(|(name, value)| write!(f, ", @status({name})={}", shown(value)))?;
        self.properties.iter().try_for_each(|(name, value)| write!(f, ", @property({})={}", shown(name), shown(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_a_version_and_an_optional_build() {
        let shown = |text: &str| text.parse::<Device>().expect(text).to_string();
        assert_eq!(shown("macOS=15.6.1"), "macOS 15.6.1");
        assert_eq!(shown("iOS=26.0,build=23A341,unsupervised"), "iOS 26.0 (unsupervised), build 23A341");
        assert_eq!(shown("ipados=26,shared, Build=23A341"), "Shared iPad 26.0, build 23A341");
        assert_eq!(
            shown("macOS=26.1,model.family=Mac,@status(device.model.identifier)=Mac16,1,@property(a)=x,unsupervised"),
            "macOS 26.1 (unsupervised), @status(device.model.family)=Mac, @status(device.model.identifier)=Mac16,1, @property(a)=x"
        );
        for (text, device) in [
            ("iPhone=26.0", "iOS 26.0, @status(device.model.family)=iPhone"),
            ("IPOD TOUCH=15.8", "iOS 15.8, @status(device.model.family)=iPod"),
            ("ipad=26,shared,build=23A341", "Shared iPad 26.0, build 23A341, @status(device.model.family)=iPad"),
            ("Mac=15.6.1", "macOS 15.6.1, @status(device.model.family)=Mac"),
            ("Apple TV=26.0,unsupervised", "tvOS 26.0 (unsupervised), @status(device.model.family)=AppleTV"),
            ("Apple-Watch=26.0", "watchOS 26.0, @status(device.model.family)=Watch"),
            ("Apple Vision Pro=26.0", "visionOS 26.0"),
            ("RealityDevice=26.0", "visionOS 26.0, @status(device.model.family)=RealityDevice"),
            ("iPhone=26.0,model.family=iPod", "iOS 26.0, @status(device.model.family)=iPod"),
        ] {
            assert_eq!(shown(text), device, "{text}");
        }
        for (text, help) in [
            ("iPhone", "such as \"iOS=26.0\""),
            ("Mac=20.0", "macOS 26 follows macOS 15"),
            ("macOS=26.1,@status(model)=x", "write @status(ITEM)=VALUE"),
            ("macOS=26.1,os.version=x", "did you mean"),
            ("macOS", "such as \"macOS=26.0\""),
            ("macOS=15.6.1,build=15", "write the build"),
            ("macOS=15.6.1,build=", "remove build="),
            ("macOS=15.6.1,build=25A1", "fix the version"),
            ("macOS=15.6.1,build=24G1,build=24G2", "keep one"),
            ("macOS=15.6.1,bild=24G1", "write one of"),
        ] {
            let error = text.parse::<Device>().expect_err(text);
            assert!(error.help.contains(help), "{text}: {}", error.help);
        }
    }
}
