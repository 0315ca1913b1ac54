//! A rule as data. What it looks at, and the function that does so, stand in `rules`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::Serialize;

use super::Diagnostic;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; never fails unless asked to.
    Note,
    /// A device takes it, but very probably does not do what the author meant.
    Warning,
    /// Apple's schema or documentation rules it out, or a device refuses it.
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
    /// The name: kebab-case, of the fault and not the cure. Ids are never reused.
    pub id: Cow<'static, str>,
    /// How much a finding of the rule matters, unless the finding or the configuration says otherwise.
    pub severity: Severity,
    /// Whether it is off unless it is asked for.
    pub is_optional: bool,
    /// What it finds, in one line.
    pub summary: Cow<'static, str>,
    /// Why that matters, and how to fix it.
    pub explanation: Cow<'static, str>,
    /// Documents with and without findings of this rule.
    pub examples: &'static [Example],
}

/// A document that shows what a rule finds and what not.
#[derive(Debug)]
pub struct Example {
    /// The text of a file.
    pub document: &'static str,
    /// The options of `ddmc check` with which it is checked.
    pub options: &'static [&'static str],
    /// The pointers of the findings of this rule, with their severities; none where the document is right.
    pub finds: &'static [(&'static str, Severity)],
}

impl Rule {
    /// A rule of the program. `summary` says in one line what it finds, `explanation` why that matters and how to fix it.
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
            is_optional: false,
            summary: Cow::Borrowed(summary),
            explanation: Cow::Borrowed(explanation),
            examples,
        }
    }

    /// The same rule, off unless it is asked for.
    pub(crate) const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// A diagnostic of this rule.
    pub(crate) fn at<P, F>(&'static self, place: P, message: impl Into<String>) -> Diagnostic<P, F> {
        RuleRef::from(self).at(place, message)
    }
}

impl Example {
    /// The name of the file, by what it holds.
    pub fn file(&self) -> &'static str {
        if self.is_markup() { "example.plist" } else { "example.json" }
    }

    /// Whether it is a property list.
    pub(crate) fn is_markup(&self) -> bool {
        self.document.starts_with('<')
    }
}

/// A rule of the program, or one that was read from a policy file.
#[derive(Debug, Clone)]
pub struct RuleRef(Kept);

#[derive(Debug, Clone)]
enum Kept {
    Program(&'static Rule),
    Policy(Arc<Rule>),
}

impl RuleRef {
    /// A diagnostic of this rule.
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
            Kept::Program(rule) => rule,
            Kept::Policy(rule) => rule,
        }
    }
}

impl From<&'static Rule> for RuleRef {
    fn from(rule: &'static Rule) -> Self {
        Self(Kept::Program(rule))
    }
}

impl From<Rule> for RuleRef {
    fn from(rule: Rule) -> Self {
        Self(Kept::Policy(Arc::new(rule)))
    }
}

impl PartialEq for RuleRef {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for RuleRef {}
