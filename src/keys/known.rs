//! Items of arrays that were found to be right before.

use super::items::text;
use crate::document::{Cursor, Node};
use crate::hash::Map;

/// The items that one document after the other has: most declarations of a fleet name the same beta programs, each of which needs to be
/// judged once.
///
/// An item is known by its text alone, so this is for items that are right wherever they stand.
#[derive(Debug, Default)]
pub(crate) struct Known(Option<Box<Items>>);

#[derive(Debug, Default)]
struct Items {
    /// The keys that tell them apart. Items of another type have others, and are not known here.
    keys: &'static [&'static str],
    /// For a sample of each text the text, and its place in `identities`.
    texts: Map<u64, (Box<[u8]>, usize)>,
    identities: Vec<Identity>,
    /// How long the item was that was met last.
    length: usize,
    /// How many arrays were looked at.
    arrays: usize,
}

/// What the keys that tell items apart say.
#[derive(Debug)]
struct Identity {
    texts: Vec<Option<String>>,
    /// The number of the last array that has it.
    array: usize,
}

/// How many items are remembered, and of how many bytes each: more than any fleet has that is not hostile.
const MOST_ITEMS: usize = 256;
const MOST_BYTES: usize = 512;

impl Known {
    /// Whether every item of an array is known, and none is there twice.
    pub(super) fn has_all(&mut self, array: Node<'_>, keys: &[&str]) -> bool {
        self.of(keys).is_some_and(|items| array.elements().all(|item| items.has(item.text().as_bytes()).is_some()))
    }

    /// Passes an array of which every item is known, and none is there twice. Returns whether one was there.
    pub(super) fn passes(&mut self, cursor: &mut Cursor<'_>, keys: &[&str]) -> bool {
        let Some(items) = self.of(keys) else { return false };
        cursor.attempt(|cursor| {
            let mut goes_on = cursor.enter(b'[')?;
            while goes_on {
                cursor.known(|text| items.first(text))?;
                goes_on = cursor.goes_on(b'[')?;
            }
            Some(())
        })
    }

    /// The items that these keys tell apart, for another array.
    fn of(&mut self, keys: &[&str]) -> Option<&mut Items> {
        let items = self.0.as_mut().filter(|items| items.keys == keys)?;
        items.arrays += 1;
        Some(items)
    }

    /// Takes the items of an array that are all right, as far as there is room.
    #[cold]
    pub(super) fn learn(&mut self, array: Node<'_>, keys: &'static [&'static str]) {
        let items = self.0.get_or_insert_with(|| Box::new(Items { keys, ..Items::default() }));
        if items.keys != keys || keys.is_empty() {
            return;
        }
        let Items { texts, identities, .. } = &mut **items;
        for item in array.elements() {
            let written = item.text().as_bytes();
            // Of texts with the same sample the first is remembered, so that a hostile document makes nobody compare with many.
            if texts.len() < MOST_ITEMS && written.len() <= MOST_BYTES && !texts.contains_key(&sample(written)) {
                let says: Vec<_> = keys.iter().map(|key| text(item, key).map(String::from)).collect();
                let at = identities.iter().position(|identity| identity.texts == says).unwrap_or_else(|| {
                    identities.push(Identity { texts: says, array: 0 });
                    identities.len() - 1
                });
                texts.insert(sample(written), (written.into(), at));
            }
        }
    }
}

impl Items {
    /// The length of the known item that a text begins with, if the array has no other like it.
    #[inline]
    fn first(&mut self, text: &[u8]) -> Option<usize> {
        // Most items are as long as the one before. If this one is not, it has no others in it and ends with the first bracket.
        let same = text.get(..self.length).filter(|item| item.ends_with(b"}"));
        same.and_then(|item| self.has(item)).or_else(|| {
            let length = memchr::memchr(b'}', text)? + 1;
            self.has(&text[..length])
        })
    }

    /// Whether an item of this text is known, and the array has no other like it. Returns its length.
    #[inline]
    fn has(&mut self, text: &[u8]) -> Option<usize> {
        let (known, at) = self.texts.get(&sample(text))?;
        let identity = &mut self.identities[*at];
        let is_new = **known == *text && std::mem::replace(&mut identity.array, self.arrays) != self.arrays;
        self.length = text.len();
        is_new.then_some(self.length)
    }
}

/// Some bytes of a text, mixed: they tell most texts apart, in a fraction of the time that it takes to hash them.
#[inline]
fn sample(text: &[u8]) -> u64 {
    let word = |at: usize| text.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u64::from_le_bytes(*word));
    let (middle, end) = (text.len() / 2, text.len().saturating_sub(8));
    (word(end) ^ word(end.saturating_sub(8)).rotate_left(21) ^ word(middle).rotate_left(42)).wrapping_add(text.len() as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::sample;

    /// Programs, some of which are the same, written otherwise, some of which have the same sample, and some of which are wrong.
    const PROGRAMS: [&str; 12] = [
        r#"{"Description":"A","Token":"1"}"#,
        r#"{"Description":"B","Token":"2"}"#,
        r#"{"Token":"1","Description":"A"}"#,
        r#"{"Description": "A", "Token": "\u0031"}"#,
        r#"{"Description":"A","Token":"2"}"#,
        r#"{"Description":"A"}"#,
        r#"{"Description":"A","Token":"1","Token":"2"}"#,
        r#""A""#,
        r#"{"Description":"A}","Token":"1"}"#,
        r#"{"Description":"1 of many that begin otherwise","Token":"0123456789abcdef"}"#,
        r#"{"Description":"2 of many that begin otherwise","Token":"0123456789abcdef"}"#,
        r#"{"Descriptiom":"2 of many that begin otherwise","Token":"0123456789abcdef"}"#,
    ];

    #[test]
    fn some_programs_have_the_same_sample() {
        let [one, other, wrong] = [9, 10, 11].map(|at| sample(PROGRAMS[at].as_bytes()));
        assert!(one == other && one == wrong);
    }

    /// A declaration that offers some of them, in one line.
    fn line(number: usize, programs: &[usize]) -> String {
        let programs: Vec<_> = programs.iter().map(|at| PROGRAMS[*at]).collect();
        let (kind, programs) = ("com.apple.configuration.softwareupdate.settings", programs.join(","));
        let beta = format!(r#"{{"ProgramEnrollment":"Allowed","OfferPrograms":[{programs}]}}"#);
        format!(r#"{{"Type":"{kind}","Identifier":"com.example.{number}","Payload":{{"Beta":{beta}}}}}"#)
    }

    /// What is found in some lines.
    fn found(lines: &[String]) -> Vec<(String, String, usize)> {
        let findings = crate::check("lines.ndjson", lines.join("\n").as_bytes());
        findings.into_iter().map(|finding| (finding.message, finding.place.pointer, finding.place.start.column)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_known_changes_no_finding(
            lines in prop::collection::vec(prop::collection::vec(0..PROGRAMS.len(), 0..4), 1..8),
        ) {
            let lines: Vec<_> = lines.iter().enumerate().map(|(number, programs)| line(number, programs)).collect();
            let alone: Vec<_> = lines.iter().flat_map(|line| found(std::slice::from_ref(line))).collect();
            prop_assert_eq!(found(&lines), alone);
        }
    }
}
