//! Files for Fleet's GitOps: one per declaration, and a list to copy to the settings of a team.

use std::fmt::Write as _;

use super::{Context, NamedFile, foreign, is_activation, one_each};
use crate::apple::Channel;
use crate::hash::Map;
use crate::merge::{Active, Published};
use crate::words::visible;

/// The name of the list.
pub(super) const LIST: &str = "fleet.yml";

/// The text of the list before its items.
const HEAD: &str = "# The declarations that ddmc published. Copy the list to the file of a team, with paths from there.
controls:
  apple_settings:
    configuration_profiles:";

/// The activation that decides whether a configuration is active, as far as Fleet takes it: one that references no other
/// configuration.
pub(super) fn condition(declaration: &Published) -> Option<&str> {
    match &declaration.active {
        Active::Conditionally(activation) => activation.as_deref(),
        Active::Always | Active::Never => None,
    }
}

/// The files of a set with the activations that are conditions. Fleet activates every other configuration by itself.
pub(super) fn files<'m>(
    declarations: &[&'m Published],
    has_activations: bool,
    context: &Context<'_>,
) -> Result<Vec<NamedFile<'m>>, Vec<String>> {
    let reason = |declaration: &&Published| {
        let name = visible(&declaration.identifier);
        match &declaration.active {
            Active::Conditionally(None) => Some(format!(
                "{name} is only active where a predicate holds, but Fleet takes one activation for a configuration, which \
                 references nothing else; give {name} an activation of its own, or select the devices with labels"
            )),
            Active::Conditionally(Some(activation)) if declaration.channel == Channel::User => Some(format!(
                "{name} is only active where the predicate of {} holds, but Fleet documents no activations for the user \
                 channel; select the devices with labels",
                visible(activation)
            )),
            Active::Never if has_activations => Some(format!(
                "{name} is not active, as no activation references it, but Fleet would activate it; leave it out, or say \
                 --activations server"
            )),
            _ => None,
        }
    };
    let reasons: Vec<String> = declarations.iter().filter_map(reason).chain(foreign(LIST, HEAD, context)).collect();
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let mut files = one_each(declarations.iter().copied());
    let names: Map<&str, &str> =
        declarations.iter().zip(&files).map(|(one, file)| (one.identifier.as_str(), file.name.as_str())).collect();
    let mut list = HEAD.to_owned();
    // The names need no quotes. Writing to a string cannot fail.
    for (declaration, file) in declarations.iter().zip(&files).filter(|(declaration, _)| !is_activation(declaration)) {
        let _ = write!(list, "\n      - path: ./{}", file.name);
        if let Some(activation) = condition(declaration).and_then(|name| names.get(name)) {
            let _ = write!(list, "\n        activation: ./{activation}");
        }
    }
    files.push(NamedFile { name: LIST.to_owned(), text: list.into() });
    Ok(files)
}
