//! `inactive-delay`

use super::LegacyPart;
use crate::apple::restrictions::{
    ENFORCED_SOFTWARE_UPDATE_DELAY, FORCE_DELAYED_APP_SOFTWARE_UPDATES, FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES,
    FORCE_DELAYED_SOFTWARE_UPDATES, MAJOR_OS_DEFERRED_INSTALL_DELAY, MINOR_OS_DEFERRED_INSTALL_DELAY,
    NON_OS_DEFERRED_INSTALL_DELAY,
};
use crate::apple::{KeyPath, RESTRICTIONS_PROFILE, key_name};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, profile};

pub(crate) static RULE: Rule = Rule::new(
    "inactive-delay",
    Severity::Warning,
    "a profile sets a delay but does not switch it on",
    "Each delay in com.apple.applicationaccess needs a switch that is true: forceDelayedSoftwareUpdates for \
     enforcedSoftwareUpdateDelay and the minor delay, forceDelayedMajorSoftwareUpdates for the major delay, and \
     forceDelayedAppSoftwareUpdates for the delay of non-system updates. Without its switch a delay has no effect.",
    &[
        Example::new(profile!("com.apple.applicationaccess", r#""enforcedSoftwareUpdateDelay": 30"#))
            .finds(&[("/enforcedSoftwareUpdateDelay", Severity::Warning)]),
        Example::new(profile!(
            "com.apple.applicationaccess",
            r#""forceDelayedSoftwareUpdates": true, "enforcedSoftwareUpdateNonOSDeferredInstallDelay": 3"#
        ))
        .finds(&[("/enforcedSoftwareUpdateNonOSDeferredInstallDelay", Severity::Warning)]),
        Example::new(profile!(
            "com.apple.applicationaccess",
            r#""forceDelayedMajorSoftwareUpdates": true, "enforcedSoftwareUpdateMajorOSDeferredInstallDelay": 90"#
        ))
        .with_options(&["--target", "macOS=14.5"]),
    ],
);

pub(super) fn check(legacy: &LegacyPart<'_>, diagnostics: &mut Drafts) {
    let object = legacy.object();
    if legacy.kind().name != RESTRICTIONS_PROFILE || !object.node.is_complete() {
        return;
    }
    for (delay, switch) in SWITCHES {
        if object.has(delay) && !object.is_unknown(switch) && object.boolean(switch) != Some(true) {
            let state = if object.has(switch) { "false" } else { "missing" };
            let name = key_name(switch);
            diagnostics.push(
                RULE.at(Spot::Key(delay), format!("{} has no effect: {name} is {state}", key_name(delay)))
                    .help(format!("write {}, or remove the delay", object.notation().member(name, "true"))),
            );
        }
    }
}

/// Each delay and its switch.
const SWITCHES: [(KeyPath, KeyPath); 4] = [
    (ENFORCED_SOFTWARE_UPDATE_DELAY, FORCE_DELAYED_SOFTWARE_UPDATES),
    (MINOR_OS_DEFERRED_INSTALL_DELAY, FORCE_DELAYED_SOFTWARE_UPDATES),
    (MAJOR_OS_DEFERRED_INSTALL_DELAY, FORCE_DELAYED_MAJOR_SOFTWARE_UPDATES),
    (NON_OS_DEFERRED_INSTALL_DELAY, FORCE_DELAYED_APP_SOFTWARE_UPDATES),
];
