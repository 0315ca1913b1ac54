//! How a device combines the values that several declarations give to one key.

use crate::model::{Choice, DeferralDays};

/// A combine rule for values of type `T`. Being typed, `NUMBER_MAX` for a boolean does not compile.
pub(crate) struct Combine<T> {
    /// The rule's name in Apple's schema (`combinetype`).
    pub(crate) rule: &'static str,
    /// The value that two declarations have together.
    pub(crate) fold: fn(T, T) -> T,
}

impl Combine<bool> {
    /// `true` only where every declaration says so.
    pub(crate) const BOOLEAN_AND: Self = Self { rule: "boolean-and", fold: |one, other| one && other };
}

impl Combine<DeferralDays> {
    /// The largest number.
    pub(crate) const NUMBER_MAX: Self = Self { rule: "number-max", fold: Ord::max };
}

impl<T: Choice> Combine<T> {
    /// The value that stands last in Apple's list, whatever the order of the declarations.
    pub(crate) const ENUM_LAST: Self = Self { rule: "enum-last", fold: Ord::max };
}

impl<T: Ord> Combine<Vec<T>> {
    /// Every distinct member once, in ascending order.
    pub(crate) const SET_UNION: Self = Self {
        rule: "set-union",
        fold: |mut one, mut other| {
            one.append(&mut other);
            one.sort();
            one.dedup();
            one
        },
    };
}

impl<T> Combine<T> {
    /// The value that the device processes first. Apple defines no order.
    pub(crate) const FIRST: Self = Self { rule: "first", fold: |one, _| one };
}
