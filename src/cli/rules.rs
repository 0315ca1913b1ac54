//! `ddmc rules`

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Severity;
use crate::report::EscapedJson;
use crate::rules::RULES;
use crate::words::wrap;

/// List every rule with its severity
#[derive(Debug, Args)]
#[command(after_help = "ddmc check -D, -W, -N and -A change the severity of a rule; --format json explains each.")]
pub(super) struct Arguments {
    /// The format of the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Human,
    Json,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonRules {
    format: u32,
    rules: Vec<JsonRule>,
}

#[derive(Serialize, JsonSchema)]
struct JsonRule {
    id: &'static str,
    severity: Severity,
    /// Whether the rule is off by default.
    optional: bool,
    summary: &'static str,
    explanation: &'static str,
}

pub(super) fn run(arguments: &Arguments) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Human => {
            let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
            for rule in RULES {
                for (at, line) in wrap(&rule.summary, 80 - width - 11, "", "").iter().enumerate() {
                    let severity = || if rule.is_optional { "off".to_owned() } else { rule.severity.to_string() };
                    let (id, severity) = if at == 0 { (&*rule.id, severity()) } else { ("", String::new()) };
                    writeln!(out, "{id:width$}  {severity:7}  {line}")?;
                }
            }
        }
        Format::Json => {
            let rules = RULES
                .iter()
                .map(|rule| JsonRule {
                    id: &rule.id,
                    severity: rule.severity,
                    optional: rule.is_optional,
                    summary: &rule.summary,
                    explanation: &rule.explanation,
                })
                .collect();
            let mut serializer = serde_json::Serializer::with_formatter(&mut out, EscapedJson);
            JsonRules { format: 1, rules }.serialize(&mut serializer)?;
            writeln!(out)?;
        }
    }
    out.flush()
}
