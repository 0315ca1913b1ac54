//! Combines declarations into the set to publish, as a device combines them.

mod finish;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::vec;

pub(crate) use finish::Active;
use finish::Draft;
pub use finish::Envelope;

use crate::apple::{Apply, Channel, Identifier, MOST_OCTETS, TypeId};
use crate::diagnostic::Severity;
use crate::hash::{Map, Set};
use crate::rules::{self, unmergeable_placeholder};
use crate::set::{Activated, Combination, Decision, Gathered, Scope, SetDrafts, Together, publish};
use crate::words::visible;

/// The beginning of the identifiers of merged declarations, if none is given.
const BASE: &str = "merged";

/// Options for [`Declarations::merge`](crate::Declarations::merge).
#[derive(Debug, Default)]
pub struct Options {
    /// The beginning of the identifiers of merged declarations; their types follow.
    pub identifier: Option<Identifier>,
    /// The keys that every declaration has besides its type, its identifier and its payload.
    pub envelope: Envelope,
    /// Whether each configuration that no activation references gets one. Activations are atomic, so one that references
    /// several configurations applies none of them if a device refuses one.
    pub adds_activations: bool,
}

/// The set to publish.
#[derive(Debug)]
#[non_exhaustive]
pub struct Merged {
    /// Sorted by type, then identifier.
    pub declarations: Vec<Published>,
    /// Where the settings come from, sorted by identifier.
    pub origins: Vec<Origin>,
    /// The identifiers of declarations of combined types that nothing joined. They would change if something did.
    pub unjoined: Vec<String>,
}

impl Merged {
    /// Writes the set as a JSON array.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"[")?;
        for (at, declaration) in self.declarations.iter().enumerate() {
            out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
            for (at, line) in declaration.text.lines().enumerate() {
                write!(out, "{}  {line}", if at == 0 { "" } else { "\n" })?;
            }
        }
        out.write_all(if self.declarations.is_empty() { b"]\n" } else { b"\n]\n" })?;
        out.flush()
    }
}

/// A declaration to publish.
#[derive(Debug)]
#[non_exhaustive]
pub struct Published {
    /// The `Type`.
    pub kind: String,
    /// The `Identifier`.
    pub identifier: String,
    /// The channel by which a device gets it.
    pub channel: Channel,
    /// The `ServerToken`, if one was derived from the content.
    pub server_token: Option<String>,
    /// The JSON text, without a final line feed.
    pub text: String,
    /// Whether a device applies it.
    pub(crate) active: Active,
}

/// Where the values of settings come from.
#[derive(Debug)]
#[non_exhaustive]
pub struct Origin {
    /// The `Identifier` of the published settings.
    pub identifier: String,
    /// The numbers of the declarations that they were combined from.
    pub from: Vec<usize>,
    /// How each key that is set got its value, in Apple's order.
    pub decisions: Vec<Decision>,
}

/// Why declarations without errors were not combined.
#[derive(Debug)]
pub(crate) enum Refused {
    /// The requested identifier cannot be used.
    Identifier(String),
    /// A declaration of this file is no longer the one that was checked.
    Changed(Arc<str>),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identifier(reason) => f.write_str(reason),
            Self::Changed(file) => write!(f, "{} changed while it was read; nothing was merged", visible(file)),
        }
    }
}

/// Declarations of one type that are always active together: the same activations reference all of them, or none.
struct Group {
    kind: TypeId,
    members: Vec<usize>,
    identifier: String,
    /// False if the members are copies of one declaration.
    is_combined: bool,
    /// Whether the identifier would be another one if the group had more members.
    is_unjoined: bool,
}

/// Groups declarations of combined types that are always active together. Groups of one type are in the order of the
/// names of their activations, their members in the order of reading.
pub(crate) fn groups(gathered: &Gathered) -> Vec<Vec<usize>> {
    grouped(gathered, Apply::Combined)
}

/// Groups declarations of each type that is applied in this way and that are always active together.
fn grouped(gathered: &Gathered, apply: Apply) -> Vec<Vec<usize>> {
    let is_applied = |who: usize| {
        let id = gathered.members[who].type_id();
        id.is_some_and(|id| gathered.schema.kind(id).apply == Some(apply))
    };
    // Activations are compared by name, so that the order of reading does not matter.
    let mut by_name: BTreeMap<(Channel, &str), Vec<&Activated>> = BTreeMap::new();
    for (who, activated) in &gathered.activations {
        by_name.entry(gathered.members[*who].in_channel()).or_default().extend(activated);
    }
    let mut activations: Map<(Channel, &str), Vec<usize>> = Map::default();
    for (rank, ((channel, _), activated)) in by_name.iter().enumerate() {
        for reference in activated.iter().flat_map(|activated| &activated.references) {
            let all = activations.entry((*channel, reference.name.as_str())).or_default();
            if all.last() != Some(&rank) {
                all.push(rank);
            }
        }
    }
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (who, member) in gathered.members.iter().enumerate().filter(|(who, _)| is_applied(*who)) {
        let by = activations.get(&member.in_channel()).map_or(&[] as &[usize], Vec::as_slice);
        groups.entry((member.type_id(), member.channel, by)).or_default().push(who);
    }
    groups.into_values().collect()
}

/// Returns the uncombined settings whose published text is not gathered yet. They are published unchanged.
pub(crate) fn alone(gathered: &Gathered) -> Vec<usize> {
    let groups = groups(gathered);
    let alone = groups.iter().filter(|group| !is_combined(gathered, group)).map(|group| group[0]);
    let mut alone: Vec<usize> = alone.filter(|who| gathered.members[*who].text.is_none()).collect();
    alone.sort_unstable();
    alone
}

/// Returns the findings about combining the declarations of each group.
pub(crate) fn judge(gathered: &Gathered, groups: &[Vec<usize>]) -> SetDrafts {
    let mut diagnostics = rules::sets::drafts();
    let unreadable = groups
        .iter()
        .filter(|group| is_combined(gathered, group))
        .flatten()
        .filter(|who| !gathered.members[**who].is_complete)
        .map(|who| unmergeable_placeholder::diagnostic(gathered, *who));
    diagnostics.extend(unreadable);
    let mut sets = gathered.sets(Together::Activated);
    let singles = grouped(gathered, Apply::Single);
    diagnostics.absorb(rules::sets::judge_actives(gathered, &[sets.as_slice(), &singles].concat()), |_| true);
    sets.extend_from_slice(groups);
    sets.sort();
    sets.dedup();
    // Notes do not affect publishing.
    diagnostics.absorb(rules::sets::judge_combinations(gathered, &sets, Severity::Warning), |_| true);
    for scope in Scope::run(gathered, Together::Activated) {
        rules::judge_references(&scope, &mut diagnostics);
    }
    diagnostics
}

/// Whether a group has at least two different declarations.
fn is_combined(gathered: &Gathered, group: &[usize]) -> bool {
    let identity = |who: &usize| (&gathered.members[*who].identifier, gathered.members[*who].content);
    group.iter().any(|who| identity(who) != identity(&group[0]))
}

/// Combines declarations for which [`judge`] reports no errors. `bases` returns the identifiers of the configured sets that
/// contain a file.
///
/// # Errors
/// Returns a message if an identifier cannot be used.
pub(crate) fn merge(gathered: &Gathered, options: &Options, bases: &dyn Fn(&str) -> Vec<Identifier>) -> Result<Merged, String> {
    let groups = named(gathered, options, bases)?;
    let (others, active): (Vec<_>, _) = {
        let mut names: Map<(Channel, &str), &str> = Map::default();
        // Only activations use the names.
        for group in groups.iter().filter(|_| !gathered.activations.is_empty()) {
            names.extend(group.members.iter().map(|who| (gathered.members[*who].in_channel(), group.identifier.as_str())));
        }
        (others(gathered, &names).collect(), finish::active(gathered, &names))
    };
    let mut published = Vec::new();
    let mut merged = Merged { declarations: Vec::new(), origins: Vec::new(), unjoined: Vec::new() };
    let mut combinations: BTreeMap<TypeId, vec::IntoIter<Combination<'_>>> = BTreeMap::new();
    let kinds: BTreeSet<TypeId> = groups.iter().map(|group| group.kind).collect();
    for kind in kinds {
        let of_kind = groups.iter().filter(|group| group.kind == kind);
        let sets: Vec<Vec<usize>> = of_kind.map(|group| group.members.clone()).collect();
        combinations.insert(kind, gathered.combine(kind, &sets).into_iter());
    }
    for group in groups {
        let first = &gathered.members[group.members[0]];
        let is_renamed = first.name() != group.identifier;
        let combination = combinations.get_mut(&group.kind).and_then(Iterator::next);
        let Some(Combination { payload, decisions, .. }) = combination else { continue };
        let kind = &gathered.schema.kind(group.kind).name;
        let mut text = match &first.text {
            Some(text) if !group.is_combined => (**text).clone(),
            _ => {
                let channel = group.members.iter().any(|who| gathered.members[*who].names_channel).then_some(first.channel);
                publish::made(kind, &group.identifier, channel, &payload)
            }
        };
        text.rename(&group.identifier);
        let token = first.server_token.as_deref().filter(|_| !group.is_combined && !is_renamed);
        text.set_token(token);
        published.push(Draft { kind: kind.to_string(), identifier: group.identifier.clone(), channel: first.channel, text });
        if group.is_unjoined {
            merged.unjoined.push(group.identifier.clone());
        }
        merged.origins.push(Origin { identifier: group.identifier, from: group.members, decisions });
    }
    published.extend(others);
    merged.declarations = finish::all(published, &active, gathered.activated_by, options);
    merged.declarations.sort_by(|one, other| (&one.kind, &one.identifier).cmp(&(&other.kind, &other.identifier)));
    merged.origins.sort_by(|one, other| one.identifier.cmp(&other.identifier));
    Ok(merged)
}

/// Gives each group its identifier: a base, its type, and a number from the second group of a type on. So it does not
/// depend on the declarations in the group.
fn named(gathered: &Gathered, options: &Options, bases: &dyn Fn(&str) -> Vec<Identifier>) -> Result<Vec<Group>, String> {
    let groups = groups(gathered);
    if options.identifier.is_some() && groups.is_empty() {
        return Err("--identifier names merged declarations, but the input has none of a type that devices combine".to_owned());
    }
    let mut is_ungrouped = vec![true; gathered.members.len()];
    groups.iter().flatten().for_each(|who| is_ungrouped[*who] = false);
    let others = (0..gathered.members.len()).filter(|who| is_ungrouped[*who]);
    let mut taken: Set<&str> = others.map(|who| gathered.members[who].name()).collect();
    let mut counts: Map<(String, TypeId), usize> = Map::default();
    let mut named = Vec::with_capacity(groups.len());
    for members in groups {
        let first = &gathered.members[members[0]];
        // Only declarations of a known type are combined.
        let kind = first.type_id().ok_or("a group has no type")?;
        let base = match &options.identifier {
            Some(identifier) => Some(identifier.clone()),
            None => common_base(gathered, &members, bases),
        };
        let is_combined = is_combined(gathered, &members);
        let is_unjoined = !is_combined && base.is_none();
        let base = base.map_or_else(|| BASE.to_owned(), |base| base.as_str().to_owned());
        // Every group counts, so that a declaration that joins one does not rename the others.
        let count = counts.entry((base.clone(), kind)).or_default();
        *count += 1;
        let short = gathered.schema.kind(kind).short();
        let identifier = match *count {
            _ if is_unjoined => first.name().to_owned(),
            1 => format!("{base}.{short}"),
            count => format!("{base}.{short}.{count}"),
        };
        if !is_unjoined && identifier.len() > MOST_OCTETS {
            return Err(format!(
                "{} would be the identifier of merged declarations, and has {} bytes; at most {MOST_OCTETS} are possible: \
                 use a shorter --identifier",
                visible(&identifier),
                identifier.len()
            ));
        }
        named.push(Group { kind, members, identifier, is_combined, is_unjoined });
    }
    for group in &named {
        if !taken.insert(&group.identifier) {
            let name = visible(&group.identifier);
            return Err(format!(
                "{name} would be the identifier of merged declarations, but is that of another declaration; use another --identifier"
            ));
        }
    }
    Ok(named)
}

/// The identifier of the first configured set that contains all members of a group.
fn common_base(gathered: &Gathered, members: &[usize], bases: &dyn Fn(&str) -> Vec<Identifier>) -> Option<Identifier> {
    let mut files = members.iter().map(|who| &gathered.members[*who].file).collect::<Vec<_>>();
    files.dedup();
    let mut common = bases(files.first()?);
    for file in &files[1..] {
        if common.is_empty() {
            break;
        }
        let of_file = bases(file);
        common.retain(|base| of_file.contains(base));
    }
    common.into_iter().next()
}

/// Returns the declarations that are not combined, without copies, and with references to the merged identifiers.
fn others<'g>(gathered: &'g Gathered, names: &'g Map<(Channel, &'g str), &'g str>) -> impl Iterator<Item = Draft> + 'g {
    let mut seen = Set::default();
    let members = gathered.members.iter().enumerate().filter(|(who, _)| !gathered.is_combined(*who));
    members.filter(move |(_, member)| seen.insert((&member.identifier, member.channel, member.content))).filter_map(
        |(who, member)| {
            let mut text = (**member.text.as_ref()?).clone();
            if let Some(Activated { references, .. }) = gathered.activations.get(&who).and_then(Option::as_ref) {
                let mut kept = Set::default();
                let original = || references.iter().map(|reference| reference.name.as_str());
                let renamed = original().map(|name| names.get(&(member.channel, name)).copied().unwrap_or(name));
                let renamed: Vec<&str> = renamed.filter(|name| kept.insert(*name)).collect();
                if !renamed.iter().copied().eq(original()) {
                    text.set_references(&renamed);
                }
            }
            let kind = member.kind.as_ref().map_or("", |kind| kind.name(&gathered.schema)).to_owned();
            Some(Draft { kind, identifier: member.name().to_owned(), channel: member.channel, text })
        },
    )
}
