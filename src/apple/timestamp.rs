//! Deadlines in local time.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};

use super::{Formatted, InvalidValue};
use crate::words::list;

/// A date and time without a zone, such as `2025-12-20T12:00:00`: the **local time of each device**
/// (`TargetLocalDateTime`). The year is 0001 to 9999: there is no year 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime(NaiveDateTime);

super::format::text_conversions!(LocalDateTime);

impl LocalDateTime {
    /// The date and time as a chrono type.
    pub fn naive(self) -> NaiveDateTime {
        self.0
    }
}

impl From<NaiveDateTime> for LocalDateTime {
    /// Drops fractions of a second, which the format cannot express.
    fn from(time: NaiveDateTime) -> Self {
        Self(chrono::Timelike::with_nanosecond(&time, 0).unwrap_or(time))
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S"))
    }
}

impl Formatted for LocalDateTime {
    const EXAMPLE: &'static str = "2026-01-31T18:00:00";

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        match parse_exact(text) {
            Exact::Valid(time) => Ok(Self(time)),
            Exact::Impossible(what) => {
                Err(InvalidValue::new(text, format_args!("but {what}"), "write an existing date and time"))
            }
            Exact::OtherFormat => Err(explain_format(text)),
        }
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        // The years 0001 to 9999, the days of each month, and the 29th of February in leap years.
        let day = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
        let leap = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29";
        serde_json::json!({
            "pattern": format!("^(?:{day}|{leap})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"),
            "patternErrorMessage": "Write YYYY-MM-DDTHH:MM:SS without a time zone: each device interprets it as its own local time.",
        })
    }
}

enum Exact {
    Valid(NaiveDateTime),
    /// The format is correct, but the date or time does not exist.
    Impossible(String),
    OtherFormat,
}

/// Parses exactly `YYYY-MM-DDTHH:MM:SS`. chrono's parser would also accept `+2026`, one-digit months and leap seconds.
fn parse_exact(text: &str) -> Exact {
    let format = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let fits = bytes.len() == format.len()
        && bytes.iter().zip(format).all(|(byte, format)| if *format == b'0' { byte.is_ascii_digit() } else { byte == format });
    if !fits {
        return Exact::OtherFormat;
    }
    let number = |from: usize, to: usize| bytes[from..to].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    if year == 0 {
        return Exact::Impossible("there is no year 0000; the first is 0001".to_owned());
    }
    if !(1..=12).contains(&month) {
        return Exact::Impossible(format!("there is no month {month:02}"));
    }
    let Some(date) = NaiveDate::from_ymd_opt(year.cast_signed(), month, day) else {
        return Exact::Impossible(format!("{year:04}-{month:02} has no day {day:02}"));
    };
    match date.and_hms_opt(hour, minute, second) {
        Some(time) => Exact::Valid(time),
        None if hour > 23 => Exact::Impossible(format!("there is no hour {hour:02}; midnight is 00")),
        None if minute > 59 => Exact::Impossible(format!("there is no minute {minute:02}")),
        None => Exact::Impossible(format!("there is no second {second:02}")),
    }
}

/// Explains how a text differs from the format, and suggests a corrected text if the intention is clear.
fn explain_format(text: &str) -> InvalidValue {
    if text.is_empty() {
        return InvalidValue::empty(format!("write a date and time, such as \"{}\"", LocalDateTime::EXAMPLE));
    }
    if has_other_year(text.trim()) {
        let help = format!("write it like \"{}\"", LocalDateTime::EXAMPLE);
        return InvalidValue::new(text, "but the year must have four digits, from 0001 to 9999", help);
    }
    let mut extra: Vec<&str> = Vec::new();
    let mut missing: Vec<&str> = Vec::new();
    let mut rest = text.trim();
    if rest != text {
        extra.push("leading or trailing white space");
    }
    if let Some(without) = rest.strip_suffix(['Z', 'z']) {
        extra.push("a time zone (Z)");
        rest = without;
    } else if let Some(without) = without_offset(rest) {
        extra.push("an offset from UTC");
        rest = without;
    }
    if let Some((without, fraction)) = rest.rsplit_once(['.', ','])
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
    {
        extra.push("a fraction of a second");
        rest = without;
    }
    let mut fixed = rest.to_owned();
    match fixed.get(10..11) {
        Some("t") => extra.push("a lower-case t"),
        Some(" ") => missing.push("the T between date and time"),
        _ => {}
    }
    if matches!(fixed.get(10..11), Some(" " | "t")) {
        fixed.replace_range(10..11, "T");
    }
    let is_exact = |text: &str| matches!(parse_exact(text), Exact::Valid(_));
    if is_exact(&format!("{fixed}:00")) {
        missing.push("seconds");
        fixed.push_str(":00");
    } else if is_exact(&format!("{fixed}T00:00:00")) {
        missing.push("a time");
        fixed.push_str("T18:00:00");
    }
    let own_time = "each device interprets it as its own local time";
    if !is_exact(&fixed) {
        let help = format!("write it like \"{}\"; {own_time}", LocalDateTime::EXAMPLE);
        return InvalidValue::new(text, "but the format must be YYYY-MM-DDTHH:MM:SS", help);
    }
    let clause = |verb: &str, what: &[&str]| (!what.is_empty()).then(|| format!("{verb} {}", list(what, "and")));
    let clauses: Vec<String> = [clause("has", &extra), clause("lacks", &missing)].into_iter().flatten().collect();
    let error =
        InvalidValue::new(text, format_args!("which {}", list(&clauses, "and")), format!("write \"{fixed}\"; {own_time}"));
    // `Z` and a fraction can be dropped safely; the author must decide about any other mistake.
    let is_certain = missing.is_empty() && extra.iter().all(|what| ["a time zone (Z)", "a fraction of a second"].contains(what));
    InvalidValue { fixed: is_certain.then_some(fixed), ..error }
}

/// Whether a date begins with a year that has a sign or more than four digits.
fn has_other_year(text: &str) -> bool {
    let year = text.trim_start_matches(['+', '-']);
    let digits = year.bytes().take_while(u8::is_ascii_digit).count();
    (year.len() < text.len() || digits > 4)
        && matches!(&year.as_bytes()[digits..], [b'-', a, b, b'-', ..] if a.is_ascii_digit() && b.is_ascii_digit())
}

/// The text before an offset such as `+02:00`, `-0700` or `+01`.
fn without_offset(text: &str) -> Option<&str> {
    let sign = text.rfind(['+', '-'])?;
    // A date contains minus signs too.
    let (before, offset) = (text.get(..sign)?, &text[sign + 1..]);
    let is_offset = matches!(offset.len(), 2 | 4 | 5) && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    (is_offset && before.contains([':'])).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_the_exact_format_of_an_existing_time() {
        for text in ["2025-12-20T12:00:00", "2024-02-29T23:59:59", "0001-01-01T00:00:00"] {
            assert_eq!(text.parse::<LocalDateTime>().map(|time| time.to_string()).as_deref(), Ok(text));
        }
        for (text, says, write) in [
            ("2025-12-20T12:00:00Z", "has a time zone", "\"2025-12-20T12:00:00\""),
            ("2025-12-20T12:00:00+02:00", "has an offset", "\"2025-12-20T12:00:00\""),
            ("2025-12-20T12:00:00-0700", "has an offset", "\"2025-12-20T12:00:00\""),
            ("2025-12-20T12:00:00.000", "has a fraction", "\"2025-12-20T12:00:00\""),
            ("2025-12-20T12:00:00.5Z", "has a time zone (Z) and a fraction of a second", "\"2025-12-20T12:00:00\""),
            ("2025-12-20T12:00", "lacks seconds", "\"2025-12-20T12:00:00\""),
            ("2025-12-20 12:00:00", "lacks the T", "\"2025-12-20T12:00:00\""),
            ("2025-12-20", "lacks a time", "\"2025-12-20T18:00:00\""),
            ("2025-02-29T12:00:00", "has no day 29", "exist"),
            ("2025-13-01T12:00:00", "no month 13", "exist"),
            ("2025-12-20T24:00:00", "no hour 24", "exist"),
            ("2025-12-20T12:60:00", "no minute 60", "exist"),
            ("2025-12-20T23:59:60", "no second 60", "exist"),
            ("0000-12-20T12:00:00", "there is no year 0000; the first is 0001", "exist"),
            ("0000-12-20T12:00:00Z", "the format must be", "write it like"),
            ("-0001-12-20T12:00:00", "four digits, from 0001 to 9999", "write it like"),
            ("+2025-12-20T12:00:00", "four digits", "write it like"),
            ("10000-12-20", "four digits", "write it like"),
            ("2025-12-200T12:00:00", "YYYY-MM-DD", "write it like"),
            ("20251220T120000", "YYYY-MM-DD", "write it like"),
            ("2025-1-2T12:00:00", "YYYY-MM-DD", "write it like"),
            ("", "is empty", "write a date"),
        ] {
            let error = text.parse::<LocalDateTime>().expect_err(text);
            assert!(error.problem.contains(says), "{text}: {}", error.problem);
            assert!(error.help.contains(write), "{text}: {}", error.help);
        }
    }
}
