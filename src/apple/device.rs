//! A single device, the subject of a plan.

use std::fmt;
use std::str::FromStr;

use super::{BuildVersion, InvalidValue, OsVersion, Target};

/// A device: a [`Target`], the installed version, and optionally the build.
///
/// The text format is that of `--device`: `macOS=15.6.1`, `iOS=26.0,build=23A341,unsupervised`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Device {
    /// The platform, the version and the enrolment.
    pub target: Target,
    /// The installed version.
    pub version: OsVersion,
    /// The installed build, if known.
    pub build: Option<BuildVersion>,
}

impl FromStr for Device {
    type Err = InvalidValue;

    /// # Errors
    /// The text is not a valid target, has no version, or has an invalid build.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let mut words: Vec<&str> = text.split(',').collect();
        let is_build = |word: &&str| word.trim_start().to_ascii_lowercase().starts_with("build=");
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
        Ok(Self { target, version, build })
    }
}

/// The name used in sentences: `iOS 26.0 (unsupervised), build 23A341`.
impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.target)?;
        match &self.build {
            Some(build) => write!(f, ", build {build}"),
            None => Ok(()),
        }
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
        for (text, help) in [
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
