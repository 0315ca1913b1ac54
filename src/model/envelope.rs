//! What every declaration has around its payload.

use std::fmt;

use super::{Form, Text, Unfit};
use crate::words::{count, nearest};

/// The most octets that an identifier or a server token may have.
pub(crate) const MOST_OCTETS: usize = 64;

/// Names a declaration, for the server, the device and other declarations: 1 to 64 octets of UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

super::text::checked_string!(Identifier);

impl From<Identifier> for Box<str> {
    fn from(identifier: Identifier) -> Self {
        identifier.0.into_boxed_str()
    }
}

impl Text for Identifier {
    const FORM: Form = Form::Identifier;
    const EXAMPLE: &'static str = "com.example.name";

    fn parse(text: &str) -> Result<Self, Unfit> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), Unfit> {
        octets(text, "write a name that no other declaration has, such as \"com.example.name\"")
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        octets_schema()
    }
}

/// Names one revision of a declaration: 1 to 64 octets of UTF-8. Servers compute it; sources normally leave it out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerToken(String);

super::text::checked_string!(ServerToken);

impl Text for ServerToken {
    const FORM: Form = Form::ServerToken;
    const EXAMPLE: &'static str = "E180CA9A-F089-4FA3-BBDF-94CC159C4AE8";

    fn parse(text: &str) -> Result<Self, Unfit> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), Unfit> {
        octets(text, "leave the key out: the server computes it")
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        octets_schema()
    }
}

fn octets(text: &str, help: &str) -> Result<(), Unfit> {
    match text.len() {
        0 => Err(Unfit::empty(help)),
        1..=MOST_OCTETS => Ok(()),
        length => {
            let characters = text.chars().count();
            let also = if characters == length { String::new() } else { format!(" ({characters} characters)") };
            Err(Unfit {
                problem: format!("is {length} octets long{also}, but may have {MOST_OCTETS} at most"),
                help: format!("shorten it by {}", count(length - MOST_OCTETS, "octet")),
                mended: None,
            })
        }
    }
}

/// A schema counts characters, of which each has at least one octet.
#[cfg(feature = "cli")]
fn octets_schema() -> serde_json::Value {
    serde_json::json!({ "minLength": 1, "maxLength": MOST_OCTETS })
}

/// What a declaration is. Types that this program does not look into keep their name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DeclarationType {
    /// `com.apple.configuration.softwareupdate.settings`
    Settings,
    /// `com.apple.configuration.softwareupdate.enforcement.specific`
    Enforcement,
    /// `com.apple.activation.simple`
    Activation,
    /// Any other type of Apple's.
    Other(String),
}

const SETTINGS: &str = "com.apple.configuration.softwareupdate.settings";
const ENFORCEMENT: &str = "com.apple.configuration.softwareupdate.enforcement.specific";
const ACTIVATION: &str = "com.apple.activation.simple";

impl DeclarationType {
    /// The types whose payload this program knows.
    pub const KNOWN: [Self; 3] = [Self::Settings, Self::Enforcement, Self::Activation];

    /// The type without what all of Apple's types begin with.
    pub(crate) fn short(&self) -> &str {
        let name = self.as_str();
        name.strip_prefix("com.apple.configuration.").or_else(|| name.strip_prefix("com.apple.")).unwrap_or(name)
    }

    /// The type as Apple writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Settings => SETTINGS,
            Self::Enforcement => ENFORCEMENT,
            Self::Activation => ACTIVATION,
            Self::Other(name) => name,
        }
    }
}

super::text::text_conversions!(DeclarationType);

impl fmt::Display for DeclarationType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Text for DeclarationType {
    const FORM: Form = Form::DeclarationType;
    const EXAMPLE: &'static str = SETTINGS;

    /// Apple has two configurations about software updates, so every other name that speaks of them is a mistake. The many other
    /// types are not listed here, so that a new one is no mistake.
    fn parse(text: &str) -> Result<Self, Unfit> {
        match text {
            SETTINGS => return Ok(Self::Settings),
            ENFORCEMENT => return Ok(Self::Enforcement),
            ACTIVATION => return Ok(Self::Activation),
            _ => {}
        }
        let names = Self::KNOWN.each_ref().map(Self::as_str);
        let speaks_of_updates = speaks_of_updates(text);
        let near = nearest(text, names).filter(|name| strsim::damerau_levenshtein(text, name) <= 3 || speaks_of_updates);
        match near {
            Some(near) => Err(Unfit::new(text, "which Apple does not define", format!("did you mean \"{near}\"?"))),
            None if speaks_of_updates => {
                let help = format!("the types for software updates are {} and {}", names[0], names[1]);
                Err(Unfit::new(text, "which Apple does not define", help))
            }
            None if text.starts_with("com.apple.") => Ok(Self::Other(text.to_owned())),
            None if text.is_empty() => Err(Unfit::empty(format!("write a type, such as \"{}\"", names[0]))),
            None => {
                let help = format!("a type begins with com.apple., such as \"{}\"", names[0]);
                Err(Unfit::new(text, "which Apple does not define", help))
            }
        }
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        serde_json::json!({ "pattern": r"^com\.apple\." })
    }
}

/// Whether a type has "softwareupdate" in it, in whatever case, and perhaps with hyphens or underscores.
fn speaks_of_updates(text: &str) -> bool {
    const WORD: &[u8] = b"softwareupdate";
    let mut found = 0;
    text.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).any(|byte| {
        let byte = byte.to_ascii_lowercase();
        // The first letter comes once in the word, so what does not go on can only begin anew.
        found = if byte == WORD[found] { found + 1 } else { usize::from(byte == WORD[0]) };
        found == WORD.len()
    })
}

/// The keys around a payload, as far as they could be read.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) kind: Option<DeclarationType>,
    pub(crate) identifier: Option<Identifier>,
    pub(crate) server_token: Option<ServerToken>,
    /// Whether there is a payload; what is in it is read by the table of its type.
    pub(crate) payload: Option<()>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_are_counted_not_characters() {
        assert!("x".repeat(64).parse::<Identifier>().is_ok());
        assert!("ä".repeat(32).parse::<Identifier>().is_ok());
        let unfit = "ä".repeat(33).parse::<Identifier>().expect_err("66 octets");
        assert_eq!(unfit.problem, "is 66 octets long (33 characters), but may have 64 at most");
        assert!("".parse::<ServerToken>().is_err());
    }

    #[test]
    fn a_type_that_speaks_of_software_updates_must_be_one_of_two() {
        for text in
            ["com.apple.configuration.passcode.settings", "com.apple.asset.data", "com.apple.management.organization-info"]
        {
            assert_eq!(DeclarationType::parse(text), Ok(DeclarationType::Other(text.to_owned())));
        }
        for (text, meant) in [
            ("com.apple.configuration.softwareupdate.setting", "softwareupdate.settings"),
            ("com.apple.configuration.softwareupdate.enforcement", "the types for software updates are"),
            ("com.apple.configuration.SoftwareUpdate.Settings", "softwareupdate.settings"),
            ("com.apple.configuration.software-update.settings", "softwareupdate.settings"),
            ("com.apple.SoftwareUpdate", "the types for software updates are"),
            ("com.apple.softsoft_ware-update", "the types for software updates are"),
            ("com.apple.activation.simpel", "activation.simple"),
            ("com.example.settings", "begins with com.apple."),
            ("", "write a type"),
        ] {
            let unfit = DeclarationType::parse(text).expect_err(text);
            assert!(unfit.help.contains(meant), "{text}: {}", unfit.help);
        }
    }
}
