//! Hover and completion in `ddmc.toml`, by the schema of its keys.

use std::ops::Range;

use serde_json::Value as Json;

use super::complete::{Item, PROPERTY, VALUE};
use super::hover;
use super::token::word;
use crate::config;
use crate::docs::{Block, Page};
use crate::rules::RULES;
use crate::words::sentence;

/// The table that a line belongs to: the last heading before it.
fn section(text: &str, offset: usize) -> String {
    let mut headings = text[..offset].lines().rev().filter_map(|line| line.trim_start().strip_prefix('['));
    let name = headings.next().map(|heading| heading.trim_start_matches('[').split(']').next().unwrap_or_default());
    name.unwrap_or_default().trim().to_owned()
}

/// The keys of a table with their schemas.
fn keys(section: &str) -> Vec<(String, Json)> {
    let top = config::schema();
    let table = if section.is_empty() { Some(top.clone()) } else { top["properties"].get(section).and_then(object).cloned() };
    let members = table.and_then(|mut table| table["properties"].as_object_mut().map(std::mem::take));
    members.into_iter().flatten().collect()
}

/// The schema of an object in the schema of a table, or of an array of tables.
fn object(schema: &Json) -> Option<&Json> {
    if schema.get("properties").is_some() {
        return Some(schema);
    }
    let ways = schema["anyOf"].as_array().into_iter().flatten();
    ways.chain(schema.get("items")).find_map(object)
}

/// The words that a value can be.
fn words(schema: &Json, into: &mut Vec<String>) {
    match schema {
        Json::Object(members) => {
            let own = members.get("enum").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
            into.extend(own.map(str::to_owned));
            let inner = members.iter().filter(|(name, _)| ["anyOf", "items"].contains(&name.as_str()));
            inner.for_each(|(_, schema)| words(schema, into));
        }
        Json::Array(all) => all.iter().for_each(|schema| words(schema, into)),
        _ => {}
    }
}

/// The page of the key or the rule at an offset.
pub(super) fn hover(text: &str, offset: usize) -> Option<(Page, Range<usize>)> {
    let range = word(text, offset);
    let name = text[range.clone()].trim_matches('.');
    if let Some(page) = hover::rule(name) {
        return Some((page, range));
    }
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let is_heading = text[line..].trim_start().starts_with('[');
    let section = if is_heading { String::new() } else { section(text, offset) };
    let (_, schema) = keys(&section).into_iter().find(|(key, _)| key == name)?;
    let mut page = Page::new(name);
    page.push(Block::Text(sentence(schema["description"].as_str()?)));
    Some((page, range))
}

/// What can be written at an offset, and what it replaces.
pub(super) fn complete(text: &str, offset: usize) -> (Vec<Item>, Range<usize>) {
    let line = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..offset].trim_start();
    let range = word(text, offset);
    let plain = |label: &str, kind, documentation: &str| Item {
        label: label.to_owned(),
        kind,
        documentation: documentation.to_owned(),
        text: label.to_owned(),
        ..Item::default()
    };
    if before.starts_with('[') {
        let tables = keys("").into_iter().filter(|(name, schema)| name == "rules" || object(schema).is_some());
        return (
            tables.map(|(name, schema)| plain(&name, PROPERTY, schema["description"].as_str().unwrap_or_default())).collect(),
            range,
        );
    }
    let section = section(text, line);
    let rules = || RULES.iter().map(|rule| (rule.id.to_string(), sentence(&rule.summary)));
    let Some((key, value)) = before.split_once('=') else {
        let after = text[range.end..].trim_start_matches([' ', '\t']);
        let ending = if after.starts_with('=') { "" } else { " = " };
        let set: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('=')?.0.trim())).collect();
        let named: Vec<(String, String)> = if section == "rules" {
            rules().collect()
        } else {
            let keys = keys(&section).into_iter().filter(|(_, schema)| object(schema).is_none());
            keys.map(|(name, schema)| (name, schema["description"].as_str().unwrap_or_default().to_owned())).collect()
        };
        let is_new = |name: &str| !section.is_empty() && section != "rules" || !set.contains(&name);
        let items = named.into_iter().filter(|(name, _)| is_new(name));
        let item =
            |(name, meaning): (String, String)| Item { text: format!("{name}{ending}"), ..plain(&name, PROPERTY, &meaning) };
        return (items.map(item).collect(), range);
    };
    let key = key.trim();
    let is_quoted = value.matches('"').count() % 2 == 1;
    let quoted = |item: Item| if is_quoted { item } else { Item { text: format!("\"{}\"", item.label), ..item } };
    if key == "rule" {
        return (rules().map(|(name, meaning)| quoted(plain(&name, VALUE, &meaning))).collect(), range);
    }
    let mut all = Vec::new();
    match keys(&section).into_iter().find(|(name, _)| name == key) {
        Some((_, schema)) => words(&schema, &mut all),
        None if section == "rules" => all.extend(["error", "warning", "note", "off"].map(str::to_owned)),
        None => {}
    }
    all.dedup();
    (all.iter().map(|word| quoted(plain(word, VALUE, ""))).collect(), range)
}
