//! Files for Fleet's GitOps: one per declaration, and a list to copy to the settings of a team.

use std::fmt::Write as _;

use super::{Context, NamedFile, foreign, one_each};
use crate::merge::{Active, Published};
use crate::words::visible;

/// The name of the list.
pub(super) const LIST: &str = "fleet.yml";

/// The text of the list before its items.
const HEAD: &str = "# The declarations that ddmc published. Copy the list to the file of a team, with paths from there.
controls:
  apple_settings:
    configuration_profiles:";

/// The files of a set without its activations: Fleet activates every configuration by itself.
pub(super) fn files<'m>(
    declarations: &[&'m Published],
    has_activations: bool,
    context: &Context<'_>,
) -> Result<Vec<NamedFile<'m>>, Vec<String>> {
    let reason = |declaration: &&Published| {
        let name = visible(&declaration.identifier);
        match declaration.active {
            Active::Conditionally => Some(format!(
                "{name} is only active where a predicate holds, but Fleet would activate it on every device; select the devices \
                 with labels, or name the activation in Fleet's GitOps as the activation of the profile"
            )),
            Active::Never if has_activations => Some(format!(
                "{name} is not active, as no activation references it, but Fleet would activate it; leave it out, or say \
                 --activations server"
            )),
            Active::Always | Active::Never => None,
        }
    };
    let reasons: Vec<String> = declarations.iter().filter_map(reason).chain(foreign(LIST, HEAD, context)).collect();
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let mut files = one_each(declarations.iter().copied());
    let mut list = HEAD.to_owned();
    for file in &files {
        // The names need no quotes. Writing to a string cannot fail.
        let _ = write!(list, "\n      - path: ./{}", file.name);
    }
    files.push(NamedFile { name: LIST.to_owned(), text: list.into() });
    Ok(files)
}
