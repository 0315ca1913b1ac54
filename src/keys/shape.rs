//! What a value must look like, as data.

use crate::document::Kind;
use crate::model::Form;
use crate::words::list;

/// The JSON that a key takes.
#[derive(Debug)]
pub(crate) enum Shape {
    Boolean,
    /// A whole number within bounds, both included.
    Integer {
        min: i64,
        max: i64,
    },
    /// A number.
    Number,
    /// A date: a type of its own in property lists, a string in JSON.
    Date,
    /// One of these strings, in Apple's order.
    Choice(&'static [&'static str]),
    /// A string; with a form, it must have that.
    Text(Option<Form>),
    Array(&'static Shape),
    /// An object whose members are further rows of the same table.
    Group,
    /// An object that a table of its own describes.
    Object,
}

impl Shape {
    /// Whether a value of this kind can stand there.
    pub(crate) fn takes(&self, kind: Kind) -> bool {
        let bit = |kind: Kind| 1_u8 << kind as u8;
        // Every value comes here. A number is looked up, where arms that compare would be jumped to.
        let taken = match self {
            Self::Boolean => bit(Kind::Boolean),
            Self::Integer { .. } | Self::Number => bit(Kind::Number),
            Self::Choice(_) | Self::Text(_) => bit(Kind::String),
            // JSON has no dates.
            Self::Date => bit(Kind::Date) | bit(Kind::String),
            Self::Array(_) => bit(Kind::Array),
            Self::Group | Self::Object => bit(Kind::Object),
        };
        taken & bit(kind) != 0
    }

    /// What must stand there, to follow "must be".
    pub(crate) fn expected(&self) -> String {
        match self {
            Self::Boolean => "a boolean (true or false)".to_owned(),
            Self::Integer { min: i64::MIN, max: i64::MAX } => "an integer".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Date => "a date".to_owned(),
            Self::Integer { min, max } => format!("an integer from {min} to {max}"),
            Self::Choice(names) => format!("a string ({})", list(names, "or")),
            Self::Text(_) => "a string".to_owned(),
            Self::Array(Shape::Text(_)) => "an array of strings".to_owned(),
            Self::Array(Shape::Date) => "an array of dates".to_owned(),
            Self::Array(_) => "an array of objects".to_owned(),
            Self::Group | Self::Object => "an object".to_owned(),
        }
    }
}
