//! The keys around every payload. Source: Apple's `declarationbase`.

use super::{Key, Presence, Since, Support, field, keys};
use crate::model::{DeclarationType, Envelope, Identifier, ServerToken};

/// Where declarations exist at all.
const EVERYWHERE: Support = Support {
    ios: Since::version("15.0"),
    macos: Since::version("13.0"),
    tvos: Since::version("16.0"),
    visionos: Since::version("1.1"),
};

keys! { Envelope:
    TYPE: DeclarationType = Key {
        path: &["Type"],
        field: field!(kind),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "what the declaration is",
    };

    IDENTIFIER: Identifier = Key {
        path: &["Identifier"],
        field: field!(identifier),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the name of the declaration, which no other has; at most 64 octets",
    };

    SERVER_TOKEN: ServerToken = Key {
        path: &["ServerToken"],
        field: field!(server_token),
        // Required on the wire; in a source the server fills it in.
        presence: Presence::Optional,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "the revision of the declaration, which the server computes; at most 64 octets",
    };

    PAYLOAD: () = Key {
        path: &["Payload"],
        field: field!(payload),
        presence: Presence::Required,
        default: None,
        combine: None,
        support: EVERYWHERE,
        meaning: "what the declaration says",
    };
}
