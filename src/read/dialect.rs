//! How the keys of a command are written.

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::diagnostic::Diagnostic;
use crate::document::Node;
use crate::keys::{AnyKey, Owner, Table, tables};

/// Apple's names, or the form of them that the consoles of some servers take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `ProductVersion`
    #[default]
    Apple,
    /// `product_version`
    Snake,
}

impl Dialect {
    /// Whether a key of a document is this key of Apple's.
    #[inline]
    pub(crate) fn is(self, written: Node<'_>, key: &str) -> bool {
        match self {
            Self::Apple => written.is_str(key),
            Self::Snake => is_snake_of(written, key),
        }
    }

    /// How a key of Apple's is written.
    pub(crate) fn write(self, key: &str) -> Cow<'_, str> {
        match self {
            Self::Apple => Cow::Borrowed(key),
            Self::Snake => Cow::Owned(snake(key)),
        }
    }

    /// Names in a diagnostic the keys as the document does.
    pub(crate) fn translate<P, F>(self, diagnostic: &mut Diagnostic<P, F>) {
        if self == Self::Apple {
            return;
        }
        let related = diagnostic.related.iter_mut().map(|related| &mut related.message);
        for text in [Some(&mut diagnostic.message), diagnostic.help.as_mut()].into_iter().flatten().chain(related) {
            *text = translated(text);
        }
    }

    /// How a key that may be misspelled looks in Apple's form.
    pub(crate) fn like_apple(self, written: &str) -> Cow<'_, str> {
        match self {
            Self::Apple => Cow::Borrowed(written),
            Self::Snake => Cow::Owned(written.split('_').map(capital).collect()),
        }
    }
}

/// The keys of commands.
fn names() -> &'static [&'static str] {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let is_command = |table: &&Table| matches!(table.owner, Owner::Legacy(document) if document.is_command());
        tables().filter(is_command).flat_map(|table| (table.keys)()).map(AnyKey::name).collect()
    })
}

/// A sentence with the keys of commands in their snake form.
fn translated(text: &str) -> String {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if names().contains(&word) {
            out.push_str(&snake(word));
        } else {
            out.push_str(word);
        }
        let gap = after.find(is_letter).unwrap_or(after.len());
        out.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    out
}

#[cold]
fn is_snake_of(written: Node<'_>, key: &str) -> bool {
    written.as_str().is_some_and(|written| written.len() >= key.len() && written == snake(key))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|letter| letter.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// `CommandUUID` becomes `command_uuid`: a word begins at each capital that follows a small letter or comes before one.
fn snake(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let mut snake = String::with_capacity(key.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let follows_small = at > 0 && letters[at - 1].is_lowercase();
        let comes_before_small = at > 0 && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_small || comes_before_small) {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_apple_have_one_snake_form() {
        for (key, expected) in [
            ("CommandUUID", "command_uuid"),
            ("RequestType", "request_type"),
            ("Updates", "updates"),
            ("MaxUserDeferrals", "max_user_deferrals"),
            ("AvailableOSUpdates", "available_os_updates"),
        ] {
            assert_eq!(snake(key), expected);
        }
    }
}
