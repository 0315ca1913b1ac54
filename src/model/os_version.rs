//! Versions and builds of Apple's systems.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Form, Text, Unfit};

/// A version of an operating system: two or three numeric components, such as `26.1` or `15.7.2` (`TargetOSVersion`).
///
/// The text is kept as it was written. Versions compare number by number, and a third number that is missing is 0: `26.10` is later
/// than `26.9`, and `26.0` equals `26.0.0`, though the texts differ.
#[derive(Debug, Clone)]
pub struct OsVersion(String);

/// Compares two versions number by number.
pub(crate) fn compare_versions(one: &str, other: &str) -> Ordering {
    let key = |number| (str::len(number), number);
    numbers(one).map(key).cmp(numbers(other).map(key))
}

/// The three numbers of a version, without leading zeros: so the longer one is larger, however long it is.
fn numbers(version: &str) -> impl Iterator<Item = &str> {
    version.split('.').map(|number| number.trim_start_matches('0')).chain(std::iter::repeat("")).take(3)
}

impl PartialEq for OsVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for OsVersion {}

impl PartialOrd for OsVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OsVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_versions(&self.0, &other.0)
    }
}

impl Hash for OsVersion {
    fn hash<H: Hasher>(&self, state: &mut H) {
        numbers(&self.0).for_each(|number| number.hash(state));
    }
}

super::text::checked_string!(OsVersion);

impl Default for OsVersion {
    /// `0.0`, older than every release.
    fn default() -> Self {
        Self("0.0".to_owned())
    }
}

impl Text for OsVersion {
    const FORM: Form = Form::OsVersion;
    const EXAMPLE: &'static str = "26.1";

    fn parse(text: &str) -> Result<Self, Unfit> {
        if is_version(text) {
            return Ok(Self(text.to_owned()));
        }
        if text.is_empty() {
            return Err(Unfit::empty("write the version, such as \"26.1\" or \"15.7.2\""));
        }
        let fault = |problem: &str, help: String| Err(Unfit::new(text, format_args!("but {problem}"), help));
        let trimmed = text.trim();
        if trimmed != text && is_version(trimmed) {
            return fault("has white space around it", format!("write \"{trimmed}\""));
        }
        if let Some(rest) = trimmed.strip_prefix(['v', 'V'])
            && is_version(rest)
        {
            return fault("a version has only numbers and dots", format!("write \"{rest}\""));
        }
        if let Some((version, extra)) = trimmed.split_once('(')
            && is_version(version.trim())
        {
            return fault(
                &format!("a version has no suffix such as \"({extra}\"", extra = crate::words::shown(extra)),
                format!(
                    "write \"{}\"; to name one Background Security Improvement, add TargetBuildVersion with its build",
                    version.trim()
                ),
            );
        }
        let components: Vec<&str> = trimmed.split('.').collect();
        if components.iter().all(|component| is_number(component)) {
            return match components.as_slice() {
                [one] => fault("needs two or three components", format!("write \"{one}.0\", or the minor version that is meant")),
                [one, two, three, ..] => fault("has more than three components", format!("write \"{one}.{two}.{three}\"")),
                _ => fault("is no version", "write a version such as \"26.1\"".to_owned()),
            };
        }
        fault("a version is two or three numbers with dots between them", "write it like \"26.1\" or \"15.7.2\"".to_owned())
    }
}

fn is_version(text: &str) -> bool {
    let mut components = text.split('.');
    let count = components.clone().count();
    (2..=3).contains(&count) && components.all(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A build of an operating system: digits, a capital letter, digits, and at most one lower-case letter, such as `23A309` or
/// `25D771280a` (`TargetBuildVersion`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BuildVersion(String);

super::text::checked_string!(BuildVersion);

impl Text for BuildVersion {
    const FORM: Form = Form::BuildVersion;
    const EXAMPLE: &'static str = "25B78";

    fn parse(text: &str) -> Result<Self, Unfit> {
        if is_build(text) {
            return Ok(Self(text.to_owned()));
        }
        if text.is_empty() {
            return Err(Unfit::empty("leave the key out, or write the build, such as \"25B78\""));
        }
        let fault = |problem: &str, help: String| Err(Unfit::new(text, format_args!("but {problem}"), help));
        let trimmed = text.trim().trim_start_matches('(').trim_end_matches(')');
        if trimmed != text && is_build(trimmed) {
            return fault("holds more than the build", format!("write \"{trimmed}\""));
        }
        let upper = trimmed.to_ascii_uppercase();
        if is_build(&upper) {
            return fault("its letter must be a capital", format!("write \"{upper}\""));
        }
        if is_version(text) || is_number(text) {
            return fault(
                "that is a version, not a build",
                "write the build, such as \"25B78\", or leave the key out".to_owned(),
            );
        }
        fault(
            "a build is digits, a capital letter, digits, and at most one lower-case letter",
            "write it like \"25B78\" or \"25D771280a\", or leave the key out".to_owned(),
        )
    }
}

fn is_build(text: &str) -> bool {
    let text = text.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(text);
    text.split_once(|c: char| c.is_ascii_uppercase()).is_some_and(|(train, number)| is_number(train) && is_number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_two_or_three_numbers() {
        for text in ["26.1", "15.7.2", "26.10", "0.0", "26.01"] {
            assert_eq!(text.parse::<OsVersion>().map(|version| version.to_string()).as_deref(), Ok(text));
        }
        for (text, write) in [
            ("", "26.1"),
            ("15", "\"15.0\""),
            ("26.1.2.3", "\"26.1.2\""),
            ("v26.1", "\"26.1\""),
            ("26.3.1(a)", "\"26.3.1\""),
            (" 26.1", "\"26.1\""),
            ("26.", "26.1"),
            ("26.x", "26.1"),
            ("２６.1", "26.1"),
        ] {
            let unfit = text.parse::<OsVersion>().expect_err(text);
            assert!(unfit.help.contains(write), "{text}: {}", unfit.help);
        }
    }

    #[test]
    fn versions_compare_by_number_and_keep_their_text() {
        let version = |text: &str| text.parse::<OsVersion>().expect("a version");
        assert!(version("26.10") > version("26.9"));
        assert!(version("26.9.1") > version("26.9"));
        assert!(version("9.0") < version("10.0"));
        assert!(version("99999999999999999999999.0") > version("99999999999999999999998.0"));
        assert_eq!(version("26.0"), version("26.0.0"));
        assert_eq!(version("26.01"), version("26.1"));
        assert_ne!(version("26.0").as_str(), version("26.0.0").as_str());
        let hash = |text| std::hash::BuildHasher::hash_one(&foldhash::fast::FixedState::default(), version(text));
        assert_eq!(hash("26.0"), hash("26.00.0"));
    }

    #[test]
    fn builds_have_a_train_a_letter_and_a_number() {
        for text in ["21E219", "25D771280a", "24A5418b", "23G6083"] {
            assert!(text.parse::<BuildVersion>().is_ok(), "{text}");
        }
        for (text, write) in [
            ("", "leave the key out"),
            ("25b78", "\"25B78\""),
            ("(25B78)", "\"25B78\""),
            ("26.1", "the build"),
            ("25B78ab", "25B78"),
            ("B78", "25B78"),
            ("25B", "25B78"),
            ("25BB78", "25B78"),
        ] {
            let unfit = text.parse::<BuildVersion>().expect_err(text);
            assert!(unfit.help.contains(write), "{text}: {}", unfit.help);
        }
    }
}
