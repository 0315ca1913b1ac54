//! The reason codes of status reports, what they mean and what to do, written by hand.
//!
//! The list is open: devices also report codes that Apple does not document.

/// A reason code.
#[derive(Debug)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) origin: Origin,
    /// The keys of its details.
    pub(crate) details: &'static [&'static str],
    /// What happened, in one line.
    pub(crate) meaning: &'static str,
    /// What an administrator should do.
    pub(crate) next: &'static str,
}

/// Where a code is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// For a declaration, as Apple documents.
    Declaration,
    /// For a declaration; seen on devices, but not documented.
    Observed,
    /// For an app in `app.managed.list`.
    App,
    /// For a package in `package.list`.
    Package,
}

impl Origin {
    pub(crate) const fn describe(self) -> &'static str {
        match self {
            Self::Declaration => "a declaration in `management.declarations`",
            Self::Observed => "a declaration; seen on devices, but not documented by Apple",
            Self::App => "an app in `app.managed.list`",
            Self::Package => "a package in `package.list`",
        }
    }
}

impl Reason {
    /// All reasons: those of declarations first, each group in alphabetical order.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        REASONS.iter()
    }

    /// The reason with this code: of apps or packages, or else of declarations.
    pub(crate) fn find(code: &str, origin: Origin) -> Option<&'static Self> {
        let is_of = |reason: &Self| match origin {
            Origin::App | Origin::Package => reason.origin == origin,
            Origin::Declaration | Origin::Observed => matches!(reason.origin, Origin::Declaration | Origin::Observed),
        };
        REASONS.iter().find(|reason| reason.code == code && is_of(reason))
    }

    /// Whether a code, documented or not, reports a failure. The others are for information.
    pub(crate) fn is_failure(code: &str) -> bool {
        code.starts_with("Error.")
    }
}

use Origin::{App, Declaration, Observed, Package};

const fn reason(
    code: &'static str,
    origin: Origin,
    details: &'static [&'static str],
    meaning: &'static str,
    next: &'static str,
) -> Reason {
    Reason { code, origin, details, meaning, next }
}

/// The declaration that the reason is about.
const WHICH: &[&str] = &["Identifier", "ServerToken"];
/// The text of an error of the system.
const TEXT: &[&str] = &["Error"];
const PREDICATE: &[&str] = &["Identifier", "ServerToken", "Predicate"];

#[rustfmt::skip]
static REASONS: &[Reason] = &[
    reason("Error.ActivationFailed", Declaration, WHICH,
        "an activation that leads to this declaration is not active",
        "read the reasons of that activation; if Info.Predicate is the only one, nothing is wrong"),
    reason("Error.AssetCannotBeDeserialized", Declaration, TEXT,
        "the data of the asset does not have the expected form",
        "serve data of the form that the referring key demands"),
    reason("Error.AssetCannotBeDownloaded", Declaration, TEXT,
        "the data of the asset could not be downloaded",
        "check DataURL, TLS and reachability, and whether the host accepts the device's MDM identity (Authentication)"),
    reason("Error.AssetCannotBeVerified", Declaration, TEXT,
        "the downloaded data differs from what the asset says about it",
        "correct Size, ContentType or Hash-SHA-256, or restore the file"),
    reason("Error.ConfigurationCannotBeApplied", Declaration, TEXT,
        "the device refused the configuration",
        "read the text: another profile, the hardware or missing supervision may be the cause"),
    reason("Error.ConfigurationCannotBeDeserialized", Declaration, TEXT,
        "the payload does not follow Apple's schema",
        "run `ddmc check` on the declaration"),
    reason("Error.ConfigurationFailed", Declaration, WHICH,
        "a configuration that references the asset failed",
        "fix that configuration; nothing is wrong with the asset"),
    reason("Error.ConfigurationIsInvalid", Declaration, TEXT,
        "the values are well-formed, but break a rule across keys or need supervision",
        "read the text, and run `ddmc check` on the declaration"),
    reason("Error.ConfigurationNotSupported", Declaration, WHICH,
        "the configuration does not exist for this platform, channel or enrolment",
        "restrict the activation to other devices, or use the other channel"),
    reason("Error.InvalidPayload", Declaration, WHICH,
        "the declaration could not be loaded: a required key is missing, a value has the wrong type, or a predicate is wrong",
        "run `ddmc check` on the declaration"),
    reason("Error.MissingAssets", Declaration, &["Identifier", "ServerToken", "AssetIdentifiers"],
        "the configuration references assets that the device does not have",
        "publish the assets, or correct the references"),
    reason("Error.MissingConfigurations", Declaration, &["Identifier", "ServerToken", "ConfigurationIdentifiers"],
        "the activation references configurations that the device does not have, or whose type its OS does not know",
        "publish the configurations, or remove the references; one of them can stop the whole activation"),
    reason("Error.MissingState", Declaration, WHICH,
        "the device lost its own state of the declaration",
        "publish the declaration with a new ServerToken"),
    reason("Error.PredicateFailed", Declaration, &["Identifier", "ServerToken", "Predicate", "Domain", "Code"],
        "the evaluation of the predicate failed, which is not the same as false",
        "simplify the predicate"),
    reason("Error.UnableToEvaluatePredicate", Declaration, PREDICATE,
        "the predicate cannot be evaluated",
        "compare values of one type only"),
    reason("Error.UnableToParsePredicate", Declaration, PREDICATE,
        "the predicate has a syntax error",
        "correct the syntax"),
    reason("Error.UnableToParsePredicateWithCustomOperator", Declaration, PREDICATE,
        "the predicate has a custom operator that cannot be parsed",
        "remove the operator, and write status items as `@status(…)`"),
    reason("Error.Unknown", Declaration, &["Domain", "Code"],
        "the system reported another error",
        "look in the log of the device, and publish the declaration again"),
    reason("Error.UnknownDeclarationType", Declaration, &["UnknownDeclarationType"],
        "the device does not know the type of the declaration",
        "correct the type, or update the device: `management.client-capabilities` lists the types that it knows"),
    reason("Error.UnknownPayloadKeys", Declaration, &["UnknownPayloadKeys"],
        "the device does not know some keys of the payload",
        "correct the spelling, or update the device"),
    reason("Info.NotReferencedByActivation", Declaration, WHICH,
        "no activation references the configuration",
        "add an activation, or remove the configuration"),
    reason("Info.NotReferencedByConfiguration", Declaration, WHICH,
        "no configuration references the asset",
        "remove the asset, or reference it"),
    reason("Info.Predicate", Declaration, PREDICATE,
        "the predicate is false on this device",
        "nothing, if that is intended"),
    reason("Info.UnsupportedSettings", Declaration, &["Settings"],
        "the device does not have some of the settings, and applies the others",
        "nothing, if the settings are for other devices"),
    reason("Error.AssetEncounteredInternalError", Observed, &[],
        "the device failed to handle the asset",
        "publish the asset with a new ServerToken, and look in the log of the device"),
    reason("Error.ConfigurationAlreadyPresent", Observed, &[],
        "another declaration of the type is active, and a device applies only one",
        "remove one of the declarations, or restrict their activations to different devices"),
    reason("Error.ProfileFailed", Observed, &[],
        "the profile of a legacy configuration could not be installed",
        "install the profile alone to see why"),
    reason("Info.DeclarationNotInstalled", Observed, &[],
        "the declaration is not installed",
        "read the other reasons"),
    reason("Error.AppStoreDisabled", App, &[],
        "the App Store is disabled on the device",
        "allow the App Store"),
    reason("Error.DownloadFailed", App, &[],
        "the app could not be downloaded",
        "check the network of the device, and the URL of the manifest"),
    reason("Error.DuplicateConfiguredApp", App, &[],
        "two configurations install the same app",
        "remove one of them"),
    reason("Error.InstallFailed", App, &[],
        "the app could not be installed",
        "look in the log of the device"),
    reason("Error.InvalidAppID", App, &[],
        "there is no app with this identifier",
        "correct AppStoreID or BundleID"),
    reason("Error.InvalidCodeSignature", App, &[],
        "the signature of the app is invalid",
        "sign the app again"),
    reason("Error.IsSystemApp", App, &[],
        "the app is a part of the system and cannot be managed",
        "remove the configuration"),
    reason("Error.LicenseNotFound", App, &[],
        "the device or the user has no license for the app",
        "assign a license"),
    reason("Error.NotAnApp", App, &[],
        "the identifier or the manifest is not of an app",
        "correct the identifier, or use a package configuration"),
    reason("Error.NotSupported", App, &[],
        "the device cannot run the app",
        "restrict the activation to other devices"),
    reason("Error.UnmanagedAppAlreadyInstalled", App, &[],
        "the user installed the app, and it is not managed",
        "let the user accept management, or remove the app"),
    reason("Error.UpdateFailed", App, &[],
        "the app could not be updated",
        "look in the log of the device"),
    reason("Error.UserRejected", App, &[],
        "the user declined the app",
        "nothing, or ask the user"),
    reason("Info.UpdateAvailable", App, &[],
        "there is a newer version of the app",
        "nothing, or update the app"),
    reason("Error.DownloadFailed", Package, &[],
        "the package could not be downloaded",
        "check the network of the device, and the URL of the manifest"),
    reason("Error.InstallFailed", Package, &[],
        "the package could not be installed",
        "look in the log of the installer on the Mac"),
];
