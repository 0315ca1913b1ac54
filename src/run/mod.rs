//! State of a run across files: the configured severities, and the declarations seen so far.

mod seen;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{RULES, Rule};

pub(crate) use seen::Seen;

/// The configured severities of rules. Nothing else changes the severity of a finding after its rule.
#[derive(Debug, Default, Clone)]
pub(crate) struct Severities {
    set: HashMap<Cow<'static, str>, Option<Severity>>,
}

impl Severities {
    /// Sets the severity of a rule; `None` turns it off.
    pub(crate) fn set(&mut self, rule: &Rule, severity: Option<Severity>) {
        self.set.insert(rule.id.clone(), severity);
    }

    /// Whether any rule that is off by default is on.
    pub(crate) fn has_optional(&self) -> bool {
        RULES.iter().any(|rule| rule.is_optional && matches!(self.set.get(&*rule.id), Some(Some(_))))
    }

    /// Sets the configured severity of each finding, and removes the findings of rules that are off.
    pub(crate) fn apply(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| self.wants(finding));
    }

    /// Sets the configured severity of a finding. Returns whether its rule is on.
    pub(crate) fn wants(&self, finding: &mut Diagnostic) -> bool {
        match self.set.get(&*finding.rule.id) {
            Some(Some(severity)) => {
                finding.severity = *severity;
                true
            }
            Some(None) => false,
            None => !finding.rule.is_optional,
        }
    }
}
