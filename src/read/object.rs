//! An object of a document, as far as it could be read against the rows of its table.

use super::Problems;
use super::members::{Members, read_members};
use crate::document::{Node, Path};
use crate::keys::{AnyKey, Key, Rows, Value};

/// A document of the model, and which of its keys were really read.
///
/// A key that is there and was not read holds a placeholder or a wrong value. Rules must conclude nothing from it, so they ask here
/// and not the document.
pub(crate) struct Object<D: 'static> {
    value: D,
    rows: Rows<D>,
    members: Members,
}

impl<D> Object<D> {
    /// A document that was not read but made: every key that is set counts as read.
    pub(crate) fn whole(value: D, rows: Rows<D>) -> Self {
        let set = rows.iter().enumerate().filter(|(_, row)| row.is_set(&value)).fold(0, |bits, (at, _)| bits | 1 << at);
        Self { value, rows, members: Members { named: set, present: set, read: set } }
    }

    /// The value of a key, if it could be read. Of long values it must be known that they are kept.
    pub(crate) fn get<T: Value>(&self, key: &'static Key<D, T>) -> Option<&T> {
        if !self.is_right(key) {
            return None;
        }
        let value = (key.field.get)(&self.value);
        debug_assert!(value.is_some(), "{:?} was judged and not kept", key.path);
        value
    }

    /// Whether the key stands there, and its value is right.
    pub(crate) fn is_right<T: Value>(&self, key: &'static Key<D, T>) -> bool {
        self.members.read & self.bit(key) != 0
    }

    /// Whether the key stands there, and its value is not known: a placeholder, null, or something wrong.
    pub(crate) fn is_unknown<T: Value>(&self, key: &'static Key<D, T>) -> bool {
        self.members.named & !self.members.read & self.bit(key) != 0
    }

    /// Whether the document has the key, whatever its value, but for null.
    pub(crate) fn has<T: Value>(&self, key: &'static Key<D, T>) -> bool {
        self.members.present & self.bit(key) != 0
    }

    /// The keys that stand in the document, whatever their values.
    pub(crate) fn named(&self) -> Vec<&'static dyn AnyKey> {
        let rows = self.rows.keys.into_iter().enumerate().filter(|(at, _)| self.members.named & (1 << at) != 0);
        rows.map(|(_, row)| row).collect()
    }

    /// Whether every key in it could be read and none is missing.
    pub(crate) fn is_complete(&self) -> bool {
        self.members.present == self.members.read && self.rows.keys.required & !self.members.read == 0
    }

    /// The document, if it is complete.
    pub(crate) fn complete(self) -> Option<D> {
        self.is_complete().then_some(self.value)
    }

    /// The document, to take something out of it.
    pub(crate) fn value_mut(&mut self) -> &mut D {
        &mut self.value
    }

    /// The document, with the default in place of whatever could not be read.
    pub(crate) fn into_value(self) -> D {
        self.value
    }

    /// Whether a key stands there is one bit of many.
    fn bit<T: Value>(&self, key: &'static Key<D, T>) -> u64 {
        debug_assert!(std::ptr::addr_eq(self.rows.keys[usize::from(key.row)], key), "{:?} is a key of another table", key.path);
        1 << key.row
    }
}

/// Reads an object and all objects in it that its table describes.
pub(crate) fn read_object<D: Default>(node: Node<'_>, path: Path<'_>, rows: Rows<D>, problems: &mut Problems) -> Object<D> {
    let mut value = D::default();
    let members =
        read_members(node, &path, &rows.keys, problems, &mut |row, node, place| rows[row].read(node, place, &mut value));
    Object { value, rows, members }
}
