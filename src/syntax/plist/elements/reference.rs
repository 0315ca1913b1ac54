//! References to characters.

use std::borrow::Cow;

use quick_xml::events::BytesRef;

use super::is_xml;

/// What stands between `&` and `;`.
pub(super) enum Reference {
    /// It stands for this text.
    Text(Cow<'static, str>),
    /// It is none: the `&` was meant as a character.
    Bare,
    /// It stands for nothing: what is wrong, and what to do.
    Wrong(&'static str, &'static str),
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
                _ => Self::Wrong(
                    "this reference stands for no character of XML",
                    "write the character itself, or its number in Unicode, such as &#xE9;",
                ),
            };
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte)) {
            return Self::Bare;
        }
        // Its name may be part of a secret, so no message says it.
        Self::Wrong(
            "this entity is not declared",
            "write the character itself; only &lt; &gt; &amp; &quot; &apos; and numbers such as &#160; are known",
        )
    }
}
