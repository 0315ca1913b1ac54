//! The values of scalars without quotes, by the core schema of YAML 1.2.

use std::borrow::Cow;

use crate::syntax::Kind;

/// A number, boolean or null in JSON, and its kind. `None` if the scalar is a string.
pub(super) fn resolve(text: &str) -> Option<(Cow<'_, str>, Kind)> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(("null".into(), Kind::Null)),
        "true" | "True" | "TRUE" => Some(("true".into(), Kind::Boolean)),
        "false" | "False" | "FALSE" => Some(("false".into(), Kind::Boolean)),
        _ if text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) => {
            number(text).map(|number| (number, Kind::Number))
        }
        _ => None,
    }
}

/// Whether a text is the JSON of an integer of YAML.
pub(super) fn is_integer(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// A number in JSON. JSON has no infinity or NaN, so they become a number that is too large, as in property lists.
fn number(text: &str) -> Option<Cow<'_, str>> {
    const HUGE: &str = "1e999";
    if let Some((digits, base)) =
        text.strip_prefix("0o").map(|digits| (digits, 8)).or(text.strip_prefix("0x").map(|digits| (digits, 16)))
    {
        let are_digits = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base));
        return are_digits.then(|| u64::from_str_radix(digits, base).map_or(HUGE.into(), |number| number.to_string().into()));
    }
    let (sign, unsigned) = match text.as_bytes() {
        [b'-', ..] => ("-", &text[1..]),
        [b'+', ..] => ("", &text[1..]),
        _ => ("", text),
    };
    if [".inf", ".Inf", ".INF"].contains(&unsigned) {
        return Some(format!("{sign}{HUGE}").into());
    }
    if [".nan", ".NaN", ".NAN"].contains(&text) {
        return Some(HUGE.into());
    }
    let Float { whole, fraction, exponent } = Float::split(unsigned)?;
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let fraction = match fraction {
        None => String::new(),
        Some("") => ".0".to_owned(),
        Some(digits) => format!(".{digits}"),
    };
    let json = format!("{sign}{whole}{fraction}{exponent}");
    Some(if json == text { text.into() } else { json.into() })
}

/// The parts of a decimal number without a sign.
struct Float<'t> {
    whole: &'t str,
    fraction: Option<&'t str>,
    /// With its letter; empty if there is none.
    exponent: &'t str,
}

impl<'t> Float<'t> {
    fn split(text: &'t str) -> Option<Self> {
        let are_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
        let (mantissa, exponent) = text.split_at(text.find(['e', 'E']).unwrap_or(text.len()));
        let digits = exponent.get(1..).map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
        let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
        let has_digits = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
        let is_right = has_digits
            && are_digits(whole)
            && fraction.is_none_or(are_digits)
            && digits.is_none_or(|digits| !digits.is_empty() && are_digits(digits));
        is_right.then_some(Self { whole, fraction, exponent })
    }
}

/// What readers of YAML 1.1 make of a scalar without quotes that is something else in YAML 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trap {
    /// `yes`, `no`, `on` or `off`: a boolean in YAML 1.1, a string in YAML 1.2.
    Boolean,
    /// A date, perhaps with a time; a string in YAML 1.2.
    Date,
    /// `18:30:00`: a number to the base 60, a string in YAML 1.2.
    Sexagesimal,
    /// `010`: octal in YAML 1.1, decimal in YAML 1.2.
    Octal,
    /// `1_000` or `0b1`: a number in YAML 1.1, a string in YAML 1.2.
    Number,
    /// `0o10`, or a number with an exponent, such as the build `24E248`: a string in YAML 1.1, a number in YAML 1.2.
    String,
}

impl Trap {
    /// The trap of a scalar without quotes, if it is one.
    pub(super) fn of(text: &str) -> Option<Self> {
        if ["yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"].contains(&text) {
            return Some(Self::Boolean);
        }
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        // All others begin like a number, and no text of a declaration that does is this long.
        if text.len() > 100 || !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
            return None;
        }
        if is_date(text) {
            return Some(Self::Date);
        }
        if unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.bytes().all(|digit| digit.is_ascii_digit()) {
            return Some(Self::Octal);
        }
        let is_of = |digits: &str, signs: &str| !digits.is_empty() && digits.chars().all(|digit| signs.contains(digit));
        if unsigned.strip_prefix("0o").is_some_and(|digits| is_of(digits, "01234567")) {
            return Some(Self::String);
        }
        if let Some(Float { fraction, exponent, .. }) = Float::split(unsigned) {
            // YAML 1.1 wants a point and the sign of the exponent.
            let is_text = !exponent.is_empty() && (fraction.is_none() || !exponent[1..].starts_with(['+', '-']));
            return is_text.then_some(Self::String);
        }
        let mut parts = unsigned.split(':');
        let first = parts.next().unwrap_or_default();
        let mut minutes = parts.clone().map(|part| part.split('.').next().unwrap_or_default());
        let is_minutes = |part: &str| is_of(part, "0123456789") && part.parse::<u8>().is_ok_and(|number| number < 60);
        if unsigned.contains(':') && is_of(first, "0123456789_") && minutes.all(is_minutes) {
            return Some(Self::Sexagesimal);
        }
        let is_number = unsigned.strip_prefix("0b").is_some_and(|digits| is_of(digits, "01_"))
            || unsigned.contains('_')
                && (is_of(unsigned, "0123456789_.")
                    || unsigned.strip_prefix("0x").is_some_and(|digits| is_of(digits, "0123456789abcdefABCDEF_")));
        is_number.then_some(Self::Number)
    }
}

/// Whether this is a date of YAML 1.1: `2026-03-20`, or with a time and perhaps a zone.
fn is_date(text: &str) -> bool {
    let digits = |text: &str, least: usize, most: usize| {
        let count = text.bytes().take_while(u8::is_ascii_digit).count();
        (least..=most).contains(&count).then_some(count)
    };
    let after = |text: &'_ str, counts: (usize, usize), sign: &str| -> Option<usize> {
        let count = digits(text, counts.0, counts.1)?;
        text[count..].starts_with(sign).then_some(count + sign.len())
    };
    let date = || {
        let year = after(text, (4, 4), "-")?;
        let month = year + after(&text[year..], (1, 2), "-")?;
        let rest = &text[month..];
        let rest = &rest[digits(rest, 1, 2)?..];
        if rest.is_empty() {
            return Some(text.len() == "2026-03-20".len());
        }
        let time = rest.strip_prefix(['T', 't']).unwrap_or(rest.trim_start());
        let hour = after(time, (1, 2), ":")?;
        let minute = hour + after(&time[hour..], (2, 2), ":")?;
        let second = minute + digits(&time[minute..], 2, 2)?;
        // A fraction and a zone.
        Some(time.len() < rest.len() && time[second..].chars().all(|c| c.is_ascii_digit() || " .:+-Z".contains(c)))
    };
    date().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_scalars_by_the_core_schema() {
        for (text, expected) in [
            ("", Some(("null", Kind::Null))),
            ("~", Some(("null", Kind::Null))),
            ("True", Some(("true", Kind::Boolean))),
            ("tRUE", None),
            ("yes", None),
            ("30", Some(("30", Kind::Number))),
            ("+30", Some(("30", Kind::Number))),
            ("-0", Some(("-0", Kind::Number))),
            ("010", Some(("10", Kind::Number))),
            ("0o10", Some(("8", Kind::Number))),
            ("0x1F", Some(("31", Kind::Number))),
            ("-0x1F", None),
            ("0x", None),
            ("26.0", Some(("26.0", Kind::Number))),
            ("26.", Some(("26.0", Kind::Number))),
            (".5", Some(("0.5", Kind::Number))),
            ("24E248", Some(("24E248", Kind::Number))),
            ("1e", None),
            ("-.inf", Some(("-1e999", Kind::Number))),
            (".nan", Some(("1e999", Kind::Number))),
            ("-.nan", None),
            (".", None),
            ("-", None),
            ("26.1.1", None),
            ("2026-03-20", None),
            ("1_000", None),
            ("0xFFFFFFFFFFFFFFFFF", Some(("1e999", Kind::Number))),
        ] {
            let found = resolve(text);
            assert_eq!(found.as_ref().map(|(json, kind)| (&**json, *kind)), expected, "{text}");
            let is_json = found.is_none_or(|(json, _)| {
                json == "1e999" || json == "-1e999" || serde_json::from_str::<serde_json::Value>(&json).is_ok()
            });
            assert!(is_json, "{text}");
        }
    }

    #[test]
    fn finds_what_yaml_1_1_reads_differently() {
        for (text, expected) in [
            ("yes", Some(Trap::Boolean)),
            ("Off", Some(Trap::Boolean)),
            ("y", None),
            ("true", None),
            ("2026-03-20", Some(Trap::Date)),
            ("2026-3-20", None),
            ("2026-03-20T18:00:00", Some(Trap::Date)),
            ("2026-03-20 18:00:00", Some(Trap::Date)),
            ("2026-3-20t8:00:00.5 +01:00", Some(Trap::Date)),
            ("2026-03-20T18:00", None),
            ("2026-03-2018:00:00", None),
            ("2026-03-20T18:00:00x", None),
            ("18:00:00", Some(Trap::Sexagesimal)),
            ("18:75", None),
            ("10:20.5", Some(Trap::Sexagesimal)),
            ("010", Some(Trap::Octal)),
            ("08", Some(Trap::Octal)),
            ("0", None),
            ("0o10", Some(Trap::String)),
            ("24E248", Some(Trap::String)),
            ("24.5e3", Some(Trap::String)),
            ("24.5e+3", None),
            ("24F74", None),
            ("26.0", None),
            ("26.1.1", None),
            ("1_000", Some(Trap::Number)),
            ("0b11", Some(Trap::Number)),
            ("0x_F", Some(Trap::Number)),
            ("30", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(Trap::of(text), expected, "{text}");
        }
    }
}
