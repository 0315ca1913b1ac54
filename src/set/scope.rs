//! The declarations that an activation may reference.

use super::{Activated, Gathered, Member, Together};

/// Declarations among which references are followed: those of a run, or of one set.
pub(crate) struct Scope<'g> {
    pub(crate) gathered: &'g Gathered,
    /// Those that count, by their numbers; `None` if all do.
    who: Option<Vec<usize>>,
    /// Whether they are said to be active together, so that nothing else will join them.
    pub(crate) is_set: bool,
}

impl<'g> Scope<'g> {
    /// Everything that the run has.
    pub(crate) fn run(gathered: &'g Gathered, together: Together) -> Self {
        Self { gathered, who: None, is_set: together == Together::All }
    }

    /// One set that the user names.
    pub(crate) fn set(gathered: &'g Gathered, who: Vec<usize>) -> Self {
        Self { gathered, who: Some(who), is_set: true }
    }

    /// The declarations with their numbers.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, &'g Member)> {
        let all = &self.gathered.members;
        let whole = self.who.is_none().then(|| all.iter().enumerate());
        let some = self.who.iter().flatten().map(move |who| (*who, &all[*who]));
        whole.into_iter().flatten().chain(some)
    }

    /// The activations with their numbers, and what each activates.
    pub(crate) fn activations(&self) -> impl Iterator<Item = (usize, Option<&'g Activated>)> {
        let gathered = self.gathered;
        self.members().filter_map(|(who, _)| Some((who, gathered.activations.get(&who)?.as_ref())))
    }
}
