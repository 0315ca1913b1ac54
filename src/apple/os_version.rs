//! Versions of Apple's operating systems.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Formatted, InvalidValue};

/// A version of an operating system: two or three numeric components, such as `26.1` or `15.7.2` (`TargetOSVersion`).
///
/// Keeps the original text. Versions compare number by number, and a missing third number is 0: `26.10` is later than
/// `26.9`, and `26.0` equals `26.0.0`.
#[derive(Debug, Clone)]
pub struct OsVersion(Cow<'static, str>);

/// Compares two versions number by number.
pub(crate) fn compare_versions(one: &str, other: &str) -> Ordering {
    let key = |number| (str::len(number), number);
    numbers(one).map(key).cmp(numbers(other).map(key))
}

/// The three numbers of a version without leading zeros, so that a longer number is always larger.
fn numbers(version: &str) -> impl Iterator<Item = &str> {
    version.split('.').map(|number| number.trim_start_matches('0')).chain(std::iter::repeat("")).take(3)
}

impl OsVersion {
    /// The first number: the major version.
    pub fn major(&self) -> &str {
        numbers(&self.0).next().filter(|number| !number.is_empty()).unwrap_or("0")
    }

    /// Whether the version has only two components.
    pub(crate) fn has_no_patch(&self) -> bool {
        components(&self.0).count() == 2
    }
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

super::format::checked_string!(OsVersion);

impl Default for OsVersion {
    /// `0.0`, older than every release.
    fn default() -> Self {
        Self(Cow::Borrowed("0.0"))
    }
}

impl Formatted for OsVersion {
    const EXAMPLE: &'static str = "26.1";

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        if is_version(text) {
            return Ok(Self(Cow::Owned(text.to_owned())));
        }
        if text.is_empty() {
            return Err(InvalidValue::empty("write the version, such as \"26.1\" or \"15.7.2\""));
        }
        let error = |problem: &str, help: String| Err(InvalidValue::new(text, format_args!("but {problem}"), help));
        let trimmed = text.trim();
        if trimmed != text && is_version(trimmed) {
            return error("has leading or trailing white space", format!("write \"{trimmed}\""));
        }
        if let Some(rest) = trimmed.strip_prefix(['v', 'V'])
            && is_version(rest)
        {
            return error("a version contains only numbers and dots", format!("write \"{rest}\""));
        }
        if let Some((version, extra)) = trimmed.split_once('(')
            && is_version(version.trim())
        {
            return error(
                &format!("a version cannot have a suffix such as \"({extra}\"", extra = crate::words::shown(extra)),
                format!(
                    "write \"{}\"; to name one Background Security Improvement, add TargetBuildVersion with its build",
                    version.trim()
                ),
            );
        }
        let components: Vec<&str> = trimmed.split('.').collect();
        if components.iter().all(|component| is_number(component)) {
            return match components.as_slice() {
                [one] => error("needs two or three components", format!("write \"{one}.0\", or the intended minor version")),
                [one, two, three, ..] => error("has more than three components", format!("write \"{one}.{two}.{three}\"")),
                _ => error("is not a version", "write a version such as \"26.1\"".to_owned()),
            };
        }
        error("a version is two or three numbers separated by dots", "write it like \"26.1\" or \"15.7.2\"".to_owned())
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        serde_json::json!({
            "pattern": r"^[0-9]+\.[0-9]+(?:\.[0-9]+)?$",
            "patternErrorMessage": "A version is two or three numbers separated by dots, such as 26.1 or 15.7.2.",
        })
    }

    fn doubt(text: &str) -> Option<InvalidValue> {
        if !components(text).any(|number| matches!(number, [b'0', _, ..])) {
            return None;
        }
        let plain: Vec<&str> = text
            .split('.')
            .map(|number| number.trim_start_matches('0'))
            .map(|number| if number.is_empty() { "0" } else { number })
            .collect();
        let plain = plain.join(".");
        let error = InvalidValue::new(text, "which has leading zeros", format!("write \"{plain}\""));
        Some(InvalidValue { fixed: Some(plain), ..error })
    }
}

pub(super) fn is_version(text: &str) -> bool {
    (2..=3).contains(&components(text).count()) && components(text).all(are_digits)
}

pub(super) fn is_number(text: &str) -> bool {
    are_digits(text.as_bytes())
}

fn are_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

/// The components between dots. Versions are short, so searching bytes is faster than searching text.
fn components(version: &str) -> impl Iterator<Item = &[u8]> {
    version.as_bytes().split(|byte| *byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_two_or_three_numbers() {
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
            let error = text.parse::<OsVersion>().expect_err(text);
            assert!(error.help.contains(write), "{text}: {}", error.help);
        }
    }

    #[test]
    fn compares_by_number_and_keeps_the_text() {
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
}
