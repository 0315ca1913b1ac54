//! Edits of a text, one after the other.
//!
//! A rope finds the place of an edit without passing over the text: an editor that replaces a word everywhere sends thousands of
//! edits in a message.

use ropey::Rope;

use super::text::{Change, Encoding, Point};

/// Applies changes to a text, one after the other.
pub(super) fn apply(text: &str, changes: &[Change], encoding: Encoding) -> String {
    // A new text replaces what was done before.
    let first = changes.iter().rposition(|change| change.range.is_none());
    let (text, rest) = first.map_or((text, changes), |first| (&*changes[first].text, &changes[first + 1..]));
    if rest.is_empty() {
        return text.to_owned();
    }
    let mut rope = Rope::from_str(text);
    for (range, new) in rest.iter().filter_map(|change| Some((change.range?, &change.text))) {
        let [start, end] = [range.start, range.end].map(|point| character(&rope, point, encoding));
        rope.remove(start.min(end)..start.max(end));
        rope.insert(start.min(end), new);
    }
    rope.into()
}

/// The number of the character at a position. Beyond the end of a line means its end, before the line break; within a
/// character, its start.
fn character(rope: &Rope, point: Point, encoding: Encoding) -> usize {
    if point.line >= rope.len_lines() {
        return rope.len_chars();
    }
    let line = rope.line(point.line);
    let is_break = |at: &usize| line.get_char(line.len_chars() - 1 - at).is_some_and(|end| matches!(end, '\n' | '\r'));
    let breaks = (0..line.len_chars().min(2)).take_while(is_break).count();
    let line = line.slice(..line.len_chars() - breaks);
    let column = match encoding {
        Encoding::Utf8 => line.byte_to_char(point.character.min(line.len_bytes())),
        Encoding::Utf16 => line.utf16_cu_to_char(point.character.min(line.len_utf16_cu())),
    };
    rope.line_to_char(point.line) + column
}

#[cfg(test)]
mod tests {
    use super::super::text::{Lines, Span};
    use super::*;

    /// The same, with a new text for each edit.
    fn slowly(mut text: String, changes: &[Change], encoding: Encoding) -> String {
        for Change { range, text: new } in changes {
            let Some(range) = range else {
                text.clone_from(new);
                continue;
            };
            let lines = Lines::of(&text, encoding);
            let (start, end) = (lines.offset(range.start), lines.offset(range.end));
            text.replace_range(start.min(end)..start.max(end), new);
        }
        text
    }

    fn change([a, b, c, d]: [usize; 4], text: &str) -> Change {
        let range = Span { start: Point { line: a, character: b }, end: Point { line: c, character: d } };
        Change { range: Some(range), text: text.to_owned() }
    }

    fn whole(text: &str) -> Change {
        Change { range: None, text: text.to_owned() }
    }

    #[test]
    fn changes_follow_one_another() {
        let all = [change([0, 3, 1, 0], ""), change([0, 3, 0, 3], " "), change([0, 7, 0, 4], "2")];
        assert_eq!(apply("one\r\ntwo", &all, Encoding::Utf16), "one 2");
        let all = [change([0, 0, 0, 0], "lost"), whole("x"), change([0, 1, 0, 1], "y"), change([9, 9, usize::MAX, 0], "z")];
        assert_eq!(apply("one", &all, Encoding::Utf8), "xyz");
        assert_eq!(apply("one", &[whole("x")], Encoding::Utf8), "x");
        assert_eq!(apply("one", &[], Encoding::Utf8), "one");
    }

    #[test]
    fn random_changes_give_the_same_text() {
        let parts = ["", "", "\r", "\n", "\r\n", "\n\r", "a", "\u{e9}", "\u{1f600}b", "c\rd\ne\r\n"];
        for seed in 0..2000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut part = || parts[random.usize(..parts.len())];
            let text: String = (0..12).map(|_| part()).collect();
            let mut random = fastrand::Rng::with_seed(!seed);
            let mut number = |most| random.usize(..most);
            let changes = (0..8).map(|_| {
                let range = [number(8), number(4), number(8), number(4)];
                if number(12) == 0 { whole(parts[number(parts.len())]) } else { change(range, parts[number(parts.len())]) }
            });
            let changes: Vec<Change> = changes.collect();
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let expected = slowly(text.clone(), &changes, encoding);
                assert_eq!(apply(&text, &changes, encoding), expected, "{seed}: {text:?} {changes:?}");
            }
        }
    }

    #[test]
    fn many_edits_of_a_long_text_are_applied() {
        for separator in ["\n", " "] {
            let text = format!("x{separator}").repeat(1 << 14);
            let replace = |at: usize, start| {
                if separator == "\n" { change([at, 0, at, 1], "yy") } else { change([0, start, 0, start + 1], "yy") }
            };
            let upwards: Vec<Change> = (0..1 << 14).rev().map(|at| replace(at, 2 * at)).collect();
            let expected = format!("yy{separator}").repeat(1 << 14);
            assert!(apply(&text, &upwards, Encoding::Utf16) == expected);
            let downwards: Vec<Change> = (0..1 << 14).map(|at| replace(at, 3 * at)).collect();
            assert!(apply(&text, &downwards, Encoding::Utf16) == expected);
        }
    }
}
