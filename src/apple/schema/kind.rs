//! A type of document.

use super::{Family, Rows, Schema, SupportId, Text};
use crate::apple::{legacy, overlay};

/// The index of a type in its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TypeId(pub(super) u16);

/// A document type.
#[derive(Debug, Clone)]
pub(crate) struct Type {
    /// Apple's name: `com.apple.configuration.passcode.settings`, `ScheduleOSUpdate`.
    pub(crate) name: Text,
    pub(crate) family: Family,
    /// How a device applies several declarations of this type. `None` if the document is not a configuration.
    pub(crate) apply: Option<Apply>,
    pub(crate) support: SupportId,
    pub(crate) keys: Rows,
    /// The file in Apple's schema, without the extension: `configurations/passcode.settings`.
    pub(crate) file: Text,
}

/// How a device applies several declarations of one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Apply {
    /// It applies one and rejects the others.
    Single,
    /// It applies each separately.
    Multiple,
    /// It combines them key by key.
    Combined,
}

impl Type {
    /// Whether these rows are its keys, or all but those that every payload has.
    pub(crate) fn is_described_by(&self, rows: Rows) -> bool {
        let end = |rows: Rows| rows.start + rows.len;
        self.keys == rows || (self.family == Family::ProfilePayload && end(self.keys) == end(rows))
    }

    /// The URL of Apple's documentation page.
    pub(crate) fn page(&self) -> String {
        let known = overlay::PAGES.iter().find(|(name, _)| *name == self.name).map(|(_, page)| (*page).to_owned());
        let page = known.unwrap_or_else(|| {
            self.short().chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
        });
        format!("https://developer.apple.com/documentation/devicemanagement/{page}")
    }

    /// The name used in titles: `software update settings`.
    pub(crate) fn title(&self) -> Text {
        overlay::title(&self.name).map_or_else(|| self.one().into(), Text::Borrowed)
    }

    /// The release of Apple's schema that describes the type.
    pub(crate) fn release<'s>(&self, schema: &'s Schema) -> &'s str {
        if self.family.is_legacy() { legacy::RELEASE } else { &schema.release }
    }

    /// The name without its common prefix: `passcode.settings`, `activation.simple`.
    pub(crate) fn short(&self) -> &str {
        short(&self.name)
    }

    /// The name used in sentences: `a declaration of type …`.
    pub(crate) fn one(&self) -> String {
        match self.family {
            Family::Envelope => "a declaration".to_owned(),
            Family::Configuration | Family::Activation | Family::Asset | Family::Management => {
                format!("a declaration of type {}", self.name)
            }
            Family::Credential => format!("a credential ({})", self.name),
            Family::CommandFrame => "the top-level dictionary of the command".to_owned(),
            Family::Command => format!("the command {}", self.name),
            Family::Response => "a response".to_owned(),
            Family::ProfileFrame => "the profile itself".to_owned(),
            Family::ProfilePayload => format!("a payload of type {}", self.name),
        }
    }
}

/// A type name without the prefix `com.apple.configuration.` or `com.apple.`.
pub(crate) fn short(name: &str) -> &str {
    name.strip_prefix("com.apple.configuration.").or_else(|| name.strip_prefix("com.apple.")).unwrap_or(name)
}
