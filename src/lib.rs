//! `ddmc` checks Apple's declarations for software updates and everything else that devices can be managed by, combines
//! them as a device does, and predicts what a device will do.
//!
//! The data flow:
//!
//! > text → tree (positions) → declaration against Apple's schema → findings | merged set | plan → report
//!
//! # As a library
//!
//! | to | use |
//! | --- | --- |
//! | check a text | [`check()`], or a [`Checker`] with target devices, the time and Apple's catalogue |
//! | fix it | [`fix()`] |
//! | combine declarations into the set to publish, with provenance | [`Declarations::merge`] |
//! | predict what a device does with them | [`Declarations::plan`] |
//! | build and combine typed documents | [`apple`], [`combine`] |
//! | list the rules | [`rules`] |
//!
//! The library does not read files, the network or the clock; callers pass everything in as values. The default
//! feature `cli` adds the command `ddmc`. Without it there are few dependencies:
//!
//! ```toml
//! ddmc = { version = "0.1", default-features = false }
//! ```
//!
//! # Reading the source
//!
//! Follow the data flow: `syntax` parses a text into a tree, [`apple`] holds Apple's schema, `validate` checks the tree
//! against the schema, [`rules`] produces findings and fixes, `lint` runs all of this over a file, and `report` and
//! `cli` show the result. `ARCHITECTURE.md` in the repository explains the design.

// Some code is used only by the command, so it is unused without the feature.
#![cfg_attr(not(feature = "cli"), allow(dead_code, unused_imports))]

#[cfg(feature = "cli")]
mod answer;
pub mod apple;
#[cfg(feature = "cli")]
mod baseline;
mod catalog;
mod check;
#[cfg(feature = "cli")]
pub mod cli;
mod conditions;
#[cfg(feature = "cli")]
mod config;
mod content;
mod declarations;
mod diagnostic;
#[cfg(feature = "cli")]
mod diff;
mod docs;
mod fix;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod fuzzing;
mod hash;
mod html;
#[cfg(feature = "cli")]
mod inventory;
#[cfg(feature = "cli")]
mod layout;
mod limits;
mod lint;
mod locate;
mod merge;
#[cfg(feature = "cli")]
mod migrate;
mod plan;
#[cfg(feature = "cli")]
mod policy;
mod predicate;
mod report;
#[doc(hidden)]
pub mod requests;
pub mod rules;
mod run;
#[cfg(feature = "cli")]
mod schema;
mod secrets;
mod session;
mod set;
#[cfg(feature = "cli")]
mod source;
#[cfg(feature = "cli")]
mod status;
mod syntax;
mod validate;
mod words;

/// Generates the source of `src/apple/types.rs`, for the workspace's tool `import-schema`.
///
/// # Errors
///
/// If the folder cannot be read or contains something unknown, returns one line per error.
#[cfg(feature = "cli")]
#[doc(hidden)]
pub fn import_schema(folder: &std::path::Path) -> Result<String, String> {
    apple::import_schema(folder)
}

pub use apple::{Device, LocalDateTime, Target};
pub use catalog::Catalog;
pub use check::{Checker, check, fix};
pub use declarations::{Declarations, Refused, Source};
pub use diagnostic::{Diagnostic, Edit, Fix, Place, Position, Related, RuleRef, Severity};
pub use merge::{Envelope, Merged, Options as MergeOptions, Origin, Published};
pub use plan::{Ignored, Inactive, Plan, Setting, Update, When};
pub use set::{Activations, Decision, Part, combine};
