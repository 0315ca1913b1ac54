//! Reads a binary property list. Its values have no source spans.

use crate::syntax::rules::invalid_plist;
use std::io::Cursor;

use plist::stream::{BinaryReader, Event};

use super::Read;
use super::scalar;
use crate::limits::{MAX_DEPTH, MAX_DOCUMENT_BYTES, MAX_VALUES};
use crate::syntax::Kind;
use crate::syntax::builder::{Builder, Opened};

const TOO_MANY: &str = "this binary property list expands to more than a million values or 16 MiB, so it is not read";

/// Reads a binary property list.
pub(super) fn read(bytes: &[u8], builder: &mut Builder<'_>) -> Read {
    match values(bytes, builder) {
        Ok(()) => Read { has_value: true, faults: Vec::new(), text_faults: Vec::new() },
        Err(message) => Read::refused(invalid_plist::diagnostic(
            message,
            "convert it to XML on a Mac (plutil -convert xml1 FILE) and check it, or get the file again",
            0..0,
        )),
    }
}

/// An open collection.
struct Open {
    opened: Opened,
    is_dictionary: bool,
    /// The number of keys and values so far.
    count: u64,
}

fn values(bytes: &[u8], out: &mut Builder<'_>) -> Result<(), &'static str> {
    let mut open: Vec<Open> = Vec::new();
    let mut left = MAX_VALUES;
    for event in BinaryReader::new(Cursor::new(bytes)) {
        let event = event.map_err(|_| "this binary property list is damaged, truncated, or contains itself")?;
        if let Event::EndCollection = event {
            if let Some(open) = open.pop() {
                out.close(open.opened, 0, true);
            }
            continue;
        }
        // The reader allocates the references to all items when a collection begins, so count them now.
        let items = match &event {
            Event::StartArray(items) => items.unwrap_or(0),
            Event::StartDictionary(items) => items.unwrap_or(0).saturating_mul(2),
            _ => 0,
        };
        let size = match &event {
            Event::String(text) => text.len(),
            Event::Data(data) => data.len(),
            _ => 0,
        };
        let items = usize::try_from(items).unwrap_or(usize::MAX);
        left = left.checked_sub(items).filter(|_| out.len() + size <= MAX_DOCUMENT_BYTES).ok_or(TOO_MANY)?;
        let is_key = open.last().is_some_and(|open| open.is_dictionary && open.count % 2 == 0);
        if is_key && !matches!(event, Event::String(_)) {
            return Err("a key of this binary property list is not a string");
        }
        if let Some(open) = open.last_mut() {
            open.count += 1;
        }
        let is_nested = matches!(event, Event::StartArray(_) | Event::StartDictionary(_) | Event::Uid(_));
        if is_nested && open.len() >= MAX_DEPTH {
            return Err("this binary property list is nested more than 128 levels deep");
        }
        open.extend(value(&event, out));
    }
    Ok(())
}

/// Adds a value. Returns the collection if the event opens one.
fn value(event: &Event<'_>, out: &mut Builder<'_>) -> Option<Open> {
    let mut open = |kind| Open { opened: out.open(kind, 0), is_dictionary: kind == Kind::Object, count: 0 };
    match event {
        Event::StartArray(_) => return Some(open(Kind::Array)),
        Event::StartDictionary(_) => return Some(open(Kind::Object)),
        Event::Boolean(value) => out.plain(if *value { "true" } else { "false" }, Kind::Boolean, 0..0),
        Event::Integer(value) => out.plain(&value.to_string(), Kind::Number, 0..0),
        Event::Real(value) => out.plain(&scalar::float(*value), Kind::Number, 0..0),
        Event::Date(date) => out.string(&date.to_xml_format(), Kind::Date, 0..0),
        Event::Data(data) => {
            let text = plist::Data::new(data.to_vec()).to_xml_format();
            out.string(&text, Kind::Data, 0..0);
        }
        Event::String(text) => out.string(text, Kind::String, 0..0),
        // References of keyed archives, in the form that XML property lists use.
        Event::Uid(uid) => {
            let opened = out.open(Kind::Object, 0);
            out.string("CF$UID", Kind::String, 0..0);
            out.plain(&uid.get().to_string(), Kind::Number, 0..0);
            out.close(opened, 0, true);
        }
        _ => out.unreadable(0..0),
    }
    None
}
