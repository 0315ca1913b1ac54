//! Reads the documents that declarations replace: commands, responses of devices, profiles.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::profile;
use super::recognise::is_policy;
use super::{Part, Strictness, Validator};
use crate::apple::{
    DEFERRALS, Family, KeyPath, RESTRICTIONS_PROFILE, Rows, SETTINGS_COMMAND, Schema, TypeId, UPDATE_SETTINGS, ValueType,
    key_name, others, setting,
};
use crate::syntax::{Kind, Node, Notation, Path, Syntax};
use crate::words::{nearest, shown};

/// The readable parts of a legacy document.
pub(crate) struct Legacy<'d> {
    /// Its type.
    pub(crate) kind: TypeId,
    /// The parts that are judged separately: a command and each of its updates, each payload of a profile.
    pub(crate) parts: Vec<Part<'d>>,
    /// Payloads about updates whose types Apple does not define.
    pub(crate) strangers: Vec<Stranger<'d>>,
    /// The first part with each key of a deferral; found when a rule needs it.
    deferrals: OnceCell<HashMap<&'static str, usize>>,
}

impl<'d> Legacy<'d> {
    pub(super) fn new(kind: TypeId, parts: Vec<Part<'d>>) -> Self {
        Self { kind, parts, strangers: Vec::new(), deferrals: OnceCell::new() }
    }

    /// The first payload with a key of a deferral. A device combines all payloads, so a switch may stand in one and its
    /// delay in another.
    pub(crate) fn with_deferral(&self, key: KeyPath, schema: &Schema) -> Option<&Part<'d>> {
        let deferrals = self.deferrals.get_or_init(|| {
            let names: Vec<&'static str> = DEFERRALS
                .iter()
                .flat_map(|deferral| deferral.delays.iter().chain([&deferral.switch]))
                .map(|key| key_name(key))
                .collect();
            let mut first = HashMap::new();
            let restrictions = schema.find(RESTRICTIONS_PROFILE);
            for (at, part) in self.parts.iter().enumerate().filter(|(_, part)| Some(part.kind) == restrictions) {
                for (key, _) in part.node.members() {
                    if let Some(name) = names.iter().find(|name| key.is_str(name)) {
                        first.entry(*name).or_insert(at);
                    }
                }
            }
            first
        });
        deferrals.get(key_name(key)).map(|at| &self.parts[*at])
    }
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
        profile::read(root, strictness, validator)
    };
    if legacy.is_none() {
        validator.notation = Notation { syntax: root.syntax(), ..Notation::default() };
    }
    legacy
}

/// Whether this is a status report of a device. A subscription has an array of the same name.
pub(super) fn is_report(root: Node<'_>) -> bool {
    root.member("StatusItems").is_some_and(|items| items.kind() == Kind::Object) && root.member("Type").is_none()
}

/// Names a known kind of document that is not checked, to follow "this is".
pub(crate) fn other(root: Node<'_>) -> Option<String> {
    if let Some(request) = Request::find(root) {
        return Some(format!("the MDM command {}, not a declaration", shown(&request.name)));
    }
    if root.syntax() == Syntax::PropertyList && root.member("Type").is_some() && root.member("Payload").is_some() {
        return Some("a property list, but devices accept declarations only as JSON".to_owned());
    }
    if ["PublicAssetSets", "AssetSets", "OSVersions"].into_iter().any(|key| root.member(key).is_some()) {
        return Some("a list of releases for --catalog, not a declaration".to_owned());
    }
    if is_policy(root) {
        return Some("a policy for --policy, not a declaration".to_owned());
    }
    if is_report(root) {
        return Some("a status report of a device, which `ddmc status` explains, not a declaration".to_owned());
    }
    if root.member("DeclarationsToken").is_some() || root.member("SyncTokens").is_some() {
        return Some("the list of declarations that a server sends, not a declaration".to_owned());
    }
    profile::is_one(root).then(|| "a configuration profile without settings for updates, not a declaration".to_owned())
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
        // Its other settings do not concern updates.
        if intended == SETTINGS_COMMAND && !self.update_settings().any(|_| true) {
            return None;
        }
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
        let mut parts = vec![Part::new(id, kind.keys, self.command, path.pointer())];
        parts.extend(items(self.command, &path, id, kind.keys, "Updates", validator));
        let ours: HashSet<usize> = self.update_settings().map(Node::index).collect();
        let settings = items(self.command, &path, id, kind.keys, "Settings", validator).into_iter();
        parts.extend(settings.filter(|item| ours.contains(&item.node.index())));
        Some(Legacy::new(id, parts))
    }

    /// The items of the command `Settings` that concern updates.
    fn update_settings(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let notation = Notation { is_snake: self.is_snake, ..Notation::default() };
        let (items, name) = (notation.key("Settings").into_owned(), notation.key(key_name(setting::ITEM)).into_owned());
        let items = self.command.members().filter(move |(key, _)| key.is_str(&items)).last();
        let items = items.into_iter().flat_map(|(_, items)| items.elements());
        items.filter(move |item| item.member(&name).is_some_and(|name| name.is_str(UPDATE_SETTINGS)))
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
    objects.map(|(at, node)| Part::new(kind, rows, node, Path::Index(&path, at).pointer())).collect()
}

/// The objects in an array, with their indices.
pub(super) fn objects<'d>(object: Node<'d>, key: &str) -> impl Iterator<Item = (usize, Node<'d>)> {
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
    let mut parts = vec![Part::new(kind, rows, root, String::new())];
    parts.extend(items(root, &Path::Root, kind, rows, "UpdateResults", validator));
    Legacy::new(kind, parts)
}
