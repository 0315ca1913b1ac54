//! The elements of a property list, and common misspellings.

use crate::words::nearest;

/// The elements of a property list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Plist,
    Dict,
    Key,
    Array,
    String,
    Integer,
    Real,
    True,
    False,
    Date,
    Data,
    /// `<bool>` or `<boolean>`: not an element, but a common mistake.
    Boolean,
}

/// The element names.
const ELEMENTS: &[(&str, Element)] = &[
    ("plist", Element::Plist),
    ("dict", Element::Dict),
    ("key", Element::Key),
    ("array", Element::Array),
    ("string", Element::String),
    ("integer", Element::Integer),
    ("real", Element::Real),
    ("true", Element::True),
    ("false", Element::False),
    ("date", Element::Date),
    ("data", Element::Data),
];

/// Names from other formats.
const ALIASES: &[(&str, Element)] = &[
    ("dictionary", Element::Dict),
    ("object", Element::Dict),
    ("map", Element::Dict),
    ("list", Element::Array),
    ("str", Element::String),
    ("text", Element::String),
    ("int", Element::Integer),
    ("number", Element::Integer),
    ("float", Element::Real),
    ("double", Element::Real),
    ("bool", Element::Boolean),
    ("boolean", Element::Boolean),
    ("yes", Element::True),
    ("no", Element::False),
];

impl Element {
    /// The element with exactly this name.
    pub(super) fn exact(name: &str) -> Option<Self> {
        ELEMENTS.iter().find(|(known, _)| *known == name).map(|(_, element)| *element)
    }

    /// The element that a name in another case or from another format means.
    pub(super) fn from_alias(name: &str) -> Option<Self> {
        ELEMENTS.iter().chain(ALIASES).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, element)| *element)
    }

    /// The element whose name is nearest to a misspelled one.
    pub(super) fn nearest(name: &str) -> Option<Self> {
        nearest(name, ELEMENTS.iter().map(|(known, _)| *known)).and_then(Self::exact)
    }

    /// The tag, for a message.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::True => "<true/>",
            Self::False => "<false/>",
            Self::Boolean => "<true/> or <false/>",
            Self::Plist => "<plist>",
            Self::Dict => "<dict>",
            Self::Key => "<key>",
            Self::Array => "<array>",
            Self::String => "<string>",
            Self::Integer => "<integer>",
            Self::Real => "<real>",
            Self::Date => "<date>",
            Self::Data => "<data>",
        }
    }
}
