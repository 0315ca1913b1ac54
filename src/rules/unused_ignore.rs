//! `unused-ignore`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "unused-ignore",
    Severity::Warning,
    "an [[ignore]] entry of the configuration silences nothing, or its last day has passed",
    "The fault that was accepted is gone, or the entry names the wrong files; in both cases the entry only waits to hide the next \
     fault. It is reported where the command looked at everything that the entry can match; one whose date has passed, always.",
    &[
        Example {
            document: r#"[[ignore]]
rule = "out-of-range"
paths = ["*.json"]
reason = "these devices are gone"

[[ignore]]
rule = "unknown-key"
paths = ["pilot/**"]
reason = "the server fills it in"
until = 2026-03-31
"#,
            options: &["--as-of", "2026-04-01T00:00:00"],
            finds: &[("/ignore/0/rule", Severity::Warning), ("/ignore/1/until", Severity::Warning)],
        },
        Example { document: "[rules]\nunknown-key = \"warning\"\n", options: &[], finds: &[] },
    ],
);
