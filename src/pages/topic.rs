//! Finds the page that a user asks for.

use super::key::{self, Entry};
use super::page::{Block, Page};
use super::rule;
use crate::apple::{Family, Schema, Type};
use crate::config;
use crate::rules::{RULES, Rule};
use crate::words::nearest;

/// The pages for a name, which need not be exact: `majorperiodindays`, `Deferrals.MajorPeriodInDays`, a pointer, `OutOfRange`.
///
/// # Errors
/// The nearest name, if one is near.
pub(crate) fn find(apple: &Schema, name: &str) -> Result<Vec<Page>, Option<String>> {
    if let Some(found) = RULES.iter().find(|rule| plain(&rule.id) == plain(name)) {
        return Ok(vec![rule::page(found)]);
    }
    if name.eq_ignore_ascii_case(config::FILE_NAME) {
        return Ok(vec![configuration()]);
    }
    if let Some(kind) = type_called(apple, name) {
        return Ok(vec![key::type_page(apple, kind)]);
    }
    let wanted = steps(name);
    let mut found: Vec<Entry<'_>> = Entry::all(apple).filter(|entry| !wanted.is_empty() && ends_with(entry, &wanted)).collect();
    // Every declaration has the keys of the envelope: `Type` is not the end of a longer name.
    if found.iter().any(|entry| is_envelope(entry.kind)) {
        found.retain(|entry| is_envelope(entry.kind));
    }
    if found.is_empty() && config::is_key(name.trim_matches(['[', ']'])) {
        return Ok(vec![configuration()]);
    }
    if found.is_empty() { Err(suggestion(apple, name)) } else { Ok(found.iter().map(key::page).collect()) }
}

fn is_envelope(kind: &Type) -> bool {
    kind.family == Family::Envelope
}

/// The type of a name: the whole of it, its end (`softwareupdate.settings`), or a part that no other has (`enforcement`).
fn type_called<'s>(apple: &'s Schema, name: &str) -> Option<&'s Type> {
    let name = name.to_lowercase();
    let named = |kind: &&Type, is_meant: &dyn Fn(&str) -> bool| is_meant(&kind.name.to_lowercase());
    let types = || apple.types().map(|(_, kind)| kind).filter(|kind| !is_envelope(kind));
    let is_end = |kind: &str| kind.strip_suffix(&name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if let Some(kind) = types().find(|kind| !name.is_empty() && named(kind, &is_end)) {
        return Some(kind);
    }
    let has_part = |kind: &str| kind.split('.').any(|part| part == name);
    let mut with_part = types().filter(|kind| named(kind, &has_part));
    with_part.next().filter(|_| with_part.next().is_none())
}

/// A name without case, and without what joins its words.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The steps of a path in whatever form, without those that say nothing: `Payload`, and the items of arrays.
fn steps(name: &str) -> Vec<String> {
    let steps = name.split(['.', '/', '[', ']', ' ']).map(plain).filter(|step| !step.is_empty());
    let mut steps: Vec<String> = steps.filter(|step| !step.chars().all(|c| c.is_ascii_digit())).collect();
    if steps.len() > 1 && steps[0] == "payload" {
        steps.remove(0);
    }
    steps
}

fn ends_with(entry: &Entry<'_>, wanted: &[String]) -> bool {
    let steps: Vec<String> = entry.steps().into_iter().filter(|step| *step != "*").map(plain).collect();
    steps.ends_with(wanted)
}

fn suggestion(apple: &Schema, name: &str) -> Option<String> {
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    let keys: Vec<&str> = Entry::all(apple).map(|entry| &*entry.key.name).collect();
    let types = apple.declarations().map(|(_, kind)| kind.short());
    let names = RULES.iter().map(|rule| &*rule.id).chain(types).chain([config::FILE_NAME]);
    let part = plain(last);
    let whole = || keys.iter().copied().find(|key| part.len() > 3 && plain(key).contains(&part));
    nearest(last, keys.iter().copied()).or_else(|| nearest(name, names)).or_else(whole).map(str::to_owned)
}

/// The page of the configuration file.
pub(super) fn configuration() -> Page {
    let mut page = Page::new(config::FILE_NAME);
    page.push(Block::Text(
        "The configuration of a repository. `ddmc` looks for it in the current folder and those above, up to the root of the repository. \
         Patterns of paths begin in its folder; one that matches a folder covers everything in it. Flags of the command line win."
            .to_owned(),
    ));
    for (title, rows) in config::tables() {
        page.push(Block::Section(title.to_owned()));
        page.push(Block::Table(vec!["write", "for"], rows));
    }
    page
}

/// Every rule, for lists.
pub(super) fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(name: &str) -> Vec<String> {
        find(Schema::built_in(), name).unwrap_or_default().into_iter().map(|page| page.title).collect()
    }

    #[test]
    fn names_match_loosely() {
        for name in [
            "majorperiodindays",
            "MajorPeriodInDays",
            "Deferrals.MajorPeriodInDays",
            "deferrals/major-period-in-days",
            "/Payload/Deferrals/MajorPeriodInDays",
            "Payload.Deferrals.MajorPeriodInDays",
        ] {
            assert_eq!(titles(name), ["Deferrals.MajorPeriodInDays"], "{name}");
        }
        assert_eq!(titles("/Payload/Beta/OfferPrograms/0/Token"), ["Beta.OfferPrograms[].Token"]);
        assert_eq!(titles("token").len(), 2);
        assert_eq!(titles("Type"), ["Type"]);
        assert_eq!(titles("Payload"), ["Payload"]);
        assert_eq!(titles("outofrange"), ["out-of-range"]);
        assert_eq!(titles("softwareupdate.settings"), ["com.apple.configuration.softwareupdate.settings"]);
        assert_eq!(titles("enforcement"), ["com.apple.configuration.softwareupdate.enforcement.specific"]);
        assert_eq!(titles("activation"), ["com.apple.activation.simple"]);
        assert!(titles("apple").is_empty());
        for name in ["ddmc.toml", "[[ignore]]", "until", "placeholders"] {
            assert_eq!(titles(name), ["ddmc.toml"], "{name}");
        }
    }

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        let find = |name| find(Schema::built_in(), name);
        assert_eq!(find("MajorPeriodDays").err().flatten().as_deref(), Some("MajorPeriodInDays"));
        assert_eq!(find("Deferrals.MinorPeriodDays").err().flatten().as_deref(), Some("MinorPeriodInDays"));
        assert_eq!(find("majorperiod").err().flatten().as_deref(), Some("MajorPeriodInDays"));
        assert_eq!(find("out-of-ranges").err().flatten().as_deref(), Some("out-of-range"));
        assert_eq!(find("").err(), Some(None));
        assert_eq!(find("completely different").err(), Some(None));
    }

    #[test]
    fn every_key_and_rule_has_its_page() {
        for entry in Entry::all(Schema::built_in()) {
            assert!(titles(&entry.name()).contains(&entry.name()), "{}", entry.name());
        }
        assert!(rules().all(|rule| titles(&rule.id) == [&*rule.id]));
    }
}
