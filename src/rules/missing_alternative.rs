//! `missing-alternative`

use super::stated::Stated;
use crate::apple::{Claim, Condition};
use crate::diagnostic::{Drafts, Example, Rule, Severity, declaration};
use crate::words::list;

pub(crate) static RULE: Rule = Rule::new(
    "missing-alternative",
    Severity::Error,
    "a key is missing that the other keys require",
    "Apple requires some keys only together with others: one of several keys, a key if another has a certain value, or \
     both of two keys. Without it, a device refuses the declaration or cannot apply it. For example, a managed app needs \
     one of AppStoreID, BundleID, ManifestURL and AppComposedIdentifier, and a VPN that authenticates with a certificate \
     needs a reference to an identity. A few keys are required only for user enrolment or without supervision; they are \
     checked against the target devices.",
    &[
        Example::new(declaration!("com.apple.configuration.app.managed", "com.example.app", r#"{ "IncludeInBackup": false }"#))
            .finds(&[("/Payload", Severity::Error)]),
        Example::new(declaration!(
            "com.apple.configuration.safari.settings",
            "com.example.safari",
            r#"{ "NewTabStartPage": { "PageType": "Home" } }"#
        ))
        .finds(&[("/Payload/NewTabStartPage", Severity::Error)]),
        Example::new(declaration!(
            "com.apple.configuration.network.relay",
            "com.example.relay",
            r#"{ "VisibleName": "Relay", "Relays": [{ "HTTP3RelayURL": "https://relay.example.com/" }] }"#
        ))
        .with_options(&["--target", "iOS=27.0,user-enrollment"])
        .finds(&[("/Payload", Severity::Error)]),
        Example::new(declaration!(
            "com.apple.configuration.safari.settings",
            "com.example.safari",
            r#"{ "NewTabStartPage": { "PageType": "Home", "HomepageURL": "https://www.example.com/" } }"#
        )),
    ],
);

pub(super) fn check(stated: &Stated<'_, '_>, diagnostics: &mut Drafts) {
    match stated.claim {
        Claim::One(keys) | Claim::Any(keys) => {
            let keys = stated.known(keys);
            if keys.iter().all(|key| stated.is_absent(key)) {
                let names = list(&keys, "and");
                let (name, several) = (stated.name(), if keys.len() > 1 { "one of " } else { "" });
                let help = if matches!(stated.claim, Claim::One(_)) { "one" } else { "at least one" };
                let message = format!("{name} needs {several}{names}");
                diagnostics.push(RULE.at(stated.spot(), message).help(format!("add {help} of these keys")));
            }
        }
        Claim::AnyTrue(keys) => {
            let is_false = |key: &&&str| stated.boolean(key).is_some_and(|(value, _)| !value);
            if keys.iter().filter(is_false).count() == keys.len() {
                let message = format!("{} needs {} to be true", stated.name(), list(keys, "or"));
                diagnostics.push(RULE.at(stated.spot(), message).help("write true for at least one of them"));
            }
        }
        Claim::Both(one, other) => {
            for (present, missing) in [(one, other), (other, one)] {
                if stated.holds(&Condition::Present(present)) == Some(true) && stated.is_absent(missing) {
                    let message = format!("{} has {present} but not {missing}", stated.name());
                    diagnostics.push(RULE.at(stated.spot(), message).help("write both keys or neither"));
                }
            }
        }
        Claim::Required(key, condition) if stated.holds(condition) == Some(true) && stated.is_absent(key) => {
            let (name, reason) = (stated.name(), stated.reason(condition));
            let message = format!("{name} needs {key}: {reason}");
            diagnostics.push(RULE.at(stated.spot_of(key), message).help(add(stated, key)));
        }
        _ => {}
    }
}

/// The advice to add a key.
fn add(stated: &Stated<'_, '_>, key: &str) -> String {
    let schema = stated.object.schema();
    let Some(id) = stated.id(key) else { return format!("add {key}") };
    let member = |name: &str| stated.object.notation().member(name, &schema.example(id));
    match key.rsplit_once('.') {
        Some((group, name)) => format!("add {} to {group}", member(name)),
        None => format!("add {}", member(key)),
    }
}
