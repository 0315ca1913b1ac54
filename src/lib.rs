//! `ddmc` reads Apple's declarative device-management documents for software updates, says exactly what is wrong with them, combines them
//! as a device does, and tells what a device will do.
//!
//! One sentence carries the whole program:
//!
//! > text → tree (positions) → declaration against Apple's schema → findings | merged set | plan → report
//!
//! # As a library
//!
//! | to | use |
//! | --- | --- |
//! | check a text | [`check()`], or a [`Checker`] that knows devices, the time, and what Apple offers |
//! | mend it | [`mend`] |
//! | combine declarations into the set to publish, with provenance | [`Declarations::merge`] |
//! | know what a device does with them | [`Declarations::plan`] |
//! | build and combine typed documents | [`apple`], [`combine`] |
//! | list the rules | [`rules`] |
//!
//! Nothing here reads files, asks a server, or knows the time: all that comes in as values. The feature `cli`, on by default, adds the
//! command `ddmc` and what it is made of; without it there are few dependencies:
//!
//! ```toml
//! ddmc = { version = "0.1", default-features = false }
//! ```
//!
//! # To read the source
//!
//! Read it in the order of the sentence: `syntax` makes a tree of a text, [`apple`] holds what Apple says about every key, `validate` brings
//! the two together, [`rules`] says what is wrong and how to mend it, `lint` runs them over a file, and `report` and `cli` show the
//! result. `ARCHITECTURE.md` in the repository tells why it is so.

// What only the command needs is not used without it. With it, everything is.
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
mod docs;
mod fix;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod fuzzing;
mod hash;
mod lint;
mod locate;
mod merge;
#[cfg(feature = "cli")]
mod migrate;
mod plan;
#[cfg(feature = "cli")]
mod policy;
#[cfg(feature = "cli")]
mod report;
pub mod rules;
mod run;
#[cfg(feature = "cli")]
mod schema;
mod session;
mod set;
#[cfg(feature = "cli")]
mod source;
mod syntax;
mod validate;
mod words;

/// What the workspace's tool `import-schema` calls: the source of `src/apple/types.rs`.
///
/// # Errors
///
/// The folder cannot be read, or something in it is not known: each fault is a line.
#[cfg(feature = "import")]
#[doc(hidden)]
pub fn import_schema(folder: &std::path::Path, only: &[String]) -> Result<String, String> {
    apple::import_schema(folder, only)
}

pub use catalog::Catalog;
pub use check::{Checker, check, mend};
pub use declarations::{Declarations, Refused, Source};
pub use diagnostic::{Diagnostic, Edit, Fix, Place, Position, Related, RuleRef, Severity};
pub use merge::{Merged, Options as MergeOptions, Origin, Published};
pub use plan::{Ignored, Inactive, Plan, Setting, Update};
pub use set::{Decision, Part, combine};
