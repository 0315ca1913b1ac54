//! Sets of declarations: which are active together on a device, and what they say in combination.
//!
//! This module does no I/O. It numbers declarations in the order of reading and keeps only what later steps need of
//! each. Settings go into tallies, which store each distinct value once.

mod combine;
#[cfg(test)]
mod combine_tests;
mod declared;
mod enforcements;
mod listed;
mod member;
mod place;
mod premises;
pub(crate) mod publish;
mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use combine::Tally;
pub use combine::{Decision, Part};
pub(crate) use declared::{Declared, Flaw, Said};
pub(crate) use enforcements::{Enforcements, Order};
pub(crate) use listed::{Items, Listed, ListedPath};
pub(crate) use member::{Activated, AssetData, AssetReference, Member, Premise, Reference, TypeName, Wanted};
pub(crate) use place::{SetDraft, SetDrafts, SetSpot, Where};
pub(crate) use scope::{Named, Scope};

use crate::apple::Settings;
use crate::apple::settings::{COMBINED_PERIOD, MAJOR_PERIOD, MINOR_PERIOD};
use crate::apple::status_subscriptions::STATUS_ITEMS;
use crate::apple::{
    ACTIVATION, Apply, Channel, ENFORCEMENT, Family, KeyPath, PROPERTIES, SETTINGS, STATUS_SUBSCRIPTIONS, Schema, TypeId, Value,
};
use crate::hash::{Map, Set};
use crate::syntax::{self, Placeholders};
use crate::validate::{self, Object, Validator};

/// Who activates the configurations that no activation references.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Activations {
    /// Nothing does: the set declares all its activations. A set without any is one whose activations are elsewhere.
    #[default]
    Declared,
    /// The server, as Fleet, Jamf, SimpleMDM and Zentral do.
    Server,
}

/// The deferrals of updates that enforcements install. The fourth concerns other updates.
const DEFERRALS: [KeyPath; 3] = [COMBINED_PERIOD, MAJOR_PERIOD, MINOR_PERIOD];

/// All declarations of a run.
pub(crate) struct Gathered {
    pub(crate) schema: Arc<Schema>,
    /// Who activates the configurations that no activation references.
    pub(crate) activated_by: Activations,
    pub(crate) members: Vec<Member>,
    /// The contents of activations, by number; `None` if an activation could not be read.
    pub(crate) activations: BTreeMap<usize, Option<Activated>>,
    /// The assets that configurations reference, by number; `None` if some references could not be read. Most
    /// configurations reference none and have no entry.
    pub(crate) references: BTreeMap<usize, Option<Vec<AssetReference>>>,
    /// The status items that declarations subscribe to, by number; `None` if some are unknown.
    pub(crate) subscriptions: BTreeMap<usize, Option<Vec<String>>>,
    /// The properties that declarations set, by number; `None` if some are unknown.
    pub(crate) properties: BTreeMap<usize, Option<Value>>,
    /// What assets say about their data, by number.
    pub(crate) data: BTreeMap<usize, AssetData>,
    /// The contents of enforcements, by number.
    pub(crate) enforcements: BTreeMap<usize, Wanted>,
    /// The [deferrals](DEFERRALS) in settings, by number: one bit for each. Most settings have none and have no entry.
    deferrals: Map<usize, u8>,
    /// The values of each type that devices combine.
    tallies: BTreeMap<TypeId, Tally>,
}

/// Which declarations are known to be active together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Together {
    /// Those that one activation references, and those of a set in the configuration.
    Activated,
    /// All of them, because the user says so.
    All,
}

impl Gathered {
    pub(crate) fn new(schema: Arc<Schema>) -> Self {
        Self {
            schema,
            activated_by: Activations::default(),
            members: Vec::new(),
            activations: BTreeMap::new(),
            references: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            properties: BTreeMap::new(),
            data: BTreeMap::new(),
            enforcements: BTreeMap::new(),
            deferrals: Map::default(),
            tallies: BTreeMap::new(),
        }
    }

    /// Adds the declarations of a file. `sets` are the sets in the configuration that contain the file.
    pub(crate) fn add(&mut self, file: &Arc<str>, sets: &[usize], declarations: Vec<Declared>) {
        for declared in declarations {
            self.add_one(file, sets, declared);
        }
    }

    fn add_one(&mut self, file: &Arc<str>, sets: &[usize], declared: Declared) {
        let Declared { identifier, is_named: _, is_template, kind, platforms, channel, content, span, index, start, end, said } =
            declared;
        let Said {
            server_token,
            written,
            is_broken,
            payload,
            is_complete,
            names_channel,
            flaw,
            unknown_on,
            activated,
            assets,
            data,
            text,
        } = said.map_or_else(Said::default, |said| *said);
        let who = self.members.len();
        let schema = &self.schema;
        if let Some(id) = kind.as_ref().and_then(TypeName::id) {
            let kind = schema.kind(id);
            if kind.name == ACTIVATION {
                self.activations.insert(who, activated);
            }
            if kind.name == STATUS_SUBSCRIPTIONS {
                self.subscriptions.insert(who, subscribed(&payload, is_complete));
            }
            if kind.name == PROPERTIES {
                self.properties.insert(who, is_complete.then(|| payload.clone()));
            }
            if kind.family == Family::Configuration && assets.as_ref().is_none_or(|assets| !assets.is_empty()) {
                self.references.insert(who, assets);
            }
            self.data.extend(data.map(|data| (who, data)));
            if kind.name == ENFORCEMENT {
                self.enforcements.insert(who, Wanted::of(&payload, is_complete));
            }
            if kind.name == SETTINGS {
                let bit = |(at, key): (usize, &KeyPath)| u8::from(payload.at(key).is_some()) << at;
                let deferrals = DEFERRALS.iter().enumerate().map(bit).sum();
                if deferrals > 0 {
                    self.deferrals.insert(who, deferrals);
                }
            }
            if kind.apply == Some(Apply::Combined) && is_complete {
                self.tallies.entry(id).or_default().add(schema, id, &payload, who);
            }
        }
        self.members.push(Member {
            file: file.clone(),
            index,
            identifier,
            is_template,
            kind,
            start,
            end,
            span,
            server_token,
            written,
            is_broken,
            content: content.unwrap_or_default(),
            is_complete,
            channel,
            names_channel,
            flaw,
            unknown_on,
            platforms,
            sets: sets.to_vec(),
            text,
        });
    }

    /// Whether a device combines the declaration with others of its type.
    pub(crate) fn is_combined(&self, who: usize) -> bool {
        self.members[who].type_id().is_some_and(|id| self.schema.kind(id).apply == Some(Apply::Combined))
    }

    /// The declarations with each identifier.
    pub(crate) fn by_identifier(&self) -> Map<&str, Vec<usize>> {
        let mut all: Map<&str, Vec<usize>> = Map::default();
        for (who, member) in self.members.iter().enumerate() {
            if let Some(identifier) = &member.identifier {
                all.entry(identifier).or_default().push(who);
            }
        }
        all
    }

    /// The sets of declarations that are known to be active together.
    pub(crate) fn sets(&self, together: Together) -> Vec<Vec<usize>> {
        let reach = self.reach();
        let reaches = |who: usize| reach[who];
        if together == Together::All {
            return self.possible((0..self.members.len()).collect(), &reaches);
        }
        // Most runs have no activations, and need no lookup by identifier.
        let known = if self.activations.is_empty() { Map::default() } else { self.by_identifier() };
        let activated = self.activations.iter().filter_map(|(who, activated)| Some((who, activated.as_ref()?)));
        let activated = activated.flat_map(|(activation, Activated { references, .. })| {
            let distinct: Set<&str> = references.iter().map(|reference| reference.name.as_str()).collect();
            let Member { platforms: own, channel, .. } = self.members[*activation];
            let named = distinct.iter().filter_map(|name| known.get(name)).flatten().copied();
            let mut set: Vec<usize> = named.filter(|who| self.members[*who].channel == channel).collect();
            set.sort_unstable();
            self.possible(set, &|who| self.members[who].platforms.intersection(own))
        });
        let named = self.named().into_iter().flat_map(|set| self.possible(set, &reaches));
        activated.chain(named).collect()
    }

    /// Adds sets to those in the configuration. `of` returns the indexes of the new sets that contain a declaration. Returns the
    /// index that the first of them gets.
    pub(crate) fn add_sets(&mut self, of: impl Fn(&Member) -> Vec<usize>) -> usize {
        let first = self.members.iter().filter_map(|member| member.sets.iter().max()).max().map_or(0, |last| last + 1);
        for member in &mut self.members {
            let sets = of(member);
            member.sets.extend(sets.into_iter().map(|set| first + set));
        }
        first
    }

    /// Splits declarations by their channels, which are apart on a device. One part if all have the same.
    pub(crate) fn by_channel(&self, set: Vec<usize>) -> Vec<Vec<usize>> {
        let mut parts: BTreeMap<Channel, Vec<usize>> = BTreeMap::new();
        for who in set {
            parts.entry(self.members[who].channel).or_default().push(who);
        }
        parts.into_values().collect()
    }

    /// The sets in the configuration.
    pub(crate) fn named(&self) -> Vec<Vec<usize>> {
        let mut named: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (who, member) in self.members.iter().enumerate() {
            for set in &member.sets {
                named.entry(*set).or_default().push(who);
            }
        }
        named.into_values().collect()
    }

    /// The types that devices combine and that have at least one declaration.
    pub(crate) fn combined_types(&self) -> impl Iterator<Item = TypeId> {
        self.tallies.keys().copied()
    }

    /// Combines the declarations of a type in each set.
    pub(crate) fn combine(&self, kind: TypeId, sets: &[Vec<usize>]) -> Vec<Combination<'_>> {
        let none = Tally::default();
        let tally = self.tallies.get(&kind).unwrap_or(&none);
        let combine = |tally: &Tally| {
            let (payload, decisions) = tally.combine(&self.schema);
            Combination { gathered: self, kind, payload, decisions }
        };
        let is_tallied = |who: &usize| self.members[*who].is_complete && self.members[*who].type_id() == Some(kind);
        let counts: Vec<usize> = sets.iter().map(|set| set.iter().filter(|who| is_tallied(who)).count()).collect();
        // The most common case: one set has all declarations of the type, and the others have none.
        let mut with_type = counts.iter().filter(|count| **count > 0);
        if with_type.next() == Some(&tally.count()) && with_type.next().is_none() {
            return counts.iter().map(|count| combine(if *count > 0 { tally } else { &none })).collect();
        }
        let mut sets_of = vec![Vec::new(); self.members.len()];
        for (at, set) in sets.iter().enumerate() {
            for who in set.iter().filter(|who| is_tallied(who)) {
                sets_of[*who].push(at);
            }
        }
        tally.split(&sets_of, sets.len()).iter().map(combine).collect()
    }
}

/// The status items that a payload subscribes to; `None` if some are unknown.
fn subscribed(payload: &Value, is_complete: bool) -> Option<Vec<String>> {
    let items = payload.at(STATUS_ITEMS).filter(|_| is_complete)?.items();
    items.iter().map(|item| item.member("Name")?.as_str().map(str::to_owned)).collect()
}

/// Combines settings as a device does, with Apple's combine rule for each key:
///
/// - a number: the largest
/// - a boolean: `false`, if any setting says so
/// - an enum: the value that comes last in Apple's list
/// - the beta programs to offer: all distinct ones, in ascending order
/// - the beta program to require: the first
///
/// A key that no setting has stays unset. Rules across keys are not checked: two valid settings may conflict.
///
/// ```
/// use ddmc::apple::{DeferralDays, Deferrals, Settings};
///
/// let defers = |days| -> Result<Settings, ddmc::apple::InvalidValue> {
///     let major = Some(DeferralDays::try_from(days)?);
///     Ok(Settings { deferrals: Some(Deferrals { major_period_in_days: major, ..Deferrals::default() }), ..Settings::default() })
/// };
/// assert_eq!(ddmc::combine([defers(30)?, defers(60)?, Settings::default()]), defers(60)?);
/// # Ok::<(), ddmc::apple::InvalidValue>(())
/// ```
pub fn combine(all: impl IntoIterator<Item = Settings>) -> Settings {
    let schema = Schema::built_in();
    let mut tally = Tally::default();
    let Some(kind) = schema.find(SETTINGS) else { return Settings::default() };
    for (who, settings) in all.into_iter().enumerate() {
        with_payload(schema, kind, &settings, |payload| tally.add(schema, kind, &payload.value(), who));
    }
    // Each value comes from settings, so this cannot fail.
    serde_json::from_value(tally.combine(schema).0.to_json()).unwrap_or_default()
}

/// Serialises a payload, parses it as if it were in a file, and passes it to `take`.
fn with_payload<R>(
    schema: &Schema,
    kind: TypeId,
    payload: &impl serde::Serialize,
    take: impl FnOnce(Object<'_, '_>) -> R,
) -> Option<R> {
    let text = serde_json::to_vec(payload).ok()?;
    let mut buffers = syntax::Buffers::default();
    let document = syntax::parse_json(&text, &mut buffers).document?;
    let placeholders = Placeholders::default();
    let mut validator = Validator::new(schema, &placeholders);
    let reading = validate::read_payload(document.root(), kind, &mut validator);
    reading.payload().map(take)
}

/// The combined declarations of one type.
pub(crate) struct Combination<'g> {
    pub(crate) gathered: &'g Gathered,
    pub(crate) kind: TypeId,
    pub(crate) payload: Value,
    pub(crate) decisions: Vec<Decision>,
}

impl Combination<'_> {
    /// How a key got its value.
    pub(crate) fn decision(&self, path: &[&str]) -> Option<&Decision> {
        self.decisions.iter().find(|decision| decision.is_at(path))
    }

    /// Passes the combined payload to `take`, as if it were the payload of one declaration.
    pub(crate) fn with_payload<R>(&self, take: impl FnOnce(Object<'_, '_>) -> R) -> Option<R> {
        with_payload(&self.gathered.schema, self.kind, &self.payload, take)
    }

    /// Whether the declarations are of this type.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.gathered.schema.kind(self.kind).name == name
    }
}
