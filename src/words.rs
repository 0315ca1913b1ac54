//! Text helpers for messages: escaping, lists, plurals and the nearest name.

#[cfg(feature = "cli")]
mod markup;

#[cfg(feature = "cli")]
use std::borrow::Cow;
use std::fmt::Write;

#[cfg(feature = "cli")]
pub(crate) use markup::{markdown, markup, markup_lines};

/// What is printed instead of a secret.
pub(crate) const MASK: &str = "•••";

/// The maximum length of a document's value in a message, in characters.
const MAX_SHOWN: usize = 60;

/// Escapes control, bidirectional and zero-width characters of a document's text and [commands](is_command) of CI
/// runners, and truncates a long text.
pub(crate) fn shown(text: &str) -> String {
    if text.len() <= MAX_SHOWN && is_plain(text) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len().min(MAX_SHOWN));
    for (count, (at, character)) in text.char_indices().enumerate() {
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        push_visible(&mut shown, character, &text.as_bytes()[at..]);
    }
    shown
}

/// Escapes a text as [`shown`] does, without truncating it.
pub(crate) fn visible(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut visible = String::with_capacity(text.len());
    text.char_indices().for_each(|(at, character)| push_visible(&mut visible, character, &text.as_bytes()[at..]));
    visible
}

/// Escapes each line of a text as [`visible`] does.
#[cfg(feature = "cli")]
pub(crate) fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Escapes the strings of a JSON text as [`visible`] does, with escapes of JSON.
#[cfg(feature = "cli")]
pub(crate) fn visible_json(json: &str) -> String {
    let mut visible = String::with_capacity(json.len());
    for (at, character) in json.char_indices() {
        if character != '\n' && (is_unsafe(character) || is_command(&json.as_bytes()[at..])) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(visible, "\\u{unit:04x}");
            }
        } else {
            visible.push(character);
        }
    }
    visible
}

/// Escapes only [commands](is_command) of CI runners, also those that were made by joining escaped texts.
#[cfg(feature = "cli")]
pub(crate) fn without_commands(text: &str) -> Cow<'_, str> {
    if !has_command(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if is_command(&text.as_bytes()[at..]) {
            push_visible(&mut safe, character, &text.as_bytes()[at..]);
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Whether a text needs no escapes because it consists of printable ASCII only, without commands.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !has_command(text.as_bytes())
}

/// Whether a text begins with what the log of a CI runner may take as a command: `::name` in GitHub Actions, `##[name]`
/// and `##vso[` in Azure Pipelines, `##teamcity[` in TeamCity. Some runners look for them at the start of a line, others
/// anywhere.
pub(crate) fn is_command(text: &[u8]) -> bool {
    match text {
        [b':', b':', next, ..] => next.is_ascii_alphabetic(),
        [b'#', b'#', next, ..] => next.is_ascii_alphabetic() || *next == b'[',
        _ => false,
    }
}

/// Whether a text contains a [command](is_command).
pub(crate) fn has_command(text: &[u8]) -> bool {
    memchr::memchr2_iter(b':', b'#', text).any(|at| is_command(&text[at..]))
}

/// Appends a character, escaped if it is unsafe for a terminal or begins a [command](is_command). `rest` is the text from
/// this character on.
pub(crate) fn push_visible(into: &mut String, character: char, rest: &[u8]) {
    if is_unsafe(character) || is_command(rest) {
        // Writing to a string cannot fail.
        let _ = write!(into, "\\u{{{:x}}}", character as u32);
    } else {
        into.push(character);
    }
}

/// Whether a character could move the cursor, change colours, change the text direction, or is invisible.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
        )
}

/// Wraps words to a width. `first` indents the first line, `others` the rest. Does not break names and paths.
#[cfg(feature = "cli")]
pub(crate) fn wrap(words: &str, width: usize, first: &str, others: &str) -> Vec<String> {
    let options = wrapping(width).initial_indent(first).subsequent_indent(others).break_words(false);
    textwrap::wrap(words, options).into_iter().map(Cow::into_owned).collect()
}

/// Wraps a text to a width. Breaks only words longer than a line.
#[cfg(feature = "cli")]
pub(crate) fn folded(text: &str, width: usize) -> String {
    // `break_words` takes most of the time, so enable it only if needed.
    let has_long_words = text.split(' ').any(|word| word.len() > width);
    textwrap::fill(text, wrapping(width).break_words(has_long_words))
}

#[cfg(feature = "cli")]
fn wrapping(width: usize) -> textwrap::Options<'static> {
    // Dates, paths and identifiers contain hyphens, slashes and dots, and must not be split there.
    textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Joins names: `a`, `a and b`, `a, b and c`.
pub(crate) fn list<T: AsRef<str>>(names: &[T], conjunction: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [most @ .., last] => {
            let most: Vec<&str> = most.iter().map(AsRef::as_ref).collect();
            format!("{} {conjunction} {}", most.join(", "), last.as_ref())
        }
    }
}

/// Capitalises a text and ends it with a full stop.
pub(crate) fn sentence(text: &str) -> String {
    format!("{}{}", capital(text), if text.ends_with('.') { "" } else { "." })
}

/// Capitalises the first letter.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// Whether a name contains one of the words, ignoring ASCII case.
pub(crate) fn speaks_of(name: &str, words: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    words.iter().any(|word| name.contains(&word.to_ascii_lowercase()))
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Returns the name nearest to `word`, ignoring case, within an edit distance of a third of the name's length and at
/// most 4. The names must be ASCII.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // No name is that long, and the distance takes time proportional to the product of both lengths.
    if word.chars().count() > 100 {
        return None;
    }
    let lower = word.to_lowercase();
    let own = letters(&lower);
    let max = |name: &str| (name.len() / 3).min(4);
    names
        .into_iter()
        .filter(|name| name.len().abs_diff(word.len()) <= max(name) && differ_at_most(own, letters(name), max(name)))
        .map(|name| (distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= max(name) && !is_opposite(word, name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Words of which one means the opposite of the other, in lower case.
const OPPOSITES: [(&str, &str); 5] =
    [("minimum", "maximum"), ("allow", "deny"), ("enable", "disable"), ("include", "exclude"), ("before", "after")];

/// Whether a word names the opposite of a name, and so cannot be a misspelling of it.
pub(crate) fn is_opposite(word: &str, name: &str) -> bool {
    let (word, name) = (word.to_lowercase(), name.to_lowercase());
    let are = |one: &str, other: &str| word.contains(one) && name.contains(other) && !word.contains(other);
    OPPOSITES.into_iter().any(|(one, other)| are(one, other) || are(other, one))
}

/// The edit distance of two texts. Both may have a long beginning in common, which does not count.
fn distance(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let start = one.floor_char_boundary(same);
    strsim::damerau_levenshtein(&one[start..], &other[start..])
}

/// A bit for each letter of a text, ignoring ASCII case. Several letters may share a bit.
pub(crate) fn letters(text: &str) -> u64 {
    text.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter.to_ascii_lowercase()) % 64))
}

/// Whether texts with these letters can differ in so few places: each place adds and removes at most one letter.
/// Tells nearly all names apart, in a fraction of the time that the distance takes.
pub(crate) fn differ_at_most(one: u64, other: u64, places: usize) -> bool {
    (one & !other).count_ones().max((other & !one).count_ones()) as usize <= places
}

/// Whether a word is certainly a misspelling of `name`, among all `names`: it differs from this one name only in case, in
/// one letter, or in a plural. A digit or a sign is not a letter.
pub(crate) fn is_slip_of<'n>(word: &str, name: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    is_slip(word, name) && names.into_iter().filter(|other| is_slip(word, other)).count() == 1
}

fn is_slip(word: &str, name: &str) -> bool {
    if word.len().abs_diff(name.len()) > 2 {
        return false;
    }
    let (word, name) = (word.to_lowercase(), name.to_lowercase());
    let signs = |text: &str| text.chars().filter(|c| !c.is_alphabetic()).collect::<String>();
    let is_plural = |one: &str, other: &str| other.strip_prefix(one) == Some("es");
    signs(&word) == signs(&name) && strsim::levenshtein(&word, &name) <= 1 || is_plural(&word, &name) || is_plural(&name, &word)
}

/// Whether two names differ, ignoring ASCII case, in at most one byte that is added, dropped or replaced, or in two that
/// are exchanged.
pub(crate) fn is_one_edit_apart(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let is_same = |(one, other): &(&u8, &u8)| one.eq_ignore_ascii_case(other);
    let start = one.iter().zip(other).take_while(is_same).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(is_same).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a.eq_ignore_ascii_case(d) && b.eq_ignore_ascii_case(c),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_terminal_control_characters_and_truncates() {
        assert_eq!(shown("a\u{1b}[31m\u{9b}b\u{202e}\n"), "a\\u{1b}[31m\\u{9b}b\\u{202e}\\u{a}");
        assert_eq!(shown(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }

    #[test]
    fn escapes_what_a_ci_runner_may_take_as_a_command() {
        assert_eq!(shown("::error::x ##[group]"), "\\u{3a}:error\\u{3a}:x \\u{23}#[group]");
        assert_eq!(visible(":::debug::###vso[x] ##teamcity[y]"), ":\\u{3a}:debug::#\\u{23}#vso[x] \\u{23}#teamcity[y]");
        assert_eq!(visible(&visible("::error::x")), visible("::error::x"));
        let plain = "2001:db8::1, a::, # Heading, ## Heading, #[x], @status(a)";
        assert_eq!(visible(plain), plain);
    }

    #[test]
    fn a_slip_is_one_letter_the_case_or_a_plural_of_one_name() {
        let names = ["Allowed", "AlwaysOn", "AlwaysOff", "Enable", "Match", "Key1"];
        for (word, name, is_slip) in [
            ("alwayson", "AlwaysOn", true),
            ("AllwaysOff", "AlwaysOff", true),
            ("AlwaysOf", "AlwaysOff", false),
            ("Enabled", "Enable", true),
            ("Enable1", "Enable", false),
            ("Ena-ble", "Enable", false),
            ("Enalbe", "Enable", false),
            ("matches", "Match", true),
            ("Key", "Key1", false),
            ("Key2", "Key1", false),
        ] {
            assert_eq!(is_slip_of(word, name, names), is_slip, "{word}");
        }
    }

    #[test]
    fn one_edit_is_one_byte_or_two_exchanged() {
        for near in ["com.example.a", "COM.example.A", "com.exmple.a", "com.examplle.a", "com.exampel.a", "com.example.b"] {
            assert!(is_one_edit_apart(near, "com.example.a") && is_one_edit_apart("com.example.a", near), "{near}");
        }
        for far in ["", "com.example", "com.exapmel.a", "com.example.abc", "org.example.a"] {
            assert!(!is_one_edit_apart(far, "com.example.a") && !is_one_edit_apart("com.example.a", far), "{far}");
        }
    }

    #[test]
    fn the_opposite_is_not_a_misspelling() {
        assert_eq!(nearest("MaximumLength", ["MinimumLength"]), None);
        assert_eq!(nearest("MinimumLenght", ["MinimumLength", "MaximumLength"]), Some("MinimumLength"));
        assert!(is_opposite("DisableX", "EnableX") && !is_opposite("EnableX", "EnabledX"));
    }

    #[test]
    fn nearest_ignores_case_and_a_few_wrong_letters() {
        let names = ["Allowed", "AlwaysOn", "AlwaysOff"];
        assert_eq!(nearest("alwayson", names), Some("AlwaysOn"));
        assert_eq!(nearest("AllwaysOff", names), Some("AlwaysOff"));
        assert_eq!(nearest("Never", names), None);
        assert_eq!(nearest(&"A".repeat(1_000_000), names), None);
    }
}
