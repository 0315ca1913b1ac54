//! What Apple publishes, as data, and the values that its documents hold.

mod legacy;
mod overlay;
mod schema;
mod support;
mod types;
mod updates;
mod value;

pub(crate) use overlay::{ABOUT_UPDATES, Others, others};
pub(crate) use schema::{
    Apply, Combine, Family, Key, KeyId, Rows, Scalar, Schema, Text, Type, TypeId, ValueType, short,
};
pub(crate) use support::{COLUMNS, Enrolments, Release, Since, Support, Verdict};
pub(crate) use updates::*;
pub(crate) use value::Value;

pub(crate) use crate::model::{Form as Format, Unfit as InvalidValue};
