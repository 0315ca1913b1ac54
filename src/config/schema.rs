//! The JSON Schema and the reference page of `ddmc.toml`, from its table of keys.

use serde_json::{Value as Json, json};

use super::table::{Files, Ignore, PolicyFile, Row, Section, Set, Top};

/// The JSON Schema of the configuration file.
pub(crate) fn schema() -> Json {
    let mut schema = section::<Top>();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = super::FILE_NAME.into();
    schema["description"] =
        "The configuration of ddmc, the compiler and linter for Apple's device-management declarations".into();
    schema
}

/// The schema of a section.
pub(super) fn section<S: Section>() -> Json {
    let properties: serde_json::Map<String, Json> = S::ROWS.iter().map(|row| (row.name().to_owned(), row.schema())).collect();
    let required: Vec<&str> = S::ROWS.iter().filter(|row| row.is_required()).map(|row| row.name()).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The keys of the configuration file, for its page: per section a title, and per key its usage and meaning.
pub(crate) fn tables() -> [(&'static str, Vec<Vec<String>>); 5] {
    [
        ("Above the first table", rows::<Top>()),
        ("In [[files]]", rows::<Files>()),
        ("In [[ignore]]", rows::<Ignore>()),
        ("In [[sets]]", rows::<Set>()),
        ("In [[policies]]", rows::<PolicyFile>()),
    ]
}

/// Whether any section of the configuration file has this key.
pub(crate) fn is_key(name: &str) -> bool {
    fn has<S: Section>(name: &str) -> bool {
        S::ROWS.iter().any(|row| row.name() == name)
    }
    has::<Top>(name) || has::<Files>(name) || has::<Ignore>(name) || has::<Set>(name) || has::<PolicyFile>(name)
}

fn rows<S: Section>() -> Vec<Vec<String>> {
    let row = |row: &&dyn Row<S>| {
        let required = if row.is_required() { " (required)" } else { "" };
        vec![format!("`{}`", row.usage()), format!("{}{required}", row.meaning())]
    };
    S::ROWS.iter().map(row).collect()
}
