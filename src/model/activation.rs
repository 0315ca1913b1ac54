//! `com.apple.activation.simple`.

use serde::{Deserialize, Serialize};

/// The payload of `com.apple.activation.simple`: which configurations a device applies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Activation {
    /// The identifiers of the configurations.
    pub standard_configurations: Vec<String>,
    /// The condition under which the device applies them; always, where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicate: Option<String>,
}
