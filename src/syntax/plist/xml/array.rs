//! Reads the elements of an array.

use crate::syntax::Kind;

use super::{Item, Reading, Tag, is_blank, visible};

impl<'t> Reading<'t, '_, '_> {
    pub(super) fn array(&mut self, tag: &Tag<'t>, depth: usize) {
        let opened = self.out.open(Kind::Array, tag.span.start);
        let mut is_complete = true;
        let mut end = tag.span.end;
        loop {
            if tag.is_empty {
                break;
            }
            match self.elements.next() {
                Item::Open(inner) => self.value(&inner, depth + 1),
                Item::Text(text, _) if is_blank(&text) => {}
                Item::Text(text, span) => {
                    is_complete = false;
                    if !self.is_placeholder(&text) {
                        let help = "write <string> before it and </string> after it";
                        let span = visible(&text, &span);
                        self.elements.fault_of_text(text.trim(), "text between the elements of an <array>", help, span);
                    }
                }
                Item::Unreadable => is_complete = false,
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
        self.out.close(opened, end, is_complete);
    }
}
