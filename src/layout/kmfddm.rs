//! A folder for KMFDDM's `syncdir.py`: one file per declaration, and `set.NAME.txt` with the identifiers of the set.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::names::is_plain_stem;
use super::{Context, NamedFile, foreign, one_each};
use crate::merge::Published;
use crate::words::visible;

/// The first line of the list.
const HEADER: &str = "# The set of declarations that ddmc published; a minus removes one from it.";

/// The files of a set. An identifier that the earlier list has and the set does not is removed from the set, as the server
/// keeps what a list does not mention.
pub(super) fn files<'m>(declarations: &[&'m Published], context: &Context<'_>) -> Result<Vec<NamedFile<'m>>, Vec<String>> {
    let is_listable = |name: &str| name.trim() == name && !name.starts_with(['-', '#']) && !name.contains(char::is_control);
    let reason =
        |name: &str| format!("{} cannot be a line of {}; give it another identifier", visible(name), list_name(context.name));
    let names: BTreeSet<&str> = declarations.iter().map(|declaration| declaration.identifier.as_str()).collect();
    let name = list_name(context.name);
    let unlistable = names.iter().filter(|name| !is_listable(name)).map(|name| reason(name));
    let reasons: Vec<String> = unlistable.chain(foreign(&name, HEADER, context)).collect();
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let earlier = (context.earlier)(&name).unwrap_or_default();
    let earlier = earlier.lines().map(|line| line.trim().trim_start_matches('-').trim());
    let gone: BTreeSet<&str> = earlier.filter(|name| !name.is_empty() && is_listable(name) && !names.contains(name)).collect();
    let mut text = HEADER.to_owned();
    for (sign, names) in [("", &names), ("-", &gone)] {
        for name in names {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{sign}{name}");
        }
    }
    let mut files = one_each(declarations.iter().copied());
    files.push(NamedFile { name, text: text.into() });
    Ok(files)
}

/// The name of the list of a set.
fn list_name(set: &str) -> String {
    format!("set.{set}.txt")
}

/// Whether a set of this layout may have a file of this name, besides its declarations.
pub(super) fn may_write(name: &str) -> bool {
    name.strip_prefix("set.").and_then(|rest| rest.strip_suffix(".txt")).is_some_and(is_set_name)
}

/// Whether a set may have this name. KMFDDM's tool takes what is before the first `.txt`, and puts it into a URL.
pub(super) fn is_set_name(name: &str) -> bool {
    is_plain_stem(name) && !name.contains(".txt")
}
