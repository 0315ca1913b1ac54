//! From a node to a value of the model.

use std::borrow::Cow;

use serde_json::json;

use super::{Shape, legacy};
use crate::document::{Integer, Kind, Node, Path};
use crate::model::legacy::{AvailableUpdate, ErrorItem, LegacyDate, ScheduledUpdate, UpdateResult, UpdateStatus};
use crate::model::{AutomaticActions, Beta, Choice, DeferralDays, Deferrals, Program, RapidSecurityResponse, Text, Unfit};
use crate::read::{Problem, ProblemKind, Problems, read_object};

/// A type that a key's value may have.
pub(crate) trait Value: Clone + PartialEq + Send + Sync + 'static {
    const SHAPE: Shape;

    /// What each value of a choice means, in Apple's order.
    const MEANINGS: &'static [&'static str] = &[];

    /// The keys that tell the items of an array apart, where one that is there twice counts once; first the one that names it.
    const IDENTITY: &'static [&'static str] = &[];

    /// Reads a value from a node that its shape takes, or says at the place what is wrong with it.
    fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self>;

    /// The value in JSON.
    fn to_json(&self) -> serde_json::Value;

    /// The value as a report may show it: without secrets.
    fn to_shown_json(&self) -> serde_json::Value {
        self.to_json()
    }

    /// A value as it could stand in a document.
    fn example() -> String {
        match Self::SHAPE {
            Shape::Boolean => "true".to_owned(),
            Shape::Integer { min: i64::MIN, .. } => "1".to_owned(),
            Shape::Integer { max, .. } => max.to_string(),
            Shape::Number => "0.5".to_owned(),
            Shape::Date => "\"2026-01-31T18:00:00Z\"".to_owned(),
            // Of many the first is the most general, and of few the last says most.
            Shape::Choice(names) => {
                let name = if names.len() > 3 { names.first() } else { names.last() };
                format!("\"{}\"", name.copied().unwrap_or_default())
            }
            Shape::Text(_) => "\"…\"".to_owned(),
            Shape::Array(_) => "[ … ]".to_owned(),
            Shape::Group | Shape::Object => "{ … }".to_owned(),
        }
    }
}

/// The place of a value that is being read, and where its problems go.
pub(crate) struct Place<'p, 'o> {
    pub(crate) path: &'p Path<'p>,
    pub(crate) problems: &'o mut Problems,
}

impl Place<'_, '_> {
    /// Whether a value of this shape stands here: the checks that all types share. What is wrong is reported.
    #[inline]
    pub(crate) fn takes(&mut self, shape: &'static Shape, node: Node<'_>) -> bool {
        let found = node.kind();
        let is_text = matches!(found, Kind::String | Kind::Date | Kind::Data) && !matches!(shape, Shape::Text(None));
        if is_text && self.may_be_template(node) && self.is_template(node) || node.is_cut_off() {
            return false;
        }
        shape.takes(found) || self.refuse(shape, node)
    }

    /// Whether a template may fill the text in later. Hardly any looks like that.
    #[inline]
    fn may_be_template(&self, node: Node<'_>) -> bool {
        node.as_plain_bytes().is_none_or(|text| self.problems.templates.may_be_in(text))
    }

    /// Whether a template fills the text in later.
    #[cold]
    fn is_template(&mut self, node: Node<'_>) -> bool {
        let is_template = node.as_str().is_some_and(|text| self.problems.templates.are_in(&text));
        self.problems.placeholders += usize::from(is_template);
        is_template
    }

    #[cold]
    fn refuse(&mut self, expected: &'static Shape, node: Node<'_>) -> bool {
        self.report(node, ProblemKind::WrongType { expected, found: node.kind(), text: node.text().to_owned() });
        false
    }

    pub(crate) fn report(&mut self, node: Node<'_>, kind: ProblemKind) {
        self.problems.push(Problem::new(kind, self.path, node.span()));
    }
}

impl Value for bool {
    const SHAPE: Shape = Shape::Boolean;

    fn read(node: Node<'_>, _: &mut Place<'_, '_>) -> Option<Self> {
        node.as_bool()
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}

/// An integer without bounds of its own.
impl Value for i64 {
    const SHAPE: Shape = Shape::Integer { min: Self::MIN, max: Self::MAX };

    fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
        let text = || node.text().to_owned();
        let kind = match node.as_integer()? {
            Integer::Exact(number) => return Some(number),
            Integer::Huge => ProblemKind::OutOfRange { value: text(), min: Self::MIN, max: Self::MAX },
            Integer::Fraction => ProblemKind::WrongType { expected: &Self::SHAPE, found: node.kind(), text: text() },
        };
        place.report(node, kind);
        None
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}

impl Value for f64 {
    const SHAPE: Shape = Shape::Number;

    fn read(node: Node<'_>, _: &mut Place<'_, '_>) -> Option<Self> {
        node.text().parse().ok()
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}

impl Value for LegacyDate {
    const SHAPE: Shape = Shape::Date;

    fn read(node: Node<'_>, _: &mut Place<'_, '_>) -> Option<Self> {
        node.as_str().map(|text| Self(text.into_owned()))
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}

impl Value for DeferralDays {
    const SHAPE: Shape = Shape::Integer { min: Self::MIN, max: Self::MAX };

    fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
        let text = || node.text().to_owned();
        let kind = match node.as_integer()? {
            Integer::Exact(number) => match Self::try_from(number) {
                Ok(days) => return Some(days),
                Err(_) => ProblemKind::OutOfRange { value: text(), min: Self::MIN, max: Self::MAX },
            },
            Integer::Huge => ProblemKind::OutOfRange { value: text(), min: Self::MIN, max: Self::MAX },
            Integer::Fraction => ProblemKind::WrongType { expected: &Self::SHAPE, found: node.kind(), text: text() },
        };
        place.report(node, kind);
        None
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self.days())
    }
}

impl<T: Choice + serde::Serialize + Send + Sync> Value for T {
    const SHAPE: Shape = Shape::Choice(T::NAMES);
    const MEANINGS: &'static [&'static str] = T::MEANINGS;

    fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
        let text = node.as_str()?;
        let found = T::NAMES.iter().position(|name| *name == text).and_then(T::at);
        if found.is_none() {
            place.report(node, ProblemKind::UnknownValue { value: text.into_owned(), values: T::NAMES });
        }
        found
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}

/// Text without a form.
impl Value for String {
    const SHAPE: Shape = Shape::Text(None);

    fn read(node: Node<'_>, _: &mut Place<'_, '_>) -> Option<Self> {
        node.as_str().map(Cow::into_owned)
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }
}

/// Reads a string of the form `T`, and makes of it what `take` does.
fn read_text<T: Text, R>(take: impl Fn(&str) -> Result<R, Unfit>, node: Node<'_>, place: &mut Place<'_, '_>) -> Option<R> {
    let text = node.as_str()?;
    match take(&text) {
        Ok(taken) => {
            if let Some(unfit) = T::doubt(&text) {
                place.report(node, ProblemKind::Unfit { form: T::FORM, unfit, refused: false });
            }
            Some(taken)
        }
        Err(unfit) => {
            place.report(node, ProblemKind::Unfit { form: T::FORM, unfit, refused: true });
            None
        }
    }
}

macro_rules! text_values {
    ($($type:ty),+ $(,)?) => {
        $(impl Value for $type {
            const SHAPE: Shape = Shape::Text(Some(<$type as Text>::FORM));

            fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
                read_text::<$type, _>(Text::parse, node, place)
            }

            fn to_json(&self) -> serde_json::Value {
                json!(self)
            }

            fn example() -> String {
                format!("\"{}\"", <$type as Text>::EXAMPLE)
            }
        })+
    };
}

text_values!(
    crate::model::OsVersion,
    crate::model::BuildVersion,
    crate::model::LocalDateTime,
    crate::model::DetailsUrl,
    crate::model::Identifier,
    crate::model::ServerToken,
    crate::model::DeclarationType,
);

/// Objects whose members have rows of their own: reading one makes it empty, and its rows fill it.
macro_rules! groups {
    ($($type:ty),+ $(,)?) => {
        $(impl Value for $type {
            const SHAPE: Shape = Shape::Group;

            fn read(_: Node<'_>, _: &mut Place<'_, '_>) -> Option<Self> {
                Some(Self::default())
            }

            fn to_json(&self) -> serde_json::Value {
                json!(self)
            }
        })+
    };
}

groups!(Deferrals, AutomaticActions, RapidSecurityResponse, Beta);

/// An object that is there, and that another table reads.
impl Value for () {
    const SHAPE: Shape = Shape::Object;

    fn read(_: Node<'_>, _: &mut Place<'_, '_>) -> Option<Self> {
        Some(())
    }

    fn to_json(&self) -> serde_json::Value {
        json!({})
    }
}

impl Value for Program {
    const SHAPE: Shape = Shape::Object;
    const IDENTITY: &'static [&'static str] = &["Description", "Token"];

    fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
        read_object(node, *place.path, super::program::KEYS, place.problems).complete()
    }

    fn to_json(&self) -> serde_json::Value {
        json!(self)
    }

    fn to_shown_json(&self) -> serde_json::Value {
        json!({ "Description": self.description, "Token": "•••" })
    }
}

/// Objects of an array with a table of their own.
macro_rules! items {
    ($($type:ty: $keys:path),+ $(,)?) => {
        $(impl Value for $type {
            const SHAPE: Shape = Shape::Object;

            fn read(node: Node<'_>, place: &mut Place<'_, '_>) -> Option<Self> {
                read_object(node, *place.path, $keys, place.problems).complete()
            }

            fn to_json(&self) -> serde_json::Value {
                json!(self)
            }
        })+
    };
}

items!(
    ScheduledUpdate: legacy::command::update::KEYS,
    UpdateResult: legacy::response::result::KEYS,
    AvailableUpdate: legacy::response::available::KEYS,
    UpdateStatus: legacy::response::status::KEYS,
    ErrorItem: legacy::response::error::KEYS,
);
