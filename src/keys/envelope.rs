//! The keys around every payload. Source: Apple's `declarationbase`.

use super::{Facts, Presence, Since, Support, field, keys};
use crate::model::{DeclarationType, Envelope, Identifier, ServerToken};

/// Where declarations exist at all.
pub(super) const EVERYWHERE: Support = Support {
    ios: Since::every("15.0"),
    macos: Since::every("13.0"),
    tvos: Since::every("16.0"),
    visionos: Since::every("1.1"),
    watchos: Since::every("10.0"),
};

keys! { Envelope:
    TYPE: DeclarationType = Facts {
        path: &["Type"],
        field: field!(kind),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "what the declaration is",
    };

    IDENTIFIER: Identifier = Facts {
        path: &["Identifier"],
        field: field!(identifier),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the name of the declaration, which no other has; at most 64 octets",
    };

    SERVER_TOKEN: ServerToken = Facts {
        path: &["ServerToken"],
        field: field!(server_token),
        // Required on the wire; in a source the server fills it in.
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the revision of the declaration, which the server computes; at most 64 octets",
    };

    PAYLOAD: () = Facts {
        path: &["Payload"],
        field: field!(payload),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "what the declaration says",
    };
}
