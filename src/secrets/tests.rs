//! Which parts of a document are hidden.

use super::*;

/// Returns the document with `•` for each secret.
fn shown(text: &str) -> String {
    shown_as(Grammar::Detected, text)
}

fn shown_as(grammar: Grammar, text: &str) -> String {
    let Some(secrets) = secrets(text.as_bytes(), &(0..text.len()), grammar) else { return String::new() };
    let mut shown = text.to_owned();
    secrets.into_iter().rev().for_each(|secret| shown.replace_range(secret, "•"));
    shown
}

#[test]
fn hides_secrets_in_every_notation() {
    for text in [
        r#"{"Beta": {"RequireProgram": {"Description": "d", "Token": "S3cret"}}}"#,
        r#"{"OfferPrograms": [{"Description": "d", "token" : "S3cret"}]}"#,
        r#"{"OfferPrograms": [{"Description": "d", "Tokem": "S3cret"}]}"#,
        r#"{"OfferPrograms": ["S3cret"]}"#,
        r#"{"RequireProgram": "S3cret"}"#,
        r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Payload": {"Beta": {"RequireProgram": {"Code": "S3cret"}}}}"#,
        r#"{"Type": "com.apple.configuration.softwareupdate.settings", "Payload": "S3cret"}"#,
        r#"{"Anything": "{\"Token\": \"S3cret\"}"}"#,
        r#"{"Pasword": "S3cret"}"#,
        r#"{"admin_password": "S3cret"}"#,
        r#"{"Token": "x", "S3cret-in-the-place-of-a-key": 1}"#,
        r#"{"mdm.push-token": "S3cret", "enhanced-logging.applecare-token": "S3cret"}"#,
        r#"{"\u0054oken": "S3cret"}"#,
        r#"{"Chal\nge": "S3cret"}"#,
        r#"{"Token": ["S3cret"]}"#,
        r#"{"Token": {"S3cret": 1}}"#,
        r#"{"BetaToken": "S3cret"}"#,
        r#"{"SeedToken": "S3cret"}"#,
        r#"{"private/key": "S3cret"}"#,
        r#"{"\tPIN": "S3cret"}"#,
        r#"{"PPK": "S3cret", "PPKIdentifier": "shown"}"#,
        r#"{"AdditionalHTTPHeaders": {"Authorization": "S3cret"}}"#,
        r#"{"AdditionalHTTPHeaderFields": {"X": "S3cret"}}"#,
        r#"{"Identity": "S3cret"}"#,
        r#"{"ClientIdentifier": "S3cret"}"#,
        r#"{"Proof": {"IdentityToken": "S3cret"}}"#,
        "{ // \"Token\": \"S3cret\"\n}",
        "{\"Token\": \"x\", /* S3cret */ \"a\": [1,],}",
        "{ // it's\n \"Token\": \"S3cret\"}",
        "<dict><key>Password</key><string>S3cret</string></dict>",
        "<dict><key> Wi-Fi password </key>\n<string>\nS3cret\n</string></dict>",
        "<dict><key>Pass&#119;ord</key><string>S3cret</string></dict>",
        "<dict><key><![CDATA[Password]]></key><string><![CDATA[S3cret]]></string></dict>",
        "<dict><key>Password</key><string>a&amp;S3cret</string></dict>",
        "<dict><key>Tokens</key><array><string>x</string><string>S3cret</string></array></dict>",
        "<dict><key>Credentials</key><dict><key>x</key><dict><key>y</key><string>S3cret</string></dict></dict></dict>",
        "<dict><!-- <key>Password</key><string>S3cret</string> --></dict>",
        "<dict><key>Password</key><!-- S3cret --><string>x</string></dict>",
        "<dict><key>PrivateKey</key><string>S3cret</string></dict>",
        "<dict><key>API_KEY</key><string>S3cret</string></dict>",
        "<dict><key>PIN</key><string>S3cret</string></dict>",
        "<dict><key>Pass<![CDATA[word]]></key><string>S3cret</string></dict>",
        "<dict><?note Password S3cret?></dict>",
        r#"{"AdminPasword": "S3cret"}"#,
        r#"{"enhanced-logging.applecare-teken": "S3cret"}"#,
        r#"{"PostQuantumKeyExchange": {"TPK": "S3cret"}}"#,
        r#"{"Type": "com.apple.configuration.network.vpn.ikev2", "Payload": {"PostQuantumKeyExchange": {"aPPK": "S3cret"}}}"#,
    ] {
        let shown = shown(text);
        assert!(!shown.contains("S3cret") && !shown.is_empty(), "{text}: {shown}");
    }
}

#[test]
fn hides_a_broken_document_that_names_a_secret() {
    for text in [
        r#"{"Token": "S3cret"#,
        r#"{"Token": S3cret, "Description": "d"}"#,
        "{'Token': 'S3cret'}",
        "Token: S3cret",
        "S3cret\",",
        "\"S3cret\"",
        "<string>S3cret</string>",
        "{\"\0T\0o\0k\0e\0n\": \"S3cret\" 1}",
        r#"{"SecretToken": "S3cret" "a": 1}"#,
        r#"{"private/key": "S3cret" "a": 1}"#,
        "{\"Identifier\": \"a}\n{\"Token\": \"S3cret\"}",
        "{\"Identifier\": \"a\\\n{\"\\u0054oken\": \"S3cret\"}",
        "<key>Password<string>S3cret</string>",
        "<dict><key>Password</key><string>S3cret",
        "<dict><key>Password</key>S3cret</dict>",
        "<kye>Password</kye><string>S3cret</string>",
        "<dict><key>PIN</kye><string>S3cret</string></dict>",
        "<dict><!-- <key>API_KEY</key> --><string>S3cret</string></dict>",
        "<plist><Password>S3cret</Password></plist>",
        r#"{"mdm":}{"push-' ken": "S3cret"}"#,
        "{\"push-t[k\nn\": \"S3cret\"}",
        "<dict><keyPPK</key><string>S3cret</string></dict>",
        "{\"AdminPas\nword\": \"S3cret\"}",
        "<dict><keyPass-ord</key><string>S3cret</string></dict>",
    ] {
        assert_eq!(secrets(text.as_bytes(), &(0..text.len()), Grammar::Detected), None, "{text}");
    }
}

#[test]
fn shows_values_that_are_not_secret() {
    for text in [
        r#"{"AuthenticationCredentialsAssetReference": "com.example.shown"}"#,
        r#"{"ServerToken": "abc", "Identifier": "token.of.something"}"#,
        r#"{"SeverToken": "abc"}"#,
        r#"{"NewKey": 1, "KeyType": "RSA", "PasscodeReuseLimit": "5", "MinimumLength": "8"}"#,
        r#"{"TokenRequestURL": "https://example.com", "AuthenticationMethod": "Password"}"#,
        r#"{"Token": true, "Description": "d", "Short": 1, "AuthenticationMetod": 1}"#,
        r#"{"Type": "com.apple.configuration.extensible-sso", "Payload": {"PlatformSSO": {"RegistrationToken": true, "NewKey": 1}}}"#,
        r#"{"OfferPrograms": [{"Description": "Token of joy"}]}"#,
        r#"{"IsBroken": "shown", "PixelDensity": "shown", "PasscodeReuseLimt": "5"}"#,
        r#"{"Beta": {"ProgramEnrollment": "AlwaysOn"}}"#,
        r#"{"Type": "com.apple.configuration.softwareupdate.enforcement.specific", "Payload": "shown"}"#,
        r#"{"RequirePasscode": true, "MaximumPasscodeAgeInDays": 90}"#,
        r#"{"Identifier": "a", "ServerToken": "b", // a comment
            "Payload": {} "Type": "b"}"#,
        "<dict><key>ProductKey</key><string>shown</string></dict>",
        "<dict><!-- a comment --><key>RequestType</key><string>ScheduleOSUpdate</sting></dict>",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn hides_a_part_of_a_document_that_names_a_secret() {
    let object =
        |text: &str| secrets(text.as_bytes(), &(text.find("{\"Value").expect("it is there")..text.len()), Grammar::Detected);
    assert_eq!(object("[{}, \"Password\": \"x\", \"Identity\": {\"Value\": 1}"), None);
    let first = r#"{"S3cret-in-the-place-of-a-key": ], "Token": "x"}"#;
    assert_eq!(secrets(first.as_bytes(), &(0..33), Grammar::Detected), None);
    assert_eq!(object("[{}, \"Comment\": {\"Value\": 1}"), Some(Vec::new()));
    assert_eq!(object("[{\"Token\": \"x\"}, {\"Value\": 1}"), Some(Vec::new()));
}

#[test]
fn hides_the_secrets_of_yaml() {
    for (text, expected) in [
        ("Token: S3cret\nIdentifier: a\n", "Token: •\nIdentifier: a\n"),
        ("a: {Password: 'S3''cret', Identifier: b}\n", "a: {Password: •, Identifier: b}\n"),
        ("Password: |\n  S3cret\n  S3cret\nIdentifier: a\n", "Password: |\n  •\nIdentifier: a\n"),
        ("Identifier: &t S3cret\nToken: *t\n", "Identifier: &t •\nToken: *t\n"),
        ("a: &t {Token: S3cret}\nb: {<<: *t, c: 1}\n", "a: &t {Token: •}\nb: {<<: *t, c: 1}\n"),
        ("Token: S3cret # S3cret\n#S3cret\nIdentifier: a#b\n", "Token: • •\n•\nIdentifier: a#b\n"),
        ("Token: S3cret\n Identifier: a\n", ""),
        ("Token: \"S3cret\nIdentifier: a\n", ""),
        ("Type: a # a comment\nIdentifier: b\n", "Type: a # a comment\nIdentifier: b\n"),
    ] {
        assert_eq!(shown_as(Grammar::Yaml, text), expected, "{text}");
    }
}
