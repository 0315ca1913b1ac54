//! `ambiguous-yaml`

use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::syntax::Trap;

pub(crate) static RULE: Rule = Rule::new(
    "ambiguous-yaml",
    Severity::Warning,
    "a value without quotes depends on the version of YAML",
    "YAML 1.1 and 1.2 disagree about some values without quotes, and both have many readers: PyYAML and Ruby read YAML \
     1.1, most newer libraries YAML 1.2, and some a mixture. So yes may become true, a date-time may become a date of \
     another form, 010 may become 8, and a build such as 24E248 may become a number too large for JSON. ddmc reads YAML \
     1.2. A value in quotes is a string for all of them.",
    &[
        Example::new(
            "Type: com.apple.configuration.softwareupdate.enforcement.specific
Identifier: com.example.enforcement
Payload:
  TargetOSVersion: \"26.1\"
  TargetLocalDateTime: 2026-03-20T18:00:00
",
        )
        .in_yaml()
        .finds(&[("/Payload/TargetLocalDateTime", Severity::Warning)]),
        Example::new(
            "Type: com.apple.configuration.softwareupdate.enforcement.specific
Identifier: com.example.enforcement
Payload:
  TargetOSVersion: \"26.1\"
  TargetLocalDateTime: \"2026-03-20T18:00:00\"
",
        )
        .in_yaml(),
    ],
);

/// `text` is the value or key as messages may show it.
pub(crate) fn diagnostic(spot: Spot, trap: Trap, text: &str, is_key: bool) -> Draft {
    let (old, new) = match trap {
        Trap::Boolean => ("a boolean", "a string"),
        Trap::Date => ("a date", "a string"),
        Trap::Sexagesimal => ("a number to the base 60", "a string"),
        Trap::Octal => ("octal", "decimal"),
        Trap::Number => ("a number", "a string"),
        Trap::String => ("a string", "a number"),
    };
    let instead = match trap {
        _ if is_key => "",
        Trap::Boolean => ", or true or false for a boolean",
        Trap::Octal => ", or a number without a zero at its start",
        Trap::Number | Trap::String => ", or a number in plain digits",
        Trap::Date | Trap::Sexagesimal => "",
    };
    RULE.at(spot, format!("{text} without quotes is {old} in YAML 1.1, but {new} in YAML 1.2"))
        .help(format!("write \"{text}\" in quotes{instead}"))
}
