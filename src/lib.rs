//! `ddmc` reads Apple's declarative device-management documents for software updates and says exactly what is wrong with them.
//!
//! One sentence carries the whole program:
//!
//! > text → document (positions) → typed declarations → findings → report
//!
//! Read it in that order: [`model`] holds the documents, `keys` what Apple says about every key, `read` brings a text and the
//! tables together, [`rules`] says what is wrong and how to mend it, `lint` runs them over a file, and `report` and [`cli`] show
//! the result. `ARCHITECTURE.md` in the repository tells why it is so.

mod answer;
mod baseline;
mod catalog;
mod check;
pub mod cli;
mod conditions;
mod config;
mod content;
mod document;
mod finding;
mod fix;
mod keys;
mod lint;
mod locate;
mod merge;
mod migrate;
pub mod model;
mod pages;
mod plan;
mod publish;
mod read;
mod report;
pub mod rules;
mod run;
mod set;
mod source;
mod words;

pub use check::{check, mend};
pub use document::Position;
pub use finding::{Finding, Place, Related, Severity};
pub use fix::{Edit, Fix};
pub use set::combine;
