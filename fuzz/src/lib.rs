//! Inputs for the fuzz targets: any bytes, or documents with the keys of Apple's types.

use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Map, Value, json};

/// Each declaration type with the paths of its keys; `*` is an item of an array, or any key.
static TYPES: LazyLock<Vec<(&str, Vec<Vec<&str>>)>> = LazyLock::new(ddmc::fuzzing::types);

/// Values that keys of Apple's have, that are near one, or that no key has.
const VALUES: [&str; 19] = [
    "true",
    "false",
    "null",
    "0",
    "30",
    "-1",
    "1e3",
    "18446744073709551616",
    "\"\"",
    "\"AlwaysOn\"",
    "\"always\"",
    "\"26.1\"",
    "\"2026-12-01T09:00:00\"",
    "\"com.example.a\"",
    "\"$FLEET_VAR_X\"",
    "\"{{ name }}\"",
    "\"\\ud83d\\ude00\"",
    "{}",
    "[[]]",
];

/// Characters that damage a document.
const DAMAGE: &[u8] = b"\"{}[]:,/*\\ \n\0'x0-";

/// A text for a fuzz target.
#[derive(Debug)]
pub struct Input(pub Vec<u8>);

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1, 4)? {
            return Ok(Self(u.bytes(u.len())?.to_vec()));
        }
        let mut texts = Vec::new();
        for _ in 0..u.int_in_range(1..=4)? {
            texts.push(declaration(u)?.to_string());
        }
        // Targets that read two files split the text at a zero byte.
        let text = match u.int_in_range(0..=2)? {
            0 => format!("[{}]", texts.join(",")),
            1 => texts.join("\n"),
            _ => texts.join("\0"),
        };
        let mut bytes = text.into_bytes();
        for _ in 0..u.int_in_range(0..=3)? {
            let at = u.choose_index(bytes.len())?;
            match u.int_in_range(0..=2)? {
                0 => bytes[at] = *u.choose(DAMAGE)?,
                1 => bytes.insert(at, *u.choose(DAMAGE)?),
                _ => drop(bytes.remove(at)),
            }
        }
        Ok(Self(bytes))
    }
}

/// A declaration with some keys of its type.
fn declaration(u: &mut Unstructured<'_>) -> Result<Value> {
    let (kind, paths) = u.choose(&TYPES)?;
    let mut payload = json!({});
    for _ in 0..u.int_in_range(0..=6)? {
        let path = u.choose(paths)?;
        // Not every key has a right value, and some have one of another type.
        let value = if u.ratio(1, 8)? {
            json!(u.choose(&TYPES)?.0)
        } else {
            serde_json::from_str(u.choose(&VALUES)?).unwrap_or_default()
        };
        insert(u, &mut payload, path, value)?;
    }
    let identifier = u.choose(&["com.example.a", "com.example.b", "c"])?;
    Ok(json!({ "Type": kind, "Identifier": identifier, "Payload": payload }))
}

/// Writes a value at a path, and the objects and arrays above it.
fn insert(u: &mut Unstructured<'_>, at: &mut Value, path: &[&str], value: Value) -> Result<()> {
    let Some((step, rest)) = path.split_first() else {
        *at = value;
        return Ok(());
    };
    if *step == "*" && (at.is_array() || !at.is_object() && u.ratio(3, 4)?) {
        if !at.is_array() {
            *at = json!([]);
        }
        if let Value::Array(items) = at {
            if items.is_empty() || u.arbitrary()? {
                items.push(Value::Null);
            }
            return match items.last_mut() {
                Some(item) => insert(u, item, rest, value),
                None => Ok(()),
            };
        }
    }
    if !at.is_object() {
        *at = Value::Object(Map::new());
    }
    match at {
        Value::Object(members) => insert(u, members.entry(*step).or_insert(Value::Null), rest, value),
        _ => Ok(()),
    }
}
