//! The families of document types.

/// The family of a document type, in the order used in the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// The four top-level keys of every declaration.
    Envelope,
    Configuration,
    Activation,
    Asset,
    Management,
    /// The JSON document that a credential asset refers to.
    Credential,
    /// The top-level dictionary of every MDM command.
    CommandFrame,
    Command,
    /// A device's response to a command.
    Response,
    /// The top-level dictionary of a configuration profile.
    ProfileFrame,
    ProfilePayload,
}

impl Family {
    /// The path from the top of a document to the keys of a type. `*` is an array item.
    pub(crate) const fn top(self) -> &'static [&'static str] {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => &["Payload"],
            Self::Command => &["Command"],
            Self::ProfilePayload => &["PayloadContent", "*"],
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => &[],
        }
    }

    /// The family of the enclosing document.
    pub(crate) const fn frame(self) -> Option<Self> {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => Some(Self::Envelope),
            Self::Command => Some(Self::CommandFrame),
            Self::ProfilePayload => Some(Self::ProfileFrame),
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => None,
        }
    }

    /// The key that holds the name of the type. In a declaration it is beside the payload, elsewhere among the keys
    /// of the type.
    pub(crate) const fn name_key(self) -> Option<&'static str> {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => Some("Type"),
            Self::Command => Some("RequestType"),
            Self::ProfilePayload => Some("PayloadType"),
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => None,
        }
    }

    pub(crate) const fn is_declaration(self) -> bool {
        matches!(self, Self::Configuration | Self::Activation | Self::Asset | Self::Management)
    }

    /// Whether declarations replace documents of this family.
    pub(crate) const fn is_legacy(self) -> bool {
        matches!(self, Self::CommandFrame | Self::Command | Self::Response | Self::ProfileFrame | Self::ProfilePayload)
    }

    pub(crate) const fn is_command(self) -> bool {
        matches!(self, Self::CommandFrame | Self::Command)
    }

    pub(crate) const fn is_profile(self) -> bool {
        matches!(self, Self::ProfileFrame | Self::ProfilePayload)
    }

    /// Whether documents of this family enclose other documents.
    pub(crate) const fn is_frame(self) -> bool {
        matches!(self, Self::Envelope | Self::CommandFrame | Self::Response | Self::ProfileFrame)
    }

    /// Whether a key of one family can plausibly be meant in a document of the other.
    pub(crate) fn is_akin(self, other: Self) -> bool {
        self.is_legacy() == other.is_legacy()
            && self.is_command() == other.is_command()
            && self.is_profile() == other.is_profile()
            // The data of a credential is easily taken for the payload of its asset.
            && (self != Self::Credential || matches!(other, Self::Credential | Self::Asset))
    }

    /// The family of the declarations whose type has this name, which the schema need not have.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let has_prefix = |family: &Self| family.prefix().is_some_and(|prefix| name.starts_with(prefix));
        [Self::Configuration, Self::Activation, Self::Asset, Self::Management].into_iter().find(has_prefix)
    }

    /// The prefix of the family's declaration types.
    pub(crate) const fn prefix(self) -> Option<&'static str> {
        match self {
            Self::Configuration => Some("com.apple.configuration."),
            Self::Activation => Some("com.apple.activation."),
            Self::Asset => Some("com.apple.asset."),
            Self::Management => Some("com.apple.management."),
            _ => None,
        }
    }
}
