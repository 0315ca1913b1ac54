//! What causes a reason, by the report and the set together: keys in files, siblings of an activation, predicates, and
//! declarations that are absent.

use serde_json::Value as Json;

use super::explain::{Explainer, Explanation, some};
use super::report::{Given, Validity};
use super::state;
use crate::apple::{Family, StatusItem};
use crate::diagnostic::Diagnostic;
use crate::predicate::{Facts, Given as Known, Predicate, Value, Word};
use crate::rules::Rule;
use crate::set::Flaw;
use crate::words::{shown, visible};

/// What to look at to explain a reason.
enum Look {
    /// The keys that this detail names, as this rule finds them.
    Keys(&'static str, &'static str),
    /// What `check` finds in the declaration.
    Findings,
    /// The declarations that this detail names, which the device lacks.
    Absent(&'static str, Family),
    /// The declaration that the details name, which failed.
    Named(Family),
    /// The predicate.
    Predicate,
    /// The declarations of the set that reference this one.
    References,
    /// The type.
    Type,
}

/// What to look at, by code.
const LOOKS: [(&str, Look); 18] = [
    ("Error.UnknownPayloadKeys", Look::Keys("UnknownPayloadKeys", "unknown-key")),
    ("Info.UnsupportedSettings", Look::Keys("Settings", "unsupported-key")),
    ("Error.ConfigurationCannotBeApplied", Look::Findings),
    ("Error.ConfigurationCannotBeDeserialized", Look::Findings),
    ("Error.ConfigurationIsInvalid", Look::Findings),
    ("Error.ConfigurationNotSupported", Look::Findings),
    ("Error.InvalidPayload", Look::Findings),
    ("Error.AssetCannotBeDeserialized", Look::Findings),
    ("Error.AssetCannotBeDownloaded", Look::Findings),
    ("Error.AssetCannotBeVerified", Look::Findings),
    ("Error.MissingAssets", Look::Absent("AssetIdentifiers", Family::Asset)),
    ("Error.MissingConfigurations", Look::Absent("ConfigurationIdentifiers", Family::Configuration)),
    (state::ACTIVATION_FAILED, Look::Named(Family::Activation)),
    ("Error.ConfigurationFailed", Look::Named(Family::Configuration)),
    ("Info.NotReferencedByActivation", Look::References),
    ("Info.NotReferencedByConfiguration", Look::References),
    ("Error.UnknownDeclarationType", Look::Type),
    ("Info.Predicate", Look::Predicate),
];

/// The most keys, declarations and findings to explain for a reason.
const MOST: usize = 20;

/// Adds what the report and the set tell about a reason.
pub(super) fn join(with: &Explainer<'_>, family: Option<Family>, who: Option<usize>, given: &Given, to: &mut Explanation) {
    let look = LOOKS.iter().find(|(code, _)| *code == given.code).map(|(_, look)| look);
    let look = look.or_else(|| given.code.contains("Predicate").then_some(&Look::Predicate));
    match look {
        None => {}
        Some(Look::Keys(detail, rule)) => keys(with, who, given.detail(detail), rule, to),
        Some(Look::Findings) => to.places.extend(findings(with, who)),
        Some(Look::Absent(detail, family)) => {
            to.notes.extend(given.identifiers(detail).take(MOST).map(|name| absent(with, *family, name)));
        }
        Some(Look::Named(family)) => {
            to.notes.extend(given.identifiers("Identifier").take(MOST).flat_map(|name| named(with, *family, name)));
        }
        Some(Look::References) => to.notes.extend(references(with, family, who)),
        Some(Look::Predicate) => predicate(with, who, given, to),
        Some(Look::Type) => {
            to.places.extend(findings(with, who));
            let name = given.detail("UnknownDeclarationType").first();
            let known = crate::apple::Schema::built_in().find(name.map_or("", String::as_str)).is_some();
            to.notes.extend(name.map(|name| match (known, with.hidden.shown(name)) {
                (true, name) => format!("{name} is a type of Apple's, so the device is too old for it or is of another platform"),
                (false, name) => format!("{name} is not a type of Apple's schema"),
            }));
        }
    }
}

/// The places of keys that the device does not know, with the advice of `check`.
fn keys(with: &Explainer<'_>, who: Option<usize>, names: &[String], rule: &str, to: &mut Explanation) {
    let (Some(joined), Some(who), Some(rule)) = (with.joined, who, Rule::find(rule)) else { return };
    let findings = if names.is_empty() { Vec::new() } else { joined.source.findings(who) };
    for name in names.iter().take(MOST) {
        let Some(place) = joined.source.key(who, name) else {
            to.notes.push(format!("the declaration in the set has no key {}", with.hidden.shown(name)));
            continue;
        };
        let found = findings.iter().find(|finding| finding.place.pointer == place.pointer);
        let help = found.and_then(|found| found.help.clone()).unwrap_or_else(|| to.next.clone());
        // The reason says that the device does not know it.
        let own = || format!("the device does not know the key {}", with.hidden.shown(name));
        let message = found.map_or_else(own, |found| found.message.clone());
        to.places.push(about(with, who, rule.at(place, message).help(help)));
    }
    if names.len() > MOST {
        to.notes.push(format!("{} more keys", names.len() - MOST));
    }
}

fn about(with: &Explainer<'_>, who: usize, finding: Diagnostic) -> Diagnostic {
    let member = with.joined.map(|joined| &joined.set.members[who]);
    finding.about(member.and_then(|member| member.identifier.as_deref()), None)
}

/// What `check` finds in a declaration for this device.
fn findings(with: &Explainer<'_>, who: Option<usize>) -> Vec<Diagnostic> {
    let (Some(joined), Some(who)) = (with.joined, who) else { return Vec::new() };
    let mut all = joined.source.findings(who);
    all.retain(|finding| finding.severity > crate::diagnostic::Severity::Note);
    all.truncate(MOST);
    all
}

/// Why the device does not have a declaration that another one references.
fn absent(with: &Explainer<'_>, family: Family, name: &str) -> String {
    let (report, hidden) = (with.report, with.hidden);
    let shown_name = hidden.shown(name);
    if let Some(reported) = report.declarations.get(&(Some(family), name.into())).and_then(|all| all.first()) {
        let (_, words) = state::of(report, Some(family), reported);
        return format!("{shown_name} is on the device: {words}");
    }
    let Some(joined) = with.joined else { return format!("{shown_name} is not in the report") };
    let Some(who) = joined.find(Some(family), name).first().copied() else {
        return match joined.nearest(Some(family), name) {
            Some(near) => format!("{shown_name} is not in the set; did you mean {}?", shown(near)),
            None => format!("{shown_name} is not in the set"),
        };
    };
    let member = &joined.set.members[who];
    let kind = member.kind.as_ref().map(|kind| kind.name(&joined.set.schema));
    match kind.filter(|kind| with.known.knows(Some(family), kind) == Some(false)) {
        Some(kind) => format!("{} is in the set, but the device does not know its type {}", joined.named(who), shown(kind)),
        None => format!("{} is in the set, but the device does not have it", joined.named(who)),
    }
}

/// What is reported of the declaration that a reason blames.
fn named(with: &Explainer<'_>, family: Family, name: &str) -> Vec<String> {
    let shown_name = with.hidden.shown(name);
    let Some(reported) = with.report.declarations.get(&(Some(family), name.into())).and_then(|all| all.first()) else {
        return vec![format!("{shown_name} is not in the report")];
    };
    let codes = some(reported.reasons.iter().map(|given| given.code.as_str()));
    let because = if codes.is_empty() { String::new() } else { format!(" ({codes})") };
    let (_, words) = state::of(with.report, Some(family), reported);
    let mut notes = vec![format!("{shown_name}: {words}{because}")];
    if family == Family::Activation && !state::has_false_predicate(reported) {
        notes.extend(blocking(with, name));
    }
    notes
}

/// The configurations that keep an activation from being applied, with all others that it references.
pub(super) fn blocking(with: &Explainer<'_>, activation: &str) -> Vec<String> {
    let Some(joined) = with.joined else { return Vec::new() };
    let Some(who) = joined.find(Some(Family::Activation), activation).first().copied() else { return Vec::new() };
    let Some(Some(activated)) = joined.set.activations.get(&who) else { return Vec::new() };
    let blocked = with.hidden.shown(activation);
    let mut notes = Vec::new();
    for name in activated.known() {
        let Some(why) = obstacle(with, name) else { continue };
        if notes.len() == MOST {
            notes.push(format!("other configurations keep {blocked} from being applied too"));
            break;
        }
        notes.push(format!("{} keeps {blocked} from being applied: {why}", with.hidden.shown(name)));
    }
    notes
}

/// Why a configuration keeps its activation from being applied.
fn obstacle(with: &Explainer<'_>, name: &str) -> Option<String> {
    let joined = with.joined?;
    let family = Some(Family::Configuration);
    let member = joined.find(family, name).first().map(|who| &joined.set.members[*who]);
    let reported = with.report.declarations.get(&(family, name.into())).and_then(|all| all.first());
    let kind = member.and_then(|member| member.kind.as_ref()).map(|kind| kind.name(&joined.set.schema));
    if let Some(kind) = kind.filter(|kind| with.known.knows(family, kind) == Some(false)) {
        return Some(format!("the device does not know its type {}", shown(kind)));
    }
    if let Some(reported) = reported {
        // What the blocked activation did to it is not a cause.
        let own = reported.reasons.iter().filter(|given| given.code != state::ACTIVATION_FAILED);
        let codes = some(own.filter(|given| state::is_failure(with.report, given)).map(|given| given.code.as_str()));
        let because = if codes.is_empty() { String::new() } else { format!(" ({codes})") };
        let has_failed = reported.valid == Validity::Invalid || !because.is_empty();
        return has_failed.then(|| format!("{}{because}", state::of(with.report, family, reported).1));
    }
    if member.is_none() {
        return Some("it is not in the set".to_owned());
    }
    let has_flaw = member.and_then(|member| member.flaw).is_some_and(|flaw| flaw != Flaw::Other);
    match (has_flaw, with.report.lists_all()) {
        (true, _) => Some("no device can load it; `ddmc check` shows why".to_owned()),
        (false, true) => Some("the device does not have it".to_owned()),
        (false, false) => None,
    }
}

/// The declarations of the set that reference one which the device says is not referenced.
fn references(with: &Explainer<'_>, family: Option<Family>, who: Option<usize>) -> Vec<String> {
    let (Some(joined), Some(who)) = (with.joined, who) else { return Vec::new() };
    let name = joined.set.members[who].name();
    let set = joined.set;
    let mut all: Vec<usize> = if family == Some(Family::Asset) {
        let names = |(from, all): (&usize, &Option<Vec<crate::set::AssetReference>>)| {
            all.as_ref().is_some_and(|all| all.iter().any(|reference| reference.name == name)).then_some(*from)
        };
        set.references.iter().filter_map(names).take(MOST).collect()
    } else {
        let activated = |(from, activated): (&usize, &Option<crate::set::Activated>)| {
            activated.as_ref().is_some_and(|activated| activated.known().any(|known| known == name)).then_some(*from)
        };
        set.activations.iter().filter_map(activated).take(MOST).collect()
    };
    if all.is_empty() {
        return vec!["the set does not reference it either".to_owned()];
    }
    all.truncate(3);
    let state = |from: usize| {
        let family = set.members[from].family(&set.schema);
        let other = with.report.declarations.get(&(family, set.members[from].name().into()));
        let what = if other.is_some() { "the device has another revision of it" } else { "the device does not have it" };
        format!("in the set, {} references it; {what}", joined.named(from))
    };
    all.into_iter().map(state).collect()
}

/// What the device compared, and what the predicate is by the report.
fn predicate(with: &Explainer<'_>, who: Option<usize>, given: &Given, to: &mut Explanation) {
    let of_set = || {
        let activated = with.joined?.set.activations.get(&who?)?.as_ref()?;
        activated.predicate.as_ref().map(|premise| premise.text.clone())
    };
    to.places.extend(findings(with, who));
    let Some(text) = given.detail("Predicate").first().cloned().or_else(of_set) else { return };
    to.notes.push(format!("the predicate is {}", visible(&with.hidden.text(&text))));
    let predicate = match Predicate::parse(&text, &|_| false) {
        Ok(predicate) => predicate,
        Err(mistake) => {
            to.notes.push(format!("{}: {}", mistake.message, mistake.help));
            return;
        }
    };
    let known = known(with);
    let mut names: Vec<(Word, &str)> =
        predicate.references().into_iter().map(|reference| (reference.word, reference.name.as_str())).collect();
    names.sort_unstable_by_key(|(_, name)| *name);
    names.dedup_by_key(|(_, name)| *name);
    for (word, name) in names.into_iter().take(MOST) {
        let values = if word == Word::Property { &known.properties } else { &known.status };
        let value = values.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let is_hidden = word == Word::Status && !with.hidden.shows_all && super::hidden::is_personal(name);
        to.notes.push(match value {
            Some(_) if is_hidden => format!("{} is hidden; --show-values shows it", shown(name)),
            Some(value) => format!("{} is {}", shown(name), with.hidden.shown(&written(value))),
            None if word == Word::Status && StatusItem::find(name).is_none() => format!("{} is not in the report", shown(name)),
            None => format!("the report does not have {}", shown(name)),
        });
    }
    let device = super::device::device(with.report);
    let facts = device.as_ref().map_or_else(Facts::none, |device| Facts::of(&device.target).with_build(device.build.as_ref()));
    match predicate.holds(&facts.with(&known)) {
        Some(true) if given.code == "Info.Predicate" => {
            to.notes.push("by this report it is true, so the device evaluated it before, or will do so again soon".to_owned());
        }
        Some(holds) => to.notes.push(format!("by this report it is {holds}")),
        None => {}
    }
}

/// The values that predicates compare: those of the report, and the properties of the set.
fn known(with: &Explainer<'_>) -> Known {
    let status = super::read::values(with.report).into_iter();
    let mut known =
        Known { status: status.map(|(name, json)| (name.to_owned(), Value::of_json(&json))).collect(), properties: Vec::new() };
    if let Some(joined) = with.joined {
        known.properties.clone_from(&joined.facts.properties);
    }
    known
}

/// A value as a predicate writes it.
fn written(value: &Value) -> String {
    match value {
        Value::Null => "absent".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("\"{text}\""),
        Value::Array(all) => crate::words::count(all.len(), "item"),
        Value::Object(_) => "an object".to_owned(),
        Value::Unknown | Value::Other(_) => "unknown".to_owned(),
    }
}

/// The reasons of an app or a package, which have the form of those of declarations.
pub(super) fn given(reasons: Option<&Json>) -> Vec<Given> {
    let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let texts = |json: &Json| match json {
        Json::Array(all) => all.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let given = |reason: &Json| Given {
        code: reason.get("code").and_then(Json::as_str).unwrap_or_default().to_owned(),
        description: reason.get("description").and_then(Json::as_str).map(str::to_owned),
        details: reason
            .get("details")
            .and_then(Json::as_object)
            .map(|all| all.iter().map(|(key, value)| (key.clone(), texts(value))).collect())
            .unwrap_or_default(),
    };
    reasons.and_then(Json::as_array).into_iter().flatten().filter(|reason| reason.is_object()).map(given).collect()
}
