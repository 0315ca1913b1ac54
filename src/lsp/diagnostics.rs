//! Findings in the form of the protocol.

use serde_json::{Value as Json, json};

use super::client::Client;
use super::text::Lines;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::hash::Map;
use crate::report;

/// The rules whose findings are about something that has no effect, which editors show faded.
const UNNECESSARY: [&str; 8] = [
    "duplicate-key",
    "duplicate-program",
    "inactive-delay",
    "ineffective-key",
    "overruled-setting",
    "shadowed-enforcement",
    "unmatched-paths",
    "unused-ignore",
];

/// The rules whose findings are about something that Apple has deprecated or removed, which editors strike through.
const DEPRECATED: [&str; 4] = ["deprecated-key", "removed-command", "removed-key", "removed-profile"];

/// Converts the findings of one file. `text` is its text, `other` returns the path and the text of another file.
pub(super) fn render(
    findings: &[Diagnostic],
    uri: &str,
    lines: &Lines<'_>,
    client: &Client,
    other: impl Fn(&str) -> Option<(String, String)>,
) -> Vec<Json> {
    let mut others: Map<String, Option<(String, String)>> = Map::default();
    for related in
        findings.iter().flat_map(|finding| finding.related.iter().filter(|related| related.place.file != finding.place.file))
    {
        others.entry(related.place.file.to_string()).or_insert_with_key(|file| other(file));
    }
    let others: Map<&str, (&str, Lines<'_>)> = others
        .iter()
        .filter_map(|(file, found)| found.as_ref().map(|(uri, text)| (&**file, (&**uri, Lines::of(text, client.encoding)))))
        .collect();
    let range = |place: &Place, lines: &Lines<'_>| json!(lines.span(&(place.start.offset..place.end.offset)));
    let convert = |finding: &Diagnostic| {
        let mut item = json!({
            "range": range(&finding.place, lines),
            "severity": match finding.severity { Severity::Error => 1, Severity::Warning => 2, Severity::Note => 3 },
            "code": finding.rule.id,
            "source": "ddmc",
            "message": finding.message,
        });
        if let Some(page) = report::docs(&finding.rule).filter(|_| client.has_links) {
            item["codeDescription"] = json!({ "href": page });
        }
        let id = &&*finding.rule.id;
        let tag = if UNNECESSARY.contains(id) { Some(1) } else { DEPRECATED.contains(id).then_some(2) };
        if let Some(tag) = tag.filter(|tag| client.tags.contains(tag)) {
            item["tags"] = json!([tag]);
        }
        if client.has_related && !finding.related.is_empty() {
            let related = finding.related.iter().filter_map(|related| {
                let (uri, lines) = if related.place.file == finding.place.file {
                    (uri, lines)
                } else {
                    others.get(&*related.place.file).map(|(uri, lines)| (*uri, lines))?
                };
                Some(json!({ "location": { "uri": uri, "range": range(&related.place, lines) }, "message": related.message }))
            });
            item["relatedInformation"] = related.collect();
        }
        item
    };
    findings.iter().map(convert).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Rule;

    #[test]
    fn tags_are_of_rules() {
        for id in UNNECESSARY.iter().chain(&DEPRECATED) {
            assert!(Rule::find(id).is_some(), "{id}");
        }
    }
}
