//! The part of a large text that a report must look at to show a finding in it.

use super::Source;
use crate::diagnostic::Place;
use crate::document::Position;

/// How many bytes are looked at for one finding alone. Of more, all findings of a text share one look.
const MOST_BYTES: usize = 1 << 14;

impl Source<'_> {
    /// Of lines of which each is a declaration, those that some places stand in: the lines around them are other declarations, and tell
    /// nothing about these. `None` if they are many, or if somebody wrote a declaration over several lines: what in it is a secret, only
    /// the whole text tells.
    pub(super) fn lines_of(self, places: &[&Place]) -> Option<Self> {
        let offset = |position: Position| position.offset.saturating_sub(self.origin.offset).min(self.bytes.len());
        let first = places.iter().map(|place| place.start).min_by_key(|start| start.offset)?;
        let last = places.iter().map(|place| offset(place.end)).max()?;
        let start = self.line_start(offset(first));
        let end = self.line_end(last);
        if end - start > MOST_BYTES || !self.begins_declaration(start) {
            return None;
        }
        let origin = Position { line: first.line, column: 1, offset: self.origin.offset + start };
        Some(Self { bytes: &self.bytes[start..end], origin: if start == 0 { self.origin } else { origin } })
    }

    fn line_start(&self, at: usize) -> usize {
        memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |feed| feed + 1)
    }

    /// Where the line ends that the byte `at` stands in, its line feed included.
    fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length + 1)
    }

    /// Whether the line that begins here begins a declaration for sure.
    fn begins_declaration(&self, start: usize) -> bool {
        start == 0 || (self.bytes[start..].starts_with(b"{") && self.bytes[..start].trim_ascii_end().ends_with(b"}"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// The line that is looked at for what stands at `needle`, and its number.
    fn line_of(text: &str, needle: &str) -> Option<(String, usize)> {
        let start = text.find(needle).expect("the needle is there");
        let line = 1 + text[..start].matches('\n').count();
        let at = |offset| Position { line, column: 1, offset };
        let place = Place { file: Arc::from("x.ndjson"), index: 0, pointer: String::new(), start: at(start), end: at(start + 1) };
        let source = Source { bytes: text.as_bytes(), origin: Position::START }.lines_of(&[&place])?;
        let shown = String::from_utf8_lossy(source.bytes).into_owned();
        assert_eq!(text.get(source.origin.offset..source.origin.offset + shown.len()), Some(&*shown));
        Some((shown, source.origin.line))
    }

    #[test]
    fn of_lines_one_is_enough() {
        let text = "{\"a\": 1}\n{\"b\": 2}\n{\"c\": 3}";
        let line = |line: &str, number| Some((line.to_owned(), number));
        assert_eq!(line_of(text, "a"), line("{\"a\": 1}\n", 1));
        assert_eq!(line_of(text, "b"), line("{\"b\": 2}\n", 2));
        assert_eq!(line_of(text, "c"), line("{\"c\": 3}", 3));
    }

    #[test]
    fn of_a_declaration_over_several_lines_all_is_looked_at() {
        assert_eq!(line_of("{\"a\": 1}\n{\n\"Programs\": [\n{\n\"Token\":\n\"S3CRET\"\n}]}\n{\"b\": 2}\n", "S3CRET"), None);
        assert_eq!(line_of(&format!("{{}}\n{{}}\n{{}}\n{{{}}}", " ".repeat(MOST_BYTES)), " "), None);
    }
}
