//! The kinds of documents.

/// What kind of document a type is. The order is the one of documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    /// The four keys around every payload.
    Envelope,
    Configuration,
    Activation,
    Asset,
    Management,
    /// The JSON that a credential asset points to.
    Credential,
    /// The dictionary around every MDM command.
    CommandFrame,
    Command,
    /// A device's response to a command.
    Response,
    /// The dictionary around the payloads of a configuration profile.
    ProfileFrame,
    ProfilePayload,
}

impl Family {
    /// The way from the top of a document to the keys of a type. `*` stands for an item of an array.
    pub(crate) const fn top(self) -> &'static [&'static str] {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => &["Payload"],
            Self::Command => &["Command"],
            Self::ProfilePayload => &["PayloadContent", "*"],
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => &[],
        }
    }

    /// The family of the documents that stand around those of this one.
    pub(crate) const fn frame(self) -> Option<Self> {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => Some(Self::Envelope),
            Self::Command => Some(Self::CommandFrame),
            Self::ProfilePayload => Some(Self::ProfileFrame),
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => None,
        }
    }

    /// The key that holds the name of a document's type. In a declaration it stands beside the payload, in all others with the keys of
    /// the type.
    pub(crate) const fn name_key(self) -> Option<&'static str> {
        match self {
            Self::Configuration | Self::Activation | Self::Asset | Self::Management => Some("Type"),
            Self::Command => Some("RequestType"),
            Self::ProfilePayload => Some("PayloadType"),
            Self::Envelope | Self::Credential | Self::CommandFrame | Self::Response | Self::ProfileFrame => None,
        }
    }

    /// Whether it is a family of declarations.
    pub(crate) const fn is_declaration(self) -> bool {
        matches!(self, Self::Configuration | Self::Activation | Self::Asset | Self::Management)
    }

    /// Whether documents of the family are older than declarations, and replaced by them.
    pub(crate) const fn is_legacy(self) -> bool {
        matches!(self, Self::CommandFrame | Self::Command | Self::Response | Self::ProfileFrame | Self::ProfilePayload)
    }

    pub(crate) const fn is_command(self) -> bool {
        matches!(self, Self::CommandFrame | Self::Command)
    }

    pub(crate) const fn is_profile(self) -> bool {
        matches!(self, Self::ProfileFrame | Self::ProfilePayload)
    }

    /// Whether its keys stand around other documents, and so in every one of them.
    pub(crate) const fn is_frame(self) -> bool {
        matches!(self, Self::Envelope | Self::CommandFrame | Self::Response | Self::ProfileFrame)
    }

    /// Whether a key of one family may be meant in a document of the other.
    pub(crate) fn is_akin(self, other: Self) -> bool {
        self.is_legacy() == other.is_legacy()
            && self.is_command() == other.is_command()
            && self.is_profile() == other.is_profile()
            && (self == Self::Credential) == (other == Self::Credential)
    }

    /// What the names of declaration types of the family begin with.
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
