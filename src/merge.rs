//! Combines declarations into the set to publish, as a device would combine them.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::hash::{Map, Set};
use crate::keys::Decision;
use crate::lint::Activated;
use crate::model::{DeclarationType, Identifier, MOST_OCTETS};
use crate::publish;
use crate::rules::unmergeable_placeholder;
use crate::set::{Gathered, Role, Scope, SetDraft, Together};

/// The ending of the identifier of combined settings.
const SUFFIX: &str = ".merged";

/// What a user wants of the result.
#[derive(Debug, Default)]
pub struct Options {
    /// The name of the combined settings.
    pub identifier: Option<Identifier>,
    /// Whether every declaration gets a server token.
    pub has_server_tokens: bool,
}

/// The set to publish.
#[derive(Debug)]
#[non_exhaustive]
pub struct Merged {
    /// In the order of their types and identifiers.
    pub declarations: Vec<Published>,
    /// Where the settings come from, in the same order.
    pub origins: Vec<Origin>,
}

/// A declaration to publish.
#[derive(Debug)]
#[non_exhaustive]
pub struct Published {
    /// The `Type`.
    pub kind: String,
    /// The `Identifier`.
    pub identifier: String,
    /// JSON, without a final line feed.
    pub text: String,
}

/// Where the values of settings come from.
#[derive(Debug)]
#[non_exhaustive]
pub struct Origin {
    /// The `Identifier` of the settings that are published.
    pub identifier: String,
    /// The numbers of the declarations that they were combined from.
    pub from: Vec<usize>,
    /// For each key that is set, how its value came about, in Apple's order.
    pub decisions: Vec<Decision>,
}

/// Settings that are always active together: the same activations reference them, or none does.
struct Group {
    members: Vec<usize>,
    identifier: String,
    /// Whether it is more than one declaration with its copies.
    is_combined: bool,
}

/// The sets of settings that are always active together, each in the order of reading.
pub(crate) fn groups(gathered: &Gathered) -> Vec<Vec<usize>> {
    let mut activations: Map<&str, Vec<usize>> = Map::default();
    for (who, member) in gathered.members.iter().enumerate() {
        if let Role::Activation(Activated { references, .. }) = &member.role {
            for reference in references {
                let all = activations.entry(reference.name.as_str()).or_default();
                if all.last() != Some(&who) {
                    all.push(who);
                }
            }
        }
    }
    let mut groups: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
    for (who, member) in gathered.members.iter().enumerate() {
        if matches!(member.role, Role::Settings | Role::TemplateSettings) {
            let by = activations.get(member.name()).map_or(&[] as &[usize], Vec::as_slice);
            groups.entry(by).or_default().push(who);
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort();
    groups
}

/// The settings that are combined with no others, as far as their texts are not known: they are published as they stand.
pub(crate) fn alone(gathered: &Gathered) -> Vec<usize> {
    let groups = groups(gathered);
    let alone = groups.iter().filter(|group| !is_combined(gathered, group)).map(|group| group[0]);
    let mut alone: Vec<usize> = alone.filter(|who| gathered.members[*who].text.is_none()).collect();
    alone.sort_unstable();
    alone
}

/// Everything that is wrong with combining the declarations.
pub(crate) fn judge(gathered: &Gathered) -> Vec<SetDraft> {
    let groups = groups(gathered);
    let mut diagnostics: Vec<SetDraft> = groups
        .iter()
        .filter(|group| is_combined(gathered, group))
        .flatten()
        .filter(|who| gathered.members[**who].role == Role::TemplateSettings)
        .map(|who| unmergeable_placeholder::diagnostic(gathered, *who))
        .collect();
    let mut sets = gathered.sets(Together::Activated);
    sets.extend(groups);
    sets.sort();
    sets.dedup();
    // Notes do not matter for publishing.
    diagnostics.extend(gathered.judge_sets(&sets, Severity::Warning));
    crate::rules::judge_references(&Scope::run(&gathered.members, Together::Activated), &mut diagnostics);
    diagnostics
}

/// Whether a group is more than copies of one declaration.
fn is_combined(gathered: &Gathered, group: &[usize]) -> bool {
    let identity = |who: &usize| (&gathered.members[*who].identifier, gathered.members[*who].content);
    group.iter().any(|who| identity(who) != identity(&group[0]))
}

/// Combines declarations that [`judge`] has no errors for.
///
/// # Errors
/// When the identifier that the user wants cannot be given.
pub(crate) fn merge(gathered: &Gathered, options: &Options) -> Result<Merged, String> {
    let groups = named(gathered, options)?;
    let sets: Vec<Vec<usize>> = groups.iter().map(|group| group.members.clone()).collect();
    let mut names: Map<&str, &str> = Map::default();
    for group in &groups {
        for who in &group.members {
            names.insert(gathered.members[*who].name(), &group.identifier);
        }
    }
    let mut merged = Merged { declarations: Vec::new(), origins: Vec::new() };
    for (group, combination) in groups.iter().zip(gathered.combine(&sets)) {
        let first = &gathered.members[group.members[0]];
        let is_renamed = first.name() != group.identifier;
        let text = match &first.text {
            Some(text) if !group.is_combined => publish::renamed(text, &group.identifier),
            _ => publish::made(crate::apple::SETTINGS, &group.identifier, &combination.settings.into_value()),
        };
        let token =
            first.server_token.as_ref().filter(|_| !group.is_combined && !is_renamed).map(|token| token.as_str().to_owned());
        merged.declarations.push(Published {
            kind: DeclarationType::Settings.as_str().to_owned(),
            identifier: group.identifier.clone(),
            text: publish::with_token(&text, token.as_deref()),
        });
        merged.origins.push(Origin {
            identifier: group.identifier.clone(),
            from: group.members.clone(),
            decisions: combination.decisions,
        });
    }
    merged.declarations.extend(others(gathered, &names));
    for declaration in &mut merged.declarations {
        declaration.text = publish::escaped(&declaration.text);
    }
    if options.has_server_tokens {
        for declaration in &mut merged.declarations {
            let token = publish::token(&declaration.text);
            declaration.text = publish::with_token(&declaration.text, Some(&token));
        }
    }
    merged.declarations.sort_by(|one, other| (&one.kind, &one.identifier).cmp(&(&other.kind, &other.identifier)));
    merged.origins.sort_by(|one, other| one.identifier.cmp(&other.identifier));
    Ok(merged)
}

/// The groups with their identifiers.
fn named(gathered: &Gathered, options: &Options) -> Result<Vec<Group>, String> {
    let groups = groups(gathered);
    let mut is_outside = vec![true; gathered.members.len()];
    groups.iter().flatten().for_each(|who| is_outside[*who] = false);
    let outside = |who: &usize| is_outside[*who];
    let mut taken: Set<String> =
        (0..gathered.members.len()).filter(outside).map(|who| gathered.members[who].name().to_owned()).collect();
    let combined = groups.iter().filter(|group| is_combined(gathered, group)).count();
    let to_name = if combined > 0 { combined } else { groups.len() };
    if options.identifier.is_some() && to_name != 1 {
        return Err(match to_name {
            0 => "--identifier names the merged settings, but there are no settings here".to_owned(),
            _ => format!("--identifier names one declaration, but the settings become {to_name}; merge them one by one"),
        });
    }
    groups
        .into_iter()
        .map(|members| {
            let is_combined = is_combined(gathered, &members);
            let smallest = members.iter().map(|who| gathered.members[*who].name()).min().unwrap_or_default();
            let identifier = match &options.identifier {
                Some(identifier) if is_combined || combined == 0 => {
                    if taken.contains(identifier.as_str()) {
                        return Err(format!("--identifier {identifier} is the name of another declaration"));
                    }
                    identifier.as_str().to_owned()
                }
                _ if is_combined => merged_name(smallest, &taken),
                _ => smallest.to_owned(),
            };
            taken.insert(identifier.clone());
            Ok(Group { members, identifier, is_combined })
        })
        .collect()
}

/// The smallest identifier with `.merged`, or with a number if that is taken, within the octets of an identifier.
fn merged_name(smallest: &str, taken: &Set<String>) -> String {
    let base = smallest.strip_suffix(SUFFIX).unwrap_or(smallest);
    let mut suffix = SUFFIX.to_owned();
    let mut number = 1;
    loop {
        let name = format!("{}{suffix}", &base[..base.floor_char_boundary(MOST_OCTETS - suffix.len())]);
        if !taken.contains(&name) {
            return name;
        }
        number += 1;
        suffix = format!("{SUFFIX}-{number}");
    }
}

/// Everything but settings: as it was, once, with references that follow.
fn others<'g>(gathered: &'g Gathered, names: &'g Map<&str, &str>) -> impl Iterator<Item = Published> + 'g {
    let mut seen = Set::default();
    let members = gathered.members.iter().filter(|member| !matches!(member.role, Role::Settings | Role::TemplateSettings));
    members.filter(move |member| seen.insert((&member.identifier, member.content))).map(|member| {
        let text = member.text.as_deref().unwrap_or_default();
        let text = match &member.role {
            Role::Activation(Activated { references, .. }) => {
                let mut kept = Set::default();
                let before = || references.iter().map(|reference| reference.name.as_str());
                let follow = before().map(|name| names.get(name).copied().unwrap_or(name));
                let followed: Vec<&str> = follow.filter(|name| kept.insert(*name)).collect();
                if followed.iter().copied().eq(before()) { text.to_owned() } else { publish::with_references(text, &followed) }
            }
            _ => text.to_owned(),
        };
        let kind = member.kind.as_ref().map_or("", DeclarationType::as_str).to_owned();
        Published { kind, identifier: member.name().to_owned(), text }
    })
}
