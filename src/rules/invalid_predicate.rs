//! `invalid-predicate`

use super::predicates::{Condition, conditional};
use crate::diagnostic::{Drafts, Example, Rule, Severity};
use crate::predicate::{Expression, Kind, Part, Scope, Step, Word};
use crate::words::{list, nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "invalid-predicate",
    Severity::Error,
    "a predicate that devices cannot evaluate",
    "Predicate is a condition in the format of Apple's NSPredicate: comparisons of status items, @status(…), and of \
     properties, @property(…), with values, joined by AND, OR and NOT. A predicate that cannot be parsed makes the \
     activation invalid, and there are reports of devices that left management because of one. The rule accepts what \
     Apple's documentation shows and devices are known to evaluate. It refuses functions, assignments and % outside \
     quotation marks. A value alone is not a condition: write == TRUE after it. An expression with @key(…) needs \
     SUBQUERY, which names the objects of an array one by one. A predicate with a placeholder that leaves no complete \
     predicate is not checked.",
    &[
        Example::new(conditional!("@status(device.model.family) === 'iPad'")).finds(&[("/Payload/Predicate", Severity::Error)]),
        Example::new(conditional!("NOT @status(passcode.is-present)")).finds(&[("/Payload/Predicate", Severity::Error)]),
        Example::new(conditional!("SUBQUERY(@status(mdm.app), $app, $app.@key(bundle) == 'com.example').@count == 1"))
            .finds(&[("/Payload/Predicate", Severity::Error)]),
        Example::new(conditional!("@status(device.model.family) == \\\"iPad\\\" AND @status(passcode.is-present) == FALSE")),
    ],
);

pub(super) fn check(condition: &Condition<'_>, diagnostics: &mut Drafts) {
    match &condition.parsed {
        Err(_) if condition.is_template => {}
        Err(mistake) => {
            diagnostics.push(RULE.at(condition.spot(&mistake.span), mistake.message.clone()).help(mistake.help.clone()));
        }
        Ok(predicate) => predicate.visit(&mut |part, scope| judge(condition, part, scope, diagnostics)),
    }
}

fn judge(condition: &Condition<'_>, part: Part<'_>, scope: &Scope<'_>, diagnostics: &mut Drafts) {
    match part {
        Part::Reference(reference) if reference.word == Word::Key && !scope.is_inner() => {
            let message = format!("@key({}) is outside SUBQUERY, so it belongs to no object", shown(&reference.name));
            let help = "write SUBQUERY(@status(ITEM), $x, $x.@key(NAME) == 'value').@count > 0";
            diagnostics.push(RULE.at(condition.spot(&reference.span), message).help(help));
        }
        Part::Expression(Expression { kind: Kind::Variable(name), span }) if !scope.has(name) && !condition.is_template => {
            let message = format!("${} has no value, because no SUBQUERY around it defines it", shown(name));
            diagnostics.push(RULE.at(condition.spot(span), message).help("write the variable that SUBQUERY names, or a value"));
        }
        Part::Expression(Expression { kind: Kind::Path(base, steps), .. }) => {
            let (Kind::Variable(variable), Some(Step::Reference(key))) = (&base.kind, steps.first()) else { return };
            let Some((array, Some(item))) = scope.array(variable) else { return };
            let first = key.name.split('.').next().unwrap_or_default();
            if key.word != Word::Key || condition.placeholders.are_in(&key.name) || array.item_key(first).is_some() {
                return;
            }
            let names: Vec<&str> = array.names().collect();
            let help = match nearest(first, names.iter().copied()) {
                Some(near) => format!("did you mean {near}?"),
                None => format!("write one of {}", list(&names, "or")),
            };
            let message = format!("the objects of {} have no key {}", shown(item), shown(&key.name));
            diagnostics.push(RULE.at(condition.spot(&key.span), message).help(help));
        }
        _ => {}
    }
}
