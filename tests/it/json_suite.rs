//! The public JSON test suite, if it is available: the program accepts and rejects what the suite says.

use std::fs;

use crate::support::shared;
use ddmc::check;

#[test]
fn json_conforms_to_the_standard() {
    let Some(folder) = shared("json_suite") else { return };
    let entries = fs::read_dir(folder.join("test_parsing")).expect("the suite has tests");
    let (mut read, mut refused) = (0, 0);
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let text = fs::read(&path).expect("the document can be read");
        let findings = check(&name, &text);
        // An empty text has a finding of its own.
        let expected = if text.trim_ascii().is_empty() { "not-a-declaration" } else { "invalid-json" };
        let is_refused = findings.iter().any(|finding| finding.rule.id == expected);
        match name.as_bytes()[0] {
            b'y' => {
                assert!(!is_refused, "{name}");
                read += 1;
            }
            b'n' => {
                assert!(is_refused, "{name}");
                refused += 1;
            }
            // The standard leaves this open. There must be a finding, since these files are not declarations.
            _ => assert!(!findings.is_empty() || name.contains("BOM"), "{name}"),
        }
    }
    assert!(read > 90 && refused > 180, "{read} {refused}");
}
