//! Predicates: which are right, and where the mistakes of the others are.

use ddmc::{Checker, Diagnostic, check};

/// An activation with a predicate.
fn activation(predicate: &str) -> String {
    let predicate = serde_json::to_string(predicate).expect("a string is JSON");
    format!(
        r#"{{ "Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {{ "StandardConfigurations": ["b"], "Predicate": {predicate} }} }}"#
    )
}

/// The rule and the underlined source of each finding.
fn found(document: &str, findings: &[Diagnostic]) -> Vec<(String, String)> {
    let source = |finding: &Diagnostic| document[finding.place.start.offset..finding.place.end.offset].to_owned();
    findings.iter().map(|finding| (finding.rule.id.to_string(), source(finding))).collect()
}

fn of(predicate: &str) -> Vec<(String, String)> {
    let document = activation(predicate);
    found(&document, &check("a.json", document.as_bytes()))
}

#[test]
fn right_predicates_are_silent() {
    for predicate in [
        "@status(device.model.family) == 'AppleTV'",
        "(@status(device.model.family) == 'iPad')",
        "@status(device.model.family) =='iPad'",
        "@status(passcode.is-present)==true",
        "@status(device.operating-system.family)=='iPadOS'",
        "@status(device.operating-system.version)=='18.2'",
        "@status(device.operating-system.version)<'18.3'",
        "@status(diskmanagement.filevault.enabled)==true",
        "@property(userFirstName)=='test'",
        "@status(device.identifier.serial-number) == \"ABC-XYZ\"",
        "(@property(shard) <= 75)",
        "(@property(shard) <= 75) and @status(device.identifier.serial-number) beginswith 'XY'",
        "(@property(age) >= 18) AND (\"Grade12\" IN @property(roles))",
        "SUBQUERY(@status(mdm.app), $app, ($app.@key(identifier) == 'a') AND ($app.@key(state) == 'managed')).@count == 1",
        "SUBQUERY(@status(app.managed.list), $app, $app.@key(external-version-id) > 5).@count != 0",
        "SUBQUERY(@status(management.declarations.configurations), $d, ($d.@key(identifier) == 'a' AND $d.@key(active) == true)).@count == 1",
        "@status(softwareupdate.install-state) == 'prepared'",
        "@status(softwareupdate.install-state) == 'waiting'",
        "ANY @property(jamf.device.groups) IN {'UUID'} AND @status(device.model.family) == 'iPad'",
        "NONE @property(jamf.device.groups) IN {'a','b'}",
        "@status(management.client-capabilities.supported-features.x) == true",
        "@status(softwareupdate.pending-version.os-version) >= '26.1'",
        "ANY @status(softwareupdate.install-reason.reason) == 'declaration'",
        "@status(passcode.is-present) == 1 AND @status(device.model.family) ==[c] 'ipad'",
        "@status(device.power.battery-health) == NULL OR @status(device.power.battery-health) != 'normal'",
        "@status(device.model.family) == 'RealityDevice' AND @status(device.operating-system.version) >= '2.4'",
        "@status(device.operating-system.version) BETWEEN {'18.0', '18.9'}",
        "@status(mdm.app).@count > 0",
        // Placeholders may stand for anything.
        "$FLEET_VAR_PREDICATE",
        "{{ predicate }}",
        "@status(device.identifier.serial-number) == $FLEET_VAR_SERIAL",
        "@status(device.identifier.serial-number) IN { {{ serials }} }",
        "@status(softwareupdate.install-state) == '$STATE'",
        "@status({{ item }}) == 1 AND",
        "@status(device.model.family) == '%FAMILY%' %MORE%",
        "ACTION_PLACEHOLDER",
    ] {
        assert_eq!(of(predicate), [], "{predicate}");
    }
}

#[test]
fn wrong_predicates_are_underlined_at_the_mistake() {
    for (predicate, rule, place) in [
        ("", "invalid-predicate", r#""""#),
        ("@status(device.model.family) == \u{2018}iPad\u{2019}", "invalid-predicate", "\u{2018}"),
        ("(@status(device.model.family) == \"iPad\"", "invalid-predicate", "("),
        ("@status(device.model.family) === \"iPad\"", "invalid-predicate", "==="),
        ("@status(\"device.model.family\") == 'iPad'", "invalid-predicate", r#"\"device.model.family\""#),
        ("'\"' == @status( a )", "invalid-predicate", " a "),
        ("ANY @property(jamf.device.groups)", "invalid-predicate", "@property(jamf.device.groups)"),
        ("@key(identifier) == 'x'", "invalid-predicate", "identifier"),
        ("@status(mdm.app).@key(identifier) == 'x'", "invalid-predicate", "identifier"),
        ("$x == 1", "invalid-predicate", "$x"),
        ("SUBQUERY(@status(mdm.app), $a, $a.@key(stat) == 'managed').@count == 1", "invalid-predicate", "stat"),
        ("SUBQUERY(@status(mdm.app), $a, $b.@key(state) == 'managed').@count == 1", "invalid-predicate", "$b"),
        ("now() > 1", "invalid-predicate", "now"),
        ("@status(passcode-compliance.compliant) == false", "unknown-status-item", "passcode-compliance.compliant"),
        ("@status(os.version.major) >= 15", "unknown-status-item", "os.version.major"),
        ("@status(os.version) >= \"15.0\"", "unknown-status-item", "os.version"),
        ("@status(softwareupdate.pending-version.version) == '26.1'", "unknown-status-item", "softwareupdate.pending-version.version"),
        ("device.model.family == 'iPad'", "suspicious-predicate", "device.model.family"),
        ("device.operating-system.family == 'iOS'", "suspicious-predicate", "device.operating-system.family"),
        ("@status(diskmanagement.filevault.enabled)==vrai", "suspicious-predicate", "vrai"),
        ("@status(device.operating-system.version) >= 15", "suspicious-predicate", "15"),
        ("@status(device.operating-system.version) >= '9.0'", "suspicious-predicate", "'9.0'"),
        ("@status(device.operating-system.version) < \"26.10\"", "suspicious-predicate", r#"\"26.10\""#),
        (
            "@status(device.operating-system.family) == 'visionOS' OR @status(device.operating-system.version) >= '15.0'",
            "suspicious-predicate",
            "'15.0'",
        ),
        ("@status(passcode.is-present) == 'true'", "suspicious-predicate", "'true'"),
        ("@status(softwareupdate.install-state) IN {'ready', 'prepared'}", "suspicious-predicate", "'ready'"),
        ("@status(device.model.family) == 'iphone'", "suspicious-predicate", "'iphone'"),
        ("'macOS' == @status(device.model.family)", "suspicious-predicate", "'macOS'"),
        ("@status(mdm.app) == 'x'", "suspicious-predicate", "@status(mdm.app)"),
        ("@status(softwareupdate.pending-version) == '26.1'", "suspicious-predicate", "@status(softwareupdate.pending-version)"),
        (
            "SUBQUERY(@status(mdm.app), $a, $a.@key(state) == 'installed').@count == 1",
            "suspicious-predicate",
            "'installed'",
        ),
        ("SUBQUERY(@status(mdm.app), $a, @key(state) == 'managed').@count == 1", "suspicious-predicate", "@key(state)"),
        ("NONE @property(g) IN {'a'} OR NONE @property(g) IN {'b'}", "suspicious-predicate", "NONE @property(g) IN {'b'}"),
        ("@status(softwareupdate.device-id) == '$X1' AND @status(os.version) == '$VERSION'", "unknown-status-item", "os.version"),
    ] {
        assert_eq!(of(predicate), [(rule.to_owned(), place.to_owned())], "{predicate}");
    }
    let constant = of("1==0");
    assert_eq!(constant, [("constant-predicate".to_owned(), "\"1==0\"".to_owned())]);
}

#[test]
fn a_mistake_behind_escapes_has_its_column() {
    let document = r#"{ "Type": "com.apple.activation.simple", "Identifier": "a", "Payload": { "StandardConfigurations": ["b"],
  "Predicate": "\u0022a\u0022 == 'ä' AND @status(os.version) == '1'" } }"#;
    let findings = check("a.json", document.as_bytes());
    let unknown = findings.iter().find(|finding| finding.rule.id == "unknown-status-item").expect("a finding");
    assert_eq!((unknown.place.start.line, unknown.place.start.column, unknown.place.end.column), (2, 50, 60));
}

#[test]
fn targets_decide_whether_an_item_matters() {
    for (predicate, targets, expected) in [
        ("@status(passcode.is-present) == TRUE", &["macOS=15.4"][..], Some("always false there")),
        ("@status(passcode.is-present) != TRUE", &["macOS=15.4"], Some("always true there")),
        ("@status(passcode.is-present) == TRUE", &["iOS=18.0"], None),
        ("@status(passcode.is-present) == TRUE AND @status(device.model.family) == 'iPhone'", &["macOS", "iOS"], None),
        ("@status(device.operating-system.version) >= '15.0'", &["visionOS"], Some("compared as text")),
        ("@status(device.operating-system.version) >= '15.0'", &["macOS", "iOS"], None),
    ] {
        let document = activation(predicate);
        let checker =
            targets.iter().fold(Checker::new(), |checker, target| checker.target(target.parse().expect("a target")));
        let findings = checker.check("a.json", document.as_bytes());
        let messages: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
        match expected {
            None => assert!(messages.is_empty(), "{predicate}: {messages:?}"),
            Some(words) => assert!(messages.len() == 1 && messages[0].contains(words), "{predicate}: {messages:?}"),
        }
    }
}
