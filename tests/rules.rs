//! The examples of the rules are their documentation, so they must say what the rules do.

use ddmc::rules::RULES;
use ddmc::{Severity, check};

#[test]
fn every_example_finds_what_it_says() {
    for rule in RULES {
        for example in rule.examples {
            let findings = check("example.json", example.document.as_bytes());
            let found: Vec<(&str, Severity)> = findings
                .iter()
                .filter(|finding| finding.rule.id == rule.id)
                .map(|finding| (finding.place.pointer.as_str(), finding.severity))
                .collect();
            let mut expected = example.finds.to_vec();
            let mut sorted = found.clone();
            expected.sort_unstable();
            sorted.sort_unstable();
            assert_eq!(sorted, expected, "{}: {}", rule.id, example.document);
        }
    }
}

#[test]
fn an_example_without_the_fault_is_right_altogether() {
    for rule in RULES {
        for example in rule.examples.iter().filter(|example| example.finds.is_empty()) {
            let findings = check("example.json", example.document.as_bytes());
            assert!(findings.is_empty(), "{}: {}: {:?}", rule.id, example.document, findings[0].message);
        }
    }
}

#[test]
fn every_finding_says_what_to_write() {
    for rule in RULES {
        for example in rule.examples {
            for finding in check("example.json", example.document.as_bytes()) {
                assert!(finding.help.is_some_and(|help| !help.is_empty()), "{}: {}", rule.id, finding.message);
                assert!(!finding.message.contains('\n') && finding.message.len() < 200, "{}", finding.message);
            }
        }
    }
}

/// The ids that were ever published. They are in people's configurations: none may go, none may be used again for something else.
#[test]
fn ids_stay() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(
        ids,
        [
            "beta-offer-beside-require",
            "beta-offer-while-off",
            "beta-require-without-always-on",
            "byte-order-mark",
            "duplicate-identifier",
            "duplicate-key",
            "install-without-download",
            "invalid-build-version",
            "invalid-details-url",
            "invalid-identifier",
            "invalid-json",
            "invalid-local-date-time",
            "invalid-os-version",
            "invalid-server-token",
            "merge-conflict",
            "missing-configuration",
            "missing-key",
            "not-a-declaration",
            "order-dependent-merge",
            "out-of-range",
            "overruled-setting",
            "oversized-document",
            "payload-without-envelope",
            "program-token-conflict",
            "unknown-key",
            "unknown-type",
            "unknown-value",
            "unmergeable-placeholder",
            "unreferenced-configuration",
            "wrong-type",
        ]
    );
}

#[test]
fn a_document_beyond_16_mib_is_not_read() {
    let mut text = br#"{"Type": "com.apple.activation.simple", "Identifier": ""#.to_vec();
    text.resize(17 << 20, b'x');
    let findings = check("large.json", &text);
    assert_eq!(findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>(), ["oversized-document"]);
}
