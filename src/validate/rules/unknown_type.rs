//! `unknown-type`

use super::super::validator::Site;
use crate::apple::{InvalidValue, Schema};
use crate::diagnostic::{Draft, Example, Rule, Severity};
use crate::words::{nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-type",
    Severity::Error,
    "Type is not a declaration type of Apple's, or PayloadType no payload type",
    "A device reports a type that it does not know as Error.UnknownDeclarationType and ignores the declaration. For software \
     updates there are two: com.apple.configuration.softwareupdate.settings and \
     com.apple.configuration.softwareupdate.enforcement.specific. The payload of an unknown type is not checked. \
     A profile holds payloads and no declarations: devices refuse a profile with a declaration type in it.",
    &[
        Example {
            document: r#"{ "Type": "com.apple.activation.simpel", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[("/Type", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.configuration.softwareupdate.enforcement", "Identifier": "com.example.enforce", "Payload": {} }"#,
            options: &[],
            finds: &[("/Type", Severity::Error)],
        },
        Example {
            document: r#"{ "Type": "com.apple.activation.simple", "Identifier": "com.example.all", "Payload": { "StandardConfigurations": [] } }"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{ "Type": "com.apple.configuration.passcode.settings", "Identifier": "com.example.passcode", "Payload": {} }"#,
            options: &[],
            finds: &[],
        },
        Example {
            document: r#"{
  "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile", "PayloadUUID": "5C8F1B8E-0001",
  "PayloadContent": [
    {
      "PayloadType": "com.apple.configuration.softwareupdate.settings",
      "PayloadVersion": 1, "PayloadIdentifier": "com.example.profile.updates", "PayloadUUID": "5C8F1B8E-0002"
    }
  ]
}"#,
            options: &[],
            finds: &[("/PayloadContent/0/PayloadType", Severity::Error)],
        },
    ],
);

/// Judges the type of a declaration.
pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, name: &str) -> Option<Draft> {
    let invalid = judge(site.schema, name).err()?;
    Some(RULE.at(site.spot(), format!("{} {}", site.name(), invalid.problem)).help(invalid.help))
}

/// Whether a type may be Apple's: one of the schema, or another that does not concern software updates.
pub(in crate::validate) fn is_plausible(schema: &Schema, name: &str) -> bool {
    judge(schema, name).is_ok()
}

/// Why a name cannot be a type of declarations. Apple has two configurations about software updates, so every other name that speaks of them is
/// a mistake.
pub(crate) fn judge(schema: &Schema, name: &str) -> Result<(), InvalidValue> {
    let known = || schema.types().filter(|(_, kind)| kind.family.is_declaration()).map(|(_, kind)| &*kind.name);
    if known().any(|other| other == name) {
        return Ok(());
    }
    const UNDEFINED: &str = "which Apple does not define";
    let speaks_of_updates = speaks_of_updates(name);
    let near = nearest(name, known()).filter(|near| strsim::damerau_levenshtein(name, near) <= 3 || speaks_of_updates);
    match near {
        Some(near) => Err(InvalidValue::new(name, UNDEFINED, format!("did you mean \"{near}\"?"))),
        None if speaks_of_updates => {
            let help = format!("the types for software updates are {} and {}", crate::apple::SETTINGS, crate::apple::ENFORCEMENT);
            Err(InvalidValue::new(name, UNDEFINED, help))
        }
        None if name.starts_with("com.apple.") => Ok(()),
        None if name.is_empty() => {
            Err(InvalidValue::empty(format!("write a type, such as \"{}\"", crate::apple::SETTINGS)))
        }
        None => {
            let help = format!("a type begins with com.apple., such as \"{}\"", crate::apple::SETTINGS);
            Err(InvalidValue::new(name, UNDEFINED, help))
        }
    }
}

/// Whether a type contains "softwareupdate", in whatever case, and perhaps with hyphens or underscores.
fn speaks_of_updates(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_')).collect();
    plain.to_ascii_lowercase().contains("softwareupdate")
}

/// The payload of a profile that Apple does not have; `meant` is the one that was meant, if that can be told.
pub(in crate::validate) fn payload(site: Site<'_, '_>, meant: Option<&str>, is_declaration: bool) -> Draft {
    let name = shown(&site.node.as_str().unwrap_or_default());
    let at = |message: String| RULE.at(site.spot(), message);
    match meant {
        _ if is_declaration => at(format!("{name} is a declaration type, and not a payload of a profile"))
            .help("publish it as a declaration: { \"Type\": …, \"Identifier\": …, \"Payload\": { … } }"),
        Some(meant) => at(format!("Apple has no payload type {name}; did you mean {meant}?")).help(format!("write {meant}")),
        None => at(format!("Apple documents no payload type {name}"))
            .help("remove the payload; settings for updates are a softwareupdate.settings declaration")
            .severity(Severity::Warning),
    }
}
