//! What the name in `@status(…)` stands for: a status item, or a key below one.

use crate::apple::{ITEM_KEYS, StatusItem, StatusKey, StatusValue};

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) item: &'static StatusItem,
    pub(crate) shape: Shape,
}

/// The type of a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// The type, if it is known.
    pub(crate) value: Option<StatusValue>,
    /// The known values of a string; empty if it may have any.
    pub(crate) values: &'static [&'static str],
    /// The keys of an object, or of the objects of an array.
    keys: &'static [StatusKey],
    /// Whether there may be other keys.
    is_open: bool,
}

/// A value of which nothing is known.
pub(super) const ANY: Shape = Shape { value: None, values: &[], keys: &[], is_open: true };

/// Finds the status item that a name names, or below which it names a key. `None` if there is none.
pub(crate) fn find(name: &str) -> Option<Found> {
    // Of items whose names begin alike, the longest is meant.
    let mut names = std::iter::successors(Some(name), |name| name.rsplit_once('.').map(|(above, _)| above));
    let item = names.find_map(StatusItem::find)?;
    let top = Shape { value: Some(item.value), values: item.values, keys: item.keys, is_open: item.has_other_keys };
    let rest = name[item.name.len()..].strip_prefix('.');
    let shape = rest.iter().flat_map(|rest| rest.split('.')).try_fold(top, Shape::key)?;
    Some(Found { item, shape })
}

impl Shape {
    /// A value of this type.
    pub(super) fn value(value: StatusValue) -> Self {
        Self { value: Some(value), ..ANY }
    }

    /// The type of a key of an object, or of a key of each object in an array. `None` if there is no such key.
    pub(crate) fn key(self, name: &str) -> Option<Self> {
        match self.value {
            Some(StatusValue::Object | StatusValue::Array) => {}
            None => return Some(ANY),
            Some(_) => return None,
        }
        let is_array = self.value == Some(StatusValue::Array);
        let common = ITEM_KEYS.iter().filter(|_| is_array);
        match self.keys.iter().chain(common).find(|key| key.name == name) {
            // A key of an array gives an array of values.
            Some(_) if is_array => Some(ANY),
            Some(key) => Some(Self::of(key)),
            None => (self.is_open || self.keys.is_empty()).then_some(ANY),
        }
    }

    /// The type of a key of the objects in an array. `None` if they have no such key.
    pub(crate) fn item_key(self, name: &str) -> Option<Self> {
        if self.value != Some(StatusValue::Array) {
            return Some(ANY);
        }
        match self.keys.iter().chain(ITEM_KEYS).find(|key| key.name == name) {
            Some(key) => Some(Self::of(key)),
            None => (self.is_open || self.keys.is_empty()).then_some(ANY),
        }
    }

    /// The keys of an object, or of the objects in an array.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        self.keys.iter().map(|key| key.name)
    }

    fn of(key: &StatusKey) -> Self {
        // The strings of an array, such as install-reason.reason, are not objects.
        Self { value: Some(key.value), values: key.values, keys: key.keys, is_open: key.keys.is_empty() }
    }
}
