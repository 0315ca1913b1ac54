//! XML as a stream of elements and texts, whatever is wrong with it.
//!
//! Comments and processing instructions are passed over, references are resolved, and nothing is ever fetched or expanded: a document
//! type that declares anything ends the reading. What is not well-formed is reported, and reading goes on where that can be done.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::element::Element;
use crate::document::syntax::SyntaxFault;
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

/// How often reading begins anew after a `<` that begins no tag. Each time the rest may be looked at once more.
const MOST_RESTARTS: usize = 100;

/// How many attributes of a tag are looked at. Property lists have one, of `<plist>`.
const MOST_ATTRIBUTES: usize = 20;

/// How many open elements are asked whether an end tag is theirs.
const MOST_ASKED: usize = 200;

/// The stream.
pub(super) struct Elements<'t> {
    text: &'t str,
    reader: Reader<&'t [u8]>,
    /// Where the reader began.
    base: usize,
    restarts: usize,
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
    pub(super) faults: Vec<SyntaxFault>,
}

impl<'t> Elements<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (reader, base) = reader(text, 0);
        Self {
            text,
            reader,
            base,
            restarts: 0,
            open: Vec::new(),
            closing: None,
            waiting: None,
            ends_placeholder: false,
            has_stray: false,
            state: State::Reading,
            faults: Vec::new(),
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
        self.faults.push(SyntaxFault::new(message, help, span));
    }

    /// Reports a text that is right if it holds a placeholder.
    pub(super) fn fault_of_text(&mut self, text: &str, message: impl Into<String>, help: impl Into<String>, span: Range<usize>) {
        let text = Some(text.to_owned());
        self.faults.push(SyntaxFault { text, ..SyntaxFault::new(message, help, span) });
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
            let start = self.position();
            let event = self.reader.read_event();
            let span = start..self.position();
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
                Ok(Event::GeneralRef(name)) => return self.reference(&name, span),
                Ok(Event::Comment(_) | Event::PI(_)) => {}
                Ok(Event::Decl(_)) if start == 0 => {}
                Ok(Event::Decl(_)) => self.fault(
                    "the XML declaration does not stand at the very beginning",
                    "remove what stands before it, blank lines too",
                    span,
                ),
                Ok(Event::DocType(declared)) => self.document_type(&declared, span),
                Ok(Event::Eof) => self.eof(),
                Err(error) => self.error(&error, &span),
            }
        }
    }

    fn position(&self) -> usize {
        self.base + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
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

    /// Begins to read anew, but for once too often. Returns whether it does.
    fn restart(&mut self, at: usize) -> bool {
        self.restarts += 1;
        if self.restarts > MOST_RESTARTS {
            self.stop();
            return false;
        }
        (self.reader, self.base) = reader(self.text, at);
        true
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

    /// What stands between `&` and `;`.
    fn reference(&mut self, name: &BytesRef<'t>, span: Range<usize>) -> Item<'t> {
        let predefined = match &**name {
            "lt" => Some("<"),
            "gt" => Some(">"),
            "amp" => Some("&"),
            "quot" => Some("\""),
            "apos" => Some("'"),
            _ => None,
        };
        if let Some(text) = predefined {
            return Item::Text(text.into(), span);
        }
        if name.is_char_ref() {
            return match name.resolve_char_ref() {
                Ok(Some(character)) if is_xml(character) => Item::Text(character.to_string().into(), span),
                _ => {
                    let help = "write the character itself, or its number in Unicode, such as &#xE9;";
                    self.fault("this reference stands for no character of XML", help, span);
                    Item::Lost
                }
            };
        }
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.:".contains(&byte)) {
            self.bare_ampersand(span.start);
            return Item::Text(self.text[span.clone()].into(), span);
        }
        // Its name may be part of a secret, so no message says it.
        self.fault(
            "this entity is not declared",
            "write the character itself; only &lt; &gt; &amp; &quot; &apos; and numbers such as &#160; are known",
            span,
        );
        Item::Lost
    }

    fn document_type(&mut self, declared: &str, span: Range<usize>) {
        // What stands in quotes is a name or an address.
        let mut quote = None;
        let has_subset = declared.bytes().any(|byte| {
            if quote == Some(byte) {
                quote = None;
            } else if quote.is_none() && (byte == b'"' || byte == b'\'') {
                quote = Some(byte);
            }
            quote.is_none() && byte == b'['
        });
        if !has_subset {
            return;
        }
        let mut entities = declared.split("<!ENTITY").skip(1).peekable();
        let has_some = entities.peek().is_some();
        let head = |entity: &'_ str| entity.split(['>', '"', '\'']).next().unwrap_or_default().to_owned();
        let message = if entities.map(head).any(|head| head.contains("SYSTEM") || head.contains("PUBLIC")) {
            "the document type declares an external entity, so this file is not read"
        } else if has_some {
            "the document type declares entities, so this file is not read"
        } else {
            "the document type has declarations of its own, so this file is not read"
        };
        self.fault(message, "remove everything from [ to ] in <!DOCTYPE …>; a property list needs no declarations", span);
        self.refuse();
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
        let mut fault = SyntaxFault::new(
            format!("the file ends in the middle of <{}>", shown(name)),
            format!("it is probably cut off: get the rest, or write {tags}{more} at the end"),
            end..end,
        );
        fault.related.push((format!("this <{}> is never closed", shown(name)), at));
        self.faults.push(fault);
    }

    fn error(&mut self, error: &Error, span: &Range<usize>) {
        let at = self.base + usize::try_from(self.reader.error_position()).unwrap_or_default();
        let at = at.clamp(span.start, span.end.max(span.start));
        let (message, help) = match error {
            Error::Syntax(error) => {
                self.stop();
                match error {
                    SyntaxError::UnclosedComment => ("this comment is never closed", "write --> where it ends"),
                    SyntaxError::UnclosedCData => ("this CDATA section is never closed", "write ]]> where it ends"),
                    SyntaxError::UnclosedDoctype => ("this document type is never closed", "write > where it ends"),
                    SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => {
                        ("this <? is never closed", "write ?> where it ends")
                    }
                    SyntaxError::InvalidBangMarkup => {
                        ("this <! begins nothing that XML has", "write <!-- for a comment, or &lt; for the sign <")
                    }
                    _ => ("this tag is never closed", "write > where it ends, or &lt; for the sign < itself"),
                }
            }
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                ("-- inside a comment is not XML", "write one hyphen, or another dash")
            }
            Error::IllFormed(IllFormedError::MissingDoctypeName) => {
                ("this document type has no name", "write <!DOCTYPE plist …>, or remove it")
            }
            _ => {
                self.stop();
                ("this is not well-formed XML", "write the file again with a tool that writes property lists")
            }
        };
        // The reader counts bytes, and may stop inside a character.
        let at = self.text.floor_char_boundary(at);
        let end = self.text[at..].chars().next().map_or(at, |first| at + first.len_utf8());
        self.fault(message, help, at..end);
    }
}

/// A reader of the text from `at` on, and where it begins: after the byte-order mark that it would pass over without counting it.
fn reader(text: &str, at: usize) -> (Reader<&[u8]>, usize) {
    let rest = text[at..].trim_start_matches('\u{FEFF}');
    let mut reader = Reader::from_str(rest);
    let config = reader.config_mut();
    config.check_comments = true;
    config.allow_dangling_amp = true;
    // Which end tag belongs to what is told here, in better words.
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    (reader, text.len() - rest.len())
}

/// Whether XML may hold a character.
fn is_xml(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
