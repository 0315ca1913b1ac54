//! Declarations as they are written, key by key: for types that devices do not combine, and for keys that Apple's schema
//! does not have.

use super::Side;
use crate::apple::{Combine, KeyId, Schema, TypeId, Value, ValueType};
use crate::secrets::Secrets;
use crate::syntax::{self, Grammar, Kind, Node};
use crate::words::MASK;

/// A document, and the same without secrets. Both have the same members in the same order, down to what is hidden.
pub(super) struct Raw {
    plain: Value,
    shown: Value,
}

/// A value that is compared, and what is shown of it; `None` if all of it is hidden.
type Seen<'v> = (&'v Value, Option<&'v Value>);

/// A difference between two documents.
#[derive(Debug)]
pub(super) struct Difference {
    /// The path from the payload, as it may be shown. A step into an array is an index in the newer array that has it.
    pub(super) path: Vec<String>,
    /// The path as it is written.
    pub(super) source: Vec<String>,
    /// The key, if the schema has it.
    pub(super) key: Option<KeyId>,
    /// Whether it is in the payload, rather than beside it.
    pub(super) is_in_payload: bool,
    /// The values without secrets; `None` if there is none.
    pub(super) values: [Option<serde_json::Value>; 2],
    /// The texts of strings that are not hidden.
    pub(super) texts: [Option<String>; 2],
}

/// The most keys and values of a document that are compared one by one. They take a hundred bytes each.
const MOST_VALUES: usize = 100_000;

/// The most differences in an array or object that are told apart. More are one difference.
const MOST: usize = 20;

impl Raw {
    /// Reads declarations of a set again, which must be in the order of reading, and passes each to `take`.
    pub(super) fn read(side: &Side<'_>, whos: &[usize], mut take: impl FnMut(usize, Self)) {
        let members = &side.set.members;
        let schema = &side.set.schema;
        for of_file in whos.chunk_by(|one, other| members[*one].file == members[*other].file) {
            let file = &members[of_file[0]].file;
            let Some(text) = (side.text)(file) else { continue };
            for who in of_file {
                let Some(source) = text.get(members[*who].span.clone()) else { continue };
                let mut buffers = syntax::Buffers::default();
                let parsed = syntax::parse_as(Grammar::of_file(file), source, &mut buffers);
                let is_broken = parsed.mistakes().next().is_some();
                let Some(document) = parsed.document.as_ref() else { continue };
                let root = document.root();
                if root.len() > MOST_VALUES {
                    let plain = Value::string(String::from_utf8_lossy(source).into_owned());
                    take(*who, Self { plain, shown: Value::string("too many values to compare") });
                    continue;
                }
                let secrets = Secrets::of(root, is_broken.then_some(source));
                let plain = Value::of(root, schema, ValueType::Any);
                take(*who, Self { plain, shown: without_secrets(root, schema, &secrets) });
            }
        }
    }

    /// The payload; the document itself if it has no envelope.
    pub(super) fn payload(&self) -> Seen<'_> {
        let at = position(&self.plain, "Payload").or_else(|| position(&self.plain, "payload"));
        at.map_or((&self.plain, Some(&self.shown)), |at| {
            // A broken document may be hidden as a whole.
            (&members(&self.plain)[at].1, members(&self.shown).get(at).map(|(_, shown)| shown))
        })
    }

    /// The members beside the payload that devices get.
    fn envelope(&self) -> (Value, Value) {
        let is_kept =
            |name: &str| !["Type", "Identifier", "ServerToken", "Payload"].iter().any(|own| own.eq_ignore_ascii_case(name));
        let kept = |value: &Value| members(value).iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Vec<_>>();
        let (mut plain, mut shown) = (kept(&self.plain), kept(&self.shown));
        let has_envelope = position(&self.plain, "Payload").or_else(|| position(&self.plain, "payload")).is_some();
        let flags: Vec<bool> = plain.iter().map(|(name, _)| has_envelope && is_kept(name)).collect();
        for all in [&mut plain, &mut shown] {
            let mut flags = flags.iter();
            all.retain(|_| flags.next() == Some(&true));
        }
        (Value::Object(plain), Value::Object(shown))
    }

    /// The differences between two declarations of a type, without those of the type, the identifier and the server token.
    pub(super) fn differences(old: &Self, new: &Self, schema: &Schema, kind: Option<TypeId>) -> Vec<Difference> {
        let mut walk = Walk { schema, is_in_payload: true, path: Vec::new(), source: Vec::new(), found: Vec::new() };
        let payload = kind.map_or(ValueType::Any, |kind| schema.payload(schema.kind(kind)));
        walk.values(None, payload, Some(old.payload()), Some(new.payload()));
        walk.is_in_payload = false;
        let [(old, old_shown), (new, new_shown)] = [old, new].map(Self::envelope);
        walk.values(None, ValueType::Any, Some((&old, Some(&old_shown))), Some((&new, Some(&new_shown))));
        walk.found
    }
}

/// A value as [`Value::of`] makes it, with secrets hidden.
fn without_secrets(node: Node<'_>, schema: &Schema, secrets: &Secrets) -> Value {
    if secrets.hides(node) {
        return Value::string(MASK);
    }
    match node.kind() {
        Kind::Array => Value::Array(node.elements().map(|element| without_secrets(element, schema, secrets)).collect()),
        Kind::Object => {
            let mut members: Vec<(String, Node<'_>)> =
                node.members().map(|(key, value)| (key.as_str().unwrap_or_default().into_owned(), value)).collect();
            members.reverse();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            members.dedup_by(|(later, _), (kept, _)| later == kept);
            let shown = |(key, value): (String, Node<'_>)| {
                let key = if secrets.hides_key(&key) { MASK.to_owned() } else { key };
                (key.into(), without_secrets(value, schema, secrets))
            };
            Value::Object(members.into_iter().map(shown).collect())
        }
        _ => Value::of(node, schema, ValueType::Any),
    }
}

fn members(value: &Value) -> &[(crate::apple::Text, Value)] {
    if let Value::Object(members) = value { members } else { &[] }
}

fn position(value: &Value, name: &str) -> Option<usize> {
    members(value).iter().position(|(key, _)| key == name)
}

struct Walk<'w> {
    schema: &'w Schema,
    is_in_payload: bool,
    path: Vec<String>,
    source: Vec<String>,
    found: Vec<Difference>,
}

impl Walk<'_> {
    /// Compares two values of a key.
    fn values(&mut self, key: Option<KeyId>, value: ValueType, old: Option<Seen<'_>>, new: Option<Seen<'_>>) {
        if old.map(|(plain, _)| plain) == new.map(|(plain, _)| plain) {
            return;
        }
        let before = self.found.len();
        match (old, new) {
            (Some((Value::Object(_), Some(_))), Some((Value::Object(_), Some(_)))) => self.objects(value, old, new),
            (Some((Value::Array(ours), Some(_))), Some((Value::Array(theirs), Some(_)))) => {
                let (ours, theirs) = (ours.len(), theirs.len());
                self.arrays(key, value, (old, ours), (new, theirs));
            }
            _ => self.push(key, old, new),
        }
        // An array that is a set may differ in its order alone.
        if self.found.len() - before > MOST {
            self.found.truncate(before);
            self.push(key, old, new);
        }
    }

    fn objects(&mut self, value: ValueType, old: Option<Seen<'_>>, new: Option<Seen<'_>>) {
        let sides = [old, new].map(|seen| seen.map_or(&[][..], |(plain, _)| members(plain)));
        let (mut at, schema) = ([0, 0], self.schema);
        loop {
            let names = [0, 1].map(|side| sides[side].get(at[side]).map(|(name, _)| name));
            let Some(name) = [names[0], names[1]].into_iter().flatten().min() else { break };
            let key = schema.step(value, name);
            let mut shown_name = None;
            let found = [0, 1].map(|side| {
                if names[side] != Some(name) {
                    return None;
                }
                let index = at[side];
                at[side] += 1;
                let (plain, shown) = [old, new][side]?;
                let member = shown.and_then(|shown| members(shown).get(index));
                shown_name = member.map(|(name, _)| name.to_string());
                let plain = &members(plain)[index].1;
                // Null counts as absent.
                (key.is_none() || *plain != Value::Null).then_some((plain, member.map(|(_, value)| value)))
            });
            self.step(name, shown_name.unwrap_or_else(|| MASK.to_owned()), |walk| {
                walk.values(key, key.map_or(ValueType::Any, |key| schema.key(key).value), found[0], found[1]);
            });
        }
    }

    fn arrays(&mut self, key: Option<KeyId>, value: ValueType, old: (Option<Seen<'_>>, usize), new: (Option<Seen<'_>>, usize)) {
        let item = if let ValueType::Array { item, .. } = value { Some(item) } else { None };
        let kind = item.map_or(ValueType::Any, |item| self.schema.key(item).value);
        let rule = key.and_then(|key| self.schema.key(key).combine);
        if matches!(rule, Some(Combine::SetUnion | Combine::SetIntersection)) {
            for (side, (own, count), (others, _)) in [(0, old, new), (1, new, old)] {
                let others: std::collections::HashSet<&Value, foldhash::quality::RandomState> = items(others).iter().collect();
                for at in (0..count).filter(|at| !others.contains(&items(own)[*at])) {
                    let seen = element(own, at);
                    let sides = if side == 0 { (seen, None) } else { (None, seen) };
                    self.step(&at.to_string(), at.to_string(), |walk| walk.values(item, kind, sides.0, sides.1));
                }
            }
            return;
        }
        let ((old, ours), (new, theirs)) = (old, new);
        let is_same = |one: usize, other: usize| items(old)[one] == items(new)[other];
        let start = (0..ours.min(theirs)).take_while(|at| is_same(*at, *at)).count();
        let end = (0..ours.min(theirs) - start).take_while(|at| is_same(ours - 1 - at, theirs - 1 - at)).count();
        for at in start..(ours - end).max(theirs - end) {
            let sides = [(old, ours), (new, theirs)].map(|(seen, count)| element(seen, at).filter(|_| at < count - end));
            self.step(&at.to_string(), at.to_string(), |walk| walk.values(item, kind, sides[0], sides[1]));
        }
    }

    fn step(&mut self, name: &str, shown: String, inner: impl FnOnce(&mut Self)) {
        self.path.push(shown);
        self.source.push(name.to_owned());
        inner(self);
        self.path.pop();
        self.source.pop();
    }

    fn push(&mut self, key: Option<KeyId>, old: Option<Seen<'_>>, new: Option<Seen<'_>>) {
        let shown = |(_, shown): Seen<'_>| shown.map_or_else(|| MASK.into(), Value::to_json);
        let text = |seen: Option<Seen<'_>>| Some(seen?.1?.as_str()?.to_owned());
        self.found.push(Difference {
            path: self.path.clone(),
            source: self.source.clone(),
            key,
            is_in_payload: self.is_in_payload,
            values: [old.map(shown), new.map(shown)],
            texts: [text(old), text(new)],
        });
    }
}

fn items(seen: Option<Seen<'_>>) -> &[Value] {
    seen.map_or(&[], |(plain, _)| plain.items())
}

fn element(seen: Option<Seen<'_>>, at: usize) -> Option<Seen<'_>> {
    let (plain, shown) = seen?;
    Some((plain.items().get(at)?, shown.and_then(|shown| shown.items().get(at))))
}
