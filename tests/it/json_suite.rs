//! The public JSON test documents, where they are at hand: what must be read is read, what must not is refused.

use std::fs;
use std::path::Path;

use ddmc::check;

#[test]
fn json_is_what_the_standard_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/json-test-suite/test_parsing");
    let Ok(entries) = fs::read_dir(folder) else { return };
    let (mut read, mut refused) = (0, 0);
    for entry in entries {
        let path = entry.expect("a folder can be read to its end").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let findings = check(&name, &fs::read(&path).expect("the document can be read"));
        let is_refused = findings.iter().any(|finding| finding.rule.id == "invalid-json");
        match name.as_bytes()[0] {
            b'y' => {
                assert!(!is_refused, "{name}");
                read += 1;
            }
            b'n' => {
                assert!(is_refused, "{name}");
                refused += 1;
            }
            // The standard leaves it open; it must end in a finding, as nothing there is a declaration.
            _ => assert!(!findings.is_empty() || name.contains("BOM"), "{name}"),
        }
    }
    assert!(read > 90 && refused > 180, "{read} {refused}");
}
