//! Detects the container format of a text by its first bytes.

use crate::diagnostic::SyntaxDiagnostic;
use crate::syntax::rules::invalid_plist;

/// The container format of a text that is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Xml,
    /// Apple's binary format.
    Binary,
    /// A signed message (CMS) in DER.
    Signed,
    /// A signed message (CMS) in PEM.
    Armoured,
}

/// The DER encoding of the object identifier of signed data, 1.2.840.113549.1.7.2.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02";

/// The object identifier is within this many bytes of the start, after a tag and a length.
const SEARCH_BYTES: usize = 32;

impl Container {
    /// Detects the format of a text without a UTF-8 byte-order mark. `None` means JSON.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
        match bytes[start] {
            b'<' => {
                let next = *bytes.get(start + 1)?;
                (matches!(next, b'?' | b'!') || next.is_ascii_alphabetic()).then_some(Self::Xml)
            }
            b'b' if bytes.starts_with(b"bplist") => Some(Self::Binary),
            b'-' if [&b"-----BEGIN PKCS7"[..], b"-----BEGIN CMS"].iter().any(|head| bytes[start..].starts_with(head)) => {
                Some(Self::Armoured)
            }
            0x30 => {
                let head = &bytes[..bytes.len().min(SEARCH_BYTES)];
                memchr::memmem::find(head, SIGNED_DATA).map(|_| Self::Signed)
            }
            _ => None,
        }
    }

    /// Whether the text is printable.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Xml | Self::Armoured)
    }
}

/// The error for a signed profile in DER.
pub(super) fn signed() -> SyntaxDiagnostic {
    invalid_plist::diagnostic(
        "this file is signed (CMS), so its property list cannot be read directly",
        "unwrap it first: openssl cms -verify -noverify -inform DER -in FILE -out PLAIN (on a Mac also: security cms -D -i FILE -o PLAIN), \
         and check PLAIN",
        0..0,
    )
}

/// The error for a signed profile in PEM.
pub(super) fn armoured() -> SyntaxDiagnostic {
    invalid_plist::diagnostic(
        "this file is signed (CMS, as PEM), so its property list cannot be read directly",
        "unwrap it first: openssl cms -verify -noverify -inform PEM -in FILE -out PLAIN, and check PLAIN",
        0..0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detects_containers() {
        let signed = [b"\x30\x82\x12\x34", SIGNED_DATA].concat();
        for (bytes, expected) in [
            (&b" \r\n<plist/>"[..], Some(Container::Xml)),
            (b"bplist00", Some(Container::Binary)),
            (&signed, Some(Container::Signed)),
            (b"-----BEGIN PKCS7-----", Some(Container::Armoured)),
            (b"{}", None),
            (b"[<", None),
            (b"<", None),
            (b"<.>", None),
            (b"0", None),
            (b"0123", None),
            (b"-1", None),
            (b"", None),
            (b"\xFF\xFE{\0", None),
        ] {
            assert_eq!(Container::of(bytes), expected, "{bytes:?}");
        }
    }
}
