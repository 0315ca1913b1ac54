//! Heuristics that tell whether an unreadable text was meant to be a declaration or an update command.

use super::enclosed;
use crate::syntax::Container;
use crate::validate::FAMILIES;

/// Whether a text with syntax errors was meant to be a declaration. Used for files found in a folder, where other
/// broken files are not reported.
pub(super) fn looks_like_declaration(bytes: &[u8]) -> bool {
    let holds = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
    names_family(bytes) || holds("\"Payload\"") || (Container::of(bytes).is_some() && mentions_updates(bytes))
}

/// Whether a text has the beginning of the type of a declaration.
pub(super) fn names_family(bytes: &[u8]) -> bool {
    family(bytes).is_some()
}

/// The first beginning of the type of a declaration in a text.
pub(super) fn family(bytes: &[u8]) -> Option<&'static str> {
    let found = FAMILIES.into_iter().filter_map(|family| Some((memchr::memmem::find(bytes, family.as_bytes())?, family)));
    found.min().map(|(_, family)| family)
}

/// Whether a property list mentions software update commands or settings, or holds declarations. Binary and signed property lists contain
/// their strings uncompressed, in ASCII or UTF-16.
pub(super) fn mentions_updates(bytes: &[u8]) -> bool {
    // `ScheduleOSUpdate`, `OSUpdateStatus`, `com.apple.SoftwareUpdate`, `enforcedSoftwareUpdateDelay`,
    // `allowRapidSecurityResponse…`; and a payload with declarations.
    const WORDS: [&str; 7] = [
        "OSUpdate",
        "SoftwareUpdate",
        "softwareupdate",
        "RapidSecurityResponse",
        "UpdateResults",
        "restrict-software-update",
        enclosed::PAYLOAD,
    ];
    let holds = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    // XML feeds and web pages may mention updates too.
    if Container::of(bytes) == Some(Container::Xml) && !holds(b"<dict") && !holds(b"<key") {
        return false;
    }
    let wide = |word: &str| word.bytes().flat_map(|byte| [0, byte]).skip(1).collect::<Vec<u8>>();
    WORDS.into_iter().any(|word| holds(word.as_bytes()) || holds(&wide(word)))
}
