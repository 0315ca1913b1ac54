//! The items of an array.

use std::borrow::Cow;

use super::{Place, Shape, Value};
use crate::document::{Node, Path};
use crate::hash::Set;
use crate::read::ProblemKind;

impl Place<'_, '_> {
    /// Takes every element of an array that has the right shape. Returns whether all of them are values.
    fn items<T: Value>(&mut self, array: Node<'_>, mut take: impl FnMut(Place<'_, '_>, Node<'_>) -> bool) -> bool {
        let mut are_values = true;
        for (index, element) in array.elements().enumerate() {
            let path = &Path::Index(self.path, index);
            let mut place = Place { path, problems: self.problems };
            are_values &= place.takes(const { &T::SHAPE }, element) && take(place, element);
        }
        if are_values
            && let Some(name) = T::IDENTITY.first()
            && let Some((index, item)) = repeated(array, name, T::IDENTITY)
        {
            let name = text(item, name).unwrap_or_default().into_owned();
            self.report(array, ProblemKind::RepeatedItem { index, name });
        }
        are_values
    }
}

/// The first item of an array that is there already, by the texts of these keys, and its number.
fn repeated<'d>(array: Node<'d>, name: &str, keys: &[&str]) -> Option<(usize, Node<'d>)> {
    // Most lists are in order, and then a look at the names of neighbours tells.
    let names = array.elements().map(|item| item.member(name).and_then(Node::as_plain_bytes));
    if names.is_sorted_by(|one, next| one.is_some() && one < next) {
        return None;
    }
    let mut seen = Set::default();
    array.elements().enumerate().find(|(_, item)| !seen.insert(keys.iter().map(|key| text(*item, key)).collect::<Vec<_>>()))
}

/// The text of a member.
pub(super) fn text<'d>(object: Node<'d>, key: &str) -> Option<Cow<'d, str>> {
    object.member(key)?.as_str()
}

/// For how many elements room is made before they are known to be right.
const MOST_EXPECTED: usize = 64;

/// Every element is read, whatever is wrong with those before it; the whole is a value only if every element is one.
impl<T: Value> Value for Vec<T> {
    const SHAPE: Shape = {
        assert!(!matches!(T::SHAPE, Shape::Array(_)), "no key of Apple's holds arrays of arrays");
        Shape::Array(&T::SHAPE)
    };

    fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
        let mut values = Vec::with_capacity(node.elements().take(MOST_EXPECTED).count());
        let are_values = place.items::<T>(node, |mut place, element| {
            let value = T::read(element, &mut place);
            let is_value = value.is_some();
            values.extend(value);
            is_value
        });
        are_values.then_some(values)
    }

    fn to_json(&self) -> serde_json::Value {
        self.iter().map(Value::to_json).collect()
    }

    fn to_shown_json(&self) -> serde_json::Value {
        self.iter().map(Value::to_shown_json).collect()
    }
}
