//! Converts Apple's schema to JSON Schemas of its documents.

use serde_json::{Map, Value as Json, json};

use super::across;
use super::claims;
use super::words;
use crate::apple::{ANY, Family, KeyId, NOTHING, Note, Others, Rows, Schema, SupportId, Type, ValueType, others};
use crate::syntax::PLACEHOLDER;
use crate::words::{capital, sentence};

/// The names of shared definitions.
pub(super) const TEMPLATE: &str = "placeholder";
const BOOLEAN: &str = "boolean";
const TYPE: &str = "type";

/// Groups of four letters, the last one filled with `=`, with white space anywhere.
const BASE64: &str = r"^[\t\n\f\r ]*(?:(?:[A-Za-z0-9+/][\t\n\f\r ]*){4})*(?:(?:[A-Za-z0-9+/][\t\n\f\r ]*){2}=[\t\n\f\r ]*=[\t\n\f\r ]*|(?:[A-Za-z0-9+/][\t\n\f\r ]*){3}=[\t\n\f\r ]*)?$";

/// A declaration or an array of declarations.
///
/// Keywords for objects do not apply to an array, so the root needs no condition: an editor that looks for the keys at
/// the cursor then visits only the declaration around it.
pub(super) fn declarations(apple: &Schema) -> Json {
    let mut definitions = Map::new();
    let kinds: Vec<&Type> = apple.declarations().map(|(_, kind)| kind).collect();
    for kind in &kinds {
        let payload = described(without_frame(apple, kind, &mut definitions), apple, kind);
        definitions.insert(kind.name.to_string(), payload);
    }
    let mut declaration = frame(apple, Family::Envelope, &mut definitions);
    // The root has the type, as an array refers to this definition too.
    declaration.as_object_mut().map(|keywords| keywords.remove("type"));
    declaration["properties"]["Payload"] = json!({ "type": "object" });
    let property = &mut declaration["properties"]["Type"];
    property.as_object_mut().map(|keywords| keywords.remove("anyOf"));
    // Not `anyOf`, for which editors show all names instead of the message.
    property["if"] = reference(TEMPLATE);
    property["else"] = reference(TYPE);
    declaration["if"] = json!({ "properties": { "Type": reference(TYPE) }, "required": ["Type"] });
    declaration["then"] = by_type(&kinds);
    definitions.insert("declaration".to_owned(), declaration);
    definitions.insert(
        TYPE.to_owned(),
        json!({
            "enum": kinds.iter().map(|kind| &*kind.name).collect::<Vec<_>>(),
            "enumDescriptions": kinds.iter().map(|kind| capital(&kind.title())).collect::<Vec<_>>(),
            "errorMessage": format!("Apple's schema {} does not define this type", apple.release),
        }),
    );
    let mut schema = reference("declaration");
    schema["type"] = json!(["object", "array"]);
    schema["items"] = reference("declaration");
    schema["items"]["type"] = "object".into();
    with_definitions(schema, definitions)
}

/// The payload of a declaration whose type is one of these. Halves the types, because validators and editors try every
/// branch of a list, for each declaration.
fn by_type(kinds: &[&Type]) -> Json {
    let (first, others) = kinds.split_at(kinds.len() / 2);
    if first.is_empty() {
        return kinds.first().map_or(true.into(), |kind| json!({ "properties": { "Payload": reference(&kind.name) } }));
    }
    let names: Vec<&str> = first.iter().map(|kind| &*kind.name).collect();
    json!({ "if": { "properties": { "Type": { "enum": names } } }, "then": by_type(first), "else": by_type(others) })
}

/// A document of a type, including the frame.
pub(super) fn document(apple: &Schema, kind: &Type) -> Json {
    let mut definitions = Map::new();
    let schema = framed(apple, kind, &mut definitions);
    with_definitions(schema, definitions)
}

/// The keys of a type, without the frame.
pub(super) fn payload(apple: &Schema, kind: &Type) -> Json {
    let mut definitions = Map::new();
    let mut schema = without_frame(apple, kind, &mut definitions);
    if kind.family.is_declaration() {
        // An empty object could be the payload of any type.
        schema["minProperties"] = 1.into();
    }
    with_definitions(schema, definitions)
}

/// Adds the definitions that a schema refers to.
fn with_definitions(mut schema: Json, mut definitions: Map<String, Json>) -> Json {
    definitions.insert(
        TEMPLATE.to_owned(),
        json!({
            // Without a description, since editors would show it instead of the key's description.
            "$comment": "A placeholder that a template or a server replaces.",
            "type": "string",
            "pattern": PLACEHOLDER,
        }),
    );
    definitions.insert(BOOLEAN.to_owned(), templated(&json!({ "type": "boolean" })));
    schema["$defs"] = definitions.into();
    schema
}

/// The keys of a frame.
fn frame(apple: &Schema, family: Family, definitions: &mut Map<String, Json>) -> Json {
    let kind = apple.only(family).map(|id| apple.kind(id));
    kind.map_or_else(|| json!({}), |kind| Fold::of(apple, kind, definitions))
}

/// A frame that contains the keys of a type.
fn framed(apple: &Schema, kind: &Type, definitions: &mut Map<String, Json>) -> Json {
    let payload = without_frame(apple, kind, definitions);
    let (Some(family), Some(place)) = (kind.family.frame(), kind.family.top().first()) else { return payload };
    let mut schema = frame(apple, family, definitions);
    let property = &mut schema["properties"][place];
    let (title, description) = (property["title"].take(), property["description"].take());
    *property = payload;
    property["title"] = title;
    property["description"] = description;
    if kind.family.is_declaration() {
        require_name(&mut schema, kind);
        schema = described(schema, apple, kind);
    }
    schema
}

/// Adds what is known about a type.
fn described(mut schema: Json, apple: &Schema, kind: &Type) -> Json {
    let support = apple.support(kind.support);
    schema["title"] = capital(&kind.title()).into();
    schema["description"] = format!("{}\n\n{}", support.sentence(), kind.page()).into();
    schema["x-ddmc"] = json!({ "availability": words::support(support) });
    schema
}

/// The keys of a type.
fn without_frame(apple: &Schema, kind: &Type, definitions: &mut Map<String, Json>) -> Json {
    let mut schema = Fold::of(apple, kind, definitions);
    if !kind.family.is_declaration() {
        require_name(&mut schema, kind);
    }
    schema
}

/// Requires the name of the type at its key.
fn require_name(schema: &mut Json, kind: &Type) {
    let Some(key) = kind.family.name_key() else { return };
    let property = &mut schema["properties"][key];
    let description = property["description"].take();
    *property = json!({ "title": key, "description": description, "const": kind.name });
}

/// Converts the rows of a type to a schema.
struct Fold<'s, 'd> {
    apple: &'s Schema,
    kind: &'s Type,
    /// The path to the current key. `*` is an array item.
    path: Vec<&'s str>,
    /// The objects around the current key.
    open: Vec<Open>,
    /// The availability of the type or key around the current key.
    around: SupportId,
    /// The objects that contain themselves, by definition name.
    definitions: &'d mut Map<String, Json>,
}

/// An object being converted.
struct Open {
    rows: Rows,
    /// The name of its definition.
    name: String,
    is_recursive: bool,
}

impl<'s, 'd> Fold<'s, 'd> {
    /// Converts the keys of a type.
    fn of(apple: &'s Schema, kind: &'s Type, definitions: &'d mut Map<String, Json>) -> Json {
        Self { apple, kind, path: Vec::new(), open: Vec::new(), around: kind.support, definitions }
            .value(apple.payload(kind), &NOTHING)
    }

    fn object(&mut self, rows: Rows) -> Json {
        if let Some(open) = self.open.iter_mut().find(|open| open.rows == rows) {
            open.is_recursive = true;
            return reference(&open.name);
        }
        let name = [&*self.kind.name].into_iter().chain(self.path.iter().copied()).collect::<Vec<_>>().join(".");
        self.open.push(Open { rows, name: name.clone(), is_recursive: false });
        let schema = self.members(rows);
        if self.open.pop().is_some_and(|open| open.is_recursive) {
            let reference = reference(&name);
            self.definitions.insert(name, schema);
            return reference;
        }
        schema
    }

    fn members(&mut self, rows: Rows) -> Json {
        let apple = self.apple;
        let mut schema = json!({ "type": "object", "properties": {} });
        let mut required = Vec::new();
        for (id, key) in apple.keys(rows) {
            self.path.push(&key.name);
            schema["properties"][&*key.name] = self.property(id);
            self.path.pop();
            if apple.is_required(id) {
                required.push(&*key.name);
            }
        }
        if !required.is_empty() {
            schema["required"] = json!(required);
        }
        let others = others(&self.kind.name);
        if let Others::These(names) = others {
            for name in names {
                schema["properties"][name] = true.into();
            }
        }
        if !matches!(others, Others::Any { .. }) {
            schema["additionalProperties"] = false.into();
        }
        let mut rules = across::rules(&self.kind.name, &self.path);
        rules.extend(claims::of(apple, rows));
        if !rules.is_empty() {
            schema["allOf"] = rules.into();
        }
        schema
    }

    /// The schema of a key's value, with the annotations that editors show.
    fn property(&mut self, id: KeyId) -> Json {
        let (apple, key) = (self.apple, self.apple.key(id));
        let around = std::mem::replace(&mut self.around, key.support);
        let mut schema = self.value(key.value, apple.note(id));
        self.around = around;
        schema["title"] = (&*key.name).into();
        if self.kind.family.is_frame() {
            // Frames are available wherever their contents are, so their own availability is of no use to authors.
            schema["description"] = sentence(apple.note(id).meaning).into();
        } else {
            schema["description"] = words::description(apple, id).into();
            let facts = words::facts(apple, id, around);
            if facts.as_object().is_some_and(|facts| !facts.is_empty()) {
                schema["x-ddmc"] = facts;
            }
        }
        if let Some(default) = &key.default {
            schema["default"] = default.to_json();
        }
        if let Some(examples) = words::examples(apple, id) {
            schema["examples"] = examples;
        }
        schema
    }

    /// The schema of a value. It accepts placeholders except for objects and arrays, where they would spoil
    /// completion in editors.
    fn value(&mut self, value: ValueType, note: &Note) -> Json {
        let apple = self.apple;
        match value {
            ValueType::Boolean => reference(BOOLEAN),
            // Even an unbounded integer has 64 bits.
            ValueType::Integer { min, max } => templated(&json!({ "type": "integer", "minimum": min, "maximum": max })),
            ValueType::Integers(numbers) => templated(&json!({ "type": "integer", "enum": apple.numbers(numbers) })),
            ValueType::Real => templated(&json!({ "type": "number" })),
            ValueType::String => match note.format {
                Some(format) => {
                    let mut schema = format.schema();
                    schema["type"] = "string".into();
                    templated(&schema)
                }
                // Free text already accepts placeholders.
                None => json!({ "type": "string" }),
            },
            ValueType::Enum(words) => {
                let mut schema = json!({ "type": "string", "enum": apple.words(words) });
                if !note.values.is_empty() {
                    schema["enumDescriptions"] = json!(note.values);
                }
                templated(&schema)
            }
            ValueType::Date => json!({ "type": "string" }),
            ValueType::Data => templated(&json!({ "type": "string", "contentEncoding": "base64", "pattern": BASE64 })),
            ValueType::Any => json!({}),
            ValueType::Array { item, .. } => json!({ "type": "array", "items": self.element("*", item) }),
            ValueType::Object(rows) => self.object(rows),
            ValueType::Map(id) => json!({ "type": "object", "additionalProperties": self.element(ANY, id) }),
        }
    }

    /// The schema of an array item or a map value.
    fn element(&mut self, step: &'s str, id: KeyId) -> Json {
        self.path.push(step);
        let value = self.value(self.apple.key(id).value, self.apple.note(id));
        self.path.pop();
        value
    }
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// A value or a placeholder.
fn templated(schema: &Json) -> Json {
    json!({ "anyOf": [schema, reference(TEMPLATE)] })
}
