//! `invalid-configuration`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-configuration",
    Severity::Error,
    "the configuration file or a policy says something that this program does not understand",
    "A misspelled key would silently check less than was meant. So nothing is checked until \
     the file is right, and the exit status is 2; the same holds for a file of policies. The severity of this rule cannot be changed.",
    &[
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
);
