//! Reads a declaration: what it is, what is around its payload, and the payload.

use super::legacy::{self, Legacy};
use super::{Object, Problem, ProblemKind, Problems, Strictness, read_object};
use crate::document::{Kind, Node, Path};
use crate::keys::{self, AnyKey, Owner, tables};
use crate::model::{Activation, DeclarationType, Enforcement, Envelope, Settings};

/// A document as far as it could be read.
pub(crate) struct Reading<'d> {
    pub(crate) envelope: Option<Object<Envelope>>,
    pub(crate) payload: Payload<'d>,
    /// The key of the payload: `Payload`, or nothing where the payload stands alone.
    pub(crate) payload_key: Option<Node<'d>>,
    /// The identifier as it stands there, whatever it is.
    pub(crate) identifier: Option<Node<'d>>,
}

/// A payload as far as it could be read.
pub(crate) enum Payload<'d> {
    Settings(Object<Settings>),
    Enforcement(Object<Enforcement>),
    Activation(Object<Activation>),
    /// No payload, but a document that declarations replace.
    Legacy(Legacy<'d>),
    /// Of a type that is not looked into.
    Other,
    /// Missing, of the wrong type, or of a type that could not be told.
    None,
}

impl Payload<'_> {
    /// The keys that stand in the payload of a declaration, and the type that they belong to.
    pub(crate) fn named(&self) -> Option<(DeclarationType, Vec<&'static dyn AnyKey>)> {
        match self {
            Self::Settings(settings) => Some((DeclarationType::Settings, settings.named())),
            Self::Enforcement(enforcement) => Some((DeclarationType::Enforcement, enforcement.named())),
            Self::Activation(activation) => Some((DeclarationType::Activation, activation.named())),
            Self::Legacy(_) | Self::Other | Self::None => None,
        }
    }
}

/// Reads the document at `root`, or returns `None` if it is not a declaration and need not be one.
pub(crate) fn read<'d>(root: Node<'d>, strictness: Strictness, problems: &mut Problems) -> Option<Reading<'d>> {
    match recognise(root, strictness, problems) {
        Some(Recognised::Declaration(top)) => Some(read_declaration(root, top, problems)),
        Some(Recognised::Legacy(legacy)) => {
            Some(Reading { envelope: None, payload: Payload::Legacy(legacy), payload_key: None, identifier: None })
        }
        Some(Recognised::Payload(kind)) => {
            let problem = ProblemKind::PayloadOnly { kind: kind.clone() };
            problems.push(Problem::new(problem, &Path::Root, root.span()));
            problems.of = Some(Owner::Declaration(kind.clone()));
            let payload = read_payload(Some(&kind), root, Path::Root, problems);
            Some(Reading { envelope: None, payload, payload_key: None, identifier: root.member("Identifier") })
        }
        None => {
            // What is no JSON has been reported, and may well have been meant as a declaration.
            if strictness == Strictness::Named && problems.list.is_empty() {
                let problem = ProblemKind::NotADeclaration { found: root.kind(), other: legacy::other(root) };
                problems.push(Problem::new(problem, &Path::Root, root.span()));
            }
            None
        }
    }
}

/// What stands at the top of a declaration, or of what looks like one.
#[derive(Clone, Copy)]
struct Top<'d> {
    kind: Option<Node<'d>>,
    /// The payload and its key.
    payload: Option<(Node<'d>, Node<'d>)>,
    identifier: Option<Node<'d>>,
}

impl<'d> Top<'d> {
    /// Of members that are there twice the last counts, and where there is none of a name, one counts that differs in case alone.
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
        // `type` is reported, and what it says still tells which payload this is.
        let kind = kind.or_else(|| look_alike(root, "Type").map(|(_, value)| value));
        let payload = payload.or_else(|| look_alike(root, "Payload"));
        Self { kind, payload, identifier }
    }
}

enum Recognised<'d> {
    Declaration(Top<'d>),
    Payload(DeclarationType),
    Legacy(Legacy<'d>),
}

fn recognise<'d>(root: Node<'d>, strictness: Strictness, problems: &mut Problems) -> Option<Recognised<'d>> {
    if root.kind() != Kind::Object {
        return None;
    }
    // A declaration is JSON.
    if root.is_translated() {
        return legacy::read(root, strictness, problems).map(Recognised::Legacy);
    }
    let top = Top::of(root);
    let has_payload = top.payload.is_some_and(|(key, _)| key.is_str("Payload"));
    if !has_payload && is_policy(root) {
        return None;
    }
    if top.kind.and_then(Node::as_str).is_some_and(|kind| kind.starts_with("com.apple.")) {
        return Some(Recognised::Declaration(top));
    }
    if let Some(legacy) = legacy::read(root, strictness, problems) {
        return Some(Recognised::Legacy(legacy));
    }
    let is_envelope = || keys::envelope::KEYS.iter().any(|row| look_alike(root, row.name()).is_some());
    if strictness == Strictness::Named && is_envelope() {
        return Some(Recognised::Declaration(top));
    }
    payload_kind(root, strictness).map(Recognised::Payload)
}

/// Whether this is a policy of this program, which has a `type` too and lies beside declarations.
pub(super) fn is_policy(root: Node<'_>) -> bool {
    root.member("schema").is_some() && root.member("message").is_some() && root.member("Payload").is_none()
}

/// The type whose payload this is. In a folder every key must be one of its keys; in a named file one is enough.
fn payload_kind(root: Node<'_>, strictness: Strictness) -> Option<DeclarationType> {
    let mut best: Option<(usize, &DeclarationType)> = None;
    for table in tables() {
        let Some(kind) = table.declaration() else { continue };
        let keys = (table.keys)();
        let is_key = |name: &str| keys.iter().any(|key| key.group().is_empty() && key.name() == name);
        let (mut known, mut all) = (0, 0);
        for (name, _) in root.members() {
            all += 1;
            known += usize::from(name.as_str().is_some_and(|name| is_key(&name)));
        }
        let fits = match strictness {
            Strictness::Named => known > 0,
            Strictness::Found => all > 0 && known == all,
        };
        if fits && best.is_none_or(|(most, _)| known > most) {
            best = Some((known, kind));
        }
    }
    best.map(|(_, kind)| kind.clone())
}

/// The first member whose name is this one but for the case of letters.
fn look_alike<'d>(object: Node<'d>, name: &str) -> Option<(Node<'d>, Node<'d>)> {
    object.members().find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)))
}

fn read_declaration<'d>(root: Node<'d>, top: Top<'d>, problems: &mut Problems) -> Reading<'d> {
    let kind: Option<DeclarationType> = top.kind.and_then(|kind| kind.as_str()?.parse().ok());
    problems.of = kind.clone().map(Owner::Declaration);
    let envelope = read_object(root, Path::Root, keys::envelope::KEYS, problems);
    let Some((key, payload)) = top.payload.filter(|(_, payload)| payload.kind() == Kind::Object) else {
        return Reading { envelope: Some(envelope), payload: Payload::None, payload_key: None, identifier: top.identifier };
    };
    let name = key.as_str().unwrap_or_default();
    let payload = read_payload(kind.as_ref(), payload, Path::Key(&Path::Root, &name), problems);
    Reading { envelope: Some(envelope), payload, payload_key: Some(key), identifier: top.identifier }
}

fn read_payload<'d>(kind: Option<&DeclarationType>, node: Node<'d>, path: Path<'_>, problems: &mut Problems) -> Payload<'d> {
    match kind {
        Some(DeclarationType::Settings) => Payload::Settings(read_object(node, path, keys::settings::KEYS, problems)),
        Some(DeclarationType::Enforcement) => Payload::Enforcement(read_object(node, path, keys::enforcement::KEYS, problems)),
        Some(DeclarationType::Activation) => Payload::Activation(read_object(node, path, keys::activation::KEYS, problems)),
        Some(DeclarationType::Other(_)) => Payload::Other,
        None => Payload::None,
    }
}
