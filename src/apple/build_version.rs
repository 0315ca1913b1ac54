//! Builds of Apple's operating systems.

use std::cmp::Ordering;

use super::os_version::{is_number, is_version};
use super::{Formatted, InvalidValue, OsVersion, Platform};

/// A build of an operating system: digits, an upper-case letter, digits, and optionally a lower-case letter, such as
/// `23A309` or `25D771280a` (`TargetBuildVersion`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BuildVersion(String);

super::format::checked_string!(BuildVersion);

impl Formatted for BuildVersion {
    const EXAMPLE: &'static str = "25B78";

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        if is_build(text) {
            return Ok(Self(text.to_owned()));
        }
        if text.is_empty() {
            return Err(InvalidValue::empty("write the build, such as \"25B78\", or remove the key"));
        }
        let error = |problem: &str, help: String| Err(InvalidValue::new(text, format_args!("but {problem}"), help));
        let trimmed = text.trim().trim_start_matches('(').trim_end_matches(')');
        if trimmed != text && is_build(trimmed) {
            return error("contains more than a build", format!("write \"{trimmed}\""));
        }
        let upper = trimmed.to_ascii_uppercase();
        if is_build(&upper) {
            return error("the letter must be upper-case", format!("write \"{upper}\""));
        }
        if is_version(text) || is_number(text) {
            return error("that is a version, not a build", "write the build, such as \"25B78\", or remove the key".to_owned());
        }
        error(
            "a build consists of digits, an upper-case letter, digits, and optionally a lower-case letter",
            "write it like \"25B78\" or \"25D771280a\", or remove the key".to_owned(),
        )
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        serde_json::json!({
            "pattern": "^[0-9]+[A-Z][0-9]+[a-z]?$",
            "patternErrorMessage": "A build consists of digits, an upper-case letter, digits, and optionally a lower-case letter, such as 25B78.",
        })
    }
}

fn is_build(text: &str) -> bool {
    let text = text.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(text);
    text.split_once(|c: char| c.is_ascii_uppercase()).is_some_and(|(train, number)| is_number(train) && is_number(number))
}

/// The kind of a build, inferred from its format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildKind {
    /// No suffix: `23A309`.
    Release,
    /// A four-digit number that begins with 5, and a suffix: `24A5418b`.
    Beta,
    /// A Background Security Improvement: a six-digit number that begins with 77, and a suffix: `25D771280a`.
    Supplemental,
    /// A suffix, but no known format.
    Other,
}

impl BuildVersion {
    /// The train: the leading number, which determines the major version.
    pub fn train(&self) -> &str {
        let end = self.0.find(|c: char| c.is_ascii_uppercase()).unwrap_or(self.0.len());
        self.0[..end].trim_start_matches('0')
    }

    /// The upper-case letter. It does not reliably determine the minor version.
    pub fn letter(&self) -> char {
        self.0.chars().find(char::is_ascii_uppercase).unwrap_or('A')
    }

    /// The number after the letter.
    pub fn number(&self) -> &str {
        let start = self.0.find(|c: char| c.is_ascii_uppercase()).map_or(0, |at| at + 1);
        self.0[start..].trim_end_matches(|c: char| c.is_ascii_lowercase())
    }

    /// The lower-case letter at the end, if any.
    pub fn suffix(&self) -> Option<char> {
        self.0.chars().last().filter(char::is_ascii_lowercase)
    }

    /// The kind of the build, inferred from its format.
    pub fn kind(&self) -> BuildKind {
        let number = self.number();
        match (self.suffix(), number.len()) {
            (None, _) => BuildKind::Release,
            (Some(_), 4) if number.starts_with('5') => BuildKind::Beta,
            (Some(_), 6) if number.starts_with("77") => BuildKind::Supplemental,
            _ => BuildKind::Other,
        }
    }

    /// The major version of the platform that the build belongs to. `None` if the platform has no such train.
    pub fn major(&self, platform: Platform) -> Option<u32> {
        let train: u32 = self.train().parse().ok().filter(|train| *train < 1000)?;
        // Since version 26, all platforms except macOS have the same difference between train and version.
        let before_26 = |distance| if train <= 22 { train.checked_sub(distance) } else { Some(train + 3) };
        match platform {
            Platform::Ios | Platform::IpadOs | Platform::TvOs => before_26(4),
            Platform::WatchOs => before_26(11),
            Platform::VisionOs => before_26(20),
            // Every version before 11 has the major version 10.
            Platform::MacOs if train < 20 => Some(10),
            Platform::MacOs if train <= 24 => Some(train - 9),
            Platform::MacOs => Some(train + 1),
        }
    }

    /// Whether builds of the platform usually have this letter. Apple guarantees nothing about letters, so another
    /// letter is not an error; it only suggests that two builds are for different devices.
    pub(crate) fn has_letter_of(&self, platform: Platform) -> bool {
        let letters = match platform {
            Platform::Ios | Platform::IpadOs | Platform::MacOs => 'A'..='I',
            Platform::TvOs => 'J'..='M',
            Platform::VisionOs => 'M'..='O',
            Platform::WatchOs => 'R'..='U',
        };
        letters.contains(&self.letter())
    }

    /// Whether the build can belong to a version of a platform.
    pub fn fits(&self, platform: Platform, version: &OsVersion) -> bool {
        self.major(platform).is_some_and(|major| major.to_string() == version.major())
    }
}

impl PartialOrd for BuildVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for BuildVersion {
    /// Compares by train, letter, number and suffix. A beta comes before the releases with its train and letter.
    fn cmp(&self, other: &Self) -> Ordering {
        fn numeric(number: &str) -> (usize, &str) {
            let number = number.trim_start_matches('0');
            (number.len(), number)
        }
        numeric(self.train())
            .cmp(&numeric(other.train()))
            .then_with(|| self.letter().cmp(&other.letter()))
            // A beta comes before the release, although its number is larger.
            .then_with(|| (self.kind() != BuildKind::Beta).cmp(&(other.kind() != BuildKind::Beta)))
            .then_with(|| numeric(self.number()).cmp(&numeric(other.number())))
            .then_with(|| self.suffix().cmp(&other.suffix()))
            // Builds that differ only in leading zeros are not equal.
            .then_with(|| self.0.cmp(&other.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(text: &str) -> BuildVersion {
        text.parse().expect(text)
    }

    #[test]
    fn splits_a_build_and_infers_its_kind() {
        let parts = |text: &str| {
            let build = build(text);
            (build.train().to_owned(), build.letter(), build.number().to_owned(), build.suffix(), build.kind())
        };
        assert_eq!(parts("23A309"), ("23".to_owned(), 'A', "309".to_owned(), None, BuildKind::Release));
        assert_eq!(parts("23G6083"), ("23".to_owned(), 'G', "6083".to_owned(), None, BuildKind::Release));
        assert_eq!(parts("24A5418b"), ("24".to_owned(), 'A', "5418".to_owned(), Some('b'), BuildKind::Beta));
        assert_eq!(parts("25D771280a"), ("25".to_owned(), 'D', "771280".to_owned(), Some('a'), BuildKind::Supplemental));
        assert_eq!(parts("22E6234a").4, BuildKind::Other);
    }

    #[test]
    fn the_train_determines_the_major_version() {
        use Platform::{Ios, IpadOs, MacOs, TvOs, VisionOs, WatchOs};
        for (text, majors) in [
            ("20A242", [Some(16), Some(16), Some(11), Some(16), Some(0), Some(9)]),
            ("22G86", [Some(18), Some(18), Some(13), Some(18), Some(2), Some(11)]),
            ("23A341", [Some(26), Some(26), Some(14), Some(26), Some(26), Some(26)]),
            ("24A1", [Some(27), Some(27), Some(15), Some(27), Some(27), Some(27)]),
            ("25B78", [Some(28), Some(28), Some(26), Some(28), Some(28), Some(28)]),
            ("26A434", [Some(29), Some(29), Some(27), Some(29), Some(29), Some(29)]),
            ("19H15", [Some(15), Some(15), Some(10), Some(15), None, Some(8)]),
        ] {
            let found = [Ios, IpadOs, MacOs, TvOs, VisionOs, WatchOs].map(|platform| build(text).major(platform));
            assert_eq!(found, majors, "{text}");
        }
        assert!(build("23A309").fits(Ios, &"26.0".parse().expect("a version")));
        assert!(!build("20A242").fits(MacOs, &"14.1".parse().expect("a version")));
        assert!(!build("99999999999A1").fits(MacOs, &"14.1".parse().expect("a version")));
    }

    #[test]
    fn sorts_builds_by_their_numbers() {
        let mut builds = ["23G6083", "25D771280a", "23G83", "24A300", "9A1", "25D125", "24A5418b"].map(build);
        builds.sort();
        let sorted = ["9A1", "23G83", "23G6083", "24A5418b", "24A300", "25D125", "25D771280a"];
        assert_eq!(builds.map(|build| build.to_string()), sorted);
    }

    #[test]
    fn requires_a_train_a_letter_and_a_number() {
        for text in ["21E219", "25D771280a", "24A5418b", "23G6083"] {
            assert!(text.parse::<BuildVersion>().is_ok(), "{text}");
        }
        for (text, write) in [
            ("", "remove the key"),
            ("25b78", "\"25B78\""),
            ("(25B78)", "\"25B78\""),
            ("26.1", "the build"),
            ("25B78ab", "25B78"),
            ("B78", "25B78"),
            ("25B", "25B78"),
            ("25BB78", "25B78"),
        ] {
            let error = text.parse::<BuildVersion>().expect_err(text);
            assert!(error.help.contains(write), "{text}: {}", error.help);
        }
    }
}
