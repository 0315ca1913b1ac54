//! The typed documents: what a file *says*, in plain structs that can be built, edited and serialised.
//!
//! The types of single values cannot hold a wrong one. What a device makes of a document (defaults, availability) is not here.

mod activation;
mod build_version;
mod choice;
mod deferral_days;
mod device;
mod enforcement;
mod envelope;
pub mod legacy;
mod os_version;
mod settings;
mod target;
mod text;
mod timestamp;
mod url;

pub use activation::Activation;
pub use build_version::{BuildKind, BuildVersion};
pub(crate) use choice::Choice;
pub use choice::{Cadence, Control};
pub use deferral_days::DeferralDays;
pub use device::Device;
pub use enforcement::Enforcement;
pub use envelope::{DeclarationType, Identifier, ServerToken};
pub(crate) use envelope::{Envelope, MOST_OCTETS};
pub use legacy::LegacyType;
pub use os_version::OsVersion;
pub(crate) use os_version::compare_versions;
pub use settings::{AutomaticActions, Beta, Deferrals, Program, RapidSecurityResponse, Settings};
pub use target::{Enrolment, Platform, Target};
pub use text::Unfit;
pub(crate) use text::{Form, Text};
pub use timestamp::LocalDateTime;
pub use url::DetailsUrl;
