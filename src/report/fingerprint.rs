//! Fingerprints: ids of findings that stay the same when lines move or messages change.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::hash::Map;

/// The length of a fingerprint in bytes: enough to tell the findings of a repository apart.
const OCTETS: usize = 16;

/// Makes a unique fingerprint for each finding of a run, from its rule, file, declaration and pointer.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// How often each was used. Findings of one rule at one place are numbered by their order.
    used: Map<[u8; OCTETS], u32>,
}

impl Fingerprints {
    pub(super) fn of(&mut self, finding: &Diagnostic) -> String {
        let place = &finding.place;
        let declaration = finding.identifier.as_deref().map_or_else(|| format!("#{}", place.index), str::to_owned);
        let first = hash(&[&finding.rule.id, &place.file, &declaration, &place.pointer], 0);
        let used = self.used.entry(first).or_default();
        let bytes = if *used == 0 { first } else { hash(&[&finding.rule.id, &place.file, &declaration, &place.pointer], *used) };
        *used += 1;
        bytes.iter().fold(String::with_capacity(2 * OCTETS), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

fn hash(parts: &[&str], ordinal: u32) -> [u8; OCTETS] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(ordinal.to_be_bytes());
    let mut bytes = [0; OCTETS];
    bytes.copy_from_slice(&hash.finalize()[..OCTETS]);
    bytes
}
