//! `out-of-range`

use super::super::validator::Site;
use super::wrong_type::expected;
use crate::apple::{KeyId, ValueType};
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, settings};
use crate::syntax::Integer;

pub(crate) static RULE: Rule = Rule::new(
    "out-of-range",
    Severity::Error,
    "a number, or the number of items, is outside the range of its key",
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
    let must = match site.schema.key(id).value {
        ValueType::Integer { min: i64::MIN, max: i64::MAX } | ValueType::Integers(_) => None,
        ValueType::Integer { min, max } => Some((min, max)),
        _ => None,
    };
    let Some((min, max)) = must else {
        let must = expected(site.schema, id, site.notation);
        return RULE
            .at(site.spot(), format!("{} is {}, but must be {must}", site.name(), site.shown(value)))
            .help(format!("write {must}"));
    };
    let bounds = bounds(min, max);
    let is_below = match site.node.as_integer() {
        Some(Integer::Exact(number)) => number < min,
        // A number beyond 64 bits.
        _ => value.starts_with('-'),
    };
    let (nearest, help) = if max == i64::MAX || (is_below && min > i64::MIN) {
        (min, format!("use {min}, the smallest value, or remove the key"))
    } else {
        (max, format!("use {max}, the largest value"))
    };
    RULE.at(site.spot(), format!("{} is {}, but must be {bounds}", site.name(), site.shown(value)))
        .help(help)
        .fix(Proposal::unsafe_(Remedy::Replace(nearest.to_string()), format!("write {nearest}")))
}

/// The finding for an array with too few or too many items.
pub(in crate::validate) fn items(site: Site<'_, '_>, count: u32, min: u32, max: u32) -> Draft {
    let must = if min == max { min.to_string() } else { bounds(min.into(), if max == u32::MAX { i64::MAX } else { max.into() }) };
    RULE.at(site.spot(), format!("{} has {}, but must have {must}", site.name(), crate::words::count(count as usize, "item")))
        .help(format!("write {must} items"))
}

/// The bounds, to follow "be" or "have".
fn bounds(min: i64, max: i64) -> String {
    match (min, max) {
        (min, i64::MAX) => format!("at least {min}"),
        (i64::MIN, max) => format!("at most {max}"),
        (min, max) => format!("between {min} and {max}"),
    }
}
