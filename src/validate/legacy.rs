//! Reads the documents that declarations replace: commands, responses of devices, profiles.

use super::recognise::is_policy;
use super::rules::unknown_type;
use super::{Part, Strictness, Validator};
use crate::apple::{ABOUT_UPDATES, Family, RESTRICTIONS_PROFILE, Rows, SOFTWARE_UPDATE_PROFILE, TypeId, ValueType, others};
use crate::syntax::{Kind, Node, Notation, Path, Syntax};
use crate::words::{nearest, shown, speaks_of};

/// The readable parts of a legacy document.
pub(crate) struct Legacy<'d> {
    /// Its type.
    pub(crate) kind: TypeId,
    /// The parts that are judged separately: a command and each of its updates, each payload of a profile.
    pub(crate) parts: Vec<Part<'d>>,
    /// Payloads about updates whose types Apple does not define.
    pub(crate) strangers: Vec<Stranger<'d>>,
}

/// A payload whose type Apple does not define.
pub(crate) struct Stranger<'d> {
    pub(crate) node: Node<'d>,
    pub(crate) pointer: String,
    /// Whether it is the type of a declaration.
    pub(crate) is_declaration: bool,
}

/// Reads a legacy document, or returns `None` if the document does not concern software updates.
pub(super) fn read<'d>(root: Node<'d>, strictness: Strictness, validator: &mut Validator<'d>) -> Option<Legacy<'d>> {
    validator.notation.syntax = root.syntax();
    let legacy = if let Some(request) = Request::find(root) {
        request.read(root, strictness, validator)
    } else if is_response(root, strictness) {
        validator.schema.only(Family::Response).map(|kind| read_response(root, kind, validator))
    } else {
        read_profile(root, validator)
    };
    if legacy.is_none() {
        validator.notation = Notation { syntax: root.syntax(), ..Notation::default() };
    }
    legacy
}

/// Names a known kind of document that is not checked, to follow "this is".
pub(crate) fn other(root: Node<'_>) -> Option<String> {
    if let Some(request) = Request::find(root) {
        return Some(format!("the MDM command {}, not a declaration", shown(&request.name)));
    }
    if root.syntax() == Syntax::PropertyList && root.member("Type").is_some() && root.member("Payload").is_some() {
        return Some("a property list, but devices accept declarations only as JSON".to_owned());
    }
    if is_policy(root) {
        return Some("a policy for --policy, not a declaration".to_owned());
    }
    if root.member("StatusItems").is_some() {
        return Some("a status report of a device, which `ddmc status` explains, not a declaration".to_owned());
    }
    if root.member("DeclarationsToken").is_some() || root.member("SyncTokens").is_some() {
        return Some("the list of declarations that a server sends, not a declaration".to_owned());
    }
    let is_profile = root.member("PayloadType").is_some_and(|node| node.as_str().is_some());
    is_profile.then(|| "a configuration profile without settings for updates, not a declaration".to_owned())
}

/// A command, and how its document holds it.
struct Request<'d> {
    is_snake: bool,
    /// The key whose value is the command; `None` if the command is the root.
    frame: Option<&'static str>,
    command: Node<'d>,
    name: String,
}

impl<'d> Request<'d> {
    fn find(root: Node<'d>) -> Option<Self> {
        let name = |command: Node<'d>, key| command.member(key)?.as_str().map(std::borrow::Cow::into_owned);
        for (is_snake, frame, key) in [(false, "Command", "RequestType"), (true, "command", "request_type")] {
            if let Some(command) = root.member(frame)
                && let Some(name) = name(command, key)
            {
                return Some(Self { is_snake, frame: Some(frame), command, name });
            }
            // A response may repeat the request type.
            if let Some(name) = name(root, key).filter(|_| root.member("Status").is_none()) {
                return Some(Self { is_snake, frame: None, command: root, name });
            }
        }
        None
    }

    fn read(self, root: Node<'d>, strictness: Strictness, validator: &mut Validator<'d>) -> Option<Legacy<'d>> {
        let schema = validator.schema;
        let commands = || schema.types().filter(|(_, kind)| kind.family == Family::Command);
        let names = || commands().map(|(_, kind)| &*kind.name);
        let intended = names().find(|name| *name == self.name).or_else(|| nearest(&self.name, names()));
        // A command whose name contains a placeholder may be any.
        let is_template = || strictness == Strictness::Named && validator.templates.are_in(&self.name);
        let intended = intended.or_else(|| names().next().filter(|_| is_template()))?;
        let (id, kind) = commands().find(|(_, kind)| kind.name == intended)?;
        validator.notation.is_snake = self.is_snake;
        let path = if let Some(frame) = self.frame {
            let outer = schema.only(Family::CommandFrame)?;
            validator.kind = Some(outer);
            validator.others = others(&schema.kind(outer).name);
            validator.object(root, &Path::Root, schema.kind(outer).keys, None);
            Path::Key(&Path::Root, frame)
        } else {
            validator.prefix = &["Command"];
            Path::Root
        };
        validator.kind = Some(id);
        validator.others = others(&kind.name);
        validator.object(self.command, &path, kind.keys, None);
        let mut parts = vec![Part { kind: id, rows: kind.keys, node: self.command, pointer: path.pointer() }];
        parts.extend(items(self.command, &path, id, kind.keys, "Updates", validator));
        Some(Legacy { kind: id, parts, strangers: Vec::new() })
    }
}

/// The objects in an array, each as a separate part.
fn items<'d>(object: Node<'d>, path: &Path<'_>, kind: TypeId, rows: Rows, key: &str, validator: &Validator<'d>) -> Vec<Part<'d>> {
    let schema = validator.schema;
    let Some(ValueType::Object(rows)) = schema.at_path(rows, [key, "*"]).map(|item| schema.key(item).value) else {
        return Vec::new();
    };
    let name = validator.notation.key(key);
    let path = Path::Key(path, &name);
    let objects = objects(object, &name);
    objects.map(|(at, node)| Part { kind, rows, node, pointer: Path::Index(&path, at).pointer() }).collect()
}

/// The objects in an array, with their indices.
fn objects<'d>(object: Node<'d>, key: &str) -> impl Iterator<Item = (usize, Node<'d>)> {
    let all = object.member(key).into_iter().flat_map(Node::elements).enumerate();
    all.filter(|(_, item)| item.kind() == Kind::Object)
}

/// Whether this is a response. In a folder it needs a key of the responses about updates; in a named file, the general
/// keys of a response are enough.
fn is_response(root: Node<'_>, strictness: Strictness) -> bool {
    let has = |key, kind| root.member(key).is_some_and(|node| node.kind() == kind);
    let is_ours = ["UpdateResults", "AvailableOSUpdates", "OSUpdateStatus"].into_iter().any(|key| has(key, Kind::Array));
    let is_answer = || {
        has("Status", Kind::String)
            && (has("ErrorChain", Kind::Array) || has("CommandUUID", Kind::String) || has("UDID", Kind::String))
    };
    is_ours || has("ScanInitiated", Kind::Boolean) || (strictness == Strictness::Named && is_answer())
}

fn read_response<'d>(root: Node<'d>, kind: TypeId, validator: &mut Validator<'d>) -> Legacy<'d> {
    let rows = validator.schema.kind(kind).keys;
    validator.kind = Some(kind);
    validator.others = others(&validator.schema.kind(kind).name);
    validator.object(root, &Path::Root, rows, None);
    let mut parts = vec![Part { kind, rows, node: root, pointer: String::new() }];
    parts.extend(items(root, &Path::Root, kind, rows, "UpdateResults", validator));
    Legacy { kind, parts, strangers: Vec::new() }
}

/// The kind of a payload that concerns updates.
enum Payload {
    SoftwareUpdate,
    Restrictions,
    /// A declaration, which a profile cannot hold.
    Declaration,
    /// A type that Apple does not define, and the one that was probably meant.
    Undefined(Option<&'static str>),
}

fn payload(node: Node<'_>, validator: &Validator<'_>) -> Option<Payload> {
    let name = node.member("PayloadType")?.as_str()?;
    if name == SOFTWARE_UPDATE_PROFILE {
        return Some(Payload::SoftwareUpdate);
    }
    if name == RESTRICTIONS_PROFILE {
        let is_ours = |key: Node<'_>| key.as_str().is_some_and(|key| speaks_of(&key, ABOUT_UPDATES));
        return node.members().any(|(key, _)| is_ours(key)).then_some(Payload::Restrictions);
    }
    let is_declaration = |kind: TypeId| validator.schema.kind(kind).family.is_declaration();
    if validator.schema.find(&name).is_some_and(is_declaration) || name.starts_with("com.apple.configuration.") {
        return Some(Payload::Declaration);
    }
    if nearest(&name, [SOFTWARE_UPDATE_PROFILE]).is_some() {
        return Some(Payload::Undefined(Some(SOFTWARE_UPDATE_PROFILE)));
    }
    let is_ours = name.starts_with("com.apple.") && name.to_ascii_lowercase().contains("update");
    is_ours.then_some(Payload::Undefined(None))
}

/// Reads a profile with payloads about updates, or such a payload alone.
fn read_profile<'d>(root: Node<'d>, validator: &mut Validator<'d>) -> Option<Legacy<'d>> {
    root.member("PayloadType")?.as_str()?;
    let profile = validator.schema.only(Family::ProfileFrame)?;
    let mut legacy = Legacy { kind: profile, parts: Vec::new(), strangers: Vec::new() };
    if let Some(kind) = payload(root, validator) {
        validator.prefix = &["PayloadContent", "*"];
        read_payload(root, &kind, Path::Root, validator, &mut legacy);
        legacy.kind = legacy.parts.first().map_or(profile, |part| part.kind);
        return Some(legacy);
    }
    let payloads: Vec<(usize, Node<'d>, Payload)> =
        objects(root, "PayloadContent").filter_map(|(at, node)| Some((at, node, payload(node, validator)?))).collect();
    if payloads.is_empty() {
        return None;
    }
    let rows = validator.schema.kind(profile).keys;
    validator.kind = Some(profile);
    validator.others = others(&validator.schema.kind(profile).name);
    validator.object(root, &Path::Root, rows, None);
    legacy.parts.push(Part { kind: profile, rows, node: root, pointer: String::new() });
    let path = Path::Key(&Path::Root, "PayloadContent");
    for (at, node, kind) in payloads {
        read_payload(node, &kind, Path::Index(&path, at), validator, &mut legacy);
    }
    Some(legacy)
}

fn read_payload<'d>(node: Node<'d>, kind: &Payload, path: Path<'_>, validator: &mut Validator<'d>, legacy: &mut Legacy<'d>) {
    if let Payload::Declaration | Payload::Undefined(_) = kind
        && let Some(name) = node.member("PayloadType")
    {
        let meant = if let Payload::Undefined(meant) = kind { *meant } else { None };
        let is_declaration = matches!(kind, Payload::Declaration);
        if meant.is_none() {
            legacy.strangers.push(Stranger { node, pointer: path.pointer(), is_declaration });
        }
        let path = Path::Key(&path, "PayloadType");
        let diagnostic = unknown_type::payload(validator.site(name, &path), meant, is_declaration);
        validator.diagnostics.push(diagnostic);
    }
    let name = match kind {
        Payload::SoftwareUpdate | Payload::Undefined(Some(_)) => SOFTWARE_UPDATE_PROFILE,
        Payload::Restrictions => RESTRICTIONS_PROFILE,
        Payload::Declaration | Payload::Undefined(None) => return,
    };
    let Some(id) = validator.schema.find(name) else { return };
    let rows = validator.schema.kind(id).keys;
    validator.kind = Some(id);
    validator.others = others(name);
    validator.object(node, &path, rows, None);
    legacy.parts.push(Part { kind: id, rows, node, pointer: path.pointer() });
}
