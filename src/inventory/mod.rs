//! Inventories: the devices of a fleet, as rows of CSV or as JSON objects, one per line.
//!
//! Each block of a file becomes `Rows`: which columns matter, and which rows are alike in them. [`Kinds`] counts the
//! rows of all blocks and plans once for those that are alike. This module does not know files, threads or formats of
//! output.

mod columns;
mod csv;
mod device;
mod format;
mod json;
mod kinds;
mod outcome;
mod rows;

pub(crate) use columns::{Columns, Mapping};
pub(crate) use device::Fault;
pub(crate) use format::{Opened, open};
pub(crate) use kinds::{Fate, Group, Kinds, Planner};
pub(crate) use outcome::{Outcome, Step};
pub(crate) use rows::tells_enrolment;
