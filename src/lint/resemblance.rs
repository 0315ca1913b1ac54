//! Whether a text that cannot be read was meant to be one of ours.

use crate::syntax::Container;

/// Whether a text that is not JSON was meant to be a declaration. Only for files found in a folder: other broken JSON is not
/// reported.
pub(super) fn looks_like_declaration(bytes: &[u8]) -> bool {
    let holds = |needle: &str| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
    ["com.apple.configuration.", "com.apple.activation.", "com.apple.asset.", "com.apple.management."].into_iter().any(holds)
        || holds("\"Payload\"")
        // The same in UTF-16, whichever byte comes first.
        || holds("c\0o\0m\0.\0a\0p\0p\0l\0e\0.")
        || (Container::of(bytes).is_some() && mentions_updates(bytes))
}

/// Whether a property list names a command for software updates, or a payload with their settings. Binary ones and signed ones have their
/// texts as they are, in UTF-16 where need be.
pub(super) fn mentions_updates(bytes: &[u8]) -> bool {
    // `ScheduleOSUpdate`, `OSUpdateStatus`, `com.apple.SoftwareUpdate`, `enforcedSoftwareUpdateDelay`, `allowRapidSecurityResponse…`
    const WORDS: [&str; 6] =
        ["OSUpdate", "SoftwareUpdate", "softwareupdate", "RapidSecurityResponse", "UpdateResults", "restrict-software-update"];
    let holds = |needle: &[u8]| memchr::memmem::find(bytes, needle).is_some();
    // Feeds and pages in XML may well speak of updates.
    if Container::of(bytes) == Some(Container::Xml) && !holds(b"<dict") && !holds(b"<key") {
        return false;
    }
    let wide = |word: &str| word.bytes().flat_map(|byte| [0, byte]).skip(1).collect::<Vec<u8>>();
    WORDS.into_iter().any(|word| holds(word.as_bytes()) || holds(&wide(word)))
}
