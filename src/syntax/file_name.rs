//! File name extensions.

use std::path::{Path, is_separator};

/// Whether a file with this name contains one declaration per line.
pub(crate) fn has_lines(name: &Path) -> bool {
    has_extension(name, &["ndjson", "jsonl"])
}

/// Whether a file lists the identifiers of a set, as KMFDDM's `set.NAME.txt`.
pub(crate) fn lists_set(name: &Path) -> bool {
    let name = name.file_name().unwrap_or_default().as_encoded_bytes();
    name.strip_prefix(b"set.").and_then(|rest| rest.strip_suffix(b".txt")).is_some_and(|name| !name.is_empty())
}

/// Whether a path is that of a declaration of an endpoint, `declaration/KIND/IDENTIFIER`, as `ddmc publish` writes it.
pub(crate) fn is_of_endpoint(path: &Path) -> bool {
    let mut steps = path.iter().skip_while(|step| *step != "declaration").skip(1);
    let kinds = ["activation", "asset", "configuration", "management"];
    steps.next().is_some_and(|kind| kinds.iter().any(|known| kind == *known)) && steps.next().is_some()
}

/// Whether a file has one of these extensions, ignoring ASCII case.
pub(crate) fn has_extension(name: &Path, extensions: &[&str]) -> bool {
    // Called for every file: comparing the end of the path is faster than `Path::extension`.
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
    fn a_list_of_a_set_has_a_name_between_its_ends() {
        for (name, is_list) in
            [("set.a.txt", true), ("x/set.a.b.txt", true), ("set..txt", false), ("set.txt", false), ("a.txt", false)]
        {
            assert_eq!(lists_set(Path::new(name)), is_list, "{name}");
        }
    }

    #[test]
    fn a_declaration_of_an_endpoint_has_a_kind() {
        for (path, is_declaration) in [
            ("declaration/asset/a", true),
            ("x/declaration/configuration/a/b.c", true),
            ("declaration/asset", false),
            ("declaration/other/a", false),
            ("declarations/asset/a", false),
            ("asset/a", false),
        ] {
            assert_eq!(is_of_endpoint(Path::new(path)), is_declaration, "{path}");
        }
    }

    #[test]
    fn agrees_with_the_standard_library() {
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
