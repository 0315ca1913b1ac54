//! `unsupported-key`

use super::availability::{Placement, conditions, names};
use crate::apple::Verdict;
use crate::diagnostic::{Drafts, Example, Rule, Severity, declaration_line, settings};

pub(crate) static RULE: Rule = Rule::new(
    "unsupported-key",
    Severity::Warning,
    "the target devices do not have a key",
    "A device applies the keys that its platform, its enrolment and the channel have, and ignores the others, so the \
     setting never takes effect there. \
     A declaration for several platforms may hold keys of each, as Apple's own example does: name as targets only the \
     devices that every key is meant for, or split the declaration by platform.",
    &[
        Example::new(settings!("com.example.deferrals", r#"{ "Deferrals": { "MajorPeriodInDays": 30 } }"#))
            .with_options(&["--target", "iOS=18.1"])
            .finds(&[("/Payload/Deferrals/MajorPeriodInDays", Severity::Warning)]),
        Example::new(settings!("com.example.deferrals", r#"{ "Deferrals": { "CombinedPeriodInDays": 30 } }"#))
            .with_options(&["--target", "iOS=18.1", "--target", "tvOS=18.4"]),
        Example::new(declaration_line!(
            "com.apple.configuration.extensible-sso",
            "com.example.sso",
            r#"{ "ExtensionComposedIdentifier": "com.example.sso (ABCDE12345)", "Type": "Credential", "Realm": "R", "Hosts": [], "PlatformSSO": { "UseSharedDeviceKeys": true } }"#
        ))
        .with_options(&["--target", "macOS=27.0,user-channel"])
        .finds(&[("/Payload/PlatformSSO/UseSharedDeviceKeys", Severity::Warning)]),
    ],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    placement.judge(
        diagnostics,
        |support, target| support.verdict(target) == Verdict::Never,
        |key, targets| {
            let message = format!("{} does not exist on {}, and is ignored there", placement.name(key), names(targets, "or"));
            let help = format!("remove the key, or keep it for {}, where it exists", placement.support_of(key).places());
            RULE.at(placement.spot(key), message).help(help)
        },
    );
    placement.judge(
        diagnostics,
        |support, target| match support.verdict(target) {
            Verdict::Channel => true,
            // `needs-supervision` covers the others.
            Verdict::Enrolment => support.takes_unsupervised(target.platform),
            _ => false,
        },
        |key, targets| {
            let message = format!("{} is not available on {}, and is ignored there", placement.name(key), names(targets, "or"));
            let help = format!("remove the key; {}", conditions(placement.support_of(key), targets));
            RULE.at(placement.spot(key), message).help(help)
        },
    );
}
