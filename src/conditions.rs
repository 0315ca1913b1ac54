//! The inputs of a check besides the document: target devices, placeholders, the time, the catalogue and policies.

use std::sync::Arc;

use crate::apple::{Channel, LocalDateTime, Schema, Target};
use crate::catalog::{Catalog, Platforms};
use crate::syntax::Placeholders;

/// The inputs of a check besides the document. Rules read nothing else.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    /// Apple's schema.
    pub(crate) schema: Arc<Schema>,
    /// The target devices. If empty, availability is not checked.
    pub(crate) targets: Vec<Target>,
    /// The platforms of the target devices; all of them if there are none.
    pub(crate) platforms: Platforms,
    /// The channel of the declarations that do not name theirs; `None` for that of the targets, or the device's.
    pub(crate) channel: Option<Channel>,
    /// The names of keys, and JSON pointers to them, that documents may have beside those of the schema.
    pub(crate) allowed_keys: Arc<[String]>,
    /// What counts as a placeholder that a template fills in later.
    pub(crate) placeholders: Placeholders,
    /// The local time to compare deadlines with. If `None`, deadlines are not compared with the time.
    pub(crate) as_of: Option<LocalDateTime>,
    /// The releases that Apple offers.
    pub(crate) catalog: Option<Arc<Catalog>>,
    /// The organisation's policies.
    #[cfg(feature = "cli")]
    pub(crate) policies: crate::policy::Policies,
    /// Whether any rule that is off by default runs.
    pub(crate) runs_optional: bool,
    /// Whether an entry of the configuration names the file, so that it should be a declaration.
    pub(crate) is_configured: bool,
}

impl Default for Conditions {
    fn default() -> Self {
        Self {
            schema: Schema::built_in().clone(),
            targets: Vec::new(),
            platforms: Platforms::ALL,
            channel: None,
            allowed_keys: Arc::default(),
            placeholders: Placeholders::default(),
            as_of: None,
            catalog: None,
            #[cfg(feature = "cli")]
            policies: Vec::new(),
            runs_optional: false,
            is_configured: false,
        }
    }
}
