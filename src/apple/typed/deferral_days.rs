//! The length of a deferral.

use serde::{Deserialize, Serialize};

use crate::apple::InvalidValue;

/// How many days an update is deferred after its release: 1 to 90 (`Deferrals.*PeriodInDays`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u8")]
pub struct DeferralDays(u8);

impl DeferralDays {
    /// The shortest deferral, in days.
    pub const MIN: i64 = 1;
    /// The longest deferral, in days.
    pub const MAX: i64 = 90;

    /// The number of days.
    pub fn days(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for DeferralDays {
    type Error = InvalidValue;

    /// # Errors
    /// `days` is not between [`DeferralDays::MIN`] and [`DeferralDays::MAX`].
    fn try_from(days: i64) -> Result<Self, InvalidValue> {
        match u8::try_from(days) {
            Ok(fits) if (Self::MIN..=Self::MAX).contains(&days) => Ok(Self(fits)),
            _ => Err(InvalidValue::new(&days.to_string(), "but must be 1 to 90 days", "write a number from 1 to 90")),
        }
    }
}

impl From<DeferralDays> for u8 {
    fn from(days: DeferralDays) -> Self {
        days.0
    }
}
