//! Apple's rules for combining declarations.

/// How a device combines the values of a key from several declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Combine {
    BooleanAnd,
    BooleanOr,
    NumberMin,
    NumberMax,
    EnumFirst,
    EnumLast,
    First,
    ArrayAppend,
    SetUnion,
    SetIntersection,
}

impl Combine {
    pub(crate) const ALL: [Self; 10] = [
        Self::BooleanAnd,
        Self::BooleanOr,
        Self::NumberMin,
        Self::NumberMax,
        Self::EnumFirst,
        Self::EnumLast,
        Self::First,
        Self::ArrayAppend,
        Self::SetUnion,
        Self::SetIntersection,
    ];

    /// The name in Apple's schema (`combinetype`).
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::BooleanAnd => "boolean-and",
            Self::BooleanOr => "boolean-or",
            Self::NumberMin => "number-min",
            Self::NumberMax => "number-max",
            Self::EnumFirst => "enum-first",
            Self::EnumLast => "enum-last",
            Self::First => "first",
            Self::ArrayAppend => "array-append",
            Self::SetUnion => "set-union",
            Self::SetIntersection => "set-intersection",
        }
    }

    /// Says in a few words which value counts.
    pub(crate) const fn brief(self) -> &'static str {
        match self {
            Self::BooleanAnd => "false counts if any sets it",
            Self::BooleanOr => "true counts if any sets it",
            Self::NumberMin => "the smallest counts",
            Self::NumberMax => "the largest counts",
            Self::EnumFirst => "the first of Apple's list counts",
            Self::EnumLast => "the last of Apple's list counts",
            Self::First => "the first that is read counts",
            Self::ArrayAppend => "all count, in the order of reading",
            Self::SetUnion => "all distinct items count",
            Self::SetIntersection => "only items that all have count",
        }
    }

    /// Describes which value a device uses, as a clause.
    pub(crate) const fn effect(self) -> &'static str {
        match self {
            Self::BooleanAnd => "the value is false if any declaration sets false",
            Self::BooleanOr => "the value is true if any declaration sets true",
            Self::NumberMin => "the smallest number applies",
            Self::NumberMax => "the largest number applies",
            Self::EnumFirst => "the value that is first in Apple's list applies",
            Self::EnumLast => "the value that is last in Apple's list applies",
            Self::First => "the first value that the device processes applies, and Apple defines no order",
            Self::ArrayAppend => "the items of all declarations apply, in an order that Apple does not define",
            Self::SetUnion => "each distinct item of all declarations applies once",
            Self::SetIntersection => "only items present in all declarations apply",
        }
    }
}
