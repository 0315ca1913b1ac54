//! `unknown-value`

use super::super::validator::Site;
use crate::apple::Rows;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity};
use crate::words::{list, nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-value",
    Severity::Error,
    "a string is none of the values of its key",
    "The key takes one of a few strings, and their case counts. A device refuses a declaration with any other string.",
    &[
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "AutomaticActions": { "Download": "alwaysOn" }, "RecommendedCadence": "Latest" }
}"#,
            options: &[],
            finds: &[("/Payload/AutomaticActions/Download", Severity::Error), ("/Payload/RecommendedCadence", Severity::Error)],
        },
        Example {
            document: r#"{
  "Type": "com.apple.configuration.softwareupdate.settings",
  "Identifier": "com.example.settings",
  "Payload": { "AutomaticActions": { "Download": "AlwaysOn" }, "RecommendedCadence": "Newest" }
}"#,
            options: &[],
            finds: &[],
        },
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, words: Rows) -> Draft {
    let (values, value) = (site.schema.words(words), site.node.as_str().unwrap_or_default());
    let is = if value.is_empty() { "is empty".to_owned() } else { format!("is \"{}\"", shown(&value)) };
    let diagnostic = RULE.at(site.spot(), format!("{} {is}, but must be {}", site.name(), list(values, "or")));
    if let Some(near) = nearest(value.trim(), values.iter().map(|word| &**word)) {
        let fix = Proposal::safe(Remedy::Replace(format!("\"{near}\"")), format!("write \"{near}\""));
        diagnostic.help(format!("did you mean \"{near}\"?")).fix(fix)
    } else {
        let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        diagnostic.help(format!("write {}", list(&quoted, "or")))
    }
}
