//! Finds the page that a few words mean: `passcode minimum length`, `Deferrals.MajorPeriodInDays`, `out-of-range`.

#[cfg(feature = "cli")]
use super::configuration;
use super::key::{self, Entry};
use super::page::{Block, Page};
use super::{combine, rule, status};
use crate::apple::{Combine, Family, Reason, Schema, StatusItem, Type, short};
#[cfg(feature = "cli")]
use crate::config;
use crate::rules::{RULES, Rule};
use crate::words::{nearest, shown};

/// Something that has a page, in the order of preference among equally good matches.
enum Topic<'s> {
    Type(&'s Type),
    Key(Entry<'s>),
    Rule(&'static Rule),
    Combine(Combine),
    StatusItem(&'static StatusItem),
    Reason(&'static Reason),
    #[cfg(feature = "cli")]
    Configuration,
}

/// A topic, and the words to find it by.
struct Entrance<'s> {
    topic: Topic<'s>,
    name: Words,
    /// The words before the name: the type and the keys around a key.
    place: Words,
}

/// How well a topic matches; the smaller, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    match_kind: MatchKind,
    /// The position of the topic's kind in [`Topic`]; documents of Apple's older protocol come after declarations.
    rank: u8,
    /// The number of characters of the name that no searched word covers.
    rest_of_name: usize,
    rest_of_place: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MatchKind {
    /// The words are the place and the name of the topic.
    Exact,
    /// They are the end of these.
    End,
    /// They include the whole name.
    Name,
    /// They include a part of the name.
    Part,
    /// They occur in its description.
    Description,
}

/// The number of matches in a list.
const MAX_LISTED: usize = 20;

/// Returns the page that a search means: that of the best match, or the list of matches if several are as good.
///
/// # Errors
/// Nothing matches. Contains the nearest name, if any is close.
pub(crate) fn find(apple: &Schema, search: &str) -> Result<Page, Option<String>> {
    let topics = entrances(apple);
    let found = ranked(&topics, search);
    let Some((best, topic)) = found.first() else { return Err(suggestion(&topics, search)) };
    let is_alone = found.get(1).is_none_or(|(next, _)| (best.match_kind, best.rank) != (next.match_kind, next.rank));
    if best.match_kind != MatchKind::Exact && !is_alone {
        let mut page = Page::new("Several matches");
        list(&mut page, &found);
        return Ok(page);
    }
    let mut page = topic.page(apple);
    if best.match_kind != MatchKind::Exact && found.len() > 1 {
        page.push(Block::Section("Other matches".to_owned()));
        list(&mut page, &found[1..]);
    }
    Ok(page)
}

/// Says that nothing matches a search.
pub(crate) fn not_found(search: &str, near: Option<String>) -> String {
    let help = match near {
        Some(near) => format!("did you mean {near}?"),
        None => "`ddmc explain` lists everything that has a page".to_owned(),
    };
    format!("there is no rule, key, declaration or status item \"{}\"; {help}", shown(search))
}

/// The names that a shell completes, each with its summary.
pub(crate) fn names(apple: &Schema) -> Vec<(String, String)> {
    let mut names: Vec<_> = topics(apple).iter().map(|topic| (topic.name().to_owned(), topic.summary())).collect();
    names.sort();
    names.dedup_by(|next, first| next.0 == first.0);
    names
}

fn entrances(apple: &Schema) -> Vec<Entrance<'_>> {
    topics(apple).into_iter().map(Entrance::of).collect()
}

fn topics(apple: &Schema) -> Vec<Topic<'_>> {
    let types = apple.types().map(|(_, kind)| kind).filter(|kind| kind.family != Family::Envelope);
    let topics = types
        .map(Topic::Type)
        .chain(Entry::all(apple).map(Topic::Key))
        .chain(RULES.iter().map(|rule| Topic::Rule(rule)))
        .chain(Combine::ALL.map(Topic::Combine))
        .chain(StatusItem::all().map(Topic::StatusItem))
        .chain(Reason::all().map(Topic::Reason));
    #[cfg(feature = "cli")]
    let topics = topics.chain([Topic::Configuration]);
    topics.collect()
}

fn list(page: &mut Page, found: &[(Score, &Topic<'_>)]) {
    let rows = found
        .iter()
        .take(MAX_LISTED)
        .map(|(_, topic)| vec![format!("`{}`", topic.title()), topic.place().to_owned(), topic.summary()]);
    page.push(Block::table(&["name", "in", "meaning"], rows.collect()));
    if found.len() > MAX_LISTED {
        let others = found.len() - MAX_LISTED;
        page.push(Block::Text(format!("And {others} more. Add a word to narrow the search.")));
    }
}

impl Topic<'_> {
    fn page(&self, apple: &Schema) -> Page {
        match self {
            Self::Type(kind) => key::type_page(apple, kind),
            Self::Key(entry) => key::page(entry),
            Self::Rule(found) => rule::page(found),
            Self::Combine(found) => combine::page(apple, *found),
            Self::StatusItem(item) => status::item(item),
            Self::Reason(reason) => status::reason(reason),
            #[cfg(feature = "cli")]
            Self::Configuration => configuration(),
        }
    }

    /// The name without its place: the last key of a path, a type without Apple's prefix.
    fn name(&self) -> &str {
        match self {
            Self::Type(kind) => kind.short(),
            Self::Key(entry) => &entry.key.name,
            Self::Rule(rule) => &rule.id,
            Self::Combine(combine) => combine.name(),
            Self::StatusItem(item) => item.name,
            Self::Reason(reason) => reason.code,
            #[cfg(feature = "cli")]
            Self::Configuration => config::FILE_NAME,
        }
    }

    /// The name in lists.
    fn title(&self) -> String {
        if let Self::Key(entry) = self { entry.name() } else { self.name().to_owned() }
    }

    /// The type that has the key. Empty for anything else, and for the keys of every declaration.
    fn place(&self) -> &str {
        match self {
            Self::Key(entry) if entry.kind.family != Family::Envelope => entry.kind.short(),
            _ => "",
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::Type(kind) => kind.title().into_owned(),
            Self::Key(entry) => entry.meaning().to_owned(),
            Self::Rule(rule) => rule.summary.to_string(),
            Self::Combine(combine) => combine.effect().to_owned(),
            Self::StatusItem(item) => item.meaning.to_owned(),
            Self::Reason(reason) => reason.meaning.to_owned(),
            #[cfg(feature = "cli")]
            Self::Configuration => "the configuration of a repository".to_owned(),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Type(kind) if !kind.family.is_legacy() => 0,
            Self::Key(entry) if !entry.kind.family.is_legacy() => 1,
            Self::Type(_) => 2,
            Self::Key(_) => 3,
            Self::Rule(_) => 4,
            Self::Combine(_) => 5,
            Self::StatusItem(_) => 6,
            Self::Reason(_) => 7,
            #[cfg(feature = "cli")]
            Self::Configuration => 8,
        }
    }

    /// The names before the name: the type and the keys around a key.
    fn around(&self) -> Vec<&str> {
        match self {
            Self::Key(entry) => [self.place()].into_iter().chain(entry.path[..entry.path.len() - 1].iter().copied()).collect(),
            _ => Vec::new(),
        }
    }
}

impl<'s> Entrance<'s> {
    fn of(topic: Topic<'s>) -> Self {
        let (name, place) = (Words::of(&[topic.name()]), Words::of(&topic.around()));
        Self { topic, name, place }
    }

    /// Compares the name and its place with the words of a search.
    fn score(&self, searched: &Words) -> Option<Score> {
        let (mut name, mut place) = (self.name.uncovered(), self.place.uncovered());
        let mut is_named = false;
        for word in searched.iter() {
            let (is_in_name, is_in_place) = (self.name.cover(word, &mut name), self.place.cover(word, &mut place));
            if !is_in_name && !is_in_place {
                return None;
            }
            is_named |= is_in_name;
        }
        let (rest_of_name, rest_of_place) = (rest(&name), rest(&place));
        let match_kind = match rest_of_name {
            _ if !is_named => return None,
            0 => match format!("{}{}", self.place.text, self.name.text).strip_suffix(&searched.text) {
                Some("") => MatchKind::Exact,
                Some(_) => MatchKind::End,
                None => MatchKind::Name,
            },
            _ => MatchKind::Part,
        };
        Some(Score { match_kind, rank: self.topic.rank(), rest_of_name, rest_of_place })
    }

    /// Compares the name and its description with the words of a search.
    fn score_description(&self, searched: &Words) -> Option<Score> {
        let all = Words::of(&[self.topic.name(), self.topic.place(), &self.topic.summary()]);
        let mut covered = all.uncovered();
        let has_all = !searched.text.is_empty() && searched.iter().all(|word| all.cover(word, &mut covered));
        has_all.then(|| Score {
            match_kind: MatchKind::Description,
            rank: self.topic.rank(),
            rest_of_name: rest(&covered),
            rest_of_place: 0,
        })
    }
}

/// The topics that match a search, best first.
fn ranked<'t, 's>(all: &'t [Entrance<'s>], search: &str) -> Vec<(Score, &'t Topic<'s>)> {
    let searched = Words::of(&[path(search)]);
    #[cfg(feature = "cli")]
    let is_key_of_configuration = config::is_key(search.trim_matches(['[', ']']));
    let score = |entrance: &Entrance<'s>| match entrance.topic {
        #[cfg(feature = "cli")]
        Topic::Configuration if is_key_of_configuration => {
            Some(Score { match_kind: MatchKind::Name, rank: entrance.topic.rank(), rest_of_name: 0, rest_of_place: 0 })
        }
        _ => entrance.score(&searched),
    };
    let mut found: Vec<_> = all.iter().filter_map(|entrance| Some((score(entrance)?, &entrance.topic))).collect();
    if found.is_empty() {
        found.extend(all.iter().filter_map(|entrance| Some((entrance.score_description(&searched)?, &entrance.topic))));
    }
    found.sort_by_key(|(score, _)| *score);
    found
}

/// A search without Apple's prefix of types, and without the step to the payload.
fn path(search: &str) -> &str {
    let search = search.trim().trim_start_matches('/');
    let rest = search.get(..7).filter(|step| step.eq_ignore_ascii_case("payload")).and(search.get(7..));
    short(rest.and_then(|rest| rest.strip_prefix(['/', '.'])).unwrap_or(search))
}

/// The name whose words, with those of its place, are nearest to the searched ones.
fn suggestion(all: &[Entrance<'_>], search: &str) -> Option<String> {
    let searched = Words::of(&[path(search)]);
    let distance = |Entrance { name, place, .. }: &Entrance<'_>| {
        searched.iter().try_fold(0, |sum, word| {
            let near = nearest(word, name.iter().chain([&*name.text]).chain(place.iter()))?;
            Some(sum + strsim::damerau_levenshtein(word, near))
        })
    };
    let near = all.iter().filter(|_| !searched.text.is_empty()).filter_map(|entrance| Some((distance(entrance)?, entrance)));
    near.min_by_key(|(distance, _)| *distance).map(|(_, entrance)| entrance.topic.title())
}

/// The words of names, in lower case: `Deferrals.MajorPeriodInDays` has the words deferrals, major, period, in and days.
/// Numbers between separators are array indices and do not count.
struct Words {
    /// The words without separators.
    text: String,
    /// Where the words begin.
    starts: Vec<usize>,
}

impl Words {
    fn of(names: &[&str]) -> Self {
        let (mut text, mut starts) = (String::new(), Vec::new());
        let parts = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
        for part in parts.filter(|part| !part.chars().all(|c| c.is_ascii_digit())) {
            let letters: Vec<char> = part.chars().collect();
            for (at, letter) in letters.iter().enumerate() {
                let is_upper = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
                let is_start =
                    at == 0 || (is_upper(at) && (!is_upper(at - 1) || letters.get(at + 1).is_some_and(|c| c.is_lowercase())));
                if is_start {
                    starts.push(text.len());
                }
                text.extend(letter.to_lowercase());
            }
        }
        Self { text, starts }
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let ends = self.starts.iter().skip(1).copied().chain([self.text.len()]);
        self.starts.iter().zip(ends).map(|(start, end)| &self.text[*start..end])
    }

    /// Whether each byte is covered: none is.
    fn uncovered(&self) -> Vec<bool> {
        vec![false; self.text.len()]
    }

    /// Covers each place where a word begins with these letters. Returns whether there is any.
    fn cover(&self, letters: &str, covered: &mut [bool]) -> bool {
        let mut is_found = false;
        for start in self.starts.iter().filter(|start| self.text[**start..].starts_with(letters)) {
            covered[*start..*start + letters.len()].fill(true);
            is_found = true;
        }
        is_found
    }
}

/// The number of bytes that are not covered.
fn rest(covered: &[bool]) -> usize {
    covered.iter().filter(|is_covered| !**is_covered).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(search: &str) -> Page {
        find(Schema::built_in(), search).unwrap_or_else(|near| panic!("{search}: {near:?}"))
    }

    fn title(search: &str) -> String {
        page(search).title
    }

    fn suggested(search: &str) -> Option<String> {
        find(Schema::built_in(), search).err().flatten()
    }

    #[test]
    fn names_match_in_any_notation() {
        for name in [
            "majorperiodindays",
            "MajorPeriodInDays",
            "major period",
            "Deferrals.MajorPeriodInDays",
            "deferrals/major-period-in-days",
            "/Payload/Deferrals/MajorPeriodInDays",
            "Payload.Deferrals.MajorPeriodInDays",
            "com.apple.configuration.softwareupdate.settings MajorPeriodInDays",
        ] {
            assert_eq!(title(name), "Deferrals.MajorPeriodInDays", "{name}");
        }
        for (name, expected) in [
            ("/Payload/Beta/OfferPrograms/0/Token", "Beta.OfferPrograms[].Token"),
            ("passcode minimum length", "MinimumLength"),
            ("Passcode-Settings.minimumlength", "MinimumLength"),
            ("maximum failed attempts", "MaximumFailedAttempts"),
            ("details url", "DetailsURL"),
            ("Type", "Type"),
            ("Payload", "Payload"),
            ("outofrange", "out-of-range"),
            ("number-max", "number-max"),
            ("First", "first"),
            ("softwareupdate.settings", "com.apple.configuration.softwareupdate.settings"),
            ("com.apple.configuration.passcode.settings", "com.apple.configuration.passcode.settings"),
            ("passcode", "com.apple.configuration.passcode.settings"),
            ("enforcement", "com.apple.configuration.softwareupdate.enforcement.specific"),
            ("activation", "com.apple.activation.simple"),
            ("ddmc.toml", "ddmc.toml"),
            ("[[ignore]]", "ddmc.toml"),
            ("until", "ddmc.toml"),
            ("placeholders", "ddmc.toml"),
        ] {
            assert_eq!(title(name), expected, "{name}");
        }
    }

    #[test]
    fn several_matches_are_listed_with_the_best_first() {
        let text = page("token").to_text(100);
        assert!(text.contains("Beta.OfferPrograms[].Token") && text.contains("Beta.RequireProgram.Token"), "{text}");
        let text = page("passcode").to_text(100);
        assert!(text.contains("Other matches"), "{text}");
    }

    #[test]
    fn suggests_the_nearest_name() {
        for (name, near) in [
            ("MajorPeriodDys", "Deferrals.MajorPeriodInDays"),
            ("minimumlenght", "MinimumLength"),
            ("passcode minimun length", "MinimumLength"),
            ("out-of-rannge", "out-of-range"),
        ] {
            assert_eq!(suggested(name).as_deref(), Some(near), "{name}");
        }
        assert_eq!(suggested(""), None);
        assert_eq!(suggested("completely different"), None);
    }

    #[test]
    fn everything_is_found_by_its_full_name() {
        let apple = Schema::built_in();
        let all = entrances(apple);
        for Entrance { topic, .. } in &all {
            let name = format!("{} {}", topic.place(), topic.title());
            let found = ranked(&all, &name);
            assert_eq!(found.first().map(|(_, first)| first.title()), Some(topic.title()), "{name}");
        }
    }
}
