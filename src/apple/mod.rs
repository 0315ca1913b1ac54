//! Apple's schema as data, and the types of the values in its documents.

// Only the command reads schemas at run time.
#![cfg_attr(not(feature = "cli"), allow(dead_code))]

mod build_version;
#[cfg(feature = "cli")]
mod checkout;
mod device;
mod format;
mod identifier;
#[cfg(feature = "cli")]
mod import;
mod legacy;
mod meanings;
mod os_version;
mod overlay;
mod platform;
mod prose;
mod reasons;
mod rows;
mod schema;
#[cfg(feature = "cli")]
mod source;
mod status;
#[cfg(all(test, feature = "cli"))]
mod status_tests;
mod successors;
mod support;
mod target;
#[cfg(all(test, feature = "cli"))]
mod tests;
mod timestamp;
mod typed;
mod types;
mod updates;
mod url;
mod value;

pub use build_version::{BuildKind, BuildVersion};
#[cfg(feature = "cli")]
pub(crate) use checkout::load as load_schema;
pub use device::Device;
pub(crate) use device::MODEL_FAMILY;
pub use format::InvalidValue;
pub(crate) use format::{Format, Formatted, is_improvement};
pub(crate) use identifier::MOST_OCTETS;
pub use identifier::{Identifier, ServerToken};
pub use os_version::OsVersion;
pub(crate) use os_version::compare_versions;
pub use platform::Platform;
pub use target::{Channel, Enrolment, Target};
pub use timestamp::LocalDateTime;
pub use typed::{
    Activation, AutomaticActions, Beta, Cadence, Control, DeferralDays, Deferrals, Enforcement, Program, RapidSecurityResponse,
    Settings,
};
pub use url::DetailsUrl;

pub(crate) use overlay::{ABOUT_UPDATES, NOTHING, Note, Others, PAYLOAD_SCOPE, others, secret_names, title};
#[cfg(all(test, feature = "cli"))]
pub(crate) use prose::all_claims;
pub(crate) use prose::{Claim, Condition, TextFormat};
pub(crate) use reasons::{Origin, Reason};
pub(crate) use schema::{
    ANY, Apply, Combine, Family, Key, KeyId, Rows, Scalar, Schema, SupportId, Text, Type, TypeId, ValueType, short,
};
#[cfg(test)]
pub(crate) use schema::{NewKey, NewType, NewValue};
pub(crate) use status::{ALWAYS_REPORTED, ITEM_KEYS, StatusItem, StatusKey, StatusValue};
pub(crate) use successors::{Becomes, CADENCES, Misnomer, SUCCESSORS, misnomer, successor};
pub(crate) use support::{COLUMNS, Enrolments, Release, Since, Support, Verdict};
pub(crate) use updates::*;
pub(crate) use value::Value;

/// Returns the source of `types.rs`, generated from a checkout of Apple's repository.
///
/// # Errors
///
/// The folder cannot be read, or it contains something unknown. The message has one line per complaint.
#[cfg(feature = "cli")]
pub(crate) fn import_schema(folder: &std::path::Path) -> Result<String, String> {
    let (schema, complaints) = checkout::read(folder)?;
    if !complaints.is_empty() {
        return Err(complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
    Ok(schema.to_source())
}
