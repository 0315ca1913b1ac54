//! The declarations in which references are resolved.

use super::{Activated, AssetReference, Gathered, Member, Together};
use crate::apple::Family;
use crate::hash::Map;

/// The declarations in which references are resolved: those of one channel, of a run or of one set.
pub(crate) struct Scope<'g> {
    pub(crate) gathered: &'g Gathered,
    /// The numbers of the declarations; `None` for all.
    who: Option<Vec<usize>>,
    /// Whether this is the complete set of a device, so that no other declaration can be active with it.
    pub(crate) is_set: bool,
}

impl<'g> Scope<'g> {
    /// All declarations of the run, those of each channel apart.
    pub(crate) fn run(gathered: &'g Gathered, together: Together) -> Vec<Self> {
        let is_set = together == Together::All;
        // Most runs have one channel, and may have very many declarations.
        if gathered.members.iter().all(|member| member.channel == gathered.members[0].channel) {
            return vec![Self { gathered, who: None, is_set }];
        }
        let channels = gathered.by_channel((0..gathered.members.len()).collect());
        channels.into_iter().map(|who| Self { gathered, who: Some(who), is_set }).collect()
    }

    /// One set in the configuration, the declarations of each channel apart.
    pub(crate) fn set(gathered: &'g Gathered, who: Vec<usize>) -> Vec<Self> {
        let channels = gathered.by_channel(who);
        channels.into_iter().map(|who| Self { gathered, who: Some(who), is_set: true }).collect()
    }

    /// The declarations with their numbers.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, &'g Member)> {
        let all = &self.gathered.members;
        let everything = self.who.is_none().then(|| all.iter().enumerate());
        let selected = self.who.iter().flatten().map(move |who| (*who, &all[*who]));
        everything.into_iter().flatten().chain(selected)
    }

    /// Whether it has a declaration of a family.
    pub(crate) fn has(&self, family: Family) -> bool {
        self.members().any(|(_, member)| member.family(&self.gathered.schema) == Some(family))
    }

    /// Whether it is known which declarations of a family are missing.
    ///
    /// A run over part of a repository may lack all declarations of a family, and a template may produce any
    /// identifier. Then a reference may be to a declaration that is not here.
    pub(crate) fn is_complete(&self, family: Family) -> bool {
        let schema = &self.gathered.schema;
        let mut all = self.members().filter(|(_, member)| member.may_be(family, schema));
        (self.is_set || self.has(family)) && !all.any(|(_, member)| member.is_template)
    }

    /// The declarations with these identifiers.
    pub(crate) fn named<'n>(&self, names: impl Iterator<Item = &'n str>) -> Named<'n, 'g> {
        let mut found: Map<&str, Vec<(usize, &Member)>> = names.map(|name| (name, Vec::new())).collect();
        if !found.is_empty() {
            for (who, member) in self.members() {
                if let Some(all) = member.identifier.as_deref().and_then(|identifier| found.get_mut(identifier)) {
                    all.push((who, member));
                }
            }
        }
        Named(found)
    }

    /// The references of configurations to assets whose names are known, with the numbers of the configurations.
    pub(crate) fn references(&self) -> impl Iterator<Item = (usize, &'g AssetReference)> {
        let references = &self.gathered.references;
        let of = |who: usize| references.get(&who).into_iter().flatten().flatten().map(move |reference| (who, reference));
        self.members().flat_map(move |(who, _)| of(who)).filter(|(_, reference)| !reference.is_template)
    }

    /// The activations that could be read, with their numbers.
    pub(crate) fn activated(&self) -> impl Iterator<Item = (usize, &'g Activated)> {
        self.activations().filter_map(|(who, activated)| Some((who, activated?)))
    }

    /// The activations with their numbers and contents.
    pub(crate) fn activations(&self) -> impl Iterator<Item = (usize, Option<&'g Activated>)> {
        let gathered = self.gathered;
        self.members().filter_map(|(who, _)| Some((who, gathered.activations.get(&who)?.as_ref())))
    }
}

/// Declarations by identifier.
pub(crate) struct Named<'n, 'g>(Map<&'n str, Vec<(usize, &'g Member)>>);

impl<'g> Named<'_, 'g> {
    /// The declarations with an identifier, and their numbers.
    pub(crate) fn get(&self, name: &str) -> &[(usize, &'g Member)] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}
