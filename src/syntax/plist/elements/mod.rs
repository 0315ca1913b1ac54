//! XML as a stream of elements and texts, whatever is wrong with it.
//!
//! Comments and processing instructions are passed over, references are resolved, and nothing is ever fetched or expanded: a document
//! type that declares anything ends the reading. What is not well-formed is reported, and reading goes on where that can be done.

mod document_type;
mod malformed;
mod reference;
mod source;

use super::Doubt;
use crate::diagnostic::SyntaxDiagnostic;
use crate::syntax::rules::invalid_plist;
use std::borrow::Cow;
use std::ops::Range;

use quick_xml::errors::Error;
use quick_xml::events::{BytesStart, Event};

use malformed::Malformed;
use reference::Reference;
use source::Source;

use super::element::Element;
use crate::words::shown;

/// What comes next.
pub(super) enum Item<'t> {
    /// An element begins.
    Open(Tag<'t>),
    /// The element ends that was opened last. Where its end tag is missing the place is empty.
    Close(Range<usize>),
    /// Text, without references.
    Text(Cow<'t, str>, Range<usize>),
    /// Text that could not be read, and was reported.
    Lost,
    /// Nothing comes any more, though elements may be open.
    End,
}

/// The tag that an element begins with.
#[derive(Clone)]
pub(super) struct Tag<'t> {
    pub(super) name: &'t str,
    pub(super) span: Range<usize>,
    /// Whether it is the whole element.
    pub(super) is_empty: bool,
}

/// How far reading has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// The text came to its end, and everything in it was closed.
    Whole,
    /// Reading stopped before.
    Stopped,
    /// Nothing of the text may be used.
    Refused,
}

/// How many attributes of a tag are looked at. Property lists have one, of `<plist>`.
const MOST_ATTRIBUTES: usize = 20;

/// How many open elements are asked whether an end tag is theirs.
const MOST_ASKED: usize = 200;

/// The stream.
pub(super) struct Elements<'t> {
    text: &'t str,
    source: Source<'t>,
    open: Vec<(&'t str, Range<usize>)>,
    /// How many elements are still to be closed, and the end tag that closes the last of them.
    closing: Option<(usize, Range<usize>)>,
    /// An element that was looked at too early.
    waiting: Option<Tag<'t>>,
    /// Whether the next text begins with the end of a placeholder.
    ends_placeholder: bool,
    /// Whether a character was reported that XML has not.
    has_stray: bool,
    state: State,
    pub(super) faults: Vec<SyntaxDiagnostic>,
    /// What is wrong unless a text holds a placeholder that the user defines.
    pub(super) doubts: Vec<Doubt>,
}

impl<'t> Elements<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            source: Source::new(text),
            open: Vec::new(),
            closing: None,
            waiting: None,
            ends_placeholder: false,
            has_stray: false,
            state: State::Reading,
            faults: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// Whether the text came to its end, and everything in it was closed.
    pub(super) fn is_whole(&self) -> bool {
        self.state == State::Whole
    }

    /// Whether nothing of the text may be used.
    pub(super) fn is_refused(&self) -> bool {
        self.state == State::Refused
    }

    /// Ends the reading here.
    pub(super) fn stop(&mut self) {
        self.state = State::Stopped;
        self.waiting = None;
        self.closing = None;
    }

    /// Ends the reading here, and throws away what was read.
    pub(super) fn refuse(&mut self) {
        self.stop();
        self.state = State::Refused;
    }

    pub(super) fn fault(&mut self, message: impl Into<String>, help: impl Into<String>, span: Range<usize>) {
        self.faults.push(invalid_plist::diagnostic(message, help, span));
    }

    /// Reports a text that is right if it holds a placeholder.
    pub(super) fn fault_of_text(&mut self, text: &str, message: impl Into<String>, help: impl Into<String>, span: Range<usize>) {
        self.doubts.push((text.to_owned(), invalid_plist::diagnostic(message, help, span)));
    }

    /// Gives back an element, which comes next once more.
    pub(super) fn unread(&mut self, tag: Tag<'t>) {
        self.waiting = Some(tag);
    }

    /// Closes the element around this one, which was opened last, as if it had ended before.
    pub(super) fn close_before(&mut self, tag: Tag<'t>) {
        let inner = if tag.is_empty { None } else { self.open.pop() };
        self.open.pop();
        self.open.extend(inner);
        self.unread(tag);
    }

    /// Passes over the rest of an element. Returns where it ends.
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
                Item::Text(..) | Item::Lost => {}
                Item::End => return self.text.len(),
            }
        }
        end
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Item<'t> {
        loop {
            if let Some(tag) = self.waiting.take() {
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
                    if let Some(item) = self.written(text.xml10_content(), span) {
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
                    "the XML declaration does not stand at the very beginning",
                    "remove what stands before it, blank lines too",
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
            // `<<UUID()>>` of a workflow tool, and `<% … %>`: a placeholder, in a form that the rest of the program knows.
            self.ends_placeholder = true;
            return Some(Item::Text(format!("{{{{{name}}}}}").into(), span));
        }
        if let Some(code) = inner.strip_prefix('%').and_then(|inner| inner.strip_suffix('%')) {
            return Some(Item::Text(format!("{{{{{code}}}}}").into(), span));
        }
        if !name.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            let sign = span.start..span.start + 1;
            self.fault("a bare < begins no tag", "write &lt; for the sign itself", sign.clone());
            return self.restart(sign.end).then(|| Item::Text("<".into(), sign));
        }
        if let Some(next) = inner.find('<') {
            // No tag has one in it, so the next tag begins there.
            span.end = span.start + 1 + next;
            let begun = inner[..next].trim_end();
            (name, is_empty) = begun.strip_suffix('/').map_or((begun, false), |name| (name, true));
            name = name.split(|end: char| end.is_ascii_whitespace()).next().unwrap_or_default();
            self.unclosed(&span);
            if !self.restart(span.end) {
                return None;
            }
        } else if tag.attributes().with_checks(false).take(MOST_ATTRIBUTES).any(|attribute| attribute.is_err()) {
            self.fault("the attributes of this tag are not XML", "write each as name=\"value\", or remove them", span.clone());
        }
        if !is_empty {
            self.open.push((name, span.clone()));
        }
        Some(Item::Open(Tag { name, span, is_empty }))
    }

    /// Begins to read anew, or ends the reading if that was too often. Returns whether it goes on.
    fn restart(&mut self, at: usize) -> bool {
        let goes_on = self.source.restart(at);
        if !goes_on {
            self.stop();
        }
        goes_on
    }

    /// Reports a tag that has no end of its own.
    fn unclosed(&mut self, span: &Range<usize>) {
        let tag = self.text[span.clone()].trim_end();
        self.fault("this tag is never closed", "write > where it ends", span.start..span.start + tag.len());
    }

    /// Finds what an end tag closes.
    fn end(&mut self, mut name: &str, mut span: Range<usize>) {
        if let Some(next) = name.find('<') {
            // As for the tags that begin elements.
            span.end = span.start + 2 + next;
            name = name[..next].trim_end();
            self.unclosed(&span);
            if !self.restart(span.end) {
                return;
            }
        }
        let asked = self.open.iter().rev().take(MOST_ASKED);
        match asked.clone().position(|(open, _)| *open == name) {
            Some(0) => self.closing = Some((1, span)),
            Some(inner) => {
                if let Some((open, at)) = self.open.last().cloned() {
                    self.fault(
                        format!("this <{}> is never closed", shown(open)),
                        format!("write </{}> where it ends", shown(open)),
                        at,
                    );
                }
                self.closing = Some((inner + 1, span));
            }
            None => match self.open.last() {
                // A known name that is open nowhere is one too many; any other is a slip of the pen.
                Some((open, _)) if Element::exact(name).is_none() => {
                    let help = format!("write </{}>", shown(open));
                    self.fault(format!("</{}> closes <{}>", shown(name), shown(open)), help, span.clone());
                    self.closing = Some((1, span));
                }
                _ => self.fault(format!("this </{}> closes nothing", shown(name)), "remove it", span),
            },
        }
    }

    fn written(&mut self, mut text: Cow<'t, str>, mut span: Range<usize>) -> Option<Item<'t>> {
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

    /// Reports the first character that XML has not.
    fn characters(&mut self, span: &Range<usize>) {
        if self.has_stray {
            return;
        }
        if let Some((at, stray)) = self.text[span.clone()].char_indices().find(|(_, character)| !is_xml(*character)) {
            self.has_stray = true;
            let at = span.start + at;
            let message = format!("a control character (U+{:04X}) is not XML", stray as u32);
            self.fault(message, "remove it", at..at + stray.len_utf8());
        }
    }

    fn bare_ampersand(&mut self, at: usize) {
        self.fault("a bare & is not XML", "write &amp; for the sign itself", at..at + 1);
    }

    fn reference(&mut self, reference: Reference, span: Range<usize>) -> Item<'t> {
        match reference {
            Reference::Text(text) => Item::Text(text, span),
            Reference::Bare => {
                self.bare_ampersand(span.start);
                Item::Text(self.text[span.clone()].into(), span)
            }
            Reference::Wrong(message, help) => {
                self.fault(message, help, span);
                Item::Lost
            }
        }
    }

    fn eof(&mut self) {
        let end = self.text.len();
        let Some((name, at)) = self.open.last().cloned() else {
            self.state = State::Whole;
            return;
        };
        self.state = State::Stopped;
        let tags: Vec<String> = self.open.iter().rev().take(8).map(|(name, _)| format!("</{}>", shown(name))).collect();
        let tags = tags.concat();
        let more = if self.open.len() > 8 { " and so on" } else { "" };
        let fault = invalid_plist::diagnostic(
            format!("the file ends in the middle of <{}>", shown(name)),
            format!("it is probably cut off: get the rest, or write {tags}{more} at the end"),
            end..end,
        );
        self.faults.push(fault.related(format!("this <{}> is never closed", shown(name)), at));
    }

    fn error(&mut self, error: &Error, span: &Range<usize>) {
        let Malformed { message, help, ends_reading } = Malformed::of(error);
        if ends_reading {
            self.stop();
        }
        let at = self.source.error_position().clamp(span.start, span.end.max(span.start));
        // The reader counts bytes, and may stop inside a character.
        let at = self.text.floor_char_boundary(at);
        let end = self.text[at..].chars().next().map_or(at, |first| at + first.len_utf8());
        self.fault(message, help, at..end);
    }
}

/// Whether XML may hold a character.
fn is_xml(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
