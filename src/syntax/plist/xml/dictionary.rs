//! The members of a dictionary.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Item, Reading, is_blank, visible};
use crate::syntax::Kind;
use crate::words::shown;

/// What is known of the members of a dictionary so far.
struct Members<'t> {
    /// A key whose value has not come yet. Its text is `None` if it could not be read.
    key: Option<(Option<Cow<'t, str>>, Range<usize>)>,
    /// Whether no others can be there.
    are_known: bool,
}

impl<'t> Reading<'t, '_, '_> {
    /// Reads the members of a dictionary. Returns where it ends, and whether all of it was read.
    pub(super) fn members(&mut self, depth: usize) -> (usize, bool) {
        let mut members = Members { key: None, are_known: true };
        loop {
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
                        self.out.string(&key, Kind::String, span);
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
                    return (span.end, members.are_known);
                }
                Item::End => {
                    let is_whole = self.elements.is_whole();
                    if is_whole {
                        self.without_value(&mut members);
                    } else if let Some((Some(key), span)) = members.key.take() {
                        self.out.string(&key, Kind::String, span);
                        self.out.unread(self.end..self.end);
                    }
                    return (self.end, is_whole && members.are_known);
                }
            }
        }
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
        self.out.string(&key, Kind::String, span.clone());
        self.out.unread(span.end..span.end);
    }

    /// Judges text that stands among the members of a dictionary.
    fn text_between(&mut self, text: &str, span: &Range<usize>, members: &mut Members<'t>) {
        let visible = visible(text, span);
        let is_placeholder = self.is_placeholder(text);
        // A template puts values here, and perhaps members. The meaning of any other text is unknown.
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
                self.out.string(&key, Kind::String, at);
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
}
