//! `com.apple.activation.simple`.

use serde::{Deserialize, Serialize};

/// The payload of `com.apple.activation.simple`: the configurations that a device applies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Activation {
    /// The identifiers of the configurations.
    pub standard_configurations: Vec<String>,
    /// The condition for applying them. If absent, the device always applies them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
}
