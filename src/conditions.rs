//! What documents are judged by, beside what Apple's schema says: values that the caller knows and no rule looks up for itself.

use std::sync::Arc;

use crate::apple::Schema;
use crate::apple::{LocalDateTime, Target};
use crate::catalog::Catalog;
use crate::syntax::Placeholders;

/// The devices that a file is meant for, and how its texts are to be read.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    /// What Apple publishes.
    pub(crate) schema: Arc<Schema>,
    /// Without any, nothing is said about what exists on some platform.
    pub(crate) targets: Vec<Target>,
    /// What a template fills in later.
    pub(crate) placeholders: Placeholders,
    /// The time that deadlines are judged by; without one, nothing is said about the time.
    pub(crate) as_of: Option<LocalDateTime>,
    /// The releases that Apple offers, if a list was given.
    pub(crate) catalog: Option<Arc<Catalog>>,
    /// The organisation's own rules.
    #[cfg(feature = "cli")]
    pub(crate) policies: crate::policy::Policies,
    /// Whether rules that are off by default run at all.
    pub(crate) runs_optional: bool,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            schema: Schema::built_in().clone(),
            targets: Vec::new(),
            placeholders: Placeholders::default(),
            as_of: None,
            catalog: None,
            #[cfg(feature = "cli")]
            policies: Vec::new(),
            runs_optional: false,
        }
    }
}
