//! Writes a predicate as text that parses to the same predicate.

use std::fmt;

use super::parser::is_keyword;
use super::text::quoted;
use super::{Arithmetic, Collection, Comparison, Expression, Kind, Options, Predicate, Quantifier, Reference, Step, Test, Word};

impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Constant(value) => f.write_str(if *value { "TRUEPREDICATE" } else { "FALSEPREDICATE" }),
            Test::Not(inner) => {
                f.write_str("NOT ")?;
                grouped(inner, f)
            }
            Test::And(all) => joined(all, " AND ", f),
            Test::Or(all) => joined(all, " OR ", f),
            Test::Compare(comparison) => write!(f, "{comparison}"),
        }
    }
}

fn joined(all: &[Predicate], word: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (at, one) in all.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        grouped(one, f)?;
    }
    Ok(())
}

/// A predicate, in parentheses if it has operators.
fn grouped(predicate: &Predicate, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match predicate.test {
        Test::Constant(_) | Test::Compare(_) => write!(f, "{predicate}"),
        _ => write!(f, "({predicate})"),
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.quantifier {
            Some(Quantifier::Any) => "ANY ",
            Some(Quantifier::All) => "ALL ",
            Some(Quantifier::None) => "NONE ",
            None => "",
        })?;
        write!(f, "{} {}{} {}", self.left, self.operator.name(), self.options, self.right)
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ignores_case, ignores_marks, is_normal, is_local } = *self;
        let all = [(ignores_case, 'c'), (ignores_marks, 'd'), (is_normal, 'n'), (is_local, 'l')];
        let letters: String = all.into_iter().filter(|(is_set, _)| *is_set).map(|(_, letter)| letter).collect();
        if letters.is_empty() { Ok(()) } else { write!(f, "[{letters}]") }
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Reference(reference) => write!(f, "{reference}"),
            Kind::String(text) => f.write_str(&quoted(text)),
            Kind::Template => f.write_str("'…'"),
            Kind::Number(number) => write!(f, "{number}"),
            Kind::Boolean(value) => f.write_str(if *value { "TRUE" } else { "FALSE" }),
            Kind::Null => f.write_str("NULL"),
            Kind::Itself => f.write_str("SELF"),
            Kind::Variable(name) => write!(f, "${name}"),
            Kind::Name(name) => key(name, f),
            Kind::Set(all) => {
                f.write_str("{")?;
                for (at, one) in all.iter().enumerate() {
                    write!(f, "{}{one}", if at > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Kind::Subquery(subquery) => {
                write!(f, "SUBQUERY({}, ${}, {})", subquery.collection, subquery.variable, subquery.condition)
            }
            Kind::Path(base, steps) => {
                match base.kind {
                    // `30.name` would begin with the number `30.`.
                    Kind::Number(_) => write!(f, "({base})")?,
                    _ => operand(base, f)?,
                }
                steps.iter().try_for_each(|step| write!(f, "{step}"))
            }
            Kind::Negative(inner) => {
                f.write_str("-")?;
                operand(inner, f)
            }
            Kind::Chain(first, rest) => {
                operand(first, f)?;
                for (sign, one) in rest {
                    f.write_str(match sign {
                        Arithmetic::Plus => " + ",
                        Arithmetic::Minus => " - ",
                        Arithmetic::Times => " * ",
                        Arithmetic::Over => " / ",
                        Arithmetic::Power => " ** ",
                    })?;
                    operand(one, f)?;
                }
                Ok(())
            }
        }
    }
}

/// A value, in parentheses if it has operators.
fn operand(value: &Expression, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value.kind {
        Kind::Chain(..) | Kind::Negative(_) => write!(f, "({value})"),
        _ => write!(f, "{value}"),
    }
}

/// A name, marked if it is a keyword.
fn key(name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{}{name}", if is_keyword(name) { "#" } else { "" })
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference(reference) => write!(f, ".{reference}"),
            Self::Name(name) => {
                f.write_str(".")?;
                key(name, f)
            }
            Self::Collection(collection) => {
                let name = Collection::ALL.into_iter().find(|(one, _)| one == collection).map_or("", |(_, name)| name);
                write!(f, ".@{name}")
            }
            // `[FIRST]` is not the key FIRST.
            Self::Index(index) => match &index.kind {
                Kind::Name(name) => write!(f, "[#{name}]"),
                _ => write!(f, "[{index}]"),
            },
            Self::First => f.write_str("[FIRST]"),
            Self::Last => f.write_str("[LAST]"),
            Self::Size => f.write_str("[SIZE]"),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Word::ALL.into_iter().find(|(word, _)| *word == self.word).map_or("", |(_, name)| name);
        write!(f, "@{word}({})", self.name)
    }
}
