//! Reads elements that contain only text: keys and scalars.

use std::borrow::Cow;
use std::ops::Range;

use super::{Element, Item, Reading, Tag};
use crate::syntax::Kind;
use crate::syntax::plist::scalar::Scalar;
use crate::words::shown;

/// An element that contains only text.
pub(super) struct Leaf<'t> {
    /// `None` if it is unreadable.
    pub(super) text: Option<Cow<'t, str>>,
    pub(super) span: Range<usize>,
}

impl<'t> Reading<'t, '_, '_> {
    /// Reads an element that contains only text.
    pub(super) fn leaf(&mut self, tag: &Tag<'t>) -> Leaf<'t> {
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
                Item::Unreadable => text = None,
                Item::Open(inner) => {
                    if Element::exact(inner.name).is_some() {
                        let message =
                            format!("<{}> can contain only text, but contains <{}>", shown(tag.name), shown(inner.name));
                        let help = format!("write </{}> where the text ends", shown(tag.name));
                        self.elements.fault(message, help, inner.span.clone());
                        span.end = inner.span.start;
                        self.elements.close_before(inner);
                        return Leaf { text: None, span };
                    }
                    let message = format!("<{}> can contain only text, but contains a tag", shown(tag.name));
                    self.elements.fault(message, "write &lt; for a literal <, or remove the tag", inner.span.clone());
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

    /// Adds a scalar.
    pub(super) fn scalar(&mut self, element: Element, leaf: Leaf<'t>) {
        let Leaf { text: Some(text), span } = leaf else { return self.out.unreadable(leaf.span) };
        if self.is_placeholder(&text) {
            return self.out.string(&text, Kind::String, span);
        }
        match Scalar::read(element, &text) {
            Ok(Scalar::Json(json, kind)) => {
                self.elements.doubt_of_text(&text, Scalar::doubt(element, &text, span.clone()));
                self.out.plain(&json, kind, span);
            }
            Ok(Scalar::Text(text, kind)) => self.out.string(text, kind, span),
            Ok(Scalar::Unknown) => self.out.unreadable(span),
            Err((message, help)) => {
                self.elements.fault_of_text(&text, message, help, span.clone());
                self.out.unreadable(span);
            }
        }
    }
}
