//! The URL of the organisation's page about an update.

use super::{Formatted, InvalidValue};
use crate::words::shown;

/// The absolute URL of a page about the update (`DetailsURL`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DetailsUrl(String);

super::format::checked_string!(DetailsUrl);

impl Formatted for DetailsUrl {
    const EXAMPLE: &'static str = "https://www.example.com/updates";

    fn parse(text: &str) -> Result<Self, InvalidValue> {
        Self::check(text).map(|()| Self(text.to_owned()))
    }

    fn check(text: &str) -> Result<(), InvalidValue> {
        if text.is_empty() {
            return Err(InvalidValue::empty("remove the key, or write a URL such as \"https://www.example.com/updates\""));
        }
        let Some((scheme, rest)) = scheme(text) else {
            let help = if text.contains('.') && !text.contains(char::is_whitespace) {
                format!("write \"https://{}\"", shown(text.trim_start_matches('/')))
            } else {
                "write a URL such as \"https://www.example.com/updates\"".to_owned()
            };
            return Err(InvalidValue::new(text, "which is not an absolute URL", help));
        };
        if is_web(scheme) {
            let host = rest.strip_prefix("//").unwrap_or_default();
            let host = &host[..host.find(['/', '?', '#']).unwrap_or(host.len())];
            if host.is_empty() || host.starts_with(':') {
                return Err(InvalidValue::new(
                    text,
                    "which has no host",
                    "write a URL such as \"https://www.example.com/updates\"",
                ));
            }
        } else if rest.is_empty() {
            return Err(InvalidValue::new(
                text,
                "which is not an absolute URL",
                "write a URL such as \"https://www.example.com/updates\"",
            ));
        }
        Ok(())
    }

    #[cfg(feature = "cli")]
    fn schema() -> serde_json::Value {
        // A scheme, then something other than a port; for http and https also a host.
        serde_json::json!({
            "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:(?:/|[0-9]*[^0-9/])",
            "patternErrorMessage": "Write an absolute URL, such as https://www.example.com/updates.",
            "not": { "pattern": "^[Hh][Tt][Tt][Pp][Ss]?:(?:$|[^/]|/$|/[^/]|//$|//[/?#:])" },
            "errorMessage": "The URL has no host: write one such as https://www.example.com/updates.",
        })
    }

    fn doubt(text: &str) -> Option<InvalidValue> {
        let (scheme, _) = scheme(text)?;
        if !is_web(scheme) {
            let problem = format!("but its scheme {scheme} is neither http nor https");
            return Some(InvalidValue::new(text, problem, "write the https URL of a page that a browser can open"));
        }
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_plain && text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Some(InvalidValue::new(text, "but contains white space", "write %20 for a space, or remove it"));
        }
        None
    }
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

/// Splits off the scheme (RFC 3986, 3.1). `host:8080` is a host and a port, not a scheme.
fn scheme(text: &str) -> Option<(&str, &str)> {
    let colon = memchr::memchr(b':', text.as_bytes())?;
    let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
    let mut bytes = scheme.bytes();
    let is_scheme = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_port = |text: &str| {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && matches!(text.as_bytes().get(digits), None | Some(b'/'))
    };
    (is_scheme && (is_web(scheme) || !is_port(rest))).then_some((scheme, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requires_a_scheme_and_a_host_for_web_urls() {
        for text in
            ["https://example.com", "http://example.com/a?b#c", "HTTPS://EXAMPLE.COM", "https://[::1]/", "https://münchen.de/ü"]
        {
            assert!(text.parse::<DetailsUrl>().is_ok_and(|url| DetailsUrl::doubt(url.as_str()).is_none()), "{text}");
        }
        for text in ["mailto:it@example.com", "file:///tmp/x", "https://example.com/my page"] {
            assert!(text.parse::<DetailsUrl>().is_ok_and(|url| DetailsUrl::doubt(url.as_str()).is_some()), "{text}");
        }
        for text in [
            "",
            "example.com/updates",
            "/updates",
            "https://",
            "https:///path",
            "https:example.com",
            "localhost:8080/x",
            "1x:y",
            "tbd",
        ] {
            assert!(text.parse::<DetailsUrl>().is_err(), "{text}");
        }
        let error = "example.com/updates".parse::<DetailsUrl>().expect_err("it has no scheme");
        assert_eq!(error.help, "write \"https://example.com/updates\"");
    }
}
