//! Identifiers and server tokens of declarations.

use super::{Formatted, InvalidValue};
use crate::words::count;

/// The maximum length of an identifier or a server token, in octets.
pub(crate) const MOST_OCTETS: usize = 64;

/// The unique name of a declaration: 1 to 64 octets of UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

super::format::checked_string!(Identifier);

impl From<Identifier> for Box<str> {
    fn from(identifier: Identifier) -> Self {
        identifier.0.into_boxed_str()
    }
}

impl Formatted for Identifier {
    const EXAMPLE: &'static str = "com.example.name";

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), InvalidValue> {
        octets(text, "write a unique name, such as \"com.example.name\"")
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        octets_schema()
    }
}

/// The revision of a declaration: 1 to 64 octets of UTF-8. Servers compute it; sources normally omit it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerToken(String);

super::format::checked_string!(ServerToken);

impl Formatted for ServerToken {
    const EXAMPLE: &'static str = "E180CA9A-F089-4FA3-BBDF-94CC159C4AE8";

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), InvalidValue> {
        octets(text, "remove the key; the server computes it")
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        octets_schema()
    }
}

fn octets(text: &str, help: &str) -> Result<(), InvalidValue> {
    match text.len() {
        0 => Err(InvalidValue::empty(help)),
        1..=MOST_OCTETS => Ok(()),
        length => {
            let characters = text.chars().count();
            let also = if characters == length { String::new() } else { format!(" ({characters} characters)") };
            Err(InvalidValue {
                problem: format!("is {length} bytes long{also}, but the maximum is {MOST_OCTETS}"),
                help: format!("shorten it by {}", count(length - MOST_OCTETS, "byte")),
                fixed: None,
            })
        }
    }
}

/// JSON Schema counts characters; each takes at least one octet.
#[cfg(feature = "cli")]
fn octets_schema() -> serde_json::Value {
    serde_json::json!({ "minLength": 1, "maxLength": MOST_OCTETS })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_octets_not_characters() {
        assert!("x".repeat(64).parse::<Identifier>().is_ok());
        assert!("ä".repeat(32).parse::<Identifier>().is_ok());
        let error = "ä".repeat(33).parse::<Identifier>().expect_err("66 octets");
        assert_eq!(error.problem, "is 66 bytes long (33 characters), but the maximum is 64");
        assert!("".parse::<ServerToken>().is_err());
    }
}
