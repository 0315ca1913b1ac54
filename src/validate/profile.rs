//! Reads profiles: their payloads about updates, and the settings in them.

use super::legacy::{Legacy, Stranger, objects};
use super::rules::unknown_type;
use super::{Part, Strictness, Validator};
use crate::apple::{ABOUT_UPDATES, Family, PREFERENCES_PROFILE, RESTRICTIONS_PROFILE, SOFTWARE_UPDATE_PROFILE, TypeId, others};
use crate::diagnostic::Region;
use crate::syntax::{Kind, Node, Path, Syntax};
use crate::words::{nearest, speaks_of};

/// The payloads whose settings are judged.
const SETTINGS: [&str; 2] = [SOFTWARE_UPDATE_PROFILE, RESTRICTIONS_PROFILE];

/// The groups of managed preferences, and whether users can change what a group sets.
const GROUPS: [(&str, bool); 2] = [("Forced", false), ("Set-Once", true)];

/// A payload that concerns updates.
enum Payload {
    /// A payload of this type. The name of the type may be misspelled or missing.
    Known(&'static str, Naming),
    /// A declaration, which a profile cannot hold.
    Declaration,
    /// A type that Apple does not define.
    Undefined,
}

/// How a payload names its type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    Exact,
    Near,
    /// Its keys tell the type.
    Missing,
}

/// Whether this is a profile or a payload, by the keys that every one has.
pub(super) fn is_one(root: Node<'_>) -> bool {
    root.member("PayloadType").is_some_and(|node| node.as_str().is_some()) || has_payloads(root)
}

fn has_payloads(root: Node<'_>) -> bool {
    root.member("PayloadContent").is_some_and(|node| node.kind() == Kind::Array)
}

/// Reads a profile with payloads about updates, such a payload alone, or its settings alone, as Jamf takes them.
pub(super) fn read<'d>(root: Node<'d>, strictness: Strictness, validator: &mut Validator<'d>) -> Option<Legacy<'d>> {
    let profile = validator.schema.only(Family::ProfileFrame)?;
    let mut legacy = Legacy::new(profile, Vec::new());
    let alone = if is_one(root) { payload(root, validator) } else { settings_alone(root, strictness, validator) };
    if let Some(kind) = alone {
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
    legacy.parts.push(Part::new(profile, rows, root, String::new()));
    let path = Path::Key(&Path::Root, "PayloadContent");
    for (at, node, kind) in payloads {
        read_payload(node, &kind, Path::Index(&path, at), validator, &mut legacy);
    }
    Some(legacy)
}

/// What a payload has to do with updates; `None` for most payloads.
fn payload(node: Node<'_>, validator: &Validator<'_>) -> Option<Payload> {
    let Some(written) = node.member("PayloadType").and_then(Node::as_str) else {
        // The profile itself may lack its type.
        let known = if has_payloads(node) { None } else { of_keys(node, false, validator) };
        return known.map(|name| Payload::Known(name, Naming::Missing));
    };
    let name = written.trim();
    let is_declaration = |kind: TypeId| validator.schema.kind(kind).family.is_declaration();
    if validator.schema.find(name).is_some_and(is_declaration) || name.starts_with("com.apple.configuration.") {
        return Some(Payload::Declaration);
    }
    let kinds = || [SOFTWARE_UPDATE_PROFILE, RESTRICTIONS_PROFILE, PREFERENCES_PROFILE].into_iter();
    if let Some(kind) = kinds().find(|kind| *kind == name).or_else(|| nearest(name, kinds())) {
        let concerns_updates = match kind {
            SOFTWARE_UPDATE_PROFILE => true,
            RESTRICTIONS_PROFILE => is_about_updates(node),
            _ => preferences(node).next().is_some(),
        };
        let naming = if kind == written { Naming::Exact } else { Naming::Near };
        return concerns_updates.then_some(Payload::Known(kind, naming));
    }
    let is_ours = name.starts_with("com.apple.") && name.to_ascii_lowercase().contains("update");
    is_ours.then_some(Payload::Undefined)
}

fn is_about_updates(settings: Node<'_>) -> bool {
    settings.members().any(|(key, _)| key.as_str().is_some_and(|key| speaks_of(&key, ABOUT_UPDATES)))
}

/// The payload whose settings a property list holds without anything around them. In a folder all keys must be known:
/// a Mac keeps other preferences in such files too.
fn settings_alone(root: Node<'_>, strictness: Strictness, validator: &Validator<'_>) -> Option<Payload> {
    let is_framed = ["PayloadIdentifier", "PayloadUUID"].into_iter().any(|key| root.member(key).is_some());
    if root.syntax() != Syntax::PropertyList && !is_framed {
        return None;
    }
    let are_all_known = strictness == Strictness::Found && !is_framed;
    of_keys(root, are_all_known, validator).map(|name| Payload::Known(name, Naming::Missing))
}

/// The only payload type that has some of these keys, or all of them.
fn of_keys(node: Node<'_>, all: bool, validator: &Validator<'_>) -> Option<&'static str> {
    let schema = validator.schema;
    let own = |name: &str| schema.find(name).map(|kind| schema.own_keys(kind)).unwrap_or_default();
    let mut kinds = SETTINGS.into_iter().filter(|name| {
        let (rows, mut known, mut others) = (own(name), 0_usize, 0_usize);
        for (key, _) in node.members().filter(|(key, _)| !key.as_str().is_some_and(|key| key.starts_with("Payload"))) {
            let is_known = key.as_str().is_some_and(|key| schema.find_key(rows, &key).is_some());
            *(if is_known { &mut known } else { &mut others }) += 1;
        }
        known > 0 && (others == 0 || !all)
    });
    let only = kinds.next()?;
    kinds.next().is_none().then_some(only)
}

/// Settings in managed preferences.
struct Preferences<'d> {
    /// The key of their domain.
    domain: Node<'d>,
    kind: &'static str,
    group: &'static str,
    at: usize,
    is_once: bool,
    settings: Node<'d>,
}

/// The settings about updates in managed preferences.
fn preferences(payload: Node<'_>) -> impl Iterator<Item = Preferences<'_>> {
    let domains = payload.member("PayloadContent").into_iter().flat_map(Node::members);
    domains.flat_map(|(domain, groups)| {
        let name = domain.as_str().unwrap_or_default();
        let kind = SETTINGS.into_iter().find(|kind| *kind == name).or_else(|| nearest(name.trim(), SETTINGS));
        kind.into_iter().flat_map(move |kind| {
            GROUPS.into_iter().flat_map(move |(group, is_once)| {
                objects(groups, group).filter_map(move |(at, item)| {
                    let settings = item.member(SETTINGS_KEY).filter(|settings| settings.kind() == Kind::Object)?;
                    let is_ours = kind == SOFTWARE_UPDATE_PROFILE || is_about_updates(settings);
                    is_ours.then_some(Preferences { domain, kind, group, at, is_once, settings })
                })
            })
        })
    })
}

/// The key of the settings in an item of managed preferences.
const SETTINGS_KEY: &str = "mcx_preference_settings";

fn read_payload<'d>(node: Node<'d>, kind: &Payload, path: Path<'_>, validator: &mut Validator<'d>, legacy: &mut Legacy<'d>) {
    let is_declaration = matches!(kind, Payload::Declaration);
    let known = if let Payload::Known(name, naming) = kind { Some((*name, *naming)) } else { None };
    if known.is_none() {
        legacy.strangers.push(Stranger { node, pointer: path.pointer(), is_declaration });
    }
    if known.is_none_or(|(_, naming)| naming == Naming::Near)
        && let Some(name) = node.member("PayloadType")
    {
        let path = Path::Key(&path, "PayloadType");
        let meant = known.map(|(name, _)| name);
        let diagnostic = unknown_type::payload(validator.site(name, &path), meant, is_declaration);
        validator.diagnostics.push(diagnostic);
    }
    let Some((name, naming)) = known else { return };
    let Some(id) = validator.schema.find(name) else { return };
    validator.kind = Some(id);
    validator.others = others(name);
    // Settings alone lack the keys that every payload has.
    let has_frame = |(key, _): (Node<'_>, Node<'_>)| key.as_str().is_some_and(|key| key.starts_with("Payload"));
    let is_alone = naming == Naming::Missing && !node.members().any(has_frame);
    let rows = if is_alone { validator.schema.own_keys(id) } else { validator.schema.kind(id).keys };
    validator.object(node, &path, rows, None);
    if name == PREFERENCES_PROFILE {
        read_preferences(node, path, validator, legacy);
    } else {
        legacy.parts.push(Part::new(id, rows, node, path.pointer()));
    }
}

/// Reads the settings in managed preferences as the payloads that their domains name.
fn read_preferences<'d>(payload: Node<'d>, path: Path<'_>, validator: &mut Validator<'d>, legacy: &mut Legacy<'d>) {
    let content = Path::Key(&path, "PayloadContent");
    for Preferences { domain, kind, group, at, is_once, settings } in preferences(payload) {
        let Some(id) = validator.schema.find(kind) else { continue };
        let name = domain.as_str().unwrap_or_default();
        let place = Path::Key(&content, &name);
        if !domain.is_str(kind) {
            let diagnostic = unknown_type::payload(validator.site(domain, &place), Some(kind), false);
            validator.diagnostics.push(diagnostic);
        }
        let named = Some(Region { pointer: place.pointer(), span: domain.span() });
        let (items, rows) = (Path::Key(&place, group), validator.schema.own_keys(id));
        let item = Path::Index(&items, at);
        let path = Path::Key(&item, SETTINGS_KEY);
        validator.kind = Some(id);
        validator.others = others(kind);
        validator.object(settings, &path, rows, None);
        legacy.parts.push(Part { named, is_once, ..Part::new(id, rows, settings, path.pointer()) });
    }
}
