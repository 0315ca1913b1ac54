//! Deadlines.

use std::fmt;

use chrono::{NaiveDate, NaiveDateTime};

use super::{Formatted, InvalidValue};
use crate::words::list;

/// A date and time without a zone, such as `2025-12-20T12:00:00`: the **local time of each device** (`TargetLocalDateTime`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime(NaiveDateTime);

super::format::text_conversions!(LocalDateTime);

impl LocalDateTime {
    /// The date and time as chrono has it.
    pub fn naive(self) -> NaiveDateTime {
        self.0
    }
}

impl From<NaiveDateTime> for LocalDateTime {
    /// Fractions of a second go: the form has none.
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
        match exact(text) {
            Exact::Fine(time) => Ok(Self(time)),
            Exact::Impossible(what) => {
                Err(InvalidValue::new(text, format_args!("but {what}"), "write a date and time that exist"))
            }
            Exact::OtherForm => Err(other_form(text)),
        }
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        // Years of four digits, the days of each month, and the 29th of February where there is one.
        let day = "[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
        let leap = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29";
        serde_json::json!({
            "pattern": format!("^(?:{day}|{leap})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"),
            "patternErrorMessage": "The form is YYYY-MM-DDTHH:MM:SS, without a zone: each device takes it as its own local time.",
        })
    }
}

enum Exact {
    Fine(NaiveDateTime),
    /// The form is right, and the calendar or the clock is not.
    Impossible(String),
    OtherForm,
}

/// Reads exactly `YYYY-MM-DDTHH:MM:SS`. chrono's own parser would take `+2026`, one-digit months and leap seconds.
fn exact(text: &str) -> Exact {
    let form = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    let fits = bytes.len() == form.len()
        && bytes.iter().zip(form).all(|(byte, form)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form });
    if !fits {
        return Exact::OtherForm;
    }
    let number = |from: usize, to: usize| bytes[from..to].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    if !(1..=12).contains(&month) {
        return Exact::Impossible(format!("there is no month {month:02}"));
    }
    let Some(date) = NaiveDate::from_ymd_opt(year.cast_signed(), month, day) else {
        return Exact::Impossible(format!("{year:04}-{month:02} has no day {day:02}"));
    };
    match date.and_hms_opt(hour, minute, second) {
        Some(time) => Exact::Fine(time),
        None if hour > 23 => Exact::Impossible(format!("there is no hour {hour:02}; midnight is 00")),
        None if minute > 59 => Exact::Impossible(format!("there is no minute {minute:02}")),
        None => Exact::Impossible(format!("there is no second {second:02}")),
    }
}

/// Says which part makes a text differ from the form, and shows the text without it where that is clear.
fn other_form(text: &str) -> InvalidValue {
    if text.is_empty() {
        return InvalidValue::empty(format!("write a date and time, such as \"{}\"", LocalDateTime::EXAMPLE));
    }
    let mut extra: Vec<&str> = Vec::new();
    let mut lacking: Vec<&str> = Vec::new();
    let mut rest = text.trim();
    if rest != text {
        extra.push("white space around it");
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
        Some(" ") => lacking.push("the T between date and time"),
        _ => {}
    }
    if matches!(fixed.get(10..11), Some(" " | "t")) {
        fixed.replace_range(10..11, "T");
    }
    let is_whole = |text: &str| matches!(exact(text), Exact::Fine(_));
    if is_whole(&format!("{fixed}:00")) {
        lacking.push("seconds");
        fixed.push_str(":00");
    } else if is_whole(&format!("{fixed}T00:00:00")) {
        lacking.push("a time");
        fixed.push_str("T18:00:00");
    }
    let own_time = "each device takes it as its own local time";
    if !is_whole(&fixed) {
        let help = format!("write it like \"{}\"; {own_time}", LocalDateTime::EXAMPLE);
        return InvalidValue::new(text, "but its form must be YYYY-MM-DDTHH:MM:SS", help);
    }
    let clause = |verb: &str, what: &[&str]| (!what.is_empty()).then(|| format!("{verb} {}", list(what, "and")));
    let clauses: Vec<String> = [clause("has", &extra), clause("lacks", &lacking)].into_iter().flatten().collect();
    let unfit =
        InvalidValue::new(text, format_args!("which {}", list(&clauses, "and")), format!("write \"{fixed}\"; {own_time}"));
    // A time zone was never meant, and a fraction never counts. Any other mistake needs a person to decide.
    let is_certain = lacking.is_empty() && extra.iter().all(|what| ["a time zone (Z)", "a fraction of a second"].contains(what));
    InvalidValue { fixed: is_certain.then_some(fixed), ..unfit }
}

/// The text before an offset such as `+02:00`, `-0700` or `+01`.
fn without_offset(text: &str) -> Option<&str> {
    let sign = text.rfind(['+', '-'])?;
    // A date alone holds minus signs too.
    let (before, offset) = (text.get(..sign)?, &text[sign + 1..]);
    let is_offset = matches!(offset.len(), 2 | 4 | 5) && offset.bytes().all(|byte| byte.is_ascii_digit() || byte == b':');
    (is_offset && before.contains([':'])).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_form_of_a_real_time_is_taken() {
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
            ("+2025-12-20T12:00:00", "YYYY-MM-DD", "write it like"),
            ("2025-1-2T12:00:00", "YYYY-MM-DD", "write it like"),
            ("", "is empty", "write a date"),
        ] {
            let unfit = text.parse::<LocalDateTime>().expect_err(text);
            assert!(unfit.problem.contains(says), "{text}: {}", unfit.problem);
            assert!(unfit.help.contains(write), "{text}: {}", unfit.help);
        }
    }
}
