//! From the remedies of rules to edits, and from edits to fixed texts.
//!
//! A rule names a remedy in its own terms; here it becomes edits of bytes. Whatever an edit does not name stays as it is: indentation,
//! the order of keys, line endings, the final line feed.

mod apply;
mod resolve;

pub(crate) use apply::{Fixed, mend};
pub(crate) use resolve::resolve;
