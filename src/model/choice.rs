//! Strings that are one of a list.

use serde::{Deserialize, Serialize};

/// A string that is one of a list. The variants stand in the order of Apple's list, which decides what `enum-last` takes.
pub(crate) trait Choice: Sized + Copy + Ord + 'static {
    /// Every value, as Apple spells it, in Apple's order.
    const NAMES: &'static [&'static str];

    /// What each value means, in the same order.
    const MEANINGS: &'static [&'static str];

    /// The value at a place of [`Choice::NAMES`].
    fn at(index: usize) -> Option<Self>;

    /// The place of the value in [`Choice::NAMES`].
    fn place(self) -> usize;

    /// The value as Apple spells it.
    fn name(self) -> &'static str {
        Self::NAMES[self.place()]
    }

    /// What the value means.
    fn meaning(self) -> &'static str {
        Self::MEANINGS[self.place()]
    }
}

macro_rules! choice {
    ($(#[$outer:meta])* pub enum $type:ident { $(#[doc = $meaning:literal] $variant:ident,)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type { $(#[doc = $meaning] $variant,)+ }

        impl Choice for $type {
            const NAMES: &'static [&'static str] = &[$(stringify!($variant)),+];
            const MEANINGS: &'static [&'static str] = &[$($meaning),+];

            fn at(index: usize) -> Option<Self> {
                [$(Self::$variant),+].get(index).copied()
            }

            fn place(self) -> usize {
                self as usize
            }
        }
    };
}

pub(crate) use choice;

choice! {
    /// Who decides about an automatic action: `Download`, `InstallOSUpdates`, `InstallSecurityUpdate`, `ProgramEnrollment`.
    ///
    /// The order is Apple's, and of several declarations the last value in it wins (`enum-last`).
    pub enum Control {
        /// The user decides.
        Allowed,
        /// Always on; the user cannot turn it off.
        AlwaysOn,
        /// Always off; the user cannot turn it on.
        AlwaysOff,
    }
}

choice! {
    /// Which updates the user is shown when several are available (`RecommendedCadence`).
    ///
    /// The order is Apple's, and of several declarations the last value in it wins (`enum-last`).
    pub enum Cadence {
        /// Every version.
        All,
        /// The lowest version only.
        Oldest,
        /// The highest version only.
        Newest,
    }
}
