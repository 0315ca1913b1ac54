//! `missing-product`

use super::LegacyPart;
use crate::apple::update;
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, schedule_update};

pub(crate) static RULE: Rule = Rule::new(
    "missing-product",
    Severity::Error,
    "an update in a command has neither a product key nor a version",
    "ScheduleOSUpdate names an update by ProductKey, which the device has returned for AvailableOSUpdates, or by \
     ProductVersion (iOS 11.3, macOS 12.0, tvOS 12.2). Without either a device cannot know which update is meant.",
    &[
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallASAP" }"#)).finds(&[("/Command/Updates/0", Severity::Error)]),
        Example::new(schedule_update!(r#"{ "InstallAction": "InstallASAP", "ProductVersion": "17.6.1" }"#))
            .with_options(&["--target", "iOS=17.5"]),
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let Some(update) = legacy.update().filter(|update| update.node.is_complete()) else { return };
    if !update.has(update::PRODUCT_KEY) && !update.has(update::PRODUCT_VERSION) {
        let [key, version] = ["ProductKey", "ProductVersion"].map(|key| update.notation().key(key));
        let message = format!("the update has neither {key} nor {version}, so devices do not know which one to install");
        diagnostics
            .push(RULE.at(Spot::Payload, message).help(format!("add \"{version}\", the version to install, such as 17.6.1")));
    }
}
