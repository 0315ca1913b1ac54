//! Target platforms, enrolments and devices.

use std::fmt;
use std::str::FromStr;

use super::platform::{family, plain};
use super::{InvalidValue, OsVersion, Platform};
use crate::words::{list, nearest, shown};

/// How a device is enrolled: the four values of `allowed-enrollments` in Apple's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Enrolment {
    /// Supervised, for example through automated device enrolment.
    #[default]
    Supervised,
    /// Device enrolment without supervision.
    Device,
    /// User enrolment: the user owns the device.
    User,
    /// Local enrolment: the device manages itself.
    Local,
}

/// The channel that a declaration reaches a device by: the two values of `allowed-scopes` in Apple's schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Channel {
    /// The device channel, for all users of the device; `system` in Apple's schema.
    #[default]
    Device,
    /// The user channel, for one user of a Mac or of a Shared iPad.
    User,
}

impl Channel {
    /// The value of `PayloadScope` for it.
    pub(crate) fn scope(self) -> &'static str {
        match self {
            Self::Device => "System",
            Self::User => "User",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "device channel",
            Self::User => "user channel",
        })
    }
}

/// A group of devices: a platform, an optional version, an enrolment and a channel.
///
/// The text format is that of `--target`: `macOS=15.4`, `iOS=18.1,unsupervised`, `iPadOS,shared`.
///
/// ```
/// use ddmc::apple::{Enrolment, Platform, Target};
///
/// let target: Target = "ios=18.1,unsupervised".parse()?;
/// assert_eq!((target.platform, target.enrolment), (Platform::Ios, Enrolment::Device));
/// assert_eq!(target.to_string(), "iOS 18.1 (unsupervised)");
/// # Ok::<(), ddmc::apple::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    /// The platform.
    pub platform: Platform,
    /// The installed version. Without one, everything that exists in any version counts as available.
    pub version: Option<OsVersion>,
    /// The enrolment; supervised by default.
    pub enrolment: Enrolment,
    /// Whether these are Shared iPads.
    pub is_shared: bool,
    /// The channel; the device's by default.
    pub channel: Channel,
}

impl Target {
    /// Supervised devices of a platform, with any version.
    pub fn new(platform: Platform) -> Self {
        Self { platform, version: None, enrolment: Enrolment::default(), is_shared: false, channel: Channel::default() }
    }

    /// The target that a name stands for in the tables of people and servers, and the model family if the name tells it:
    /// `Mac OS X`, `macOS Tahoe`, `iPad`, `Mac16,1`.
    pub(crate) fn named(name: &str) -> Option<(Self, Option<&'static str>)> {
        let name = name.trim();
        let plain = plain(name).to_ascii_lowercase();
        let older = OLDER_NAMES.iter().find(|(older, _)| *older == plain).map(|(_, platform)| Self::new(*platform));
        // `macOS Tahoe`
        let release = || {
            let (system, release) = name.split_once(' ')?;
            let is_name = release.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
            platform(system).filter(|target| target.platform == Platform::MacOs && is_name)
        };
        let target = platform(name).or(older).or_else(release).or_else(|| Platform::of_model_identifier(name).map(Self::new));
        match target {
            Some(target) => Some((target, None)),
            None => family(name).map(|(platform, model)| (Self::new(platform), model)),
        }
    }

    /// The text format that [`Target::from_str`] parses.
    pub fn to_flag(&self) -> String {
        let mut flag = self.platform.name().to_owned();
        if let Some(version) = &self.version {
            flag.push('=');
            flag.push_str(version.as_str());
        }
        match self.enrolment {
            Enrolment::Supervised => {}
            Enrolment::Device => flag.push_str(",unsupervised"),
            Enrolment::User => flag.push_str(",user-enrollment"),
            Enrolment::Local => flag.push_str(",local-enrollment"),
        }
        if self.is_shared {
            flag.push_str(",shared");
        }
        if self.channel == Channel::User {
            flag.push_str(",user-channel");
        }
        flag
    }

    /// Applies one qualifier. `previous` is the enrolment from earlier qualifiers.
    fn qualify(&mut self, word: &str, previous: &mut Option<Enrolment>, text: &str) -> Result<(), InvalidValue> {
        let enrolment = match word.to_ascii_lowercase().replace("enrolment", "enrollment").as_str() {
            "supervised" | "automated-device-enrollment" => Enrolment::Supervised,
            // A supervised device can also use device enrolment: `supervised` beside it takes precedence.
            "device-enrollment" if text.split(',').any(|other| other.trim().eq_ignore_ascii_case("supervised")) => return Ok(()),
            "unsupervised" | "device-enrollment" => Enrolment::Device,
            "user-enrollment" => Enrolment::User,
            "local-enrollment" => Enrolment::Local,
            "shared" if matches!(self.platform, Platform::Ios | Platform::IpadOs) => {
                self.is_shared = true;
                return Ok(());
            }
            "shared" => {
                let problem = format_args!("but {} has no shared mode", self.platform);
                return Err(InvalidValue::new(text, problem, "write \"iPadOS,shared\"; only iPadOS has a shared mode"));
            }
            "user-channel" => {
                self.channel = Channel::User;
                return Ok(());
            }
            _ => return Err(self.unknown_qualifier(word, text)),
        };
        if previous.is_some_and(|previous| previous != enrolment) {
            let problem = format_args!("but {} contradicts an earlier qualifier", shown(word));
            return Err(InvalidValue::new(text, problem, "keep one of the two"));
        }
        *previous = Some(enrolment);
        self.enrolment = enrolment;
        Ok(())
    }

    fn unknown_qualifier(&self, word: &str, text: &str) -> InvalidValue {
        let help = if installed(word, text).is_ok() {
            format!("write \"{}={word}\"", self.platform)
        } else if let Some(near) = nearest(word, QUALIFIERS) {
            format!("did you mean {near}?")
        } else {
            format!("write one of {}", list(&QUALIFIERS, "or"))
        };
        InvalidValue::new(text, format_args!("but the qualifier \"{}\" is unknown", shown(word)), help)
    }
}

/// The qualifiers allowed after the platform and its version.
const QUALIFIERS: [&str; 8] = [
    "supervised",
    "unsupervised",
    "automated-device-enrollment",
    "device-enrollment",
    "user-enrollment",
    "local-enrollment",
    "shared",
    "user-channel",
];

/// Whether a word is one of the qualifiers, in any case.
pub(super) fn is_qualifier(word: &str) -> bool {
    let word = word.to_ascii_lowercase().replace("enrolment", "enrollment");
    QUALIFIERS.contains(&word.as_str()) || ["user-enrollment", "local-enrollment"].contains(&word.as_str())
}

impl FromStr for Target {
    type Err = InvalidValue;

    /// # Errors
    /// The platform, the version or a qualifier is invalid.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let (devices, qualifiers) =
            text.split_once(',').map_or((text, None), |(devices, qualifiers)| (devices, Some(qualifiers)));
        let (name, version) = devices.split_once('=').map_or((devices, None), |(name, version)| (name, Some(version.trim())));
        let name = name.trim();
        let mut target = platform(name).ok_or_else(|| unknown_platform(name, text))?;
        target.version = version.map(|version| installed(version, text)).transpose()?;
        if let Some((line, help)) = target.version.as_ref().and_then(|version| target.platform.lacks(version)) {
            return Err(InvalidValue::new(text, format_args!("but there is no {} {line}", target.platform), help));
        }
        let mut previous = None;
        for word in qualifiers.iter().flat_map(|words| words.split(',')) {
            target.qualify(word.trim(), &mut previous, text)?;
        }
        Ok(target)
    }
}

/// Finds a platform by name, ignoring case.
fn platform(name: &str) -> Option<Target> {
    let plain = plain(name);
    if plain.eq_ignore_ascii_case("SharediPad") {
        return Some(Target { is_shared: true, ..Target::new(Platform::IpadOs) });
    }
    Platform::ALL.into_iter().find(|platform| platform.name().eq_ignore_ascii_case(&plain)).map(Target::new)
}

/// Earlier names of systems, without spaces.
const OLDER_NAMES: [(&str, Platform); 4] =
    [("osx", Platform::MacOs), ("macosx", Platform::MacOs), ("iphoneos", Platform::Ios), ("xros", Platform::VisionOs)];

/// The start of common names of devices and systems, and their platforms.
const DEVICES: [(&str, Platform); 7] = [
    ("iphone", Platform::Ios),
    ("ipad", Platform::IpadOs),
    ("mac", Platform::MacOs),
    ("osx", Platform::MacOs),
    ("appletv", Platform::TvOs),
    ("watch", Platform::WatchOs),
    ("vision", Platform::VisionOs),
];

fn unknown_platform(name: &str, text: &str) -> InvalidValue {
    let names = Platform::ALL.map(Platform::name);
    if text.is_empty() {
        return InvalidValue::empty(format!("write a platform: {}", list(&names, "or")));
    }
    // `macOS15.4` and `macOS 15.4` lack the `=`.
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '-'));
    if let Some(target) = platform(letters)
        && let Some(version) = name.get(letters.len()..).map(|rest| rest.trim_matches([' ', '-'])).filter(|rest| !rest.is_empty())
    {
        return InvalidValue::new(text, "but the version must follow =", format!("write \"{}={version}\"", target.platform));
    }
    let plain = name.to_ascii_lowercase().replace([' ', '-'], "");
    let device = DEVICES.iter().find(|(device, _)| plain.starts_with(device)).map(|(_, platform)| platform.name());
    let help = match nearest(name, names).or(device) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("write one of {}, with or without a version, such as \"macOS=15.4\"", list(&names, "or")),
    };
    InvalidValue::new(text, format_args!("but the platform \"{}\" is unknown", shown(name)), help)
}

/// Parses the version of a device. `.0` may be omitted.
fn installed(version: &str, text: &str) -> Result<OsVersion, InvalidValue> {
    let full = if version.contains('.') { version.to_owned() } else { format!("{version}.0") };
    full.parse().map_err(|_| {
        InvalidValue::new(
            text,
            format_args!("but \"{}\" is not a version", shown(version)),
            "write a version such as \"15.4\" or \"26.0.1\"",
        )
    })
}

/// The name used in sentences: `iOS 18.1 (unsupervised)`, `Shared iPad`.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_shared { "Shared iPad" } else { self.platform.name() })?;
        if let Some(version) = &self.version {
            write!(f, " {version}")?;
        }
        let enrolment = match self.enrolment {
            Enrolment::Supervised => None,
            Enrolment::Device => Some("unsupervised"),
            Enrolment::User => Some("user enrolment"),
            Enrolment::Local => Some("local enrolment"),
        };
        let channel = (self.channel == Channel::User).then_some("user channel");
        let notes: Vec<&str> = enrolment.into_iter().chain(channel).collect();
        if notes.is_empty() { Ok(()) } else { write!(f, " ({})", notes.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_targets_leniently() {
        for (text, shown, flag) in [
            ("macOS=15.4", "macOS 15.4", "macOS=15.4"),
            ("MACOS", "macOS", "macOS"),
            ("iOS=18", "iOS 18.0", "iOS=18.0"),
            ("iOS=18.1,unsupervised", "iOS 18.1 (unsupervised)", "iOS=18.1,unsupervised"),
            ("ipados, device-enrollment", "iPadOS (unsupervised)", "iPadOS,unsupervised"),
            ("iPadOS=18.1,shared", "Shared iPad 18.1", "iPadOS=18.1,shared"),
            ("Shared iPad", "Shared iPad", "iPadOS,shared"),
            ("visionOS,user-enrolment", "visionOS (user enrolment)", "visionOS,user-enrollment"),
            ("tvos=26.0.1,local-enrollment", "tvOS 26.0.1 (local enrolment)", "tvOS=26.0.1,local-enrollment"),
            ("macOS=26.0,User-Channel", "macOS 26.0 (user channel)", "macOS=26.0,user-channel"),
            (
                "iPadOS,user-channel,shared,unsupervised",
                "Shared iPad (unsupervised, user channel)",
                "iPadOS,unsupervised,shared,user-channel",
            ),
            ("macOS,device-enrollment,supervised", "macOS", "macOS"),
            ("macOS,supervised,device-enrollment", "macOS", "macOS"),
            ("watchOS,automated-device-enrollment", "watchOS", "watchOS"),
        ] {
            let target: Target = text.parse().expect(text);
            assert_eq!((target.to_string().as_str(), target.to_flag().as_str()), (shown, flag), "{text}");
            assert_eq!(target.to_flag().parse(), Ok(target), "{text}");
        }
    }

    #[test]
    fn explains_invalid_targets() {
        for (text, help) in [
            ("", "write a platform: iOS, iPadOS"),
            ("macO", "did you mean macOS?"),
            ("Windows", "write one of iOS"),
            ("macOS15.4", "write \"macOS=15.4\""),
            ("macOS 15", "write \"macOS=15\""),
            ("macOS=15.x", "such as \"15.4\""),
            ("macOS=", "such as \"15.4\""),
            ("macOS=1.2.3.4", "such as \"15.4\""),
            ("iphone", "did you mean iOS?"),
            ("OS X", "did you mean macOS?"),
            ("iOS,18.1", "write \"iOS=18.1\""),
            ("iOS,supervised,unsupervised", "keep one"),
            ("iOS,automated-device-enrollment,user-enrollment", "keep one"),
            ("iOS,unsupervized", "did you mean unsupervised?"),
            ("iOS,", "write one of supervised"),
            ("macOS,shared", "iPadOS,shared"),
            ("macOS=20", "macOS 26 follows macOS 15"),
            ("macOS=16.0", "macOS 26 follows macOS 15"),
            ("iOS=21.1", "iOS 26 follows iOS 18"),
            ("visionOS=25.9.9", "visionOS 26 follows visionOS 2"),
            ("watchOS=12", "watchOS 26 follows watchOS 11"),
            ("macOS=10.16", "macOS 11 follows macOS 10.15"),
            ("macOS=9.0", "the first macOS is 10"),
            ("tvOS=8.4", "the first tvOS is 9"),
        ] {
            let error = text.parse::<Target>().expect_err(text);
            assert!(error.help.contains(help), "{text}: {}", error.help);
        }
    }
}
