//! The last step of a merge: the keys of the envelope, and activations for configurations without one.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::{Options, Published};
use crate::apple::{ACTIVATION, Channel, Family, MOST_OCTETS, Value, activation};
use crate::hash::{Map, Set};
use crate::set::publish::{self, Text};
use crate::set::{Activated, Activations, Gathered, Premise};

/// The keys that published declarations have besides `Type`, `Identifier` and `Payload`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Envelope {
    /// Those of the sources; the `ServerToken` only if the declaration is unchanged.
    #[default]
    Source,
    /// Those of the sources, and a `ServerToken` that is derived from the content: equal content, equal token.
    Tokens,
    /// Those that devices get: a derived `ServerToken`, and no `PayloadScope`.
    Device,
    /// Those that Fleet takes: no `ServerToken`, and the `PayloadScope` of declarations for the user channel.
    Fleet,
}

/// Whether a device applies a declaration, as far as the activations of the set tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Active {
    /// An activation that is true on every device references the configuration, or it is not a configuration.
    Always,
    /// Every activation that references it has a predicate that decides. The identifier is that of the activation, if it is
    /// the only one and references nothing else.
    Conditionally(Option<String>),
    /// No activation references it.
    Never,
}

/// A declaration to publish that is not finished.
pub(super) struct Draft {
    pub(super) kind: String,
    pub(super) identifier: String,
    pub(super) channel: Channel,
    pub(super) text: Text,
}

/// Whether devices apply the configurations that activations reference, by channel and published name. `names` has the
/// names of merged declarations.
pub(super) fn active(gathered: &Gathered, names: &Map<(Channel, &str), &str>) -> Map<(Channel, String), Active> {
    let mut active: Map<(Channel, String), Active> = Map::default();
    for (who, activated) in &gathered.activations {
        let Some(Activated { references, predicate }) = activated else { continue };
        let channel = gathered.members[*who].channel;
        let is_constant = |premise: &Premise| premise.predicate().is_some_and(|predicate| predicate.constant() == Some(true));
        let is_always = predicate.as_ref().is_none_or(is_constant);
        let published = |name: &'_ str| names.get(&(channel, name)).copied().unwrap_or(name).to_owned();
        let references: BTreeSet<String> = references.iter().map(|reference| published(&reference.name)).collect();
        let own = gathered.members[*who].identifier.as_deref().filter(|_| references.len() == 1);
        let here = if is_always { Active::Always } else { Active::Conditionally(own.map(str::to_owned)) };
        for name in references {
            let known = active.entry((channel, name)).or_insert_with(|| here.clone());
            if *known != here {
                *known = if is_always || *known == Active::Always { Active::Always } else { Active::Conditionally(None) };
            }
        }
    }
    active
}

/// Finishes the declarations of a set. `active` has the configurations that activations reference; others are active if the
/// server activates them.
pub(super) fn all(
    mut drafts: Vec<Draft>,
    active: &Map<(Channel, String), Active>,
    activated_by: Activations,
    options: &Options,
) -> Vec<Published> {
    let state = |draft: &Draft| {
        let is_configuration = Family::of(&draft.kind) == Some(Family::Configuration);
        let known = || active.get(&(draft.channel, draft.identifier.clone())).cloned().unwrap_or(Active::Never);
        if is_configuration { known() } else { Active::Always }
    };
    let mut states: Vec<Active> = drafts.iter().map(state).collect();
    if options.adds_activations {
        let mut taken: Set<String> = drafts.iter().map(|draft| draft.identifier.clone()).collect();
        let mut made = Vec::new();
        for (draft, state) in drafts.iter().zip(&mut states).filter(|(_, state)| **state == Active::Never) {
            made.push(activation_of(draft, &mut taken));
            *state = Active::Always;
        }
        states.extend(made.iter().map(|_| Active::Always));
        drafts.extend(made);
    }
    if activated_by == Activations::Server {
        states.iter_mut().filter(|state| **state == Active::Never).for_each(|state| *state = Active::Always);
    }
    let finish = |(draft, active)| finish(draft, active, options.envelope);
    drafts.into_iter().zip(states).map(finish).collect()
}

/// An activation for one configuration. Its name is that of the configuration and `.activation`; if that is too long or
/// taken, a part of it and a hash of all of it.
fn activation_of(configuration: &Draft, taken: &mut Set<String>) -> Draft {
    const ENDING: &str = ".activation";
    let name = &configuration.identifier;
    let mut identifier = format!("{name}{ENDING}");
    for round in 0_u32.. {
        if identifier.len() <= MOST_OCTETS && !taken.contains(&identifier) {
            break;
        }
        let digest = Sha256::digest(format!("{round}\0{name}"));
        let hash = format!(".{:02x}{:02x}{:02x}{:02x}", digest[0], digest[1], digest[2], digest[3]);
        let kept = &name[..name.floor_char_boundary(MOST_OCTETS - hash.len() - ENDING.len())];
        identifier = format!("{kept}{hash}{ENDING}");
    }
    taken.insert(identifier.clone());
    let mut payload = Value::EMPTY;
    payload.set(activation::STANDARD_CONFIGURATIONS, Value::Array(vec![Value::string(name.clone())]));
    let channel = Some(configuration.channel).filter(|channel| *channel == Channel::User);
    let text = publish::made(ACTIVATION, &identifier, channel, &payload);
    Draft { kind: ACTIVATION.to_owned(), identifier, channel: configuration.channel, text }
}

fn finish(draft: Draft, active: Active, envelope: Envelope) -> Published {
    let Draft { kind, identifier, channel, mut text } = draft;
    match envelope {
        Envelope::Device => text.set_channel(None),
        Envelope::Fleet if channel == Channel::User => text.set_channel(Some(channel)),
        Envelope::Source | Envelope::Tokens | Envelope::Fleet => {}
    }
    let mut server_token = None;
    match envelope {
        Envelope::Source => {}
        Envelope::Tokens | Envelope::Device => {
            let token = text.token();
            text.set_token(Some(&token));
            server_token = Some(token);
        }
        Envelope::Fleet => text.set_token(None),
    }
    Published { kind, identifier, channel, server_token, text: text.write(), active }
}
