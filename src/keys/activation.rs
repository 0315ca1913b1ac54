//! The keys of `com.apple.activation.simple`. Source: Apple's `activations/simple`.

use super::{Facts, Presence, Since, Support, field, keys};
use crate::model::Activation;

/// Where the declaration exists, and each of its keys.
pub(super) const DECLARATION: Support = Support {
    ios: Since::every("15.0"),
    macos: Since::every("13.0"),
    tvos: Since::every("16.0"),
    visionos: Since::every("1.1"),
    watchos: Since::every("10.0"),
};

keys! { Activation:
    STANDARD_CONFIGURATIONS: Vec<String> = Facts {
        path: &["StandardConfigurations"],
        field: field!(required standard_configurations),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: DECLARATION,
        meaning: "the identifiers of the configurations to apply",
    };

    PREDICATE: String = Facts {
        path: &["Predicate"],
        field: field!(predicate),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: DECLARATION,
        meaning: "the condition under which they are applied",
    };
}
