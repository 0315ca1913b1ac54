//! `byte-order-mark`

use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, Spot, activation};

pub(crate) static RULE: Rule = Rule::new(
    "byte-order-mark",
    Severity::Warning,
    "the file begins with a byte-order mark",
    "JSON texts must not begin with a byte-order mark (RFC 8259, section 8.1). Parsers may ignore one, but several \
     device-management servers refuse the file. Save it as UTF-8 without one.",
    &[
        Example::new(
            "\u{FEFF}{ \"Type\": \"com.apple.activation.simple\", \"Identifier\": \"com.example.all\", \
                       \"Payload\": { \"StandardConfigurations\": [\"com.example.a\"] } }",
        )
        .finds(&[("", Severity::Warning)]),
        Example::new(activation!("com.example.all", r#"["com.example.a"]"#)),
    ],
);

pub(crate) fn diagnostic() -> Draft {
    RULE.at(Spot::at("", 0..3), "the file begins with a byte-order mark, which many JSON parsers refuse")
        .help("save the file as UTF-8 without a byte-order mark")
        .fix(Proposal::safe(Remedy::Replace(String::new()), "remove the byte-order mark"))
}
