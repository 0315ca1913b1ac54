//! Parses the values of a predicate: sums of paths, constants, sets and subqueries.

use std::ops::Range;

use super::lexer::Token;
use super::parser::{Parsed, Parser, is_keyword};
use super::{Arithmetic, Expression, Kind, Step, Subquery};
use crate::words::shown;

/// What to write for a subquery.
const SUBQUERY: &str = "write SUBQUERY(@status(ITEM), $x, $x.@key(NAME) == 'value').@count > 0";

impl Parser<'_> {
    /// A sum.
    pub(super) fn value(&mut self) -> Parsed<Expression> {
        self.chain(&[("+", Arithmetic::Plus), ("-", Arithmetic::Minus)], |parser| {
            parser.chain(&[("*", Arithmetic::Times), ("/", Arithmetic::Over)], |parser| {
                parser.chain(&[("**", Arithmetic::Power)], Self::unary)
            })
        })
    }

    fn chain(&mut self, signs: &[(&str, Arithmetic)], one: impl Fn(&mut Self) -> Parsed<Expression>) -> Parsed<Expression> {
        let start = self.start();
        let first = one(self)?;
        let mut rest = Vec::new();
        while let Some((_, sign)) = signs.iter().find(|(sign, _)| self.take(sign)) {
            rest.push((*sign, one(self)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(Expression { span: self.since(start), kind: Kind::Chain(Box::new(first), rest) })
    }

    fn unary(&mut self) -> Parsed<Expression> {
        let start = self.start();
        if self.take("-") {
            let inner = self.postfix()?;
            return Ok(Expression { span: self.since(start), kind: Kind::Negative(Box::new(inner)) });
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let base = self.atom()?;
        let mut steps = Vec::new();
        loop {
            if self.take(".") {
                let step = match self.peek() {
                    Some((Token::Reference(reference), _)) => Step::Reference(reference.clone()),
                    Some((Token::Collection(collection), _)) => Step::Collection(*collection),
                    Some((Token::Word(name), _)) if !is_keyword(name) => Step::Name(name.clone()),
                    Some((Token::Name(name), _)) => Step::Name(name.clone()),
                    _ => {
                        return self
                            .fail("no key follows the dot", "write a key after the dot, such as .@key(identifier) or .@count");
                    }
                };
                self.at += 1;
                steps.push(step);
            } else if self.take("[") {
                let word = [("FIRST", Step::First), ("LAST", Step::Last), ("SIZE", Step::Size)];
                let step = match word.into_iter().find(|(word, _)| self.take(word)) {
                    Some((_, step)) => step,
                    None => Step::Index(self.deeper(Self::value)?),
                };
                self.close("]")?;
                steps.push(step);
            } else {
                break;
            }
        }
        if steps.is_empty() {
            return Ok(base);
        }
        // `(a.b).c` is `a.b.c`.
        let kind = match base.kind {
            Kind::Path(base, before) => Kind::Path(base, before.into_iter().chain(steps).collect()),
            _ => Kind::Path(Box::new(base), steps),
        };
        Ok(Expression { span: self.since(start), kind })
    }

    fn atom(&mut self) -> Parsed<Expression> {
        let Some((token, span)) = self.peek() else {
            let (message, help) = if self.at == 0 {
                ("the predicate is empty", "write a comparison, such as @status(device.model.family) == 'Mac'")
            } else {
                ("a value is missing at the end", "write a status item, a property or a value, such as 'Mac' or TRUE")
            };
            return self.fail(message, help);
        };
        let kind = match token {
            Token::Reference(reference) => Kind::Reference(reference.clone()),
            Token::String(text) => Kind::String(text.clone()),
            Token::Template => Kind::Template,
            Token::Number(number) => Kind::Number(*number),
            Token::Variable(name) => Kind::Variable(name.clone()),
            Token::Name(name) => Kind::Name(name.clone()),
            Token::Word(word) => return self.word(word, span.clone()),
            Token::Sign("{") => return self.set(),
            Token::Sign("(") => {
                let start = span.start;
                self.at += 1;
                let mut inner = self.deeper(Self::value)?;
                self.close(")")?;
                inner.span = self.since(start);
                return Ok(inner);
            }
            Token::Collection(_) => {
                return self.fail("a collection operator needs a dot and an array before it", "write .@count after the array");
            }
            Token::Sign(sign) => {
                return self.fail(
                    format!("a value is missing before {sign}"),
                    "write a status item, a property or a value, such as 'Mac' or TRUE",
                );
            }
        };
        self.at += 1;
        Ok(Expression { span: span.clone(), kind })
    }

    fn word(&mut self, word: &str, span: Range<usize>) -> Parsed<Expression> {
        let is_called = matches!(self.tokens.get(self.at + 1), Some((Token::Sign("("), _)));
        let kind = match word.to_ascii_uppercase().as_str() {
            "TRUE" | "YES" => Kind::Boolean(true),
            "FALSE" | "NO" => Kind::Boolean(false),
            "NULL" | "NIL" => Kind::Null,
            "SELF" => Kind::Itself,
            "SUBQUERY" => return self.subquery(),
            upper if upper == "FUNCTION" || upper == "CAST" || (is_called && !is_keyword(word)) => {
                let message = format!("{}(…) is a function, which devices are not known to evaluate", shown(word));
                return self.fail(message, "compare status items and properties with values");
            }
            _ if is_keyword(word) => {
                let help = format!("write a value before it; write #{word} if it is a name");
                return self.fail(format!("{word} is a keyword, and a value is missing here"), help);
            }
            _ => Kind::Name(word.to_owned()),
        };
        self.at += 1;
        Ok(Expression { span, kind })
    }

    fn set(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        let mut all = Vec::new();
        while !self.is("}") {
            all.push(self.deeper(Self::value)?);
            if !self.take(",") {
                break;
            }
            if self.is("}") {
                return self.fail("a value is missing after the comma", "remove the comma, or add a value");
            }
        }
        self.close("}")?;
        Ok(Expression { span: self.since(start), kind: Kind::Set(all) })
    }

    fn subquery(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        let comma = |parser: &mut Self| {
            if parser.take(",") { Ok(()) } else { parser.fail("SUBQUERY takes three parts with commas between them", SUBQUERY) }
        };
        if !self.take("(") {
            return self.fail("SUBQUERY needs parentheses", SUBQUERY);
        }
        let collection = self.deeper(Self::value)?;
        comma(self)?;
        let Some((Token::Variable(variable), _)) = self.peek() else {
            return self.fail("the second part of SUBQUERY is not a variable", SUBQUERY);
        };
        self.at += 1;
        comma(self)?;
        let condition = self.deeper(Self::predicate)?;
        self.close(")")?;
        let subquery = Subquery { collection, variable: variable.clone(), condition };
        Ok(Expression { span: self.since(start), kind: Kind::Subquery(Box::new(subquery)) })
    }
}
