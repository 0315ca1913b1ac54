//! Finds secrets in a property list: passwords, keys and tokens of payloads that have nothing to do with updates.
//!
//! The text may be broken anywhere, so this looks at tags and not at a tree: rather too much is hidden than too little. What follows a
//! key that sounds like a secret is hidden up to the next key, and all of a collection that it names.

use std::ops::Range;

/// What is in the name of a secret.
const WORDS: [&str; 9] = ["password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "challenge", "psk"];

/// A longer text is no key.
const LONGEST_KEY: usize = 200;

/// The parts of a text that no output may show, in no order.
///
/// What stands in a comment may be a secret all the same, and may as well upset what is around it. So the text is looked at as if there
/// were no comments, and as if they were blank.
pub(super) fn secrets(text: &[u8]) -> Vec<Range<usize>> {
    if memchr::memchr(b'<', text).is_none() {
        return Vec::new();
    }
    let mut found = scan(text);
    if let Some(plain) = without_comments(text) {
        found.extend(scan(&plain));
    }
    found
}

/// The text with spaces for its comments; `None` if it has none.
fn without_comments(text: &[u8]) -> Option<Vec<u8>> {
    let mut plain: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&text[at..], b"<!--").map(|start| at + start) {
        let end = memchr::memmem::find(&text[start..], b"-->").map_or(text.len(), |end| start + end + 3);
        plain.get_or_insert_with(|| text.to_vec())[start..end].fill(b' ');
        at = end;
    }
    plain
}

fn scan(text: &[u8]) -> Vec<Range<usize>> {
    let mut scan = Scan { text, found: Vec::new(), inside: Vec::new(), follows: false, key: None };
    let mut at = 0;
    while at < text.len() {
        let Some(tag) = memchr::memchr(b'<', &text[at..]).map(|tag| at + tag) else {
            scan.run(at..text.len());
            break;
        };
        scan.run(at..tag);
        let rest = &text[tag..];
        // What a comment or a section holds may be a property list too, so it is looked at like the rest.
        at = if rest.starts_with(b"<!--") {
            tag + 4
        } else if rest.starts_with(b"<![CDATA[") {
            tag + 9
        } else {
            let end = memchr::memchr(b'>', rest).map_or(text.len(), |length| tag + length + 1);
            scan.tag(tag..end);
            end
        };
    }
    scan.found
}

struct Scan<'t> {
    text: &'t [u8],
    found: Vec<Range<usize>>,
    /// For each open collection, whether it is secret.
    inside: Vec<bool>,
    /// Whether what follows is secret.
    follows: bool,
    /// The key that is being read.
    key: Option<Vec<u8>>,
}

impl Scan<'_> {
    fn is_secret(&self) -> bool {
        self.follows || self.inside.last() == Some(&true)
    }

    /// Takes text between tags.
    fn run(&mut self, span: Range<usize>) {
        let run = &self.text[span.clone()];
        let start = span.start + (run.len() - run.trim_ascii_start().len());
        let run = run.trim_ascii();
        if let Some(key) = &mut self.key {
            key.extend(run.iter().take(LONGEST_KEY));
        } else if run.is_empty() {
        } else if self.is_secret() {
            self.found.push(start..start + run.len());
        } else if !run.iter().any(|byte| b" {}[]\",:".contains(byte)) {
            // A key whose tags are misspelled.
            self.follows = sounds_secret(run);
        }
    }

    /// Takes a tag, which may be none.
    fn tag(&mut self, span: Range<usize>) {
        let inner = self.text[span.start + 1..span.end].strip_suffix(b">").unwrap_or(&self.text[span.start + 1..span.end]);
        let (is_end, inner) = inner.strip_prefix(b"/").map_or((false, inner), |inner| (true, inner));
        let (is_empty, inner) = inner.strip_suffix(b"/").map_or((false, inner), |inner| (true, inner));
        let length = inner.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let name = inner[..length.min(LONGEST_KEY)].to_ascii_lowercase();
        if let Some(key) = self.key.take() {
            // Whatever tag comes ends the key.
            self.follows = sounds_secret(&key);
        }
        match name.as_slice() {
            b"key" if !is_end && !is_empty => {
                self.key = Some(Vec::new());
                self.follows = false;
            }
            b"dict" | b"array" if is_end => {
                self.inside.pop();
                self.follows = false;
            }
            b"dict" | b"array" if !is_empty => {
                self.inside.push(self.is_secret());
                self.follows = false;
            }
            b"key" | b"dict" | b"array" | b"string" | b"data" | b"integer" | b"real" | b"date" | b"true" | b"false"
            | b"plist" => {}
            // No tag of a property list: perhaps part of a secret, perhaps the name of one.
            _ if self.is_secret() => self.found.push(span),
            other => self.follows = !is_end && sounds_secret(other),
        }
    }
}

/// Whether a key of this name mostly has a secret for its value.
fn sounds_secret(key: &[u8]) -> bool {
    if key.len() > 2 * LONGEST_KEY {
        return false;
    }
    let key = String::from_utf8_lossy(key);
    let key = quick_xml::escape::unescape(&key).unwrap_or_else(|_| key.as_ref().into());
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect();
    WORDS.iter().any(|word| key.contains(word)) || key == "pin" || (key.ends_with("key") && key != "key" && key != "productkey")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hidden(text: &str) -> String {
        secrets(text.as_bytes()).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn secrets_are_hidden_however_broken_the_text() {
        for text in [
            "<key>Password</key><string>S3cret</string>",
            "<key> Wi-Fi password </key>\n<string>\nS3cret\n</string>",
            "<KEY>SharedSecret</KEY><data>S3cret</data>",
            "<key>Pass&#119;ord</key><string>S3cret</string>",
            "<key><![CDATA[Password]]></key><string><![CDATA[S3cret]]></string>",
            "<key>Password<string>S3cret</string>",
            "<key>Password</key><string>S3cret",
            "<key>Password</key>S3cret",
            "<key>Password</key><string>a&amp;S3cret</string>",
            "<key>Password</key><string>a<b>S3cret</b></string>",
            "<key>Password</key><string>a<S3cret</string>",
            "<key>Password</key><sting>S3cret</sting>",
            "<kye>Password</kye><string>S3cret</string>",
            "<key>Tokens</key><array><string>x</string><string>S3cret</string></array>",
            "<key>Credentials</key><dict><key>x</key><dict><key>y</key><string>S3cret</string></dict></dict>",
            "<!-- <key>Password</key> --><string>S3cret</string>",
            "<!-- <key>Password</key><string>S3cret</string> -->",
            "<key>Password</key><!-- <key>x</key> --><string>S3cret</string>",
            "<key>Password</key><!-- S3cret --><string>x</string>",
            "<key>PrivateKey</key><string>S3cret</string>",
            "<key>API_KEY</key><integer>S3cret</integer>",
            "<key>PIN</key><string>S3cret</string>",
            "<Password>S3cret</Password>",
        ] {
            assert!(hidden(text).contains("S3cret"), "{text}: {}", hidden(text));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever stands around it.
        #[test]
        fn a_secret_is_hidden_in_any_company(before in company(), after in company()) {
            let text = format!("{before}<key>Password</key><string>S3cret</string>{after}");
            prop_assert!(hidden(&text).contains("S3cret"), "{}", text);
        }
    }

    fn company() -> impl Strategy<Value = String> {
        let pieces = [
            "<dict>",
            "</dict>",
            "<array>",
            "</array>",
            "<key>",
            "</key>",
            "<key>a</key>",
            "<string>",
            "</string>",
            "<true/>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?",
            "?>",
            "<",
            ">",
            "/>",
            "&",
            "\"",
            "'",
            "text",
            " ",
            "<plist version=\"1.0\">",
            "Password",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        for text in [
            "<key>Password</key><string/><key>Name</key><string>shown</string>",
            "<key>ProductKey</key><string>shown</string>",
            "<key>RequestType</key><string>ScheduleOSUpdate</string>",
            "<key>Tokens</key><array/><key>Name</key><string>shown</string>",
            "{\"a\": \"shown\"}",
        ] {
            assert!(hidden(text).is_empty(), "{text}: {}", hidden(text));
        }
        let text =
            "<dict><key>Keys</key><dict><key>ApiKey</key><string>x</string></dict><key>A</key><string>shown</string></dict>";
        assert_eq!(hidden(text), "x");
    }
}
