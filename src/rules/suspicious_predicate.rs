//! `suspicious-predicate`

use std::ops::Range;

use super::predicates::{Condition, conditional};
use crate::apple::{Platform, StatusItem, StatusValue, Target};
use crate::diagnostic::{Drafts, Example, Rule, Severity};
use crate::predicate::{
    Comparison, Expression, Kind, MODEL_FAMILIES, Operator, Options, Part, Predicate, Quantifier, Reference, SYSTEM_FAMILIES,
    Scope, Shape, Test, Word,
};
use crate::words::{list, nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "suspicious-predicate",
    Severity::Warning,
    "a predicate that very probably does not mean what its author wants",
    "Devices evaluate a predicate without an error even if it cannot be right. A key path without @status(…) has no \
     value, a string never equals a number, and an item never equals a value that it cannot have. Versions are compared \
     as text, character by character: that is right for most versions, but \"26.10\" is before \"26.2\", \"9.0\" is after \
     \"18.2\", and \"2.4\" of visionOS is after \"15.0\". A status item that is an array is no single value: use SUBQUERY, \
     ANY, ALL or NONE. Two comparisons with NONE that are joined by OR are true unless the array has all the values.",
    &[
        Example::new(conditional!("device.model.family == 'Mac'")).finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(conditional!("@status(device.operating-system.version) >= 15"))
            .finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(conditional!("@status(device.operating-system.version) < '26.10'"))
            .finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(conditional!("@status(softwareupdate.install-state) == 'ready'"))
            .finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(conditional!("NONE @property(groups) == 'a' OR NONE @property(groups) == 'b'"))
            .finds(&[("/Payload/Predicate", Severity::Warning)]),
        Example::new(conditional!("@status(device.operating-system.version) >= '18.2' AND NONE @property(groups) IN {'a', 'b'}")),
    ],
);

/// Values that the list of an item lacks, but Apple's articles have.
const DOCUMENTED: [(&str, &str); 1] = [("softwareupdate.install-state", "waiting")];

pub(super) fn check(condition: &Condition<'_>, diagnostics: &mut Drafts) {
    let Ok(predicate) = &condition.parsed else { return };
    let mut checker = Checker { condition, covered: 0, has_vision: has_vision(condition, predicate), diagnostics };
    predicate.visit(&mut |part, scope| match part {
        Part::Predicate(predicate) => checker.alternatives(predicate),
        Part::Comparison(comparison) => checker.comparison(comparison, scope),
        Part::Expression(expression) => checker.key_path(expression, scope),
        Part::Reference(_) => {}
    });
}

/// Whether the predicate may be for devices with visionOS: it is a target, or the predicate names it.
fn has_vision(condition: &Condition<'_>, predicate: &Predicate) -> bool {
    let mut is_named = false;
    predicate.visit(&mut |part, _| {
        if let Part::Expression(Expression { kind: Kind::String(text), .. }) = part {
            is_named |= ["visionOS", "RealityDevice"].contains(&&**text);
        }
    });
    // Its versions went from 2 to 26.
    let is_old = |target: &Target| {
        target.version.as_ref().is_none_or(|version| version.major().parse::<u64>().is_ok_and(|major| major < 26))
    };
    is_named || condition.targets.iter().any(|target| target.platform == Platform::VisionOs && is_old(target))
}

struct Checker<'c, 'd> {
    condition: &'c Condition<'d>,
    /// The end of the last key path that was reported.
    covered: usize,
    has_vision: bool,
    diagnostics: &'c mut Drafts,
}

impl Checker<'_, '_> {
    fn push(&mut self, span: &Range<usize>, message: String, help: impl Into<String>) {
        self.diagnostics.push(RULE.at(self.condition.spot(span), message).help(help));
    }

    /// Finds comparisons with NONE that are joined by OR.
    fn alternatives(&mut self, predicate: &Predicate) {
        let Test::Or(all) = &predicate.test else { return };
        let excluded: Vec<(&Predicate, String)> = all
            .iter()
            .filter_map(|one| match &one.test {
                Test::Compare(comparison) if comparison.quantifier == Some(Quantifier::None) => {
                    Some((one, comparison.left.to_string()))
                }
                _ => None,
            })
            .collect();
        let Some((_, left)) = excluded.first() else { return };
        let Some((second, _)) = excluded.iter().skip(1).find(|(_, other)| other == left) else { return };
        let message = "NONE … OR NONE … is true unless all of the values occur".to_owned();
        let help = "write NONE … IN {'a', 'b'}, or join the comparisons with AND";
        self.push(&second.span, message, help);
    }

    /// Finds key paths that lack `@status(…)`.
    fn key_path(&mut self, expression: &Expression, scope: &Scope<'_>) {
        if expression.span.start < self.covered || self.condition.is_template {
            return;
        }
        let text = &self.condition.text[expression.span.clone()];
        match &expression.kind {
            Kind::Name(_) => {}
            Kind::Path(base, _) if matches!(base.kind, Kind::Name(_)) => {}
            // Hyphens make a subtraction of an item's name.
            Kind::Chain(..) if StatusItem::find(text).is_some() => {}
            Kind::Reference(Reference { word: Word::Key, name, .. }) if scope.is_inner() => {
                let message = format!("@key({}) has no value without the variable of SUBQUERY before it", shown(name));
                return self.push(&expression.span, message, format!("write the variable first: $x.@key({})", shown(name)));
            }
            _ => return,
        }
        self.covered = expression.span.end;
        let message = format!("{} is a key path, which has no value", shown(text));
        let help = match (StatusItem::find(text), StatusItem::nearest(text)) {
            (Some(item), _) => format!("write @status({})", item.name),
            (None, Some(near)) if text.contains('.') => format!("write @status(…); did you mean @status({near})?"),
            _ => format!("write '{}' for text, @status(…) for a status item, or @property(…) for a property", shown(text)),
        };
        self.push(&expression.span, message, help);
    }

    fn comparison(&mut self, comparison: &Comparison, scope: &Scope<'_>) {
        let Comparison { quantifier, left, operator, options, right } = comparison;
        let (item, literals) = if is_literal(right) {
            (left, right)
        } else if is_literal(left) && !matches!(operator, Operator::In | Operator::Between) {
            (right, left)
        } else {
            return;
        };
        let shape = scope.shape(item);
        let (name, key) = (name(item), item.reference().filter(|reference| reference.word == Word::Status));
        let Some(name) = name else { return };
        let literals = match (&literals.kind, operator) {
            (Kind::Set(all), Operator::In | Operator::Between) => all.as_slice(),
            _ => std::slice::from_ref(literals),
        };
        let is_array = matches!(shape.value, Some(StatusValue::Array | StatusValue::Object));
        if is_array && quantifier.is_none() && literals.iter().any(|literal| literal.kind != Kind::Null) {
            let (kind, help) = if shape.value == Some(StatusValue::Array) {
                ("an array", format!("write SUBQUERY(@status({name}), $x, $x.@key(NAME) == 'value').@count > 0, ANY or ALL"))
            } else {
                ("an object", format!("name one of its keys: @status({name}.KEY)"))
            };
            return self.push(&item.span, format!("{name} is {kind}, which a device cannot compare with a value"), help);
        }
        let is_version = key.is_some_and(|key| is_version(&key.name));
        for literal in literals {
            if let Some((message, help)) = mismatch(&name, shape, *operator, literal) {
                self.push(&literal.span, message, help);
            } else if let Kind::String(text) = &literal.kind {
                let is_equality = matches!(operator, Operator::Equal | Operator::NotEqual | Operator::In);
                if is_equality && let Some(fault) = impossible(&name, shape, *options, text) {
                    self.push(&literal.span, format!("{name} is never \"{}\"{}", shown(text), fault.0), fault.1);
                }
                if is_version
                    && operator.is_order()
                    && let Some((message, help)) = self.version(text)
                {
                    self.push(&literal.span, message, help);
                }
            }
        }
    }

    /// Why a version cannot be compared as text.
    fn version(&self, text: &str) -> Option<(String, String)> {
        let mut parts = text.split('.').map(|part| part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part));
        let (major, minor) = (parts.next()??, parts.next().flatten().unwrap_or_default());
        let text = shown(text);
        let help = || "compare with a version that text compares right, or name the versions with IN {…}".to_owned();
        match major.len() {
            1 if self.has_vision && ["1", "2"].contains(&major) => None,
            1 => Some((format!("versions are compared as text, so \"{text}\" is after \"18.2\""), help())),
            _ if minor.len() > 1 => {
                Some((format!("versions are compared as text, so \"{text}\" is before \"{major}.2\""), help()))
            }
            _ if self.has_vision && major.starts_with('1') => {
                let message = format!("versions are compared as text, so \"2.4\" of visionOS is after \"{text}\"");
                Some((message, "compare the model family too, and the versions of visionOS separately".to_owned()))
            }
            _ => None,
        }
    }
}

fn is_version(name: &str) -> bool {
    ["device.operating-system.version", "softwareupdate.pending-version.os-version"].contains(&name)
}

/// Whether an expression is a value, or a set of values.
fn is_literal(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::String(_) | Kind::Number(_) | Kind::Boolean(_) | Kind::Null | Kind::Template => true,
        Kind::Negative(inner) => is_literal(inner),
        Kind::Set(all) => all.iter().all(is_literal),
        _ => false,
    }
}

/// The name of a status item, or of a key of the objects in one.
fn name(expression: &Expression) -> Option<String> {
    match &expression.kind {
        Kind::Reference(Reference { word: Word::Status, name, .. }) => Some(shown(name)),
        Kind::Path(base, _) if matches!(base.kind, Kind::Variable(_) | Kind::Reference(_) | Kind::Subquery(_)) => {
            let text = expression.to_string();
            Some(if text.len() > 40 { "this value".to_owned() } else { shown(&text) })
        }
        _ => None,
    }
}

/// What is wrong with the type of a literal.
fn mismatch(name: &str, shape: Shape, operator: Operator, literal: &Expression) -> Option<(String, String)> {
    let (is, help) = match (shape.value?, &literal.kind) {
        (StatusValue::String, Kind::Number(_) | Kind::Boolean(_) | Kind::Negative(_)) => {
            ("a string", format!("write it in quotation marks: '{literal}'"))
        }
        (StatusValue::Boolean, Kind::String(_)) => ("true or false", "write TRUE or FALSE without quotation marks".to_owned()),
        #[expect(clippy::float_cmp, reason = "these two numbers are exact")]
        (StatusValue::Boolean, Kind::Number(number)) if *number != 0.0 && *number != 1.0 => {
            ("true or false", "write TRUE or FALSE".to_owned())
        }
        (StatusValue::Integer | StatusValue::Real, Kind::String(_)) => {
            ("a number", "write the number without quotation marks".to_owned())
        }
        _ => return None,
    };
    let effect = match operator {
        Operator::Equal | Operator::In => "so this is never true",
        Operator::NotEqual => "so this is always true",
        _ => "so a device cannot compare them",
    };
    Some((format!("{name} is {is}, and {} is not, {effect}", shown(&literal.to_string())), help))
}

/// Why a string item never has a value, and what to write.
fn impossible(name: &str, shape: Shape, options: Options, text: &str) -> Option<(String, String)> {
    let is = |one: &str, other: &str| one == other || (options.ignores_case && one.eq_ignore_ascii_case(other));
    if !shape.values.is_empty() {
        let is_known = shape.values.iter().any(|value| is(value, text)) || DOCUMENTED.contains(&(name, text));
        let help = || match nearest(text, shape.values.iter().copied()) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("write one of {}", list(shape.values, "or")),
        };
        return (!is_known).then(|| (String::new(), help()));
    }
    // Apple's lists of families are open, so only the spelling of known ones is judged.
    let (own, other, what) = match name {
        "device.model.family" => (MODEL_FAMILIES, SYSTEM_FAMILIES, "the name of an operating system"),
        "device.operating-system.family" => (SYSTEM_FAMILIES, MODEL_FAMILIES, "the name of a model family"),
        _ => return None,
    };
    let plain = |text: &str| text.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).collect::<String>().to_lowercase();
    let alike = |names: &[&'static str]| names.iter().copied().find(|name| plain(name) == plain(text));
    if own.iter().any(|known| is(known, text)) {
        return None;
    }
    if let Some(known) = alike(own) {
        return Some((String::new(), format!("write '{known}': strings are compared by characters")));
    }
    alike(other).map(|_| (format!(", {what}"), format!("write one of {}", list(own, "or"))))
}
