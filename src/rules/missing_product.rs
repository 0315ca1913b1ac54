//! `missing-product`

use super::LegacyPart;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};
use crate::keys::legacy::command::update;

pub(crate) static RULE: Rule = Rule::new(
    "missing-product",
    Severity::Error,
    "an update of a command names neither a product key nor a version",
    "ScheduleOSUpdate tells a device which update it means by ProductKey, which the device itself has answered to \
     AvailableOSUpdates, or by ProductVersion (iOS 11.3, macOS 12.0, tvOS 12.2). Without either the device cannot know.",
    &[
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &[],
            finds: &[("/Command/Updates/0", Severity::Error)],
        },
        Example {
            document: r#"{ "Command": { "RequestType": "ScheduleOSUpdate", "Updates": [{ "InstallAction": "InstallASAP", "ProductVersion": "17.6.1" }] }, "CommandUUID": "5C8F1B8E-0001" }"#,
            options: &["--target", "iOS=17.5"],
            finds: &[],
        },
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Vec<Draft>) {
    let Some(object) = legacy.update().filter(|_| legacy.part.node.is_complete()) else { return };
    let is_named = object.has(&update::PRODUCT_KEY) || object.has(&update::PRODUCT_VERSION);
    if !is_named {
        diagnostics.push(
            RULE.at(Spot::Payload, "the update has neither ProductKey nor ProductVersion, so no device knows which one it is")
                .help("add \"ProductVersion\", the version to install, such as 17.6.1"),
        );
    }
}
