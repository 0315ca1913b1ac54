//! Suggests what to do with an unknown key.

use std::borrow::Cow;

use super::Validator;
use crate::apple::{ANY, Family, MISTAKEN, Schema, Type, TypeId};
use crate::syntax::{Kind, Path};
use crate::words::{is_slip_of, nearest};

/// What to do with an unknown key.
#[derive(Debug, Clone)]
pub(crate) enum Suggestion<'d> {
    /// It is a misspelling of this key.
    Respell {
        key: &'d str,
        /// Whether it cannot be anything else.
        is_certain: bool,
    },
    /// It is a misspelling of this key, which is also set.
    Remove(&'d str),
    /// It is this key, perhaps misspelled, which belongs elsewhere.
    Move {
        key: &'d str,
        /// The distance, to precede the place: `one level up, ` or nothing.
        way: &'static str,
        /// Where it belongs, to follow "in" or "to".
        home: String,
        /// The path from the root, if it belongs in this declaration.
        steps: Option<Vec<String>>,
        /// Whether no other object of the declaration has such a key.
        is_only: bool,
    },
    /// It wraps these keys, which belong in its place.
    Unwrap(Vec<&'d str>),
    /// Unknown; these keys are allowed here.
    Unknown(Vec<&'d str>),
}

impl Suggestion<'_> {
    /// Whether the key was meant to be this one.
    pub(super) fn is_meant_as(&self, missing: &str) -> bool {
        match self {
            Self::Respell { key, .. } => *key == missing,
            Self::Unwrap(keys) => keys.contains(&missing),
            Self::Remove(_) | Self::Move { .. } | Self::Unknown(_) => false,
        }
    }
}

/// Suggests what to do with an unknown key of the object at `path`; `here` are the allowed keys and whether they are
/// set.
pub(super) fn key<'d>(
    key: &str,
    kind: Kind,
    here: &[(&'d str, bool)],
    label: Option<&str>,
    path: &Path<'_>,
    validator: &Validator<'d>,
) -> Suggestion<'d> {
    let notation = validator.notation;
    let key: &str = &notation.like_apple(key);
    let names = || here.iter().map(|(name, _)| *name);
    let mistaken = MISTAKEN.iter().find(|(wrong, _)| *wrong == key).and_then(|(_, right)| names().find(|name| name == right));
    let near = mistaken.or_else(|| nearest(key, names()));
    let respell = |name: &'d str| {
        let is_set = here.iter().any(|(other, is_set)| *other == name && *is_set);
        let is_certain = is_slip_of(key, name, names());
        if is_set { Suggestion::Remove(name) } else { Suggestion::Respell { key: name, is_certain } }
    };
    if let Some(near) = near.filter(|near| mistaken.is_some() || near.eq_ignore_ascii_case(key)) {
        return respell(near);
    }
    if kind == Kind::Object && label.is_some_and(|label| label.eq_ignore_ascii_case(key)) {
        return Suggestion::Unwrap(names().collect());
    }
    let place: Vec<Cow<'_, str>> = steps(path).into_iter().map(|step| notation.like_apple(step)).collect();
    let place: Vec<&str> = validator.prefix.iter().copied().chain(place.iter().map(AsRef::as_ref)).collect();
    if let Some(elsewhere) = elsewhere(&place, validator, |name| name.eq_ignore_ascii_case(key)) {
        return elsewhere;
    }
    if let Some(near) = near.or_else(|| completion(key, here)) {
        return respell(near);
    }
    elsewhere(&place, validator, |name| name.len() > 5 && nearest(key, [name]).is_some())
        .or_else(|| in_another_type(key, validator))
        .unwrap_or_else(|| Suggestion::Unknown(names().collect()))
}

/// The only key that is not set and begins with this name.
fn completion<'d>(key: &str, here: &[(&'d str, bool)]) -> Option<&'d str> {
    let begins = |name: &str| name.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
    let mut all = here.iter().filter(|(name, is_set)| key.len() >= MIN_PREFIX && !is_set && begins(name));
    let (only, _) = all.next()?;
    all.next().is_none().then_some(*only)
}

/// The minimum length of the beginning of a key, in bytes.
const MIN_PREFIX: usize = 4;

/// The steps of a path from the root, with `*` for an index, as in the schema.
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

/// Looks for a key in the document's type and its frame, and suggests moving it from `place`. The nearest place wins.
fn elsewhere<'d>(place: &[&str], validator: &Validator<'d>, is_meant: impl Fn(&str) -> bool) -> Option<Suggestion<'d>> {
    let schema: &'d Schema = validator.schema;
    let mut found: Option<(usize, Suggestion<'d>)> = None;
    let mut homes = 0;
    for (_, kind) in akin(validator).filter(|(id, kind)| !is_other(*id, kind, validator)) {
        schema.walk(kind.keys, &mut |path, _, key| {
            let Some((name, group)) = path.split_last() else { return };
            if !is_meant(&key.name) || *name == ANY {
                return;
            }
            let home: Vec<&str> = kind.family.top().iter().copied().chain(group.iter().copied()).collect();
            let shared = place.iter().zip(&home).take_while(|(one, other)| one == other).count();
            let (distance, way, name) = match place.len() + home.len() - 2 * shared {
                0 => return,
                1 if shared == home.len() => (1, "one level up, ", near_name(&home, kind)),
                1 => (1, "one level down, ", near_name(&home, kind)),
                distance => (distance, "", far_name(&home, kind)),
            };
            homes += 1;
            if found.as_ref().is_none_or(|(nearest, _)| distance < *nearest) {
                // Only declarations have fixes. A map has no keys to move to.
                let is_fixed = !kind.family.is_legacy() && !home.contains(&ANY);
                let steps = is_fixed.then(|| home.iter().map(|step| (*step).to_owned()).collect());
                found = Some((distance, Suggestion::Move { key: &key.name, way, home: name, steps, is_only: true }));
            }
        });
    }
    let mut suggestion = found.map(|(_, suggestion)| suggestion);
    if let Some(Suggestion::Move { is_only, .. }) = &mut suggestion {
        *is_only = homes == 1;
    }
    suggestion
}

/// Looks for a key in other types. Many types have keys such as `Enabled`, which say nothing about the author's intent.
fn in_another_type<'d>(key: &str, validator: &Validator<'d>) -> Option<Suggestion<'d>> {
    let schema: &'d Schema = validator.schema;
    let mut homes = akin(validator).filter(|(id, kind)| is_other(*id, kind, validator)).filter_map(|(_, kind)| {
        let mut found = None;
        schema.walk(kind.keys, &mut |_, _, other| {
            if other.name.eq_ignore_ascii_case(key) {
                found = Some(&*other.name);
            }
        });
        found.map(|key| Suggestion::Move { key, way: "", home: kind.one(), steps: None, is_only: false })
    });
    let only = homes.next()?;
    homes.next().is_none().then_some(only)
}

/// The types that a key of the document may have been meant for.
fn akin<'d>(validator: &Validator<'d>) -> impl Iterator<Item = (TypeId, &'d Type)> + use<'d> {
    let schema = validator.schema;
    let family = validator.kind.map_or(Family::Envelope, |kind| schema.kind(kind).family);
    schema.types().filter(move |(_, kind)| kind.family.is_akin(family))
}

/// Whether this is neither the type of the document nor its frame.
fn is_other(id: TypeId, kind: &Type, validator: &Validator<'_>) -> bool {
    !kind.family.is_frame() && validator.kind != Some(id)
}

/// The name of a nearby object.
fn near_name(steps: &[&str], kind: &Type) -> String {
    match steps {
        [] if kind.family == Family::Envelope => "the declaration itself, beside Type and Payload".to_owned(),
        [] => kind.one(),
        [.., array, "*"] => format!("the items of {array}"),
        [.., last] => (*last).to_owned(),
    }
}

/// The name of a distant object: its path.
fn far_name(steps: &[&str], kind: &Type) -> String {
    match steps {
        [] | [_] => near_name(steps, kind),
        _ => steps.iter().filter(|step| **step != "*").copied().collect::<Vec<_>>().join("."),
    }
}
