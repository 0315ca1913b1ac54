//! The lines around a finding, fit for a terminal: cut to its width, escaped, and without secrets.

use std::ops::Range;
use std::path::Path;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::Source;
use super::redact::{MASK, Redaction, covers};
use crate::diagnostic::Place;
use crate::diagnostic::Position;
use crate::syntax::has_lines;
use crate::words::push_visible;

/// How many characters of a line are shown, and how many of them before what matters.
const WIDTH: usize = 68;
const LEAD: usize = 24;

/// How far a line is looked at in both directions, in bytes: more than is shown.
const REACH: usize = 1 << 12;

/// A label that is at most this many lines away is shown in the same block.
const NEAR: usize = 3;

/// Blocks of lines with labels, in the shape that miette asks for.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    blocks: Vec<Block>,
    labels: Vec<Label>,
    /// Whether the line before and the line after are shown.
    has_neighbours: bool,
}

#[derive(Debug)]
struct Block {
    span: Range<usize>,
    first_line: usize,
}

/// A place that is shown.
#[derive(Debug)]
pub(super) struct Label {
    /// Which of the places it is.
    pub(super) place: usize,
    /// Where it stands in the text of the excerpt.
    pub(super) span: SourceSpan,
    pub(super) start: Position,
}

impl Excerpt {
    /// An excerpt that shows the places, of which the first matters most.
    pub(super) fn new(name: String, source: Source<'_>, redaction: &Redaction, places: &[&Place]) -> Self {
        // In a file with a declaration on each line, the neighbours are other declarations.
        let has_neighbours = places.first().is_some_and(|place| !has_lines(Path::new(&*place.file)));
        let mut excerpt = Self { name, text: String::new(), blocks: Vec::new(), labels: Vec::new(), has_neighbours };
        let mut numbered: Vec<(usize, &Place)> = places.iter().copied().enumerate().collect();
        numbered.sort_by_key(|(_, place)| place.start.offset);
        let is_near = |(_, one): &(usize, &Place), (_, other): &(usize, &Place)| {
            // Lines between two documents may belong to others.
            let most = if one.document == other.document { NEAR } else { 1 };
            other.start.line - one.start.line <= most
        };
        for block in numbered.chunk_by(is_near) {
            excerpt.block(source, redaction, block);
        }
        excerpt
    }

    /// The labels that are in sight: a long line is cut around the place that matters most.
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// How many characters of the shown line stand before the middle of a label, where its words hang.
    pub(super) fn column(&self, label: &Label) -> usize {
        let (start, length) = (label.span.offset(), label.span.len());
        let line = self.text[..start].rfind('\n').map_or(0, |feed| feed + 1);
        self.text[line..start].chars().count() + length / 2
    }

    /// Adds the lines around some places that are near one another.
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
        if let Some(before) = line_before(source.bytes, &line).filter(is_neighbour) {
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
        // An empty last line would be no line for miette.
        if self.text.ends_with('\n') || self.text.len() == start {
            self.text.push(' ');
        }
        self.blocks.push(Block { span: start..self.text.len(), first_line });
    }

    /// Adds one line, cut around the most important of the places that stand in it.
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
        // Without context the question is where the label stands, for the heading; else it is which lines to show.
        let label = (before + after == 0).then(|| self.labels.iter().find(|label| label.span == *span)).flatten();
        let (line, column) = label.map_or((block.first_line - 1, 0), |label| (label.start.line - 1, label.start.column - 1));
        let span = SourceSpan::from(block.span.clone());
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, span, line, column, lines)))
    }
}

/// The offset of a position in the text; one beyond its end, when the text is no longer the one that was read, is the end.
fn offset(source: Source<'_>, position: Position) -> usize {
    position.offset.saturating_sub(source.origin.offset).min(source.bytes.len())
}

/// The line that the byte `at` stands in, without its line break; of a very long line the part around it, so that a file of one line
/// with very many findings is not read for each of them.
fn line_at(bytes: &[u8], at: usize) -> Range<usize> {
    // A carriage return and a line feed are one line break.
    let at = if bytes.get(at) == Some(&b'\n') && bytes[..at].ends_with(b"\r") { at - 1 } else { at };
    let from = at.saturating_sub(REACH);
    let start = memchr::memrchr2(b'\n', b'\r', &bytes[from..at]).map_or(from, |feed| from + feed + 1);
    start..line_end(bytes, at)
}

/// The line break after this byte, or as far as a line is looked at.
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
    // From its first byte on, not around it.
    (next < bytes.len()).then(|| next..line_end(bytes, next))
}

/// The part of a place that is underlined: of an object or array its bracket or tag, of anything else what stands in the line. Nothing if
/// the place is in a part of the line that is not at hand.
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

/// A line as it is shown.
struct Line {
    text: String,
    /// Which bytes of the file are shown where, in order.
    runs: Vec<Run>,
}

/// Bytes of a file that stand one after the other in a shown line too.
struct Run {
    /// Where they begin in the file.
    from: usize,
    /// Where they begin in the shown line.
    at: usize,
    length: usize,
}

impl Line {
    /// Cuts the line to a window around `focus`, or to its beginning.
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
            if let Some(plain) = plain(&bytes[at..most]) {
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
                Ok(text) => text.chars().for_each(|character| push_visible(&mut shown.text, character)),
                Err(_) => shown.text.push('\u{FFFD}'),
            }
            width += shown.text[before..].chars().count();
            at += length;
        }
        shown.run(at, 1);
        shown
    }

    /// Notes that so many bytes from `from` on come next.
    fn run(&mut self, from: usize, length: usize) {
        self.runs.push(Run { from, at: self.text.len(), length });
    }

    /// Where bytes of the file stand in the shown text, if their beginning is shown; at least one character.
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

/// The characters that a text begins with and that are shown as they are, if there are any.
fn plain(text: &[u8]) -> Option<&str> {
    let length = text.iter().take_while(|byte| matches!(byte, b' '..=b'~')).count();
    str::from_utf8(&text[..length]).ok().filter(|plain| !plain.is_empty())
}

/// Where a window of a line begins that shows `focus` and something before it.
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
    // A line that fits is shown whole.
    if line.len() <= WIDTH || at - line.start < LEAD { line.start } else { at }
}

/// The bytes of the first character, or 1 where there is none.
fn character_length(bytes: &[u8]) -> usize {
    (1..=4.min(bytes.len())).find(|length| str::from_utf8(&bytes[..*length]).is_ok()).unwrap_or(1)
}
