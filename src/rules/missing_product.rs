//! `missing-product`

use super::LegacyPart;
use crate::apple::update;
use crate::diagnostic::{Draft, Example, Rule, Severity, Spot};

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
    let Some(update) = legacy.update().filter(|update| update.node.is_complete()) else { return };
    if !update.has(update::PRODUCT_KEY) && !update.has(update::PRODUCT_VERSION) {
        let [key, version] = ["ProductKey", "ProductVersion"].map(|key| update.notation().key(key));
        let message = format!("the update has neither {key} nor {version}, so no device knows which one it is");
        diagnostics
            .push(RULE.at(Spot::Payload, message).help(format!("add \"{version}\", the version to install, such as 17.6.1")));
    }
}
