//! A row of the table.

use std::ops::Deref;

use super::combine::{self, Combine, Tally};
use super::{Place, Shape, Support, Value};
use crate::document::Node;

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// A key of the document `D`, whose values are of type `T`: a row of its table.
pub(crate) struct Key<D, T: 'static> {
    pub(crate) facts: Facts<D, T>,
    /// The number of the row.
    pub(crate) row: u8,
}

impl<D, T> Deref for Key<D, T> {
    type Target = Facts<D, T>;

    fn deref(&self) -> &Self::Target {
        &self.facts
    }
}

/// Everything about one key.
pub(crate) struct Facts<D, T: 'static> {
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
impl<D, T> Facts<D, T> {
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
        match T::read(node, place) {
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

pub(crate) use field;
