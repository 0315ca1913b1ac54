//! Reads an XML property list.

mod array;
mod dictionary;
mod leaf;

use std::ops::Range;

use super::Read;
use super::element::Element;
use super::elements::{Elements, Item, Tag};
use crate::limits::{MAX_DEPTH, MAX_VALUES};
use crate::syntax::Kind;
use crate::syntax::builder::Builder;
use crate::syntax::rules::oversized_document;
use crate::syntax::template::Placeholders;
use crate::words::{count, shown};

/// Reads a property list, a bare `<dict>`, or the members of one.
pub(super) fn read(text: &str, out: &mut Builder<'_>) -> Read {
    let (elements, placeholders) = (Elements::new(text), Placeholders::default());
    let mut reading = Reading { elements, out, end: text.len(), placeholders, padded: None };
    let is_read = reading.document();
    reading.report_padding();
    let elements = reading.elements;
    Read { has_value: is_read && !elements.is_refused(), faults: elements.faults, text_faults: elements.text_faults }
}

struct Reading<'t, 'b, 's> {
    elements: Elements<'t>,
    out: &'b mut Builder<'s>,
    end: usize,
    placeholders: Placeholders,
    /// The first key with white space around its name, and the number of such keys.
    padded: Option<(Range<usize>, usize)>,
}

impl<'t> Reading<'t, '_, '_> {
    /// Reads the whole document. Returns whether it has a value.
    fn document(&mut self) -> bool {
        loop {
            match self.elements.next() {
                Item::Open(tag) => return self.root(tag),
                Item::Text(text, span) => self.text_outside(&text, &span),
                Item::Close(_) | Item::Unreadable => {}
                Item::End => {
                    if self.elements.faults.is_empty() && self.elements.text_faults.is_empty() {
                        let help = "write <plist version=\"1.0\"> … </plist>, or check the right file";
                        self.elements.fault("there is no property list in this file", help, 0..self.end.min(1));
                    }
                    return false;
                }
            }
        }
    }

    /// Reports the white space around the names of keys. A formatter that adds it adds it everywhere.
    fn report_padding(&mut self) {
        let Some((span, number)) = self.padded.take() else { return };
        let message = match number {
            1 => "the white space around this key is part of its name".to_owned(),
            _ => format!("the white space around this key and {} is part of their names", count(number - 1, "other")),
        };
        self.elements.fault(message, "write <key>, the name and </key> without line breaks and spaces between them", span);
    }

    fn root(&mut self, tag: Tag<'t>) -> bool {
        match Element::exact(tag.name).or_else(|| Element::from_alias(tag.name)) {
            Some(Element::Plist) => {
                self.check_spelling(&tag, Element::Plist);
                let is_read = self.plist(&tag);
                self.after();
                is_read
            }
            // The members of a dictionary without `<dict>`.
            Some(Element::Key) => {
                let opened = self.out.open(Kind::Object, tag.span.start);
                self.elements.push_back(tag);
                let (end, is_complete) = self.members(0);
                self.out.close(opened, end, is_complete);
                true
            }
            Some(_) => {
                self.value(&tag, 0);
                self.after();
                true
            }
            None => {
                let message = format!("this XML is not a property list: it begins with <{}>", shown(tag.name));
                self.elements.fault(message, "check the right file; a property list begins with <plist> or <dict>", tag.span);
                self.elements.stop();
                false
            }
        }
    }

    /// Reads the content of `<plist>`.
    fn plist(&mut self, tag: &Tag<'t>) -> bool {
        let mut is_read = false;
        let mut end = tag.span.end;
        if !tag.is_empty {
            loop {
                match self.elements.next() {
                    Item::Open(inner) if is_read => {
                        self.elements.fault(
                            "a property list has one value, and this is another",
                            "put both in a <dict> or an <array>",
                            inner.span.clone(),
                        );
                        self.elements.skip(&inner);
                    }
                    Item::Open(inner) if inner.name == "key" => {
                        self.elements.fault(
                            "this <key> is not in a <dict>",
                            "write <dict> before the first key and </dict> after the last value",
                            inner.span.clone(),
                        );
                        let opened = self.out.open(Kind::Object, inner.span.start);
                        self.elements.push_back(inner);
                        let (end, is_complete) = self.members(0);
                        self.out.close(opened, end, is_complete);
                        // `members` consumed the end tag of the property list.
                        return true;
                    }
                    Item::Open(inner) => {
                        self.value(&inner, 0);
                        is_read = true;
                    }
                    Item::Text(text, span) => self.text_outside(&text, &span),
                    Item::Unreadable => {}
                    Item::Close(span) => {
                        end = span.end;
                        break;
                    }
                    Item::End => return is_read,
                }
            }
        }
        if !is_read {
            self.elements.fault("this property list is empty", "write its <dict>", tag.span.start..end);
        }
        is_read
    }

    /// Reports anything after the root value.
    fn after(&mut self) {
        let mut is_first = true;
        loop {
            let span = match self.elements.next() {
                Item::Open(tag) => {
                    self.elements.skip(&tag);
                    tag.span
                }
                Item::Text(text, span) if !is_blank(&text) && !self.is_placeholder(&text) => visible(&text, &span),
                Item::End => return,
                Item::Text(..) | Item::Close(_) | Item::Unreadable => continue,
            };
            if std::mem::take(&mut is_first) {
                self.elements.fault(
                    "unexpected content after the end of the property list",
                    "remove it, or put each property list in its own file",
                    span,
                );
            }
        }
    }

    /// Reads a value and adds it.
    fn value(&mut self, tag: &Tag<'t>, depth: usize) {
        let element = Element::exact(tag.name).or_else(|| Element::from_alias(tag.name));
        let Some(element) = element.filter(|element| !matches!(element, Element::Plist | Element::Key)) else {
            return self.unknown(tag);
        };
        self.check_spelling(tag, element);
        if self.out.values() >= MAX_VALUES {
            self.elements.faults.push(oversized_document::values(tag.span.clone()));
            self.out.unreadable(tag.span.clone());
            self.elements.refuse();
            return;
        }
        match element {
            Element::Dict | Element::Array if depth >= MAX_DEPTH => {
                self.elements.fault(
                    format!("nested more than {MAX_DEPTH} levels deep"),
                    "no command or profile needs more than 10 levels; this is neither",
                    tag.span.clone(),
                );
                self.out.unreadable(tag.span.clone());
                self.elements.refuse();
            }
            Element::Dict => {
                let opened = self.out.open(Kind::Object, tag.span.start);
                let (end, is_complete) = if tag.is_empty { (tag.span.end, true) } else { self.members(depth) };
                self.out.close(opened, end, is_complete);
            }
            Element::Array => self.array(tag, depth),
            _ => {
                let leaf = self.leaf(tag);
                self.scalar(element, leaf);
            }
        }
    }

    /// Reports a misspelled element name.
    fn check_spelling(&mut self, tag: &Tag<'t>, element: Element) {
        if Element::exact(tag.name).is_none() {
            let help = format!("write {}", element.tag());
            self.elements.fault(format!("property lists have no element <{}>", shown(tag.name)), help, tag.span.clone());
        }
    }

    /// Skips and reports an element that is not a value.
    fn unknown(&mut self, tag: &Tag<'t>) {
        match Element::exact(tag.name) {
            Some(Element::Key) => self.elements.fault(
                "this <key> is not in a <dict>",
                "write <dict> before it and </dict> after its value, or use <string> for text",
                tag.span.clone(),
            ),
            Some(_) => self.elements.fault("a <plist> inside a property list", "remove its tags", tag.span.clone()),
            None => {
                let near = Element::nearest(tag.name);
                let is_null = ["null", "nil", "none"].iter().any(|null| null.eq_ignore_ascii_case(tag.name));
                let help = match near {
                    _ if is_null => "remove the key: property lists have no null".to_owned(),
                    Some(element) => format!("write {}", element.tag()),
                    None => {
                        "a value is one of <dict>, <array>, <string>, <integer>, <real>, <true/>, <false/>, <date> and <data>"
                            .to_owned()
                    }
                };
                // Any other name may be part of a value, which may be a secret.
                let name = near.map_or("of this name".to_owned(), |_| format!("<{}>", shown(tag.name)));
                self.elements.fault(format!("property lists have no element {name}"), help, tag.span.clone());
            }
        }
        let end = self.elements.skip(tag);
        self.out.unreadable(tag.span.start..end);
    }

    fn text_outside(&mut self, text: &str, span: &Range<usize>) {
        if !is_blank(text) && !self.is_placeholder(text) {
            let help = "remove it, or put it in a comment, <!-- … -->";
            self.elements.fault_of_text(text.trim(), "text outside every element", help, visible(text, span));
        }
    }

    fn is_placeholder(&self, text: &str) -> bool {
        self.placeholders.are_in(text.trim()) || text.contains("{%")
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The span of a text without the white space around it.
fn visible(text: &str, span: &Range<usize>) -> Range<usize> {
    let trimmed = text.trim();
    let start = span.start + (text.len() - text.trim_start().len());
    // If the source contains references, it is longer than the text, and the whole span is used.
    if text.len() == span.len() { start..start + trimmed.len() } else { span.clone() }
}
