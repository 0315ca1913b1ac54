//! The declarations that an activation may reference.

use super::{Member, Together};

/// Declarations among which references are followed: those of a run, or of one set.
pub(crate) struct Scope<'g> {
    all: &'g [Member],
    /// Those that count, by their numbers; `None` if all do.
    who: Option<Vec<usize>>,
    /// Whether they are said to be active together, so that nothing else will join them.
    pub(crate) is_set: bool,
}

impl<'g> Scope<'g> {
    /// Everything that the run has.
    pub(crate) fn run(all: &'g [Member], together: Together) -> Self {
        Self { all, who: None, is_set: together == Together::All }
    }

    /// One set that the user names.
    pub(super) fn set(all: &'g [Member], who: Vec<usize>) -> Self {
        Self { all, who: Some(who), is_set: true }
    }

    /// The declarations with their numbers.
    pub(crate) fn members(&self) -> impl Iterator<Item = (usize, &'g Member)> {
        let all = self.all;
        let whole = self.who.is_none().then(|| all.iter().enumerate());
        let some = self.who.iter().flatten().map(move |who| (*who, &all[*who]));
        whole.into_iter().flatten().chain(some)
    }
}
