//! What Apple documents only in prose about several keys, and about the format of strings, as data.
//!
//! A [`Claim`] is about an object, about a string, or about the names in a map. Claims are keyed by type and path like
//! the notes of the overlay: `*` is an array item and `ANY` a map value. Paths that a schema lacks are skipped, so the
//! same claims work for older and newer releases; a test checks them against the built-in schema.

mod claims;
mod index;
mod text;

use super::Enrolment;

pub(super) use claims::CLAIMS;
pub(super) use index::Claims;
pub(crate) use text::TextFormat;

/// A path from an object to a key below it: `OAuth.Enabled`.
pub(crate) type PathText = &'static str;

/// What Apple says about an object or a value, apart from its structure.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Claim {
    /// The object has exactly one of these keys.
    One(&'static [PathText]),
    /// The object has at least one of these keys.
    Any(&'static [PathText]),
    /// At least one of these booleans is true.
    AnyTrue(&'static [PathText]),
    /// The object has both keys or neither.
    Both(PathText, PathText),
    /// The key is required if the condition holds.
    Required(PathText, Condition),
    /// The key must be absent or empty if the condition holds.
    Refused(PathText, Condition),
    /// The key has an effect only if the condition holds.
    Only(PathText, Condition),
    /// False has no effect if the object has any other key.
    Implied(PathText),
    /// The first number is at most the second, where 0 means no limit.
    AtMost(PathText, PathText),
    /// The number is in one of these ranges and a multiple of the step, if the condition holds.
    Number(PathText, &'static [(i64, i64)], i64, Condition),
    /// An item of the first array has no effect if it is in the second as well.
    Apart(PathText, PathText),
    /// An array at the path of the claim has at most this many items.
    MostItems(usize),
    /// The format of a string.
    Text(TextFormat),
    /// The format of the names in a map.
    Names(TextFormat),
}

/// A condition on an object. Paths start at the object.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Condition {
    Present(PathText),
    Absent(PathText),
    /// The string is one of these.
    Is(PathText, &'static [&'static str]),
    /// The string is present and another one.
    IsNot(PathText, &'static str),
    /// The boolean, or its default, is true.
    True(PathText),
    /// The boolean, or its default, is false.
    False(PathText),
    /// The integer is absent or another one.
    NotNumber(PathText, i64),
    /// The array contains the string.
    Lists(PathText, &'static str),
    /// The array has items.
    Filled(PathText),
    Either(&'static [Condition]),
    All(&'static [Condition]),
    /// A target device has one of these enrolments.
    Enrolled(&'static [Enrolment]),
    /// Not all target devices that support the type have this enrolment.
    NotOnly(Enrolment),
    /// The name of the object in its map is another one.
    NotNamed(&'static str),
}

/// Every claim, with its type and its path.
#[cfg(all(test, feature = "cli"))]
pub(crate) fn all_claims() -> Vec<(&'static str, String, &'static Claim)> {
    let claims = CLAIMS.iter().flat_map(|(name, start, claims)| claims.iter().map(move |claim| (*name, *start, claim)));
    let path =
        |start: &str, path: &str| [start, path].iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(".");
    claims.map(|(name, start, (end, claim))| (name, path(start, end), claim)).collect()
}

impl Claim {
    /// The keys that the claim is about, without those of its condition.
    pub(crate) fn keys(&self) -> Vec<PathText> {
        match *self {
            Self::One(keys) | Self::Any(keys) | Self::AnyTrue(keys) => keys.to_vec(),
            Self::Both(one, other) | Self::AtMost(one, other) | Self::Apart(one, other) => vec![one, other],
            Self::Required(key, _) | Self::Refused(key, _) | Self::Only(key, _) | Self::Number(key, ..) | Self::Implied(key) => {
                vec![key]
            }
            Self::MostItems(_) | Self::Text(_) | Self::Names(_) => Vec::new(),
        }
    }

    /// Whether the claim is about a value rather than about the keys of an object.
    pub(crate) fn is_about_value(&self) -> bool {
        matches!(self, Self::MostItems(_) | Self::Text(_) | Self::Names(_))
    }

    /// The condition, if it has one.
    #[cfg(test)]
    pub(crate) fn condition(&self) -> Option<Condition> {
        match *self {
            Self::Required(_, condition)
            | Self::Refused(_, condition)
            | Self::Only(_, condition)
            | Self::Number(.., condition) => Some(condition),
            _ => None,
        }
    }
}

#[cfg(test)]
impl Condition {
    /// The keys that the condition is about.
    pub(crate) fn keys(&self) -> Vec<PathText> {
        match *self {
            Self::Present(key)
            | Self::Absent(key)
            | Self::Is(key, _)
            | Self::IsNot(key, _)
            | Self::True(key)
            | Self::False(key)
            | Self::NotNumber(key, _)
            | Self::Lists(key, _)
            | Self::Filled(key) => vec![key],
            Self::Either(conditions) | Self::All(conditions) => conditions.iter().flat_map(Self::keys).collect(),
            Self::Enrolled(_) | Self::NotOnly(_) | Self::NotNamed(_) => Vec::new(),
        }
    }
}
