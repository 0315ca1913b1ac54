//! Finds the declarations in a profile with a `com.apple.declarations` payload: each is an element of data.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::syntax::{Kind, Node};

/// The type of the payload.
const PAYLOAD: &str = "com.apple.declarations";

/// A declaration in a profile.
pub(super) struct Enclosed {
    /// The span of the data in the profile.
    pub(super) span: Range<usize>,
    /// The declaration, decoded.
    pub(super) text: Vec<u8>,
}

/// The declarations in a profile, or in such a payload alone.
pub(super) fn declarations(root: Node<'_>) -> Vec<Enclosed> {
    let payloads = root.member("PayloadContent").into_iter().flat_map(Node::elements).chain([root]);
    let ours = payloads.filter(|payload| payload.member("PayloadType").is_some_and(|kind| kind.is_str(PAYLOAD)));
    let all = ours.filter_map(|payload| payload.member("Declarations")).flat_map(Node::elements);
    all.filter_map(enclosed).collect()
}

fn enclosed(data: Node<'_>) -> Option<Enclosed> {
    let text = data.as_str().filter(|_| data.kind() == Kind::Data)?;
    let base64: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    Some(Enclosed { span: data.span(), text: STANDARD.decode(base64).ok()? })
}
