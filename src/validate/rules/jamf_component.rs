//! `jamf-component`

use super::super::validator::Site;
use crate::diagnostic::{Draft, Example, Rule, Severity, settings};

pub(crate) static RULE: Rule = Rule::new(
    "jamf-component",
    Severity::Note,
    "the settings of a payload are wrapped as in a component of a Jamf blueprint",
    "A component of a Jamf blueprint holds each setting as { \"Included\": true, \"Value\": … }, or with Enabled for Value. \
     Jamf makes a payload of it; devices and other servers refuse it. The values that are included are judged as those \
     of the settings.",
    &[
        Example::new(settings!(
            r#"{ "Notifications": { "Included": true, "Enabled": false }, "Deferrals": { "MajorPeriodInDays": { "Included": true, "Value": 30 } } }"#
        ))
        .finds(&[("/Payload/Notifications", Severity::Note)]),
        Example::new(settings!(r#"{ "Notifications": false, "Deferrals": { "MajorPeriodInDays": 30 } }"#)),
    ],
);

pub(in crate::validate) fn diagnostic(site: Site<'_, '_>) -> Draft {
    let message = format!("{} is wrapped as in a component of a Jamf blueprint", site.name());
    RULE.at(site.spot(), message).help("this is right for Jamf's API; elsewhere write the value alone")
}
