//! The rows of a document as a table, in which its keys are looked up.

use std::iter::Copied;
use std::ops::Deref;
use std::slice;

use super::Shape;
use super::key::{AnyKey, Presence, Row};

/// The table of the document `D`.
pub(crate) type Rows<D> = &'static Table<D>;

/// Which keys an object has beside those of its rows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Others {
    /// None.
    None,
    /// These, which have nothing to do with updates.
    These(&'static [&'static str]),
    /// Any, among them those of `known`; but one whose name speaks of one of `ours` is meant for a row.
    Any { known: &'static [&'static str], ours: &'static [&'static str] },
}

/// The rows of a document, in Apple's order.
pub(crate) struct Table<D: 'static> {
    rows: &'static [&'static dyn Row<D>],
    /// The same rows for whoever need not know the document, and all else about them.
    pub(crate) keys: Keys,
}

/// The rows of any document, in Apple's order.
pub(crate) struct Keys {
    rows: &'static [&'static dyn AnyKey],
    pub(crate) others: Others,
    /// What every key of every document is looked for in, beside one another.
    steps: &'static [Step],
    /// The required keys, one bit a row, so that the many objects that lack none need not be compared with every row.
    pub(crate) required: u64,
}

/// The objects that the keys of a table stand in: the one at the top, or that of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group(u8);

impl Group {
    pub(crate) const TOP: Self = Self(0);

    /// The object of a row, of which a table has at most 64.
    #[expect(clippy::cast_possible_truncation, reason = "the bits of a table would not hold so many rows")]
    pub(crate) const fn of(row: usize) -> Self {
        Self(row as u8 + 1)
    }
}

/// The last step of the path of a row, and what stands there.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    group: Group,
    pub(crate) shape: &'static Shape,
}

/// The last steps of some paths, each of which leads through rows that come before it, to values of these shapes.
pub(crate) const fn steps<const N: usize>(paths: [&'static [&'static str]; N], shapes: [&'static Shape; N]) -> [Step; N] {
    let mut steps = [const { Step { name: "", group: Group::TOP, shape: &Shape::Group } }; N];
    assert!(N <= u64::BITS as usize, "one bit a row");
    let mut at = 0;
    while at < N {
        if let Some((name, group)) = paths[at].split_last() {
            steps[at].name = name;
            steps[at].shape = shapes[at];
            let mut row = 0;
            while row < at && !group.is_empty() {
                if is_same_path(paths[row], group) {
                    steps[at].group = Group::of(row);
                }
                row += 1;
            }
            assert!(group.is_empty() || steps[at].group.0 > 0, "the row of a group comes before those of its keys");
        }
        at += 1;
    }
    steps
}

/// `one == other`, when the program is compiled.
const fn is_same_path(one: &[&str], other: &[&str]) -> bool {
    let mut is_same = one.len() == other.len();
    let mut at = 0;
    while is_same && at < one.len() {
        let (one, other) = (one[at].as_bytes(), other[at].as_bytes());
        is_same = one.len() == other.len();
        let mut byte = 0;
        while is_same && byte < one.len() {
            is_same = one[byte] == other[byte];
            byte += 1;
        }
        at += 1;
    }
    is_same
}

/// The rows that are required, one bit a row.
pub(crate) const fn required<const N: usize>(presences: [Presence; N]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < N {
        if matches!(presences[at], Presence::Required) {
            bits |= 1 << at;
        }
        at += 1;
    }
    bits
}

impl<D> Table<D> {
    pub(crate) const fn new(rows: &'static [&'static dyn Row<D>], keys: Keys) -> Self {
        Self { rows, keys }
    }
}

impl Keys {
    pub(crate) const fn new(rows: &'static [&'static dyn AnyKey], steps: &'static [Step], required: u64, others: Others) -> Self {
        Self { rows, others, steps, required }
    }

    /// The row of a key of a group.
    pub(crate) fn find(&self, group: Group, key: &[u8]) -> Option<usize> {
        self.search(group, |name| name.as_bytes() == key)
    }

    /// The row of a key of a group, whose name is not written as in the table, or is very short.
    pub(crate) fn search(&self, group: Group, is_name: impl Fn(&str) -> bool) -> Option<usize> {
        self.steps.iter().position(|step| step.group == group && is_name(step.name))
    }

    /// The name of a row, and what its value must look like.
    #[inline]
    pub(crate) fn step(&self, row: usize) -> &'static Step {
        &self.steps[row]
    }

    /// The path of a group.
    pub(crate) fn path(&self, group: Group) -> &'static [&'static str] {
        match group {
            Group::TOP => &[],
            Group(row) => self.rows[usize::from(row) - 1].path(),
        }
    }
}

impl<D> Deref for Table<D> {
    type Target = [&'static dyn Row<D>];

    fn deref(&self) -> &Self::Target {
        self.rows
    }
}

impl Deref for Keys {
    type Target = [&'static dyn AnyKey];

    fn deref(&self) -> &Self::Target {
        self.rows
    }
}

impl IntoIterator for &'static Keys {
    type Item = &'static dyn AnyKey;
    type IntoIter = Copied<slice::Iter<'static, Self::Item>>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter().copied()
    }
}

/// Declares the rows of a document: a constant for each, and the table of them all. After `beside` stands which other keys it has.
macro_rules! keys {
    ($document:ty: $($rows:tt)+) => { $crate::keys::keys! { $document, beside $crate::keys::Others::None; $($rows)+ } };
    ($document:ty, beside $others:expr; $($(#[$meta:meta])* $name:ident: $type:ty = $row:expr;)+) => {
        /// The numbers of the rows.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "each has the name of its row")]
        enum Number { $($name),+ }

        $(
            $(#[$meta])*
            pub(crate) static $name: $crate::keys::Key<$document, $type> =
                $crate::keys::Key { facts: $row, row: Number::$name as u8 };
        )+

        /// All rows, in Apple's order.
        pub(crate) static KEYS: $crate::keys::Rows<$document> = {
            static STEPS: &[$crate::keys::Step] =
                &$crate::keys::steps([$($name.facts.path),+], [$(&<$type as $crate::keys::Value>::SHAPE),+]);
            static TABLE: $crate::keys::KeyTable<$document> = $crate::keys::KeyTable::new(
                &[$(&$name),+],
                $crate::keys::Keys::new(
                    &[$(&$name),+],
                    STEPS,
                    $crate::keys::required([$($name.facts.presence),+]),
                    $others,
                ),
            );
            &TABLE
        };
    };
}

pub(crate) use keys;
