//! The JSON Schemas that the program publishes: of Apple's documents, of its own files, and of what it prints for other programs.
//!
//! The structure of Apple's documents is derived from the model; what each key means, takes and combines by is written in by the key
//! table. To publish another document, name it in the list below.

mod across;
mod document;
mod limits;
mod policy;
mod words;

use serde_json::{Value as Json, json};

use crate::config;
use crate::keys::SCHEMA;
use crate::model::{Activation, DeclarationType, Enforcement, Settings};

pub(crate) use document::printed;

/// The dialect of all schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema that the program publishes.
pub(crate) struct Published {
    /// The type that it describes, or another name.
    pub(crate) name: &'static str,
    /// What it describes, as a title.
    pub(crate) title: &'static str,
    /// What the schema says, beside its names and versions.
    pub(crate) make: fn() -> Json,
}

/// The schemas of what people write.
pub(crate) static WRITTEN: &[Published] = &[
    written("declarations", "Declarations for software updates: one, or an array", document::any),
    written("com.apple.configuration.softwareupdate.settings", "Software update settings", || {
        document::declaration::<Settings>(&DeclarationType::Settings)
    }),
    written("com.apple.configuration.softwareupdate.settings.payload", "The payload of software update settings", || {
        document::payload::<Settings>(&DeclarationType::Settings)
    }),
    written("com.apple.configuration.softwareupdate.enforcement.specific", "The enforcement of a software update", || {
        document::declaration::<Enforcement>(&DeclarationType::Enforcement)
    }),
    written(
        "com.apple.configuration.softwareupdate.enforcement.specific.payload",
        "The payload of the enforcement of a software update",
        || document::payload::<Enforcement>(&DeclarationType::Enforcement),
    ),
    written("com.apple.activation.simple", "The activation of configurations", || {
        document::declaration::<Activation>(&DeclarationType::Activation)
    }),
    written("com.apple.activation.simple.payload", "The payload of the activation of configurations", || {
        document::payload::<Activation>(&DeclarationType::Activation)
    }),
    written("ScheduleOSUpdate", "The command ScheduleOSUpdate, in JSON", document::whole_command),
    written("ScheduleOSUpdate.payload", "The command ScheduleOSUpdate, in JSON, without what is around it", document::command),
    written("com.apple.SoftwareUpdate", "The payload of profiles for software updates, in JSON", document::software_update),
    written("ddmc.toml", "The configuration of ddmc", config::schema),
    written("ddmc.policy", "A policy of ddmc, or an array of policies", policy::schema),
];

const fn written(name: &'static str, title: &'static str, make: fn() -> Json) -> Published {
    Published { name, title, make }
}

impl Published {
    /// The name without what all of Apple's types begin with.
    pub(crate) fn short(&self) -> &'static str {
        let name = self.name;
        name.strip_prefix("com.apple.configuration.").or_else(|| name.strip_prefix("com.apple.")).unwrap_or(name)
    }

    /// Whether people call it so.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.short().eq_ignore_ascii_case(name) || self.file() == name
    }

    /// The name of its file.
    pub(crate) fn file(&self) -> String {
        format!("{}.schema.json", self.name)
    }

    /// The schema.
    pub(crate) fn schema(&self) -> Json {
        let version = env!("CARGO_PKG_VERSION");
        let mut schema = json!({
            "$schema": DIALECT,
            "$id": format!("{}/raw/v{version}/schemas/{}", env!("CARGO_PKG_REPOSITORY"), self.file()),
            "title": self.title,
        });
        if let (Some(schema), Json::Object(made)) = (schema.as_object_mut(), (self.make)()) {
            // What is said here names the schema; what is made describes it.
            for (name, value) in made {
                schema.entry(name).or_insert(value);
            }
            let ddmc = schema.entry("x-ddmc").or_insert_with(|| json!({}));
            ddmc["version"] = version.into();
            if self.name.starts_with("com.apple.") {
                ddmc["schema"] = SCHEMA.into();
            }
            let limits = limits::of(self.short());
            if !limits.is_empty() {
                ddmc["limits"] = limits.into();
            }
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `visit` with every value in a schema, and the pointer to it.
    fn walk(value: &Json, pointer: &str, visit: &mut dyn FnMut(&Json, &str)) {
        visit(value, pointer);
        match value {
            Json::Array(items) => items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{pointer}/{at}"), visit)),
            Json::Object(members) => members.iter().for_each(|(name, value)| walk(value, &format!("{pointer}/{name}"), visit)),
            _ => {}
        }
    }

    #[test]
    fn schemas_are_schemas_and_clean_for_editors() {
        for published in WRITTEN {
            let schema = published.schema();
            jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", published.name));
            assert!(jsonschema::validator_for(&schema).is_ok(), "{}", published.name);
            assert!(schema["$id"].as_str().is_some_and(|id| id.ends_with(&published.file())), "{}", published.name);
            walk(&schema, "", &mut |value, pointer| {
                let is_format = pointer.ends_with("/format") && value.as_str().is_some_and(|format| format.contains("int"));
                assert!(!is_format, "{}: {pointer}", published.name);
                // A schema that speaks of schemas names all types.
                let is_null = value.is_null() || (value == "null" && published.name != "ddmc.policy");
                assert!(!is_null, "{}: {pointer}", published.name);
            });
        }
    }
}
