//! What documents are judged by, beside what Apple says: values that the caller knows and no rule looks up for itself.

use crate::document::Placeholders;
use crate::model::Target;

/// The devices that a file is meant for, and how its texts are to be read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conditions {
    /// Without any, nothing is said about what exists on some platform.
    pub(crate) targets: Vec<Target>,
    /// What a template fills in later.
    pub(crate) placeholders: Placeholders,
    /// Whether rules that are off unless somebody asks for them are run at all.
    pub(crate) runs_optional: bool,
}
