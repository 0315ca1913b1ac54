//! From the elements of a property list in XML to JSON.

use std::borrow::Cow;
use std::ops::Range;

use super::Translated;
use super::element::Element;
use super::elements::{Elements, Item, Tag};
use super::scalar::Scalar;
use super::translation::{DEEPEST, Translation};
use crate::document::template::Placeholders;
use crate::words::shown;

/// Translates a property list, a bare `<dict>`, or what stands in one.
pub(super) fn translate(text: &str, json: &mut String) -> Translated {
    let mut reading = Reading {
        elements: Elements::new(text),
        out: Translation::new(json),
        end: text.len(),
        placeholders: Placeholders::default(),
    };
    let is_read = reading.document();
    let Reading { elements, out, .. } = reading;
    let places = (is_read && !elements.is_refused()).then(|| out.finish());
    Translated { places, faults: elements.faults }
}

struct Reading<'t, 'j> {
    elements: Elements<'t>,
    out: Translation<'j>,
    end: usize,
    placeholders: Placeholders,
}

/// The text of an element that holds no others.
struct Leaf<'t> {
    /// `None` if it could not be read.
    text: Option<Cow<'t, str>>,
    span: Range<usize>,
}

impl<'t> Reading<'t, '_> {
    /// Reads everything. Returns whether there was a value.
    fn document(&mut self) -> bool {
        loop {
            match self.elements.next() {
                Item::Open(tag) => return self.root(tag),
                Item::Text(text, span) => self.text_outside(&text, &span),
                Item::Close(_) | Item::Lost => {}
                Item::End => {
                    if self.elements.faults.is_empty() {
                        let help = "write <plist version=\"1.0\"> … </plist>, or check the right file";
                        self.elements.fault("there is no property list in this file", help, 0..self.end.min(1));
                    }
                    return false;
                }
            }
        }
    }

    fn root(&mut self, tag: Tag<'t>) -> bool {
        match Element::exact(tag.name).or_else(|| Element::meant(tag.name)) {
            Some(Element::Plist) => {
                self.spelled(&tag, Element::Plist);
                let is_read = self.plist(&tag);
                self.after();
                is_read
            }
            // The inside of a dictionary alone.
            Some(Element::Key) => {
                let begun = self.out.begin(tag.span.start);
                self.elements.unread(tag);
                let (end, is_complete) = self.members(0);
                self.out.end(begun, end, is_complete);
                true
            }
            Some(_) => {
                self.value(&tag, 0);
                self.after();
                true
            }
            None => {
                let message = format!("this is XML, but no property list: it begins with <{}>", shown(tag.name));
                self.elements.fault(message, "check the right file; a property list begins with <plist> or <dict>", tag.span);
                self.elements.stop();
                false
            }
        }
    }

    /// Reads what stands in `<plist>`.
    fn plist(&mut self, tag: &Tag<'t>) -> bool {
        let mut is_read = false;
        let mut end = tag.span.end;
        if !tag.is_empty {
            loop {
                match self.elements.next() {
                    Item::Open(inner) if is_read => {
                        self.elements.fault(
                            "a property list holds one value, and this is another",
                            "put both in a <dict> or an <array>",
                            inner.span.clone(),
                        );
                        self.elements.skip(&inner);
                    }
                    Item::Open(inner) if inner.name == "key" => {
                        self.elements.fault(
                            "this <key> stands in no <dict>",
                            "write <dict> before the first key and </dict> after the last value",
                            inner.span.clone(),
                        );
                        let begun = self.out.begin(inner.span.start);
                        self.elements.unread(inner);
                        let (end, is_complete) = self.members(0);
                        self.out.end(begun, end, is_complete);
                        // The end tag that ended the members is that of the property list.
                        return true;
                    }
                    Item::Open(inner) => {
                        self.value(&inner, 0);
                        is_read = true;
                    }
                    Item::Text(text, span) => self.text_outside(&text, &span),
                    Item::Lost => {}
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

    /// Reads what comes after the value at the top, where nothing may.
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
                Item::Text(..) | Item::Close(_) | Item::Lost => continue,
            };
            if std::mem::take(&mut is_first) {
                self.elements.fault(
                    "something follows after the end of the property list",
                    "remove it, or put each property list in a file of its own",
                    span,
                );
            }
        }
    }

    /// Reads one value, and writes one.
    fn value(&mut self, tag: &Tag<'t>, depth: usize) {
        let element = Element::exact(tag.name).or_else(|| Element::meant(tag.name));
        let Some(element) = element.filter(|element| !matches!(element, Element::Plist | Element::Key)) else {
            return self.strange(tag);
        };
        self.spelled(tag, element);
        match element {
            Element::Dict | Element::Array if depth >= DEEPEST => {
                self.elements.fault(
                    format!("nested more than {DEEPEST} levels deep"),
                    "no command and no profile needs more than 10 levels; this is neither",
                    tag.span.clone(),
                );
                self.out.unread(tag.span.clone());
                self.elements.refuse();
            }
            Element::Dict => {
                let begun = self.out.begin(tag.span.start);
                let (end, is_complete) = if tag.is_empty {
                    self.out.sign('{');
                    self.out.sign('}');
                    (tag.span.end, true)
                } else {
                    self.members(depth)
                };
                self.out.end(begun, end, is_complete);
            }
            Element::Array => self.array(tag, depth),
            _ => {
                let leaf = self.leaf(tag);
                self.scalar(element, leaf);
            }
        }
    }

    /// Reports a name that is not quite that of the element.
    fn spelled(&mut self, tag: &Tag<'t>, element: Element) {
        if Element::exact(tag.name).is_none() {
            let help = format!("write {}", element.written());
            self.elements.fault(format!("property lists have no element <{}>", shown(tag.name)), help, tag.span.clone());
        }
    }

    /// Passes over an element that is none of a value.
    fn strange(&mut self, tag: &Tag<'t>) {
        match Element::exact(tag.name) {
            Some(Element::Key) => self.elements.fault(
                "this <key> stands in no <dict>",
                "write <dict> before it and </dict> after its value, or <string> for a text",
                tag.span.clone(),
            ),
            Some(_) => self.elements.fault("a <plist> inside a property list", "remove its tags", tag.span.clone()),
            None => {
                let near = Element::nearest(tag.name);
                let is_null = ["null", "nil", "none"].iter().any(|null| null.eq_ignore_ascii_case(tag.name));
                let help = match near {
                    _ if is_null => "leave the key out: property lists have no value that is none".to_owned(),
                    Some(element) => format!("write {}", element.written()),
                    None => {
                        "a value is one of <dict>, <array>, <string>, <integer>, <real>, <true/>, <false/>, <date> and <data>"
                            .to_owned()
                    }
                };
                self.elements.fault(format!("property lists have no element <{}>", shown(tag.name)), help, tag.span.clone());
            }
        }
        let end = self.elements.skip(tag);
        self.out.unread(tag.span.start..end);
    }

    fn array(&mut self, tag: &Tag<'t>, depth: usize) {
        let begun = self.out.begin(tag.span.start);
        self.out.sign('[');
        let mut is_complete = true;
        let mut end = tag.span.end;
        let mut is_first = true;
        loop {
            if tag.is_empty {
                break;
            }
            match self.elements.next() {
                Item::Open(inner) => {
                    if !std::mem::take(&mut is_first) {
                        self.out.sign(',');
                    }
                    self.value(&inner, depth + 1);
                }
                Item::Text(text, _) if is_blank(&text) => {}
                Item::Text(text, span) => {
                    is_complete = false;
                    if !self.is_placeholder(&text) {
                        let help = "write <string> before it and </string> after it";
                        let span = visible(&text, &span);
                        self.elements.fault_of_text(text.trim(), "text between the elements of an <array>", help, span);
                    }
                }
                Item::Lost => {}
                Item::Close(span) => {
                    end = span.end;
                    break;
                }
                Item::End => {
                    (end, is_complete) = (self.end, false);
                    break;
                }
            }
        }
        self.out.sign(']');
        self.out.end(begun, end, is_complete);
    }

    /// Reads the members of a dictionary. Returns where it ends, and whether all of it was read.
    fn members(&mut self, depth: usize) -> (usize, bool) {
        self.out.sign('{');
        let mut members = Members::default();
        let (end, is_complete) = loop {
            match self.elements.next() {
                Item::Open(tag) if tag.name.eq_ignore_ascii_case("key") => {
                    self.spelled(&tag, Element::Key);
                    self.without_value(&mut members);
                    let leaf = self.leaf(&tag);
                    // A key that could not be read may be any.
                    members.are_known &= leaf.text.is_some();
                    members.key = Some((leaf.text, leaf.span));
                }
                Item::Open(tag) => match members.key.take() {
                    Some((Some(key), span)) => {
                        self.key(&mut members, &key, span);
                        self.value(&tag, depth + 1);
                    }
                    key => {
                        if key.is_none() {
                            self.elements.fault(
                                format!("this <{}> has no <key> before it", shown(tag.name)),
                                "write <key>…</key> before it, or remove it",
                                tag.span.clone(),
                            );
                        }
                        let mark = self.out.mark();
                        self.value(&tag, depth + 1);
                        self.out.back_to(mark);
                    }
                },
                Item::Text(text, _) if is_blank(&text) => {}
                Item::Text(text, span) => self.text_between(&text, &span, &mut members),
                Item::Lost => {}
                Item::Close(span) => {
                    self.without_value(&mut members);
                    break (span.end, members.are_known);
                }
                Item::End => {
                    let is_whole = self.elements.is_whole();
                    if is_whole {
                        self.without_value(&mut members);
                    } else if let Some((Some(key), span)) = members.key.take() {
                        self.key(&mut members, &key, span);
                        self.out.unread(self.end..self.end);
                    }
                    break (self.end, is_whole && members.are_known);
                }
            }
        };
        self.out.sign('}');
        (end, is_complete)
    }

    fn key(&mut self, members: &mut Members<'t>, key: &str, span: Range<usize>) {
        if std::mem::replace(&mut members.has_some, true) {
            self.out.sign(',');
        }
        self.out.string(key, None, span);
        self.out.sign(':');
    }

    /// Reports a key that is followed by no value.
    fn without_value(&mut self, members: &mut Members<'t>) {
        let Some((key, span)) = members.key.take() else { return };
        let Some(key) = key else { return };
        self.elements.fault(
            format!("the key {} has no value", shown(&key)),
            "write its value after it, or remove the key",
            span.clone(),
        );
        self.key(members, &key, span.clone());
        self.out.unread(span.end..span.end);
    }

    /// Judges text that stands among the members of a dictionary.
    fn text_between(&mut self, text: &str, span: &Range<usize>, members: &mut Members<'t>) {
        let visible = visible(text, span);
        let is_placeholder = self.is_placeholder(text);
        // A template puts values here, and perhaps members. Of any other text nobody knows what was meant.
        members.are_known = false;
        match members.key.take() {
            Some((Some(key), at)) => {
                if !is_placeholder {
                    let trimmed = text.trim();
                    // A message must not say the value, which may be a secret.
                    let help = match trimmed {
                        "true" => "write <true/>",
                        "false" => "write <false/>",
                        _ if trimmed.parse::<i64>().is_ok() => "write <integer> before it and </integer> after it",
                        _ => "write <string> before it and </string> after it",
                    };
                    let message = format!("the value of {} stands in no element", shown(&key));
                    self.elements.fault_of_text(trimmed, message, help, visible.clone());
                }
                self.key(members, &key, at);
                self.out.unread(visible);
            }
            None if !is_placeholder => self.elements.fault_of_text(
                text.trim(),
                "text between the members of a <dict>",
                "write it as <key>…</key> and a value, or put it in a comment, <!-- … -->",
                visible,
            ),
            _ => {}
        }
    }

    fn text_outside(&mut self, text: &str, span: &Range<usize>) {
        if !is_blank(text) && !self.is_placeholder(text) {
            let help = "remove it, or put it in a comment, <!-- … -->";
            self.elements.fault_of_text(text.trim(), "text outside every element", help, visible(text, span));
        }
    }

    /// Reads an element that holds text alone.
    fn leaf(&mut self, tag: &Tag<'t>) -> Leaf<'t> {
        let mut text: Option<Cow<'t, str>> = Some(Cow::Borrowed(""));
        let mut span = tag.span.clone();
        if tag.is_empty {
            return Leaf { text, span };
        }
        loop {
            match self.elements.next() {
                Item::Text(more, _) => match &mut text {
                    Some(text) if text.is_empty() => *text = more,
                    Some(text) => text.to_mut().push_str(&more),
                    None => {}
                },
                Item::Lost => text = None,
                Item::Open(inner) => {
                    if Element::exact(inner.name).is_some() {
                        let message = format!("<{}> holds text alone, but here is <{}>", shown(tag.name), shown(inner.name));
                        let help = format!("write </{}> where the text ends", shown(tag.name));
                        self.elements.fault(message, help, inner.span.clone());
                        span.end = inner.span.start;
                        self.elements.close_before(inner);
                        return Leaf { text: None, span };
                    }
                    let message = format!("<{}> holds text alone, but here is a tag", shown(tag.name));
                    self.elements.fault(message, "write &lt; for the sign <, or remove the tag", inner.span.clone());
                    self.elements.skip(&inner);
                    text = None;
                }
                Item::Close(end) => {
                    span.end = end.end;
                    return Leaf { text, span };
                }
                Item::End => {
                    span.end = self.end;
                    return Leaf { text: None, span };
                }
            }
        }
    }

    /// Writes a value that holds no others.
    fn scalar(&mut self, element: Element, leaf: Leaf<'t>) {
        let Leaf { text: Some(text), span } = leaf else { return self.out.unread(leaf.span) };
        if self.is_placeholder(&text) {
            return self.out.string(&text, None, span);
        }
        match Scalar::read(element, &text) {
            Ok(Scalar::Json(json)) => self.out.plain(&json, span),
            Ok(Scalar::Text(text, kind)) => self.out.string(text, kind, span),
            Ok(Scalar::Unknown) => self.out.unread(span),
            Err((message, help)) => {
                self.elements.fault_of_text(&text, message, help, span.clone());
                self.out.unread(span);
            }
        }
    }

    fn is_placeholder(&self, text: &str) -> bool {
        self.placeholders.are_in(text.trim()) || text.contains("{%")
    }
}

/// What is known of the members of a dictionary so far.
struct Members<'t> {
    /// A key whose value has not come yet. Its text is `None` if it could not be read.
    key: Option<(Option<Cow<'t, str>>, Range<usize>)>,
    has_some: bool,
    /// Whether no others can be there.
    are_known: bool,
}

impl Default for Members<'_> {
    fn default() -> Self {
        Self { key: None, has_some: false, are_known: true }
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// The place of a text without the white space around it.
fn visible(text: &str, span: &Range<usize>) -> Range<usize> {
    let trimmed = text.trim();
    let start = span.start + (text.len() - text.trim_start().len());
    // References make the source longer than the text, never shorter.
    if text.len() == span.len() { start..start + trimmed.len() } else { span.clone() }
}
