//! A value of the configuration, and where it stands.

use crate::diagnostic::Place;

/// A value, and where the file gives it.
#[derive(Debug, Clone)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}
