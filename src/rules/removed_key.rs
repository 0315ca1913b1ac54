//! `removed-key`

use super::availability::{Placement, names};
use crate::apple::Verdict;
use crate::diagnostic::{Drafts, Example, Rule, Severity, declaration_line};

pub(crate) static RULE: Rule = Rule::new(
    "removed-key",
    Severity::Warning,
    "the target devices have a version from which Apple has removed a key",
    "A device ignores a key that its version no longer knows. No declaration in the built-in schema has such a key yet; \
     a newer one, given with --apple-schema, may.",
    &[Example::new(declaration_line!(
        "com.apple.configuration.passcode.settings",
        "com.example.passcode",
        r#"{ "RequirePasscode": true }"#
    ))
    .with_options(&["--target", "iOS=27.0"])],
);

pub(super) fn check(placement: &Placement<'_>, diagnostics: &mut Drafts) {
    if !placement.is_declaration() {
        // Rules of their own cover commands and profiles.
        return;
    }
    placement.judge(
        diagnostics,
        |support, target| support.verdict(target) == Verdict::Removed,
        |key, targets| {
            let message = format!("{} no longer exists on {}, and is ignored there", placement.name(key), names(targets, "and"));
            RULE.at(placement.spot(key), message).help("remove the key, or keep it for devices with an older version")
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::{Enrolments, Family, NewKey, NewType, NewValue, Platform, Release, Schema, Since, Support, Target, Text};
    use crate::syntax::{self, Buffers, Placeholders};
    use crate::validate::{Validator, read_payload};

    #[test]
    fn reports_a_key_that_the_version_of_a_target_no_longer_has() {
        let since = Since::new(Release::new(17, 0, 0), Enrolments::ALL);
        let on_ios = |since| Support([Some(since), None, None, None, None]);
        let removed = Since { removed: Some(Release::new(26, 0, 0)), ..since };
        let (name, value) = (Text::Borrowed("Old"), NewValue::Boolean);
        let (assets, media) = (Vec::new(), Vec::new());
        let key =
            NewKey { name, value, is_required: false, default: None, combine: None, support: on_ios(removed), assets, media };
        let (name, file) = (Text::Borrowed("com.apple.management.test"), Text::Borrowed("test"));
        let mut schema = Schema::empty("1.0");
        let new = NewType { name, family: Family::Management, apply: None, support: on_ios(since), keys: vec![key], file };
        let kind = schema.add(new);
        schema.annotate();
        let (templates, mut buffers) = (Placeholders::default(), Buffers::default());
        let document = syntax::parse(br#"{"Old": true}"#, &mut buffers).document.expect("it is JSON");
        let reading = read_payload(document.root(), kind, &mut Validator::new(&schema, &templates));
        let messages = |version: &str| {
            let target = Target { version: Some(version.parse().expect("a version")), ..Target::new(Platform::Ios) };
            let targets = [target];
            let payload = reading.payload().expect("a payload");
            let mut drafts = Drafts::default();
            check(&Placement::new(schema.kind(kind), payload, String::new(), &targets), &mut drafts);
            drafts.into_iter().map(|draft| draft.message).collect::<Vec<_>>()
        };
        assert_eq!(messages("25.0"), [""; 0]);
        assert_eq!(messages("26.0"), ["Old no longer exists on iOS 26.0, and is ignored there"]);
    }
}
