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

/// The most characters to show of a line, and how many of them before the place.
const WIDTH: usize = 68;
const LEAD: usize = 24;

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
    /// Whether to show the line before and the line after.
    has_neighbours: bool,
}

#[derive(Debug)]
struct Block {
    span: Range<usize>,
    first_line: usize,
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
    /// Makes an excerpt that shows the places, the most important one first.
    pub(super) fn new(name: String, source: Source<'_>, redaction: &Redaction, places: &[&Place]) -> Self {
        // In a file with one declaration per line, the neighbours are other declarations.
        let has_neighbours = places.first().is_some_and(|place| !has_lines(Path::new(&*place.file)));
        let mut excerpt = Self { name, text: String::new(), blocks: Vec::new(), labels: Vec::new(), has_neighbours };
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

    /// Returns the column of the middle of a label, where miette attaches its text.
    pub(super) fn column(&self, label: &Label) -> usize {
        let (start, length) = (label.span.offset(), label.span.len());
        let line = self.text[..start].rfind('\n').map_or(0, |feed| feed + 1);
        self.text[line..start].chars().count() + length / 2
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
        let mut line = line_at(source.bytes, offset(source, anchor.start));
        let mut number = first.start.line;
        let has_neighbours = self.has_neighbours;
        let is_neighbour = |line: &Range<usize>| has_neighbours && covers(source, line, places.iter().map(|(_, place)| *place));
        if let Some(before) = line_before(source.bytes, &line).filter(is_neighbour).filter(|_| number > 1) {
            line = before;
            number -= 1;
        }
        let first_line = number;
        loop {
            let hidden = redaction.of_line(source, &line, places.iter().map(|(_, place)| *place));
            self.line(source, &hidden, &line, places.iter().filter(|(_, place)| place.start.line == number));
            let is_wanted = |line: &Range<usize>| number < last.start.line || number == last.start.line && is_neighbour(line);
            let Some(after) = line_after(source.bytes, &line).filter(is_wanted) else { break };
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
        let shown = Line::new(source.bytes, line, focus, hidden);
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

/// Returns the line that contains byte `at`, without its line break. Looks at most [`REACH`] bytes in either
/// direction, so that a file with one huge line and many findings is not scanned for each of them.
fn line_at(bytes: &[u8], at: usize) -> Range<usize> {
    // A carriage return and a line feed are one line break.
    let at = if bytes.get(at) == Some(&b'\n') && bytes[..at].ends_with(b"\r") { at - 1 } else { at };
    let from = at.saturating_sub(REACH);
    let start = memchr::memrchr2(b'\n', b'\r', &bytes[from..at]).map_or(from, |feed| from + feed + 1);
    start..line_end(bytes, at)
}

/// Returns the offset of the next line break, or of the end of the [`REACH`].
fn line_end(bytes: &[u8], at: usize) -> usize {
    let to = bytes.len().min(at + REACH);
    memchr::memchr2(b'\n', b'\r', &bytes[at..to]).map_or(to, |length| at + length)
}

fn line_before(bytes: &[u8], line: &Range<usize>) -> Option<Range<usize>> {
    let feed = line.start.checked_sub(1).filter(|feed| matches!(bytes[*feed], b'\n' | b'\r'))?;
    Some(line_at(bytes, feed))
}

fn line_after(bytes: &[u8], line: &Range<usize>) -> Option<Range<usize>> {
    let next = match bytes.get(line.end..)? {
        [b'\r', b'\n', ..] => line.end + 2,
        [b'\n' | b'\r', ..] => line.end + 1,
        _ => return None,
    };
    (next < bytes.len()).then(|| next..line_end(bytes, next))
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
    /// Cuts the line to a window around `focus`, or at its beginning.
    fn new(bytes: &[u8], line: &Range<usize>, focus: Option<usize>, hidden: &[Range<usize>]) -> Self {
        let start = focus.map_or(line.start, |focus| window_start(bytes, line, focus));
        let mut shown = Self { text: String::with_capacity(line.len().min(WIDTH) + 8), runs: Vec::new() };
        if start > line.start {
            shown.text.push('…');
        }
        let mut width = 0;
        let mut at = start;
        let mut hidden = &hidden[hidden.partition_point(|part| part.end <= at)..];
        while at < line.end {
            if width >= WIDTH {
                shown.text.push('…');
                break;
            }
            if let Some((part, after)) = hidden.split_first().filter(|(part, _)| part.start <= at) {
                shown.run(at, 1);
                shown.text.push_str(MASK);
                width += 3;
                at = part.end.min(line.end);
                hidden = after;
                continue;
            }
            let next = hidden.first().map_or(line.end, |part| part.start);
            let most = next.min(line.end).min(at + WIDTH - width);
            if let Some(plain) = plain(&bytes[at..line.end], most - at) {
                shown.run(at, plain.len());
                shown.text.push_str(plain);
                width += plain.len();
                at += plain.len();
                continue;
            }
            shown.run(at, 1);
            let length = character_length(&bytes[at..line.end]);
            let before = shown.text.len();
            match str::from_utf8(&bytes[at..at + length]) {
                Ok("\t") => shown.text.push_str("    "),
                Ok("\r") if at + 1 == line.end => {}
                Ok(text) => text.chars().for_each(|character| push_visible(&mut shown.text, character, &bytes[at..])),
                Err(_) => shown.text.push('\u{FFFD}'),
            }
            width += shown.text[before..].chars().count();
            at += length;
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

/// Returns the start of the window that shows `focus` and up to [`LEAD`] characters before it.
fn window_start(bytes: &[u8], line: &Range<usize>, focus: usize) -> usize {
    let mut at = focus;
    for _ in 0..LEAD {
        if at == line.start {
            break;
        }
        at -= 1;
        while at > line.start && (bytes[at] & 0xC0) == 0x80 {
            at -= 1;
        }
    }
    // A line that fits is not cut.
    if line.len() <= WIDTH || at - line.start < LEAD { line.start } else { at }
}

/// Returns the length of the first character in bytes, or 1 if it is not valid UTF-8.
fn character_length(bytes: &[u8]) -> usize {
    (1..=4.min(bytes.len())).find(|length| str::from_utf8(&bytes[..*length]).is_ok()).unwrap_or(1)
}
