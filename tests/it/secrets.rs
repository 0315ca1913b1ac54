//! No output holds a secret, however the document is damaged.
//!
//! Each document has an invented secret under a key that is secret, or in the place of a key beside one, and up to four
//! edits outside of the secret. `DDMC_THOROUGH=40` tries ten thousand.

use ddmc::fuzzing::outputs;

use crate::support::{Json, thorough};

/// Not a real secret. It is valid base64.
const SECRET: &str = "q7XkV2mZr9Lp4TwYh3Nc";

/// The shortest part of the secret that must not be shown, in bytes.
const PART: usize = 5;

/// Documents with a secret, which `@` stands for.
const DOCUMENTS: &[&str] = &[
    r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.beta", "ServerToken": "1", "Payload": {"Notifications": true, "Beta": {"ProgramEnrollment": "AlwaysOn", "RequireProgram": {"Description": "AppleSeed", "Token": "@"}}}}"#,
    r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Identifier": "com.example.beta", "Payload": {"Beta": {"OfferPrograms": [{"Description": "First", "Token": "one"}, {"Token": "@", "Description": "Second"}]}, "Deferrals": {"MajorPeriodInDays": 30}}}"#,
    r#"{"Type": "com.apple.configuration.extensible-sso", "Identifier": "com.example.sso", "Payload": {"ExtensionIdentifier": "com.example.extension", "Type": "Redirect", "URLs": ["https://example.com"], "PlatformSSO": {"AuthenticationMethod": "Password", "RegistrationToken": "@", "UseSharedDeviceKeys": true}}}"#,
    r#"{"Type": "com.apple.configuration.extensible-sso", "Identifier": "com.example.sso", "Payload": {"PlatformSSO": {"AuthenticationMethod": "Password", "AdditionalHTTPHeaders": {"Authorization": "@", "Accept": "text/plain"}}}}"#,
    r#"{"Type": "com.apple.configuration.network.relay", "Identifier": "com.example.relay", "Payload": {"VisibleName": "Relay", "Relays": [{"HTTP3RelayURL": "https://relay.example.com", "AdditionalHTTPHeaderFields": {"Authorization": "@"}}], "MatchDomains": ["example.com"]}}"#,
    r#"{"Type": "com.apple.configuration.network.vpn.ikev2", "Identifier": "com.example.vpn", "Payload": {"VisibleName": "Office", "HostName": "vpn.example.com", "LocalIdentifier": "client", "RemoteIdentifier": "vpn.example.com", "Authentication": {"Method": "None"}, "PostQuantumKeyExchange": {"PPK": "@", "PPKIdentifier": "office"}}}"#,
    r#"{"Type": "com.apple.management.organization-info", "Identifier": "com.example.organization", "Payload": {"Name": "Example", "Proof": {"IdentityToken": "@"}}}"#,
    r#"{"Type": "com.apple.configuration.services.unknown", "Identifier": "com.example.new", "Payload": {"NewKey": 1, "Account": {"UserName": "ann", "Password": "@"}}}"#,
    r#"{"UserName": "ann", "Password": "@"}"#,
    r#"{"URL": "https://scep.example.com", "Challenge": "@", "Keysize": 2048}"#,
    r#"{"DirectoryURL": "https://acme.example.com", "ClientIdentifier": "@", "KeyType": "RSA"}"#,
    r#"{"Password": "x", "Identity": "@"}"#,
    r#"{"PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile", "PayloadUUID": "5C8F1B8E-0001", "PayloadContent": [{"PayloadType": "com.apple.wifi.managed", "SSID_STR": "Office", "Password": "@"}, {"PayloadType": "com.apple.SoftwareUpdate", "PayloadVersion": 1, "PayloadIdentifier": "com.example.updates", "PayloadUUID": "5C8F1B8E-0002", "AutomaticDownload": true}]}"#,
    r#"{"CommandUUID": "1", "Command": {"RequestType": "ScheduleOSUpdate", "Updates": [{"InstallAction": "Default", "ProductVersion": "15.1"}], "UnlockToken": "@"}}"#,
];

/// Further members, which are not secret.
const MEMBERS: &[(&str, &str)] = &[
    ("NewKey", "1"),
    ("Comment", "\"no secret\""),
    ("AnUnknownKeyThatIsLong", "{\"a\": [null]}"),
    ("Enabled", "\"yes\""),
    ("Notifications", "\"tru\""),
    ("Description", "\"d\""),
    ("com.example.vendor", "[1, 2]"),
];

/// A document beside the one with the secret.
const OTHER: &str = r#"{"Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": {"StandardConfigurations": ["com.example.beta"]}}"#;

/// Bytes to insert or to write instead of others.
const BYTES: &[u8] = b"\"\"\"{}[]:,,<>/\\' \n\tatokenTP0-*";

#[test]
fn no_output_holds_a_secret_of_a_damaged_document() {
    let mut leaks = Vec::new();
    let parts: Vec<&str> = (PART..=SECRET.len()).map(|end| &SECRET[end - PART..end]).collect();
    let mut texts = 0;
    for seed in 0..250 * thorough() {
        let (name, text) = damaged(&mut fastrand::Rng::with_seed(seed));
        texts += 1;
        for (what, output) in outputs(name, &text) {
            if let Some(part) = parts.iter().find(|part| output.contains(**part)) {
                leaks.push(format!("seed {seed}, {what}: {part} of {name}\n{}\n{output}", String::from_utf8_lossy(&text)));
                break;
            }
        }
    }
    assert!(
        leaks.is_empty(),
        "{} of {texts} documents leak; the first:\n{}",
        leaks.len(),
        leaks[..leaks.len().min(8)].join("\n----\n")
    );
}

/// A document in some format with up to four edits.
fn damaged(dice: &mut fastrand::Rng) -> (&'static str, Vec<u8>) {
    let at = dice.usize(..DOCUMENTS.len());
    let mut document = Json::parse(&planted(DOCUMENTS[at], dice));
    for _ in 0..dice.usize(..3) {
        let (name, value) = MEMBERS[dice.usize(..MEMBERS.len())];
        let mut objects = document.places(|value| matches!(value, Json::Object(_)));
        let path = objects.swap_remove(dice.usize(..objects.len()));
        if let Json::Object(members) = document.at(&path) {
            members.insert(dice.usize(..=members.len()), (name.to_owned(), Json::parse(value)));
        }
    }
    let text = document.to_string();
    let is_legacy = at >= DOCUMENTS.len() - 2;
    let (name, text) = match dice.usize(..8) {
        0 => ("a.json", pretty(&text)),
        1 => ("a.json", format!("[{OTHER},\n  {text}, {OTHER}]")),
        2 => ("a.json", format!("[\n{text}\n]")),
        3 => ("a.ndjson", format!("{OTHER}\n{text}\n{OTHER}\n")),
        4 => ("a.plist", plist(&document)),
        _ if is_legacy => ("a.plist", plist(&document)),
        _ => ("a.json", text),
    };
    let mut text = text.into_bytes();
    for _ in 0..dice.usize(..5) {
        edit(&mut text, dice);
    }
    (name, text)
}

/// The document with the secret in place of `@`: as it stands, in an array or an object, or as a key beside it.
fn planted(document: &str, dice: &mut fastrand::Rng) -> String {
    let secret = format!("\"{SECRET}\"");
    let value = match dice.usize(..12) {
        0 => format!("[{secret}]"),
        1 => format!("{{\"Value\": {secret}}}"),
        2 => format!("{{{secret}: 1}}"),
        3 => format!("\"x\", {secret}: 1"),
        _ => secret,
    };
    document.replace("\"@\"", &value)
}

/// Changes one byte outside of the secret, often near it.
fn edit(text: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    let secret = text.windows(SECRET.len()).position(|window| window == SECRET.as_bytes()).expect("the secret is there");
    let inside = secret..secret + SECRET.len();
    let at = match dice.usize(..3) {
        0 => dice.usize(secret.saturating_sub(30)..(inside.end + 15).min(text.len())),
        1 => dice.usize(secret.saturating_sub(120)..=secret),
        _ => dice.usize(..text.len()),
    };
    let byte = BYTES[dice.usize(..BYTES.len())];
    match dice.usize(..3) {
        0 if at <= secret || at >= inside.end => text.insert(at, byte),
        1 if !inside.contains(&at) => text[at] = byte,
        2 if !inside.contains(&at) => drop(text.remove(at)),
        _ => {}
    }
}

/// A line for each member or element.
fn pretty(text: &str) -> String {
    text.replace('{', "{\n  ").replace(',', ",\n  ").replace('}', "\n}")
}

fn plist(value: &Json) -> String {
    fn element(value: &Json) -> String {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        match value {
            Json::Null => "<string></string>".to_owned(),
            Json::Boolean(value) => format!("<{value}/>"),
            Json::Number(number) => format!("<integer>{number}</integer>"),
            Json::Text(text) => format!("<string>{}</string>", escaped(text)),
            Json::Array(items) => format!("<array>\n{}</array>\n", items.iter().map(element).collect::<String>()),
            Json::Object(members) => {
                let member = |(key, value): &(String, Json)| format!("<key>{}</key>{}\n", escaped(key), element(value));
                format!("<dict>\n{}</dict>\n", members.iter().map(member).collect::<String>())
            }
        }
    }
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\">\n{}</plist>\n", element(value))
}
