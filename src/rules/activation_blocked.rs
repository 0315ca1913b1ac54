//! `activation-blocked`

use crate::apple::{Family, Platform};
use crate::diagnostic::{Example, Rule, Severity, activation, array, declaration_line, settings_line};
use crate::hash::{Map, Set};
use crate::set::{Flaw, Member, Named, Scope, SetDrafts, Where};
use crate::words::{list, shown};

pub(crate) static RULE: Rule = Rule::new(
    "activation-blocked",
    Severity::Warning,
    "an activation is not applied because of one of its configurations",
    "An activation is atomic. A device applies none of its configurations if one of them is absent, has a type that the \
     device does not know, lacks a required key or has a value of the wrong JSON type, or if an asset that one of them \
     references is absent. The status report then says Error.ActivationFailed for all of them. Whether other mistakes in \
     a configuration do so too is not known; related lines say so. An activation that names only absent configurations is not reported here, \
     but by missing-configuration.",
    &[
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.b"]"#),
            settings_line!("com.example.a", "{}"),
            declaration_line!("com.apple.configuration.softwareupdate.enforcement.specific", "com.example.b", "{}")
        ))
        .finds(&[("/Identifier", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.c"]"#),
            settings_line!("com.example.a", "{}")
        ))
        .finds(&[("/Identifier", Severity::Warning)]),
        Example::new(array!(
            activation!("com.example.activation", r#"["com.example.a", "com.example.b"]"#),
            settings_line!("com.example.a", "{}"),
            settings_line!("com.example.b", "{}")
        )),
    ],
);

/// The most causes that a finding shows.
const MOST_CAUSES: usize = 5;

/// Why an activation is not applied.
struct Cause {
    text: String,
    /// The configuration, if it is there.
    place: Option<Where>,
}

pub(super) fn check(scope: &Scope<'_>, diagnostics: &mut SetDrafts) {
    if scope.activated().next().is_none() {
        return;
    }
    let named = scope.named(scope.activated().flat_map(|(_, activated)| activated.known()));
    let assets = scope.named(scope.references().map(|(_, reference)| reference.name.as_str()));
    let (knows_configurations, knows_assets) = (scope.is_complete(Family::Configuration), scope.is_complete(Family::Asset));
    // Many activations may name one configuration.
    let mut absent_assets: Map<usize, Option<String>> = Map::default();
    for (who, activated) in scope.activated() {
        let member = &scope.gathered.members[who];
        let (mut absent, mut causes, mut seen) = (Vec::new(), Vec::new(), Set::default());
        let (mut present, mut doubtful) = (0, Vec::new());
        for name in activated.known().filter(|name| seen.insert(*name)) {
            let Some((other, configuration)) = configuration(scope, &named, name) else {
                let what = if named.get(name).is_empty() { "is absent" } else { "is not a configuration" };
                absent.push(Cause { text: format!("{} {what}", shown(name)), place: None });
                continue;
            };
            present += 1;
            let found = flaw(member, configuration);
            let found = found.or_else(|| {
                let search = || absent_asset(scope, &assets, other).filter(|_| knows_assets);
                absent_assets.entry(other).or_insert_with(search).clone()
            });
            let cause = |text| Cause { text: format!("{} {text}", shown(name)), place: Some(Where::identifier(other)) };
            if found.is_none() && configuration.flaw == Some(Flaw::Other) {
                doubtful.push(cause("has another error, which may have the same effect".to_owned()));
            }
            causes.extend(found.map(cause));
        }
        if knows_configurations && present > 0 {
            causes.extend(absent);
        }
        report(who, member, causes, doubtful, diagnostics);
    }
}

/// The configuration with an identifier. A declaration of an unknown type may be one.
fn configuration<'g>(scope: &Scope<'_>, named: &Named<'_, 'g>, name: &str) -> Option<(usize, &'g Member)> {
    let schema = &scope.gathered.schema;
    named.get(name).iter().find(|(_, member)| member.may_be(Family::Configuration, schema)).copied()
}

/// Why the devices of an activation do not load a configuration.
fn flaw(activation: &Member, configuration: &Member) -> Option<String> {
    let unknown = configuration.unknown_on.intersection(activation.platforms);
    match configuration.flaw {
        Some(Flaw::UnknownType) => Some("has a type that Apple does not define".to_owned()),
        Some(Flaw::MissingKey) => Some("lacks a required key".to_owned()),
        Some(Flaw::WrongType) => Some("has a value of the wrong JSON type".to_owned()),
        Some(Flaw::Other) | None => {
            let names: Vec<String> = Platform::ALL
                .into_iter()
                .filter(|platform| unknown.contains(*platform))
                .map(|platform| platform.to_string())
                .collect();
            (!names.is_empty()).then(|| format!("has a type that is unknown on {}", list(&names, "and")))
        }
    }
}

/// The first asset of a configuration that is absent, in words.
fn absent_asset(scope: &Scope<'_>, assets: &Named<'_, '_>, who: usize) -> Option<String> {
    let references = scope.gathered.references.get(&who)?.as_ref()?;
    let schema = &scope.gathered.schema;
    let is_there = |name: &str| assets.get(name).iter().any(|(_, member)| member.may_be(Family::Asset, schema));
    let absent = references.iter().find(|reference| !reference.is_template && !is_there(&reference.name))?;
    Some(format!("references the asset {}, which is absent", shown(&absent.name)))
}

fn report(who: usize, activation: &Member, causes: Vec<Cause>, doubtful: Vec<Cause>, diagnostics: &mut SetDrafts) {
    let Some(first) = causes.first() else { return };
    let more = if causes.len() > 1 { format!(", and {} more", causes.len() - 1) } else { String::new() };
    let message = format!("devices do not apply {}: {}{more}", shown(activation.name()), first.text);
    let mut finding = RULE.at(Where::identifier(who), message).help(if first.place.is_some() {
        "correct the configuration, or move it to an activation of its own: a device applies all or none"
    } else {
        "add the configuration, or remove the reference: a device applies all or none"
    });
    for cause in causes.into_iter().take(MOST_CAUSES).chain(doubtful.into_iter().take(MOST_CAUSES)) {
        if let Some(place) = cause.place {
            finding = finding.related(cause.text, place);
        }
    }
    diagnostics.push(finding);
}
