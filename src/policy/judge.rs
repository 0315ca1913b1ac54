//! Applies policies to declarations and to merged settings.

use std::ops::Range;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use serde_json::{Value as Json, json};

use super::{On, Policies, Policy, to_json};
use crate::diagnostic::{Draft, Spot};
use crate::hash::{Map, Set};
use crate::rules::sets::drafts;
use crate::set::{Combination, Decision, Gathered, SetDrafts, Where};
use crate::syntax::escaped;
use crate::syntax::{Node, Placeholders};
use crate::words::{list, shown};

/// The most violations of one policy to report for one declaration.
const MOST: usize = 100;

/// Applies policies to a declaration, or to a payload without an envelope, for which findings outside `Payload` are
/// dropped. Values with placeholders are not checked.
pub(crate) fn judge(
    policies: &Policies,
    root: Node<'_>,
    kind: Option<&str>,
    is_payload: bool,
    templates: &Placeholders,
) -> Vec<Draft> {
    let mut policies = policies.iter().filter(|policy| policy.on == On::Declaration && policy.applies_to(kind)).peekable();
    if policies.peek().is_none() {
        return Vec::new();
    }
    let value = to_json(root);
    let has_templates = templates.are_within(&value);
    let value = if is_payload { json!({ "Type": kind, "Payload": value }) } else { value };
    let mut drafts = Vec::new();
    for policy in policies {
        let mut seen = Set::default();
        for error in errors(policy, &value, is_payload, has_templates.then_some(templates)).take(MOST) {
            for (pointer, span) in places(&error, root, is_payload) {
                if seen.len() < MOST && seen.insert(pointer.clone()) {
                    let help = help(&error, &pointer, policy);
                    drafts.push(policy.rule.clone().at(Spot::at(pointer, span), &*policy.rule.summary).help(help));
                }
            }
        }
    }
    drafts
}

/// The violations of a policy, without those that placeholders make uncertain.
fn errors<'v>(
    policy: &'v Policy,
    value: &'v Json,
    is_payload: bool,
    templates: Option<&'v Placeholders>,
) -> impl Iterator<Item = ValidationError<'v>> {
    policy.validator.iter_errors(value).filter(move |error| {
        let is_in_payload =
            || matches!(error.instance_path().segments().next(), Some(LocationSegment::Property(name)) if name == "Payload");
        (!is_payload || is_in_payload()) && templates.is_none_or(|templates| is_certain(error, templates))
    })
}

/// Whether a violation does not depend on the values of placeholders.
fn is_certain(error: &ValidationError<'_>, templates: &Placeholders) -> bool {
    // The choice of a branch may depend on a placeholder. Only the evaluation path includes references.
    let is_conditional = error
        .evaluation_path()
        .segments()
        .any(|step| matches!(step, LocationSegment::Property(name) if ["then", "else"].contains(&&*name)));
    let is_about_names = match error.kind() {
        ValidationErrorKind::Required { .. }
        | ValidationErrorKind::AdditionalProperties { .. }
        | ValidationErrorKind::PropertyNames { .. }
        | ValidationErrorKind::MinProperties { .. }
        | ValidationErrorKind::MaxProperties { .. }
        | ValidationErrorKind::MinItems { .. }
        | ValidationErrorKind::MaxItems { .. }
        | ValidationErrorKind::FalseSchema => true,
        ValidationErrorKind::Not { schema } => schema.as_object().is_some_and(|schema| {
            schema
                .keys()
                .all(|keyword| ["required", "minProperties", "maxProperties", "dependentRequired"].contains(&keyword.as_str()))
        }),
        _ => false,
    };
    !is_conditional && (is_about_names || !templates.are_within(error.instance()))
}

/// Returns the places of a violation: each key that is not allowed, else the value (for a missing key, its object).
fn places(error: &ValidationError<'_>, root: Node<'_>, is_payload: bool) -> Vec<(String, Range<usize>)> {
    let mut pointer = String::new();
    let mut node = root;
    for step in error.instance_path().segments().skip(usize::from(is_payload)) {
        let next = match &step {
            LocationSegment::Property(name) => {
                pointer = format!("{pointer}/{}", escaped(name));
                member(node, name).map(|(_, value)| value)
            }
            LocationSegment::Index(at) => {
                pointer = format!("{pointer}/{at}");
                node.elements().nth(*at)
            }
        };
        let Some(next) = next else { break };
        node = next;
    }
    let keys: Vec<String> = match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().take(MOST).cloned().collect()
        }
        // `additionalProperties: false` without properties allows no key at all.
        ValidationErrorKind::FalseSchema if error.schema_path().as_str().ends_with("/additionalProperties") => {
            node.members().filter_map(|(key, _)| Some(key.as_str()?.into_owned())).take(MOST).collect()
        }
        ValidationErrorKind::PropertyNames { error } => error.instance().as_str().map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    };
    let of_key = |name: &String| Some((format!("{pointer}/{}", escaped(name)), member(node, name)?.0.span()));
    let found: Vec<_> = keys.iter().filter_map(of_key).collect();
    if found.is_empty() { vec![(pointer, node.span())] } else { found }
}

/// The key and value of a member. The last of duplicate keys counts.
fn member<'d>(object: Node<'d>, name: &str) -> Option<(Node<'d>, Node<'d>)> {
    object.members().filter(|(key, _)| key.as_str().is_some_and(|key| key == name)).last()
}

/// Says what to write instead. Never includes values of the document. For keys that may hold tokens, it does not
/// include values of the schema either.
fn help(error: &ValidationError<'_>, pointer: &str, policy: &Policy) -> String {
    let is_private = ["Token", "Program"].iter().any(|word| pointer.contains(word));
    let value = |value: &Json| shown(&value.to_string());
    let is_single = |value: &Json| !value.is_object() && !value.is_array();
    match error.kind() {
        _ if is_private => format!("see the policy {}", policy.name()),
        ValidationErrorKind::Required { property } => format!("add {}", property.as_str().map(shown).unwrap_or_default()),
        ValidationErrorKind::Pattern { pattern } => format!("write a value that matches {}", shown(pattern)),
        ValidationErrorKind::Maximum { limit } => format!("write at most {}", value(limit)),
        ValidationErrorKind::Minimum { limit } => format!("write at least {}", value(limit)),
        ValidationErrorKind::Constant { expected_value } if is_single(expected_value) => {
            format!("write {}", value(expected_value))
        }
        ValidationErrorKind::Enum { options } if options.as_array().is_some_and(|options| options.iter().all(is_single)) => {
            let options: Vec<String> = options.as_array().into_iter().flatten().take(10).map(value).collect();
            format!("write {}", list(&options, "or"))
        }
        ValidationErrorKind::MaxLength { limit } => format!("write at most {limit} characters"),
        ValidationErrorKind::Format { format } => format!("write a value in the format {}", shown(format)),
        ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::UnevaluatedProperties { .. } => {
            "remove it".to_owned()
        }
        ValidationErrorKind::FalseSchema
        | ValidationErrorKind::Not { .. }
        | ValidationErrorKind::Constant { .. }
        | ValidationErrorKind::Enum { .. } => {
            format!("change or remove it: see the policy {}", policy.name())
        }
        _ => format!("see the policy {}: {}", policy.name(), shown(&error.masked().to_string())),
    }
}

/// Applies policies to the merged settings of each set. Reports a violation at the declaration that decided the
/// value. `effective` returns the policies that apply to a file.
pub(crate) fn judge_combinations(gathered: &Gathered, sets: &[Vec<usize>], effective: impl Fn(&str) -> Policies) -> SetDrafts {
    let of_files: Map<&str, Policies> = gathered
        .members
        .iter()
        .map(|member| &*member.file)
        .collect::<Set<_>>()
        .into_iter()
        .map(|file| (file, effective(file).into_iter().filter(|policy| policy.on == On::Merged).collect()))
        .collect();
    if of_files.values().all(Vec::is_empty) {
        return drafts();
    }
    let effective = |who: usize| of_files.get(&*gathered.members[who].file).into_iter().flatten().map(|policy| &**policy);
    let mut diagnostics = drafts();
    let mut seen = Set::default();
    let combinations = gathered.combined_types().flat_map(|kind| sets.iter().zip(gathered.combine(kind, sets)));
    for (set, Combination { kind, payload, decisions, .. }) in combinations {
        let is_of_type = |who: &usize| gathered.members[*who].type_id() == Some(kind);
        let settings: Vec<usize> = set.iter().copied().filter(is_of_type).collect();
        // A placeholder may change any merged value.
        if settings.is_empty() || settings.iter().any(|who| !gathered.members[*who].is_complete) {
            continue;
        }
        let name = &*gathered.schema.kind(kind).name;
        let value = json!({ "Type": name, "Payload": payload.to_json() });
        let mut known: Vec<&Policy> = Vec::new();
        for who in &settings {
            for policy in effective(*who).filter(|policy| policy.applies_to(Some(name))) {
                if !known.iter().any(|known| known.rule.id == policy.rule.id) {
                    known.push(policy);
                }
            }
        }
        for policy in known {
            let has_policy = |who: &usize| effective(*who).any(|other| other.rule.id == policy.rule.id);
            for error in errors(policy, &value, true, None).take(MOST) {
                let steps: Vec<String> = error.instance_path().segments().skip(1).map(|step| step.to_string()).collect();
                let decision = decisions.iter().find(|decision| {
                    decision.path.len() <= steps.len() && decision.path.iter().zip(&steps).all(|(one, other)| one == other)
                });
                let deciders = decision.map_or_else(|| settings.clone(), Decision::deciders);
                let mut deciders = deciders.into_iter().filter(has_policy);
                let Some(first) = deciders.next() else { continue };
                let at = |who| decision.map_or_else(|| Where::identifier(who), |decision| decision.at(who));
                if !seen.insert((policy.rule.id.clone(), at(first), steps.join("/"))) {
                    continue;
                }
                // If a value is missing, any of the declarations could set it.
                let others = settings.iter().filter(|who| decision.is_none() && **who != first).take(3);
                let help = help(&error, &format!("/{}", steps.join("/")), policy);
                let diagnostic = policy.rule.clone().at(at(first), &*policy.rule.summary).help(help);
                diagnostics.push(others.fold(diagnostic, |diagnostic, who| {
                    diagnostic.related("active together with this declaration", Where::identifier(*who))
                }));
            }
        }
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clamps_numbers_that_exceed_the_range_of_floats() {
        let mut buffers = crate::syntax::Buffers::default();
        let parsed = crate::syntax::parse(b"[1e400, -1e400, 30.0]", &mut buffers);
        let document = parsed.document.expect("it is JSON");
        assert_eq!(to_json(document.root()), json!([f64::MAX, f64::MIN, 30.0]));
    }
}
