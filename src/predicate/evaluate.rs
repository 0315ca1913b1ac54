//! Evaluates a predicate by Kleene's rules: what depends on an unknown value is unknown.

use std::cell::Cell;
use std::cmp::Ordering;

use regex::RegexBuilder;

use super::value::{all, any, equal, folded, order};
use super::{
    Arithmetic, Collection, Comparison, Expression, Facts, Kind, Operator, Options, Predicate, Quantifier, Reference, Step, Test,
    Value, Word,
};

/// The most regular expressions to compile for a predicate. Real ones have one or two.
const MOST_PATTERNS: usize = 20;
/// The longest regular expression to compile, in bytes.
const LONGEST_PATTERN: usize = 1000;
/// The most parts to evaluate: nested subqueries multiply. Real predicates have some twenty.
const MOST_STEPS: usize = 10_000;
/// The largest compiled regular expression, in bytes.
const LARGEST_PATTERN: usize = 1 << 16;

impl Predicate {
    /// Whether the predicate holds on the devices; `None` if that depends on something unknown.
    pub(crate) fn holds(&self, facts: &Facts<'_>) -> Option<bool> {
        let has_references = !self.references().is_empty();
        let in_world = |world| {
            Evaluator { facts, world, has_references, patterns: Cell::new(0), steps: Cell::new(0) }
                .predicate(self, &mut Vec::new())
        };
        let first = in_world(0);
        if (1..facts.worlds()).all(|world| in_world(world) == first) { first } else { None }
    }

    /// The value of the predicate if it is the same on every device.
    pub(crate) fn constant(&self) -> Option<bool> {
        self.holds(&Facts::none())
    }
}

/// The variables of the enclosing subqueries, and their values.
type Variables<'p> = Vec<(&'p str, Value)>;

struct Evaluator<'e> {
    facts: &'e Facts<'e>,
    world: usize,
    /// Whether the predicate has references, so that key paths without them have no value.
    has_references: bool,
    /// The number of regular expressions compiled.
    patterns: Cell<usize>,
    /// The number of parts evaluated.
    steps: Cell<usize>,
}

impl Evaluator<'_> {
    fn predicate<'p>(&self, predicate: &'p Predicate, variables: &mut Variables<'p>) -> Option<bool> {
        match &predicate.test {
            Test::Constant(value) => Some(*value),
            Test::Not(inner) => self.predicate(inner, variables).map(|value| !value),
            Test::And(parts) => all(parts.iter().map(|one| self.predicate(one, variables))),
            Test::Or(parts) => any(parts.iter().map(|one| self.predicate(one, variables))),
            Test::Compare(comparison) => self.comparison(comparison, variables),
        }
    }

    fn comparison<'p>(&self, comparison: &'p Comparison, variables: &mut Variables<'p>) -> Option<bool> {
        let Comparison { quantifier, left, operator, options, right } = comparison;
        if self.is_exhausted() {
            return None;
        }
        let (left, right) = (self.value(left, variables), self.value(right, variables));
        let compare = |left: &Value| self.compare(left, *operator, *options, &right);
        let Some(quantifier) = quantifier else { return compare(&left) };
        match (&left, quantifier) {
            (Value::Array(elements), Quantifier::Any) => any(elements.iter().map(compare)),
            (Value::Array(elements), Quantifier::None) => any(elements.iter().map(compare)).map(|any| !any),
            (Value::Array(elements), Quantifier::All) => all(elements.iter().map(compare)),
            (Value::Null, Quantifier::Any) => Some(false),
            (Value::Null, Quantifier::None) => Some(true),
            _ => None,
        }
    }

    /// Counts a part, and tells whether there were too many.
    fn is_exhausted(&self) -> bool {
        self.steps.set(self.steps.get() + 1);
        self.steps.get() > MOST_STEPS
    }

    fn compare(&self, left: &Value, operator: Operator, options: Options, right: &Value) -> Option<bool> {
        let ordered = |left, right, is: fn(Ordering) -> bool| order(left, right, options).map(|order| order.is_some_and(is));
        match operator {
            Operator::Equal => equal(left, right, options),
            Operator::NotEqual => equal(left, right, options).map(|is_equal| !is_equal),
            Operator::Less => ordered(left, right, Ordering::is_lt),
            Operator::LessOrEqual => ordered(left, right, Ordering::is_le),
            Operator::Greater => ordered(left, right, Ordering::is_gt),
            Operator::GreaterOrEqual => ordered(left, right, Ordering::is_ge),
            Operator::Between => match right {
                Value::Array(bounds) if bounds.len() == 2 => {
                    all([ordered(left, &bounds[0], Ordering::is_ge), ordered(left, &bounds[1], Ordering::is_le)])
                }
                Value::Null => Some(false),
                _ if *left == Value::Null => Some(false),
                _ => None,
            },
            Operator::In => Self::is_in(left, right, options),
            Operator::Contains => Self::is_in(right, left, options),
            Operator::BeginsWith | Operator::EndsWith | Operator::Like | Operator::Matches => {
                self.is_like(left, operator, options, right)
            }
        }
    }

    /// Whether a value is an element of an array, or a text part of another.
    fn is_in(value: &Value, place: &Value, options: Options) -> Option<bool> {
        match (value, place) {
            // A missing value is in nothing, whatever that is.
            (_, Value::Null) | (Value::Null, _) => Some(false),
            (_, Value::Array(all)) => any(all.iter().map(|one| equal(value, one, options))),
            (Value::String(part), Value::String(whole)) if !part.is_empty() => {
                Some(folded(whole, options)?.contains(&folded(part, options)?))
            }
            _ => None,
        }
    }

    fn is_like(&self, left: &Value, operator: Operator, options: Options, right: &Value) -> Option<bool> {
        if matches!(left, Value::Null) || matches!(right, Value::Null) {
            return Some(false);
        }
        let (Value::String(left), Value::String(right)) = (left, right) else { return None };
        if operator == Operator::Matches {
            return self.matches(left, right, options);
        }
        let (left, right) = (folded(left, options)?, folded(right, options)?);
        match operator {
            // Devices differ about the empty text.
            _ if right.is_empty() => None,
            Operator::BeginsWith => Some(left.starts_with(&right)),
            Operator::EndsWith => Some(left.ends_with(&right)),
            // What a backslash means is not documented.
            _ if right.contains('\\') => None,
            _ => Some(is_match(&left, &right)),
        }
    }

    /// Whether a regular expression matches the whole text; `None` if this program reads it differently than devices may.
    fn matches(&self, text: &str, pattern: &str, options: Options) -> Option<bool> {
        let differs =
            ["++", "*+", "?+", "}+", "(?P", "--", "&&", "~~", "\\Q", "\\x", "\\N", "\\R", "\\X", "\\b", "\\B", "\\<", "\\>"];
        if pattern.len() > LONGEST_PATTERN || !text.is_ascii() || !pattern.is_ascii() || options.is_local {
            return None;
        }
        if differs.iter().any(|part| pattern.contains(part)) || self.patterns.get() >= MOST_PATTERNS {
            return None;
        }
        self.patterns.set(self.patterns.get() + 1);
        let regex = RegexBuilder::new(&format!("\\A(?:{pattern})\\z"))
            .case_insensitive(options.ignores_case)
            .size_limit(LARGEST_PATTERN)
            .dfa_size_limit(LARGEST_PATTERN)
            .build();
        Some(regex.ok()?.is_match(text))
    }

    fn value<'p>(&self, expression: &'p Expression, variables: &mut Variables<'p>) -> Value {
        if self.is_exhausted() {
            return Value::Unknown;
        }
        match &expression.kind {
            Kind::Reference(reference) => self.facts.value(reference, self.world),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Template | Kind::Itself => Value::Unknown,
            Kind::Number(number) => Value::Number(*number),
            Kind::Boolean(value) => Value::Boolean(*value),
            Kind::Null => Value::Null,
            Kind::Variable(name) => {
                variables.iter().rev().find(|(known, _)| known == name).map_or(Value::Unknown, |(_, value)| value.clone())
            }
            Kind::Name(name) => self.name(name),
            Kind::Set(all) => Value::Array(all.iter().map(|one| self.value(one, variables)).collect()),
            Kind::Subquery(subquery) => {
                let Value::Array(elements) = self.value(&subquery.collection, variables) else { return Value::Unknown };
                let mut found = Vec::new();
                for element in elements {
                    variables.push((&subquery.variable, element));
                    let holds = self.predicate(&subquery.condition, variables);
                    let element = variables.pop();
                    match holds {
                        Some(true) => found.extend(element.map(|(_, element)| element)),
                        Some(false) => {}
                        None => return Value::Unknown,
                    }
                }
                Value::Array(found)
            }
            Kind::Path(base, steps) => self.path(base, steps, variables),
            Kind::Negative(inner) => {
                self.value(inner, variables).number().map_or(Value::Unknown, |number| Value::Number(-number))
            }
            Kind::Chain(first, rest) => {
                let first = self.value(first, variables).number();
                let result = rest.iter().try_fold(first, |left, (sign, right)| {
                    Some(Some(calculate(left?, *sign, self.value(right, variables).number()?)?))
                });
                result.flatten().map_or(Value::Unknown, Value::Number)
            }
        }
    }

    /// The value of a key path without a reference.
    fn name(&self, path: &str) -> Value {
        if self.has_references { Value::Null } else { self.facts.status(path, self.world) }
    }

    fn path<'p>(&self, base: &'p Expression, steps: &'p [Step], variables: &mut Variables<'p>) -> Value {
        // The old form names a status item by a key path alone.
        if let Kind::Name(first) = &base.kind {
            let keys = steps.iter().map(|step| if let Step::Name(name) = step { Some(name.as_str()) } else { None });
            return match keys.collect::<Option<Vec<&str>>>() {
                Some(keys) => self.name(&format!("{first}.{}", keys.join("."))),
                None => Value::Unknown,
            };
        }
        let mut value = self.value(base, variables);
        for step in steps {
            value = match step {
                Step::Reference(Reference { word: Word::Key, name, .. }) | Step::Name(name) => {
                    name.split('.').fold(value, |value, key| value.key(key))
                }
                Step::Collection(Collection::Count) | Step::Size => size(&value),
                Step::Reference(_) | Step::Collection(_) => Value::Unknown,
                Step::First => element(&value, |_| Some(0)),
                Step::Last => element(&value, |length| length.checked_sub(1)),
                Step::Index(index) => {
                    let index = self.value(index, variables);
                    element(&value, |length| {
                        (0..length).find(|at| equal(&index, &Value::Number(float(*at)), Options::default()) == Some(true))
                    })
                }
            };
        }
        value
    }
}

/// The number of elements of an array.
fn size(value: &Value) -> Value {
    if let Value::Array(all) = value { Value::Number(float(all.len())) } else { Value::Unknown }
}

fn float(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::MAX, f64::from)
}

fn element(value: &Value, at: impl Fn(usize) -> Option<usize>) -> Value {
    let Value::Array(all) = value else { return Value::Unknown };
    at(all.len()).and_then(|at| all.get(at)).cloned().unwrap_or(Value::Unknown)
}

/// The result of an operation; `None` if devices may calculate it differently.
fn calculate(left: f64, sign: Arithmetic, right: f64) -> Option<f64> {
    let result = match sign {
        Arithmetic::Plus => left + right,
        Arithmetic::Minus => left - right,
        Arithmetic::Times => left * right,
        Arithmetic::Over => left / right,
        Arithmetic::Power => left.powf(right),
    };
    // A device may divide integers as integers.
    let is_whole = |number: f64| number.fract() == 0.0;
    let is_integers = sign == Arithmetic::Over && is_whole(left) && is_whole(right);
    (result.is_finite() && (!is_integers || is_whole(result))).then_some(result)
}

/// Whether a pattern with `*` and `?` matches the whole text, in time proportional to the product of both lengths.
fn is_match(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut at, mut in_pattern) = (0, 0);
    // Where the last `*` is, and where its match ends.
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match pattern.get(in_pattern) {
            Some('*') => {
                star = Some((in_pattern, at));
                in_pattern += 1;
            }
            Some(character) if *character == '?' || *character == text[at] => {
                at += 1;
                in_pattern += 1;
            }
            _ => {
                let Some((before, end)) = star else { return false };
                star = Some((before, end + 1));
                (at, in_pattern) = (end + 1, before + 1);
            }
        }
    }
    pattern[in_pattern..].iter().all(|character| *character == '*')
}
