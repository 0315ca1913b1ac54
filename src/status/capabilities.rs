//! What the device says it knows, and what of the set it therefore does not have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::explain::Joined;
use super::hidden::Hidden;
use super::read::LISTS;
use super::report::Report;
use super::{device, explain};
use crate::apple::{Family, Schema};
use crate::hash::Set;
use crate::words::{list, shown};

/// The version of the protocol that this program knows.
const PROTOCOL: &str = "1.0.0";

/// The types that a device does not know.
#[derive(Debug, Default)]
pub(crate) struct Unknown {
    /// The types of Apple's schema.
    pub(crate) of_schema: Vec<String>,
    /// The types of the set, each with its declarations.
    pub(crate) of_set: Vec<(String, Vec<usize>)>,
}

/// Says if the device speaks other versions of the protocol.
pub(super) fn versions(report: &Report, hidden: &Hidden) -> Vec<String> {
    let Some(capabilities) = report.capabilities() else { return Vec::new() };
    let versions = texts(capabilities.get("supported-versions"));
    if versions.is_empty() || versions.contains(PROTOCOL) {
        return Vec::new();
    }
    let versions: Vec<String> = versions.iter().take(5).map(|version| hidden.shown(version)).collect();
    let versions = list(&versions, "and");
    vec![format!("the device speaks version {versions} of the protocol; this explains it as version {PROTOCOL}")]
}

fn texts(json: Option<&Json>) -> BTreeSet<&str> {
    match json {
        Some(Json::Array(all)) => all.iter().filter_map(Json::as_str).collect(),
        Some(Json::String(one)) => BTreeSet::from([one.as_str()]),
        _ => BTreeSet::new(),
    }
}

/// The types that a device says it knows, by family; none of a family that the report does not list.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<Family, BTreeSet<String>>);

impl Known {
    pub(super) fn of(report: &Report) -> Self {
        let capabilities = report.capabilities().unwrap_or_default();
        let declarations = &capabilities["supported-payloads"]["declarations"];
        let owned = |list| texts(Some(list)).into_iter().map(str::to_owned).collect();
        let all = LISTS.into_iter().filter_map(|(name, family)| Some((family, owned(declarations.get(name)?))));
        Self(all.collect())
    }

    /// Whether the device knows a type; `None` if that is open.
    pub(super) fn knows(&self, family: Option<Family>, name: &str) -> Option<bool> {
        Some(self.0.get(&family?)?.contains(name))
    }
}

/// The types that the device does not know, of Apple's schema and of the set.
pub(super) fn unknown(known: &Known, joined: Option<&Joined<'_>>, schema: &Schema) -> Unknown {
    let mut unknown = Unknown::default();
    for (_, family) in LISTS {
        let Some(known) = known.0.get(&family) else { continue };
        let own = schema.types().map(|(_, kind)| kind).filter(|kind| kind.family == family && !known.contains(&*kind.name));
        unknown.of_schema.extend(own.map(|kind| kind.name.to_string()));
        let Some(joined) = joined else { continue };
        let mut of_set: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (who, member) in joined.set.members.iter().enumerate() {
            let name = member.kind.as_ref().map(|kind| kind.name(&joined.set.schema));
            if let Some(name) = name.filter(|name| Family::of(name) == Some(family) && !known.contains(*name)) {
                of_set.entry(name).or_default().push(who);
            }
        }
        unknown.of_set.extend(of_set.into_iter().map(|(name, all)| (name.to_owned(), all)));
    }
    unknown
}

/// The declarations of the set that the report does not have, and why.
pub(super) fn missing(report: &Report, known: &Known, joined: &Joined<'_>, hidden: &Hidden) -> Vec<explain::Missing> {
    let reported: Set<&str> = report.declarations.keys().map(|(_, name)| &**name).collect();
    let platform = device::device(report).map(|device| device.target.platform);
    let schema = &joined.set.schema;
    let mut all = Vec::new();
    for (who, member) in joined.set.members.iter().enumerate() {
        let Some(identifier) = member.identifier.as_deref().filter(|_| !member.is_template) else { continue };
        let kind = member.kind.as_ref().map(|kind| kind.name(schema));
        let family = kind.and_then(Family::of);
        if reported.contains(identifier) || kind.is_some() && family.is_none_or(|family| !family.is_declaration()) {
            continue;
        }
        let mut is_certain = report.lists_all();
        let reason = if let Some(name) = kind.filter(|name| known.knows(family, name) == Some(false)) {
            format!("the device does not know the type {}", shown(name))
        } else if platform.is_some_and(|platform| !member.platforms.contains(platform)) {
            is_certain = false;
            "the targets of its file are other platforms".to_owned()
        } else if member.channel == crate::apple::Channel::User {
            is_certain = false;
            "it is for the user channel, which sends reports of its own".to_owned()
        } else if !is_certain {
            "the report has only what changed, so the device may have it".to_owned()
        } else if let Some(renamed) = reported_as(identifier, &reported) {
            format!("the device has {}; did the server rename it?", hidden.shown(renamed))
        } else {
            "the device did not fetch it, or could not load it: see whether the server lists it in declaration-items and \
             serves it for this device"
                .to_owned()
        };
        all.push(explain::Missing { who, reason, is_certain });
    }
    all
}

/// The name under which a server may deliver a declaration: with something before or after it.
fn reported_as<'r>(identifier: &str, reported: &Set<&'r str>) -> Option<&'r str> {
    // Each declaration is compared with all names.
    if identifier.len() <= 5 || reported.len() > 1000 {
        return None;
    }
    reported.iter().copied().filter(|name| name.contains(identifier)).min()
}
