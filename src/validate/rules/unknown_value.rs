//! `unknown-value`

use super::super::validator::Site;
use crate::apple::Rows;
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, settings};
use crate::words::{is_slip_of, list, nearest};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-value",
    Severity::Error,
    "a string is not one of the values of its key",
    "The key takes one of a few strings, in this exact case. A device refuses a declaration with any other string.",
    &[
        Example::new(settings!(r#"{ "AutomaticActions": { "Download": "alwaysOn" }, "RecommendedCadence": "Latest" }"#))
            .finds(&[("/Payload/AutomaticActions/Download", Severity::Error), ("/Payload/RecommendedCadence", Severity::Error)]),
        Example::new(settings!(r#"{ "AutomaticActions": { "Download": "AlwaysOn" }, "RecommendedCadence": "Newest" }"#)),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, words: Rows) -> Draft {
    let (values, value) = (site.schema.words(words), site.node.as_str().unwrap_or_default());
    let is = match &*value {
        "" => "is empty".to_owned(),
        value if value.contains('"') => format!("is {} (the quotes are part of the value)", site.shown(value)),
        value => format!("is \"{}\"", site.shown(value)),
    };
    let diagnostic = RULE.at(site.spot(), format!("{} {is}, but must be {}", site.name(), list(values, "or")));
    if let Some(near) = nearest(value.trim(), values.iter().map(|word| &**word)) {
        let is_slip = is_slip_of(&value, near, values.iter().map(|word| &**word));
        let fix = Proposal::safe(Remedy::Replace(format!("\"{near}\"")), format!("write \"{near}\"")).safe_if(is_slip);
        diagnostic.help(format!("did you mean \"{near}\"?")).fix(fix)
    } else {
        let quoted: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        diagnostic.help(format!("write {}", list(&quoted, "or")))
    }
}
