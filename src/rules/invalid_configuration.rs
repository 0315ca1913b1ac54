//! `invalid-configuration`

use super::{Check, Example, Rule};
use crate::finding::{Finding, Place, Severity};

pub(crate) static RULE: Rule = Rule {
    id: "invalid-configuration",
    severity: Severity::Error,
    is_optional: false,
    summary: "the configuration file or a policy says something that this program does not understand",
    explanation: "A misspelled key would silently check less than was meant. So nothing is checked until \
                  the file is right, and the exit status is 2; the same holds for a file of policies. The severity of this rule cannot be changed.",
    examples: &[
        Example {
            document: r#"targets = ["macO=15.4"]

[rules]
out-of-rang = "error"

[[ignore]]
rule = "unknown-key"
path = "archive/**"
"#,
            options: &[],
            finds: &[
                ("/targets/0", Severity::Error),
                ("/rules/out-of-rang", Severity::Error),
                ("/ignore/0/path", Severity::Error),
                ("/ignore/0", Severity::Error),
            ],
        },
        Example {
            document: r#"targets = ["macOS=15.4"]

[rules]
overruled-setting = "off"

[[files]]
paths = ["*.json"]
targets = ["iOS=18.0", "iPadOS=18.0"]
"#,
            options: &[],
            finds: &[],
        },
    ],
    check: Check::Configuration,
};

/// A mistake in a file that the user configures the program with: `ddmc.toml`, or a policy.
pub(crate) fn finding(place: Place, message: String, help: String) -> Finding {
    Finding {
        rule: &RULE,
        severity: RULE.severity,
        message,
        help: Some(help),
        identifier: None,
        declaration_type: None,
        place,
        related: Vec::new(),
        fix: None,
    }
}
