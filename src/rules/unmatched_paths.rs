//! `unmatched-paths`

use super::{Check, Example, Rule};
use crate::finding::Severity;

pub(crate) static RULE: Rule = Rule {
    id: "unmatched-paths",
    severity: Severity::Warning,
    is_optional: false,
    summary: "the paths of a [[files]] or [[sets]] entry of the configuration match no file",
    explanation: "What the entry says holds for nothing, so less is checked than was meant: a folder was renamed, or the case differs. Paths \
                  begin in the folder of the configuration file; * does not go into folders, and ** does. The entry is reported where the command \
                  looked at everything that the entry could match.",
    examples: &[
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
    check: Check::Configuration,
};
