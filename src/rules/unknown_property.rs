//! `unknown-property`

use super::predicates::conditional_line;
use crate::apple::Value;
use crate::apple::activation::PREDICATE;
use crate::diagnostic::{Example, Rule, Severity, array, declaration_line};
use crate::hash::Set;
use crate::predicate::Word;
use crate::set::{Premise, Scope, SetDrafts, Where};
use crate::words::{nearest, shown};

pub(crate) static RULE: Rule = Rule::new(
    "unknown-property",
    Severity::Note,
    "a predicate depends on a property that no declaration sets",
    "@property(…) in a predicate has the value that a declaration of the type com.apple.management.properties sets. \
     Without one it has no value, so that a comparison with it is false, except !=. Servers may send properties of their \
     own, so the rule is silent about names that begin with jamf., and without --set if no declaration sets properties.",
    &[
        Example::new(array!(
            conditional_line!("@property(shard) <= 10"),
            declaration_line!("com.apple.management.properties", "com.example.properties", r#"{ "shared": 5 }"#)
        ))
        .finds(&[("/Payload/Predicate", Severity::Note)]),
        Example::new(array!(
            conditional_line!("@property(shard) <= 10"),
            declaration_line!("com.apple.management.properties", "com.example.properties", r#"{ "shard": 5 }"#)
        )),
    ],
);

/// The prefix of the properties that Jamf Pro sends.
const JAMF: &str = "jamf.";

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    let mut names: Set<&str> = Set::default();
    let mut has_properties = false;
    for (who, member) in scope.members() {
        match scope.gathered.properties.get(&who) {
            // A declaration whose type could not be read may set some.
            None if member.kind.is_none() => return,
            None => {}
            Some(Some(Value::Object(members))) => {
                has_properties = true;
                names.extend(members.iter().map(|(name, _)| &**name));
            }
            Some(_) => return,
        }
    }
    if !scope.is_set && !has_properties {
        return;
    }
    for (who, activated) in scope.activated() {
        let Some(predicate) = activated.predicate.as_ref().and_then(Premise::predicate) else { continue };
        let mut seen = Set::default();
        for reference in predicate.references() {
            let name = reference.name.as_str();
            let first = name.split('.').next().unwrap_or_default();
            let is_known = names.contains(name) || names.contains(first) || name.starts_with(JAMF);
            if reference.word != Word::Property || is_known || !seen.insert(name) {
                continue;
            }
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean {}?", shown(near)),
                None => "add the property to a declaration of the type com.apple.management.properties".to_owned(),
            };
            let message = format!("no declaration sets the property {}, so it has no value", shown(name));
            diagnostics.push(RULE.at(Where::text(who, PREDICATE, reference.span.clone()), message).help(help));
        }
    }
}
