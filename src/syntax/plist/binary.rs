//! From a binary property list to JSON. Its values have no places that a person could look at.

use crate::syntax::rules::invalid_plist;
use std::io::Cursor;

use plist::stream::{BinaryReader, Event};

use super::Translated;
use super::scalar;
use super::translation::{DEEPEST, Translation};
use crate::syntax::Kind;

/// How many items all collections may have. A file can name the same value very often, and so hold more than it has bytes.
const MOST_VALUES: u64 = 1 << 20;

/// What is said of more.
const TOO_MANY: &str = "this binary property list unfolds into more than a million values, so it is not read";

/// How long the translation may become.
const MOST_BYTES: usize = 1 << 26;

/// Translates a binary property list.
pub(super) fn translate(bytes: &[u8], json: &mut String) -> Translated {
    let mut out = Translation::new(json);
    match values(bytes, &mut out) {
        Ok(()) => Translated { places: Some(out.finish()), faults: Vec::new(), doubts: Vec::new() },
        Err(message) => Translated::refused(invalid_plist::diagnostic(
            message,
            "convert it to XML on a Mac (plutil -convert xml1 FILE) and look at it, or get the file again",
            0..0,
        )),
    }
}

/// A collection whose end has not come yet.
struct Open {
    is_dictionary: bool,
    /// How many keys and values it has so far.
    count: u64,
}

fn values(bytes: &[u8], out: &mut Translation<'_>) -> Result<(), &'static str> {
    let mut open: Vec<Open> = Vec::new();
    let mut left = MOST_VALUES;
    for event in BinaryReader::new(Cursor::new(bytes)) {
        let event = event.map_err(|_| "this binary property list is damaged, cut off, or holds itself")?;
        if let Event::EndCollection = event {
            out.sign(if open.pop().is_some_and(|open| open.is_dictionary) { '}' } else { ']' });
            continue;
        }
        // References to all items of a collection are held in memory as soon as it begins, so they count at once.
        let items = match &event {
            Event::StartArray(items) => items.unwrap_or(0),
            Event::StartDictionary(items) => items.unwrap_or(0).saturating_mul(2),
            _ => 0,
        };
        left = left.checked_sub(items).filter(|_| out.len() <= MOST_BYTES).ok_or(TOO_MANY)?;
        let is_key = open.last().is_some_and(|open| open.is_dictionary && open.count % 2 == 0);
        if is_key && !matches!(event, Event::String(_)) {
            return Err("a key of this binary property list is not a string");
        }
        if let Some(open) = open.last_mut() {
            if open.is_dictionary && open.count % 2 == 1 {
                out.sign(':');
            } else if open.count > 0 {
                out.sign(',');
            }
            open.count += 1;
        }
        let is_nested = matches!(event, Event::StartArray(_) | Event::StartDictionary(_) | Event::Uid(_));
        if is_nested && open.len() >= DEEPEST {
            return Err("this binary property list is nested more than 128 levels deep");
        }
        if let Some(is_dictionary) = value(&event, out) {
            open.push(Open { is_dictionary, count: 0 });
        }
    }
    Ok(())
}

/// Writes a value, or the beginning of a collection. Returns whether such a collection is a dictionary.
fn value(event: &Event<'_>, out: &mut Translation<'_>) -> Option<bool> {
    match event {
        Event::StartArray(_) => {
            out.begin(0);
            out.sign('[');
            return Some(false);
        }
        Event::StartDictionary(_) => {
            out.begin(0);
            out.sign('{');
            return Some(true);
        }
        Event::Boolean(value) => out.plain(if *value { "true" } else { "false" }, 0..0),
        Event::Integer(value) => out.plain(&value.to_string(), 0..0),
        Event::Real(value) => out.plain(&scalar::float(*value), 0..0),
        Event::Date(date) => out.string(&date.to_xml_format(), Some(Kind::Date), 0..0),
        Event::Data(data) => {
            let text = plist::Data::new(data.to_vec()).to_xml_format();
            out.string(&text, Some(Kind::Data), 0..0);
        }
        Event::String(text) => out.string(text, None, 0..0),
        // References of archives, as their form in XML has them.
        Event::Uid(uid) => out.plain(&format!("{{\"CF$UID\":{}}}", uid.get()), 0..0),
        _ => out.unread(0..0),
    }
    None
}
