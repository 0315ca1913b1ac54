//! Explains the report of a device: each declaration and reason in words, joined with the set that the device should have.

use std::collections::BTreeMap;

use super::capabilities::{self, Known, Unknown};
use super::causes;
use super::hidden::Hidden;
use super::report::{Given, Report, Reported};
use super::state::{self, Level};
use super::update::{self, Update};
use crate::apple::{Family, Origin, Reason, StatusItem};
use crate::diagnostic::{Diagnostic, Place};
use crate::plan::Plan;
use crate::predicate::Given as Facts;
use crate::set::Gathered;
use crate::words::{count, list, nearest, shown};

/// The set that a device should have.
pub(crate) struct Joined<'s> {
    pub(crate) set: &'s Gathered,
    /// The declarations of the set by identifier.
    pub(crate) by_name: crate::hash::Map<&'s str, Vec<usize>>,
    /// What the device does with the set, if the report tells what device it is and no predicate is open.
    pub(crate) plan: Option<&'s Plan>,
    /// What is known of the device besides its platform, for predicates.
    pub(crate) facts: Facts,
    pub(crate) source: &'s dyn Source,
    /// The number of names for which a similar one was looked for.
    pub(crate) searches: std::cell::Cell<usize>,
}

/// The texts of the set.
pub(crate) trait Source {
    /// What `check` finds in a declaration for the device.
    fn findings(&self, who: usize) -> Vec<Diagnostic>;

    /// The place of a key that a device names.
    fn key(&self, who: usize, name: &str) -> Option<Place>;
}

/// A report in words. Texts called *safe* can be printed as they are; the others only in JSON.
#[derive(Debug)]
pub(crate) struct Explained {
    pub(crate) entries: Vec<Entry>,
    /// Apps and packages with reasons.
    pub(crate) items: Vec<ItemState>,
    /// The status items that the device could not report, and why.
    pub(crate) errors: Vec<(String, Vec<Explanation>)>,
    pub(crate) missing: Vec<Missing>,
    pub(crate) update: Option<Update>,
    pub(crate) unknown: Unknown,
    /// What is odd about the report or the set as a whole; safe.
    pub(crate) remarks: Vec<String>,
}

/// A declaration that the device reports.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) identifier: String,
    pub(crate) family: Option<Family>,
    pub(crate) active: Option<bool>,
    pub(crate) valid: String,
    /// The server token, if it is to be shown.
    pub(crate) token: Option<String>,
    pub(crate) level: Level,
    pub(crate) state: &'static str,
    /// Whether it is the revision of the set; `None` if that is unknown.
    pub(crate) current: Option<bool>,
    /// The declaration of the set.
    pub(crate) who: Option<usize>,
    pub(crate) reasons: Vec<Explanation>,
    /// What the report and the set together say; safe.
    pub(crate) notes: Vec<String>,
}

/// A reason in words.
#[derive(Debug)]
pub(crate) struct Explanation {
    pub(crate) code: String,
    /// `None` if the code is not known.
    pub(crate) reason: Option<&'static Reason>,
    pub(crate) description: Option<String>,
    pub(crate) details: Vec<(String, Vec<String>)>,
    /// What to do; safe.
    pub(crate) next: String,
    /// What it is about in the files of the set.
    pub(crate) places: Vec<Diagnostic>,
    /// What the report and the set together say; safe.
    pub(crate) notes: Vec<String>,
}

/// An app or a package that the device reports with reasons.
#[derive(Debug)]
pub(crate) struct ItemState {
    pub(crate) item: &'static str,
    pub(crate) name: String,
    pub(crate) declaration: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) reasons: Vec<Explanation>,
    pub(crate) has_failed: bool,
}

/// A declaration of the set that the report does not have.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) who: usize,
    /// Why; safe.
    pub(crate) reason: String,
    /// Whether the report would have it if the device had it.
    pub(crate) is_certain: bool,
}

impl Explained {
    /// Whether something is invalid or failed.
    pub(crate) fn has_failures(&self) -> bool {
        self.entries.iter().any(|entry| entry.level == Level::Failed)
            || self.items.iter().any(|item| item.has_failed)
            || self.update.as_ref().is_some_and(|update| update.has_failed)
    }
}

/// Explains a report.
pub(crate) fn explain(report: &Report, joined: Option<&Joined<'_>>, schema: &crate::apple::Schema, hidden: &Hidden) -> Explained {
    let explainer = Explainer { report, joined, hidden, known: Known::of(report) };
    let mut remarks = explainer.remarks();
    let mut entries = Vec::new();
    let mut twice = 0;
    for ((family, identifier), all) in &report.declarations {
        twice += usize::from(all.len() > 1);
        entries.extend(all.iter().map(|reported| explainer.entry(*family, identifier, reported, &mut remarks)));
    }
    if twice > 0 {
        remarks.push(format!("the device reports several revisions of {}", count(twice, "declaration")));
    }
    Explained {
        entries,
        items: explainer.items(),
        errors: explainer.errors(),
        missing: joined.map(|joined| capabilities::missing(report, &explainer.known, joined, hidden)).unwrap_or_default(),
        update: update::update(report, joined, hidden),
        unknown: capabilities::unknown(&explainer.known, joined, schema),
        remarks,
    }
}

pub(super) struct Explainer<'e> {
    pub(super) report: &'e Report,
    pub(super) joined: Option<&'e Joined<'e>>,
    pub(super) hidden: &'e Hidden,
    /// The types that the device knows.
    pub(super) known: Known,
}

impl Explainer<'_> {
    /// What is odd about the report as a whole.
    fn remarks(&self) -> Vec<String> {
        let mut remarks = capabilities::versions(self.report, self.hidden);
        if self.report.is_truncated {
            remarks.push("the reports of this device are too large to keep all of them; some of it was left out".to_owned());
        }
        remarks
    }

    fn entry(&self, family: Option<Family>, identifier: &str, reported: &Reported, remarks: &mut Vec<String>) -> Entry {
        let (level, state) = state::of(self.report, family, reported);
        let mut notes = Vec::new();
        let mut who = None;
        let mut current = None;
        if let Some(joined) = self.joined {
            let all = joined.find(family, identifier);
            if all.len() > 1 {
                let name = self.hidden.shown(identifier);
                remarks.push(format!("the set has {} with the identifier {name}", count(all.len(), "declaration")));
            }
            let token = |who: &usize| joined.set.members[*who].server_token.as_deref();
            let same = all.iter().copied().find(|who| reported.token.is_some() && token(who) == reported.token.as_deref());
            who = same.or(all.first().copied());
            let has_token = who.is_some_and(|who| token(&who).is_some()) && reported.token.is_some();
            current = has_token.then_some(same.is_some());
            if current == Some(false) {
                notes.push("the device has another revision than the set; it fetches the new one after the next sync".to_owned());
            }
            if who.is_none() {
                notes.push(joined.stranger(family, identifier, self.hidden));
            }
        }
        let reasons: Vec<Explanation> =
            reported.reasons.iter().map(|given| self.explanation(family, who, given, current)).collect();
        if family == Some(Family::Activation) && reported.active != Some(true) && !state::has_false_predicate(reported) {
            notes.extend(causes::blocking(self, identifier));
        }
        Entry {
            identifier: self.hidden.text(identifier),
            family,
            active: reported.active,
            valid: self.hidden.text(reported.valid.as_str()),
            token: reported.token.as_deref().filter(|_| self.hidden.shows_all).map(str::to_owned),
            level,
            state,
            current,
            who,
            reasons,
            notes,
        }
    }

    /// A reason for a declaration.
    fn explanation(&self, family: Option<Family>, who: Option<usize>, given: &Given, current: Option<bool>) -> Explanation {
        let mut explanation = self.plain(given, Origin::Declaration);
        if given.code == state::ACTIVATION_FAILED && !state::is_failure(self.report, given) {
            "nothing: the predicate of the activation is false on this device, as intended".clone_into(&mut explanation.next);
        }
        causes::join(self, family, who, given, &mut explanation);
        if current == Some(false) && !explanation.places.is_empty() {
            explanation.notes.push("the places are those of the set, which has another revision than the device".to_owned());
        }
        explanation
    }

    /// A reason without its causes.
    fn plain(&self, given: &Given, origin: Origin) -> Explanation {
        let reason = Reason::find(&given.code, origin);
        let next = match reason {
            Some(reason) => reason.next.to_owned(),
            None => match nearest(&given.code, Reason::all().map(|reason| reason.code)) {
                Some(near) => format!("read the description; Apple documents a code with a similar name, {near}"),
                None => "read the description; Apple does not document this code".to_owned(),
            },
        };
        let tokens = |name: &str| !self.hidden.shows_all && name.to_ascii_lowercase().contains("token");
        let details = given.details.iter().filter(|(name, _)| !tokens(name)).map(|(name, texts)| {
            let texts = texts.iter().map(|text| self.hidden.text(text)).collect();
            (self.hidden.text(name), texts)
        });
        Explanation {
            code: self.hidden.text(&given.code),
            reason,
            description: given.description.as_deref().map(|text| self.description(text, given)),
            details: details.collect(),
            next,
            places: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The description of a reason, which may repeat the server token of its details.
    fn description(&self, text: &str, given: &Given) -> String {
        let text = self.hidden.text(text);
        match given.detail("ServerToken") {
            [token] if !self.hidden.shows_all && token.len() > 2 => text.replace(token.as_str(), crate::words::MASK),
            _ => text,
        }
    }

    /// The apps and packages with reasons, or that failed.
    fn items(&self) -> Vec<ItemState> {
        let lists = [("app.managed.list", Origin::App), ("package.list", Origin::Package), ("mdm.app", Origin::App)];
        let lists = lists.into_iter().filter_map(|(name, origin)| Some((self.report.items.get(name)?, name, origin)));
        let states = lists.flat_map(|(item, name, origin)| {
            item.elements().into_iter().filter_map(move |element| {
                let text = |key: &str| element.get(key)?.as_str();
                let given: Vec<Given> = causes::given(element.get("reasons"));
                let states = ["state", "update-state"].map(text);
                let has_failed = states.contains(&Some("failed")) || given.iter().any(|given| Reason::is_failure(&given.code));
                (has_failed || !given.is_empty()).then(|| ItemState {
                    item: name,
                    name: self.hidden.text(text("name").or_else(|| text("identifier")).unwrap_or_default()),
                    declaration: text("declaration-identifier").map(|name| self.hidden.text(name)),
                    state: text("state").map(|state| self.hidden.text(state)),
                    reasons: given.iter().map(|given| self.plain(given, origin)).collect(),
                    has_failed,
                })
            })
        });
        states.collect()
    }

    fn errors(&self) -> Vec<(String, Vec<Explanation>)> {
        let error = |name: &str, given: &[Given]| {
            let mut all: Vec<Explanation> = given.iter().map(|given| self.plain(given, Origin::Declaration)).collect();
            for explanation in all.iter_mut().filter(|explanation| explanation.reason.is_none()) {
                explanation.next = match (StatusItem::find(name), StatusItem::nearest(name)) {
                    (Some(_), _) => "nothing, if the device does not have this item; else remove the subscription".to_owned(),
                    (None, Some(near)) => format!("correct the subscription: did you mean {near}?"),
                    (None, None) => "remove the subscription: there is no such status item".to_owned(),
                };
            }
            (self.hidden.text(name), all)
        };
        self.report.errors.iter().map(|(name, given)| error(name, given)).collect()
    }
}

impl Joined<'_> {
    /// The declarations of the set with an identifier, of a family if it is known.
    pub(super) fn find(&self, family: Option<Family>, identifier: &str) -> Vec<usize> {
        let all = self.by_name.get(identifier).map_or(&[][..], Vec::as_slice).iter().copied();
        all.filter(|who| family.is_none_or(|family| self.set.members[*who].may_be(family, &self.set.schema))).collect()
    }

    /// What to say about a declaration that the set does not have.
    fn stranger(&self, family: Option<Family>, identifier: &str, hidden: &Hidden) -> String {
        match self.nearest(family, &hidden.text(identifier)) {
            Some(near) => format!("the set does not have it; did the server rename {}?", shown(near)),
            None => "the set does not have it".to_owned(),
        }
    }

    /// The identifier of the set that was probably meant, of a family if it is known: one whose end differs by a few letters,
    /// or one that a server put something before or after.
    pub(super) fn nearest(&self, family: Option<Family>, identifier: &str) -> Option<&str> {
        // The distance to each name takes time.
        self.searches.set(self.searches.get() + 1);
        let most = if self.searches.get() > MOST_SEARCHES { 0 } else { MOST_COMPARED };
        let members =
            self.set.members.iter().filter(|member| family.is_none_or(|family| member.may_be(family, &self.set.schema)));
        let all = members.filter_map(|member| member.identifier.as_deref()).take(most);
        let mut names = all.filter(|name| name.is_ascii() && *name != identifier);
        let is_meant = |name: &&str| is_misspelling(identifier, name) || name.len() > 5 && identifier.contains(*name);
        names.find(is_meant)
    }

    /// The name and file of a declaration; safe.
    pub(super) fn named(&self, who: usize) -> String {
        let member = &self.set.members[who];
        format!("{} ({})", shown(member.name()), crate::words::visible(&member.file))
    }
}

/// The most names for which a similar one is looked for, and the most declarations that each is compared with.
const MOST_SEARCHES: usize = 100;
const MOST_COMPARED: usize = 1000;

/// Whether the parts of a name where it begins to differ from another are alike. Most names of a set begin alike.
fn is_misspelling(word: &str, name: &str) -> bool {
    let same = word.bytes().zip(name.bytes()).take_while(|(one, other)| one == other).count();
    let start = name[..same].rfind('.').map_or(0, |dot| dot + 1);
    word.get(start..).zip(name.get(start..)).is_some_and(|(word, name)| nearest(word, [name]).is_some())
}

/// The number of declarations at each level, for a summary.
pub(crate) fn levels(entries: &[Entry]) -> BTreeMap<Level, usize> {
    let mut levels = BTreeMap::new();
    for entry in entries {
        *levels.entry(entry.level).or_insert(0) += 1;
    }
    levels
}

/// Names, with the number of those that would be too many; each is made safe.
pub(super) fn some<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let all: Vec<String> = names.map(shown).collect();
    match all.len() {
        0..=5 => list(&all, "and"),
        more => format!("{} and {} more", all[..5].join(", "), more - 5),
    }
}
