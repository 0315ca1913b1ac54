//! The claims of each type.
//!
//! Values that Apple calls UUIDs have no claim: Apple's own examples contain other texts.

use super::Claim::{Any, AnyTrue, Apart, AtMost, Both, Implied, MostItems, Names, Number, One, Only, Refused, Required, Text};
use super::Condition::{
    Absent, All, Either, Enrolled, False, Filled, Is, IsNot, Lists, NotNamed, NotNumber, NotOnly, Present, True,
};
use super::TextFormat::{
    BundleOrRequirement, BundleOrTeam, CachePath, CdHash, Domain, HomePath, Host, Https, Language, MediaType, NotEmpty, Regex,
    ReverseDns, Service, Sha256, Team, TeamOrAny, Web,
};
use super::{Claim, Condition};
use crate::apple::Enrolment::{Device, User};

/// Claims with their paths: to an object, or to a value for a claim about one.
type Rows = &'static [(&'static str, Claim)];

/// The type, the path to the object that the paths of the claims start from, and the claims. A type can occur twice.
pub(in crate::apple) static CLAIMS: &[(&str, &str, Rows)] = &[
    (
        "com.apple.configuration.softwareupdate.settings",
        "Beta",
        &[("OfferPrograms.*.Token", Text(NotEmpty)), ("RequireProgram.Token", Text(NotEmpty))],
    ),
    ("com.apple.configuration.account.caldav", "", HOST),
    ("com.apple.configuration.account.carddav", "", HOST),
    (
        "com.apple.configuration.account.exchange",
        "",
        &[
            ("HostName", Text(Host)),
            ("ExternalHostName", Text(Host)),
            ("", Only("Port", Present("HostName"))),
            ("", Only("Path", Present("HostName"))),
            ("", Only("ExternalPort", Present("ExternalHostName"))),
            ("", Only("External Path", Present("ExternalHostName"))),
            ("OAuth", Only("SignInURL", True("Enabled"))),
            ("OAuth", Only("TokenRequestURL", True("Enabled"))),
            ("", Required("HostName", All(&[Present("OAuth.SignInURL"), True("OAuth.Enabled")]))),
        ],
    ),
    (
        "com.apple.configuration.account.ldap",
        "",
        // Without a node to search, the account is of no use.
        &[("HostName", Text(Host)), ("", Only("HostName", Filled("SearchSettings")))],
    ),
    ("com.apple.configuration.account.mail", "IncomingServer", MAIL_SERVER),
    ("com.apple.configuration.account.mail", "IncomingServer", &[("", Only("IMAPPathPrefix", Is("ServerType", &["IMAP"])))]),
    ("com.apple.configuration.account.mail", "OutgoingServer", MAIL_SERVER),
    ("com.apple.configuration.account.subscribed-calendar", "", &[("CalendarURL", Text(Https))]),
    (
        "com.apple.configuration.app.managed",
        "",
        &[
            ("", One(&["AppStoreID", "BundleID", "ManifestURL", "AppComposedIdentifier"])),
            ("", Required("InstallBehavior.License.Assignment", FROM_APP_STORE)),
            ("", Only("InstallBehavior.Version", FROM_APP_STORE)),
            ("", Only("iOSApp", FROM_APP_STORE)),
            ("", Only("UpdateBehavior.AutomaticAppUpdates", Absent("InstallBehavior.Version"))),
            ("AppComposedIdentifier", Text(BundleOrTeam)),
            ("ExtensionConfigs", Names(BundleOrTeam)),
        ],
    ),
    (
        "com.apple.configuration.app.settings",
        "",
        &[
            ("Allowed.AllowedBinaries.*", Any(&["CDHash", "TeamID"])),
            ("Allowed.DeniedBinaries.*", Any(&["CDHash", "TeamID", "SigningID"])),
            ("Allowed.AllowedBinaries.*.CDHash", Text(CdHash)),
            ("Allowed.DeniedBinaries.*.CDHash", Text(CdHash)),
            ("Allowed", Only("AlwaysAllowManagedApps", Present("AllowedBinaries"))),
            ("Privacy.PermissionDefaults", Names(BundleOrRequirement)),
        ],
    ),
    (
        "com.apple.configuration.audio-accessory.settings",
        "TemporaryPairing",
        &[
            ("", Required("Configuration", False("Disabled"))),
            ("Configuration.UnpairingTime", Required("Hour", Is("Policy", &["Hour"]))),
        ],
    ),
    (
        "com.apple.configuration.content-cache.settings",
        "",
        &[
            ("", AnyTrue(&["AllowPersonalCaching", "AllowSharedCaching"])),
            ("", AtMost("PersonalCacheLimit", "CacheLimit")),
            ("", Only("ListenRanges", False("LocalSubnetsOnly"))),
            (
                "",
                Required(
                    "ManagementStatusCertificateReference",
                    Is("ManagementSecurityConfig", &["signedByCACert", "specificServerCert"]),
                ),
            ),
            ("DataPath", Text(CachePath)),
        ],
    ),
    (
        "com.apple.configuration.extensible-sso",
        "",
        &[
            ("ExtensionComposedIdentifier", Text(BundleOrTeam)),
            ("", Required("URLs", Is("Type", &["Redirect"]))),
            ("", Required("Hosts", Is("Type", &["Credential"]))),
            ("", Only("URLs", Is("Type", &["Redirect"]))),
            ("", Only("Hosts", Is("Type", &["Credential"]))),
            ("", Only("Realm", Is("Type", &["Credential"]))),
            ("URLs.*", Text(Web)),
            ("PlatformSSO", Only("RegistrationToken", Present("AuthenticationMethod"))),
            ("PlatformSSO", Only("UserCreation.EnableAtLogin", True("UseSharedDeviceKeys"))),
            ("PlatformSSO", Only("Authorization.EnableIdentityProviderAccounts", True("UseSharedDeviceKeys"))),
            ("PlatformSSO", Required("WebAuthentication.URLAllowList", Is("AuthenticationMethod", &["OpenID"]))),
            ("PlatformSSO.Policies", Required("OfflineGracePeriod", ANY_POLICY_ALLOWS_OFFLINE)),
            ("PlatformSSO.Policies", Required("AuthenticationGracePeriod", ANY_POLICY_ALLOWS_UNREGISTERED)),
        ],
    ),
    ("com.apple.configuration.external-intelligence.settings", "", &[("AllowedWorkspaceIDs", MostItems(1))]),
    ("com.apple.configuration.legacy", "", PROFILE),
    ("com.apple.configuration.legacy.interactive", "", PROFILE),
    (
        "com.apple.configuration.migration-assistant.settings",
        "",
        &[("ExcludedPaths.*", Text(HomePath)), ("RequiredPaths.*", Text(HomePath))],
    ),
    ("com.apple.configuration.network.dns-proxy", "", &[("", Required("DNSProxyUUID", Enrolled(&[User])))]),
    (
        "com.apple.configuration.network.dns-settings",
        "",
        &[
            ("DNSSettings", Required("ServerURL", Is("DNSProtocol", &["HTTPS"]))),
            ("DNSSettings", Only("ServerName", Is("DNSProtocol", &["TLS"]))),
            ("DNSSettings.ServerURL", Text(Https)),
            ("DNSSettings.ServerName", Text(Host)),
            ("OnDemandRules.*", Only("ActionParameters", Is("Action", &["EvaluateConnection"]))),
        ],
    ),
    (
        "com.apple.configuration.network.relay",
        "",
        &[("Relays.*", Any(&["HTTP2RelayURL", "HTTP3RelayURL"])), ("", Required("RelayUUID", Enrolled(&[User])))],
    ),
    ("com.apple.configuration.network.vpn.always-on", "TunnelConfigurations.*.IKEV2", IKEV2),
    (
        "com.apple.configuration.network.vpn.always-on",
        "",
        &[("", Only("AllowedCaptiveNetworkPlugins", False("AllowAllCaptiveNetworkPlugins")))],
    ),
    ("com.apple.configuration.network.vpn.ikev2", "", IKEV2),
    ("com.apple.configuration.network.vpn.ikev2", "", VPN),
    ("com.apple.configuration.network.vpn.ikev2", "", ROUTING),
    ("com.apple.configuration.network.vpn.ipsec", "", VPN),
    (
        "com.apple.configuration.network.vpn.ipsec",
        "",
        &[("HostName", Text(Host)), ("Authentication.XAuth", Required("CredentialsAssetReference", True("Enabled")))],
    ),
    ("com.apple.configuration.network.vpn.vpn-plugin", "", VPN),
    ("com.apple.configuration.network.vpn.vpn-plugin", "", ROUTING),
    (
        "com.apple.configuration.network.vpn.vpn-plugin",
        "",
        &[
            ("Authentication", Required("CredentialsAssetReference", Is("Method", &["Password"]))),
            ("Authentication", Required("IdentityAssetReference", Is("Method", &["Certificate"]))),
        ],
    ),
    (
        "com.apple.configuration.passcode.settings",
        "",
        &[
            ("", Implied("RequirePasscode")),
            ("", Only("FailedAttemptsResetInMinutes", Present("MaximumFailedAttempts"))),
            ("CustomRegex.Regex", Text(Regex)),
            ("CustomRegex.Description", Names(Language)),
            // With user enrolment, any configuration of the type requires a complex passcode of six characters.
            ("", Only("RequireAlphanumericPasscode", NotOnly(User))),
            ("", Only("MinimumComplexCharacters", NotOnly(User))),
            ("", Only("MaximumFailedAttempts", NotOnly(User))),
            ("", Only("MaximumGracePeriodInMinutes", NotOnly(User))),
            ("", Only("MaximumPasscodeAgeInDays", NotOnly(User))),
            ("", Only("PasscodeReuseLimit", NotOnly(User))),
        ],
    ),
    (
        "com.apple.configuration.safari.bookmarks",
        "",
        // The items of Folder are described by the same keys.
        &[("ManagedBookmarks.*.Bookmarks.*", One(&["URL", "Folder"]))],
    ),
    (
        "com.apple.configuration.safari.extensions.settings",
        "ManagedExtensions",
        &[
            ("", Names(TeamOrAny)),
            ("ANY", Only("AllowedDomains", NotNamed("*"))),
            ("ANY", Apart("AllowedDomains", "DeniedDomains")),
            ("ANY.AllowedDomains.*", Text(Domain(true))),
            ("ANY.DeniedDomains.*", Text(Domain(true))),
        ],
    ),
    (
        "com.apple.configuration.safari.settings",
        "",
        &[
            ("NewTabStartPage", Required("HomepageURL", Is("PageType", &["Home"]))),
            ("NewTabStartPage", Required("ExtensionIdentifier", Is("PageType", &["Extension"]))),
            ("NewTabStartPage.HomepageURL", Text(Web)),
            ("NewTabStartPage.ExtensionIdentifier", Text(Team)),
            ("Privacy.PermissionDefaults", Names(Domain(false))),
        ],
    ),
    ("com.apple.configuration.screensharing.connection", "", HOST),
    (
        "com.apple.configuration.services.background-tasks",
        "",
        &[("", Any(&["ExecutableAssetReference", "LaunchdConfigurations"])), ("TaskType", Text(ReverseDns))],
    ),
    ("com.apple.configuration.services.configuration-files", "", &[("ServiceType", Text(Service))]),
    ("com.apple.configuration.watch.enrollment", "", &[("EnrollmentProfileURL", Text(Https))]),
    (
        "com.apple.configuration.webcontent-filter.plugin",
        "",
        &[
            ("", Required("ContentFilterUUID", Enrolled(&[Device, User]))),
            ("Filter.Sockets", Required("ProviderComposedIdentifier", True("Enabled"))),
            ("Filter.Packets", Required("ProviderComposedIdentifier", True("Enabled"))),
            ("Filter.URLs", Required("Parameters", True("Enabled"))),
            ("Filter.Sockets.ProviderComposedIdentifier", Text(BundleOrRequirement)),
            ("Filter.Packets.ProviderComposedIdentifier", Text(BundleOrRequirement)),
            ("Filter.URLs.Parameters.ProviderComposedIdentifier", Text(BundleOrRequirement)),
        ],
    ),
    ("com.apple.asset.credential.acme", "", REFERENCE),
    ("com.apple.asset.credential.certificate", "", REFERENCE),
    ("com.apple.asset.credential.identity", "", REFERENCE),
    ("com.apple.asset.credential.scep", "", REFERENCE),
    ("com.apple.asset.credential.userpassword", "", REFERENCE),
    ("com.apple.asset.data", "", REFERENCE),
    (
        "com.apple.credential.acme",
        "",
        &[
            ("DirectoryURL", Text(Https)),
            ("", Number("KeySize", &[(1024, 4096)], 8, Is("KeyType", &["RSA"]))),
            (
                "",
                Number(
                    "KeySize",
                    &[(256, 256), (384, 384), (521, 521)],
                    1,
                    All(&[Is("KeyType", &["ECSECPrimeRandom"]), False("HardwareBound")]),
                ),
            ),
            (
                "",
                Number(
                    "KeySize",
                    &[(256, 256), (384, 384)],
                    1,
                    All(&[Is("KeyType", &["ECSECPrimeRandom"]), True("HardwareBound")]),
                ),
            ),
            ("", Only("HardwareBound", Is("KeyType", &["ECSECPrimeRandom"]))),
            ("", Only("Attest", True("HardwareBound"))),
        ],
    ),
];

const HOST: Rows = &[("HostName", Text(Host))];

const MAIL_SERVER: Rows = &[
    ("HostName", Text(Host)),
    ("", Required("AuthenticationCredentialsAssetReference", IsNot("AuthenticationMethod", "None"))),
    ("", Refused("AuthenticationCredentialsAssetReference", Is("AuthenticationMethod", &["None"]))),
];

const FROM_APP_STORE: Condition = Either(&[Present("AppStoreID"), Present("BundleID")]);

/// Apple writes "one of", and it is unknown whether a device refuses both.
const PROFILE: Rows = &[("", Any(&["ProfileURL", "ProfileAssetReference"])), ("ProfileURL", Text(Https))];

const ANY_POLICY_ALLOWS_OFFLINE: Condition = Either(&[
    Lists("FileVault", "AllowOfflineGracePeriod"),
    Lists("Login", "AllowOfflineGracePeriod"),
    Lists("Unlock", "AllowOfflineGracePeriod"),
]);

const ANY_POLICY_ALLOWS_UNREGISTERED: Condition = Either(&[
    Lists("FileVault", "AllowAuthenticationGracePeriod"),
    Lists("Login", "AllowAuthenticationGracePeriod"),
    Lists("Unlock", "AllowAuthenticationGracePeriod"),
]);

const IKEV2: Rows = &[
    ("HostName", Text(Host)),
    ("Authentication", Required("CredentialsAssetReference", Is("Method", &["SharedSecret"]))),
    ("Authentication", Required("IdentityAssetReference", Is("Method", &["Certificate"]))),
    ("Authentication.ExtendedAuth", Required("CredentialsAssetReference", True("Enabled"))),
    (
        "Authentication",
        // Another text of Apple's requires it without extended authentication too; only this much is certain.
        Required(
            "ExtendedAuth.ServerCertificateIssuerCommonName",
            All(&[Present("IdentityCertificateType"), True("ExtendedAuth.Enabled")]),
        ),
    ),
    ("PostQuantumKeyExchange", Both("PPK", "PPKIdentifier")),
    ("PostQuantumKeyExchange", Only("PPKMandatory", Either(&[Present("PPK"), Present("PPKIdentifier")]))),
    (
        "",
        Only(
            "PostQuantumKeyExchange.AllowFallback",
            Either(&[
                Present("IKESecurityAssociationParameters.PostQuantumKeyExchangeMethods"),
                Present("ChildSecurityAssociationParameters.PostQuantumKeyExchangeMethods"),
            ]),
        ),
    ),
];

const VPN: Rows = &[
    ("Proxies.Protocol.HTTP", Required("Port", Present("HostName"))),
    ("Proxies.Protocol.HTTPS", Required("Port", Present("HostName"))),
    ("Proxies", Only("AutoConfigURLString", True("AutoConfigEnable"))),
    ("OnDemand.Rules.*", Only("ActionParameters", Is("Action", &["EvaluateConnection"]))),
    ("OnDemand.Rules.*.ActionParameters.*", Only("RequiredDNSServers", Is("DomainAction", &["ConnectIfNeeded"]))),
    ("OnDemand.Rules.*.ActionParameters.*", Only("RequiredURLStringProbe", Is("DomainAction", &["ConnectIfNeeded"]))),
];

const ROUTING: Rows = &[("NetworkRouting", Only("EnforceRoutes", False("IncludeAllNetworks")))];

const REFERENCE: Rows = &[
    ("Reference.DataURL", Text(Https)),
    ("Reference.ContentType", Text(MediaType)),
    ("Reference.Hash-SHA-256", Text(Sha256)),
    ("Reference", Only("Hash-SHA-256", NotNumber("Size", 0))),
];
