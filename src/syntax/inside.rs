//! Places inside a string: from the decoded text to the source.

use std::ops::Range;

use super::grammar::Syntax;
use super::lexer;
use super::node::Node;

impl Node<'_> {
    /// The range in `source`, the bytes of the document, of a range of the decoded string. The whole value if the source
    /// does not tell, as in a binary property list.
    pub(crate) fn inside(self, source: &[u8], range: &Range<usize>) -> Range<usize> {
        let span = self.span();
        let (Some(text), Some(written)) = (self.as_str(), source.get(span.clone())) else { return span };
        let ends = match written.first() {
            Some(b'"') if self.syntax() != Syntax::PropertyList => ends(&text, &written[1..], range, json),
            Some(b'\'') if self.syntax() == Syntax::Yaml => ends(&text, &written[1..], range, single),
            Some(_) if self.syntax() == Syntax::Yaml => {
                return ends(&text, written, range, |_| None)
                    .map_or(span.clone(), |(start, end)| span.start + start..span.start + end);
            }
            Some(b'<') if self.syntax() == Syntax::PropertyList => {
                let Some(tag) = memchr::memchr(b'>', written) else { return span };
                ends(&text, &written[tag + 1..], range, xml).map(|(start, end)| (start + tag, end + tag))
            }
            _ => None,
        };
        // One byte is before the text: the quotation mark, or the end of the tag.
        ends.map_or(span.clone(), |(start, end)| span.start + 1 + start..span.start + 1 + end)
    }
}

/// The offsets in `written` of the ends of a range of `text`. `None` if the two do not correspond.
fn ends(
    text: &str,
    written: &[u8],
    range: &Range<usize>,
    unescape: fn(&[u8]) -> Option<(char, usize)>,
) -> Option<(usize, usize)> {
    let (mut at, mut start) = (0, None);
    for (offset, character) in
        text.char_indices().map(|(offset, character)| (offset, Some(character))).chain([(text.len(), None)])
    {
        if start.is_none() && offset >= range.start {
            start = Some(at);
        }
        if offset >= range.end {
            return Some((start?, at));
        }
        let character = character?;
        let (read, length) = unescape(&written[at..]).or_else(|| {
            let bytes = character.len_utf8();
            (written.get(at..at + bytes)? == character.encode_utf8(&mut [0; 4]).as_bytes()).then_some((character, bytes))
        })?;
        if read != character {
            return None;
        }
        at += length;
    }
    None
}

/// The character of the escape at the start of a JSON text, and its length.
fn json(bytes: &[u8]) -> Option<(char, usize)> {
    if bytes.first() != Some(&b'\\') {
        return None;
    }
    let length = lexer::escape(bytes)?;
    let text: String = serde_json::from_str(&format!("\"{}\"", str::from_utf8(&bytes[..length]).ok()?)).ok()?;
    Some((text.chars().next()?, length))
}

/// The quotation mark at the start of a text of YAML in single quotes, where it is written twice.
fn single(bytes: &[u8]) -> Option<(char, usize)> {
    bytes.starts_with(b"''").then_some(('\'', 2))
}

/// The character of the reference at the start of an XML text, and its length.
fn xml(bytes: &[u8]) -> Option<(char, usize)> {
    if bytes.first() != Some(&b'&') {
        return None;
    }
    let length = memchr::memchr(b';', &bytes[..bytes.len().min(12)])?;
    let name = str::from_utf8(&bytes[1..length]).ok()?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = number.strip_prefix('x').map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            char::from_u32(code?)?
        }
    };
    Some((character, length + 1))
}

#[cfg(test)]
mod tests {
    use crate::syntax;

    /// The source of a part of the string `Predicate`.
    fn source<'s>(document: &'s str, part: &str) -> &'s str {
        let mut buffers = syntax::Buffers::default();
        let parsed = syntax::parse(document.as_bytes(), &mut buffers);
        let root = parsed.document.as_ref().expect("a document").root();
        let node = root.member("Predicate").expect("a member");
        let text = node.as_str().expect("a string");
        let start = text.find(part).expect("a part of the text");
        &document[node.inside(document.as_bytes(), &(start..start + part.len()))]
    }

    #[test]
    fn finds_parts_of_strings_behind_escapes() {
        let json = r#"{ "Predicate": "\u0022a\u0022 == \"b\" \ud83d\ude00\/\\\n AND ä c" }"#;
        for (part, expected) in [
            ("a", "a"),
            ("\"a\"", r"\u0022a\u0022"),
            ("==", "=="),
            ("b", "b"),
            ("\u{1f600}", r"\ud83d\ude00"),
            ("AND", "AND"),
            ("ä", "ä"),
            ("c", "c"),
        ] {
            assert_eq!(source(json, part), expected);
        }
        assert_eq!(source(r#"{ "Predicate": "a == b" }"#, "=="), "==");
        let plist = |text: &str| {
            format!(
                "<?xml version=\"1.0\"?><plist version=\"1.0\"><dict><key>Predicate</key><string>{text}</string></dict></plist>"
            )
        };
        let text = plist("a &gt;= &apos;b&apos; &#38;&#x26; c");
        for (part, expected) in [("a", "a"), (">=", "&gt;="), ("'b'", "&apos;b&apos;"), ("&&", "&#38;&#x26;"), ("c", "c")] {
            assert_eq!(source(&text, part), expected);
        }
        let text = plist("a <![CDATA[== b]]>");
        assert_eq!(source(&text, "=="), "<string>a <![CDATA[== b]]></string>", "a section has no exact place");
    }
}
