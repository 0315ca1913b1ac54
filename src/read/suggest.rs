//! Finds the key that was meant.

use std::borrow::Cow;

use super::Problems;
use crate::document::{Kind, Path};
use crate::keys::{Owner, tables};
use crate::words::nearest;

/// What to do with a key that does not belong where it stands.
#[derive(Debug, Clone)]
pub(crate) enum Suggestion {
    /// It is this key, misspelled.
    Respell(&'static str),
    /// It is this key, misspelled, and the right one stands beside it.
    Remove(&'static str),
    /// It is a key, perhaps misspelled, of another place.
    Move {
        key: &'static str,
        /// How far that is from here, to stand before the place: `one level up, `, or nothing.
        way: &'static str,
        /// Where it belongs, to follow "in" or "to".
        home: String,
        /// The way there from the top of the declaration, if it is this one.
        steps: Option<Vec<&'static str>>,
    },
    /// It wraps these keys, which belong in the place of the wrapper.
    Unwrap(Vec<&'static str>),
    /// Nobody knows; these keys may stand here.
    Unknown(Vec<&'static str>),
}

impl Suggestion {
    /// Whether the key was meant to be this one.
    pub(super) fn is_meant_as(&self, missing: &str) -> bool {
        match self {
            Self::Respell(key) => *key == missing,
            Self::Unwrap(keys) => keys.contains(&missing),
            Self::Remove(_) | Self::Move { .. } | Self::Unknown(_) => false,
        }
    }
}

/// Judges the unknown `key` of the object at `path` in the document that `problems` are gathered of; `here` are the keys that may stand
/// in it, and whether they do.
pub(super) fn key(key: &str, kind: Kind, here: &[(&'static str, bool)], path: &Path<'_>, problems: &Problems) -> Suggestion {
    let of = problems.of.as_ref();
    let key: &str = &problems.dialect.like_apple(key);
    let names = || here.iter().map(|(name, _)| *name);
    let near = nearest(key, names());
    let respell = |name: &'static str| {
        if here.iter().any(|(other, is_set)| *other == name && *is_set) {
            Suggestion::Remove(name)
        } else {
            Suggestion::Respell(name)
        }
    };
    if let Some(near) = near
        && near.eq_ignore_ascii_case(key)
    {
        return respell(near);
    }
    // `Program` names the items of the array in Apple's schema and stands in no document.
    if kind == Kind::Object && key.eq_ignore_ascii_case("Program") && matches!(path, Path::Index(..)) {
        return Suggestion::Unwrap(names().collect());
    }
    let place: Vec<Cow<'_, str>> = steps(path).into_iter().map(|step| problems.dialect.like_apple(step)).collect();
    let place: Vec<&str> = problems.lead.iter().copied().chain(place.iter().map(AsRef::as_ref)).collect();
    if let Some(elsewhere) = elsewhere(&place, of, |name| name.eq_ignore_ascii_case(key)) {
        return elsewhere;
    }
    if let Some(near) = near {
        return respell(near);
    }
    elsewhere(&place, of, |name| name.len() > 5 && nearest(key, [name]).is_some())
        .unwrap_or_else(|| Suggestion::Unknown(names().collect()))
}

/// The steps from the top of a declaration, in the words of the tables.
fn steps<'p>(path: &Path<'p>) -> Vec<&'p str> {
    let mut steps = Vec::new();
    let mut at = *path;
    loop {
        match at {
            Path::Root => break,
            Path::Key(parent, key) => {
                steps.push(key);
                at = *parent;
            }
            Path::Index(parent, _) => {
                steps.push("*");
                at = *parent;
            }
        }
    }
    steps.reverse();
    steps
}

/// Looks for a key in every table, and says where it belongs, seen from `place`. Of several places the nearest is taken, and one in
/// the same declaration before one in another.
fn elsewhere(place: &[&str], of: Option<&Owner>, is_meant: impl Fn(&str) -> bool) -> Option<Suggestion> {
    let mut found: Option<(usize, Suggestion)> = None;
    let general = Owner::Declarations;
    for table in tables().filter(|table| table.owner.is_akin(of.unwrap_or(&general))) {
        let other = (!table.owner.is_frame() && of.is_some_and(|of| *of != table.owner)).then_some(&table.owner);
        for key in (table.keys)().into_iter().filter(|key| is_meant(key.name())) {
            let steps: Vec<&'static str> = table.top.iter().chain(key.group()).copied().collect();
            let home = &steps;
            let shared = place.iter().zip(home).take_while(|(one, other)| one == other).count();
            let (distance, way, home) = match (other, place.len() + home.len() - 2 * shared) {
                (Some(owner), _) => (usize::MAX, "", owner.one()),
                (None, 0) => continue,
                (None, 1) if shared == home.len() => (1, "one level up, ", name(home, &table.owner)),
                (None, 1) => (1, "one level down, ", name(home, &table.owner)),
                (None, distance) => (distance, "", full_name(home, &table.owner)),
            };
            if found.as_ref().is_none_or(|(nearest, _)| distance < *nearest) {
                // Only declarations are mended.
                let steps = (other.is_none() && !matches!(table.owner, Owner::Legacy(_))).then(|| steps.clone());
                found = Some((distance, Suggestion::Move { key: key.name(), way, home, steps }));
            }
        }
    }
    found.map(|(_, suggestion)| suggestion)
}

/// The name of an object that is near.
fn name(steps: &[&str], owner: &Owner) -> String {
    match steps {
        [] if *owner == Owner::Declarations => "the declaration itself, beside Type and Payload".to_owned(),
        [] => owner.one(),
        [.., array, "*"] => format!("the items of {array}"),
        [.., last] => (*last).to_owned(),
    }
}

/// The name of an object that is further away.
fn full_name(steps: &[&str], owner: &Owner) -> String {
    match steps {
        [] | [_] => name(steps, owner),
        _ => steps.iter().filter(|step| **step != "*").copied().collect::<Vec<_>>().join("."),
    }
}
