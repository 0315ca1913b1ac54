//! A stream of XML elements and texts, with recovery from syntax errors.
//!
//! Comments and processing instructions are skipped, and character references are resolved. External resources are not
//! fetched and entities are not expanded: a document type that declares anything is rejected.

mod document_type;
mod malformed;
mod reference;
mod source;

use super::TextFault;
use crate::diagnostic::SyntaxDiagnostic;
use crate::limits::{MAX_FINDINGS, MAX_OPEN_TAGS};
use crate::syntax::rules::{invalid_plist, oversized_document};
use std::borrow::Cow;
use std::ops::Range;

use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};

use malformed::Malformed;
use reference::Reference;
use source::Source;

use super::element::Element;

/// An item of the stream.
pub(super) enum Item<'t> {
    /// The start of an element.
    Open(Tag<'t>),
    /// The end of the innermost element. The span is empty if its end tag is missing.
    Close(Range<usize>),
    /// Text with references resolved.
    Text(Cow<'t, str>, Range<usize>),
    /// Unreadable text, already reported.
    Unreadable,
    /// The end of the stream. Elements may still be open.
    End,
}

/// A start tag.
#[derive(Clone)]
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    pub(super) span: Range<usize>,
    /// Whether the tag is empty, as in `<true/>`.
    pub(super) is_empty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// The end was reached, and all elements are closed.
    Complete,
    /// Reading stopped early.
    Stopped,
    /// The text must not be used at all.
    Refused,
}

/// The maximum number of attributes checked per tag. Property lists have one, on `<plist>`.
const MAX_ATTRIBUTES: usize = 20;

/// The maximum number of open elements searched for the match of an end tag.
const MAX_SEARCHED: usize = 200;

/// The stream.
pub(super) struct Elements<'t> {
    text: &'t str,
    source: Source<'t>,
    open: Vec<(&'t str, Range<usize>)>,
    /// The number of elements still to close, and the end tag that closes the last of them.
    closing: Option<(usize, Range<usize>)>,
    /// A start tag to return again.
    pushed_back: Option<Tag<'t>>,
    /// Whether the next text begins with the `>` of a placeholder.
    ends_placeholder: bool,
    /// Whether an invalid character was reported.
    has_invalid_character: bool,
    state: State,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    /// Errors that do not apply if their text contains a user-defined placeholder.
    pub(super) text_faults: Vec<TextFault>,
}

impl<'t> Elements<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            source: Source::new(text),
            open: Vec::new(),
            closing: None,
            pushed_back: None,
            ends_placeholder: false,
            has_invalid_character: false,
            state: State::Reading,
            faults: Vec::new(),
            text_faults: Vec::new(),
        }
    }

    /// Whether the end was reached and all elements are closed.
    pub(super) fn is_complete(&self) -> bool {
        self.state == State::Complete
    }

    /// Whether the text must not be used at all.
    pub(super) fn is_refused(&self) -> bool {
        self.state == State::Refused
    }

    /// Ends the stream.
    pub(super) fn stop(&mut self) {
        self.state = State::Stopped;
        self.pushed_back = None;
        self.closing = None;
    }

    /// Ends the stream and marks the text as unusable.
    pub(super) fn refuse(&mut self) {
        self.stop();
        self.state = State::Refused;
    }

    pub(super) fn fault(&mut self, message: impl Into<String>, help: impl Into<String>, span: Range<usize>) {
        if self.faults.len() >= MAX_FINDINGS {
            return;
        }
        self.faults.push(invalid_plist::diagnostic(message, help, span));
    }

    /// Reports an error that does not apply if the text contains a user-defined placeholder.
    pub(super) fn fault_of_text(&mut self, text: &str, message: impl Into<String>, help: impl Into<String>, span: Range<usize>) {
        if self.text_faults.len() < MAX_FINDINGS {
            self.text_faults.push((text.to_owned(), invalid_plist::diagnostic(message, help, span)));
        }
    }

    /// Reports text that can be read, but that other readers may read otherwise.
    pub(super) fn doubt_of_text(&mut self, text: &str, doubt: Option<SyntaxDiagnostic>) {
        if self.text_faults.len() < MAX_FINDINGS {
            self.text_faults.extend(doubt.map(|doubt| (text.to_owned(), doubt)));
        }
    }

    /// Pushes a start tag back; the next call of [`next`](Self::next) returns it again.
    pub(super) fn push_back(&mut self, tag: Tag<'t>) {
        self.pushed_back = Some(tag);
    }

    /// Closes the parent of the element that was just opened, as if it had ended before `tag`.
    pub(super) fn close_before(&mut self, tag: Tag<'t>) {
        let inner = if tag.is_empty { None } else { self.open.pop() };
        self.open.pop();
        self.open.extend(inner);
        self.push_back(tag);
    }

    /// Skips the rest of an element and returns its end.
    pub(super) fn skip(&mut self, tag: &Tag<'t>) -> usize {
        let mut depth = usize::from(!tag.is_empty);
        let mut end = tag.span.end;
        while depth > 0 {
            match self.next() {
                Item::Open(tag) => depth += usize::from(!tag.is_empty),
                Item::Close(span) => {
                    depth -= 1;
                    end = span.end;
                }
                Item::Text(..) | Item::Unreadable => {}
                Item::End => return self.text.len(),
            }
        }
        end
    }

    /// The next item.
    pub(super) fn next(&mut self) -> Item<'t> {
        loop {
            if let Some(tag) = self.pushed_back.take() {
                return Item::Open(tag);
            }
            if let Some((count, span)) = self.closing.take() {
                self.open.pop();
                if count == 1 {
                    return Item::Close(span);
                }
                let here = span.start..span.start;
                self.closing = Some((count - 1, span));
                return Item::Close(here);
            }
            if self.state != State::Reading {
                return Item::End;
            }
            let (event, span) = self.source.next();
            match event {
                Ok(Event::Start(tag)) => {
                    if let Some(item) = self.start(&tag, span, false) {
                        return item;
                    }
                }
                Ok(Event::Empty(tag)) => {
                    if let Some(item) = self.start(&tag, span, true) {
                        return item;
                    }
                }
                Ok(Event::End(tag)) => self.end(tag.name().as_ref(), span),
                Ok(Event::Text(text)) => {
                    if let Some(item) = self.text_item(text.xml10_content(), span) {
                        return item;
                    }
                }
                Ok(Event::CData(text)) => {
                    self.characters(&span);
                    return Item::Text(text.xml10_content(), span);
                }
                Ok(Event::GeneralRef(name)) => return self.reference(Reference::of(&name), span),
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::Decl(_)) if span.start == 0 => {}
                Ok(Event::Decl(_)) => self.fault(
                    "the XML declaration is not at the start of the file",
                    "remove everything before it, including blank lines",
                    span,
                ),
                Ok(Event::DocType(declared)) => {
                    if let Some(message) = document_type::refusal(&declared) {
                        let help = "remove everything from [ to ] in <!DOCTYPE …>; a property list needs no declarations";
                        self.fault(message, help, span);
                        self.refuse();
                    }
                }
                Ok(Event::Eof) => self.eof(),
                Err(error) => self.error(&error, &span),
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'t>, mut span: Range<usize>, mut is_empty: bool) -> Option<Item<'t>> {
        let mut name = &self.text[span.start + 1..span.start + 1 + tag.name().as_ref().len()];
        let inner = &self.text[span.start + 1..span.end - 1];
        if let Some(name) = inner.strip_prefix('<').filter(|_| self.text[span.end..].starts_with('>')) {
            // Convert the placeholders `<<UUID()>>` of a workflow tool and `<% … %>` to the form `{{ … }}`.
            self.ends_placeholder = true;
            return Some(Item::Text(format!("{{{{{name}}}}}").into(), span));
        }
        if let Some(code) = inner.strip_prefix('%').and_then(|inner| inner.strip_suffix('%')) {
            return Some(Item::Text(format!("{{{{{code}}}}}").into(), span));
        }
        if !name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            let sign = span.start..span.start + 1;
            self.fault("a bare < does not begin a tag", "write &lt; for a literal <", sign.clone());
            return self.restart(sign.end).then(|| Item::Text("<".into(), sign));
        }
        if let Some(next) = inner.find('<') {
            // A tag cannot contain `<`, so the next tag begins there.
            span.end = span.start + 1 + next;
            let begun = inner[..next].trim_end();
            (name, is_empty) = begun.strip_suffix('/').map_or((begun, false), |name| (name, true));
            name = name.split(|end: char| end.is_ascii_whitespace()).next().unwrap_or_default();
            self.unclosed(&span);
            if !self.restart(span.end) {
                return None;
            }
        } else if tag.attributes().with_checks(false).take(MAX_ATTRIBUTES).any(|attribute| attribute.is_err()) {
            self.fault(
                "the attributes of this tag are not valid XML",
                "write each as name=\"value\", or remove them",
                span.clone(),
            );
        }
        if !is_empty {
            if self.open.len() == MAX_OPEN_TAGS {
                self.faults.push(oversized_document::tags(span));
                self.refuse();
                return None;
            }
            self.open.push((name, span.clone()));
        }
        Some(Item::Open(Tag { name, span, is_empty }))
    }

    /// Restarts the reader at an offset, or ends the stream if the limit is reached. Returns whether it restarted.
    fn restart(&mut self, at: usize) -> bool {
        let restarted = self.source.restart(at);
        if !restarted {
            self.stop();
        }
        restarted
    }

    /// Reports a tag without `>`.
    fn unclosed(&mut self, span: &Range<usize>) {
        let tag = self.text[span.clone()].trim_end();
        self.fault("this tag is never closed", "write > where it ends", span.start..span.start + tag.len());
    }

    /// Finds the elements that an end tag closes.
    fn end(&mut self, mut name: &str, mut span: Range<usize>) {
        if let Some(next) = name.find('<') {
            // As for start tags.
            span.end = span.start + 2 + next;
            name = name[..next].trim_end();
            self.unclosed(&span);
            if !self.restart(span.end) {
                return;
            }
        }
        let candidates = self.open.iter().rev().take(MAX_SEARCHED);
        match candidates.clone().position(|(open, _)| *open == name) {
            Some(0) => self.closing = Some((1, span)),
            Some(inner) => {
                if let Some((open, at)) = self.open.last().cloned() {
                    let (message, help) =
                        (format!("this {} is never closed", tag(open)), format!("write {} where it ends", end_tag(open)));
                    self.fault(message, help, at);
                }
                self.closing = Some((inner + 1, span));
            }
            None => match self.open.last() {
                // An end tag with a known name is an extra one; any other name is probably misspelled.
                Some((open, _)) if Element::exact(name).is_none() => {
                    let help = format!("write {}", end_tag(open));
                    self.fault(format!("this end tag closes {}", tag(open)), help, span.clone());
                    self.closing = Some((1, span));
                }
                _ => {
                    let known = Element::exact(name).map_or("end tag".to_owned(), |_| format!("</{name}>"));
                    self.fault(format!("this {known} closes nothing"), "remove it", span);
                }
            },
        }
    }

    fn text_item(&mut self, mut text: Cow<'t, str>, mut span: Range<usize>) -> Option<Item<'t>> {
        if std::mem::take(&mut self.ends_placeholder) {
            text = text.strip_prefix('>').unwrap_or(&text).to_owned().into();
            span.start = (span.start + 1).min(span.end);
        }
        if text.is_empty() {
            return None;
        }
        if text.starts_with('&') {
            self.bare_ampersand(span.start);
        }
        self.characters(&span);
        Some(Item::Text(text, span))
    }

    /// Reports the first character that is not valid in XML.
    fn characters(&mut self, span: &Range<usize>) {
        if self.has_invalid_character {
            return;
        }
        if let Some((at, invalid)) = self.text[span.clone()].char_indices().find(|(_, character)| !is_xml(*character)) {
            self.has_invalid_character = true;
            let at = span.start + at;
            let message = format!("a control character (U+{:04X}) is not valid XML", invalid as u32);
            self.fault(message, "remove it", at..at + invalid.len_utf8());
        }
    }

    fn bare_ampersand(&mut self, at: usize) {
        self.fault("a bare & is not valid XML", "write &amp; for a literal &", at..at + 1);
    }

    fn reference(&mut self, reference: Reference, span: Range<usize>) -> Item<'t> {
        match reference {
            Reference::Text(text) => Item::Text(text, span),
            Reference::Bare => {
                self.bare_ampersand(span.start);
                Item::Text(self.text[span.clone()].into(), span)
            }
            Reference::Invalid(message, help) => {
                self.fault(message, help, span);
                Item::Unreadable
            }
        }
    }

    fn eof(&mut self) {
        let end = self.text.len();
        let Some((name, at)) = self.open.last().cloned() else {
            self.state = State::Complete;
            return;
        };
        self.state = State::Stopped;
        let tags: Vec<String> = self.open.iter().rev().take(8).map(|(name, _)| end_tag(name)).collect();
        let tags = tags.concat();
        let more = if self.open.len() > 8 { " and so on" } else { "" };
        let fault = invalid_plist::diagnostic(
            format!("the file ends in the middle of {}", tag(name)),
            format!("it is probably truncated: get the rest, or write {tags}{more} at the end"),
            end..end,
        );
        self.faults.push(fault.related(format!("this {} is never closed", tag(name)), at));
    }

    fn error(&mut self, error: &Error, span: &Range<usize>) {
        let Malformed { message, help, ends_reading } = Malformed::of(error);
        if ends_reading {
            self.stop();
        }
        let at = self.source.error_position().clamp(span.start, span.end.max(span.start));
        // The reader may stop inside a character.
        let at = self.text.floor_char_boundary(at);
        let end = self.text[at..].chars().next().map_or(at, |first| at + first.len_utf8());
        self.fault(message, help, at..end);
    }
}

/// Whether a character is valid in XML.
fn is_xml(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// The start tag of an element, for messages. Any other name may be part of a value, which may be a secret.
fn tag(name: &str) -> String {
    if Element::exact(name).is_some() { format!("<{name}>") } else { "tag".to_owned() }
}

/// Its end tag.
fn end_tag(name: &str) -> String {
    if Element::exact(name).is_some() { format!("</{name}>") } else { "its end tag".to_owned() }
}
