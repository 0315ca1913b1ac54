//! Strings with a form: what they share.

use std::fmt;

use crate::words::shown;

/// Why a text is not a value of its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// What is wrong, to stand after the name of the key: `is "26", but …`.
    pub(crate) problem: String,
    /// What to write instead, as a sentence.
    pub(crate) help: String,
    /// What to write instead, where that is certain.
    pub(crate) mended: Option<String>,
}

impl Unfit {
    /// `value` is shown to the reader, cut and escaped.
    pub(crate) fn new(value: &str, problem: impl fmt::Display, help: impl Into<String>) -> Self {
        Self { problem: format!("is \"{}\", {problem}", shown(value)), help: help.into(), mended: None }
    }

    /// For what was not given at all.
    pub(crate) fn empty(help: impl Into<String>) -> Self {
        Self { problem: "is empty".to_owned(), help: help.into(), mended: None }
    }
}

impl Unfit {
    /// The same for where the value stands beside it.
    pub(crate) fn without_value(&self) -> String {
        let problem = self.problem.split_once("\", but ").map_or(self.problem.as_str(), |(_, problem)| problem);
        format!("{problem}; {}", self.help)
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the value {}: {}", self.problem, self.help)
    }
}

impl std::error::Error for Unfit {}

/// The forms that Apple gives a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    OsVersion,
    BuildVersion,
    LocalDateTime,
    Url,
    Identifier,
    ServerToken,
    DeclarationType,
}

impl Form {
    /// A value of this form, for messages.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::OsVersion => super::OsVersion::EXAMPLE,
            Self::BuildVersion => super::BuildVersion::EXAMPLE,
            Self::LocalDateTime => super::LocalDateTime::EXAMPLE,
            Self::Url => super::DetailsUrl::EXAMPLE,
            Self::Identifier => super::Identifier::EXAMPLE,
            Self::ServerToken => super::ServerToken::EXAMPLE,
            Self::DeclarationType => super::DeclarationType::EXAMPLE,
        }
    }

    /// Whether a text has the format; the types of declarations are for the schema to judge.
    pub(crate) fn check(self, text: &str) -> Result<(), Unfit> {
        match self {
            Self::OsVersion => super::OsVersion::check(text),
            Self::BuildVersion => super::BuildVersion::check(text),
            Self::LocalDateTime => super::LocalDateTime::check(text),
            Self::Url => super::DetailsUrl::check(text),
            Self::Identifier => super::Identifier::check(text),
            Self::ServerToken => super::ServerToken::check(text),
            Self::DeclarationType => Ok(()),
        }
    }

    /// What makes a text of the right format doubtful all the same.
    pub(crate) fn doubt(self, text: &str) -> Option<Unfit> {
        match self {
            Self::OsVersion => super::OsVersion::doubt(text),
            Self::Url => super::DetailsUrl::doubt(text),
            _ => None,
        }
    }

    /// What a JSON Schema says of such a string.
    #[cfg(feature = "cli")]
    pub(crate) fn schema(self) -> serde_json::Value {
        match self {
            Self::OsVersion => super::OsVersion::schema(),
            Self::BuildVersion => super::BuildVersion::schema(),
            Self::LocalDateTime => super::LocalDateTime::schema(),
            Self::Url => super::DetailsUrl::schema(),
            Self::Identifier => super::Identifier::schema(),
            Self::ServerToken => super::ServerToken::schema(),
            Self::DeclarationType => super::DeclarationType::schema(),
        }
    }
}

/// A string with a form.
pub(crate) trait Text: Sized {
    const FORM: Form;

    /// A value of this form, for documentation.
    const EXAMPLE: &'static str;

    fn parse(text: &str) -> Result<Self, Unfit>;

    /// Whether a text has this form: what [`Self::parse`] says, without a value.
    fn check(text: &str) -> Result<(), Unfit> {
        Self::parse(text).map(drop)
    }

    /// What a JSON Schema says of the form. Patterns are written without what some engines lack, such as looking ahead.
    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value;

    /// What makes a text of the right form doubtful all the same.
    fn doubt(_: &str) -> Option<Unfit> {
        None
    }
}

/// Gives a string type with a form its standard conversions: from text, to text, and through serde.
macro_rules! text_conversions {
    ($type:ident) => {
        impl std::str::FromStr for $type {
            type Err = crate::model::Unfit;

            /// # Errors
            /// When the text has not the form that the type describes.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as crate::model::Text>::parse(text)
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

/// As [`text_conversions`], for a type that is a checked `String` and nothing else.
macro_rules! checked_string {
    ($type:ident) => {
        crate::model::text::text_conversions!($type);

        impl $type {
            /// The text, as it was written.
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
