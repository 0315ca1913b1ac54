//! `inactive-delay`

use super::LegacyPart;
use crate::apple::{DEFERRALS, Deferral, KeyPath, RESTRICTIONS_PROFILE, key_name};
use crate::diagnostic::{Drafts, Example, Rule, Severity, Spot, profile};
use crate::validate::Object;
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "inactive-delay",
    Severity::Warning,
    "a profile sets a delay but does not switch it on",
    "Each delay in com.apple.applicationaccess needs a switch that is true: forceDelayedSoftwareUpdates for \
     the minor delay, forceDelayedMajorSoftwareUpdates for the major delay, forceDelayedAppSoftwareUpdates for the delay \
     of non-system updates, and the first or the last of them for enforcedSoftwareUpdateDelay. Without a switch a delay \
     has no effect. The switch may stand in another payload of the profile.",
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
            r#""forceDelayedAppSoftwareUpdates": true, "enforcedSoftwareUpdateDelay": 45"#
        ))
        .with_options(&["--target", "iOS=17.0"])
        .finds(&[("/enforcedSoftwareUpdateDelay", Severity::Warning)]),
        Example::new(profile!(
            "com.apple.applicationaccess",
            r#""forceDelayedAppSoftwareUpdates": true, "enforcedSoftwareUpdateDelay": 45"#
        ))
        .with_options(&["--target", "macOS=14.5"]),
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
    let mut delays: Vec<KeyPath> = DEFERRALS.iter().flat_map(|deferral| deferral.delays).copied().collect();
    delays.sort_unstable();
    delays.dedup();
    for delay in delays.into_iter().filter(|delay| object.has(delay)) {
        let uses = |deferral: &&Deferral| deferral.delays.contains(&delay) && exists(legacy, deferral.switch);
        let switches: Vec<(KeyPath, Object<'_, '_>)> = DEFERRALS
            .iter()
            .filter(uses)
            .map(|Deferral { switch, .. }| (*switch, legacy.reading.deferral(object, switch)))
            .collect();
        let may_be_on =
            |(switch, object): &(KeyPath, Object<'_, '_>)| object.is_unknown(switch) || object.boolean(switch) == Some(true);
        if switches.iter().any(may_be_on) {
            continue;
        }
        let why = match switches.as_slice() {
            [] => continue,
            [(switch, object)] => {
                format!("{} is {}", key_name(switch), if object.has(switch) { "false" } else { "missing" })
            }
            several => {
                let names: Vec<&str> = several.iter().map(|(switch, _)| key_name(switch)).collect();
                format!("neither {} is true", list(&names, "nor"))
            }
        };
        let write = object.notation().member(key_name(switches[0].0), "true");
        diagnostics.push(
            RULE.at(Spot::Key(delay), format!("{} has no effect: {why}", key_name(delay)))
                .help(format!("write {write}, or remove the delay")),
        );
    }
}

/// Whether a target device may have a key.
fn exists(legacy: &LegacyPart<'_>, key: KeyPath) -> bool {
    let platforms = legacy.reading.schema.support_at(RESTRICTIONS_PROFILE, key);
    legacy.targets.is_empty() || legacy.targets.iter().any(|target| platforms.on(target.platform).is_some())
}
