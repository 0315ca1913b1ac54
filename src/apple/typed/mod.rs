//! The documents about software updates as plain structs, to be built, edited and serialised.
//!
//! They say what a file says: defaults and availability are not applied. A test ties them to the schema, key by key.

mod activation;
mod deferral_days;
mod enforcement;
mod settings;

pub use activation::Activation;
pub use deferral_days::DeferralDays;
pub use enforcement::Enforcement;
pub use settings::{AutomaticActions, Beta, Cadence, Control, Deferrals, Program, RapidSecurityResponse, Settings};
