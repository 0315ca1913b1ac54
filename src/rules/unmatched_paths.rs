//! `unmatched-paths`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "unmatched-paths",
    Severity::Warning,
    "the paths of a [[files]] or [[sets]] entry of the configuration match no file",
    "The entry applies to nothing, so less is checked than intended: perhaps a folder was renamed, or the case \
     differs. Paths are relative to the folder of the configuration file; * does not match across folders, ** does. \
     The entry is reported only if the command looked at everything that it could match.",
    &[
        Example::new(
            r#"[[files]]
paths = ["macOS/**"]
targets = ["macOS=15.4"]
"#,
        )
        .finds(&[("/files/0/paths", Severity::Warning)]),
        Example::new(
            r#"[[files]]
paths = ["*.json"]
targets = ["macOS=15.4"]
"#,
        ),
    ],
);
