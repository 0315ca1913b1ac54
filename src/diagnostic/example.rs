//! The examples of a rule, and macros that write the envelopes of their documents.

use super::Severity;

/// An example document and the rule's findings in it.
#[derive(Debug)]
pub struct Example {
    /// The text of the file.
    pub document: &'static str,
    /// The options for `ddmc check`.
    pub options: &'static [&'static str],
    /// The pointers and severities of the rule's findings; empty if the document is valid.
    pub finds: &'static [(&'static str, Severity)],
    /// Whether the document is YAML, which its text does not tell.
    pub(crate) is_yaml: bool,
}

impl Example {
    /// Creates an example without options and findings.
    pub(crate) const fn new(document: &'static str) -> Self {
        Self { document, options: &[], finds: &[], is_yaml: false }
    }

    /// Sets the options.
    pub(crate) const fn with_options(mut self, options: &'static [&'static str]) -> Self {
        self.options = options;
        self
    }

    /// Sets the findings.
    pub(crate) const fn finds(mut self, finds: &'static [(&'static str, Severity)]) -> Self {
        self.finds = finds;
        self
    }

    /// Says that the document is YAML.
    pub(crate) const fn in_yaml(mut self) -> Self {
        self.is_yaml = true;
        self
    }

    /// A file name that matches the document's format.
    pub fn file(&self) -> &'static str {
        match self.language() {
            "xml" => "example.plist",
            "yaml" => "example.yaml",
            _ => "example.json",
        }
    }

    /// The format of the document: `json`, `xml` or `yaml`.
    pub(crate) fn language(&self) -> &'static str {
        match self.is_yaml {
            true => "yaml",
            false if self.document.starts_with('<') => "xml",
            false => "json",
        }
    }
}

/// A declaration of a type, over several lines.
macro_rules! declaration {
    ($type:literal, $identifier:expr, $payload:expr) => {
        concat!("{\n  \"Type\": \"", $type, "\",\n  \"Identifier\": \"", $identifier, "\",\n  \"Payload\": ", $payload, "\n}")
    };
}

/// A declaration of a type, in one line.
macro_rules! declaration_line {
    ($type:expr, $identifier:expr, $payload:expr) => {
        concat!("{ \"Type\": \"", $type, "\", \"Identifier\": \"", $identifier, "\", \"Payload\": ", $payload, " }")
    };
}

/// A configuration in one line; `type` follows `com.apple.configuration.`.
macro_rules! configuration_line {
    ($identifier:literal, $type:literal, $payload:expr) => {
        $crate::diagnostic::declaration_line!(concat!("com.apple.configuration.", $type), $identifier, $payload)
    };
}

/// An asset in one line; `type` follows `com.apple.asset.`.
macro_rules! asset_line {
    ($identifier:literal, $type:literal, $payload:expr) => {
        $crate::diagnostic::declaration_line!(concat!("com.apple.asset.", $type), $identifier, $payload)
    };
}

/// A Google account in one line, whose user is this asset.
macro_rules! google_line {
    ($identifier:literal, $asset:literal) => {
        $crate::diagnostic::configuration_line!(
            $identifier,
            "account.google",
            concat!("{ \"UserIdentityAssetReference\": \"", $asset, "\" }")
        )
    };
}

/// A settings declaration with this payload and, if given, this identifier.
macro_rules! settings {
    ($payload:expr) => {
        $crate::diagnostic::settings!("com.example.settings", $payload)
    };
    ($identifier:literal, $payload:expr) => {
        $crate::diagnostic::declaration!("com.apple.configuration.softwareupdate.settings", $identifier, $payload)
    };
}

/// Settings whose only group is Beta, with these members.
macro_rules! beta {
    ($($members:literal),+) => {
        $crate::diagnostic::settings!("com.example.beta", concat!("{ \"Beta\": { ", $($members,)+ " } }"))
    };
}

/// A settings declaration in one line.
macro_rules! settings_line {
    ($identifier:literal, $payload:expr) => {
        $crate::diagnostic::declaration_line!("com.apple.configuration.softwareupdate.settings", $identifier, $payload)
    };
}

/// An enforcement with this payload and, if given, this identifier.
macro_rules! enforcement {
    ($payload:expr) => {
        $crate::diagnostic::enforcement!("com.example.enforcement", $payload)
    };
    ($identifier:literal, $payload:expr) => {
        $crate::diagnostic::declaration!("com.apple.configuration.softwareupdate.enforcement.specific", $identifier, $payload)
    };
}

/// An enforcement in one line.
macro_rules! enforcement_line {
    ($identifier:literal, $payload:expr) => {
        $crate::diagnostic::declaration_line!(
            "com.apple.configuration.softwareupdate.enforcement.specific",
            $identifier,
            $payload
        )
    };
}

/// An activation in one line; `references` is the array of its StandardConfigurations.
macro_rules! activation {
    ($identifier:literal, $references:literal) => {
        $crate::diagnostic::declaration_line!(
            "com.apple.activation.simple",
            $identifier,
            concat!("{ \"StandardConfigurations\": ", $references, " }")
        )
    };
}

/// An array of documents.
macro_rules! array {
    ($first:expr $(, $next:expr)+) => {
        concat!("[\n  ", $first, $(",\n  ", $next,)+ "\n]")
    };
}

/// The settings com.example.a and com.example.b with these payloads, and an activation that references both.
macro_rules! settings_set {
    ($a:expr, $b:expr) => {
        $crate::diagnostic::array!(
            $crate::diagnostic::activation!("com.example.activation", "[\"com.example.a\", \"com.example.b\"]"),
            $crate::diagnostic::settings_line!("com.example.a", $a),
            $crate::diagnostic::settings_line!("com.example.b", $b)
        )
    };
}

/// The enforcements com.example.a and com.example.b with these payloads, and an activation that references both.
macro_rules! enforcement_set {
    ($a:expr, $b:expr) => {
        $crate::diagnostic::array!(
            $crate::diagnostic::activation!("com.example.activation", "[\"com.example.a\", \"com.example.b\"]"),
            $crate::diagnostic::enforcement_line!("com.example.a", $a),
            $crate::diagnostic::enforcement_line!("com.example.b", $b)
        )
    };
}

/// The command ScheduleOSUpdate with this update.
macro_rules! schedule_update {
    ($update:literal) => {
        concat!(
            "{ \"Command\": { \"RequestType\": \"ScheduleOSUpdate\", \"Updates\": [",
            $update,
            "] }, \"CommandUUID\": \"5C8F1B8E-0001\" }"
        )
    };
}

/// A payload of a profile; `members` are its keys beside those that every payload has.
macro_rules! profile {
    ($type:literal, $members:literal) => {
        concat!(
            "{ \"PayloadType\": \"",
            $type,
            "\", \"PayloadVersion\": 1, \"PayloadIdentifier\": \"com.example.updates\", \"PayloadUUID\": \"5C8F1B8E-0001\", ",
            $members,
            " }"
        )
    };
}

pub(crate) use {
    activation, array, asset_line, beta, configuration_line, declaration, declaration_line, enforcement, enforcement_line,
    enforcement_set, google_line, profile, schedule_update, settings, settings_line, settings_set,
};
