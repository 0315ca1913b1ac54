//! Formats of strings that Apple states only in prose.
//!
//! A check reports only what cannot be right, so that a value without a finding is not proved to be right.

use crate::apple::InvalidValue;
use crate::words::nearest;

/// A format of a string or of the names in a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextFormat {
    /// A URL with `https://`.
    Https,
    /// A URL with `https://` or `http://`.
    Web,
    /// A host name or an IP address, without scheme, port or path.
    Host,
    /// A domain, `*domain`, or, if `true`, `*`.
    Domain(bool),
    /// A regular expression in ICU syntax with at most 2048 characters.
    Regex,
    /// A media type: `application/json`.
    MediaType,
    /// A SHA-256 hash as 64 hexadecimal digits.
    Sha256,
    /// A code directory hash: 40 hexadecimal digits.
    CdHash,
    /// `Bundle-ID`.
    BundleOrTeam,
    /// `Bundle-ID (Team-ID)`.
    Team,
    /// `Bundle-ID (Team-ID)` or `*`.
    TeamOrAny,
    /// `Bundle-ID` or `Bundle-ID {Designated-Requirement}`.
    BundleOrRequirement,
    /// A name such as `com.example.name`.
    ReverseDns,
    /// A reverse DNS name. Apple reserves `com.apple` for the services that it lists.
    Service,
    /// A language id such as `en-US`, or `default`.
    Language,
    /// A path relative to the home folder.
    HomePath,
    /// The folder of the content cache.
    CachePath,
    /// Any text that is not empty, such as a token.
    NotEmpty,
}

/// The most characters of a regular expression.
const MAX_REGEX: usize = 2048;

/// The end of the path of the content cache.
const CACHE: &str = "/Library/Application Support/Apple/AssetCache/Data";

/// The services of the system that use managed configuration files.
const SERVICES: &[&str] = &[
    "com.apple.apache.httpd",
    "com.apple.authorization",
    "com.apple.bash",
    "com.apple.cryptoTokenKit",
    "com.apple.cups",
    "com.apple.pam",
    "com.apple.sshd",
    "com.apple.sudo",
    "com.apple.zsh",
];

impl TextFormat {
    /// An example of the format.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::Https | Self::Web => "https://www.example.com/",
            Self::Host => "server.example.com",
            Self::Domain(_) => "*example.com",
            Self::Regex => "^[A-Z].{9,}$",
            Self::MediaType => "application/json",
            Self::Sha256 => "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            Self::CdHash => "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            Self::BundleOrTeam | Self::Team | Self::TeamOrAny => "com.example.app (ABCD123456)",
            Self::BundleOrRequirement => "com.example.app {anchor apple generic}",
            Self::ReverseDns => "com.example.name",
            Self::Service => "com.apple.sshd",
            Self::Language => "en-US",
            Self::HomePath => "Documents/Example/",
            Self::CachePath => CACHE,
            Self::NotEmpty => "…",
        }
    }

    /// Checks a text.
    pub(crate) fn check(self, text: &str) -> Result<(), InvalidValue> {
        if text.is_empty() {
            return Err(InvalidValue::empty(self.help(text)));
        }
        match self.problem(text) {
            Some(problem) => Err(InvalidValue::new(text, problem, self.help(text))),
            None => Ok(()),
        }
    }

    /// Whether a wrong text may still be what a device expects.
    pub(crate) fn may_work(self, text: &str) -> bool {
        self == Self::Sha256 && is_base64_hash(text)
    }

    /// Why the text is wrong, to follow the value in a message.
    fn problem(self, text: &str) -> Option<&'static str> {
        let problem = |is_wrong: bool, problem| is_wrong.then_some(problem);
        match self {
            Self::Https => problem(!has_host(text, &["https://"]), "but must be a URL that starts with https://"),
            Self::Web => {
                problem(!has_host(text, &["https://", "http://"]), "but must be a URL that starts with https:// or http://")
            }
            Self::Host => problem(!is_host(text), "but must be a host name or an IP address"),
            Self::Domain(takes_any) => {
                let is_any = takes_any && text == "*";
                let name = text.strip_prefix('*').unwrap_or(text);
                problem(!is_any && !is_host(name.strip_prefix('.').unwrap_or(name)), "but must be a domain")
            }
            Self::Regex => regex_problem(text),
            Self::MediaType => problem(!is_media_type(text), "but must be a media type"),
            Self::Sha256 if is_base64_hash(text) => Some("but is expected as 64 hexadecimal digits"),
            Self::Sha256 => problem(!is_hex(text, 64), "but must have 64 hexadecimal digits"),
            Self::CdHash => problem(!is_hex(text, 40), "but must have 40 hexadecimal digits"),
            Self::BundleOrTeam => problem(
                !is_bundle(text) && !has_team(text),
                "but must be a bundle identifier, alone or with a team identifier in parentheses",
            ),
            Self::Team => problem(!has_team(text), "but must be an identifier and a team identifier in parentheses"),
            Self::TeamOrAny => {
                problem(text != "*" && !has_team(text), "but must be * or an identifier and a team identifier in parentheses")
            }
            Self::BundleOrRequirement => problem(
                !is_bundle(text) && !has_requirement(text),
                "but must be a bundle identifier, alone or with a designated requirement in braces",
            ),
            Self::Service if text.starts_with("com.apple.") => {
                problem(!SERVICES.contains(&text), "but is not a service of the system that uses managed files")
            }
            Self::ReverseDns | Self::Service => problem(!is_reverse_dns(text), "but must be a reverse DNS name"),
            Self::Language => problem(!is_language(text), "but must be a language id or \"default\""),
            Self::HomePath => problem(text.starts_with(['/', '~']), "but must be relative to the home folder"),
            Self::NotEmpty => None,
            Self::CachePath => problem(!text.trim_end_matches('/').ends_with(CACHE), "but must end with the folder of the cache"),
        }
    }

    fn help(self, text: &str) -> String {
        let near = match self {
            Self::Service => nearest(text, SERVICES.iter().copied()),
            _ => None,
        };
        match (self, near) {
            (_, Some(near)) => format!("did you mean \"{near}\"?"),
            (Self::NotEmpty, None) => "write the value, or remove the object that holds it".to_owned(),
            (Self::Regex, None) => "write a regular expression in ICU syntax of at most 2048 characters".to_owned(),
            (Self::CachePath, None) => format!("write a path that ends with {CACHE}"),
            (Self::HomePath, None) => "write a path such as \"Documents/Example/\", with / at the end of a folder".to_owned(),
            _ => format!("write a value such as \"{}\"", self.example()),
        }
    }
}

/// Whether a text is a URL with one of these beginnings and a host.
fn has_host(text: &str, starts: &[&str]) -> bool {
    let rest = starts.iter().find_map(|start| {
        let (found, rest) = text.split_at_checked(start.len())?;
        found.eq_ignore_ascii_case(start).then_some(rest)
    });
    rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#', ':']) && !rest.is_empty()) && !text.contains(char::is_whitespace)
}

/// Whether a text can be a host name or an IP address. International names and IPv6 zones are possible.
fn is_host(text: &str) -> bool {
    let is_address = text.matches(':').count() > 1;
    !text.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "/\\@?#*\"'<>,;".contains(c))
        && (is_address || !text.contains(':'))
        && !text.contains("..")
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text is 32 bytes in base64, which some tools write for a hash.
fn is_base64_hash(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    text.len() == 44 && text.strip_suffix('=').is_some_and(|digits| digits.bytes().all(is_digit))
}

/// Whether a text is a media type (RFC 9110, 8.3.1). Parameters are not checked.
fn is_media_type(text: &str) -> bool {
    let is_token = |token: &str| {
        !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let essence = text.split(';').next().unwrap_or_default().trim_end();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// Whether a text can be a bundle identifier. Real ones contain other characters than Apple documents.
fn is_bundle(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "(){}/\\".contains(c))
}

/// Whether a text is `Bundle-ID (Team-ID)`. A missing space is wrong.
fn has_team(text: &str) -> bool {
    let parts = text.strip_suffix(')').and_then(|text| text.split_once(" ("));
    parts.is_some_and(|(bundle, team)| {
        is_bundle(bundle) && !team.is_empty() && team.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether a text is `Bundle-ID {Designated-Requirement}`.
fn has_requirement(text: &str) -> bool {
    let parts = text.strip_suffix('}').and_then(|text| text.split_once(" {"));
    parts.is_some_and(|(bundle, requirement)| is_bundle(bundle) && !requirement.trim().is_empty())
}

fn is_reverse_dns(text: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    text.contains('.') && text.split('.').all(is_label)
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let language = parts.next().unwrap_or_default();
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    text == "default" || (is_language && parts.all(is_part))
}

/// Why a text cannot be a regular expression, as far as that is certain.
fn regex_problem(text: &str) -> Option<&'static str> {
    if text.chars().count() > MAX_REGEX {
        return Some("but has more than 2048 characters");
    }
    // Quoted text and comments may contain any sign.
    if text.contains("\\Q") || text.contains("(?") && text.contains('#') {
        return None;
    }
    let (mut parentheses, mut brackets) = (0_usize, 0_usize);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '\\' if signs.next().is_none() => return Some("but ends in the middle of an escape"),
            '[' => {
                brackets += 1;
                signs.next_if_eq(&'^');
                // Whether a bracket in this place ends the set differs between engines.
                if signs.peek() == Some(&']') {
                    return None;
                }
            }
            ']' => brackets = brackets.saturating_sub(1),
            '(' if brackets == 0 => parentheses += 1,
            ')' if brackets == 0 => match parentheses.checked_sub(1) {
                Some(left) => parentheses = left,
                None => return Some("but closes a parenthesis that is not open"),
            },
            _ => {}
        }
    }
    match (brackets, parentheses) {
        (0, 0) => None,
        (0, _) => Some("but has a parenthesis that is not closed"),
        _ => Some("but has a bracket that is not closed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_right() {
        use TextFormat::*;
        for format in [
            Https,
            Web,
            Host,
            Domain(true),
            Regex,
            MediaType,
            Sha256,
            CdHash,
            BundleOrTeam,
            Team,
            TeamOrAny,
            BundleOrRequirement,
            ReverseDns,
            Service,
            Language,
            HomePath,
            CachePath,
        ] {
            assert_eq!(format.check(format.example()), Ok(()), "{format:?}");
            assert!(format.check("").is_err(), "{format:?}");
        }
    }

    #[test]
    fn reports_only_what_cannot_be_right() {
        use TextFormat::*;
        for (format, right, wrong) in [
            (Https, &["HTTPS://a", "https://a.b/{?dns}"][..], &["http://a", "https://", "https:///a", "a.b", "https://a b"][..]),
            (Web, &["http://a", "https://a:8080/"], &["ftp://a", "www.example.com"]),
            (Host, &["a", "10.0.0.1", "fe80::1", "[::1]", "münchen.de"], &["https://a", "a/b", "a:443", "a b", "me@a"]),
            (Domain(false), &["example.com", "*example.com", "*.example.com"], &["*", "https://a", "a/b", "**a"]),
            (Domain(true), &["*"], &["*/a"]),
            (Regex, &["(a|[)b])", r"\(\[", "[[:alpha:]]", "a]", "[]a]", r"\Q(\E", "(?x)a#("], &["(", "a)", "[a", "(?:", "a\\"]),
            (MediaType, &["text/xml; charset=utf-8", "application/x-plist"], &["json", "/a", "a/", "a b/c"]),
            (CdHash, &["0123456789abcdefABCD0123456789abcdefABCD"], &["0123", "g123456789012345678901234567890123456789"]),
            (BundleOrTeam, &["com.example.app", "a.b (ABCD)"], &["a.b(ABCD)", "a b", "a.b ()", "a.b (ABCD"]),
            (Team, &["a.b (ABCD)"], &["a.b"]),
            (TeamOrAny, &["*"], &["a.b", "**"]),
            (BundleOrRequirement, &["a.b", "a.b {anchor apple}"], &["a.b (ABCD)", "a.b {", "a.b{anchor}"]),
            (ReverseDns, &["com.example.a_b-1"], &["a", "a..b", "a.b c", ".a"]),
            (Service, &["com.apple.zsh", "com.example.tool"], &["com.apple.ssh", "sshd"]),
            (Language, &["en", "default", "zh-Hans-CN", "pt_BR"], &["Default", "english", "e", "en-"]),
            (HomePath, &["Documents/", ".ssh/config"], &["/Users/a", "~/Documents"]),
            (CachePath, &["/Volumes/a/Library/Application Support/Apple/AssetCache/Data"], &["/Volumes/a"]),
        ] {
            for text in right {
                assert_eq!(format.check(text), Ok(()), "{format:?}");
            }
            for text in wrong {
                assert!(format.check(text).is_err(), "{format:?}: {text}");
            }
        }
        assert!(Regex.check(&"a".repeat(2048)).is_ok() && Regex.check(&"ä".repeat(2049)).is_err());
        let base64 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        assert!(Sha256.check(base64).is_err() && Sha256.may_work(base64) && !Sha256.may_work("47DE"));
    }
}
