//! Document type declarations.

/// Why a text with this document type is rejected: the type declares something. `None` if it is accepted.
pub(super) fn refusal(declared: &str) -> Option<&'static str> {
    // Ignore brackets in quotes, which are part of a name or URL.
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
    let has_entities = entities.peek().is_some();
    let head = |entity: &'_ str| entity.split(['>', '"', '\'']).next().unwrap_or_default().to_owned();
    Some(if entities.map(head).any(|head| head.contains("SYSTEM") || head.contains("PUBLIC")) {
        "the document type declares an external entity, so this file is not read"
    } else if has_entities {
        "the document type declares entities, so this file is not read"
    } else {
        "the document type contains declarations, so this file is not read"
    })
}
