//! What is kept of a declaration when its text is gone.

use std::ops::Range;

use crate::document::{Placeholders, Position};
use crate::keys;
use crate::model::{BuildVersion, DeclarationType, Enforcement, OsVersion, ServerToken, Settings};
use crate::read::Payload;

/// A declaration that was seen: enough to find another of the same name.
#[derive(Debug)]
pub(crate) struct Declared {
    /// Its identifier as it is written, right or wrong.
    pub(crate) identifier: Option<Box<str>>,
    /// Whether that is an identifier: not too long, and not made by a template.
    pub(crate) is_named: bool,
    /// Whether a template makes the identifier.
    pub(crate) is_template: bool,
    pub(crate) kind: Option<DeclarationType>,
    /// The hash of what the declaration says, whatever the order of its keys, if that is gathered. Hardly ever has anybody to know.
    pub(crate) content: Option<u64>,
    /// Where it stands in its file, in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) index: usize,
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// What it says, if that is gathered: mostly there are very many declarations, and their names are enough.
    pub(crate) said: Option<Box<Said>>,
}

/// What is kept of a declaration that is combined with others.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) server_token: Option<ServerToken>,
    pub(crate) body: Body,
    /// Its published form, if that is gathered.
    pub(crate) text: Option<Box<str>>,
}

impl Declared {
    /// Whether it is no declaration, but a command that schedules updates.
    pub(crate) fn is_command(&self) -> bool {
        self.said.as_ref().is_some_and(|said| matches!(said.body, Body::Command))
    }
}

/// What a declaration says, as far as other declarations matter to it.
#[derive(Debug)]
pub(crate) enum Body {
    /// Settings; `None` if they hold placeholders.
    Settings(Option<Box<Settings>>),
    /// An enforcement.
    Enforcement(Box<Enforcement>),
    /// An enforcement that holds placeholders, with what is known of its release.
    TemplateEnforcement(Option<OsVersion>, Option<BuildVersion>),
    /// What an activation references; `None` if that could not be read.
    Activation(Option<Activated>),
    /// No declaration, but a command that schedules updates.
    Command,
    Other,
}

/// What an activation activates.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Activated {
    pub(crate) references: Vec<Reference>,
    /// The condition, which only a device can evaluate.
    pub(crate) predicate: Option<String>,
}

/// A configuration that an activation references.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) name: String,
    /// Whether a template makes the name, so that nobody knows it yet.
    pub(crate) is_template: bool,
}

impl Body {
    /// What a payload says.
    pub(super) fn of(payload: Payload<'_>, templates: &Placeholders) -> Self {
        match payload {
            Payload::Settings(settings) => Self::Settings(settings.complete().map(Box::new)),
            Payload::Activation(activation) => {
                let references = activation.get(&keys::activation::STANDARD_CONFIGURATIONS);
                let reference = |name: &String| Reference { name: name.clone(), is_template: templates.are_in(name) };
                let predicate = activation.get(&keys::activation::PREDICATE).cloned();
                Self::Activation(
                    references.map(|names| Activated { references: names.iter().map(reference).collect(), predicate }),
                )
            }
            Payload::Enforcement(enforcement) => {
                let version = enforcement.get(&keys::enforcement::TARGET_OS_VERSION).cloned();
                let build = enforcement.get(&keys::enforcement::TARGET_BUILD_VERSION).cloned();
                enforcement
                    .complete()
                    .map_or(Self::TemplateEnforcement(version, build), |whole| Self::Enforcement(Box::new(whole)))
            }
            Payload::Legacy(_) | Payload::Other | Payload::None => Self::Other,
        }
    }
}
