//! The data of a rule. The functions that apply rules are in `rules`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::Serialize;

use super::{Diagnostic, Example};

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; does not fail a run by default.
    Note,
    /// A device accepts it but probably does not do what the author meant.
    Warning,
    /// Apple's schema or documentation forbids it, or a device refuses it.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// A rule: what it finds, why that matters, and how to fix it.
#[derive(Debug)]
pub struct Rule {
    /// The identifier, in kebab-case; it names the problem. Identifiers are never reused.
    pub id: Cow<'static, str>,
    /// The severity of its findings, unless a finding or the configuration overrides it.
    pub severity: Severity,
    /// The other severities that its findings may have, depending on the case.
    pub also: &'static [Severity],
    /// Whether the rule is off by default.
    pub is_optional: bool,
    /// What it finds, in one line.
    pub summary: Cow<'static, str>,
    /// Why that matters, and how to fix it.
    pub explanation: Cow<'static, str>,
    /// Examples with and without findings of this rule.
    pub examples: &'static [Example],
}

impl Rule {
    /// Creates a built-in rule.
    pub(crate) const fn new(
        id: &'static str,
        severity: Severity,
        summary: &'static str,
        explanation: &'static str,
        examples: &'static [Example],
    ) -> Self {
        Self {
            id: Cow::Borrowed(id),
            severity,
            also: &[],
            is_optional: false,
            summary: Cow::Borrowed(summary),
            explanation: Cow::Borrowed(explanation),
            examples,
        }
    }

    /// Sets the other severities of its findings.
    pub(crate) const fn also(mut self, severities: &'static [Severity]) -> Self {
        self.also = severities;
        self
    }

    /// Turns the rule off by default.
    pub(crate) const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// Creates a diagnostic of this rule.
    pub(crate) fn at<P, F>(&'static self, place: P, message: impl Into<String>) -> Diagnostic<P, F> {
        RuleRef::from(self).at(place, message)
    }
}

/// A built-in rule, or a rule from a policy file.
#[derive(Debug, Clone)]
pub struct RuleRef(Inner);

#[derive(Debug, Clone)]
enum Inner {
    BuiltIn(&'static Rule),
    Policy(Arc<Rule>),
}

impl RuleRef {
    /// Creates a diagnostic of this rule.
    pub(crate) fn at<P, F>(self, place: P, message: impl Into<String>) -> Diagnostic<P, F> {
        Diagnostic {
            severity: self.severity,
            rule: self,
            message: message.into(),
            help: None,
            identifier: None,
            declaration_type: None,
            place,
            related: Vec::new(),
            fix: None,
        }
    }
}

impl Deref for RuleRef {
    type Target = Rule;

    fn deref(&self) -> &Rule {
        match &self.0 {
            Inner::BuiltIn(rule) => rule,
            Inner::Policy(rule) => rule,
        }
    }
}

impl From<&'static Rule> for RuleRef {
    fn from(rule: &'static Rule) -> Self {
        Self(Inner::BuiltIn(rule))
    }
}

impl From<Rule> for RuleRef {
    fn from(rule: Rule) -> Self {
        Self(Inner::Policy(Arc::new(rule)))
    }
}

impl PartialEq for RuleRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for RuleRef {}
