//! `unmatched-paths`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "unmatched-paths",
    Severity::Warning,
    "the paths of a [[files]] or [[sets]] entry of the configuration match no file",
    "What the entry says holds for nothing, so less is checked than was meant: a folder was renamed, or the case differs. Paths \
     begin in the folder of the configuration file; * does not go into folders, and ** does. The entry is reported where the command \
     looked at everything that the entry could match.",
    &[
        Example {
            document: r#"[[files]]
paths = ["macOS/**"]
targets = ["macOS=15.4"]
"#,
            options: &[],
            finds: &[("/files/0/paths", Severity::Warning)],
        },
        Example {
            document: r#"[[files]]
paths = ["*.json"]
targets = ["macOS=15.4"]
"#,
            options: &[],
            finds: &[],
        },
    ],
);
