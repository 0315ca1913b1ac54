//! From the model and the key table to the schema of a document.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use super::across;
use super::words;
use crate::document::PLACEHOLDER;
use crate::keys::{self, AnyKey, Keys, Owner, Presence, Shape, Table, legacy, tables};
use crate::model::legacy::{ScheduleOsUpdate, SoftwareUpdate};
use crate::model::{Activation, DeclarationType, Enforcement, LegacyType, Settings};
use crate::words::sentence;

/// The name of the definition of what a template fills in later.
const TEMPLATE: &str = "placeholder";

/// A declaration with the payload `T`.
pub(super) fn declaration<T: JsonSchema>(kind: &DeclarationType) -> Json {
    with_definitions(enveloped::<T>(kind))
}

/// The payload of a declaration, without what is around it.
pub(super) fn payload<T: JsonSchema>(kind: &DeclarationType) -> Json {
    let mut schema = described::<T>(&Owner::Declaration(kind.clone()));
    // Of an object without keys nobody knows whose payload it is.
    schema["minProperties"] = 1.into();
    with_definitions(schema)
}

/// The command `ScheduleOSUpdate` in JSON, without what is around it.
pub(super) fn command() -> Json {
    with_definitions(schedule())
}

/// The command `ScheduleOSUpdate` in JSON, with what is around it.
pub(super) fn whole_command() -> Json {
    let mut schema = json!({ "type": "object", "properties": {}, "additionalProperties": false });
    let rows = &legacy::command::KEYS.keys;
    for key in rows {
        let mut property = if key.name() == "Command" { schedule() } else { json!({ "type": "string" }) };
        property["title"] = key.name().into();
        property["description"] = sentence(key.meaning()).into();
        schema["properties"][key.name()] = property;
    }
    require(&mut schema, rows);
    with_definitions(schema)
}

fn schedule() -> Json {
    let mut schema = described::<ScheduleOsUpdate>(&Owner::Legacy(LegacyType::ScheduleOsUpdate));
    name(&mut schema, "RequestType", LegacyType::ScheduleOsUpdate);
    schema
}

/// The payload `com.apple.SoftwareUpdate` of a profile, in JSON.
pub(super) fn software_update() -> Json {
    let mut schema = described::<SoftwareUpdate>(&Owner::Legacy(LegacyType::SoftwareUpdate));
    name(&mut schema, "PayloadType", LegacyType::SoftwareUpdate);
    for key in legacy::profile::FRAME {
        schema["properties"][key] = json!(true);
    }
    with_definitions(schema)
}

/// Says which key tells the documents of this schema from others.
fn name(schema: &mut Json, key: &str, document: LegacyType) {
    let property = &mut schema["properties"][key];
    let description = property["description"].take();
    *property = json!({ "title": key, "description": description, "const": document.as_str() });
}

/// Any declaration for software updates, or an array of them. The payload of any other type may hold anything.
pub(super) fn any() -> Json {
    let known = [
        (DeclarationType::Settings, enveloped::<Settings>(&DeclarationType::Settings)),
        (DeclarationType::Enforcement, enveloped::<Enforcement>(&DeclarationType::Enforcement)),
        (DeclarationType::Activation, enveloped::<Activation>(&DeclarationType::Activation)),
    ];
    let mut definitions = Map::new();
    let names: Vec<&str> = known.iter().map(|(kind, _)| kind.as_str()).collect();
    let mut all = Vec::new();
    for (kind, schema) in &known {
        definitions.insert(kind.as_str().to_owned(), schema.clone());
        all.push(json!({
            "if": { "properties": { "Type": { "const": kind.as_str() } }, "required": ["Type"] },
            "then": { "$ref": format!("#/$defs/{}", kind.as_str()) },
        }));
    }
    let mut other = envelope();
    other["properties"]["Payload"] = json!({ "type": "object" });
    other["properties"]["Type"]["examples"] = json!(names);
    all.push(json!({
        "if": { "properties": { "Type": { "enum": names } }, "required": ["Type"] },
        "then": true,
        "else": other,
    }));
    definitions.insert("declaration".to_owned(), json!({ "type": "object", "allOf": all }));
    let mut schema = with_definitions(json!({
        "if": { "type": "array" },
        "then": { "items": { "$ref": "#/$defs/declaration" } },
        "else": { "$ref": "#/$defs/declaration" },
    }));
    if let Some(all) = schema["$defs"].as_object_mut() {
        all.extend(definitions);
    }
    schema
}

fn with_definitions(mut schema: Json) -> Json {
    schema["$defs"] = json!({ TEMPLATE: {
        // No description: editors would show it in place of that of the key.
        "$comment": "What a template or a server fills in later.",
        "type": "string",
        "pattern": PLACEHOLDER,
    } });
    schema
}

/// A declaration of a type: the envelope, and in it the payload.
fn enveloped<T: JsonSchema>(kind: &DeclarationType) -> Json {
    let mut schema = envelope();
    let properties = &mut schema["properties"];
    properties["Type"] = json!({
        "title": "Type",
        "description": sentence(keys::envelope::TYPE.meaning),
        "const": kind.as_str(),
    });
    let owner = Owner::Declaration(kind.clone());
    let mut payload = described::<T>(&owner);
    payload["title"] = "Payload".into();
    payload["description"] = sentence(keys::envelope::PAYLOAD.meaning).into();
    properties["Payload"] = payload;
    if let Some(table) = Table::of(&owner) {
        schema["description"] = format!("{}\n\n{}", words::availability(table.support), table.source.page).into();
        schema["x-ddmc"] = json!({ "availability": words::support(table.support) });
    }
    schema
}

/// What is around every payload. It has no fields in the model that serde reads, so the table alone makes it.
fn envelope() -> Json {
    let mut schema = json!({ "type": "object", "properties": {}, "additionalProperties": false, "required": [] });
    for key in &keys::envelope::KEYS.keys {
        let kind = if matches!(key.shape(), Shape::Text(_)) { "string" } else { "object" };
        schema["properties"][key.name()] = json!({ "type": kind });
        let property = &mut schema["properties"][key.name()];
        // Where declarations exist at all says nothing to somebody who writes one.
        property["description"] = sentence(key.meaning()).into();
        property["title"] = key.name().into();
        if let Some(examples) = words::examples(key) {
            property["examples"] = examples;
        }
        constrain(property, key.shape(), &[]);
        allow_template(property, key);
        if key.presence() == Presence::Required
            && let Some(required) = schema["required"].as_array_mut()
        {
            required.push(key.name().into());
        }
    }
    schema
}

/// The structure of the payload `T`, with what the table says of each of its keys, and the rules across them.
fn described<T: JsonSchema>(owner: &Owner) -> Json {
    let mut schema = structure::<T>();
    let head = Table::of(owner).map_or(0, |table| table.top.len());
    for table in tables().filter(|table| table.owner == *owner) {
        let way = table.top.iter().skip(head);
        let group: Vec<&str> = way.clone().copied().collect();
        if let (Owner::Legacy(_), Some(object)) = (owner, at(&mut schema, &group)) {
            require(object, (table.keys)());
        }
        for key in (table.keys)() {
            let steps: Vec<&str> = way.clone().copied().chain(key.path().iter().copied()).collect();
            if let Some(property) = at(&mut schema, &steps) {
                describe(property, key);
            }
        }
    }
    for rule in across::RULES_ACROSS.iter().filter(|rule| rule.owner == *owner) {
        if let Some(object) = at(&mut schema, rule.object) {
            let condition = (rule.schema)();
            match object.get_mut("allOf").and_then(Json::as_array_mut) {
                Some(all) => all.push(condition),
                None => object["allOf"] = json!([condition]),
            }
        }
    }
    for table in tables().filter(|table| table.owner == *owner) {
        // What a template fills in of a program is beyond what editors should help with.
        let way: Vec<&str> = table.top.iter().skip(head).copied().collect();
        for key in (table.keys)() {
            if let Some(property) = at(&mut schema, &[&way, key.path()].concat()) {
                allow_template(property, key);
            }
        }
    }
    schema
}

/// Demands the required keys of an object. The model of a legacy document takes it without them, since it may hold placeholders.
fn require(object: &mut Json, rows: &'static Keys) {
    let names = rows.into_iter().filter(|key| key.presence() == Presence::Required).map(AnyKey::name);
    let names: Vec<&str> = names.collect();
    if !names.is_empty() {
        object["required"] = json!(names);
    }
}

/// The schema of a key, by its way from the payload on; `*` stands for the items of an array.
fn at<'s>(schema: &'s mut Json, steps: &[&str]) -> Option<&'s mut Json> {
    steps.iter().try_fold(schema, |schema, step| match *step {
        "*" => schema.get_mut("items"),
        name => schema.get_mut("properties")?.get_mut(name),
    })
}

/// The structure of a type that the program prints, as serde writes it.
pub(crate) fn printed<T: JsonSchema>() -> Json {
    derived::<T>(SchemaSettings::draft2020_12().for_serialize())
}

/// The structure of a type as serde reads it: names, JSON types, what is required.
fn structure<T: JsonSchema>() -> Json {
    let mut schema = derived::<T>(SchemaSettings::draft2020_12().for_deserialize());
    clean(&mut schema);
    schema
}

fn derived<T: JsonSchema>(settings: SchemaSettings) -> Json {
    let settings = settings.with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// Takes out what editors show and nobody means: `null` for what may be left out, the widths of Rust's integers, and the words of the
/// model's own documentation, for which the table has better ones.
fn clean(schema: &mut Json) {
    let Some(members) = schema.as_object_mut() else { return };
    for name in ["title", "description", "format", "default", "minimum", "maximum"] {
        members.remove(name);
    }
    if let Some(Json::Array(types)) = members.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    if let Some(Json::Array(mut choices)) = members.remove("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        match (choices.pop(), choices.is_empty()) {
            (Some(Json::Object(only)), true) => members.extend(only),
            (last, _) => {
                choices.extend(last);
                members.insert("anyOf".to_owned(), choices.into());
            }
        }
        for name in ["title", "description"] {
            members.remove(name);
        }
    }
    if let Some(Json::Object(properties)) = members.get_mut("properties") {
        properties.values_mut().for_each(clean);
    }
    if let Some(items) = members.get_mut("items") {
        clean(items);
    }
}

/// Writes into the schema of a value what the table says of its key.
fn describe(schema: &mut Json, key: &dyn AnyKey) {
    let described = json!({ "title": key.name(), "description": words::description(key), "x-ddmc": words::facts(key) });
    if let (Some(schema), Json::Object(described)) = (schema.as_object_mut(), described) {
        schema.extend(described);
        schema.extend(key.default_json().map(|default| ("default".to_owned(), default)));
        schema.extend(words::examples(key).map(|examples| ("examples".to_owned(), examples)));
    }
    constrain(schema, key.shape(), key.value_meanings());
}

/// Writes into the schema of a value which values of its JSON type are right.
fn constrain(schema: &mut Json, shape: &Shape, meanings: &[&str]) {
    match shape {
        Shape::Integer { min, max } if *min > i64::MIN => {
            schema["minimum"] = (*min).into();
            schema["maximum"] = (*max).into();
        }
        Shape::Choice(names) => {
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("oneOf");
            }
            schema["type"] = "string".into();
            schema["enum"] = json!(names);
            schema["enumDescriptions"] = meanings.iter().map(|meaning| meaning.trim()).collect();
        }
        Shape::Text(Some(form)) => {
            if let (Some(schema), Json::Object(form)) = (schema.as_object_mut(), form.schema()) {
                schema.extend(form);
            }
        }
        Shape::Boolean
        | Shape::Integer { .. }
        | Shape::Number
        | Shape::Date
        | Shape::Text(None)
        | Shape::Array(_)
        | Shape::Group
        | Shape::Object => {}
    }
}

/// What describes a value, and does not limit it.
const ABOUT: [&str; 5] = ["title", "description", "default", "examples", "x-ddmc"];

/// Allows a single value to be filled in later. Free text may be anything already; a placeholder for a group is beyond what editors
/// should help with.
fn allow_template(schema: &mut Json, key: &dyn AnyKey) {
    if matches!(key.shape(), Shape::Text(None) | Shape::Array(_) | Shape::Group | Shape::Object) {
        return;
    }
    let Some(members) = schema.as_object_mut() else { return };
    let (mut about, limits): (Map<_, _>, Map<_, _>) =
        std::mem::take(members).into_iter().partition(|(name, _)| ABOUT.contains(&name.as_str()));
    about.insert("anyOf".to_owned(), json!([limits, { "$ref": format!("#/$defs/{TEMPLATE}") }]));
    *members = about;
}
