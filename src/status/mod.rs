//! Status reports of devices: reads them in the forms in which servers keep them, and explains them, alone or joined with
//! the set of declarations that the device should have.
//!
//! A report is data about a device, never a document of the set. This layer does no input or output and knows no formats.

mod capabilities;
mod causes;
mod device;
mod explain;
mod fleet;
mod fleet_detail;
mod hidden;
mod read;
mod report;
mod state;
mod update;

pub(crate) use device::{device, title, with_items};
pub(crate) use explain::{Entry, Explained, Explanation, Joined, Source, explain, levels};
pub(crate) use fleet::{Example, Fleet, Row, Table, UPDATE_FAILED};
pub(crate) use hidden::{Hidden, is_personal};
pub(crate) use read::{LISTS, is_row, read};
pub(crate) use report::Report;
pub(crate) use state::Level;

use crate::syntax::Node;
use crate::validate;

/// Names a document that is not a status report, to follow "this is".
pub(crate) fn other(root: Node<'_>) -> String {
    let kind = root.member("Type").and_then(Node::as_str);
    match kind {
        Some(kind) if kind.starts_with("com.apple.") => "a declaration, not a status report".to_owned(),
        _ => validate::other(root).map_or_else(
            || format!("{}, not a status report", root.kind()),
            |what| what.replace("not a declaration", "not a status report"),
        ),
    }
}
