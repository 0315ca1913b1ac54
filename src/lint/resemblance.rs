//! Heuristics that tell whether an unreadable text was meant to be a declaration or an update command.

use crate::syntax::Container;

/// Whether a text with syntax errors was meant to be a declaration. Used for files found in a folder, where other
/// broken files are not reported.
pub(super) fn looks_like_declaration(bytes: &[u8]) -> bool {
    let holds = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
    ["com.apple.configuration.", "com.apple.activation.", "com.apple.asset.", "com.apple.management."].into_iter().any(holds)
        || holds("\"Payload\"")
        || (Container::of(bytes).is_some() && mentions_updates(bytes))
}

/// Whether a property list mentions software update commands or settings. Binary and signed property lists contain
/// their strings uncompressed, in ASCII or UTF-16.
pub(super) fn mentions_updates(bytes: &[u8]) -> bool {
    // `ScheduleOSUpdate`, `OSUpdateStatus`, `com.apple.SoftwareUpdate`, `enforcedSoftwareUpdateDelay`,
    // `allowRapidSecurityResponse…`
    const WORDS: [&str; 6] =
        ["OSUpdate", "SoftwareUpdate", "softwareupdate", "RapidSecurityResponse", "UpdateResults", "restrict-software-update"];
    let holds = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    // XML feeds and web pages may mention updates too.
    if Container::of(bytes) == Some(Container::Xml) && !holds(b"<dict") && !holds(b"<key") {
        return false;
    }
    let wide = |word: &str| word.bytes().flat_map(|byte| [0, byte]).skip(1).collect::<Vec<u8>>();
    WORDS.into_iter().any(|word| holds(word.as_bytes()) || holds(&wide(word)))
}
