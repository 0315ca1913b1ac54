//! What several tests share: Apple's schema and random documents, read and generated without code of the program.

#![allow(dead_code, reason = "each test uses only a part")]

mod apple;
mod documents;
pub(crate) mod hostile;
mod json;
mod shared;
pub(crate) mod web;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

pub(crate) use apple::{Facts, Head, Key, Page, Platforms, Range, Schema, wildcard};
pub(crate) use documents::{document, smallest};
pub(crate) use json::{Json, Members};
pub(crate) use shared::shared;

/// A configuration with a fixed seed, so that failures are reproducible.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(27), ..ProptestConfig::default() }
}

/// How often a test repeats its random part: once, or as often as `DDMC_THOROUGH` says.
pub(crate) fn thorough() -> u64 {
    std::env::var("DDMC_THOROUGH").map_or(1, |times| times.parse().expect("DDMC_THOROUGH is a number"))
}

// ---- String formats ----

/// Characters of the string formats and of common mistakes. None starts a placeholder.
pub(crate) const NEAR: &str = "0123569.-:TtZAEav+/() \u{663}Éé";

/// A text with up to two random edits.
pub(crate) fn edited(texts: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let edit = (0..3_u8, any::<prop::sample::Index>(), select(NEAR.chars().collect::<Vec<_>>()));
    let edits = prop_oneof![3 => Just(0_usize), 2 => Just(1), 1 => Just(2)]
        .prop_flat_map(move |count| prop::collection::vec(edit.clone(), count));
    (texts, edits).prop_map(|(text, edits)| {
        let mut letters: Vec<char> = text.chars().collect();
        for (how, at, letter) in edits {
            match (how, at.index(letters.len() + 1)) {
                (1, at) if at < letters.len() => letters[at] = letter,
                (2, at) if at < letters.len() => drop(letters.remove(at)),
                (_, at) => letters.insert(at, letter),
            }
        }
        letters.into_iter().collect()
    })
}

pub(crate) fn os_versions() -> impl Strategy<Value = String> {
    let part = select(vec!["0", "1", "26", "15", "7", "10", "100"]);
    edited(prop::collection::vec(part, 1..5).prop_map(|parts| parts.join(".")))
}

pub(crate) fn build_versions() -> impl Strategy<Value = String> {
    edited(select(vec!["21E219", "25D771280a", "24A5418b", "23G6083", "9A1", "26.1", ""]).prop_map(str::to_owned))
}

pub(crate) fn local_date_times() -> impl Strategy<Value = String> {
    let year = select(vec![1900, 2000, 2024, 2025, 2026, 2028, 2100]);
    // February is the error-prone month.
    let month = prop_oneof![4 => 0..14_u32, 1 => Just(2)];
    let day = prop_oneof![2 => 1..29_u32, 1 => 28..33_u32, 1 => Just(0)];
    let time = (0..26_u32, 0..62_u32, 0..62_u32);
    let texts = (year, month, day, time).prop_map(|(year, month, day, (hour, minute, second))| {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    });
    edited(texts)
}

/// Texts of about 64 bytes, with characters of one to four bytes.
pub(crate) fn identifiers() -> impl Strategy<Value = String> {
    let letters = || select(vec!["a", "ü", "€", "\u{1F600}"]);
    prop_oneof![
        (letters(), 0..66_usize, 0..4_usize).prop_map(|(letter, count, more)| letter.repeat(count) + &"x".repeat(more)),
        (letters(), 60..70_usize)
            .prop_map(|(letter, length)| letter.repeat(length / letter.len()) + &"x".repeat(length % letter.len())),
    ]
}

/// URLs of web pages, and common mistakes.
pub(crate) fn urls() -> impl Strategy<Value = String> {
    let texts = [
        "https://www.example.com/updates",
        "http://a",
        "HTTPS://A/b",
        "https:",
        "https://",
        "https:///x",
        "https://:80/",
        "https:example.com",
        "https:8080",
        "httpss://x",
        "http+x://y",
        "mailto:it@example.com",
        "localhost:8080/x",
        "tel:",
        "x:/",
        "1x:y",
        "example.com",
        "",
    ];
    edited(select(texts.map(str::to_owned).to_vec()))
}
