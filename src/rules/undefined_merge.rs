//! `undefined-merge`

use crate::diagnostic::{Example, Rule, Severity, activation, array, configuration_line};
use crate::set::{Combination, SetDrafts};
use crate::words::shown;

pub(crate) static RULE: Rule = Rule::new(
    "undefined-merge",
    Severity::Warning,
    "declarations that are active together set different values, and Apple documents no rule for combining them",
    "Devices combine these declarations key by key, but Apple documents no rule for a few keys: the title of a group of \
     bookmarks, the regular expression of a passcode, the start page of Safari, the reason for a permission. It is \
     unknown which value a device uses, or whether it uses any. Equal values are combined. ddmc merge refuses \
     different ones.",
    &[
        Example::new(array!(
            activation!("com.example.activation", "[\"com.example.a\", \"com.example.b\"]"),
            configuration_line!("com.example.a", "passcode.settings", r#"{ "CustomRegex": { "Regex": "[0-9]{6}" } }"#),
            configuration_line!("com.example.b", "passcode.settings", r#"{ "CustomRegex": { "Regex": "[0-9]{8}" } }"#)
        ))
        .finds(&[("/Payload/CustomRegex/Regex", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", "[\"com.example.a\", \"com.example.b\"]"),
            configuration_line!(
                "com.example.a",
                "safari.bookmarks",
                r#"{ "ManagedBookmarks": [ { "GroupIdentifier": "tools", "Title": "Tools", "Bookmarks": [] } ] }"#
            ),
            configuration_line!(
                "com.example.b",
                "safari.bookmarks",
                r#"{ "ManagedBookmarks": [ { "GroupIdentifier": "tools", "Title": "Our tools", "Bookmarks": [] } ] }"#
            )
        ))
        .finds(&[("/Payload/ManagedBookmarks/0/Title", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", "[\"com.example.a\", \"com.example.b\"]"),
            configuration_line!("com.example.a", "passcode.settings", r#"{ "CustomRegex": { "Regex": "[0-9]{6}" } }"#),
            configuration_line!("com.example.b", "passcode.settings", r#"{ "CustomRegex": { "Regex": "[0-9]{6}" } }"#)
        )),
    ],
);

pub(super) fn check(combination: &Combination<'_>, diagnostics: &mut SetDrafts) {
    for decision in combination.decisions.iter().filter(|decision| decision.is_undefined()) {
        let Some((first, others)) = decision.parts.split_first() else { continue };
        let Some(by) = first.who.first() else { continue };
        let key = decision.path.last().map_or("", String::as_str);
        for who in others.iter().flat_map(|part| &part.who) {
            // A declaration may list a group twice.
            let name = if who == by { "an equal group".to_owned() } else { shown(combination.gathered.members[*by].name()) };
            let message = format!("{} differs from that of {name}, and Apple documents no rule for combining them", shown(key));
            diagnostics.push(
                RULE.at(decision.at(*who), message)
                    .help("write the same value in both declarations, or make sure that the two are never active together")
                    .related("the other value is here", decision.at(*by)),
            );
        }
    }
}
