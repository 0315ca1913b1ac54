//! `ddmc rules`

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Severity;
use crate::report::EscapedJson;
use crate::rules::{RULES, Rule, SUBJECTS};
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
    /// The other severities of its findings, depending on the case.
    also: &'static [Severity],
    /// What it judges.
    subject: &'static str,
    /// Whether the rule is off by default.
    optional: bool,
    summary: &'static str,
    explanation: &'static str,
}

/// Prints a rule in a list whose ids have up to `width` columns.
fn list(rule: &Rule, width: usize, out: &mut dyn Write) -> io::Result<()> {
    let severity = if rule.is_optional { "off".to_owned() } else { rule.severity.to_string() };
    let severity = if rule.also.is_empty() { severity } else { severity + "*" };
    let first = format!("{:width$}  {severity:8}  ", rule.id);
    let others = " ".repeat(first.len());
    wrap(&rule.summary, 80, &first, &others).iter().try_for_each(|line| writeln!(out, "{line}"))
}

pub(super) fn run(arguments: &Arguments) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Human => {
            let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
            for (subject, _) in SUBJECTS {
                writeln!(out, "{subject}:\n")?;
                for rule in RULES.iter().filter(|rule| rule.subject() == subject) {
                    list(rule, width, &mut out)?;
                }
                writeln!(out)?;
            }
            writeln!(out, "* or another severity, depending on the case: `ddmc explain RULE` names them")?;
        }
        Format::Json => {
            let rules = RULES
                .iter()
                .map(|rule| JsonRule {
                    id: &rule.id,
                    severity: rule.severity,
                    also: rule.also,
                    subject: rule.subject(),
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
