//! JSON values as texts write them.

use std::fmt;

use nojson::{JsonValueKind, RawJson, RawJsonValue};

/// A JSON value. Numbers keep their notation and objects their order, since both may matter to a parser.
#[derive(Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Members),
}

pub(crate) type Members = Vec<(String, Json)>;

impl Json {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn object<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Reads a text that is certainly JSON.
    pub(crate) fn parse(text: &str) -> Self {
        fn convert(value: RawJsonValue<'_, '_>) -> Json {
            let text = |value: RawJsonValue<'_, '_>| value.to_unquoted_string_str().expect("it is a string").into_owned();
            match value.kind() {
                JsonValueKind::Null => Json::Null,
                JsonValueKind::Boolean => Json::Boolean(value.as_raw_str() == "true"),
                JsonValueKind::Integer | JsonValueKind::Float => Json::Number(value.as_raw_str().to_owned()),
                JsonValueKind::String => Json::Text(text(value)),
                JsonValueKind::Array => Json::Array(value.to_array().expect("it is an array").map(convert).collect()),
                JsonValueKind::Object => {
                    let members = value.to_object().expect("it is an object");
                    Json::Object(members.map(|(name, value)| (text(name), convert(value))).collect())
                }
            }
        }
        convert(RawJson::parse(text).expect("it is JSON").value())
    }

    /// The value of a key. The last one counts if there are several.
    pub(crate) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().rfind(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn children_mut(&mut self) -> Vec<&mut Self> {
        match self {
            Self::Array(items) => items.iter_mut().collect(),
            Self::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the paths of all values that match, as child indexes.
    pub(crate) fn places(&mut self, is_match: fn(&Self) -> bool) -> Vec<Vec<usize>> {
        let mut found = if is_match(self) { vec![Vec::new()] } else { Vec::new() };
        for (at, child) in self.children_mut().into_iter().enumerate() {
            found.extend(child.places(is_match).into_iter().map(|path| [vec![at], path].concat()));
        }
        found
    }

    /// All documents with one value less than this one.
    pub(crate) fn without_one(&self) -> Vec<Self> {
        let mut found = Vec::new();
        match self {
            Self::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let with = |item: Option<Self>| {
                        Self::Array(items[..at].iter().cloned().chain(item).chain(items[at + 1..].iter().cloned()).collect())
                    };
                    found.push(with(None));
                    found.extend(item.without_one().into_iter().map(|item| with(Some(item))));
                }
            }
            Self::Object(members) => {
                for (at, (name, value)) in members.iter().enumerate() {
                    let with = |value: Option<Self>| {
                        let member = value.map(|value| (name.clone(), value));
                        Self::Object(
                            members[..at].iter().cloned().chain(member).chain(members[at + 1..].iter().cloned()).collect(),
                        )
                    };
                    found.push(with(None));
                    found.extend(value.without_one().into_iter().map(|value| with(Some(value))));
                }
            }
            _ => {}
        }
        found
    }

    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |value, child| value.children_mut().swap_remove(*child))
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| serde_json::to_string(text).expect("a string can be written");
        let between = |at: usize| if at == 0 { "" } else { ", " };
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Array(items) => {
                f.write_str("[")?;
                items.iter().enumerate().try_for_each(|(at, item)| write!(f, "{}{item}", between(at)))?;
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                let mut members = members.iter().enumerate();
                members.try_for_each(|(at, (name, value))| write!(f, "{}{}: {value}", between(at), quoted(name)))?;
                f.write_str("}")
            }
        }
    }
}

/// Failures show the document as JSON, ready to paste into a file.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
