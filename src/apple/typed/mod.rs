//! The software update declarations as plain structs, to build, edit and serialise.
//!
//! They hold exactly what a file contains: defaults and availability are not applied. A test compares them with the
//! schema key by key.

mod activation;
mod deferral_days;
mod enforcement;
mod settings;

pub use activation::Activation;
pub use deferral_days::DeferralDays;
pub use enforcement::Enforcement;
pub use settings::{AutomaticActions, Beta, Cadence, Control, Deferrals, Program, RapidSecurityResponse, Settings};
