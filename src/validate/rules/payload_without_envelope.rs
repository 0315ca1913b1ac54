//! `payload-without-envelope`

use super::super::validator::Site;
use crate::apple::TypeId;
use crate::diagnostic::{Draft, Example, Rule, Severity, settings};
use crate::syntax::Syntax;

pub(crate) static RULE: Rule = Rule::new(
    "payload-without-envelope",
    Severity::Note,
    "a file contains only a payload, without Type and Identifier",
    "Some consoles (SimpleMDM, Jamf Blueprints) accept the payload alone and write the envelope themselves. Every \
     other server needs the whole declaration. The keys of the payload determine its type.",
    &[
        Example::new(r#"{ "Deferrals": { "CombinedPeriodInDays": 45 }, "RecommendedCadence": "Oldest" }"#)
            .finds(&[("", Severity::Note)]),
        Example::new(settings!(
            "com.example.deferrals",
            r#"{ "Deferrals": { "CombinedPeriodInDays": 45 }, "RecommendedCadence": "Oldest" }"#
        )),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, kind: TypeId) -> Draft {
    let name = &site.schema.kind(kind).name;
    let (kind, of) = (format!("\"{name}\""), |key, value| site.notation.member(key, value));
    let members = [of("Type", &kind), of("Identifier", "\"…\""), of("Payload", "…")].join(", ");
    let whole = if site.notation.syntax == Syntax::Yaml { members } else { format!("{{ {members} }}") };
    RULE.at(site.spot(), format!("this is only the payload of {name}"))
        .help(format!("this is right for consoles that accept a payload alone; elsewhere write {whole}"))
}
