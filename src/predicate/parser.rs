//! Parses a predicate by recursive descent. [`MAX_PREDICATE_DEPTH`] bounds the recursion; chains of operators do not recurse.

use std::ops::Range;

use super::lexer::{Spanned, Token, tokens};
use super::{Comparison, Expression, Kind, Mistake, Operator, Options, Predicate, Quantifier, Reference, Test, Word};
use crate::limits::{MAX_PREDICATE_BYTES, MAX_PREDICATE_DEPTH};
use crate::words::{nearest, shown};

pub(super) type Parsed<T> = Result<T, Mistake>;

/// Parses a text.
pub(super) fn parse(text: &str, is_template: &dyn Fn(&str) -> bool) -> Parsed<Predicate> {
    if text.trim().is_empty() {
        let help = "remove the key to apply the configurations always, or write TRUEPREDICATE";
        return Err(Mistake { span: 0..text.len(), message: "the predicate is empty".to_owned(), help: help.to_owned() });
    }
    if text.len() > MAX_PREDICATE_BYTES {
        let message = format!("the predicate has {} bytes, more than the {MAX_PREDICATE_BYTES} that are checked", text.len());
        return Err(Mistake {
            span: 0..text.len(),
            message,
            help: "use a property that the server sets for each device".to_owned(),
        });
    }
    let tokens = tokens(text, is_template)?;
    let partners = partners(&tokens)?;
    let mut parser = Parser { tokens: &tokens, partners, at: 0, end: text.len(), depth: 0 };
    let predicate = parser.predicate()?;
    match parser.peek() {
        None => Ok(predicate),
        Some((token, span)) => Err(Parser::left_over(token, span.clone())),
    }
}

/// For each opening parenthesis, the index of the one that closes it.
fn partners(tokens: &[Spanned]) -> Parsed<Vec<usize>> {
    let mut partners = vec![0; tokens.len()];
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (at, (token, span)) in tokens.iter().enumerate() {
        let Token::Sign(sign) = token else { continue };
        let opening = match *sign {
            "(" | "{" | "[" => {
                open.push((at, sign));
                continue;
            }
            ")" => "(",
            "}" => "{",
            "]" => "[",
            _ => continue,
        };
        match open.pop() {
            Some((other, sign)) if sign == opening => partners[other] = at,
            Some((_, other)) => {
                let (message, help) =
                    (format!("{sign} does not close {other}"), format!("write {} before {sign}", closing(other)));
                return Err(Mistake { span: span.clone(), message, help });
            }
            None => {
                let (message, help) = (format!("{sign} closes nothing"), format!("remove {sign}, or add {opening} before it"));
                return Err(Mistake { span: span.clone(), message, help });
            }
        }
    }
    match open.first() {
        None => Ok(partners),
        Some((at, sign)) => {
            let message = format!("{sign} has no matching {}", closing(sign));
            Err(Mistake { span: tokens[*at].1.clone(), message, help: format!("add {}, or remove {sign}", closing(sign)) })
        }
    }
}

fn closing(sign: &str) -> &'static str {
    match sign {
        "(" => ")",
        "{" => "}",
        _ => "]",
    }
}

pub(super) struct Parser<'t> {
    pub(super) tokens: &'t [Spanned],
    partners: Vec<usize>,
    pub(super) at: usize,
    /// The length of the text.
    end: usize,
    depth: usize,
}

/// The words that are not names.
const KEYWORDS: [&str; 26] = [
    "AND",
    "OR",
    "NOT",
    "TRUEPREDICATE",
    "FALSEPREDICATE",
    "ANY",
    "SOME",
    "ALL",
    "NONE",
    "BETWEEN",
    "IN",
    "CONTAINS",
    "BEGINSWITH",
    "ENDSWITH",
    "LIKE",
    "MATCHES",
    "TRUE",
    "FALSE",
    "YES",
    "NO",
    "NULL",
    "NIL",
    "SELF",
    "SUBQUERY",
    "FUNCTION",
    "CAST",
];

impl<'t> Parser<'t> {
    pub(super) fn peek(&self) -> Option<&'t Spanned> {
        self.tokens.get(self.at)
    }

    /// Whether the next token is this sign, or this keyword in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        match self.peek() {
            Some((Token::Sign(sign), _)) => *sign == word,
            Some((Token::Word(text), _)) => text.eq_ignore_ascii_case(word),
            _ => false,
        }
    }

    /// Skips a sign or keyword.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let is_there = self.is(word);
        self.at += usize::from(is_there);
        is_there
    }

    /// The start of the next token.
    pub(super) fn start(&self) -> usize {
        self.peek().map_or(self.end, |(_, span)| span.start)
    }

    /// The range from a start to the end of the last token.
    pub(super) fn since(&self, start: usize) -> Range<usize> {
        let end = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(start, |(_, span)| span.end);
        start..end.max(start)
    }

    /// The range of the next token; empty at the end of the text.
    fn here(&self) -> Range<usize> {
        self.peek().map_or(self.end..self.end, |(_, span)| span.clone())
    }

    pub(super) fn fail<T>(&self, message: impl Into<String>, help: impl Into<String>) -> Parsed<T> {
        Err(Mistake { span: self.here(), message: message.into(), help: help.into() })
    }

    /// Calls `inner` one level deeper.
    pub(super) fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= MAX_PREDICATE_DEPTH {
            let message = format!("the predicate is nested more than {MAX_PREDICATE_DEPTH} levels deep");
            return self.fail(message, "remove parentheses that are not needed");
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    pub(super) fn predicate(&mut self) -> Parsed<Predicate> {
        self.joined(&["OR", "||"], Test::Or, |parser| parser.joined(&["AND", "&&"], Test::And, Self::negation))
    }

    /// One or more predicates with an operator between them.
    fn joined(
        &mut self,
        words: &[&str],
        join: fn(Vec<Predicate>) -> Test,
        one: impl Fn(&mut Self) -> Parsed<Predicate>,
    ) -> Parsed<Predicate> {
        let start = self.start();
        let first = one(self)?;
        let mut all = vec![first];
        while words.iter().any(|word| self.take(word)) {
            all.push(one(self)?);
        }
        if all.len() == 1 { Ok(all.remove(0)) } else { Ok(Predicate { span: self.since(start), test: join(all) }) }
    }

    fn negation(&mut self) -> Parsed<Predicate> {
        let start = self.start();
        if self.take("NOT") || self.take("!") {
            let inner = self.deeper(Self::negation)?;
            return Ok(Predicate { span: self.since(start), test: Test::Not(Box::new(inner)) });
        }
        self.primary()
    }

    fn primary(&mut self) -> Parsed<Predicate> {
        let start = self.start();
        for (word, value) in [("TRUEPREDICATE", true), ("FALSEPREDICATE", false)] {
            if self.take(word) {
                return Ok(Predicate { span: self.since(start), test: Test::Constant(value) });
            }
        }
        if self.is("(") && !self.encloses_value() {
            self.at += 1;
            let mut inner = self.deeper(Self::predicate)?;
            self.close(")")?;
            inner.span = self.since(start);
            return Ok(inner);
        }
        let quantifier =
            [("ANY", Quantifier::Any), ("SOME", Quantifier::Any), ("ALL", Quantifier::All), ("NONE", Quantifier::None)]
                .into_iter()
                .find(|(word, _)| self.take(word))
                .map(|(_, quantifier)| quantifier);
        let left = self.value()?;
        let (operator, options) = self.operator(&left)?;
        let at = self.start();
        let right = self.value()?;
        if let (Operator::Between, Kind::Set(all)) = (operator, &right.kind)
            && all.len() != 2
        {
            let message = format!("BETWEEN takes two values, the least and the greatest, but has {}", all.len());
            return Err(Mistake { span: self.since(at), message, help: "write BETWEEN {low, high}".to_owned() });
        }
        let comparison = Comparison { quantifier, left, operator, options, right };
        Ok(Predicate { span: self.since(start), test: Test::Compare(Box::new(comparison)) })
    }

    /// Whether the parenthesis here encloses a value rather than a predicate. What follows the closing one tells: no
    /// operator on values can follow a predicate.
    fn encloses_value(&self) -> bool {
        match self.tokens.get(self.partners[self.at] + 1) {
            Some((Token::Sign(sign), _)) => !matches!(*sign, ")" | "," | "&&" | "||" | "(" | "{" | "}" | "]" | "!"),
            Some((Token::Word(word), _)) => Operator::ALL.iter().any(|(_, name)| name.eq_ignore_ascii_case(word)),
            _ => false,
        }
    }

    fn operator(&mut self, left: &Expression) -> Parsed<(Operator, Options)> {
        let spellings = [
            ("==", Operator::Equal),
            ("=", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<>", Operator::NotEqual),
            ("<", Operator::Less),
            ("<=", Operator::LessOrEqual),
            ("=<", Operator::LessOrEqual),
            (">", Operator::Greater),
            (">=", Operator::GreaterOrEqual),
            ("=>", Operator::GreaterOrEqual),
        ];
        let words = Operator::ALL.into_iter().skip(6).map(|(operator, name)| (name, operator));
        let Some((_, operator)) = spellings.into_iter().chain(words).find(|(word, _)| self.take(word)) else {
            return self.no_operator(left);
        };
        Ok((operator, self.options()?))
    }

    fn no_operator<T>(&self, left: &Expression) -> Parsed<T> {
        let names = Operator::ALL.map(|(_, name)| name);
        match self.peek() {
            Some((Token::Word(word), _)) if !["AND", "OR"].contains(&&*word.to_ascii_uppercase()) => {
                let help = match word.to_ascii_uppercase().as_str() {
                    "NOT" => "write NOT before the comparison: NOT (a IN b)".to_owned(),
                    "IS" | "EQ" | "EQUALS" => "write ==".to_owned(),
                    upper => match nearest(upper, names.into_iter().skip(6)) {
                        Some(near) => format!("did you mean {near}?"),
                        None => format!("write one of {}", names.join(", ")),
                    },
                };
                self.fail(format!("the operator {} is unknown", shown(word)), help)
            }
            Some((Token::Sign("("), _)) if matches!(left.kind, Kind::Name(_)) => {
                let Kind::Name(name) = &left.kind else { return self.fail("", "") };
                let message = format!("{}(…) is a function, which devices are not known to evaluate", shown(name));
                let help = "compare status items and properties with values".to_owned();
                Err(Mistake { span: left.span.clone(), message, help })
            }
            _ => {
                let help = match left.reference() {
                    Some(Reference { word: Word::Status, name, .. }) => {
                        format!("write @status({}) == TRUE, or another comparison", shown(name))
                    }
                    Some(Reference { word: Word::Property, name, .. }) => {
                        format!("write @property({}) == TRUE, or another comparison", shown(name))
                    }
                    _ => "compare it with a value, such as == TRUE".to_owned(),
                };
                let message = "this is a value, and nothing compares it".to_owned();
                Err(Mistake { span: left.span.clone(), message, help })
            }
        }
    }

    /// `[cd]` after an operator.
    fn options(&mut self) -> Parsed<Options> {
        let mut options = Options::default();
        if !self.take("[") {
            return Ok(options);
        }
        let span = self.here();
        let letters = match self.peek() {
            Some((Token::Word(word), _)) => word.as_str(),
            _ => "",
        };
        for letter in letters.chars() {
            match letter.to_ascii_lowercase() {
                'c' => options.ignores_case = true,
                'd' => options.ignores_marks = true,
                'n' => options.is_normal = true,
                'l' => options.is_local = true,
                _ => {
                    let message = format!("the option {letter} of a comparison is unknown");
                    return Err(Mistake { span, message, help: "write c (ignore case) or d (ignore diacritics)".to_owned() });
                }
            }
        }
        if letters.is_empty() {
            return self.fail("the comparison has no option between [ and ]", "write [c] to ignore case, or remove the brackets");
        }
        self.at += 1;
        self.close("]")?;
        Ok(options)
    }

    pub(super) fn close(&mut self, sign: &str) -> Parsed<()> {
        if self.take(sign) {
            return Ok(());
        }
        match self.peek() {
            Some((token, span)) => Err(Self::left_over(token, span.clone())),
            None => self.fail(format!("{sign} is missing"), format!("add {sign}")),
        }
    }

    /// The mistake of a token after a complete predicate or value.
    fn left_over(token: &Token, span: Range<usize>) -> Mistake {
        let (message, help) = match token {
            Token::Sign(sign @ ("==" | "=" | "!=" | "<>" | "<" | "<=" | "=<" | ">" | ">=" | "=>")) => {
                (format!("a comparison cannot be compared again with {sign}"), "join comparisons with AND or OR")
            }
            Token::Sign(",") => {
                ("a comma cannot stand here".to_owned(), "join comparisons with AND or OR, or write values in { }")
            }
            Token::Word(word) if Operator::ALL.iter().any(|(_, name)| name.eq_ignore_ascii_case(word)) => {
                (format!("a comparison cannot be compared again with {word}"), "join comparisons with AND or OR")
            }
            Token::Word(word) if !is_keyword(word) => (
                format!("{} cannot stand here", shown(word)),
                "join comparisons with AND or OR, and write text in quotation marks",
            ),
            _ => ("the predicate should end here".to_owned(), "join comparisons with AND or OR"),
        };
        Mistake { span, message, help: help.to_owned() }
    }
}

/// Whether a word is not a name, in any case.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}
