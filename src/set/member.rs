//! A declaration among others.

use std::sync::Arc;

use crate::document::Position;
use crate::lint::Activated;
use crate::model::{BuildVersion, DeclarationType, Enforcement, OsVersion, ServerToken};

/// A declaration of the run.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) file: Arc<str>,
    pub(crate) index: usize,
    pub(crate) identifier: Option<Box<str>>,
    /// Whether a template makes the identifier.
    pub(crate) is_template: bool,
    pub(crate) kind: Option<DeclarationType>,
    /// Where the identifier stands.
    pub(crate) start: Position,
    pub(crate) end: Position,
    pub(crate) server_token: Option<ServerToken>,
    pub(crate) content: u64,
    pub(crate) role: Role,
    /// The sets that the user names, by their numbers, in which it is active.
    pub(crate) sets: Vec<usize>,
    /// The declaration in its published form, where that is wanted.
    pub(crate) text: Option<Box<str>>,
}

/// What a declaration does in a set.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Settings, which were added to the tallies.
    Settings,
    /// Settings that hold placeholders, so that nobody knows what they combine to.
    TemplateSettings,
    /// An enforcement.
    Enforcement(Box<Enforcement>),
    /// An enforcement that holds placeholders, with what is known of its release.
    TemplateEnforcement(Option<OsVersion>, Option<BuildVersion>),
    /// An activation of these configurations.
    Activation(Activated),
    /// An activation of nobody knows what.
    UnknownActivation,
    /// No declaration, but a command that schedules updates.
    Command,
    /// Anything else.
    Other,
}

impl Member {
    /// The name that people call it by.
    pub(crate) fn name(&self) -> &str {
        self.identifier.as_deref().unwrap_or("a declaration without an identifier")
    }

    /// Whether an activation could reference it.
    pub(crate) fn is_configuration(&self) -> bool {
        self.kind.as_ref().is_some_and(|kind| kind.as_str().starts_with("com.apple.configuration."))
    }
}
