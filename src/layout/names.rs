//! Names of files for identifiers.

use std::collections::HashSet;

/// The extension of a file with one declaration.
const EXTENSION: &str = ".json";

/// The maximum length of the name of a file, in bytes.
const MAX_BYTES: usize = 255;

/// Names that begin like this are those of temporary files and of the record.
const OURS: &str = ".ddmc";

/// Why an identifier cannot be the path of a file below a folder. `None` if it can.
pub(super) fn flaw(identifier: &str) -> Option<&'static str> {
    if identifier.contains(char::is_control) {
        return Some("has a control character");
    }
    if identifier.starts_with('/') {
        return Some("begins with /");
    }
    identifier.split('/').find_map(|part| match part {
        "" => Some("has nothing before or after a /"),
        "." => Some("has the part ."),
        ".." => Some("has the part .."),
        _ if part.len() > MAX_BYTES => Some("has a part of more than 255 bytes"),
        _ if part.starts_with(OURS) => Some("has a part that begins with .ddmc, as the files of ddmc itself do"),
        _ if cfg!(windows) && !is_possible_on_windows(part) => Some("has a part that is not the name of a file on Windows"),
        _ => None,
    })
}

fn is_possible_on_windows(part: &str) -> bool {
    !part.contains(['<', '>', ':', '"', '\\', '|', '?', '*']) && !part.ends_with(['.', ' ']) && !is_device(part)
}

/// Whether Windows takes a name, with any extension, for that of a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()))
}

/// A name without differences in case, which many file systems ignore.
pub(super) fn folded(name: &str) -> String {
    name.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// A file name for an identifier: valid on every file system, and unique even if case is ignored.
pub(crate) fn plain(identifier: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = identifier.chars().map(|c| if is_plain_character(c) { c } else { '_' }).collect();
    let plain = plain.trim_end_matches('.');
    let prefix = if plain.is_empty() || plain.starts_with('.') || is_device(plain) { "_" } else { "" };
    let mut name = format!("{prefix}{plain}{EXTENSION}");
    let mut number = 1;
    while !taken.insert(name.to_ascii_lowercase()) {
        number += 1;
        name = format!("{prefix}{plain}-{number}{EXTENSION}");
    }
    name
}

/// Whether [`plain`] may return this name.
pub(super) fn is_plain(name: &str) -> bool {
    name.strip_suffix(EXTENSION).is_some_and(is_plain_stem)
}

/// Whether this may be a part of the name of a file: it has only letters, digits and `-_.`, and is not hidden.
pub(super) fn is_plain_stem(stem: &str) -> bool {
    !stem.is_empty() && !stem.starts_with('.') && stem.chars().all(is_plain_character)
}

fn is_plain_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_on_every_file_system() {
        let mut taken = HashSet::new();
        let names: Vec<String> =
            ["com.example.a", "COM.example.A", "../etc", "a/b:c", "", "nul", "com1.x", ".hidden", "ä", "dots.."]
                .into_iter()
                .map(|identifier| plain(identifier, &mut taken))
                .collect();
        let expected = [
            "com.example.a.json",
            "COM.example.A-2.json",
            "_.._etc.json",
            "a_b_c.json",
            "_.json",
            "_nul.json",
            "_com1.x.json",
            "_.hidden.json",
            "_-2.json",
            "dots.json",
        ];
        assert_eq!(names, expected);
        assert!(names.iter().all(|name| is_plain(name)));
    }

    #[test]
    fn an_identifier_is_a_path_below_its_folder() {
        for right in ["com.example.a", "a/b", "...", "a b", "%2e%2e", "%2F", "ä", ".hidden", "-", "a?b#c", "\u{202e}"] {
            assert_eq!(flaw(right), None, "{right}");
        }
        let long = "x".repeat(256);
        for (wrong, reason) in [
            ("/a", "begins with /"),
            ("/", "begins with /"),
            ("", "has nothing before or after a /"),
            ("a/", "has nothing before or after a /"),
            ("a//b", "has nothing before or after a /"),
            (".", "has the part ."),
            ("a/./b", "has the part ."),
            ("..", "has the part .."),
            ("a/../b", "has the part .."),
            ("a\nb", "has a control character"),
            ("a\u{85}", "has a control character"),
            (&long, "has a part of more than 255 bytes"),
            (".ddmc", "has a part that begins with .ddmc, as the files of ddmc itself do"),
            ("a/.ddmc-abcDEF123456.tmp", "has a part that begins with .ddmc, as the files of ddmc itself do"),
        ] {
            assert_eq!(flaw(wrong), Some(reason), "{wrong}");
        }
    }

    #[test]
    fn folding_ignores_case_in_every_script() {
        assert_eq!(folded("ÄΣß.X"), folded("äςSS.x"));
        assert_ne!(folded("a"), folded("b"));
    }
}
