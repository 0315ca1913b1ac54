//! `invalid-encoding`

use crate::diagnostic::{Draft, Example, Rule, Severity, Spot, activation};
use crate::syntax::Encoding;

pub(crate) static RULE: Rule = Rule::new(
    "invalid-encoding",
    Severity::Error,
    "the text is not UTF-8",
    "JSON that is exchanged between programs must be UTF-8 (RFC 8259, section 8.1), and servers and devices refuse \
     anything else. A text in UTF-16 or UTF-32, as some editors on Windows save it, is decoded and judged as usual; its \
     offsets count the bytes in UTF-8. Property lists may be UTF-16.",
    // Examples are UTF-8; a test checks texts that are not.
    &[Example::new(activation!("com.example.all", r#"["com.example.a"]"#))],
);

/// A text in another encoding.
pub(crate) fn diagnostic(encoding: Encoding) -> Draft {
    RULE.at(Spot::at("", 0..0), format!("this file is {}, but JSON must be UTF-8", encoding.name()))
        .help("save it as UTF-8, without a byte-order mark")
}
