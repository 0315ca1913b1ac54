//! A rule id in the configuration or in a flag.

use std::borrow::Cow;
use std::ops::Deref;

use crate::policy;
use crate::rules::{Rule, invalid_configuration};

/// The id of a built-in rule, or of a policy, which is loaded later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RuleId(Cow<'static, str>);

impl RuleId {
    /// The id, if it is a built-in rule or a valid policy id.
    pub(crate) fn find(id: &str) -> Option<Self> {
        let built_in = Rule::find(id).map(|rule| rule.id.clone());
        built_in.or_else(|| policy::is_id(id).then(|| id.to_owned().into())).map(Self)
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
