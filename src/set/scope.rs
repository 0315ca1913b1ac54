//! The declarations in which the references of activations are resolved.

use super::{Activated, Gathered, Member, Together};

/// The declarations in which references are resolved: those of a run, or of one set.
pub(crate) struct Scope<'g> {
    pub(crate) gathered: &'g Gathered,
    /// The numbers of the declarations; `None` for all.
    who: Option<Vec<usize>>,
    /// Whether this is the complete set of a device, so that no other declaration can be active with it.
    pub(crate) is_set: bool,
}

impl<'g> Scope<'g> {
    /// All declarations of the run.
    pub(crate) fn run(gathered: &'g Gathered, together: Together) -> Self {
        Self { gathered, who: None, is_set: together == Together::All }
    }

    /// One set in the configuration.
    pub(crate) fn set(gathered: &'g Gathered, who: Vec<usize>) -> Self {
        Self { gathered, who: Some(who), is_set: true }
    }

    /// The declarations with their numbers.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, &'g Member)> {
        let all = &self.gathered.members;
        let everything = self.who.is_none().then(|| all.iter().enumerate());
        let selected = self.who.iter().flatten().map(move |who| (*who, &all[*who]));
        everything.into_iter().flatten().chain(selected)
    }

    /// The activations with their numbers and contents.
    pub(crate) fn activations(&self) -> impl Iterator<Item = (usize, Option<&'g Activated>)> {
        let gathered = self.gathered;
        self.members().filter_map(|(who, _)| Some((who, gathered.activations.get(&who)?.as_ref())))
    }
}
