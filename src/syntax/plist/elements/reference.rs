//! Character and entity references.

use std::borrow::Cow;

use quick_xml::events::BytesRef;

use super::is_xml;

/// The text from `&` to `;`.
pub(super) enum Reference {
    /// A reference to this text.
    Text(Cow<'static, str>),
    /// Not a reference: a bare `&`.
    Bare,
    /// An invalid reference: message and help.
    Invalid(&'static str, &'static str),
}

impl Reference {
    pub(super) fn of(name: &BytesRef<'_>) -> Self {
        let predefined = match &**name {
            "lt" => Some("<"),
            "gt" => Some(">"),
            "amp" => Some("&"),
            "quot" => Some("\""),
            "apos" => Some("'"),
            _ => None,
        };
        if let Some(text) = predefined {
            return Self::Text(text.into());
        }
        if name.is_char_ref() {
            return match name.resolve_char_ref() {
                Ok(Some(character)) if is_xml(character) => Self::Text(character.to_string().into()),
                _ => Self::Invalid(
                    "this reference is not a valid XML character",
                    "write the character itself, or its Unicode number, such as &#xE9;",
                ),
            };
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte)) {
            return Self::Bare;
        }
        // The name may be part of a secret, so the message does not contain it.
        Self::Invalid(
            "this entity is not declared",
            "write the character itself; only &lt; &gt; &amp; &quot; &apos; and numbers such as &#160; are supported",
        )
    }
}
