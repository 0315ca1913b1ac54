//! Document types, which may declare entities.

/// Why a text with this document type is not read, if it is not: the type declares something.
pub(super) fn refusal(declared: &str) -> Option<&'static str> {
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
        return None;
    }
    let mut entities = declared.split("<!ENTITY").skip(1).peekable();
    let has_some = entities.peek().is_some();
    let head = |entity: &'_ str| entity.split(['>', '"', '\'']).next().unwrap_or_default().to_owned();
    Some(if entities.map(head).any(|head| head.contains("SYSTEM") || head.contains("PUBLIC")) {
        "the document type declares an external entity, so this file is not read"
    } else if has_some {
        "the document type declares entities, so this file is not read"
    } else {
        "the document type has declarations of its own, so this file is not read"
    })
}
