//! Recognises what a document is, and reads it.

use std::borrow::Cow;

use super::legacy::{self, Legacy};
use super::object::Marks;
use super::rules::{lower_case_envelope, not_a_declaration, payload_without_envelope, unknown_type};
use super::{Reading, Validator};
use crate::apple::{Family, Others, Schema, Type, TypeId, ValueType, others};
use crate::syntax::{Kind, Node, Path, Syntax};
use crate::words::is_one_edit_apart;

/// Whether every document must be a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// The file was named: another document is a finding.
    Named,
    /// The file was found in a folder: other documents are skipped.
    Found,
}

/// Reads the document at `root`, or returns `None` if it is not a declaration and need not be one.
pub(crate) fn read<'d>(root: Node<'d>, strictness: Strictness, validator: &mut Validator<'d>) -> Option<Reading<'d>> {
    validator.marks = Marks::of(root);
    validator.root = Some(root);
    validator.notation.syntax = root.syntax();
    validator.is_broken = validator.diagnostics.has_errors();
    match recognise(root, strictness, validator) {
        Some(Recognised::Declaration(top)) => Some(read_declaration(root, top, validator)),
        Some(Recognised::Legacy(legacy)) => {
            let kind = Some(legacy.kind);
            Some(Reading { kind, legacy: Some(legacy), ..reading(root, validator) })
        }
        Some(Recognised::Payload(kind)) => {
            let diagnostic = payload_without_envelope::diagnostic(validator.site(root, &Path::Root), kind);
            validator.diagnostics.push(diagnostic);
            Some(Reading { identifier: root.member("Identifier"), ..read_payload(root, kind, validator) })
        }
        None => {
            // Skip this finding after a syntax error: the text may be a broken declaration.
            if strictness == Strictness::Named && !validator.is_broken {
                let site = validator.site(root, &Path::Root);
                validator.diagnostics.push(not_a_declaration::diagnostic(site, legacy::other(root).as_deref()));
            }
            None
        }
    }
}

/// Reads a payload of a known type without an envelope.
pub(crate) fn read_payload<'d>(root: Node<'d>, kind: TypeId, validator: &mut Validator<'d>) -> Reading<'d> {
    validator.marks = Marks::of(root);
    validator.root = Some(root);
    validator.kind = Some(kind);
    validator.payload(root, &Path::Root, kind);
    Reading { kind: Some(kind), payload: Some(root), ..reading(root, validator) }
}

/// A reading without content.
fn reading<'d>(root: Node<'d>, validator: &mut Validator<'d>) -> Reading<'d> {
    Reading {
        schema: validator.schema,
        root,
        notation: validator.notation,
        kind: None,
        is_enveloped: false,
        is_unexamined: false,
        payload: None,
        payload_key: None,
        identifier: None,
        is_of_api: false,
        legacy: None,
        marks: std::mem::take(&mut validator.marks),
        meant: std::mem::take(&mut validator.meant),
    }
}

/// The members of an envelope that are needed to recognise and read a declaration.
#[derive(Clone, Copy)]
struct Top<'d> {
    kind: Option<Node<'d>>,
    /// The key and value of the payload.
    payload: Option<(Node<'d>, Node<'d>)>,
    identifier: Option<Node<'d>>,
    /// Whether the names are in lower case, as some APIs take them.
    is_of_api: bool,
}

impl<'d> Top<'d> {
    /// The last member with a name counts; without one, the first whose name differs only in case, or else in a few
    /// letters.
    fn of(root: Node<'d>) -> Self {
        let (mut kind, mut payload, mut identifier) = (None, None, None);
        for (key, value) in root.members() {
            if key.is_str("Type") {
                kind = Some(value);
            } else if key.is_str("Payload") {
                payload = Some((key, value));
            } else if key.is_str("Identifier") {
                identifier = Some(value);
            }
        }
        if kind.is_none()
            && payload.is_none()
            && identifier.is_none()
            && let Some(kind) = root.member("type").filter(|kind| names_a_family(*kind))
            && let Some(payload) = root.members().find(|(key, _)| key.is_str("payload"))
        {
            let identifier = root.member("identifier");
            return Self { kind: Some(kind), payload: Some(payload), identifier, is_of_api: true };
        }
        // `type` is reported as unknown, but its value still determines the type of the payload.
        let kind = kind.or_else(|| look_alike(root, "Type").map(|(_, value)| value));
        let kind = kind.or_else(|| misspelled(root, "Type").map(|(_, value)| value).filter(|kind| names_a_family(*kind)));
        let payload = payload.or_else(|| look_alike(root, "Payload")).or_else(|| misspelled(root, "Payload"));
        Self { kind, payload, identifier, is_of_api: false }
    }
}

enum Recognised<'d> {
    Declaration(Top<'d>),
    Payload(TypeId),
    Legacy(Legacy<'d>),
}

fn recognise<'d>(root: Node<'d>, strictness: Strictness, validator: &mut Validator<'d>) -> Option<Recognised<'d>> {
    if root.kind() != Kind::Object {
        return None;
    }
    // A declaration is never a property list.
    if root.syntax() == Syntax::PropertyList {
        return legacy::read(root, strictness, validator).map(Recognised::Legacy);
    }
    let top = Top::of(root);
    if legacy::is_report(root) {
        return None;
    }
    let has_payload = top.payload.is_some_and(|(key, _)| key.is_str("Payload"));
    if !has_payload && is_policy(root) {
        return None;
    }
    if top.kind.and_then(Node::as_str).is_some_and(|kind| kind.starts_with("com.apple.")) {
        return Some(Recognised::Declaration(top));
    }
    if let Some(legacy) = legacy::read(root, strictness, validator) {
        return Some(Recognised::Legacy(legacy));
    }
    // A payload can have a key named `Type` itself.
    if let Some(kind) = payload_type(root, Strictness::Found, validator) {
        return Some(Recognised::Payload(kind));
    }
    if strictness == Strictness::Found {
        return None;
    }
    let schema = validator.schema;
    let is_envelope = || schema.keys(schema.keys_of(Family::Envelope)).any(|(_, key)| look_alike(root, &key.name).is_some());
    if is_envelope() {
        return Some(Recognised::Declaration(top));
    }
    payload_type(root, strictness, validator).map(Recognised::Payload)
}

/// Whether this is a policy of this program, which also has a `type` and may be stored beside declarations.
pub(super) fn is_policy(root: Node<'_>) -> bool {
    root.member("schema").is_some() && root.member("message").is_some() && root.member("Payload").is_none()
}

/// An object with more keys is not looked at as a payload, which takes time for each.
const MAX_KEYS: usize = 256;

/// An object with more keys is not looked at as a payload with misspelled keys.
const MAX_MISSPELLED_KEYS: usize = 16;

/// A shorter name is not taken for a misspelled key that only one type has.
const MIN_MISSPELLED: usize = 6;

/// The type that this is a payload of: the one with the most known keys, then the fewest missing required keys.
///
/// At least one key must belong to a single type, because many documents have keys such as `HostName`. In a folder all
/// keys must be known. Otherwise keys may be misspelled, if that makes all of them known.
fn payload_type(root: Node<'_>, strictness: Strictness, validator: &Validator<'_>) -> Option<TypeId> {
    let schema = validator.schema;
    let names: Vec<_> = root.members().take(MAX_KEYS + 1).filter_map(|(name, _)| name.as_str()).collect();
    if names.len() > MAX_KEYS {
        return None;
    }
    fitting(root, &names, strictness, schema).or_else(|| {
        let few = Some(&names).filter(|names| names.len() <= MAX_MISSPELLED_KEYS)?;
        let meant: Vec<_> = few.iter().map(|name| meant(schema, name)).collect::<Option<_>>()?;
        fitting(root, &meant, Strictness::Found, schema)
    })
}

/// The key of a payload that a name is, or was meant to be.
fn meant<'n>(schema: &'n Schema, name: &'n str) -> Option<Cow<'n, str>> {
    if schema.declarations().any(|(_, kind)| has(schema, kind, name)) {
        return Some(Cow::Borrowed(name));
    }
    let keys = schema.declarations().flat_map(|(_, kind)| schema.keys(kind.keys));
    let mut near = keys.map(|(_, key)| &*key.name).filter(|key| key.len() >= MIN_MISSPELLED && is_one_edit_apart(name, key));
    near.find(|key| is_distinctive(schema, key)).map(Cow::Borrowed)
}

/// The type whose payload has these keys.
fn fitting(root: Node<'_>, names: &[Cow<'_, str>], strictness: Strictness, schema: &Schema) -> Option<TypeId> {
    let mut best: Option<((usize, std::cmp::Reverse<usize>), TypeId)> = None;
    for (id, kind) in schema.declarations() {
        let known = names.iter().filter(|name| has(schema, kind, name)).count();
        let can_fit = match strictness {
            Strictness::Named => known > 0,
            Strictness::Found => known > 0 && known == names.len(),
        };
        if !can_fit || !names.iter().any(|name| has(schema, kind, name) && is_distinctive(schema, name)) {
            continue;
        }
        let lacks = schema.keys(kind.keys).filter(|(_, key)| key.is_required && root.member(&key.name).is_none()).count();
        let rank = (known, std::cmp::Reverse(lacks));
        if best.is_none_or(|(most, _)| rank > most) {
            best = Some((rank, id));
        }
    }
    best.map(|(_, id)| id)
}

/// The type that this is a payload of: the only one with the most known keys. `None` if several have as many.
pub(super) fn only_type(schema: &Schema, payload: Node<'_>) -> Option<TypeId> {
    let known =
        |kind: &Type| payload.members().filter(|(name, _)| name.as_str().is_some_and(|name| has(schema, kind, &name))).count();
    let types: Vec<(usize, TypeId)> = schema.declarations().map(|(id, kind)| (known(kind), id)).collect();
    let most = types.iter().map(|(known, _)| *known).max().filter(|most| *most > 0)?;
    let mut best = types.iter().filter(|(known, _)| *known == most);
    let (_, only) = best.next()?;
    best.next().is_none().then_some(*only)
}

/// Whether only one type of declarations has a key with this name.
pub(crate) fn is_distinctive(schema: &Schema, name: &str) -> bool {
    schema.find_key(schema.keys_of(Family::Envelope), name).is_none()
        && schema.declarations().filter(|(_, kind)| has(schema, kind, name)).count() == 1
}

/// Whether the payloads of a type have this key. A map accepts any keys, so none tells that a payload is one.
fn has(schema: &Schema, kind: &Type, name: &str) -> bool {
    !matches!(schema.payload(kind), ValueType::Map(_)) && schema.find_key(kind.keys, name).is_some()
}

/// The beginnings of the names of all declaration types.
pub(crate) const FAMILIES: [&str; 4] =
    ["com.apple.configuration.", "com.apple.activation.", "com.apple.asset.", "com.apple.management."];

pub(super) fn names_a_family(kind: Node<'_>) -> bool {
    kind.as_str().is_some_and(|kind| FAMILIES.iter().any(|family| kind.starts_with(family)))
}

/// The only member whose name is a misspelling of this one.
fn misspelled<'d>(object: Node<'d>, name: &str) -> Option<(Node<'d>, Node<'d>)> {
    let is_meant = |(key, _): &(Node<'d>, Node<'d>)| key.as_str().is_some_and(|key| is_one_edit_apart(&key, name));
    let mut members = object.members().filter(is_meant);
    let only = members.next()?;
    members.next().is_none().then_some(only)
}

/// The first member with this name, ignoring case.
fn look_alike<'d>(object: Node<'d>, name: &str) -> Option<(Node<'d>, Node<'d>)> {
    object.members().find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)))
}

fn read_declaration<'d>(root: Node<'d>, top: Top<'d>, validator: &mut Validator<'d>) -> Reading<'d> {
    let schema = validator.schema;
    let name = top.kind.and_then(Node::as_str);
    let find = |name: &str| schema.find(name).filter(|kind| schema.kind(*kind).family.is_declaration());
    // The payload of a misspelled type is judged as that of the type that was meant.
    let kind = name.as_deref().and_then(|name| find(name).or_else(|| find(unknown_type::meant(schema, name)?)));
    let is_unexamined = kind.is_none() && name.is_some_and(|name| name.starts_with("com.apple."));
    validator.kind = kind;
    validator.others = schema.only(Family::Envelope).map_or(Others::None, |id| others(&schema.kind(id).name));
    if top.is_of_api {
        read_api_envelope(root, top, validator);
    } else {
        validator.object(root, &Path::Root, schema.keys_of(Family::Envelope), None);
    }
    validator.others = Others::None;
    let payload = top.payload.filter(|(_, payload)| payload.kind() == Kind::Object);
    let mut examined = None;
    if let (Some((key, payload)), Some(kind)) = (payload, kind) {
        let name = key.as_str().unwrap_or_default();
        let path = Path::Key(&Path::Root, &name);
        validator.payload(payload, &path, kind);
        examined = Some(payload);
    }
    Reading {
        kind,
        is_enveloped: true,
        is_unexamined: is_unexamined && payload.is_some(),
        payload: examined,
        payload_key: payload.map(|(key, _)| key),
        identifier: top.identifier,
        is_of_api: top.is_of_api,
        ..reading(root, validator)
    }
}

/// Reads an envelope in lower case: one note, and the values as those of Apple's keys.
fn read_api_envelope<'d>(root: Node<'d>, top: Top<'d>, validator: &mut Validator<'d>) {
    let diagnostic = lower_case_envelope::diagnostic(validator.site(root, &Path::Root));
    validator.diagnostics.push(diagnostic);
    let rows = validator.schema.keys_of(Family::Envelope);
    let payload = top.payload.map(|(_, payload)| payload);
    for (name, written, value) in
        [("Type", "type", top.kind), ("Identifier", "identifier", top.identifier), ("Payload", "payload", payload)]
    {
        if let (Some(id), Some(value)) = (validator.schema.find_key(rows, name), value) {
            let is_right = validator.value(value, &Path::Key(&Path::Root, written), id);
            validator.marks.set(value, is_right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apple::{NewKey, NewType, NewValue, Support, Text};
    use crate::syntax::{self, Buffers, Placeholders};

    /// The messages about a payload whose type has these keys.
    fn messages(keys: Vec<NewKey>, payload: &str) -> Vec<String> {
        let support = Support([None; 5]);
        let name = Text::Borrowed("com.apple.management.test");
        let mut schema = Schema::empty("1.0");
        let kind =
            schema.add(NewType { name, family: Family::Management, apply: None, support, keys, file: Text::Borrowed("test") });
        schema.annotate();
        let (templates, mut buffers) = (Placeholders::default(), Buffers::default());
        let document = syntax::parse(payload.as_bytes(), &mut buffers).document.expect("it is JSON");
        let mut validator = Validator::new(&schema, &templates);
        read_payload(document.root(), kind, &mut validator);
        validator.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    fn key(name: &'static str, value: NewValue) -> NewKey {
        let (name, support) = (Text::Borrowed(name), Support([None; 5]));
        NewKey { name, value, is_required: false, default: None, combine: None, support, assets: Vec::new(), media: Vec::new() }
    }

    #[test]
    fn a_payload_whose_only_key_is_any_accepts_all_keys() {
        let payload = r#"{"Asset": "4711", "Tags": ["a", 1]}"#;
        assert_eq!(messages(vec![key("ANY", NewValue::Any)], payload), [""; 0]);
        assert_eq!(messages(vec![key("ANY", NewValue::String)], payload), ["Tags is an array, but must be a string"]);
        assert_eq!(messages(vec![key("Asset", NewValue::String)], payload), ["unknown key Tags"]);
    }

    #[test]
    fn a_key_called_any_does_not_make_a_payload_one_of_a_map() {
        let (schema, templates, mut buffers) = (Schema::built_in(), Placeholders::default(), Buffers::default());
        let document = syntax::parse(br#"{"ANY": true, "TargetOSVersion": "26.1"}"#, &mut buffers).document.expect("it is JSON");
        let kind = payload_type(document.root(), Strictness::Named, &Validator::new(schema, &templates));
        assert_eq!(kind, schema.find(crate::apple::ENFORCEMENT));
    }
}
