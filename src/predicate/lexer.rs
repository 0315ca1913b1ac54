//! Splits a predicate into tokens.

use std::ops::Range;

use super::text::{REFERENCE, escape, reference_in};
use super::{Collection, Mistake, Reference, Word};
use crate::words::shown;

/// A token of a predicate.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A string without quotes and escapes.
    String(String),
    /// A string with a placeholder.
    Template,
    Number(f64),
    /// A keyword or name.
    Word(String),
    /// A name that was written `#name`, and so is not a keyword.
    Name(String),
    /// `$name`
    Variable(String),
    Reference(Reference),
    /// `@count`, without the `@`.
    Collection(Collection),
    /// An operator or bracket.
    Sign(&'static str),
}

/// A token, and its byte range.
pub(super) type Spanned = (Token, Range<usize>);

/// The signs, each before its prefixes.
const SIGNS: [&str; 29] = [
    "==", "=<", "=>", "=", "!=", "!", "<>", "<=", "<", ">=", ">", "&&", "||", "**", "*", "/", "+", "-", "(", ")", "{", "}", "[",
    "]", ",", ".", "\u{2264}", "\u{2265}", "\u{2260}",
];

/// Splits the text. `is_template` tells whether a string has a placeholder.
pub(super) fn tokens(text: &str, is_template: &dyn Fn(&str) -> bool) -> Result<Vec<Spanned>, Mistake> {
    let mut lexer = Lexer { text, at: 0, is_template };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    is_template: &'t dyn Fn(&str) -> bool,
}

fn mistake(span: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Mistake {
    Mistake { span, message: message.into(), help: help.into() }
}

fn is_name_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The length of the characters at the start of the rest that `is` accepts.
    fn run(&self, is: impl Fn(char) -> bool) -> usize {
        self.rest().find(|c| !is(c)).unwrap_or(self.rest().len())
    }

    fn next(&mut self) -> Result<Option<Spanned>, Mistake> {
        self.at += self.run(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return Ok(None) };
        let token = match first {
            '\'' | '"' => self.string(first)?,
            '0'..='9' => self.number()?,
            '@' => self.reference()?,
            '$' => Token::Variable(self.marked("$")?),
            '#' => Token::Name(self.marked("#")?),
            _ if is_name_start(first) => {
                self.at += self.run(is_name);
                Token::Word(self.text[start..self.at].to_owned())
            }
            _ => self.sign(first)?,
        };
        Ok(Some((token, start..self.at)))
    }

    /// A name after `$` or `#`.
    fn marked(&mut self, mark: &str) -> Result<String, Mistake> {
        let start = self.at;
        self.at += 1;
        let length = if self.rest().starts_with(is_name_start) { self.run(is_name) } else { 0 };
        self.at += length;
        if length == 0 {
            return Err(mistake(start..start + 1, format!("no name follows {mark}"), format!("write a name after {mark}")));
        }
        Ok(self.text[start + 1..self.at].to_owned())
    }

    fn string(&mut self, quote: char) -> Result<Token, Mistake> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            let Some(next) = self.rest().chars().next() else {
                let help = format!("write {quote} at the end of the string; write {quote} inside it as \\{quote}");
                return Err(mistake(start..self.text.len(), "a string has no closing quotation mark", help));
            };
            if next == '\\' {
                let Some((character, length)) = escape(self.rest()) else {
                    let end = self.text.len();
                    return Err(mistake(self.at..end, "a backslash ends the predicate", "write \\\\ for a backslash"));
                };
                text.push(character);
                self.at += length;
                continue;
            }
            self.at += next.len_utf8();
            if next == quote {
                break;
            }
            text.push(next);
        }
        if let Some(found) = reference_in(&self.text[start..self.at]) {
            let span = start + found.start..start + found.end;
            let message = format!("{} is inside a string, where a device replaces it too", shown(&self.text[span.clone()]));
            return Err(mistake(span, message, "write the reference outside the quotation marks, or remove the @"));
        }
        Ok(if (self.is_template)(&text) { Token::Template } else { Token::String(text) })
    }

    fn number(&mut self) -> Result<Token, Mistake> {
        let start = self.at;
        let digits = self.run(|c| c.is_ascii_digit());
        let is_fraction =
            self.rest()[digits..].strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        self.at += digits;
        if is_fraction {
            self.at += 1;
            self.at += self.run(|c| c.is_ascii_digit());
        }
        let goes_on = |rest: &str| {
            let rest = rest.strip_prefix('.').unwrap_or(rest);
            rest.starts_with(is_name)
        };
        if !goes_on(self.rest()) {
            let text = &self.text[start..self.at];
            return Ok(Token::Number(text.parse().unwrap_or(f64::MAX).min(f64::MAX)));
        }
        self.at += self.run(|c| is_name(c) || c == '.');
        let text = &self.text[start..self.at];
        if let Some(number) =
            text.strip_prefix("0x").or(text.strip_prefix("0X")).and_then(|hex| u64::from_str_radix(hex, 16).ok())
        {
            #[expect(clippy::cast_precision_loss, reason = "a device also calculates with doubles")]
            return Ok(Token::Number(number as f64));
        }
        let message = format!("{} is not a number", shown(text));
        Err(mistake(start..self.at, message, format!("write '{}' for a string, such as a version", shown(text))))
    }

    /// `@status(…)`, `@property(…)`, `@key(…)` or `@count`.
    fn reference(&mut self) -> Result<Token, Mistake> {
        let start = self.at;
        self.at += 1;
        let length = self.run(is_name);
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        let span = start..self.at;
        if let Some((collection, _)) = Collection::ALL.into_iter().find(|(_, name)| *name == word) {
            return Ok(Token::Collection(collection));
        }
        let Some((kind, name)) = Word::ALL.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(word)) else {
            let message = format!("@{} is unknown", shown(word));
            return Err(mistake(span, message, "write @status(ITEM), @property(NAME) or @key(NAME)"));
        };
        if name != word {
            let message = format!("devices know @{name}, but not @{word}");
            return Err(mistake(span, message, format!("write @{name} in lower case")));
        }
        if !self.rest().starts_with('(') {
            let message = format!("no parenthesis follows @{name}");
            return Err(mistake(span, message, format!("write @{name}(…) without a space before the parenthesis")));
        }
        let Some(end) = self.rest().find(')').map(|length| self.at + length) else {
            let message = format!("@{name}( has no closing parenthesis");
            return Err(mistake(start..self.text.len(), message, "write ) after the name"));
        };
        let inside = self.at + 1..end;
        self.at = end + 1;
        let reference = Reference { word: kind, name: self.text[inside.clone()].to_owned(), span: inside.clone() };
        match fault(&reference.name) {
            None => Ok(Token::Reference(reference)),
            Some((problem, help)) => {
                let message = format!("the name in @{name}({}) {problem}", shown(&reference.name));
                let span = if inside.is_empty() { start..self.at } else { inside };
                Err(mistake(span, message, help))
            }
        }
    }

    fn sign(&mut self, first: char) -> Result<Token, Mistake> {
        let start = self.at;
        let run = self.run(|c| "=<>!~&|^:?".contains(c)).max(first.len_utf8());
        let text = &self.text[start..start + run];
        let known = SIGNS.into_iter().find(|sign| self.rest().starts_with(sign));
        // `!!` and `||!` are several signs, `===` is not.
        let is_whole = |sign: &&str| text.len() <= sign.len() || text[sign.len()..].starts_with('!') || *sign == "!";
        if let Some(sign) = known.filter(is_whole) {
            if let Some((_, plain)) =
                [("\u{2264}", "<="), ("\u{2265}", ">="), ("\u{2260}", "!=")].iter().find(|(odd, _)| *odd == sign)
            {
                let end = start + sign.len();
                return Err(mistake(start..end, format!("{sign} is not an operator"), format!("write {plain}")));
            }
            self.at += sign.len();
            return Ok(Token::Sign(sign));
        }
        let span = start..start + run;
        Err(match first {
            '%' => {
                mistake(span, "a device takes % outside quotation marks as a format specifier", "write % in quotation marks only")
            }
            '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '`' | '\u{b4}' => {
                mistake(span, format!("{first} is not a quotation mark of predicates"), "write ' or \"")
            }
            '?' => mistake(span, "? is not part of a predicate", "remove it"),
            ':' => mistake(span, format!("{} is not an operator", shown(text)), "write == to compare; devices refuse to assign"),
            _ if !"=<>!~&|^".contains(first) => mistake(
                span,
                format!("{} is not part of a predicate", shown(text)),
                "write text in quotation marks, such as 'iPad'",
            ),
            _ => mistake(
                span,
                format!("the operator {} is unknown", shown(text)),
                match text {
                    "===" | "~=" | "=~" => "write ==, or MATCHES for a regular expression",
                    "&" => "write AND",
                    "|" => "write OR",
                    _ => "write one of ==, !=, <, <=, >, >=, AND, OR and NOT",
                },
            ),
        })
    }
}

/// What is wrong with the name of a reference, and what to do.
fn fault(name: &str) -> Option<(&'static str, String)> {
    if name.is_empty() {
        return Some(("is empty", "write a name, such as @status(device.model.family)".to_owned()));
    }
    let plain: String = name.chars().filter(|c| !c.is_whitespace() && !"'\"".contains(*c)).collect();
    let is_plain = REFERENCE.is_match(&plain);
    if name.contains(['\'', '"']) || name.contains(char::is_whitespace) {
        let problem = "contains a space or a quotation mark, which a device takes as part of the name";
        let help = if is_plain && !name.trim().contains(char::is_whitespace) {
            format!("write {} between the parentheses", shown(&plain))
        } else {
            "write only the name between the parentheses, and the comparison after them".to_owned()
        };
        return Some((problem, help));
    }
    if is_plain {
        return None;
    }
    Some(("is not a name", "write letters, digits, _ and -, with dots between the parts; a part begins with a letter".to_owned()))
}
