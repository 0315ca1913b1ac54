//! `invalid-format`

use super::stated::Stated;
use crate::apple::{Claim, InvalidValue, TextFormat};
use crate::diagnostic::{Draft, Drafts, Example, Rule, Severity, Spot, declaration};
use crate::words::{count, list};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-format",
    Severity::Warning,
    "a value does not have the format that Apple describes",
    "Apple's schema says only that these values are strings or numbers, but its documentation describes their format: \
     URLs that start with https://, host names, regular expressions, media types, hashes, composed identifiers such as \
     \"com.example.app (ABCD123456)\", domains with a wildcard, reverse DNS names, paths, language ids and names of status \
     items. A device refuses a value with another format, or the value never matches anything. Only values that cannot be \
     right are reported. A SHA-256 hash in base64 is a note, because it is not known whether devices accept it.",
    &[
        Example::new(declaration!(
            "com.apple.asset.data",
            "com.example.data",
            r#"{ "Reference": { "DataURL": "http://www.example.com/data.zip", "Hash-SHA-256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" } }"#
        ))
        .finds(&[("/Payload/Reference/DataURL", Severity::Warning), ("/Payload/Reference/Hash-SHA-256", Severity::Note)]),
        Example::new(declaration!(
            "com.apple.configuration.passcode.settings",
            "com.example.passcode",
            r#"{ "CustomRegex": { "Regex": "^(?=.*[0-9].{8,}$", "Description": { "english": "With a digit" } } }"#
        ))
        .finds(&[
            ("/Payload/CustomRegex/Regex", Severity::Warning),
            ("/Payload/CustomRegex/Description/english", Severity::Warning),
        ]),
        Example::new(declaration!(
            "com.apple.configuration.safari.extensions.settings",
            "com.example.extensions",
            r#"{ "ManagedExtensions": { "com.example.extension": { "DeniedDomains": ["https://www.example.com"] } } }"#
        ))
        .finds(&[
            ("/Payload/ManagedExtensions/com.example.extension", Severity::Warning),
            ("/Payload/ManagedExtensions/com.example.extension/DeniedDomains/0", Severity::Warning),
        ]),
        Example::new(declaration!(
            "com.apple.configuration.safari.extensions.settings",
            "com.example.extensions",
            r#"{ "ManagedExtensions": { "com.example.extension (ABCD123456)": { "DeniedDomains": ["*example.com"] } } }"#
        )),
    ],
)
.also(&[Severity::Note]);

pub(super) fn check(stated: &Stated<'_, '_>, diagnostics: &mut Drafts) {
    match *stated.claim {
        Claim::Text(format) => {
            let Some(text) = stated.text() else { return };
            if let Err(invalid) = format.check(&text) {
                diagnostics.push(diagnostic(stated.spot(), &stated.name(), format, &text, invalid));
            }
        }
        Claim::Names(format) => {
            for (name, _) in stated.object.node.members() {
                let Some(text) = name.as_str().filter(|text| !stated.is_template(text)) else { continue };
                if let Err(invalid) = format.check(&text) {
                    let spot = Spot::at(stated.pointer_of(&text), name.span());
                    diagnostics.push(diagnostic(spot, &format!("a name in {}", stated.name()), format, &text, invalid));
                }
            }
        }
        Claim::MostItems(most) => {
            let items = stated.object.node.elements().count();
            if items > most && stated.object.is_right(stated.object.node) {
                let message = format!("{} has {}, but devices take {most}", stated.name(), count(items, "item"));
                diagnostics.push(RULE.at(stated.spot(), message).help(format!("keep {}", count(most, "item"))));
            }
        }
        Claim::Number(key, ranges, step, condition) => {
            let Some(number) = stated.integer(key).filter(|_| stated.holds(&condition) == Some(true)) else { return };
            let fits = ranges.iter().any(|(min, max)| (*min..=*max).contains(&number)) && number % step == 0;
            if !fits {
                let texts: Vec<String> = ranges.iter().map(|range| written(*range)).collect();
                let multiple = if step > 1 { format!(" and a multiple of {step}") } else { String::new() };
                let wanted = format!("{}{multiple}", list(&texts, "or"));
                let message = format!("{key} is {number}, but must be {wanted}: {}", stated.reason(&condition));
                diagnostics.push(RULE.at(stated.spot_of(key), message).help(format!("write {wanted}")));
            }
        }
        _ => {}
    }
}

fn written((min, max): (i64, i64)) -> String {
    if min == max { min.to_string() } else { format!("from {min} to {max}") }
}

fn diagnostic(spot: Spot, name: &str, format: TextFormat, text: &str, invalid: InvalidValue) -> Draft {
    let diagnostic = RULE.at(spot, format!("{name} {}", invalid.problem)).help(invalid.help);
    if format.may_work(text) { diagnostic.severity(Severity::Note) } else { diagnostic }
}
