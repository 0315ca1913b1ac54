//! The keys of `com.apple.activation.simple`. Source: Apple's `activations/simple`.

use super::{Key, Presence, Since, Support, field, keys};
use crate::model::Activation;

/// Where the declaration exists.
const EVERYWHERE: Support = Support {
    ios: Since::version("15.0"),
    macos: Since::version("13.0"),
    tvos: Since::version("16.0"),
    visionos: Since::version("1.1"),
};

keys! { Activation:
    STANDARD_CONFIGURATIONS: Vec<String> = Key {
        path: &["StandardConfigurations"],
        field: field!(required standard_configurations),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the identifiers of the configurations to apply",
    };

    PREDICATE: String = Key {
        path: &["Predicate"],
        field: field!(predicate),
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the condition under which they are applied",
    };
}
