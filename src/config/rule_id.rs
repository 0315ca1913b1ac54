//! The name of a rule where severities and exceptions are set.

use std::borrow::Cow;
use std::ops::Deref;

use crate::policy;
use crate::rules::{Rule, invalid_configuration};

/// The id of a rule of the program, or one that a policy may have, which is read later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleId(Cow<'static, str>);

impl RuleId {
    /// The id, if there is such a rule or may be such a policy.
    pub(crate) fn find(id: &str) -> Option<Self> {
        let own = Rule::find(id).map(|rule| rule.id.clone());
        own.or_else(|| policy::is_id(id).then(|| id.to_owned().into())).map(Self)
    }

    /// Whether the severity of the rule can be changed.
    pub(crate) fn is_adjustable(&self) -> bool {
        self.0 != invalid_configuration::RULE.id
    }
}

impl Deref for RuleId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}
