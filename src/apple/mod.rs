//! Apple's schema as data, and the types of the values in its documents.

// CI builds the importer too, with the lint on.
#![cfg_attr(not(feature = "import"), allow(dead_code))]

mod build_version;
#[cfg(any(test, feature = "import"))]
mod checkout;
mod device;
mod format;
mod identifier;
#[cfg(any(test, feature = "import"))]
mod import;
mod legacy;
mod os_version;
mod overlay;
mod prose;
mod rows;
mod schema;
#[cfg(any(test, feature = "import"))]
mod source;
mod support;
mod target;
#[cfg(test)]
mod tests;
mod timestamp;
mod typed;
mod types;
mod updates;
mod url;
mod value;
#[cfg(any(test, feature = "import"))]
mod yaml;

#[cfg(any(test, feature = "import"))]
use std::path::Path;

pub use build_version::{BuildKind, BuildVersion};
pub use device::Device;
pub use format::InvalidValue;
pub(crate) use format::{Format, Formatted};
pub(crate) use identifier::MOST_OCTETS;
pub use identifier::{Identifier, ServerToken};
pub use os_version::OsVersion;
pub(crate) use os_version::compare_versions;
pub use target::{Enrolment, Platform, Target};
pub use timestamp::LocalDateTime;
pub use typed::{
    Activation, AutomaticActions, Beta, Cadence, Control, DeferralDays, Deferrals, Enforcement, Program, RapidSecurityResponse,
    Settings,
};
pub use url::DetailsUrl;

pub(crate) use overlay::{ABOUT_UPDATES, NOTHING, Note, Others, others, secret_names};
#[cfg(all(test, feature = "cli"))]
pub(crate) use prose::all_claims;
pub(crate) use prose::{Claim, Condition, TextFormat};
pub(crate) use schema::{ANY, Apply, Combine, Family, Key, KeyId, Rows, Scalar, Schema, Text, Type, TypeId, ValueType, short};
#[cfg(test)]
pub(crate) use schema::{NewKey, NewType, NewValue};
pub(crate) use support::{COLUMNS, Enrolments, Release, Since, Support, Verdict};
pub(crate) use updates::*;
pub(crate) use value::Value;

/// Returns the source of `types.rs`, generated from a checkout of Apple's repository.
///
/// # Errors
///
/// The folder cannot be read, or it contains something unknown. The message has one line per complaint.
#[cfg(any(test, feature = "import"))]
pub(crate) fn import_schema(folder: &Path) -> Result<String, String> {
    let files = checkout::files(folder)?;
    let (schema, complaints) = import::read(files.iter().map(|(path, text)| (&**path, &**text))).into_schema();
    if !complaints.is_empty() {
        return Err(complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
    Ok(schema.to_source())
}
