//! The length of a deferral.

use serde::{Deserialize, Serialize};

use super::Unfit;

/// How long an update is held back after its release: 1 to 90 days (`Deferrals.*PeriodInDays`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "u8")]
pub struct DeferralDays(u8);

impl DeferralDays {
    /// The shortest deferral, in days.
    pub const MIN: i64 = 1;
    /// The longest deferral, in days.
    pub const MAX: i64 = 90;

    /// What profiles take where they say nothing else.
    pub(crate) const DEFAULT: Self = Self(30);

    /// The number of days.
    pub fn days(self) -> u8 {
        self.0
    }
}

impl TryFrom<i64> for DeferralDays {
    type Error = Unfit;

    /// # Errors
    /// When `days` does not lie between [`DeferralDays::MIN`] and [`DeferralDays::MAX`].
    fn try_from(days: i64) -> Result<Self, Unfit> {
        match u8::try_from(days) {
            Ok(fits) if (Self::MIN..=Self::MAX).contains(&days) => Ok(Self(fits)),
            _ => Err(Unfit::new(&days.to_string(), "which is not a deferral", "write a number of days from 1 to 90")),
        }
    }
}

impl From<DeferralDays> for u8 {
    fn from(days: DeferralDays) -> Self {
        days.0
    }
}
