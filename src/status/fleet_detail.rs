//! The reasons of a declaration as Fleet keeps them: a text with a line for each, `CODE: DESCRIPTION map[KEY:VALUE …]`.

use super::report::Given;
use crate::apple::{Origin, Reason};

/// Reads the reasons. Lines of another form are left out.
pub(super) fn reasons(detail: &str) -> Vec<Given> {
    detail.lines().filter_map(reason).collect()
}

fn reason(line: &str) -> Option<Given> {
    let (code, rest) = line.split_once(':')?;
    if !(code.starts_with("Error.") || code.starts_with("Info.")) || code.contains(char::is_whitespace) {
        return None;
    }
    let (description, details) = rest.rsplit_once("map[").unwrap_or((rest, ""));
    let details = details.trim_end().strip_suffix(']').unwrap_or(details);
    let keys = Reason::find(code, Origin::Declaration).map_or(&[][..], |reason| reason.details);
    let description = Some(description.trim().to_owned()).filter(|text| !text.is_empty());
    Some(Given { code: code.to_owned(), description, details: read(details, keys) })
}

/// Reads the details with these keys, in the order of the text. A value ends where the next key begins.
fn read(details: &str, keys: &[&str]) -> Vec<(String, Vec<String>)> {
    let start = |key: &&str| {
        let at =
            if details.starts_with(&format!("{key}:")) { Some(0) } else { details.find(&format!(" {key}:")).map(|at| at + 1) };
        Some((at?, (*key).to_owned()))
    };
    let mut starts: Vec<(usize, String)> = keys.iter().filter_map(start).collect();
    starts.sort();
    let ends = starts.iter().skip(1).map(|(at, _)| *at).chain([details.len()]);
    let value = |((at, key), end): (&(usize, String), usize)| {
        let text = details[at + key.len() + 1..end].trim_end();
        let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let texts = match list {
            Some(list) => list.split_whitespace().map(str::to_owned).collect(),
            None => vec![text.to_owned()],
        };
        (key.clone(), texts)
    };
    starts.iter().zip(ends).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_line_with_a_code() {
        let all = reasons(
            "Error.UnknownPayloadKeys: Unknown keys map[UnknownPayloadKeys:[A B]]\nprose: no\n\
             Error.MissingAssets: x map[AssetIdentifiers:a,b Identifier:com.example.c ServerToken:1]\n",
        );
        let codes: Vec<&str> = all.iter().map(|given| given.code.as_str()).collect();
        assert_eq!(codes, ["Error.UnknownPayloadKeys", "Error.MissingAssets"]);
        assert_eq!(all[0].detail("UnknownPayloadKeys"), ["A", "B"]);
        assert_eq!(all[0].description.as_deref(), Some("Unknown keys"));
        assert_eq!(all[1].identifiers("AssetIdentifiers").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(all[1].detail("Identifier"), ["com.example.c"]);
    }
}
