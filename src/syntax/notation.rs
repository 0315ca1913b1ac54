//! How a document writes keys and values, for messages.

use std::borrow::Cow;

use super::grammar::Syntax;
use super::kind::Kind;

/// How a document writes keys and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Notation {
    /// Whether keys are in snake case (`product_version`), as the consoles of some servers require.
    pub(crate) is_snake: bool,
    /// The syntax of the document.
    pub(crate) syntax: Syntax,
}

impl Notation {
    /// Converts a key from Apple's spelling.
    pub(crate) fn key(self, key: &str) -> Cow<'_, str> {
        if self.is_snake { Cow::Owned(snake(key)) } else { Cow::Borrowed(key) }
    }

    /// Converts a key, possibly misspelled, to Apple's spelling.
    pub(crate) fn like_apple(self, written: &str) -> Cow<'_, str> {
        if self.is_snake { Cow::Owned(written.split('_').map(capital).collect()) } else { Cow::Borrowed(written) }
    }

    /// Formats a key and a value in JSON: `"Priority": "Low"`, `<key>Priority</key><string>Low</string>`, `Priority: "Low"`.
    pub(crate) fn member(self, key: &str, value: &str) -> String {
        let key = self.key(key);
        match self.syntax {
            Syntax::Json => format!("\"{key}\": {value}"),
            Syntax::PropertyList => format!("<key>{key}</key>{}", element(value)),
            Syntax::Yaml => format!("{key}: {value}"),
        }
    }

    /// Formats a number or boolean for a help text after "write", for a value that is quoted or in a wrong element.
    pub(crate) fn unquoted(self, value: &str) -> String {
        if self.is_plist() { element(value) } else { format!("{value}, without quotes") }
    }

    /// Formats a string for a help text after "write".
    pub(crate) fn quoted(self, value: &str) -> String {
        if self.is_plist() { format!("<string>{value}</string>") } else { format!("\"{value}\"") }
    }

    /// Whether the document is a property list.
    pub(crate) fn is_plist(self) -> bool {
        self.syntax == Syntax::PropertyList
    }

    /// `an object`, `a dictionary` or `a mapping`.
    pub(crate) fn object(self) -> &'static str {
        match self.syntax {
            Syntax::Json => "an object",
            Syntax::PropertyList => "a dictionary",
            Syntax::Yaml => "a mapping",
        }
    }

    /// `object`, `dictionary` or `mapping`.
    pub(crate) fn bare_object(self) -> &'static str {
        self.object().trim_start_matches("an ").trim_start_matches("a ")
    }

    /// `objects`, `dictionaries` or `mappings`.
    pub(crate) fn objects(self) -> &'static str {
        match self.syntax {
            Syntax::Json => "objects",
            Syntax::PropertyList => "dictionaries",
            Syntax::Yaml => "mappings",
        }
    }

    /// The name of a kind of value, with an article.
    pub(crate) fn kind(self, kind: Kind) -> Cow<'static, str> {
        if kind == Kind::Object { Cow::Borrowed(self.object()) } else { Cow::Owned(kind.to_string()) }
    }
}

/// Converts a JSON value to an element of a property list. Arrays and objects are abbreviated.
pub(crate) fn element(value: &str) -> String {
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

/// Converts `CommandUUID` to `command_uuid`: a word begins at each capital next to a lowercase letter.
fn snake(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let mut snake = String::with_capacity(key.len() + 4);
    for (at, letter) in letters.iter().enumerate() {
        let follows_lowercase = at > 0 && letters[at - 1].is_lowercase();
        let precedes_lowercase = at > 0 && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (follows_lowercase || precedes_lowercase) {
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
    fn converts_keys_to_snake_case() {
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
    fn formats_members_in_each_syntax() {
        let plist = Notation { syntax: Syntax::PropertyList, ..Notation::default() };
        let yaml = Notation { syntax: Syntax::Yaml, ..Notation::default() };
        assert_eq!(yaml.member("Priority", "\"Low\""), "Priority: \"Low\"");
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
