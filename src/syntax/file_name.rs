//! What the name of a file says of its contents.

use std::path::{Path, is_separator};

/// Whether a file of this name holds one declaration per line.
pub(crate) fn has_lines(name: &Path) -> bool {
    has_extension(name, &["ndjson", "jsonl"])
}

/// Whether a file has one of these extensions, in whatever case.
pub(crate) fn has_extension(name: &Path, extensions: &[&str]) -> bool {
    // Every file comes here, and to take a path apart takes longer than to look at its end.
    let bytes = name.as_os_str().as_encoded_bytes();
    extensions.iter().any(|extension| {
        let Some(dot) = bytes.len().checked_sub(extension.len() + 1) else { return false };
        let has_stem = dot > 0 && !is_separator(char::from(bytes[dot - 1]));
        has_stem && bytes[dot] == b'.' && bytes[dot + 1..].eq_ignore_ascii_case(extension.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_what_the_standard_library_calls_so() {
        for name in [
            "a.json",
            "a.JSON",
            "b/a.ndjson",
            ".json",
            "b/.json",
            "..json",
            "a.json.txt",
            "json",
            "a.xjson",
            ".",
            "",
            "a.b.jsonl",
        ] {
            let path = Path::new(name);
            for known in ["json", "ndjson", "jsonl"] {
                let expected = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known));
                assert_eq!(has_extension(path, &[known]), expected, "{name} {known}");
            }
        }
    }
}
