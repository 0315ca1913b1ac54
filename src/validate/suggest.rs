//! Suggests what to do with an unknown key.

use std::borrow::Cow;

use super::Validator;
use crate::apple::{ANY, Becomes, Family, KeyId, Misnomer, Schema, Type, TypeId, ValueType, misnomer, successor};
use crate::syntax::{Integer, Kind, Node, Path};
use crate::words::{is_slip_of, nearest};

/// What to do with an unknown key.
#[derive(Debug, Clone)]
pub(crate) enum Suggestion<'d> {
    /// It is a misspelling of this key.
    Respell {
        id: KeyId,
        key: &'d str,
        /// Whether it cannot be anything else.
        is_certain: bool,
    },
    /// It is a misspelling of this key, which is also set.
    Remove(&'d str),
    /// It is this key, perhaps misspelled, which belongs elsewhere.
    Move {
        id: KeyId,
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
    /// It is a key of profiles, which becomes this in a declaration.
    Succeeded { becomes: &'static Becomes, boolean: Option<bool>, number: Option<i64> },
    /// It is in an object of the same name, which belongs there.
    Inner,
    /// Declarations have nothing of the kind, as this says.
    Nothing(&'static str),
    /// Unknown; these keys are allowed here.
    Unknown(Vec<&'d str>),
}

/// Suggests what to do with an unknown key of the object at `path`; `here` are the allowed keys and whether they are
/// set.
pub(super) fn key<'d>(
    key: &str,
    value: Node<'d>,
    here: &[(KeyId, &'d str, bool)],
    label: Option<&str>,
    path: &Path<'_>,
    validator: &Validator<'d>,
) -> Suggestion<'d> {
    let notation = validator.notation;
    let key: &str = &notation.like_apple(key);
    let names = || here.iter().map(|(_, name, _)| *name);
    let near = nearest(key, names());
    let respell = |name: &'d str| {
        let is_certain = is_slip_of(key, name, names());
        match here.iter().find(|(_, other, _)| *other == name) {
            Some((id, _, false)) => Suggestion::Respell { id: *id, key: name, is_certain },
            _ => Suggestion::Remove(name),
        }
    };
    if let Some(near) = near.filter(|near| near.eq_ignore_ascii_case(key)) {
        return respell(near);
    }
    if value.kind() == Kind::Object && label.is_some_and(|label| label.eq_ignore_ascii_case(key)) {
        return Suggestion::Unwrap(names().collect());
    }
    let place: Vec<Cow<'_, str>> = steps(path).into_iter().map(|step| notation.like_apple(step)).collect();
    let place: Vec<&str> = validator.prefix.iter().copied().chain(place.iter().map(AsRef::as_ref)).collect();
    if place.last().is_some_and(|last| last.eq_ignore_ascii_case(key)) {
        return Suggestion::Inner;
    }
    if let Some(elsewhere) = elsewhere(&place, validator, |name| name.eq_ignore_ascii_case(key)) {
        return elsewhere;
    }
    match known_mistake(key, validator) {
        Some(Misnomer::Key(name)) => {
            if let Some(name) = names().find(|other| *other == name) {
                return respell(name);
            }
        }
        Some(Misnomer::Nothing(why)) => return Suggestion::Nothing(why),
        None => {}
    }
    if let Some((_, becomes)) = successor(key).filter(|_| is_declaration(validator)) {
        let number = match value.as_integer() {
            Some(Integer::Exact(number)) => Some(number),
            _ => None,
        };
        return Suggestion::Succeeded { becomes, boolean: value.as_bool(), number };
    }
    if let Some(near) = near.or_else(|| completion(key, here)) {
        return respell(near);
    }
    elsewhere(&place, validator, |name| name.len() > 5 && nearest(key, [name]).is_some())
        .or_else(|| in_another_type(key, value.kind(), validator))
        .unwrap_or_else(|| Suggestion::Unknown(names().collect()))
}

/// What is meant by a name that Apple never defined, in a payload of this type.
fn known_mistake(key: &str, validator: &Validator<'_>) -> Option<Misnomer> {
    validator.kind.and_then(|kind| misnomer(&validator.schema.kind(kind).name, key))
}

fn is_declaration(validator: &Validator<'_>) -> bool {
    validator.kind.is_some_and(|kind| validator.schema.kind(kind).family.is_declaration())
}

/// The only key that is not set and begins with this name.
fn completion<'d>(key: &str, here: &[(KeyId, &'d str, bool)]) -> Option<&'d str> {
    let begins = |name: &str| name.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
    let mut all = here.iter().filter(|(_, name, is_set)| key.len() >= MIN_PREFIX && !is_set && begins(name));
    let (_, only, _) = all.next()?;
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
        schema.walk(kind.keys, &mut |path, id, key| {
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
                found = Some((distance, Suggestion::Move { id, key: &key.name, way, home: name, steps, is_only: true }));
            }
        });
    }
    let mut suggestion = found.map(|(_, suggestion)| suggestion);
    if let Some(Suggestion::Move { is_only, .. }) = &mut suggestion {
        *is_only = homes == 1;
    }
    suggestion
}

/// Looks for a key in other types, where its value would be right. Many types have keys such as `Enabled`, which say
/// nothing about the author's intent.
fn in_another_type<'d>(key: &str, found: Kind, validator: &Validator<'d>) -> Option<Suggestion<'d>> {
    let schema: &'d Schema = validator.schema;
    let mut homes = akin(validator).filter(|(id, kind)| is_other(*id, kind, validator)).filter_map(|(_, kind)| {
        let mut home = None;
        schema.walk(kind.keys, &mut |_, id, other| {
            if other.name.eq_ignore_ascii_case(key) {
                home = Some((id, other));
            }
        });
        let (id, key) = home.filter(|(_, key)| fits(key.value, found))?;
        Some(Suggestion::Move { id, key: &key.name, way: "", home: kind.one(), steps: None, is_only: false })
    });
    let only = homes.next()?;
    homes.next().is_none().then_some(only)
}

/// Whether a value of this kind can be right for a key.
fn fits(value: ValueType, found: Kind) -> bool {
    match value {
        ValueType::Boolean => found == Kind::Boolean,
        ValueType::Integer { .. } | ValueType::Integers(_) | ValueType::Real => found == Kind::Number,
        ValueType::String | ValueType::Enum(_) => found == Kind::String,
        ValueType::Date => matches!(found, Kind::String | Kind::Date),
        ValueType::Data => matches!(found, Kind::String | Kind::Data),
        ValueType::Array { .. } => found == Kind::Array,
        ValueType::Object(_) | ValueType::Map(_) => found == Kind::Object,
        ValueType::Any => true,
    }
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
