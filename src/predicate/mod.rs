//! Predicates of activations: the part of Apple's `NSPredicate` format that devices are known to read.
//!
//! A text becomes a [`Predicate`], whose parts have byte ranges in the decoded text, or a [`Mistake`]. A predicate can be
//! evaluated against what is [known](Facts) of a device; what cannot be decided stays unknown. This module does not know
//! documents or rules.

mod evaluate;
mod facts;
mod lexer;
mod names;
mod parser;
mod print;
mod scope;
#[cfg(test)]
mod tests;
mod text;
mod value;
mod values;

use std::ops::Range;

pub(crate) use facts::{Facts, Given, MODEL_FAMILIES, SYSTEM_FAMILIES, may_hold};
pub(crate) use names::{Shape, find};
pub(crate) use scope::Scope;
pub(crate) use value::Value;

/// A mistake in a predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The byte range in the text; empty at its end.
    pub(crate) span: Range<usize>,
    /// What is wrong, without a capital letter or full stop.
    pub(crate) message: String,
    /// What to write instead.
    pub(crate) help: String,
}

/// A predicate: something that is true, false or unknown on a device.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Predicate {
    pub(crate) span: Range<usize>,
    pub(crate) test: Test,
}

/// What a predicate tests.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// `TRUEPREDICATE` or `FALSEPREDICATE`.
    Constant(bool),
    Not(Box<Predicate>),
    /// At least two.
    And(Vec<Predicate>),
    /// At least two.
    Or(Vec<Predicate>),
    Compare(Box<Comparison>),
}

/// A comparison of two values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Comparison {
    pub(crate) quantifier: Option<Quantifier>,
    pub(crate) left: Expression,
    pub(crate) operator: Operator,
    pub(crate) options: Options,
    pub(crate) right: Expression,
}

/// Which elements of an array a comparison is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    /// At least one; also written `SOME`.
    Any,
    All,
    None,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Between,
    In,
    Contains,
    BeginsWith,
    EndsWith,
    Like,
    Matches,
}

impl Operator {
    /// All operators with their spelling.
    pub(crate) const ALL: [(Self, &'static str); 13] = [
        (Self::Equal, "=="),
        (Self::NotEqual, "!="),
        (Self::Less, "<"),
        (Self::LessOrEqual, "<="),
        (Self::Greater, ">"),
        (Self::GreaterOrEqual, ">="),
        (Self::Between, "BETWEEN"),
        (Self::In, "IN"),
        (Self::Contains, "CONTAINS"),
        (Self::BeginsWith, "BEGINSWITH"),
        (Self::EndsWith, "ENDSWITH"),
        (Self::Like, "LIKE"),
        (Self::Matches, "MATCHES"),
    ];

    /// The common spelling.
    pub(crate) fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(operator, _)| *operator == self).map_or("", |(_, name)| name)
    }

    /// Whether it compares which of two values is greater.
    pub(crate) fn is_order(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual | Self::Between)
    }
}

/// The options of a comparison of strings: `[cd]`.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of Apple's format")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Options {
    /// `c`: ignores case.
    pub(crate) ignores_case: bool,
    /// `d`: ignores diacritics.
    pub(crate) ignores_marks: bool,
    /// `n`: compares without preparation.
    pub(crate) is_normal: bool,
    /// `l`: follows the locale.
    pub(crate) is_local: bool,
}

/// A value, or what gives one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expression {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

/// The kinds of [`Expression`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Reference(Reference),
    String(String),
    /// A string with a placeholder that a server fills in.
    Template,
    Number(f64),
    Boolean(bool),
    Null,
    /// `SELF`
    Itself,
    /// `$name`
    Variable(String),
    /// A key path without `@status(…)`.
    Name(String),
    /// `{a, b}`
    Set(Vec<Expression>),
    Subquery(Box<Subquery>),
    /// `base.name[0].@count`; at least one step.
    Path(Box<Expression>, Vec<Step>),
    /// `-a`
    Negative(Box<Expression>),
    /// `a + b - c`, `a * b / c` or `a ** b`, from left to right; at least two operands.
    Chain(Box<Expression>, Vec<(Arithmetic, Expression)>),
}

/// An operator on numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Plus,
    Minus,
    Times,
    Over,
    Power,
}

/// `SUBQUERY(collection, $variable, condition)`
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subquery {
    pub(crate) collection: Expression,
    pub(crate) variable: String,
    pub(crate) condition: Predicate,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Reference(Reference),
    Name(String),
    Collection(Collection),
    Index(Expression),
    First,
    Last,
    Size,
}

/// An operator on the elements of an array, such as `@count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collection {
    Count,
    Average,
    Sum,
    Minimum,
    Maximum,
    DistinctUnion,
    Union,
}

impl Collection {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Count, "count"),
        (Self::Average, "avg"),
        (Self::Sum, "sum"),
        (Self::Minimum, "min"),
        (Self::Maximum, "max"),
        (Self::DistinctUnion, "distinctUnionOfObjects"),
        (Self::Union, "unionOfObjects"),
    ];
}

/// `@status(name)`, `@property(name)` or `@key(name)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) word: Word,
    pub(crate) name: String,
    /// The byte range of the name.
    pub(crate) span: Range<usize>,
}

/// The word of a [`Reference`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// A status item.
    Status,
    /// A value of `com.apple.management.properties`.
    Property,
    /// A key of an object in the array of a status item.
    Key,
}

impl Word {
    const ALL: [(Self, &'static str); 3] = [(Self::Status, "status"), (Self::Property, "property"), (Self::Key, "key")];
}

/// A part of a predicate, for [`Predicate::visit`].
#[derive(Clone, Copy)]
pub(crate) enum Part<'p> {
    Predicate(&'p Predicate),
    Comparison(&'p Comparison),
    Expression(&'p Expression),
    Reference(&'p Reference),
}

impl Predicate {
    /// Parses the text of a predicate. `is_template` tells whether a string has a placeholder, so that its value is unknown.
    ///
    /// # Errors
    /// The first mistake, if the text is not a predicate that devices are known to read.
    pub(crate) fn parse(text: &str, is_template: &dyn Fn(&str) -> bool) -> Result<Self, Mistake> {
        parser::parse(text, is_template)
    }

    /// Calls `visit` with each part and the variables that it can use, from the outside in and in text order.
    pub(crate) fn visit<'p>(&'p self, visit: &mut dyn FnMut(Part<'p>, &Scope<'p>)) {
        self.visit_in(&mut Scope::default(), visit);
    }

    fn visit_in<'p>(&'p self, scope: &mut Scope<'p>, visit: &mut dyn FnMut(Part<'p>, &Scope<'p>)) {
        visit(Part::Predicate(self), scope);
        match &self.test {
            Test::Constant(_) => {}
            Test::Not(inner) => inner.visit_in(scope, visit),
            Test::And(all) | Test::Or(all) => all.iter().for_each(|one| one.visit_in(scope, visit)),
            Test::Compare(comparison) => {
                visit(Part::Comparison(comparison), scope);
                comparison.left.visit_in(scope, visit);
                comparison.right.visit_in(scope, visit);
            }
        }
    }

    /// The references, in text order.
    pub(crate) fn references(&self) -> Vec<&Reference> {
        let mut all = Vec::new();
        self.visit(&mut |part, _| {
            if let Part::Reference(reference) = part {
                all.push(reference);
            }
        });
        all
    }
}

impl Expression {
    fn visit_in<'p>(&'p self, scope: &mut Scope<'p>, visit: &mut dyn FnMut(Part<'p>, &Scope<'p>)) {
        visit(Part::Expression(self), scope);
        match &self.kind {
            Kind::Reference(reference) => visit(Part::Reference(reference), scope),
            Kind::Set(all) => all.iter().for_each(|one| one.visit_in(scope, visit)),
            Kind::Subquery(subquery) => {
                subquery.collection.visit_in(scope, visit);
                scope.open(subquery);
                subquery.condition.visit_in(scope, visit);
                scope.close();
            }
            Kind::Path(base, steps) => {
                base.visit_in(scope, visit);
                for step in steps {
                    match step {
                        Step::Reference(reference) => visit(Part::Reference(reference), scope),
                        Step::Index(index) => index.visit_in(scope, visit),
                        _ => {}
                    }
                }
            }
            Kind::Negative(inner) => inner.visit_in(scope, visit),
            Kind::Chain(first, rest) => {
                first.visit_in(scope, visit);
                for (_, one) in rest {
                    one.visit_in(scope, visit);
                }
            }
            _ => {}
        }
    }

    /// The status item or property that it is, if nothing else.
    pub(crate) fn reference(&self) -> Option<&Reference> {
        if let Kind::Reference(reference) = &self.kind { Some(reference) } else { None }
    }
}
