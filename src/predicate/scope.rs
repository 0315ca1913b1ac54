//! The variables of subqueries, and the types of expressions.

use super::names::{ANY, Shape, find};
use super::{Collection, Expression, Kind, Reference, Step, Subquery, Word};
use crate::apple::StatusValue;

/// The variables that a part of a predicate can use, each with the array whose elements are its values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope<'p>(Vec<(&'p str, Shape, Option<&'p str>)>);

impl<'p> Scope<'p> {
    pub(super) fn open(&mut self, subquery: &'p Subquery) {
        let shape = self.shape(&subquery.collection);
        let name = subquery.collection.reference().map(|reference| reference.name.as_str());
        self.0.push((&subquery.variable, shape, name));
    }

    pub(super) fn close(&mut self) {
        self.0.pop();
    }

    /// Whether it is inside a subquery.
    pub(crate) fn is_inner(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether a variable has a value.
    pub(crate) fn has(&self, variable: &str) -> bool {
        self.array(variable).is_some()
    }

    /// The type of the array whose elements are the values of a variable, and the name of its status item.
    pub(crate) fn array(&self, variable: &str) -> Option<(Shape, Option<&'p str>)> {
        self.0.iter().rev().find(|(name, ..)| *name == variable).map(|(_, shape, name)| (*shape, *name))
    }

    /// The type of an expression, as far as it is known.
    pub(crate) fn shape(&self, expression: &Expression) -> Shape {
        match &expression.kind {
            Kind::Reference(Reference { word: Word::Status, name, .. }) => find(name).map_or(ANY, |found| found.shape),
            Kind::String(_) => Shape::value(StatusValue::String),
            Kind::Number(_) | Kind::Negative(_) | Kind::Chain(..) => Shape::value(StatusValue::Real),
            Kind::Boolean(_) => Shape::value(StatusValue::Boolean),
            Kind::Path(base, steps) => self.path(base, steps).unwrap_or(ANY),
            _ => ANY,
        }
    }

    fn path(&self, base: &Expression, steps: &[Step]) -> Option<Shape> {
        if let Some(Step::Collection(Collection::Count) | Step::Size) = steps.last() {
            return Some(Shape::value(StatusValue::Integer));
        }
        let mut shape = self.shape(base);
        let mut is_element = false;
        if let Kind::Variable(name) = &base.kind {
            shape = self.array(name)?.0;
            is_element = true;
        }
        for step in steps {
            let (Step::Reference(Reference { word: Word::Key, name, .. }) | Step::Name(name)) = step else { return None };
            for key in name.split('.') {
                shape = if is_element { shape.item_key(key)? } else { shape.key(key)? };
                is_element = false;
            }
        }
        Some(shape)
    }
}
