//! Reads the documents that declarations replace: commands, answers of devices, profiles.

use super::declaration::is_policy;
use super::{Dialect, Object, Problem, ProblemKind, Problems, Strictness, read_object};
use crate::document::{Kind, Node, Path};
use crate::keys::legacy::{command, profile, response};
use crate::keys::{AnyKey, Owner};
use crate::model::legacy::{
    Profile, RequestType, Response, Restrictions, ScheduleOsUpdate, ScheduleOsUpdateScan, ScheduledUpdate, SoftwareUpdate,
    StatusQuery, UpdateResult,
};
use crate::model::{Choice, DeclarationType, LegacyType};
use crate::words::{nearest, shown, speaks_of};

/// A legacy document as far as it could be read.
pub(crate) struct Legacy<'d> {
    /// What it is.
    pub(crate) document: LegacyType,
    pub(crate) dialect: Dialect,
    /// What is judged by itself: of a command the command and each update, of a profile each payload.
    pub(crate) parts: Vec<Part<'d>>,
    /// Payloads about updates that Apple does not have.
    pub(crate) strangers: Vec<Stranger<'d>>,
}

/// A payload that is none.
pub(crate) struct Stranger<'d> {
    pub(crate) node: Node<'d>,
    pub(crate) pointer: String,
    /// Whether it is the type of a declaration.
    pub(crate) is_declaration: bool,
}

/// A part of a legacy document.
pub(crate) struct Part<'d> {
    pub(crate) owner: LegacyType,
    pub(crate) node: Node<'d>,
    pub(crate) pointer: String,
    pub(crate) dialect: Dialect,
    pub(crate) content: Content,
}

/// What a part says.
pub(crate) enum Content {
    Schedule(Object<ScheduleOsUpdate>),
    Update(Object<ScheduledUpdate>),
    Scan(Object<ScheduleOsUpdateScan>),
    Query(Object<StatusQuery>),
    Response(Object<Response>),
    Result(Object<UpdateResult>),
    Profile(Object<Profile>),
    SoftwareUpdate(Object<SoftwareUpdate>),
    Restrictions(Object<Restrictions>),
}

impl<'d> Part<'d> {
    /// The keys that stand there.
    pub(crate) fn named(&self) -> Vec<&'static dyn AnyKey> {
        match &self.content {
            Content::Schedule(object) => object.named(),
            Content::Update(object) => object.named(),
            Content::Scan(object) => object.named(),
            Content::Query(object) => object.named(),
            Content::Response(object) => object.named(),
            Content::Result(object) => object.named(),
            Content::Profile(object) => object.named(),
            Content::SoftwareUpdate(object) => object.named(),
            Content::Restrictions(object) => object.named(),
        }
    }

    /// Whether it stands for the whole of what its owner is, and not for an item of it.
    pub(crate) fn is_head(&self) -> bool {
        !matches!(self.content, Content::Update(_) | Content::Result(_))
    }

    /// The value of a key, as a document of this dialect names it, and that name.
    pub(crate) fn member(&self, key: &str) -> Option<(String, Node<'d>)> {
        let name = self.dialect.write(key).into_owned();
        let node = self.node.member(&name)?;
        Some((name, node))
    }
}

/// Reads a legacy document, or returns `None` if this is none that has to do with updates.
pub(super) fn read<'d>(root: Node<'d>, strictness: Strictness, problems: &mut Problems) -> Option<Legacy<'d>> {
    if let Some(request) = Request::find(root) {
        return request.read(root, strictness, problems);
    }
    if is_response(root, strictness) {
        return Some(read_response(root, problems));
    }
    read_profile(root, problems)
}

/// What a document is that this program knows and has nothing to say about, as a clause after "this is".
pub(super) fn other(root: Node<'_>) -> Option<String> {
    if let Some(request) = Request::find(root) {
        return Some(format!("the MDM command {}, and no declaration", shown(&request.name)));
    }
    if root.is_translated() && root.member("Type").is_some() && root.member("Payload").is_some() {
        return Some("a property list, and devices take declarations in JSON alone".to_owned());
    }
    if is_policy(root) {
        return Some("a policy, which --policy applies, and no declaration".to_owned());
    }
    let is_profile = root.member("PayloadType").is_some_and(|node| node.as_str().is_some());
    is_profile.then(|| "a configuration profile without settings for updates, and no declaration".to_owned())
}

/// A command, and where it stands.
struct Request<'d> {
    dialect: Dialect,
    /// The key that the command is the value of, unless it stands alone.
    frame: Option<&'static str>,
    command: Node<'d>,
    name: String,
}

impl<'d> Request<'d> {
    fn find(root: Node<'d>) -> Option<Self> {
        let name = |command: Node<'d>, key| command.member(key)?.as_str().map(std::borrow::Cow::into_owned);
        for (dialect, frame, key) in [(Dialect::Apple, "Command", "RequestType"), (Dialect::Snake, "command", "request_type")] {
            if let Some(command) = root.member(frame)
                && let Some(name) = name(command, key)
            {
                return Some(Self { dialect, frame: Some(frame), command, name });
            }
            // An answer may repeat what was asked.
            if let Some(name) = name(root, key).filter(|_| root.member("Status").is_none()) {
                return Some(Self { dialect, frame: None, command: root, name });
            }
        }
        None
    }

    fn read(self, root: Node<'d>, strictness: Strictness, problems: &mut Problems) -> Option<Legacy<'d>> {
        let names = RequestType::NAMES;
        let meant = names.iter().copied().find(|name| *name == self.name).or_else(|| nearest(&self.name, names.iter().copied()));
        // Of a command that stands alone and is made by a template nobody knows what it is.
        let meant =
            meant.or_else(|| (strictness == Strictness::Named && problems.templates.are_in(&self.name)).then_some(names[0]))?;
        let request = names.iter().position(|name| *name == meant).and_then(RequestType::at)?;
        let document = LegacyType::from(request);
        problems.dialect = self.dialect;
        let path = if let Some(frame) = self.frame {
            problems.of = Some(Owner::Legacy(LegacyType::Command));
            read_object(root, Path::Root, command::KEYS, problems);
            Path::Key(&Path::Root, frame)
        } else {
            problems.lead = &["Command"];
            Path::Root
        };
        problems.of = Some(Owner::Legacy(document));
        let content = match request {
            RequestType::ScheduleOSUpdate => {
                Content::Schedule(read_object(self.command, path, command::schedule::KEYS, problems))
            }
            RequestType::ScheduleOSUpdateScan => Content::Scan(read_object(self.command, path, command::scan::KEYS, problems)),
            RequestType::AvailableOSUpdates => {
                Content::Query(read_object(self.command, path, command::available::KEYS, problems))
            }
            RequestType::OSUpdateStatus => Content::Query(read_object(self.command, path, command::status::KEYS, problems)),
        };
        let part = |node, pointer, content| Part { owner: document, node, pointer, dialect: self.dialect, content };
        let mut parts = vec![part(self.command, path.pointer(), content)];
        let name = self.dialect.write("Updates");
        let updates = Path::Key(&path, &name);
        if request == RequestType::ScheduleOSUpdate {
            for (at, update) in items(self.command, &name) {
                // What is wrong in it was found above.
                let mut again = Problems { dialect: self.dialect, ..Problems::new(&problems.templates) };
                let item = Path::Index(&updates, at);
                let content = Content::Update(read_object(update, item, command::update::KEYS, &mut again));
                parts.push(part(update, item.pointer(), content));
            }
        }
        Some(Legacy { document, dialect: self.dialect, parts, strangers: Vec::new() })
    }
}

/// The objects in an array, with their numbers.
fn items<'d>(object: Node<'d>, key: &str) -> impl Iterator<Item = (usize, Node<'d>)> {
    let all = object.member(key).into_iter().flat_map(Node::elements).enumerate();
    all.filter(|(_, item)| item.kind() == Kind::Object)
}

/// In a folder only what no other command answers; in a named file also the rest of an answer.
fn is_response(root: Node<'_>, strictness: Strictness) -> bool {
    let has = |key, kind| root.member(key).is_some_and(|node| node.kind() == kind);
    let is_ours = ["UpdateResults", "AvailableOSUpdates", "OSUpdateStatus"].into_iter().any(|key| has(key, Kind::Array));
    let is_answer = || {
        has("Status", Kind::String)
            && (has("ErrorChain", Kind::Array) || has("CommandUUID", Kind::String) || has("UDID", Kind::String))
    };
    is_ours || has("ScanInitiated", Kind::Boolean) || (strictness == Strictness::Named && is_answer())
}

fn read_response<'d>(root: Node<'d>, problems: &mut Problems) -> Legacy<'d> {
    let document = LegacyType::Response;
    problems.of = Some(Owner::Legacy(document));
    let content = Content::Response(read_object(root, Path::Root, response::answer::KEYS, problems));
    let part = |node, pointer, content| Part { owner: document, node, pointer, dialect: Dialect::Apple, content };
    let mut parts = vec![part(root, String::new(), content)];
    for (at, result) in items(root, "UpdateResults") {
        let mut again = Problems::new(&problems.templates);
        let path = Path::Key(&Path::Root, "UpdateResults");
        let path = Path::Index(&path, at);
        parts.push(part(result, path.pointer(), Content::Result(read_object(result, path, response::result::KEYS, &mut again))));
    }
    Legacy { document, dialect: Dialect::Apple, parts, strangers: Vec::new() }
}

/// What a payload of a profile is, as far as it matters here.
enum Payload {
    SoftwareUpdate,
    Restrictions,
    /// A declaration, which no profile can hold.
    Declaration,
    /// A type that Apple does not have, and what was meant if that can be told.
    Invented(Option<&'static str>),
}

fn payload(node: Node<'_>) -> Option<Payload> {
    let name = node.member("PayloadType")?.as_str()?;
    let (updates, restrictions) = (LegacyType::SoftwareUpdate.as_str(), LegacyType::Restrictions.as_str());
    if name == updates {
        return Some(Payload::SoftwareUpdate);
    }
    if name == restrictions {
        return node
            .members()
            .any(|(key, _)| key.as_str().is_some_and(|key| speaks_of(&key, profile::OURS)))
            .then_some(Payload::Restrictions);
    }
    if name.parse().is_ok_and(|kind: DeclarationType| !matches!(kind, DeclarationType::Other(_)))
        || name.starts_with("com.apple.configuration.")
    {
        return Some(Payload::Declaration);
    }
    if let Some(near) = nearest(&name, [updates]) {
        return Some(Payload::Invented(Some(near)));
    }
    let is_ours = name.starts_with("com.apple.") && name.to_ascii_lowercase().contains("update");
    is_ours.then_some(Payload::Invented(None))
}

/// Reads a profile with payloads about updates, or such a payload alone.
fn read_profile<'d>(root: Node<'d>, problems: &mut Problems) -> Option<Legacy<'d>> {
    root.member("PayloadType")?.as_str()?;
    if let Some(kind) = payload(root) {
        problems.lead = &["PayloadContent", "*"];
        let mut legacy =
            Legacy { document: LegacyType::Profile, dialect: Dialect::Apple, parts: Vec::new(), strangers: Vec::new() };
        read_part(root, &kind, Path::Root, problems, &mut legacy);
        legacy.document = legacy.parts.first().map_or(LegacyType::Profile, |part| part.owner);
        return Some(legacy);
    }
    let payloads: Vec<(usize, Node<'d>, Payload)> =
        items(root, "PayloadContent").filter_map(|(at, node)| Some((at, node, payload(node)?))).collect();
    if payloads.is_empty() {
        return None;
    }
    let owner = LegacyType::Profile;
    problems.of = Some(Owner::Legacy(owner));
    let content = Content::Profile(read_object(root, Path::Root, profile::frame::KEYS, problems));
    let parts = vec![Part { owner, node: root, pointer: String::new(), dialect: Dialect::Apple, content }];
    let mut legacy = Legacy { document: owner, dialect: Dialect::Apple, parts, strangers: Vec::new() };
    let path = Path::Key(&Path::Root, "PayloadContent");
    for (at, node, kind) in payloads {
        read_part(node, &kind, Path::Index(&path, at), problems, &mut legacy);
    }
    Some(legacy)
}

fn read_part<'d>(node: Node<'d>, kind: &Payload, path: Path<'_>, problems: &mut Problems, legacy: &mut Legacy<'d>) {
    if let Payload::Declaration | Payload::Invented(_) = kind
        && let Some(name) = node.member("PayloadType")
    {
        let meant = if let Payload::Invented(meant) = kind { *meant } else { None };
        let is_declaration = matches!(kind, Payload::Declaration);
        let written = name.as_str().unwrap_or_default().into_owned();
        if meant.is_none() {
            legacy.strangers.push(Stranger { node, pointer: path.pointer(), is_declaration });
        }
        let found = ProblemKind::UnknownPayload { name: written, meant, is_declaration };
        problems.push(Problem::new(found, &Path::Key(&path, "PayloadType"), name.span()));
    }
    let (owner, content) = match kind {
        Payload::SoftwareUpdate | Payload::Invented(Some(_)) => {
            let owner = LegacyType::SoftwareUpdate;
            problems.of = Some(Owner::Legacy(owner));
            (owner, Content::SoftwareUpdate(read_object(node, path, profile::software_update::KEYS, problems)))
        }
        Payload::Restrictions => {
            let owner = LegacyType::Restrictions;
            problems.of = Some(Owner::Legacy(owner));
            (owner, Content::Restrictions(read_object(node, path, profile::restrictions::KEYS, problems)))
        }
        Payload::Declaration | Payload::Invented(None) => return,
    };
    legacy.parts.push(Part { owner, node, pointer: path.pointer(), dialect: Dialect::Apple, content });
}
