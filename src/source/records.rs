//! The ends of rows in CSV, in which a quoted value may hold line breaks.

use std::ops::Range;

/// Whole rows of CSV, and what follows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rows {
    /// The end of the last whole row, with its line break; 0 if there is none.
    pub(crate) end: usize,
    /// The quotation mark that nothing closes.
    pub(crate) open: Option<usize>,
}

/// Finds the rows in bytes that begin with one. Follows the rules of `csv-core`: a quotation mark at the start of a value
/// opens it, and the next one closes it unless another follows at once. Other marks are a part of the value.
pub(crate) fn rows(bytes: &[u8], delimiter: u8) -> Rows {
    let (mut at, mut end) = (0, 0);
    while let Some(quote) = memchr::memchr(b'"', &bytes[at..]).map(|quote| at + quote) {
        end = last_break(bytes, at..quote).unwrap_or(end);
        let is_start = quote == 0 || [delimiter, b'\n', b'\r'].contains(&bytes[quote - 1]);
        at = match closing(bytes, quote + 1) {
            _ if !is_start => quote + 1,
            Some(close) => close + 1,
            None => return Rows { end, open: Some(quote) },
        };
    }
    Rows { end: last_break(bytes, at..bytes.len()).unwrap_or(end), open: None }
}

/// The quotation mark that closes a value.
fn closing(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

/// The end of the last line break in a range. A carriage return at the very end may be half of one.
fn last_break(bytes: &[u8], range: Range<usize>) -> Option<usize> {
    let mut until = range.end;
    loop {
        let at = range.start + memchr::memrchr2(b'\n', b'\r', &bytes[range.start..until])?;
        match bytes.get(at + 1) {
            None if bytes[at] == b'\r' => until = at,
            Some(b'\n') if bytes[at] == b'\r' => return Some(at + 2),
            _ => return Some(at + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_at_line_breaks_outside_of_quoted_values() {
        for (text, end, open) in [
            ("a,b\nc", 4, None),
            ("a,b\r\nc,d\r", 5, None),
            ("a\rb\rc", 4, None),
            ("\"a\nb\",c\nd", 8, None),
            ("x\n\"a\nb", 2, Some(2)),
            ("a\"b\nc", 4, None),
            ("\"a\"\"\nb\"\nc", 8, None),
            ("\"a\"", 0, None),
            ("a,\"\"\n\"", 5, Some(5)),
            ("", 0, None),
        ] {
            assert_eq!(rows(text.as_bytes(), b','), Rows { end, open }, "{text:?}");
        }
    }
}
