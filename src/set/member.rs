//! A declaration in a set.

use std::ops::Range;
use std::sync::Arc;

use super::Flaw;
use super::publish::Text;
use crate::apple::enforcement::{TARGET_BUILD_VERSION, TARGET_OS_VERSION};
use crate::apple::{BuildVersion, Enforcement, OsVersion};
use crate::apple::{Channel, Target};
use crate::apple::{Family, KeyId, Schema, TypeId, Value};
use crate::catalog::Platforms;
use crate::diagnostic::Position;
use crate::predicate::{Predicate, may_hold};
use crate::syntax::Placeholders;

/// A declaration of the run, or a `ScheduleOSUpdate` command.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact about the declaration")]
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) file: Arc<str>,
    pub(crate) index: usize,
    pub(crate) identifier: Option<Box<str>>,
    /// Whether the identifier contains a placeholder of a template.
    pub(crate) is_template: bool,
    /// `None` if the type could not be read.
    pub(crate) kind: Option<TypeName>,
    /// The position of the identifier.
    pub(crate) start: Position,
    pub(crate) end: Position,
    /// The byte range in the file.
    pub(crate) span: Range<usize>,
    pub(crate) server_token: Option<Box<str>>,
    pub(crate) content: u64,
    /// The hash of the text as it is written.
    pub(crate) written: u64,
    /// Whether it has syntax errors, so that a secret may stand in the place of any text.
    pub(crate) is_broken: bool,
    /// Whether every value of the payload could be read and no key is missing. False if it has placeholders.
    pub(crate) is_complete: bool,
    pub(crate) channel: Channel,
    /// Whether it names its channel itself.
    pub(crate) names_channel: bool,
    /// Why no device loads it.
    pub(crate) flaw: Option<Flaw>,
    /// The platforms of which no target knows its type.
    pub(crate) unknown_on: Platforms,
    /// The platforms of the devices that may have it: those of the targets of its file on which its predicate may hold.
    pub(crate) platforms: Platforms,
    /// The indexes of the sets in the configuration that contain it.
    pub(crate) sets: Vec<usize>,
    /// The published form, if it is gathered.
    pub(crate) text: Option<Box<Text>>,
}

/// The type of a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum TypeName {
    /// A type of the schema.
    Known(TypeId),
    /// Another type of Apple's.
    Other(Box<str>),
}

impl TypeName {
    /// Returns the type with this name.
    pub(crate) fn of(name: &str, schema: &Schema) -> Self {
        schema.find(name).map_or_else(|| Self::Other(name.into()), Self::Known)
    }

    pub(crate) fn name<'n>(&'n self, schema: &'n Schema) -> &'n str {
        match self {
            Self::Known(id) => &schema.kind(*id).name,
            Self::Other(name) => name,
        }
    }

    pub(crate) fn id(&self) -> Option<TypeId> {
        if let Self::Known(id) = self { Some(*id) } else { None }
    }
}

impl Member {
    /// Its channel and name: the same name in another channel is another declaration.
    pub(crate) fn in_channel(&self) -> (Channel, &str) {
        (self.channel, self.name())
    }

    /// The identifier, or a substitute for messages.
    pub(crate) fn name(&self) -> &str {
        self.identifier.as_deref().unwrap_or("a declaration without an identifier")
    }

    /// The type, if the schema has it.
    pub(crate) fn type_id(&self) -> Option<TypeId> {
        self.kind.as_ref()?.id()
    }

    /// Whether the declaration is of this type.
    pub(crate) fn is(&self, name: &str, schema: &Schema) -> bool {
        self.type_id().is_some_and(|id| schema.kind(id).name == name)
    }

    /// The family of its type; `None` if the type could not be read, or for a command.
    pub(crate) fn family(&self, schema: &Schema) -> Option<Family> {
        Family::of(self.kind.as_ref()?.name(schema))
    }

    /// Whether it may be a declaration of this family: it is one, or its type could not be read.
    pub(crate) fn may_be(&self, family: Family, schema: &Schema) -> bool {
        self.kind.is_none() || self.family(schema) == Some(family)
    }
}

/// The contents of an activation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Activated {
    pub(crate) references: Vec<Reference>,
    pub(crate) predicate: Option<Premise>,
}

/// The predicate of an activation. It is parsed when it is needed, because its text takes far less memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Premise {
    pub(crate) text: String,
    /// Whether it has placeholders of a form that only the user's configuration describes.
    is_unknown: bool,
}

impl Premise {
    pub(crate) fn new(text: String, placeholders: &Placeholders) -> Self {
        let is_unknown = placeholders.has_patterns() && placeholders.are_in(&text) && !Placeholders::default().are_in(&text);
        Self { text, is_unknown }
    }

    /// The predicate; `None` if it is unknown.
    pub(crate) fn predicate(&self) -> Option<Predicate> {
        let common = Placeholders::default();
        let is_template = common.are_in(&self.text);
        if self.is_unknown { None } else { Predicate::parse(&self.text, &|part| is_template && common.are_in(part)).ok() }
    }

    /// The platforms on which it is not certainly false.
    pub(crate) fn platforms(&self, targets: &[Target]) -> Platforms {
        self.predicate().map_or(Platforms::ALL, |predicate| may_hold(&predicate, targets))
    }
}

impl Activated {
    /// The names of the configurations, without those that are unknown.
    pub(crate) fn known(&self) -> impl Iterator<Item = &str> {
        self.references.iter().filter(|reference| !reference.is_template).map(|reference| reference.name.as_str())
    }
}

/// A configuration that an activation references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) name: String,
    /// Whether the name contains a placeholder, so that it is unknown.
    pub(crate) is_template: bool,
}

/// A reference of a configuration to an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssetReference {
    /// The key that names the asset.
    pub(crate) key: KeyId,
    /// The steps from the payload to the name.
    pub(crate) path: Vec<String>,
    pub(crate) name: String,
    /// Whether the name contains a placeholder, so that it is unknown.
    pub(crate) is_template: bool,
}

/// What an asset says about its data: the contents of its key `Reference`.
#[derive(Debug, Clone)]
pub(crate) struct AssetData {
    /// The key `Reference` of its type.
    pub(crate) key: KeyId,
    /// The keys that are set in it, right or not.
    pub(crate) set: Vec<KeyId>,
    /// The media type, if it is known.
    pub(crate) content_type: Option<Box<str>>,
}

/// The contents of an enforcement.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) version: Option<OsVersion>,
    pub(crate) build: Option<BuildVersion>,
    /// The typed enforcement, if all of it could be read.
    pub(crate) enforcement: Option<Enforcement>,
}

impl Wanted {
    pub(super) fn of(payload: &Value, is_complete: bool) -> Self {
        let text = |path: &[&str]| payload.at(path)?.as_str();
        Self {
            version: text(TARGET_OS_VERSION).and_then(|text| text.parse().ok()),
            build: text(TARGET_BUILD_VERSION).and_then(|text| text.parse().ok()),
            enforcement: if is_complete { serde_json::from_value(payload.to_json()).ok() } else { None },
        }
    }
}
