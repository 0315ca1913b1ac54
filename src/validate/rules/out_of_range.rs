//! `out-of-range`

use super::super::validator::Site;
use super::wrong_type::expected;
use crate::apple::{KeyId, ValueType};
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, settings};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "out-of-range",
    Severity::Error,
    "a number is outside the range of its key",
    "Apple gives the key a minimum and a maximum; a device refuses a declaration with any other value. Deferrals are \
     1 to 90 days. To defer nothing, leave the key out.",
    &[
        Example::new(settings!(
            "com.example.deferrals",
            r#"{ "Deferrals": { "MajorPeriodInDays": 120, "MinorPeriodInDays": 0 } }"#
        ))
        .finds(&[
            ("/Payload/Deferrals/MajorPeriodInDays", Severity::Error),
            ("/Payload/Deferrals/MinorPeriodInDays", Severity::Error),
        ]),
        Example::new(settings!(
            "com.example.deferrals",
            r#"{ "Deferrals": { "MajorPeriodInDays": 90, "MinorPeriodInDays": 1 } }"#
        )),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, id: KeyId) -> Draft {
    let value = site.node.text();
    let is_below = value.starts_with('-') || value == "0";
    let must = match site.schema.key(id).value {
        ValueType::Integer { min: i64::MIN, max: i64::MAX } | ValueType::Integers(_) => None,
        ValueType::Integer { min, max } => Some((min, max)),
        _ => None,
    };
    let Some((min, max)) = must else {
        let must = expected(site.schema, id, site.notation);
        return RULE
            .at(site.spot(), format!("{} is {}, but must be {must}", site.name(), shown(value)))
            .help(format!("write {must}"));
    };
    let bounds = match (min, max) {
        (min, i64::MAX) => format!("be at least {min}"),
        (i64::MIN, max) => format!("be at most {max}"),
        (min, max) => format!("be between {min} and {max}"),
    };
    let (nearest, help) = if max == i64::MAX || (is_below && min > i64::MIN) {
        (min, format!("use {min}, the smallest value, or remove the key"))
    } else {
        (max, format!("use {max}, the largest value"))
    };
    RULE.at(site.spot(), format!("{} is {}, but must {bounds}", site.name(), shown(value)))
        .help(help)
        .fix(Proposal::unsafe_(Remedy::Replace(nearest.to_string()), format!("write {nearest}")))
}
