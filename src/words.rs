//! The words that findings share: values shown safely, lists, and the nearest name.

#[cfg(feature = "cli")]
use std::borrow::Cow;
use std::fmt::Write;

/// The most characters of a value from a document that a message shows.
const LONGEST_SHOWN: usize = 60;

/// A text from a document as a person may see it: control characters and characters that turn the direction of the text or have no
/// width are escaped, and a long text is cut.
pub(crate) fn shown(text: &str) -> String {
    if text.len() <= LONGEST_SHOWN && is_plain(text) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len().min(LONGEST_SHOWN));
    for (count, character) in text.chars().enumerate() {
        if count == LONGEST_SHOWN {
            shown.push('…');
            break;
        }
        push_visible(&mut shown, character);
    }
    shown
}

/// The whole of a text, with the same escapes as [`shown`].
pub(crate) fn visible(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut visible = String::with_capacity(text.len());
    text.chars().for_each(|character| push_visible(&mut visible, character));
    visible
}

/// Whether a text can be shown as it is, as nearly all can.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Appends a character, escaped if it must not reach a terminal as it is.
pub(crate) fn push_visible(into: &mut String, character: char) {
    if is_unsafe(character) {
        // Writing to a string cannot fail.
        let _ = write!(into, "\\u{{{:x}}}", character as u32);
    } else {
        into.push(character);
    }
}

/// Whether a character could move the cursor, change colours, turn the direction of the text or hide in it.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
        )
}

/// Words in lines of a width, the first after `first`, the others after `others`. Names and paths stay whole.
#[cfg(feature = "cli")]
pub(crate) fn wrap(words: &str, width: usize, first: &str, others: &str) -> Vec<String> {
    let options = wrapping(width).initial_indent(first).subsequent_indent(others).break_words(false);
    textwrap::wrap(words, options).into_iter().map(Cow::into_owned).collect()
}

/// A text with line feeds, so that it has this width; only what is longer than a line is broken.
#[cfg(feature = "cli")]
pub(crate) fn folded(text: &str, width: usize) -> String {
    // To look for words that are too long takes most of the time.
    let has_long_words = text.split(' ').any(|word| word.len() > width);
    textwrap::fill(text, wrapping(width).break_words(has_long_words))
}

#[cfg(feature = "cli")]
fn wrapping(width: usize) -> textwrap::Options<'static> {
    // Dates, paths and identifiers have hyphens, slashes and dots, and stay whole.
    textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Joins names as a sentence does: `a`, `a and b`, `a, b and c`.
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

/// Words as a sentence: with a capital, and a full stop unless they end in one.
pub(crate) fn sentence(text: &str) -> String {
    format!("{}{}", capital(text), if text.ends_with('.') { "" } else { "." })
}

/// Words that begin with a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

/// Whether a name has one of these words in it, whatever its case.
pub(crate) fn speaks_of(name: &str, words: &[&str]) -> bool {
    let name = name.to_ascii_lowercase();
    words.iter().any(|word| name.contains(&word.to_ascii_lowercase()))
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The name that `word` was probably meant to be: equal but for case, or at most about a third of its letters away. The names are
/// Apple's, in ASCII.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // Longer than every name of the field. The distance takes time with the product of both lengths.
    if word.chars().count() > 100 {
        return None;
    }
    let lower = word.to_lowercase();
    let most = |name: &str| (name.len() / 3).min(4);
    names
        .into_iter()
        .filter(|name| name.len().abs_diff(word.len()) <= most(name))
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= most(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_shown_raw() {
        assert_eq!(shown("a\u{1b}[31m\u{9b}b\u{202e}\n"), "a\\u{1b}[31m\\u{9b}b\\u{202e}\\u{a}");
        assert_eq!(shown(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }

    #[test]
    fn the_nearest_name_forgives_case_and_a_few_letters() {
        let names = ["Allowed", "AlwaysOn", "AlwaysOff"];
        assert_eq!(nearest("alwayson", names), Some("AlwaysOn"));
        assert_eq!(nearest("AllwaysOff", names), Some("AlwaysOff"));
        assert_eq!(nearest("Never", names), None);
        assert_eq!(nearest(&"A".repeat(1_000_000), names), None);
    }
}
