//! Reads the members of a dictionary.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Item, Reading, is_blank, visible};
use crate::syntax::Kind;

/// The state of reading the members of a dictionary.
struct Members<'t> {
    /// The last key, if its value has not been read yet. Its text is `None` if it is unreadable.
    key: Option<(Option<Cow<'t, str>>, Range<usize>)>,
    /// Whether all members are known.
    is_complete: bool,
}

impl<'t> Reading<'t, '_, '_> {
    /// Reads the members of a dictionary. Returns its end, and whether it is complete.
    pub(super) fn members(&mut self, depth: usize) -> (usize, bool) {
        let mut members = Members { key: None, is_complete: true };
        loop {
            match self.elements.next() {
                Item::Open(tag) if tag.name.eq_ignore_ascii_case("key") => {
                    self.check_spelling(&tag, Element::Key);
                    self.check_value(&mut members);
                    let leaf = self.leaf(&tag);
                    // An unreadable key may be any key.
                    members.is_complete &= leaf.text.is_some();
                    let text = leaf.text.map(|text| self.without_padding(text, &leaf.span));
                    members.key = Some((text, leaf.span));
                }
                Item::Open(tag) => match members.key.take() {
                    Some((Some(key), span)) => {
                        self.out.string(&key, Kind::String, span);
                        self.value(&tag, depth + 1);
                    }
                    key => {
                        if key.is_none() {
                            // Any other name may be part of a value, which may be a secret.
                            let name = Element::exact(tag.name).map_or("element".to_owned(), |_| format!("<{}>", tag.name));
                            self.elements.fault(
                                format!("this {name} has no <key> before it"),
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
                Item::Unreadable => members.is_complete = false,
                Item::Close(span) => {
                    self.check_value(&mut members);
                    return (span.end, members.is_complete);
                }
                Item::End => {
                    let is_complete = self.elements.is_complete();
                    if is_complete {
                        self.check_value(&mut members);
                    } else if let Some((Some(key), span)) = members.key.take() {
                        self.out.string(&key, Kind::String, span);
                        self.out.unreadable(self.end..self.end);
                    }
                    return (self.end, is_complete && members.is_complete);
                }
            }
        }
    }

    /// The name of a key without the white space around it, which is reported once for all keys.
    fn without_padding(&mut self, name: Cow<'t, str>, span: &Range<usize>) -> Cow<'t, str> {
        let trimmed = name.trim();
        // Spaces may be part of a name; line breaks come from a formatter.
        let (before, after) = (name.len() - name.trim_start().len(), name.trim_end().len());
        let breaks_line = |padding: Option<&str>| padding.is_some_and(|padding| padding.contains(['\r', '\n']));
        if trimmed.is_empty() || !breaks_line(name.get(..before)) && !breaks_line(name.get(after..)) {
            return name;
        }
        self.padded.get_or_insert((span.clone(), 0)).1 += 1;
        Cow::Owned(trimmed.to_owned())
    }

    /// Reports the last key if it has no value.
    fn check_value(&mut self, members: &mut Members<'t>) {
        let Some((Some(_), span)) = members.key.take() else { return };
        self.elements.fault("this key has no value", "write its value, or remove the key", span);
        // It may be a value whose element is wrong, and a secret: no rule may name it.
        members.is_complete = false;
    }

    /// Reports text among the members of a dictionary, unless it is a placeholder.
    fn text_between(&mut self, text: &str, span: &Range<usize>, members: &mut Members<'t>) {
        let visible = visible(text, span);
        let is_placeholder = self.is_placeholder(text);
        // A placeholder may expand to values or members, and the meaning of any other text is unknown.
        members.is_complete = false;
        match members.key.take() {
            Some((Some(key), at)) => {
                if !is_placeholder {
                    let trimmed = text.trim();
                    // The message must not contain the value, or the key, in whose place a secret may stand.
                    let help = match trimmed {
                        "true" => "write <true/>",
                        "false" => "write <false/>",
                        _ if trimmed.parse::<i64>().is_ok() => "write <integer> before it and </integer> after it",
                        _ => "write <string> before it and </string> after it",
                    };
                    let message = "this value is not in an element".to_owned();
                    self.elements.fault_of_text(trimmed, message, help, visible.clone());
                }
                self.out.string(&key, Kind::String, at);
                self.out.unreadable(visible);
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
