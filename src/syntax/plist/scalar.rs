//! Converts the text of scalar elements to JSON.

use std::borrow::Cow;
use std::ops::Range;

use chrono::NaiveDateTime;

use super::element::Element;
use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::MAX_SHOWN;
use crate::syntax::lexer::is_number;
use crate::syntax::node::decimal;
use crate::syntax::rules::{ambiguous_integer, fractional_integer};
use crate::syntax::{Integer, Kind};

/// A scalar in JSON.
pub(super) enum Scalar<'t> {
    /// A number or boolean in JSON.
    Json(Cow<'t, str>, Kind),
    /// A string, date or data, which JSON represents as strings.
    Text(&'t str, Kind),
    /// An unreadable value, already reported.
    Unknown,
}

impl<'t> Scalar<'t> {
    /// How other readers of property lists may take the text of a readable `<integer>`.
    pub(super) fn doubt(element: Element, text: &str, span: Range<usize>) -> Option<SyntaxDiagnostic> {
        let text = text.trim();
        let digits = text.trim_start_matches(['-', '+']);
        let sign = if text.starts_with('-') { "-" } else { "" };
        // A longer number may be a secret, which no message may hold.
        let write = |numbers: &[String]| match numbers {
            [] => "write it in decimal, without leading zeros".to_owned(),
            _ if text.len() > MAX_SHOWN => "write it in decimal, without leading zeros".to_owned(),
            numbers => {
                format!("write {}", numbers.iter().map(|number| format!("{sign}{number}")).collect::<Vec<_>>().join(" or "))
            }
        };
        if element != Element::Integer || digits == "0" {
            return None;
        }
        if digits.starts_with("0x") || digits.starts_with("0X") {
            let decimal = u64::from_str_radix(&digits[2..], 16).map(|number| number.to_string());
            return Some(ambiguous_integer::diagnostic(true, write(&decimal.into_iter().collect::<Vec<_>>()), span));
        }
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            let help = match whole(digits) {
                Some(Integer::Exact(number)) => write(&[number.to_string()]),
                _ => write(&[]),
            };
            return Some(fractional_integer::diagnostic(help, span));
        }
        let (octal, decimal) = (u64::from_str_radix(digits, 8).ok(), digits.parse::<u64>().ok());
        let is_ambiguous = digits.starts_with('0') && (octal != decimal || decimal.is_none());
        let numbers: Vec<String> = octal.into_iter().chain(decimal).map(|number| number.to_string()).collect();
        is_ambiguous.then(|| ambiguous_integer::diagnostic(false, write(&numbers), span))
    }

    /// Converts the text of an element.
    ///
    /// # Errors
    /// Returns a message and a help text. They do not contain the text, which may be a secret.
    pub(super) fn read(element: Element, text: &'t str) -> Result<Self, (&'static str, &'static str)> {
        let trimmed = text.trim();
        match element {
            Element::Integer => integer(trimmed)
                .map(|json| Self::Json(json, Kind::Number))
                .ok_or(("this <integer> is not a whole number", "write only digits, or use <string> for text")),
            Element::Real => real(trimmed)
                .map(|json| Self::Json(json, Kind::Number))
                .ok_or(("this <real> is not a number", "write digits with a decimal point, or use <string> for text")),
            Element::Date if is_date(trimmed) => Ok(Self::Text(trimmed, Kind::Date)),
            Element::Date => Err(("this <date> is not a date", "write it in UTC, as in 2026-03-01T09:00:00Z")),
            Element::Data if is_data(text) => Ok(Self::Text(trimmed, Kind::Data)),
            Element::Data => Err(("this <data> is not Base64", "write the bytes in Base64, or use <string> for text")),
            Element::True if trimmed.is_empty() => Ok(Self::Json("true".into(), Kind::Boolean)),
            Element::False if trimmed.is_empty() => Ok(Self::Json("false".into(), Kind::Boolean)),
            Element::True => Err(("<true/> cannot contain text", "write <true/>")),
            Element::False => Err(("<false/> cannot contain text", "write <false/>")),
            Element::Boolean => Ok(boolean(trimmed).map_or(Self::Unknown, |json| Self::Json(json.into(), Kind::Boolean))),
            _ => Ok(Self::Text(text, Kind::String)),
        }
    }
}

/// Converts the text of a `<bool>` element.
fn boolean(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some("true"),
        "false" | "no" | "0" => Some("false"),
        _ => None,
    }
}

/// Converts an integer: decimal or, as Apple's parser also accepts, hexadecimal after `0x`.
fn integer(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    if let Some(digits) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        // Check the digits first: `from_str_radix` accepts a sign.
        let number = digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok())??;
        return Some(format!("{sign}{number}").into());
    }
    if whole(digits).is_some() {
        return Some(format!("{sign}{digits}").into());
    }
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    Some(match significant {
        "" => "0".into(),
        _ if significant.len() == text.len() => text.into(),
        _ => format!("{sign}{significant}").into(),
    })
}

/// The integer that a number with a decimal point or an exponent is, such as `60.0` or `6e1`.
fn whole(digits: &str) -> Option<Integer> {
    let is_written_so = is_number(digits) && digits.contains(['.', 'e', 'E']);
    is_written_so.then(|| decimal(digits)).filter(|integer| *integer != Integer::Fraction)
}

/// Converts a real number. Infinity and NaN become `±1e999`.
fn real(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if is_number(text) {
        return Some(text.into());
    }
    Some(float(text.parse().ok()?).into())
}

/// Formats a floating-point number in JSON. JSON has no infinity or NaN, so they become `±1e999`, which is too large.
pub(super) fn float(number: f64) -> String {
    serde_json::Number::from_f64(number)
        .map_or_else(|| if number < 0.0 { "-1e999" } else { "1e999" }.to_owned(), |number| number.to_string())
}

/// Whether this is a date in the only supported format: `2026-03-01T09:00:00Z`.
fn is_date(text: &str) -> bool {
    text.len() == 20 && NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").is_ok()
}

/// Whether this is Base64, with any white space.
fn is_data(text: &str) -> bool {
    let compact: String = text.split_ascii_whitespace().collect();
    plist::Data::from_xml_format(&compact).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_integers_to_json() {
        for (text, expected) in [
            ("30", Some("30")),
            (" 030\n", Some("30")),
            ("-0", Some("0")),
            ("+5", Some("5")),
            ("-12", Some("-12")),
            ("0x1F", Some("31")),
            ("-0x10", Some("-16")),
            ("123456789012345678901234567890", Some("123456789012345678901234567890")),
            ("", None),
            ("0x", None),
            ("0x+1", None),
            ("1.5", None),
            ("60.0", Some("60.0")),
            ("6e1", Some("6e1")),
            ("-6e-1", None),
            ("thirty", None),
            ("- 3", None),
        ] {
            assert_eq!(integer(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn doubts_integers_that_readers_take_differently() {
        let doubt =
            |text| Scalar::doubt(Element::Integer, text, 0..1).map(|doubt| (&*doubt.rule.id == "ambiguous-integer", doubt.help));
        let help = |text: &str| Some(text.to_owned());
        for (text, expected) in [
            ("0x10", Some((true, help("write 16")))),
            (" -0X1f ", Some((true, help("write -31")))),
            ("010", Some((true, help("write 8 or 10")))),
            ("-010", Some((true, help("write -8 or -10")))),
            ("09", Some((true, help("write 9")))),
            ("60.0", Some((false, help("write 60")))),
            ("6e1", Some((false, help("write 60")))),
            ("0000000000123", Some((true, help("write it in decimal, without leading zeros")))),
            ("0", None),
            ("-0", None),
            ("007", None),
            ("30", None),
            ("+5", None),
        ] {
            assert_eq!(doubt(text), expected, "{text}");
        }
    }

    #[test]
    fn reals_keep_their_digits() {
        for (text, expected) in [
            ("26.10", Some("26.10")),
            ("1", Some("1")),
            (".5", Some("0.5")),
            ("nan", Some("1e999")),
            ("-inf", Some("-1e999")),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(real(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn accepts_one_format_of_dates_and_data() {
        assert!(is_date("2026-03-01T09:00:00Z"));
        for wrong in
            ["2026-03-01", "2026-03-01T09:00:00", "2026-02-30T09:00:00Z", "2026-03-01T09:00:00.5Z", "2026-03-01 09:00:00Z"]
        {
            assert!(!is_date(wrong), "{wrong}");
        }
        assert!(is_data("") && is_data("\n  aGVs\n  bG8=\n"));
        assert!(!is_data("aGVsbG8") && !is_data("a%b="));
    }
}
