//! GENERATED
use super::schema::{Key, Text, Type};
use super::support::Support;

pub(super) const RELEASE: &str = "27.2";
pub(super) static TYPES: &[Type] = &[];
pub(super) static KEYS: &[Key] = &[];
pub(super) static WORDS: &[Text] = &[];
pub(super) static NUMBERS: &[i64] = &[];
pub(super) static SUPPORTS: &[Support] = &[];
