//! Apple's rules for combining declarations, by name and effect.

/// How a device combines the values that several declarations give to a key.
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
    /// Every rule.
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

    /// Which value a device takes, as a sentence.
    pub(crate) const fn effect(self) -> &'static str {
        match self {
            Self::BooleanAnd => "false counts, if any declaration says it",
            Self::BooleanOr => "true counts, if any declaration says it",
            Self::NumberMin => "the smallest number counts",
            Self::NumberMax => "the largest number counts",
            Self::EnumFirst => "the value counts that stands first in the list of values",
            Self::EnumLast => "the value counts that stands last in the list of values",
            Self::First => "the first one that the device processes counts, and Apple defines no order",
            Self::ArrayAppend => "the items of all of them count, and Apple defines no order",
            Self::SetUnion => "every distinct member counts, once",
            Self::SetIntersection => "only the members count that all of them have",
        }
    }
}
