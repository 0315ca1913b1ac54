//! Finds pages by name.

use super::key::{self, Entry};
use super::page::{Block, Page};
use super::{rule, status};
use crate::apple::{Family, Schema, Type};
use crate::config;
use crate::rules::{RULES, Rule};
use crate::words::{nearest, shown};

/// Finds the pages for a name, which need not be exact: `majorperiodindays`, `Deferrals.MajorPeriodInDays`, a
/// pointer, `OutOfRange`. If only parts of names match, returns the page of the one, or a list of the names.
///
/// # Errors
/// Nothing matches. Contains the nearest name, if any is close.
pub(crate) fn find(apple: &Schema, name: &str) -> Result<Vec<Page>, Option<String>> {
    if let Some(found) = RULES.iter().find(|rule| plain(&rule.id) == plain(name)) {
        return Ok(vec![rule::page(found)]);
    }
    if name.eq_ignore_ascii_case(config::FILE_NAME) {
        return Ok(vec![configuration()]);
    }
    let reported = status::find(name);
    if !reported.is_empty() {
        return Ok(reported);
    }
    let wanted = steps(name);
    let mut found: Vec<Entry<'_>> = Entry::all(apple).filter(|entry| !wanted.is_empty() && ends_with(entry, &wanted)).collect();
    // A name such as `Type` means the envelope's key, not a longer path that ends with it.
    if found.iter().any(|entry| is_envelope(entry.kind)) {
        found.retain(|entry| is_envelope(entry.kind));
    }
    // A type and a key can share a name, such as `Command`.
    let types = find_type(apple, name).map(|kind| key::type_page(apple, kind));
    let pages: Vec<Page> = types.into_iter().chain(found.iter().map(key::page)).collect();
    if pages.is_empty() && config::is_key(name.trim_matches(['[', ']'])) {
        return Ok(vec![configuration()]);
    }
    if !pages.is_empty() {
        return Ok(pages);
    }
    let mut parts = with_part(apple, name);
    match parts.len() {
        0 => Err(suggestion(apple, name)),
        1 => Ok(parts.pop().into_iter().map(|part| part.page).collect()),
        _ => {
            let mut page = Page::new(format!("Names with \"{}\":", shown(name)));
            page.push(Block::Table(
                vec!["name", "meaning"],
                parts.into_iter().map(|part| vec![part.name, part.meaning]).collect(),
            ));
            Ok(vec![page])
        }
    }
}

/// A page whose name contains what is looked for.
struct Part {
    name: String,
    meaning: String,
    page: Page,
}

/// The pages of types, keys and rules whose names contain a text of at least three letters or digits.
fn with_part(apple: &Schema, name: &str) -> Vec<Part> {
    let wanted = steps(name).concat();
    if wanted.len() < 3 {
        return Vec::new();
    }
    let types = apple.types().map(|(_, kind)| kind).filter(|kind| !is_envelope(kind) && plain(&kind.name).contains(&wanted));
    let types = types.map(|kind| Part { name: kind.name.to_string(), meaning: kind.one(), page: key::type_page(apple, kind) });
    let has_part = |entry: &Entry<'_>| {
        let steps: Vec<String> = entry.steps().into_iter().map(plain).collect();
        let (path, last) = (steps.concat(), steps.last().map_or(0, String::len));
        // The key itself, not only a group around it.
        path.rfind(&wanted).is_some_and(|start| start + wanted.len() > path.len() - last)
    };
    let keys = Entry::all(apple).filter(has_part);
    let keys = keys.map(|entry| Part { name: entry.name(), meaning: entry.meaning().to_owned(), page: key::page(&entry) });
    let rules = rules().filter(|rule| plain(&rule.id).contains(&wanted));
    let rules = rules.map(|rule| Part { name: rule.id.to_string(), meaning: rule.summary.to_string(), page: rule::page(rule) });
    types.chain(keys).chain(rules).collect()
}

fn is_envelope(kind: &Type) -> bool {
    kind.family == Family::Envelope
}

/// Finds a type by its full name, a suffix (`softwareupdate.settings`), or a unique component (`enforcement`).
fn find_type<'s>(apple: &'s Schema, name: &str) -> Option<&'s Type> {
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

/// Normalises a name: alphanumeric characters in lower case.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Splits a path in any notation, dropping a leading `Payload` and array indices.
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
    // Compare concatenated, because a key can contain a space, which is not a separator.
    (0..steps.len()).any(|first| steps[first..].concat() == wanted.concat())
}

fn suggestion(apple: &Schema, name: &str) -> Option<String> {
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    let keys: Vec<&str> = Entry::all(apple).map(|entry| &*entry.key.name).collect();
    let types = apple.declarations().map(|(_, kind)| kind.short());
    let names = RULES.iter().map(|rule| &*rule.id).chain(types).chain([config::FILE_NAME]);
    nearest(last, keys.iter().copied()).or_else(|| nearest(name, names)).map(str::to_owned)
}

/// The page of the configuration file.
pub(super) fn configuration() -> Page {
    let mut page = Page::new(config::FILE_NAME);
    page.push(Block::Text(
        "The configuration of a repository. `ddmc` searches the current folder and its parents, up to the root of the repository. \
         Path patterns are relative to the folder of the file; one that matches a folder covers everything in it. Command-line options \
         take precedence."
            .to_owned(),
    ));
    for (title, rows) in config::tables() {
        page.push(Block::Section(title.to_owned()));
        page.push(Block::Table(vec!["key", "meaning"], rows));
    }
    page
}

/// All rules.
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
        assert_eq!(titles("majorperiod"), ["Deferrals.MajorPeriodInDays"]);
        assert_eq!(titles("deferrals.major"), ["Deferrals.MajorPeriodInDays"]);
        assert_eq!(titles("shadowed"), ["shadowed-enforcement"]);
        assert_eq!(titles("period"), ["Names with \"period\":"]);
        assert_eq!(titles("xy"), [""; 0]);
        for name in ["ddmc.toml", "[[ignore]]", "until", "placeholders"] {
            assert_eq!(titles(name), ["ddmc.toml"], "{name}");
        }
    }

    #[test]
    fn suggests_the_nearest_name() {
        let find = |name| find(Schema::built_in(), name);
        assert_eq!(find("MajorPeriodDays").err().flatten().as_deref(), Some("MajorPeriodInDays"));
        assert_eq!(find("Deferrals.MinorPeriodDays").err().flatten().as_deref(), Some("MinorPeriodInDays"));
        assert_eq!(find("out-of-ranges").err().flatten().as_deref(), Some("out-of-range"));
        assert_eq!(find("").err(), Some(None));
        assert_eq!(find("completely different").err(), Some(None));
    }

    #[test]
    fn every_key_and_rule_has_a_page() {
        for entry in Entry::all(Schema::built_in()) {
            assert!(titles(&entry.name()).contains(&entry.name()), "{}", entry.name());
        }
        assert!(rules().all(|rule| titles(&rule.id) == [&*rule.id]));
    }
}
