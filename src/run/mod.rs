//! What a run knows beyond single files: which severities are in force, and which declarations were seen before.

mod seen;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{RULES, Rule};

pub(crate) use seen::Seen;

/// The severity of every rule, where it was set. The only place that changes a severity.
#[derive(Debug, Default, Clone)]
pub(crate) struct Severities {
    set: HashMap<Cow<'static, str>, Option<Severity>>,
}

impl Severities {
    /// Sets a rule to a severity, or with `None` turns it off.
    pub(crate) fn set(&mut self, rule: &Rule, severity: Option<Severity>) {
        self.set.insert(rule.id.clone(), severity);
    }

    /// Whether a rule is on that is off unless it is asked for.
    pub(crate) fn has_optional(&self) -> bool {
        RULES.iter().any(|rule| rule.is_optional && matches!(self.set.get(&*rule.id), Some(Some(_))))
    }

    /// Gives every finding the severity in force, and drops those of rules that are off.
    pub(crate) fn apply(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| match self.set.get(&*finding.rule.id) {
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
            Some(None) => false,
            None => !finding.rule.is_optional,
        });
    }
}
