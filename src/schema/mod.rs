//! The published JSON Schemas: for Apple's documents, for the program's own files, and for its output formats.
//!
//! Schemas for Apple's documents are generated from the rows of Apple's schema, one per declaration type. Schemas for
//! output formats are derived from Rust types.

mod across;
mod claims;
mod document;
mod limits;
mod policy;
mod words;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value as Json;

use crate::apple::{SCHEDULE_OS_UPDATE, SOFTWARE_UPDATE_PROFILE, Schema, Text, Type, short};
use crate::config;
use crate::words::capital;

/// The JSON Schema dialect of all schemas.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A published schema.
pub(crate) struct Published<'s> {
    /// The name: usually the type that it describes.
    pub(crate) name: Text,
    pub(crate) title: Text,
    content: Content<'s>,
}

/// What a schema describes.
enum Content<'s> {
    /// A declaration of any type.
    Declarations(&'s Schema),
    /// A document of one type.
    Document(&'s Schema, &'s Type),
    /// The keys of one type, without the frame.
    Payload(&'s Schema, &'s Type),
    /// One of the program's own formats.
    Own(fn() -> Json),
}

/// The schemas of files that users write.
pub(crate) fn written(apple: &Schema) -> Vec<Published<'_>> {
    let title = "A declaration, or an array of declarations";
    let mut all = vec![Published::new("declarations", title, Content::Declarations(apple))];
    for (_, kind) in apple.declarations() {
        let title = kind.title();
        all.push(Published::new(kind.name.clone(), capital(&title), Content::Document(apple, kind)));
        all.push(Published::new(payload_name(kind), format!("The payload of {title}"), Content::Payload(apple, kind)));
    }
    // The only documents of Apple's older protocol that are written in JSON.
    if let Some(kind) = apple.find(SCHEDULE_OS_UPDATE).map(|id| apple.kind(id)) {
        let title = format!("{}, in JSON", capital(&kind.title()));
        let bare = format!("{title}, without the enclosing dictionary");
        all.push(Published::new(kind.name.clone(), title, Content::Document(apple, kind)));
        all.push(Published::new(payload_name(kind), bare, Content::Payload(apple, kind)));
    }
    if let Some(kind) = apple.find(SOFTWARE_UPDATE_PROFILE).map(|id| apple.kind(id)) {
        let title = format!("The payload of {}, in JSON", kind.title());
        all.push(Published::new(kind.name.clone(), title, Content::Payload(apple, kind)));
    }
    all.push(Published::own("ddmc.toml", "The configuration of ddmc", config::schema));
    all.push(Published::own("ddmc.policy", "A policy of ddmc, or an array of policies", policy::schema));
    all
}

fn payload_name(kind: &Type) -> String {
    format!("{}.payload", kind.name)
}

/// The schema of a Rust type as serde serialises it.
pub(crate) fn printed<T: JsonSchema>() -> Json {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

impl<'s> Published<'s> {
    fn new(name: impl Into<Text>, title: impl Into<Text>, content: Content<'s>) -> Self {
        Self { name: name.into(), title: title.into(), content }
    }

    /// A schema for one of the program's own formats.
    pub(crate) fn own(name: &'static str, title: &'static str, make: fn() -> Json) -> Self {
        Self::new(name, title, Content::Own(make))
    }

    /// The name without Apple's common prefix.
    pub(crate) fn short(&self) -> &str {
        short(&self.name)
    }

    /// Whether `name` is the name, the short name or the file name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.short().eq_ignore_ascii_case(name) || self.file() == name
    }

    /// The file name.
    pub(crate) fn file(&self) -> String {
        format!("{}.schema.json", self.name)
    }

    pub(crate) fn schema(&self) -> Json {
        let (mut schema, limits) = match self.content {
            Content::Declarations(apple) => (document::declarations(apple), limits::of_declarations(apple)),
            Content::Document(apple, kind) => (document::document(apple, kind), limits::of(apple, kind, true)),
            Content::Payload(apple, kind) => (document::payload(apple, kind), limits::of(apple, kind, false)),
            Content::Own(make) => (make(), Vec::new()),
        };
        let version = env!("CARGO_PKG_VERSION");
        schema["$schema"] = DIALECT.into();
        schema["$id"] = format!("{}/raw/v{version}/schemas/{}", env!("CARGO_PKG_REPOSITORY"), self.file()).into();
        schema["title"] = (&*self.title).into();
        schema["x-ddmc"]["version"] = version.into();
        if let Content::Document(apple, kind) | Content::Payload(apple, kind) = self.content {
            schema["x-ddmc"]["schema"] = kind.release(apple).into();
        }
        if !limits.is_empty() {
            schema["x-ddmc"]["limits"] = limits.into();
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `visit` with every value in a schema and its pointer.
    fn walk(value: &Json, pointer: &str, visit: &mut dyn FnMut(&Json, &str)) {
        visit(value, pointer);
        match value {
            Json::Array(items) => items.iter().enumerate().for_each(|(at, item)| walk(item, &format!("{pointer}/{at}"), visit)),
            Json::Object(members) => members.iter().for_each(|(name, value)| walk(value, &format!("{pointer}/{name}"), visit)),
            _ => {}
        }
    }

    #[test]
    fn schemas_are_valid_and_suitable_for_editors() {
        for published in written(Schema::built_in()) {
            let schema = published.schema();
            jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", published.name));
            assert!(jsonschema::validator_for(&schema).is_ok(), "{}", published.name);
            assert!(schema["$id"].as_str().is_some_and(|id| id.ends_with(&published.file())), "{}", published.name);
            walk(&schema, "", &mut |value, pointer| {
                let is_format = pointer.ends_with("/format") && value.as_str().is_some_and(|format| format.contains("int"));
                assert!(!is_format, "{}: {pointer}", published.name);
                // The schema of policies describes schemas, so it names all types, including `null`.
                let is_null = value.is_null() || (value == "null" && published.name != "ddmc.policy");
                assert!(!is_null, "{}: {pointer}", published.name);
            });
        }
    }
}
