//! The values that hold no others: what their texts must look like.

use std::borrow::Cow;

use chrono::NaiveDateTime;

use super::element::Element;
use crate::syntax::Kind;
use crate::syntax::lexer::is_number;

/// A value that holds no others, as JSON has it.
pub(super) enum Scalar<'t> {
    /// A number or boolean, as JSON writes it.
    Json(Cow<'t, str>, Kind),
    /// A string, or a value that JSON has only strings for.
    Text(&'t str, Kind),
    /// An unreadable value, which was reported.
    Unknown,
}

impl<'t> Scalar<'t> {
    /// Reads the text of an element.
    ///
    /// # Errors
    /// What is wrong with it, and what to write. Neither repeats the text, which may be a secret.
    pub(super) fn read(element: Element, text: &'t str) -> Result<Self, (&'static str, &'static str)> {
        let trimmed = text.trim();
        match element {
            Element::Integer => integer(trimmed)
                .map(|json| Self::Json(json, Kind::Number))
                .ok_or(("this <integer> is not a whole number", "write digits alone, or <string> for a text")),
            Element::Real => real(trimmed)
                .map(|json| Self::Json(json, Kind::Number))
                .ok_or(("this <real> is not a number", "write digits with a point, or <string> for a text")),
            Element::Date if is_date(trimmed) => Ok(Self::Text(trimmed, Kind::Date)),
            Element::Date => Err(("this <date> is not a date", "write it in UTC, as in 2026-03-01T09:00:00Z")),
            Element::Data if is_data(text) => Ok(Self::Text(trimmed, Kind::Data)),
            Element::Data => Err(("this <data> is not Base64", "write the bytes in Base64, or <string> for a text")),
            Element::True if trimmed.is_empty() => Ok(Self::Json("true".into(), Kind::Boolean)),
            Element::False if trimmed.is_empty() => Ok(Self::Json("false".into(), Kind::Boolean)),
            Element::True => Err(("<true/> holds no text", "write <true/> alone")),
            Element::False => Err(("<false/> holds no text", "write <false/> alone")),
            Element::Boolean => Ok(boolean(trimmed).map_or(Self::Unknown, |json| Self::Json(json.into(), Kind::Boolean))),
            _ => Ok(Self::Text(text, Kind::String)),
        }
    }
}

/// The truth value that a text stands for.
fn boolean(text: &str) -> Option<&'static str> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some("true"),
        "false" | "no" | "0" => Some("false"),
        _ => None,
    }
}

/// An integer as JSON writes it: decimal or, as Apple's reader takes it too, hexadecimal after `0x`.
fn integer(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    if let Some(digits) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        // `from_str_radix` would take a sign of its own.
        let number = digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u64::from_str_radix(digits, 16).ok())??;
        return Some(format!("{sign}{number}").into());
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

/// A number with a fraction as JSON writes it. Beyond its numbers are the infinities, and what is no number at all.
fn real(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if is_number(text) {
        return Some(text.into());
    }
    Some(float(text.parse().ok()?).into())
}

/// A floating-point number as JSON. It has none that are infinite, so something too large stands for them.
pub(super) fn float(number: f64) -> String {
    serde_json::Number::from_f64(number)
        .map_or_else(|| if number < 0.0 { "-1e999" } else { "1e999" }.to_owned(), |number| number.to_string())
}

/// Whether this is a date, which has one form alone: `2026-03-01T09:00:00Z`.
fn is_date(text: &str) -> bool {
    text.len() == 20 && NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").is_ok()
}

/// Whether this is data in Base64, spread over lines as one likes.
fn is_data(text: &str) -> bool {
    let compact: String = text.split_ascii_whitespace().collect();
    plist::Data::from_xml_format(&compact).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_written_as_json_writes_them() {
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
            ("thirty", None),
            ("- 3", None),
        ] {
            assert_eq!(integer(text).as_deref(), expected, "{text}");
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
    fn dates_and_data_have_one_form() {
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
