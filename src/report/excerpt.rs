//! The lines around a finding, made safe for a terminal: cut to its width, escaped, and without secrets.

use std::ops::Range;
use std::path::Path;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Source;
use super::redact::{Redaction, covers};
use crate::diagnostic::Place;
use crate::diagnostic::Position;
use crate::syntax::has_lines;
use crate::words::{MASK, is_command, push_visible};

/// The most columns to show of a line before its place, as a part of the width.
const LEAD: (usize, usize) = (6, 17);

/// The columns of a tab.
const TAB: &str = "    ";

/// How far to look for the ends of a line in either direction, in bytes. More than is shown.
const REACH: usize = 1 << 12;

/// Labels at most this many lines apart share a block.
const NEAR: usize = 3;

/// Blocks of lines with labels, as a source for miette.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    blocks: Vec<Block>,
    labels: Vec<Label>,
    /// Whether each line is a document. Then its neighbours are other documents, and only line feeds end it.
    has_lines: bool,
    /// The most columns to show of a line, without the signs where it is cut.
    width: usize,
}

#[derive(Debug)]
struct Block {
    span: Range<usize>,
    first_line: usize,
}

/// A line of an excerpt.
pub(super) struct Numbered<'e> {
    pub(super) number: usize,
    pub(super) text: &'e str,
    pub(super) marks: Vec<Mark>,
}

/// A place in a line of an excerpt.
pub(super) struct Mark {
    /// The span in the line.
    pub(super) span: Range<usize>,
    /// Whether it is the place of the finding, not a related one.
    pub(super) is_own: bool,
}

/// A place shown in the excerpt.
#[derive(Debug)]
pub(super) struct Label {
    /// The index of the place.
    pub(super) place: usize,
    /// The span in the text of the excerpt.
    pub(super) span: SourceSpan,
    pub(super) start: Position,
}

impl Excerpt {
    /// Makes an excerpt that shows the places, the most important one first, in lines of at most `width` columns.
    pub(super) fn new(name: String, source: Source<'_>, redaction: &Redaction, places: &[&Place], width: usize) -> Self {
        let has_lines = places.first().is_some_and(|place| has_lines(Path::new(&*place.file)));
        let mut excerpt = Self { name, text: String::new(), blocks: Vec::new(), labels: Vec::new(), has_lines, width };
        let mut numbered: Vec<(usize, &Place)> = places.iter().copied().enumerate().collect();
        numbered.sort_by_key(|(_, place)| place.start.offset);
        let is_near = |(_, one): &(usize, &Place), (_, other): &(usize, &Place)| {
            // Lines between two documents may be other documents.
            let most = if one.document == other.document { NEAR } else { 1 };
            other.start.line - one.start.line <= most
        };
        for block in numbered.chunk_by(is_near) {
            excerpt.block(source, redaction, block);
        }
        excerpt
    }

    /// The visible labels. A long line is cut around its most important place.
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The lines of each block.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Vec<Numbered<'_>>> {
        self.blocks.iter().map(|block| {
            let mut start = block.span.start;
            let lines = self.text[block.span.clone()].split('\n').enumerate().map(|(at, text)| {
                let span = start..start + text.len();
                start = span.end + 1;
                Numbered { number: block.first_line + at, text, marks: self.marks(&span) }
            });
            lines.collect()
        })
    }

    /// The places in a line, in ascending order. The most important of those that overlap stays.
    fn marks(&self, line: &Range<usize>) -> Vec<Mark> {
        let is_in = |label: &&Label| (line.start..=line.end).contains(&label.span.offset());
        let mut labels: Vec<&Label> = self.labels.iter().filter(is_in).collect();
        labels.sort_by_key(|label| label.place);
        let mut marks: Vec<Mark> = Vec::new();
        for label in labels {
            let start = label.span.offset() - line.start;
            let span = start..(start + label.span.len()).min(line.len());
            if marks.iter().all(|other| span.end <= other.span.start || other.span.end <= span.start) {
                marks.push(Mark { span, is_own: label.place == 0 });
            }
        }
        marks.sort_by_key(|mark| mark.span.start);
        marks
    }

    /// Returns the column of the middle of a label, where miette attaches its text.
    pub(super) fn column(&self, label: &Label) -> usize {
        let (start, end) = (label.span.offset(), label.span.offset() + label.span.len());
        let line = self.text[..start].rfind('\n').map_or(0, |feed| feed + 1);
        columns(&self.text[line..start]) + self.text.get(start..end).map_or(0, columns) / 2
    }

    /// Adds the lines around places that are close together.
    fn block(&mut self, source: Source<'_>, redaction: &Redaction, places: &[(usize, &Place)]) {
        let (Some((_, first)), Some((_, last))) = (places.first(), places.last()) else { return };
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let start = self.text.len();
        // A long line is cut around its most important place.
        let first_line = places.iter().filter(|(_, place)| place.start.line == first.start.line);
        let anchor = first_line.min_by_key(|(at, _)| *at).map_or(first, |(_, place)| place);
        let text = Lines { bytes: source.bytes, end_at_feeds: self.has_lines };
        let mut line = text.at(offset(source, anchor.start));
        let mut number = first.start.line;
        let has_neighbours = !self.has_lines;
        let is_neighbour = |line: &Range<usize>| has_neighbours && covers(source, line, places.iter().map(|(_, place)| *place));
        if let Some(before) = text.before(&line).filter(is_neighbour).filter(|_| number > 1) {
            line = before;
            number -= 1;
        }
        let first_line = number;
        loop {
            let hidden = redaction.of_line(source, &line, places.iter().map(|(_, place)| *place));
            self.line(source, &hidden, &line, places.iter().filter(|(_, place)| place.start.line == number));
            let is_wanted = |line: &Range<usize>| number < last.start.line || number == last.start.line && is_neighbour(line);
            let Some(after) = text.after(&line).filter(is_wanted) else { break };
            line = after;
            number += 1;
            self.text.push('\n');
        }
        // miette does not count an empty last line.
        if self.text.ends_with('\n') || self.text.len() == start {
            self.text.push(' ');
        }
        self.blocks.push(Block { span: start..self.text.len(), first_line });
    }

    /// Adds one line, cut around its most important place.
    fn line<'p>(
        &mut self,
        source: Source<'_>,
        hidden: &[Range<usize>],
        line: &Range<usize>,
        places: impl Iterator<Item = &'p (usize, &'p Place)>,
    ) {
        let places: Vec<&(usize, &Place)> = places.collect();
        let focus = places.iter().min_by_key(|(at, _)| *at);
        let focus = focus.map(|(_, place)| offset(source, place.start).clamp(line.start, line.end));
        let shown = Line::new(source.bytes, line, focus, hidden, self.width);
        let base = self.text.len();
        self.text.push_str(&shown.text);
        for (at, place) in places {
            if let Some(span) = label_span(source, place, line).and_then(|span| shown.span(&span)) {
                let span = SourceSpan::from(base + span.start..base + span.end);
                self.labels.push(Label { place: *at, span, start: place.start });
            }
        }
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let block = self
            .blocks
            .iter()
            .find(|block| block.span.start <= span.offset() && end <= block.span.end)
            .ok_or(MietteError::OutOfBounds)?;
        let data = &self.text.as_bytes()[block.span.clone()];
        let lines = memchr::memchr_iter(b'\n', data).count() + 1;
        // Without context, miette wants the position of the label, for the heading; else the lines to show.
        let label = (before + after == 0).then(|| self.labels.iter().find(|label| label.span == *span)).flatten();
        let (line, column) = label.map_or((block.first_line - 1, 0), |label| (label.start.line - 1, label.start.column - 1));
        let span = SourceSpan::from(block.span.clone());
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, span, line, column, lines)))
    }
}

/// Returns the byte offset of a position in the text, at most its end: the file may have changed since it was checked.
fn offset(source: Source<'_>, position: Position) -> usize {
    position.offset.saturating_sub(source.origin.offset).min(source.bytes.len())
}

/// The lines of a text.
#[derive(Clone, Copy)]
struct Lines<'t> {
    bytes: &'t [u8],
    /// Whether only line feeds end lines. Otherwise lone carriage returns do as well.
    end_at_feeds: bool,
}

impl Lines<'_> {
    /// Returns the line that contains byte `at`, without its line break. Looks at most [`REACH`] bytes in either
    /// direction, so that a file with one huge line and many findings is not scanned for each of them.
    fn at(self, at: usize) -> Range<usize> {
        let Self { bytes, end_at_feeds } = self;
        // A carriage return and a line feed are one line break.
        let at = if bytes.get(at) == Some(&b'\n') && bytes[..at].ends_with(b"\r") { at - 1 } else { at };
        let from = at.saturating_sub(REACH);
        let before = &bytes[from..at];
        let end = if end_at_feeds { memchr::memrchr(b'\n', before) } else { memchr::memrchr2(b'\n', b'\r', before) };
        end.map_or(from, |feed| from + feed + 1)..self.end(at)
    }

    /// Returns the offset of the next line break, or of the end of the [`REACH`].
    fn end(self, at: usize) -> usize {
        let Self { bytes, end_at_feeds } = self;
        let to = bytes.len().min(at + REACH);
        let after = &bytes[at..to];
        if !end_at_feeds {
            return memchr::memchr2(b'\n', b'\r', after).map_or(to, |length| at + length);
        }
        let end = memchr::memchr(b'\n', after).map_or(to, |length| at + length);
        // The text may begin or end between a carriage return and its line feed.
        if end > at && bytes.get(end).is_none_or(|byte| *byte == b'\n') && bytes[end - 1] == b'\r' { end - 1 } else { end }
    }

    fn before(self, line: &Range<usize>) -> Option<Range<usize>> {
        let is_break = |byte: u8| byte == b'\n' || byte == b'\r' && !self.end_at_feeds;
        let feed = line.start.checked_sub(1).filter(|feed| is_break(self.bytes[*feed]))?;
        Some(self.at(feed))
    }

    fn after(self, line: &Range<usize>) -> Option<Range<usize>> {
        let next = match self.bytes.get(line.end..)? {
            [b'\r', b'\n', ..] => line.end + 2,
            [b'\n' | b'\r', ..] => line.end + 1,
            _ => return None,
        };
        (next < self.bytes.len()).then(|| next..self.end(next))
    }
}

/// Returns the span to underline: the bracket or tag of an object or array, else the part of the place in this line.
/// `None` if the place starts outside the line.
fn label_span(source: Source<'_>, place: &Place, line: &Range<usize>) -> Option<Range<usize>> {
    let start = offset(source, place.start);
    if start < line.start || start > line.end {
        return None;
    }
    let end = match &source.bytes[start..line.end.max(start)] {
        [b'{' | b'[', ..] => start + 1,
        rest if ["<dict", "<array", "<plist"].iter().any(|tag| rest.starts_with(tag.as_bytes())) => {
            memchr::memchr(b'>', rest).map_or(line.end, |length| start + length + 1)
        }
        _ => offset(source, place.end).clamp(start, line.end),
    };
    Some(start..end)
}

/// A line as it is printed.
struct Line {
    text: String,
    /// Maps byte ranges of the file to the printed line, in ascending order.
    runs: Vec<Run>,
}

/// A range of bytes that is contiguous in the file and in the printed line.
struct Run {
    /// The offset in the file.
    from: usize,
    /// The offset in the printed line.
    at: usize,
    length: usize,
}

impl Line {
    /// Cuts the line to a window of `most` columns around `focus`, or at its beginning.
    fn new(bytes: &[u8], line: &Range<usize>, focus: Option<usize>, hidden: &[Range<usize>], most: usize) -> Self {
        let start = focus.map_or(line.start, |focus| window_start(bytes, line, focus, hidden, most));
        let mut shown = Self { text: String::with_capacity(line.len().min(most) + 8), runs: Vec::new() };
        if start > line.start {
            shown.text.push('…');
        }
        let mut width = 0;
        let mut at = start;
        let mut piece = String::new();
        let mut hidden = &hidden[hidden.partition_point(|part| part.end <= at)..];
        while at < line.end {
            let next = hidden.first().map_or(line.end, |part| part.start).min(line.end);
            if let Some(plain) = plain(&bytes[at..line.end], next.saturating_sub(at).min(most - width)) {
                shown.run(at, plain.len());
                shown.text.push_str(plain);
                width += plain.len();
                at += plain.len();
                continue;
            }
            piece.clear();
            let end = match hidden.first().filter(|part| part.start <= at) {
                Some(part) => {
                    piece.push_str(MASK);
                    part.end.min(line.end)
                }
                None => push_character(&mut piece, bytes, at, line.end),
            };
            width += columns(&piece);
            if width > most {
                shown.text.push('…');
                break;
            }
            hidden = &hidden[hidden.partition_point(|part| part.end <= end)..];
            shown.run(at, 1);
            shown.text.push_str(&piece);
            at = end;
        }
        shown.run(at, 1);
        shown
    }

    /// Maps `length` bytes at `from` to the end of the printed line.
    fn run(&mut self, from: usize, length: usize) {
        self.runs.push(Run { from, at: self.text.len(), length });
    }

    /// Maps a range of the file to the printed line, at least one character. `None` if its start is not printed.
    fn span(&self, bytes: &Range<usize>) -> Option<Range<usize>> {
        let place = |byte: usize| {
            let after = self.runs.partition_point(|run| run.from + run.length <= byte).min(self.runs.len() - 1);
            let Run { from, at, length } = self.runs[after];
            at + byte.saturating_sub(from).min(length - 1)
        };
        let (first, last) = (self.runs.first()?.from, self.runs.last()?.from);
        if bytes.start < first || bytes.start > last || (bytes.start == last && bytes.end > last) {
            return None;
        }
        let (start, end) = (place(bytes.start), place(bytes.end));
        let next = self.text[start..].chars().next().map_or(0, char::len_utf8);
        Some(start..end.max(start + next))
    }
}

/// Returns the prefix of the first `most` bytes that needs no escaping (printable ASCII without commands), if it is not
/// empty.
fn plain(text: &[u8], most: usize) -> Option<&str> {
    let is_plain = |at: &usize| matches!(text[*at], b' '..=b'~') && !is_command(&text[*at..]);
    let length = (0..most).take_while(is_plain).count();
    str::from_utf8(&text[..length]).ok().filter(|plain| !plain.is_empty())
}

/// Returns the start of the window that shows `focus` and some columns before it. A line that fits is not cut.
fn window_start(bytes: &[u8], line: &Range<usize>, focus: usize, hidden: &[Range<usize>], most: usize) -> usize {
    if Line::new(bytes, line, None, hidden, most).runs.last().is_some_and(|run| run.from >= line.end) {
        return line.start;
    }
    let lead = most * LEAD.0 / LEAD.1;
    let (mut at, mut width, mut start) = (focus, 0, None);
    let mut piece = String::new();
    while at > line.start {
        piece.clear();
        let mut before = at - 1;
        if let Some(part) = hidden.iter().rfind(|part| part.start < at && part.end >= at) {
            piece.push_str(MASK);
            before = part.start.max(line.start);
        } else {
            while before > line.start && (bytes[before] & 0xC0) == 0x80 {
                before -= 1;
            }
            push_character(&mut piece, bytes, before, line.end);
        }
        width += columns(&piece);
        if width > lead {
            start.get_or_insert(at);
        }
        if width >= 2 * lead {
            break;
        }
        at = before;
    }
    // To cut only a few characters is not worth it.
    if at == line.start { at } else { start.unwrap_or(at) }
}

/// Adds the character at a byte of a line as it is printed. Returns where the next one begins.
fn push_character(piece: &mut String, bytes: &[u8], at: usize, end: usize) -> usize {
    let length = character_length(&bytes[at..end]);
    match str::from_utf8(&bytes[at..at + length]) {
        Ok("\t") => piece.push_str(TAB),
        Ok(text) => text.chars().for_each(|character| push_visible(piece, character, &bytes[at..])),
        Err(_) => piece.push('\u{FFFD}'),
    }
    at + length
}

/// The number of columns of a text without control characters. A character that some terminals show wide counts as wide.
fn columns(text: &str) -> usize {
    let is_wide = |character: char| {
        matches!(
            character as u32,
            0x1100..=0x115F | 0x2600..=0x27BF | 0x2E80..=0xA4CF | 0xA960..=0xA97F | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF
                | 0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F000..=0x1FAFF | 0x20000..=0x3FFFD
        )
    };
    text.chars().map(|character| if is_wide(character) { 2 } else { 1 }).sum()
}

/// Returns the length of the first character in bytes, or 1 if it is not valid UTF-8.
fn character_length(bytes: &[u8]) -> usize {
    (1..=4.min(bytes.len())).find(|length| str::from_utf8(&bytes[..*length]).is_ok()).unwrap_or(1)
}
