//! Random right documents with random typing mistakes: a safe fix restores the original or leaves the text alone. It never
//! makes another right document.

use std::fmt::Write as _;
use std::sync::Arc;

use fastrand::Rng;

use crate::apple::{KeyId, Rows, Schema, Type, ValueType};
use crate::conditions::Conditions;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix;
use crate::validate::Strictness;

/// The documents that `cargo test` tries. `DDMC_THOROUGH=500` tries a million.
const DOCUMENTS: u64 = 2000;

#[test]
fn a_safe_fix_restores_what_was_meant_or_leaves_the_text_alone() {
    let times: u64 = std::env::var("DDMC_THOROUGH").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let (mut restored, mut alone) = (0, 0);
    for seed in 0..DOCUMENTS * times {
        let mut rng = Rng::with_seed(seed);
        let (original, tokens) = document(&mut rng);
        if has_errors(&original) {
            continue;
        }
        let mistakes = rng.usize(1..=3);
        let wrong = mistyped(&original, &tokens, mistakes, &mut rng);
        // A mistake can also make another right document.
        if wrong == original || !has_errors(&wrong) {
            continue;
        }
        let fixed = fix::apply(wrong.as_bytes(), lint, |_| {}, false)
            .map_or_else(|| wrong.clone(), |fixed| String::from_utf8(fixed.text).expect("fixes keep a text UTF-8"));
        assert!(fixed == original || has_errors(&fixed), "seed {seed}: another right document:\n{original}\n{wrong}\n{fixed}");
        if mistakes == 1 {
            assert!(fixed == original || fixed == wrong, "seed {seed}: half a fix:\n{original}\n{wrong}\n{fixed}");
        }
        restored += usize::from(fixed == original);
        alone += usize::from(fixed == wrong);
    }
    let tried = DOCUMENTS * times;
    assert!(restored as u64 > tried / 20 && alone as u64 > tried / 20, "{restored} restored, {alone} left alone of {tried}");
}

fn lint(text: &[u8]) -> Vec<Diagnostic> {
    let file: Arc<str> = Arc::from("typed.json");
    super::alone(&file, Strictness::Named, text, &Conditions::default())
}

fn has_errors(text: &str) -> bool {
    lint(text.as_bytes()).iter().any(|finding| finding.severity == Severity::Error)
}

/// A right or nearly right declaration of a random type, and the places of its keys and scalars.
fn document(rng: &mut Rng) -> (String, Vec<(usize, usize)>) {
    let schema = Schema::built_in();
    let types: Vec<&Type> = schema.declarations().map(|(_, kind)| kind).collect();
    // Half of them concern software updates.
    let updates = types.iter().find(|kind| kind.name == crate::apple::SETTINGS);
    let kind = if rng.bool() { updates.copied().unwrap_or(types[0]) } else { types[rng.usize(..types.len())] };
    let mut writer = Writer { schema, rng, text: String::new(), tokens: Vec::new() };
    writer.text.push_str("{ ");
    writer.token("\"Type\"");
    writer.text.push_str(": ");
    writer.token(&format!("\"{}\"", kind.name));
    writer.text.push_str(", ");
    // A mistake in free text makes another text.
    writer.text.push_str("\"Identifier\": \"com.example.typed\", ");
    writer.token("\"Payload\"");
    writer.text.push_str(": ");
    writer.object(kind.keys, 0);
    writer.text.push_str(" }\n");
    (writer.text, writer.tokens)
}

struct Writer<'w> {
    schema: &'w Schema,
    rng: &'w mut Rng,
    text: String,
    tokens: Vec<(usize, usize)>,
}

impl Writer<'_> {
    fn token(&mut self, token: &str) {
        self.tokens.push((self.text.len(), self.text.len() + token.len()));
        self.text.push_str(token);
    }

    fn object(&mut self, rows: Rows, depth: usize) {
        let schema = self.schema;
        let share = if depth == 0 { 0.6 } else { 0.5 };
        let keys: Vec<(KeyId, &str)> = schema
            .keys(rows)
            .filter(|(_, key)| &*key.name != "ANY" && (key.is_required || depth < 4 && self.rng.f64() < share))
            .map(|(id, key)| (id, &*key.name))
            .collect();
        self.text.push_str("{ ");
        for (at, (id, name)) in keys.into_iter().enumerate() {
            if at > 0 {
                self.text.push_str(", ");
            }
            self.token(&format!("\"{name}\""));
            self.text.push_str(": ");
            self.value(id, depth);
        }
        self.text.push_str(" }");
    }

    fn value(&mut self, id: KeyId, depth: usize) {
        let schema = self.schema;
        match schema.key(id).value {
            ValueType::Object(rows) => self.object(rows, depth + 1),
            ValueType::Array { item, min, .. } => {
                self.text.push_str("[ ");
                for at in 0..min.max(1) {
                    if at > 0 {
                        self.text.push_str(", ");
                    }
                    self.value(item, depth + 1);
                }
                self.text.push_str(" ]");
            }
            ValueType::Map(_) => self.text.push_str("{}"),
            ValueType::Boolean => {
                let value = self.rng.bool().to_string();
                self.token(&value);
            }
            ValueType::Enum(words) => {
                let words = schema.words(words);
                let word = format!("\"{}\"", words[self.rng.usize(..words.len())]);
                self.token(&word);
            }
            ValueType::Integer { .. } | ValueType::Integers(_) => self.token(&schema.example(id)),
            _ => self.text.push_str(&schema.example(id)),
        }
    }
}

/// The text with typing mistakes in different tokens.
fn mistyped(text: &str, tokens: &[(usize, usize)], mistakes: usize, rng: &mut Rng) -> String {
    let mut chosen: Vec<(usize, usize)> = (0..mistakes).map(|_| tokens[rng.usize(..tokens.len())]).collect();
    chosen.sort_unstable();
    chosen.dedup();
    let (mut wrong, mut from) = (String::new(), 0);
    for (start, end) in chosen {
        wrong.push_str(&text[from..start]);
        // Writing to a string cannot fail.
        let _ = write!(wrong, "{}", mistake(&text[start..end], rng));
        from = end;
    }
    wrong.push_str(&text[from..]);
    wrong
}

/// A token with a typing mistake.
fn mistake(token: &str, rng: &mut Rng) -> String {
    let Some(inner) = token.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) else {
        return if rng.bool() { format!("\"{token}\"") } else { format!("{token},") };
    };
    let mut letters: Vec<char> = inner.chars().collect();
    if letters.len() < 2 {
        return token.to_owned();
    }
    let at = rng.usize(..letters.len() - 1);
    match rng.u8(..9) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        3 => letters[at] = rng.lowercase(),
        4 => letters[at] = flipped(letters[at]),
        5 => letters.iter_mut().for_each(|letter| *letter = letter.to_ascii_lowercase()),
        6 => letters.push('s'),
        7 => drop(letters.pop()),
        _ => letters.insert(at, rng.alphanumeric()),
    }
    format!("\"{}\"", letters.into_iter().collect::<String>())
}

fn flipped(letter: char) -> char {
    if letter.is_ascii_uppercase() { letter.to_ascii_lowercase() } else { letter.to_ascii_uppercase() }
}
