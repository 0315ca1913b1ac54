//! A row of the table.

use super::combine::{self, Combine, Tally};
use super::{Place, Shape, Support, Value};
use crate::document::{Node, is_same_short};

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// Everything about one key of the document `D`, whose values are of type `T`.
pub(crate) struct Key<D, T: 'static> {
    /// The way to the key, from the object that the table describes.
    pub(crate) path: &'static [&'static str],
    /// How to reach the field of the key in the model.
    pub(crate) field: Field<D, T>,
    pub(crate) presence: Presence,
    /// What a device takes where no declaration sets the key.
    pub(crate) default: Option<T>,
    /// How a device combines the values of several declarations; `None` where it does not.
    pub(crate) combine: Option<Combine<T>>,
    /// Where the key exists, from which version on, and for which devices.
    pub(crate) support: Support,
    /// What the key does, in one line.
    pub(crate) meaning: &'static str,
}

#[expect(clippy::large_types_passed_by_value, reason = "rows are made when the program is compiled")]
impl<D, T> Key<D, T> {
    /// A key of a document that no device combines with others, and that must be there.
    pub(crate) const fn required(
        path: &'static [&'static str],
        field: Field<D, T>,
        support: Support,
        meaning: &'static str,
    ) -> Self {
        Self { path, field, presence: Presence::Required, default: None, combine: None, support, meaning }
    }

    /// The same for a key that may be left out.
    pub(crate) const fn optional(
        path: &'static [&'static str],
        field: Field<D, T>,
        support: Support,
        meaning: &'static str,
    ) -> Self {
        Self { path, field, presence: Presence::Optional, default: None, combine: None, support, meaning }
    }

    /// The same for a key that may be left out, and what a device then takes.
    pub(crate) const fn defaulting(
        path: &'static [&'static str],
        field: Field<D, T>,
        default: T,
        support: Support,
        meaning: &'static str,
    ) -> Self {
        Self { path, field, presence: Presence::Optional, default: Some(default), combine: None, support, meaning }
    }
}

/// Access to one field of a document.
pub(crate) struct Field<D, T> {
    pub(crate) get: fn(&D) -> Option<&T>,
    pub(crate) set: fn(&mut D, T),
}

/// A row without the type of its document: what messages, documentation and tests ask for.
pub(crate) trait AnyKey: Sync {
    fn path(&self) -> &'static [&'static str];
    fn presence(&self) -> Presence;
    fn shape(&self) -> &'static Shape;
    fn support(&self) -> &Support;
    /// The name of the combine rule, as Apple's schema has it.
    fn combine_rule(&self) -> Option<&'static str>;
    /// Which value counts by that rule, as a sentence.
    fn combine_effect(&self) -> Option<&'static str>;
    /// The default, in JSON.
    fn default_json(&self) -> Option<serde_json::Value>;
    /// What each value of a choice means, in Apple's order.
    fn value_meanings(&self) -> &'static [&'static str];
    fn meaning(&self) -> &'static str;
    /// A value as it could stand in a document.
    fn example(&self) -> String;

    /// The key itself: the last step of its path.
    fn name(&self) -> &'static str {
        self.path().last().copied().unwrap_or_default()
    }

    /// The objects that the key stands in.
    fn group(&self) -> &'static [&'static str] {
        let path = self.path();
        &path[..path.len().saturating_sub(1)]
    }
}

/// A row of the table of the document `D`.
pub(crate) trait Row<D>: AnyKey {
    /// Reads the value into its field. Returns whether that could be done.
    fn read(&self, node: Node<'_>, place: &mut Place<'_, '_>, into: &mut D) -> bool;

    /// Whether a document sets the key.
    fn is_set(&self, document: &D) -> bool;

    /// An empty tally of the values that declarations give to the key, if it has a combine rule.
    fn tally(&'static self) -> Option<Box<dyn Tally<D>>>;
}

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
    pub(crate) rows: &'static [&'static dyn Row<D>],
    pub(crate) others: Others,
    /// What every key of every document is looked for in, beside one another.
    steps: &'static [Step],
    /// Where in `steps` a key stands, if it stands there at all.
    index: Index,
    /// The required keys, one bit a row, so that the many objects that lack none need not be compared with every row.
    pub(crate) required: u64,
    /// The keys whose values are groups of other rows, one bit a row.
    pub(crate) groups: u64,
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

/// The last step of the path of a row.
pub(crate) struct Step {
    name: &'static str,
    group: Group,
}

/// The last steps of some paths, each of which leads through rows that come before it.
pub(crate) const fn steps<const N: usize>(paths: &[&'static [&'static str]; N]) -> [Step; N] {
    let mut steps = [const { Step { name: "", group: Group::TOP } }; N];
    assert!(N <= u64::BITS as usize, "one bit a row");
    let mut at = 0;
    while at < N {
        if let Some((name, group)) = paths[at].split_last() {
            steps[at].name = name;
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

/// For what a key looks like, the row that it may be, plus one. Where several look alike, it knows one of them.
pub(crate) struct Index([u8; Index::SLOTS]);

impl Index {
    const SLOTS: usize = 128;

    pub(crate) const fn of(steps: &[Step]) -> Self {
        let mut slots = [0; Self::SLOTS];
        let mut row = steps.len();
        while row > 0 {
            row -= 1;
            slots[Self::slot(steps[row].group, steps[row].name.as_bytes())] = Group::of(row).0;
        }
        Self(slots)
    }

    /// The slot of a key, by its length and its ends.
    #[inline]
    const fn slot(group: Group, key: &[u8]) -> usize {
        let [first, .., last] = key else { return 0 };
        let mark = key.len() + 7 * group.0 as usize + 13 * *first as usize + 29 * *last as usize;
        mark % Self::SLOTS
    }
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

/// The rows whose values are groups of other rows, one bit a row.
pub(crate) const fn groups<const N: usize>(shapes: [&Shape; N]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < N {
        if matches!(shapes[at], Shape::Group) {
            bits |= 1 << at;
        }
        at += 1;
    }
    bits
}

impl<D> Table<D> {
    pub(crate) const fn new(
        rows: &'static [&'static dyn Row<D>],
        steps: &'static [Step],
        index: Index,
        (required, groups): (u64, u64),
        others: Others,
    ) -> Self {
        Self { rows, others, steps, index, required, groups }
    }

    /// The row of a key of a group.
    #[inline]
    pub(crate) fn find(&self, group: Group, key: &[u8]) -> Option<usize> {
        let is_here = |step: &Step| step.group == group && is_same_short(step.name.as_bytes(), key);
        let row = usize::from(self.index.0[Index::slot(group, key)]).checked_sub(1);
        if row.is_some_and(|row| is_here(&self.steps[row])) { row } else { self.steps.iter().position(is_here) }
    }

    /// The row of a key of a group, whose name is not written as in the table.
    #[cold]
    pub(crate) fn search(&self, group: Group, is_name: impl Fn(&str) -> bool) -> Option<usize> {
        self.steps.iter().position(|step| step.group == group && is_name(step.name))
    }

    /// The name of a row.
    #[inline]
    pub(crate) fn name(&self, row: usize) -> &'static str {
        self.steps[row].name
    }

    /// The path of a group.
    pub(crate) fn path(&self, group: Group) -> &'static [&'static str] {
        match group {
            Group::TOP => &[],
            Group(row) => self.rows[usize::from(row) - 1].path(),
        }
    }
}

impl<D> std::ops::Deref for Table<D> {
    type Target = [&'static dyn Row<D>];

    fn deref(&self) -> &Self::Target {
        self.rows
    }
}

impl<D, T: Value> AnyKey for Key<D, T> {
    fn path(&self) -> &'static [&'static str] {
        self.path
    }

    fn presence(&self) -> Presence {
        self.presence
    }

    fn shape(&self) -> &'static Shape {
        const { &T::SHAPE }
    }

    fn support(&self) -> &Support {
        &self.support
    }

    fn combine_rule(&self) -> Option<&'static str> {
        self.combine.as_ref().map(|combine| combine.rule)
    }

    fn combine_effect(&self) -> Option<&'static str> {
        self.combine.as_ref().map(|combine| combine.effect)
    }

    fn value_meanings(&self) -> &'static [&'static str] {
        T::MEANINGS
    }

    fn default_json(&self) -> Option<serde_json::Value> {
        self.default.as_ref().map(Value::to_json)
    }

    fn meaning(&self) -> &'static str {
        self.meaning
    }

    fn example(&self) -> String {
        T::example()
    }
}

impl<D, T: Value> Row<D> for Key<D, T> {
    fn read(&self, node: Node<'_>, place: &mut Place<'_, '_>, into: &mut D) -> bool {
        if T::IS_LONG && place.problems.is_brief {
            return place.judge::<T>(node);
        }
        match place.read::<T>(node) {
            Some(value) => {
                (self.field.set)(into, value);
                true
            }
            None => false,
        }
    }

    fn is_set(&self, document: &D) -> bool {
        (self.field.get)(document).is_some()
    }

    fn tally(&'static self) -> Option<Box<dyn Tally<D>>> {
        combine::tally(self)
    }
}

/// The field of a key: `field!(notifications)`, `field!(deferrals.major_period_in_days)`, or, for a field that is no `Option`,
/// `field!(required target_os_version)`.
macro_rules! field {
    (required $field:ident) => {
        $crate::keys::key::Field { get: |document| Some(&document.$field), set: |document, value| document.$field = value }
    };
    ($field:ident) => {
        $crate::keys::key::Field {
            get: |document| document.$field.as_ref(),
            set: |document, value| document.$field = Some(value),
        }
    };
    ($group:ident . $field:ident) => {
        $crate::keys::key::Field {
            get: |document| document.$group.as_ref().and_then(|group| group.$field.as_ref()),
            set: |document, value| document.$group.get_or_insert_default().$field = Some(value),
        }
    };
}

/// Declares the rows of a document: a constant for each, and the table of them all. After `beside` stands which other keys it has.
macro_rules! keys {
    ($document:ty: $($rows:tt)+) => { $crate::keys::keys! { $document, beside $crate::keys::Others::None; $($rows)+ } };
    ($document:ty, beside $others:expr; $($(#[$meta:meta])* $name:ident: $type:ty = $row:expr;)+) => {
        $($(#[$meta])* pub(crate) static $name: $crate::keys::Key<$document, $type> = $row;)+

        /// All rows, in Apple's order.
        pub(crate) static KEYS: $crate::keys::Rows<$document> = {
            static STEPS: &[$crate::keys::Step] = &$crate::keys::steps(&[$($name.path),+]);
            static TABLE: $crate::keys::KeyTable<$document> = $crate::keys::KeyTable::new(
                &[$(&$name),+],
                STEPS,
                $crate::keys::Index::of(STEPS),
                ($crate::keys::required([$($name.presence),+]), $crate::keys::groups([$(&<$type as $crate::keys::Value>::SHAPE),+])),
                $others,
            );
            &TABLE
        };
    };
}

pub(crate) use {field, keys};
