//! Formats of strings.

use std::fmt;

use crate::words::shown;

/// Why a text is not a valid value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidValue {
    /// The problem, as a continuation of the key's name: `is "26", but …`.
    pub(crate) problem: String,
    /// What to write instead, as a clause.
    pub(crate) help: String,
    /// The correct value, if it is certain.
    pub(crate) fixed: Option<String>,
}

impl InvalidValue {
    /// Includes `value` in the problem, truncated and escaped.
    pub(crate) fn new(value: &str, problem: impl fmt::Display, help: impl Into<String>) -> Self {
        Self { problem: format!("is \"{}\", {problem}", shown(value)), help: help.into(), fixed: None }
    }

    /// An error about an empty value.
    pub(crate) fn empty(help: impl Into<String>) -> Self {
        Self { problem: "is empty".to_owned(), help: help.into(), fixed: None }
    }
}

impl InvalidValue {
    /// The message without the value, for places that show it already.
    pub(crate) fn without_value(&self) -> String {
        let problem = self.problem.split_once("\", but ").map_or(self.problem.as_str(), |(_, problem)| problem);
        format!("{problem}; {}", self.help)
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value {}: {}", self.problem, self.help)
    }
}

impl std::error::Error for InvalidValue {}

/// The formats of strings in Apple's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    OsVersion,
    /// The version that a command names: that of a release, or of a Background Security Improvement.
    UpdateVersion,
    BuildVersion,
    LocalDateTime,
    Url,
    Identifier,
    ServerToken,
    DeclarationType,
}

impl Format {
    /// An example of the format, for messages.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::OsVersion | Self::UpdateVersion => super::OsVersion::EXAMPLE,
            Self::BuildVersion => super::BuildVersion::EXAMPLE,
            Self::LocalDateTime => super::LocalDateTime::EXAMPLE,
            Self::Url => super::DetailsUrl::EXAMPLE,
            Self::Identifier => super::Identifier::EXAMPLE,
            Self::ServerToken => super::ServerToken::EXAMPLE,
            Self::DeclarationType => super::SETTINGS,
        }
    }

    /// Checks the format of a text. Accepts any declaration type; the schema checks those.
    pub(crate) fn check(self, text: &str) -> Result<(), InvalidValue> {
        match self {
            // `ineffective-key` reports it.
            Self::UpdateVersion if is_improvement(text) => Ok(()),
            Self::OsVersion | Self::UpdateVersion => super::OsVersion::check(text),
            Self::BuildVersion => super::BuildVersion::check(text),
            Self::LocalDateTime => super::LocalDateTime::check(text),
            Self::Url => super::DetailsUrl::check(text),
            Self::Identifier => super::Identifier::check(text),
            Self::ServerToken => super::ServerToken::check(text),
            Self::DeclarationType => Ok(()),
        }
    }

    /// Returns why a correctly formatted text is doubtful.
    pub(crate) fn doubt(self, text: &str) -> Option<InvalidValue> {
        match self {
            Self::OsVersion | Self::UpdateVersion => super::OsVersion::doubt(text),
            Self::Url => super::DetailsUrl::doubt(text),
            _ => None,
        }
    }

    /// The JSON Schema of the format.
    #[cfg(feature = "cli")]
    pub(crate) fn schema(self) -> serde_json::Value {
        match self {
            Self::OsVersion => super::OsVersion::schema(),
            Self::UpdateVersion => serde_json::json!({
                "pattern": r"^(?:[0-9]+\.[0-9]+(?:\.[0-9]+)?|[^(]*\([\s\S]*\)|[\s\S]*_rsr)$",
                "patternErrorMessage": "A version is two or three numbers separated by dots, such as 26.1 or 15.7.2.",
            }),
            Self::BuildVersion => super::BuildVersion::schema(),
            Self::LocalDateTime => super::LocalDateTime::schema(),
            Self::Url => super::DetailsUrl::schema(),
            Self::Identifier => super::Identifier::schema(),
            Self::ServerToken => super::ServerToken::schema(),
            Self::DeclarationType => serde_json::json!({ "pattern": r"^com\.apple\." }),
        }
    }
}

/// Whether a product key or version names a Background Security Improvement, formerly Rapid Security Response.
pub(crate) fn is_improvement(value: &str) -> bool {
    value.ends_with("_rsr") || (value.ends_with(')') && value.contains('('))
}

/// A string type with a format.
pub(crate) trait Formatted: Sized {
    /// An example, for documentation.
    const EXAMPLE: &'static str;

    fn parse(text: &str) -> Result<Self, InvalidValue>;

    /// Like [`Self::parse`], without creating a value.
    fn check(text: &str) -> Result<(), InvalidValue> {
        Self::parse(text).map(drop)
    }

    /// The JSON Schema of the format. Patterns avoid features that some engines lack, such as lookahead.
    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value;

    /// Returns why a correctly formatted text is doubtful.
    fn doubt(_: &str) -> Option<InvalidValue> {
        None
    }
}

/// Implements `FromStr`, `Serialize` and `Deserialize` for a [`Formatted`] type.
macro_rules! text_conversions {
    ($type:ident) => {
        impl std::str::FromStr for $type {
            type Err = crate::apple::InvalidValue;

            /// # Errors
            /// The text does not have the format of the type.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as crate::apple::Formatted>::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Like [`text_conversions`], for a newtype of a checked `String`; adds `as_str` and `Display`.
macro_rules! checked_string {
    ($type:ident) => {
        crate::apple::format::text_conversions!($type);

        impl $type {
            /// The original text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use {checked_string, text_conversions};
