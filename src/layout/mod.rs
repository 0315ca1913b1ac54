//! The files in which servers take a published set: their names and texts.

mod endpoint;
mod fleet;
mod kmfddm;
mod names;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub(crate) use endpoint::DECLARATION;
pub(crate) use names::plain as plain_name;

use crate::apple::{Channel, Family, LocalDateTime};
use crate::hash::Set;
use crate::merge::{Envelope, Merged, Published};
use crate::words::visible;

/// The form in which a server takes a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Apple's endpoint as static files, for any web server.
    Ddm,
    /// One file per declaration and a list of the set, for KMFDDM and NanoHUB.
    Kmfddm,
    /// One file per declaration and a list of them, for Fleet's GitOps.
    Fleet,
}

/// A file to write.
#[derive(Debug)]
pub(crate) struct NamedFile<'m> {
    /// The path in the output folder, with `/` between its parts.
    pub(crate) name: String,
    /// Without the final line feed.
    pub(crate) text: Cow<'m, str>,
}

/// What the files depend on besides the set.
pub(crate) struct Context<'s> {
    /// The time of a set that has changed, in UTC.
    pub(crate) now: LocalDateTime,
    /// The name of the set.
    pub(crate) name: &'s str,
    /// Returns the text of a file that an earlier run wrote.
    pub(crate) earlier: &'s dyn Fn(&str) -> Option<String>,
}

impl Layout {
    /// The keys that declarations have besides their type, identifier and payload.
    pub(crate) fn envelope(self) -> Envelope {
        match self {
            Self::Ddm | Self::Kmfddm => Envelope::Device,
            Self::Fleet => Envelope::Fleet,
        }
    }

    /// Whether the server activates every configuration by itself, and takes an activation only as the condition of one.
    pub(crate) fn is_activated_by_server(self) -> bool {
        self == Self::Fleet
    }

    /// Whether the server replaces placeholders, each device by its own values.
    pub(crate) fn replaces_placeholders(self) -> bool {
        self == Self::Fleet
    }

    /// The declarations of a set that the server takes.
    pub(crate) fn declarations(self, merged: &Merged) -> Vec<&Published> {
        if !self.is_activated_by_server() {
            return merged.declarations.iter().collect();
        }
        let conditions: Set<&str> = merged.declarations.iter().filter_map(fleet::condition).collect();
        let is_taken = |one: &&Published| !is_activation(one) || conditions.contains(one.identifier.as_str());
        merged.declarations.iter().filter(is_taken).collect()
    }

    /// Returns the files of a set, in the order of writing.
    ///
    /// # Errors
    /// Returns one message for each reason why the server cannot take the set.
    pub(crate) fn files<'m>(self, merged: &'m Merged, context: &Context<'_>) -> Result<Vec<NamedFile<'m>>, Vec<String>> {
        let mut reasons = repeated(&merged.declarations);
        if self != Self::Fleet {
            reasons.extend(two_channels(&merged.declarations));
        }
        let declarations = self.declarations(merged);
        let found = match self {
            Self::Ddm => endpoint::files(&declarations, context),
            Self::Kmfddm => kmfddm::files(&declarations, context),
            Self::Fleet => fleet::files(&declarations, merged.declarations.iter().any(is_activation), context),
        };
        match found {
            Ok(files) if reasons.is_empty() => Ok(files),
            Ok(_) => Err(reasons),
            Err(more) => Err(reasons.into_iter().chain(more).collect()),
        }
    }
}

/// A reason if a file is there already and does not begin like those of this layout: replacing it could lose the work of
/// another program or person.
fn foreign(name: &str, head: &str, context: &Context<'_>) -> Option<String> {
    (context.earlier)(name)
        .filter(|text| !text.starts_with(head))
        .map(|_| format!("{name} is in the folder already, but ddmc did not write it; publish to another folder"))
}

/// One file per declaration, with names that every file system takes.
pub(crate) fn one_each<'m>(declarations: impl IntoIterator<Item = &'m Published>) -> Vec<NamedFile<'m>> {
    let mut taken = HashSet::new();
    let file = |one: &'m Published| NamedFile { name: plain_name(&one.identifier, &mut taken), text: one.text.as_str().into() };
    declarations.into_iter().map(file).collect()
}

/// Whether a set may have this name.
pub(crate) fn is_set_name(name: &str) -> bool {
    kmfddm::is_set_name(name)
}

/// Whether some layout writes files of this name. Anything else in a record of what was written is not ours.
pub(crate) fn may_write(name: &str) -> bool {
    names::is_plain(name) || endpoint::may_write(name) || kmfddm::may_write(name) || name == fleet::LIST
}

/// Whether a declaration is an activation.
pub(crate) fn is_activation(declaration: &Published) -> bool {
    Family::of(&declaration.kind) == Some(Family::Activation)
}

/// Identifiers that several declarations of a set have.
fn repeated(declarations: &[Published]) -> Vec<String> {
    let mut known = Set::default();
    let repeated: BTreeSet<&str> = declarations
        .iter()
        .map(|declaration| declaration.identifier.as_str())
        .filter(|identifier| !known.insert(*identifier))
        .collect();
    let message = |name: &str| {
        format!(
            "{} is the identifier of several declarations; give each its own, or publish them to different folders",
            visible(name)
        )
    };
    repeated.into_iter().map(message).collect()
}

/// A reason if a set has declarations for both channels.
fn two_channels(declarations: &[Published]) -> Option<String> {
    let mut first: BTreeMap<Channel, &str> = BTreeMap::new();
    for declaration in declarations {
        first.entry(declaration.channel).or_insert(&declaration.identifier);
    }
    let (device, user) = (first.get(&Channel::Device)?, first.get(&Channel::User)?);
    Some(format!(
        "{} is for the device channel, but {} is for the user channel, and each has a set of its own; publish their files \
         separately, to a folder for each channel",
        visible(device),
        visible(user)
    ))
}
