//! `unused-ignore`

use crate::diagnostic::{Example, Rule, Severity};

pub(crate) static RULE: Rule = Rule::new(
    "unused-ignore",
    Severity::Warning,
    "an [[ignore]] entry of the configuration matches no finding, or has expired",
    "The accepted fault is gone, or the entry names the wrong files; in both cases the entry can only hide the next \
     fault. It is reported only if the command looked at everything that it can match; an expired entry is always \
     reported.",
    &[
        Example::new(
            r#"[[ignore]]
rule = "out-of-range"
paths = ["*.json"]
reason = "these devices are gone"

[[ignore]]
rule = "unknown-key"
paths = ["pilot/**"]
reason = "the server fills it in"
until = 2026-03-31
"#,
        )
        .with_options(&["--as-of", "2026-04-01T00:00:00"])
        .finds(&[("/ignore/0/rule", Severity::Warning), ("/ignore/1/until", Severity::Warning)]),
        Example::new("[rules]\nunknown-key = \"warning\"\n"),
    ],
);
