//! Documents from public repositories, if they are available: those marked valid have no errors, those marked invalid
//! have an error at the place that the index names.

use std::fs;

use crate::support::shared;
use ddmc::{Severity, check};

/// The places that the reasons of the index name.
const NAMED: &[(&str, &[&str])] = &[
    ("settings/002.json", &["/Payload/RapidSecurityResponse/Enabled"]),
    ("settings/009.json", &["/Payload/Beta/OfferPrograms/0/Program", "/Payload/Beta/OfferPrograms/1/Program"]),
    ("settings/014.json", &["/Payload/AutomaticActions/InstallSecurityUpdates"]),
    ("settings/015.json", &["/Payload/AutomaticActions/InstallSecurityUpdates"]),
    ("settings/016.json", &["/Payload/AutomaticActions/InstallSecurityUpdates"]),
    ("settings_payload/006.json", &[""]),
    ("enforcement/010.json", &["/Payload", ""]),
    ("enforcement/011.json", &["/SeverToken"]),
    ("enforcement/019.json", &["/Payload/TargetLocalDateTime"]),
    ("enforcement/023.json", &[""]),
    ("enforcement/024.json", &["", ""]),
    ("activation/012.json", &["", "/Predicate"]),
    ("command/007.plist", &["/Updates/0/MaxUserDeferrals", "/Updates/0"]),
    ("profile/004.mobileconfig", &["/PayloadContent/0/PayloadType"]),
    ("profile/015.mobileconfig", &["/PayloadContent/0"]),
    ("profile/019.mobileconfig", &["", "/PayloadContent/0"]),
];

/// Findings that the reasons of the index name and that are not errors.
const WARNED: &[(&str, &str, &str)] = &[
    ("command/004.plist", "ineffective-key", "/Command/Updates/0/ProductKey"),
    ("command/007.plist", "missing-product", "/Updates/0"),
    ("command/009.plist", "ineffective-key", "/Updates/0/MaxUserDeferrals"),
    ("profile/003.mobileconfig", "inactive-delay", "/PayloadContent/1/enforcedSoftwareUpdateNonOSDeferredInstallDelay"),
    ("profile/015.mobileconfig", "inactive-delay", "/PayloadContent/0/enforcedSoftwareUpdateDelay"),
    ("profile/019.mobileconfig", "inactive-delay", "/PayloadContent/0/enforcedSoftwareUpdateDelay"),
    ("profile/019.mobileconfig", "unknown-type", "/PayloadContent/1/PayloadType"),
];

#[test]
fn findings_in_real_documents_match_their_index() {
    let Some(corpus) = shared("corpus") else { return };
    let index = fs::read_to_string(corpus.join("INDEX.tsv")).expect("the corpus has an index");
    let folders = [
        "settings/",
        "settings_payload/",
        "enforcement/",
        "enforcement_payload/",
        "activation/",
        "ddm_other/",
        "command/",
        "command_other/",
        "command_response/",
        "profile/",
    ];
    let mut judged = 0;
    for row in index.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let (name, judgement) = (fields[0], fields[3]);
        if !folders.iter().any(|folder| name.starts_with(folder)) {
            continue;
        }
        let findings = check(name, &fs::read(corpus.join(name)).expect("the document is in the corpus"));
        let errors: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.place.pointer.as_str())
            .collect();
        match judgement {
            "valid" => assert!(errors.is_empty(), "{name}: {errors:?}"),
            "invalid" => {
                let named = NAMED.iter().find(|(file, _)| *file == name).map_or(&[] as &[&str], |(_, places)| places);
                assert!(!named.is_empty(), "{name} is not in the list above");
                for place in named {
                    assert!(errors.contains(place), "{name}: {place} not in {errors:?}");
                }
            }
            // Templates and unconfirmed documents may have any findings. The check must only complete.
            _ => {}
        }
        for (file, rule, pointer) in WARNED.iter().filter(|(file, ..)| *file == name) {
            let is_there = findings.iter().any(|finding| finding.rule.id == *rule && finding.place.pointer == *pointer);
            assert!(is_there, "{file}: {rule} at {pointer} not in {findings:?}");
        }
        judged += 1;
    }
    assert!(judged > 30, "{judged}");
}
