//! What the table says, for other programs and for people.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use super::table::{Files, Ignore, Section, Set, Top};

/// The JSON Schema of the configuration file.
pub(crate) fn schema() -> Json {
    let mut schema = section::<Top>();
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = super::FILE_NAME.into();
    schema["description"] =
        "The configuration of ddmc, the compiler and linter for Apple's declarative software-update documents".into();
    schema
}

/// The schema of a table with known keys.
pub(super) fn section<S: Section>() -> Json {
    let properties: serde_json::Map<String, Json> = S::ROWS.iter().map(|row| (row.name().to_owned(), row.schema())).collect();
    let required: Vec<&str> = S::ROWS.iter().filter(|row| row.is_required()).map(|row| row.name()).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The keys of the configuration file, for its page of the documentation.
pub(crate) fn markdown() -> String {
    let mut text = String::new();
    rows::<Top>(&mut text, "Anywhere above the first table");
    rows::<Files>(&mut text, "`[[files]]`");
    rows::<Ignore>(&mut text, "`[[ignore]]`");
    rows::<Set>(&mut text, "`[[sets]]`");
    text
}

fn rows<S: Section>(text: &mut String, title: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "\n### {title}\n\n| key | value | meaning |\n| --- | --- | --- |");
    for row in S::ROWS {
        let required = if row.is_required() { " (required)" } else { "" };
        let _ = writeln!(text, "| `{}`{required} | {} | {} |", row.name(), row.expected(), row.meaning());
    }
}
