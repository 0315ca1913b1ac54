//! A value of the configuration file, and where the faults of the file go.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::form::Form;
use crate::diagnostic::Position;
use crate::diagnostic::{Diagnostic, Place};
use crate::rules::invalid_configuration;
use crate::syntax::Locator;
use crate::words::shown;

/// A value of the file, and the JSON pointer to it.
pub(crate) struct Given<'v, 'i> {
    pub(crate) value: &'v Spanned<DeValue<'i>>,
    pub(crate) pointer: String,
}

impl<'v, 'i> Given<'v, 'i> {
    /// What a message calls it: the key, and the number in its array.
    pub(super) fn name(&self) -> String {
        let mut name = String::new();
        for step in self.pointer.split('/').skip(1) {
            match step.parse::<usize>() {
                Ok(number) => name = format!("{name}[{number}]"),
                Err(_) if name.is_empty() => name.push_str(step),
                Err(_) => name = format!("{name}.{step}"),
            }
        }
        shown(&name)
    }

    pub(super) fn inner<'n>(&self, step: impl std::fmt::Display, value: &'n Spanned<DeValue<'i>>) -> Given<'n, 'i> {
        Given { value, pointer: format!("{}/{step}", self.pointer) }
    }

    pub(super) fn text(&self) -> Option<&'v str> {
        self.value.get_ref().as_str()
    }
}

/// Where the faults of a file go.
pub(crate) struct Reader<'t> {
    file: Arc<str>,
    text: &'t [u8],
    locator: Locator<'t>,
    pub(crate) findings: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(file: Arc<str>, text: &'t [u8]) -> Self {
        Self { file, text, locator: Locator::new(text, Position::START), findings: Vec::new() }
    }

    pub(crate) fn place(&mut self, given: &Given<'_, '_>) -> Place {
        self.place_of(given.pointer.clone(), given.value.span())
    }

    fn place_of(&mut self, pointer: String, mut span: Range<usize>) -> Place {
        // The parser gives some tables no length: their heading is shown.
        if span.is_empty() {
            let rest = self.text.get(span.start..).unwrap_or_default();
            span.end += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'#')).unwrap_or(rest.len());
        }
        Place {
            file: self.file.clone(),
            index: 0,
            pointer,
            start: self.locator.position(span.start),
            end: self.locator.position(span.end),
        }
    }

    pub(crate) fn fault(&mut self, pointer: &str, span: Range<usize>, message: String, help: String) {
        let place = self.place_of(pointer.to_owned(), span);
        self.findings.push(invalid_configuration::RULE.at(place, message).help(help));
    }

    /// A value that is not what it must be. `problem` follows its name.
    pub(super) fn wrong(&mut self, given: &Given<'_, '_>, problem: &str, help: impl Into<String>) {
        self.fault(&given.pointer, given.value.span(), format!("{} {problem}", given.name()), help.into());
    }

    pub(super) fn wrong_type<T: Form>(&mut self, given: &Given<'_, '_>) {
        let found = match given.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.wrong(given, &format!("must be {}, but is {found}", T::expected()), format!("write {}", T::example()));
    }
}
