//! How a document writes keys and values, for the words of diagnostics.

use std::borrow::Cow;

use super::kind::Kind;

/// How a document writes keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Notation {
    /// Whether keys are written in snake case (`product_version`), as the consoles of some servers take them.
    pub(crate) is_snake: bool,
    /// Whether the document is a property list.
    pub(crate) is_plist: bool,
}

impl Notation {
    /// How a key of Apple's is written.
    pub(crate) fn key(self, key: &str) -> Cow<'_, str> {
        if self.is_snake { Cow::Owned(snake(key)) } else { Cow::Borrowed(key) }
    }

    /// How a key that may be misspelled looks in Apple's spelling.
    pub(crate) fn like_apple(self, written: &str) -> Cow<'_, str> {
        if self.is_snake { Cow::Owned(written.split('_').map(capital).collect()) } else { Cow::Borrowed(written) }
    }

    /// A key and its value, which is given in JSON: `"Priority": "Low"`, `<key>Priority</key><string>Low</string>`.
    pub(crate) fn member(self, key: &str, value: &str) -> String {
        let key = self.key(key);
        if self.is_plist { format!("<key>{key}</key>{}", element(value)) } else { format!("\"{key}\": {value}") }
    }

    /// A number or a boolean, to follow "write", for a value that stands in quotes or in another element.
    pub(crate) fn unquoted(self, value: &str) -> String {
        if self.is_plist { element(value) } else { format!("{value}, without quotes") }
    }

    /// What sentences call an object: `an object`, `a dictionary`.
    pub(crate) fn object(self) -> &'static str {
        if self.is_plist { "a dictionary" } else { "an object" }
    }

    /// What sentences call several objects.
    pub(crate) fn objects(self) -> &'static str {
        if self.is_plist { "dictionaries" } else { "objects" }
    }

    /// What sentences call a value of a kind.
    pub(crate) fn kind(self, kind: Kind) -> Cow<'static, str> {
        if kind == Kind::Object { Cow::Borrowed(self.object()) } else { Cow::Owned(kind.to_string()) }
    }
}

/// A simple value of JSON as an element of a property list.
fn element(value: &str) -> String {
    match value {
        "true" | "false" => format!("<{value}/>"),
        _ if value.starts_with('[') => "<array>…</array>".to_owned(),
        _ if value.starts_with('{') => "<dict>…</dict>".to_owned(),
        _ if value.parse::<i64>().is_ok() => format!("<integer>{value}</integer>"),
        _ if value.parse::<f64>().is_ok() => format!("<real>{value}</real>"),
        _ => format!("<string>{}</string>", value.trim_matches('"')),
    }
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
    fn a_key_has_one_snake_form() {
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

    #[test]
    fn members_are_written_as_the_document_writes_them() {
        let plist = Notation { is_plist: true, ..Notation::default() };
        for (key, value, expected) in [
            ("Priority", "\"Low\"", "<key>Priority</key><string>Low</string>"),
            ("force", "true", "<key>force</key><true/>"),
            ("A", "1", "<key>A</key><integer>1</integer>"),
            ("A", "[ … ]", "<key>A</key><array>…</array>"),
        ] {
            assert_eq!(plist.member(key, value), expected);
            assert_eq!(Notation::default().member(key, value), format!("\"{key}\": {value}"));
        }
        assert_eq!(
            (plist.unquoted("5"), Notation::default().unquoted("5")),
            ("<integer>5</integer>".into(), "5, without quotes".into())
        );
    }
}
