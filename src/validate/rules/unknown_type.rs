//! `unknown-type`

use super::super::validator::Site;
use crate::apple::{InvalidValue, Schema};
use crate::diagnostic::{Draft, Example, Proposal, Remedy, Rule, Severity, activation, declaration_line};
use crate::words::{list, nearest};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-type",
    Severity::Error,
    "Type is not one of Apple's declaration types, or PayloadType is not one of its payload types",
    "A device reports an unknown type as Error.UnknownDeclarationType and ignores the declaration. The payload of an \
     unknown type is not checked. --apple-schema names a newer release of Apple's schema, which may define the type. A \
     profile holds payloads, not declarations: devices refuse a profile with a declaration type in it.",
    &[
        Example::new(declaration_line!(
            "com.apple.activation.simpel",
            "com.example.all",
            r#"{ "StandardConfigurations": ["com.example.a"] }"#
        ))
        .finds(&[("/Type", Severity::Error)]),
        Example::new(declaration_line!("com.apple.configuration.softwareupdate.enforcement", "com.example.enforce", "{}"))
            .finds(&[("/Type", Severity::Error)]),
        Example::new(declaration_line!("com.apple.configuration.passcode", "com.example.passcode", "{}"))
            .finds(&[("/Type", Severity::Error)]),
        Example::new(activation!("com.example.all", r#"["com.example.a"]"#)),
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
)
.also(&[Severity::Warning]);

/// Judges the type of a declaration.
pub(in crate::validate) fn diagnostic(site: Site<'_, '_>, name: &str) -> Option<Draft> {
    let invalid = judge(site.schema, name).err()?;
    let problem = if site.is_hidden() { "is not a type that Apple defines".to_owned() } else { invalid.problem };
    let fix = meant(site.schema, name).map(|near| {
        // One letter more may be another type, such as gmail for mail.
        let is_same = name.eq_ignore_ascii_case(near);
        Proposal::safe(Remedy::Replace(format!("\"{near}\"")), format!("write \"{near}\"")).safe_if(is_same)
    });
    Some(RULE.at(site.spot(), format!("{} {problem}", site.name())).help(invalid.help).fix(fix))
}

/// The type that was meant by a misspelled name.
pub(in crate::validate) fn meant<'s>(schema: &'s Schema, name: &str) -> Option<&'s str> {
    let name = name.to_ascii_lowercase();
    nearest(&name, names(schema)).filter(|near| strsim::damerau_levenshtein(&name, &near.to_ascii_lowercase()) <= 3)
}

/// The names of all declaration types.
fn names(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.declarations().map(|(_, kind)| &*kind.name)
}

/// Returns an error if Apple defines no declaration type with this name.
pub(crate) fn judge(schema: &Schema, name: &str) -> Result<(), InvalidValue> {
    if schema.find(name).is_some_and(|id| schema.kind(id).family.is_declaration()) {
        return Ok(());
    }
    if name.is_empty() {
        return Err(InvalidValue::empty(format!("write a type, such as \"{}\"", crate::apple::SETTINGS)));
    }
    let problem = format!("which Apple's schema {} does not define", schema.release);
    let help = match &similar(schema, name)[..] {
        [only] => format!("did you mean \"{only}\"?"),
        [] if name.starts_with("com.apple.") => {
            "correct it (`ddmc explain` lists all types), or name a newer release of Apple's schema with --apple-schema"
                .to_owned()
        }
        [] => format!("a type begins with com.apple., such as \"{}\"", crate::apple::SETTINGS),
        several => format!("Apple defines {}", list(several, "and")),
    };
    Err(InvalidValue::new(name, problem, help))
}

/// The types that a wrong name can mean: the nearest one; else those with the same name in another family; else those
/// whose name continues this one, ends with this one, or has the same subject.
fn similar<'s>(schema: &'s Schema, name: &str) -> Vec<&'s str> {
    if let Some(near) = meant(schema, name) {
        return vec![near];
    }
    let subjects: Vec<(String, &str)> = names(schema).map(|name| (subject(name), name)).collect();
    let with = |is_wanted: &dyn Fn(&str) -> bool| -> Vec<&'s str> {
        subjects.iter().filter(|(subject, _)| is_wanted(subject)).map(|(_, name)| *name).collect()
    };
    let about = |wanted: &str| {
        let continues = |rest: &str| rest.is_empty() || rest.starts_with('.');
        with(&|subject| subject.strip_prefix(wanted).is_some_and(continues))
    };
    let wanted = subject(name);
    let ending = format!(".{wanted}");
    let first = wanted.split('.').next().unwrap_or_default();
    let found = [about(&wanted), with(&|subject| subject.ends_with(&ending)), about(first)];
    found.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// A type name without its family, in lower case and without hyphens: `softwareupdate.settings`.
fn subject(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let name = name.strip_prefix("com.apple.").unwrap_or(&name);
    let name = FAMILIES.iter().find_map(|family| name.strip_prefix(family)).unwrap_or(name);
    name.replace(['-', '_'], "")
}

/// The families of declarations, as they stand in the names of types.
const FAMILIES: [&str; 4] = ["configuration.", "activation.", "asset.", "management."];

/// The diagnostic for a payload type that Apple does not define; `meant` is the one that was probably meant.
pub(in crate::validate) fn payload(site: Site<'_, '_>, meant: Option<&str>, is_declaration: bool) -> Draft {
    let name = site.shown(&site.node.as_str().unwrap_or_default());
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
