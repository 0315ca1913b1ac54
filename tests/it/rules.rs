//! The examples of the rules are documentation, so they must match what the rules do.

use std::fs;
use std::path::Path;
use std::process::Command;

use ddmc::rules::{Example, RULES, Rule};
use ddmc::{Severity, check};
use serde_json::Value;

/// A finding of `ddmc check` in an example.
struct Found {
    rule: String,
    pointer: String,
    severity: Severity,
    message: String,
    help: Option<String>,
}

/// Checks an example in its own folder, as a user would.
fn findings(rule: &Rule, example: &Example) -> Vec<Found> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let fine = r#"{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {"StandardConfigurations": ["b"]}}"#;
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file can be written");
    // The search for a configuration stops here.
    write(".git", "");
    if rule.is_about_configuration() {
        write("ddmc.toml", example.document);
        write("example.json", fine);
    } else {
        write(example.file(), example.document);
        write("ddmc.toml", "as-of = 2026-01-01T00:00:00\n");
        let catalog = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples/gdmf.json");
        fs::copy(catalog, folder.path().join("gdmf.json")).expect("a file can be copied");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_ddmc"));
    command.args(["check", "--format", "json"]).args(example.options).current_dir(folder.path()).env_remove("GITHUB_ACTIONS");
    if !rule.is_about_configuration() {
        command.arg(example.file());
    }
    let output = command.output().expect("the program runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("the report is JSON");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let found = |finding: &Value| Found {
        rule: text(&finding["rule"]).expect("a finding has a rule"),
        pointer: text(&finding["pointer"]).expect("a finding has a pointer"),
        severity: match finding["severity"].as_str() {
            Some("error") => Severity::Error,
            Some("warning") => Severity::Warning,
            _ => Severity::Note,
        },
        message: text(&finding["message"]).expect("a finding has a message"),
        help: text(&finding["help"]),
    };
    report["findings"].as_array().expect("a list").iter().map(found).collect()
}

#[test]
fn examples_have_the_expected_findings() {
    for rule in RULES {
        for example in rule.examples {
            let findings = findings(rule, example);
            let of_rule = findings.iter().filter(|finding| finding.rule == rule.id);
            let mut found: Vec<(&str, Severity)> = of_rule.map(|finding| (finding.pointer.as_str(), finding.severity)).collect();
            let mut expected = example.finds.to_vec();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{}: {}", rule.id, example.document);
            if example.finds.is_empty() {
                let others: Vec<&str> = findings.iter().map(|finding| finding.message.as_str()).collect();
                assert!(others.is_empty(), "{}: an example without expected findings has none: {others:?}", rule.id);
            }
            for Found { message, help, .. } in findings {
                assert!(help.is_some_and(|help| !help.is_empty()), "{}: {message}: the help is missing", rule.id);
                assert!(!message.contains('\n') && message.len() < 200, "{message}");
            }
        }
    }
}

/// All ids that were ever published. Users have them in their configurations, so they must not be removed or reused.
const IDS: &[&str] = &[
    "activation-blocked",
    "activation-names-asset",
    "ambiguous-integer",
    "ambiguous-yaml",
    "beta-build",
    "beta-offer-beside-require",
    "beta-offer-while-off",
    "beta-require-without-always-on",
    "build-version-mismatch",
    "byte-order-mark",
    "command-overridden",
    "conflicting-keys",
    "conflicting-single",
    "constant-predicate",
    "deadline-at-midnight",
    "deadline-collision",
    "deferral-beside-enforcement",
    "deprecated-key",
    "duplicate-enforcement",
    "duplicate-identifier",
    "duplicate-key",
    "duplicate-program",
    "empty-activation",
    "expired-release",
    "fractional-integer",
    "implausible-deadline",
    "impossible-release",
    "inactive-delay",
    "ineffective-key",
    "install-without-download",
    "invalid-build-version",
    "invalid-configuration",
    "invalid-data",
    "invalid-details-url",
    "invalid-encoding",
    "invalid-fleet-update",
    "invalid-format",
    "invalid-identifier",
    "invalid-json",
    "invalid-local-date-time",
    "invalid-os-version",
    "invalid-plist",
    "invalid-predicate",
    "invalid-server-token",
    "invalid-yaml",
    "jamf-component",
    "lower-case-envelope",
    "may-lose-data",
    "merge-conflict",
    "missing-alternative",
    "missing-asset",
    "missing-configuration",
    "missing-file",
    "missing-key",
    "missing-product",
    "needs-newer-os",
    "needs-second-command",
    "needs-supervision",
    "never-enforced",
    "newer-release-available",
    "no-common-platform",
    "not-a-declaration",
    "not-enforceable",
    "order-dependent-merge",
    "out-of-range",
    "overruled-setting",
    "oversized-document",
    "past-deadline",
    "patch-not-named",
    "payload-without-envelope",
    "program-token-conflict",
    "removed-command",
    "removed-key",
    "removed-profile",
    "shadowed-enforcement",
    "skipped-enforcement",
    "supplemental-needs-base",
    "suspicious-predicate",
    "too-many-findings",
    "trailing-zero-version",
    "undefined-merge",
    "unknown-key",
    "unknown-property",
    "unknown-release",
    "unknown-status-item",
    "unknown-type",
    "unknown-value",
    "unmatched-paths",
    "unmergeable-placeholder",
    "unreferenced-asset",
    "unreferenced-configuration",
    "unsubscribed-status-item",
    "unsupported-declaration",
    "unsupported-install-action",
    "unsupported-key",
    "unused-ignore",
    "unverifiable-asset",
    "wrong-asset-type",
    "wrong-content-type",
    "wrong-type",
];

#[test]
fn ids_are_stable() {
    let ids: Vec<&str> = RULES.iter().map(|rule| &*rule.id).collect();
    assert_eq!(ids, IDS);
}

#[test]
fn a_document_beyond_16_mib_is_not_read() {
    let mut text = br#"{"Type": "com.apple.activation.simple", "Identifier": ""#.to_vec();
    text.resize(17 << 20, b'x');
    let findings = check("large.json", &text);
    assert_eq!(findings.iter().map(|finding| &*finding.rule.id).collect::<Vec<_>>(), ["oversized-document"]);
}

#[test]
fn a_document_with_a_million_values_is_not_read_to_its_end() {
    let values = "1,".repeat(1_000_001);
    let text = format!(r#"{{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {{"X": [{values}1]}}}}"#);
    let findings = check("large.json", text.as_bytes());
    assert!(findings.iter().any(|finding| finding.rule.id == "oversized-document"), "{findings:?}");
    let list = format!(
        "<plist><dict><key>PayloadType</key><string>com.apple.SoftwareUpdate</string><key>x</key><array>{}</array></dict></plist>",
        "<true/>".repeat(1_000_001)
    );
    let findings = check("large.mobileconfig", list.as_bytes());
    assert!(findings.iter().any(|finding| finding.rule.id == "oversized-document"), "{findings:?}");
}

#[test]
fn findings_beyond_a_thousand_are_counted_with_their_severity() {
    let check = |text: String| {
        let findings = check("large.json", text.as_bytes());
        let last = findings.last().expect("there are findings");
        (findings.len(), last.rule.id.clone().into_owned(), last.severity, last.message.clone())
    };
    let document = |keys: usize| {
        let keys: Vec<String> = (0..keys).map(|at| format!(r#", "key-{at}": 1"#)).collect();
        let keys = keys.concat();
        format!(
            r#"{{"Type": "com.apple.activation.simple", "Identifier": "a", "Payload": {{"StandardConfigurations": ["b"]}}{keys}}}"#
        )
    };
    let says = |more: &str| format!("there are {more} shown");
    let (count, rule, severity, message) = check(document(1500));
    assert_eq!((count, &*rule, severity), (1001, "too-many-findings", Severity::Error));
    assert_eq!(message, says("500 more findings about this document; only the first 1000 are"));
    let (count, rule, ..) = check(document(1000));
    assert_eq!((count, &*rule), (1000, "unknown-key"));
    let (count, rule, _, message) = check(format!("[{}]", vec![document(999); 6].join(",")));
    assert_eq!((count, &*rule), (5001 + 5, "too-many-findings"));
    assert_eq!(message, says("994 more findings about these declarations; only the first 5000 are"));
}
