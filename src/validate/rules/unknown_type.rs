//! `unknown-type`

use super::super::validator::Site;
use crate::apple::{InvalidValue, Schema};
use crate::diagnostic::{Draft, Example, Rule, Severity, activation, declaration_line};
use crate::words::{nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-type",
    Severity::Error,
    "Type is not one of Apple's declaration types, or PayloadType is not one of its payload types",
    "A device reports an unknown type as Error.UnknownDeclarationType and ignores the declaration. For software \
     updates there are two types: com.apple.configuration.softwareupdate.settings and \
     com.apple.configuration.softwareupdate.enforcement.specific. The payload of an unknown type is not checked. A \
     profile holds payloads, not declarations: devices refuse a profile with a declaration type in it.",
    &[
        Example::new(declaration_line!("com.apple.activation.simpel", "com.example.all", r#"{ "StandardConfigurations": [] }"#))
            .finds(&[("/Type", Severity::Error)]),
        Example::new(declaration_line!("com.apple.configuration.softwareupdate.enforcement", "com.example.enforce", "{}"))
            .finds(&[("/Type", Severity::Error)]),
        Example::new(activation!("com.example.all", "[]")),
        Example::new(declaration_line!("com.apple.configuration.passcode.settings", "com.example.passcode", "{}")),
        Example::new(
            r#"{
  "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile", "PayloadUUID": "5C8F1B8E-0001",
  "PayloadContent": [
    {
      "PayloadType": "com.apple.configuration.softwareupdate.settings",
      "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile.updates", "PayloadUUID": "5C8F1B8E-0002"
    }
  ]
}"#,
        )
        .finds(&[("/PayloadContent/0/PayloadType", Severity::Error)]),
    ],
);

/// Judges the type of a declaration.
pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, name: &str) -> Option<Draft> {
    let invalid = judge(site.schema, name).err()?;
    Some(RULE.at(site.spot(), format!("{} {}", site.name(), invalid.problem)).help(invalid.help))
}

/// Whether a type may be Apple's: one in the schema, or another that does not concern software updates.
pub(in crate::validate) fn is_plausible(schema: &Schema, name: &str) -> bool {
    judge(schema, name).is_ok()
}

const UNDEFINED: &str = "which Apple does not define";

/// Returns an error if a name cannot be a declaration type. Apple has two configurations for software updates, so any
/// other name that mentions them is a mistake.
pub(crate) fn judge(schema: &Schema, name: &str) -> Result<(), InvalidValue> {
    let known = || schema.types().filter(|(_, kind)| kind.family.is_declaration()).map(|(_, kind)| &*kind.name);
    if known().any(|other| other == name) {
        return Ok(());
    }
    let mentions_updates = mentions_updates(name);
    let near = nearest(name, known()).filter(|near| strsim::damerau_levenshtein(name, near) <= 3 || mentions_updates);
    match near {
        Some(near) => Err(InvalidValue::new(name, UNDEFINED, format!("did you mean \"{near}\"?"))),
        None if mentions_updates => {
            let help = format!("the types for software updates are {} and {}", crate::apple::SETTINGS, crate::apple::ENFORCEMENT);
            Err(InvalidValue::new(name, UNDEFINED, help))
        }
        None if name.starts_with("com.apple.") => Ok(()),
        None if name.is_empty() => Err(InvalidValue::empty(format!("write a type, such as \"{}\"", crate::apple::SETTINGS))),
        None => {
            let help = format!("a type begins with com.apple., such as \"{}\"", crate::apple::SETTINGS);
            Err(InvalidValue::new(name, UNDEFINED, help))
        }
    }
}

/// Whether a type contains "softwareupdate", ignoring case, hyphens and underscores.
fn mentions_updates(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_')).collect();
    plain.to_ascii_lowercase().contains("softwareupdate")
}

/// The diagnostic for a payload type that Apple does not define; `meant` is the one that was probably meant.
pub(in crate::validate) fn payload(site: Site<'_, '_>, meant: Option<&str>, is_declaration: bool) -> Draft {
    let name = shown(&site.node.as_str().unwrap_or_default());
    let at = |message: String| RULE.at(site.spot(), message);
    match meant {
        _ if is_declaration => at(format!("{name} is a declaration type, not a payload type"))
            .help("publish it as a declaration: { \"Type\": …, \"Identifier\": …, \"Payload\": { … } }"),
        Some(meant) => {
            at(format!("Apple documents no payload type {name}; did you mean {meant}?")).help(format!("write {meant}"))
        }
        None => at(format!("Apple documents no payload type {name}"))
            .help("remove the payload, and use a softwareupdate.settings declaration")
            .severity(Severity::Warning),
    }
}
