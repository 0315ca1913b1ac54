//! Apple's endpoint of declarations as static files: `tokens`, `declaration-items` and `declaration/KIND/IDENTIFIER`.
//!
//! A device reads `tokens`, then, if the `DeclarationsToken` is another one, `declaration-items`, then each declaration
//! whose `ServerToken` is another one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, Duration};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::names::{flaw, folded};
use super::{Context, NamedFile};
use crate::apple::{Family, LocalDateTime};
use crate::merge::Published;
use crate::set::publish::Text;
use crate::words::visible;

/// The name of the file with the token of the set.
const TOKENS: &str = "tokens";

/// The name of the file that lists the declarations.
const ITEMS: &str = "declaration-items";

/// The folder of the declarations.
pub(crate) const DECLARATION: &str = "declaration/";

/// Each kind of declaration: its folder, and its key in the list.
const KINDS: [(Family, &str, &str); 4] = [
    (Family::Activation, "activation", "Activations"),
    (Family::Asset, "asset", "Assets"),
    (Family::Configuration, "configuration", "Configurations"),
    (Family::Management, "management", "Management"),
];

/// The files of a set: declarations, then the list, then the token, so that a device that reads while they are written
/// misses nothing.
pub(super) fn files<'m>(declarations: &[&'m Published], context: &Context<'_>) -> Result<Vec<NamedFile<'m>>, Vec<String>> {
    let (mut files, mut reasons) = (Vec::with_capacity(declarations.len() + 2), Vec::new());
    let mut items = KINDS.map(|_| Vec::new());
    let mut known: BTreeMap<(usize, String), &str> = BTreeMap::new();
    for declaration in declarations {
        let (identifier, token) = (declaration.identifier.as_str(), declaration.server_token.as_deref().unwrap_or_default());
        let kind = KINDS.iter().position(|(family, ..)| Family::of(&declaration.kind) == Some(*family));
        let Some(kind) = kind else {
            reasons.push(format!("{}: devices know no such type", visible(&declaration.kind)));
            continue;
        };
        if let Some(flaw) = flaw(identifier) {
            reasons.push(format!("{} {flaw}, but is also the path of a file; give it another identifier", visible(identifier)));
            continue;
        }
        if let Some(other) = known.insert((kind, folded(identifier)), identifier).filter(|other| *other != identifier) {
            let (one, other) = (visible(other), visible(identifier));
            reasons.push(format!("{one} and {other} differ in case alone, which many file systems ignore; rename one of them"));
        }
        items[kind].push((identifier, token));
        files.push(NamedFile {
            name: format!("{DECLARATION}{}/{identifier}", KINDS[kind].1),
            text: declaration.text.as_str().into(),
        });
    }
    for ((kind, name), identifier) in known.iter().filter(|((_, name), _)| name.contains('/')) {
        let folders = name.match_indices('/').map(|(end, _)| name[..end].to_owned());
        if let Some(other) = folders.into_iter().find_map(|folder| known.get(&(*kind, folder))) {
            let (one, other) = (visible(identifier), visible(other));
            reasons.push(format!("{one} would be a file in a folder called {other}, which is a declaration; rename one of them"));
        }
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let token = declarations_token(&items);
    let listed = |of_kind: &Vec<(&str, &str)>| {
        let item = |(identifier, token): &(&str, &str)| {
            Text::object([("Identifier", Text::string(identifier)), ("ServerToken", Text::string(token))])
        };
        Text::Array(of_kind.iter().map(item).collect())
    };
    let lists = Text::object(KINDS.iter().zip(&items).map(|((_, _, key), of_kind)| (*key, listed(of_kind))));
    let manifest = Text::object([("Declarations", lists), ("DeclarationsToken", Text::string(&token))]);
    let timestamp = timestamp(&token, (context.earlier)(TOKENS).as_deref(), context.now);
    let tokens = [("DeclarationsToken", Text::string(&token)), ("Timestamp", Text::string(&timestamp))];
    for (name, text) in [(ITEMS, manifest), (TOKENS, Text::object([("SyncTokens", Text::object(tokens))]))] {
        files.push(NamedFile { name: name.to_owned(), text: text.write().into() });
    }
    Ok(files)
}

/// Whether a set of this layout may have a file of this name.
pub(super) fn may_write(name: &str) -> bool {
    let identifier = || {
        let (kind, identifier) = name.strip_prefix(DECLARATION)?.split_once('/')?;
        KINDS.iter().any(|(_, folder, _)| *folder == kind).then_some(identifier)
    };
    [TOKENS, ITEMS].contains(&name) || identifier().is_some_and(|identifier| flaw(identifier).is_none())
}

/// The token of a set: the SHA-256 digest of the sorted kinds, identifiers and server tokens, in hexadecimal. None of them
/// has a control character.
fn declarations_token(items: &[Vec<(&str, &str)>]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for ((_, kind, _), of_kind) in KINDS.iter().zip(items) {
        lines.extend(of_kind.iter().map(|(identifier, token)| format!("{kind}\0{identifier}\0{token}\n")));
    }
    lines.sort_unstable();
    let mut digest = Sha256::new();
    for line in &lines {
        digest.update(line);
    }
    digest.finalize().iter().fold(String::with_capacity(64), |mut token, byte| {
        // Writing to a string cannot fail.
        let _ = write!(token, "{byte:02x}");
        token
    })
}

/// The time of the set: that of the earlier file if the token is the same, else the present one. It never stays the same
/// if the token does not.
fn timestamp(token: &str, earlier: Option<&str>, now: LocalDateTime) -> String {
    let earlier: Option<Value> = earlier.and_then(|text| serde_json::from_str(text).ok());
    let of_earlier = |key: &str| earlier.as_ref()?.get("SyncTokens")?.get(key)?.as_str();
    let time = of_earlier("Timestamp").and_then(|time| time.strip_suffix('Z')?.parse::<LocalDateTime>().ok());
    let time = match time {
        Some(time) if of_earlier("DeclarationsToken") == Some(token) => time,
        Some(time) if time == now => {
            let second = Duration::seconds(1);
            let later = now.naive().checked_add_signed(second).filter(|later| later.year() <= 9999);
            later.or_else(|| now.naive().checked_sub_signed(second)).map_or(now, LocalDateTime::from)
        }
        _ => now,
    };
    format!("{time}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_changes_exactly_if_the_token_does() {
        let now: LocalDateTime = "2026-01-31T18:00:00".parse().expect("a time");
        let tokens =
            |token: &str, time: &str| format!(r#"{{"SyncTokens": {{"DeclarationsToken": "{token}", "Timestamp": "{time}"}}}}"#);
        for (earlier, expected) in [
            (None, "2026-01-31T18:00:00Z"),
            (Some(tokens("a", "2025-01-01T00:00:00Z")), "2025-01-01T00:00:00Z"),
            (Some(tokens("b", "2025-01-01T00:00:00Z")), "2026-01-31T18:00:00Z"),
            (Some(tokens("b", "2026-01-31T18:00:00Z")), "2026-01-31T18:00:01Z"),
            (Some(tokens("b", "9999-12-31T23:59:59Z")), "2026-01-31T18:00:00Z"),
            // What is not a time as Apple writes it is replaced.
            (Some(tokens("a", "2025-01-01T00:00:00")), "2026-01-31T18:00:00Z"),
            (Some(tokens("a", "2025-01-01T00:00:00.5Z")), "2026-01-31T18:00:00Z"),
            (Some(tokens("a", "2025-02-30T00:00:00Z")), "2026-01-31T18:00:00Z"),
            (Some(tokens("a", "\\u001b]0;Z")), "2026-01-31T18:00:00Z"),
            (Some("[1".to_owned()), "2026-01-31T18:00:00Z"),
            (Some("{\"SyncTokens\": []}".to_owned()), "2026-01-31T18:00:00Z"),
        ] {
            assert_eq!(timestamp("a", earlier.as_deref(), now), expected, "{earlier:?}");
        }
        let last: LocalDateTime = "9999-12-31T23:59:59".parse().expect("a time");
        assert_eq!(timestamp("a", Some(&tokens("b", "9999-12-31T23:59:59Z")), last), "9999-12-31T23:59:58Z");
    }

    #[test]
    fn the_token_does_not_depend_on_the_order_of_declarations() {
        let [one, two] = [("a", "1"), ("b", "2")];
        let token = |configurations: &[(&'static str, &'static str)], assets: &[(&'static str, &'static str)]| {
            declarations_token(&[vec![], assets.to_vec(), configurations.to_vec(), vec![]])
        };
        assert_eq!(token(&[one, two], &[]), token(&[two, one], &[]));
        for other in [token(&[one], &[two]), token(&[one], &[]), token(&[], &[]), token(&[one, ("b", "3")], &[])] {
            assert_ne!(token(&[one, two], &[]), other);
        }
    }

    #[test]
    fn a_record_cannot_name_other_files() {
        for ours in ["tokens", "declaration-items", "declaration/asset/a", "declaration/configuration/a/b c"] {
            assert!(may_write(ours), "{ours}");
        }
        for other in
            ["declaration/x", "declaration/other/a", "declaration/asset/../a", "declaration/asset/", "x/tokens", "/tokens"]
        {
            assert!(!may_write(other), "{other}");
        }
    }
}
