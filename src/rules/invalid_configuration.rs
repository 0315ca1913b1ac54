//! `invalid-configuration`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-configuration",
    Severity::Error,
    "the configuration file or a policy is invalid",
    "A misspelled key would silently check less than intended. So ddmc checks nothing until the file is valid, and \
     exits with status 2; the same applies to a file of policies. The severity of this rule cannot be changed.",
    &[
        Example::new(
            r#"targets = ["macO=15.4"]

[rules]
out-of-rang = "error"

[[ignore]]
rule = "unknown-key"
path = "archive/**"
"#,
        )
        .finds(&[
            ("/targets/0", Severity::Error),
            ("/rules/out-of-rang", Severity::Error),
            ("/ignore/0/path", Severity::Error),
            ("/ignore/0", Severity::Error),
        ]),
        Example::new(
            r#"targets = ["macOS=15.4"]

[rules]
overruled-setting = "off"

[[files]]
paths = ["*.json"]
targets = ["iOS=18.0", "iPadOS=18.0"]
"#,
        ),
    ],
);
