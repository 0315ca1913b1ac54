//! `ddmc diff` as a page, grouped by what changes.

use crate::diff::{Change, Changes, Rewritten, Subject};
use crate::docs::{Block, Page};
use crate::words::{count, list, visible};

/// A state that is compared.
pub(super) struct State {
    /// The name, escaped.
    pub(super) name: String,
    pub(super) has_errors: bool,
}

/// The most declarations of a change that are named with their files.
const MAX_NAMED: usize = 3;

/// The most places of a change that are named.
const MAX_PLACES: usize = 10;

/// The sizes of a comment: the most changes of a section. The first that fits is used.
const SIZES: [usize; 5] = [1000, 200, 50, 20, 5];

/// GitHub takes 65,536 characters, GitLab more.
const MAX_COMMENT_BYTES: usize = 60_000;

/// Tells an action which comment is the one to update.
const MARKER: &str = "<!-- ddmc diff -->";

/// The subjects in the order of a page, with their titles.
const SECTIONS: [(Subject, &str); 5] = [
    (Subject::Enforcement, "Updates"),
    (Subject::Setting, "Settings"),
    (Subject::Declaration, "Declarations"),
    (Subject::Activation, "Activations"),
    (Subject::Asset, "Assets"),
];

/// Equal changes of several declarations.
struct Group<'c> {
    message: &'c str,
    targets: &'c [String],
    changes: Vec<&'c Change>,
}

/// The changes as lists.
pub(super) fn page(changes: &Changes, states: &[State; 2]) -> Page {
    build(changes, states, usize::MAX, &|groups| Block::List(groups.iter().map(item).collect()))
}

/// The changes as tables, which can be filtered.
pub(super) fn tables(changes: &Changes, states: &[State; 2]) -> Page {
    let page = build(changes, states, usize::MAX, &|groups| {
        let row = |group: &Group<'_>| vec![group.message.to_owned(), group.targets.join(", "), places(group)];
        Block::table(&["change", "devices", "where"], groups.iter().map(row).collect())
    });
    page.filtered_by(&["devices"])
}

/// The changes as a comment in Markdown, which is never too long for one.
pub(super) fn comment(changes: &Changes, states: &[State; 2]) -> String {
    let text = |most: usize| {
        // The heading of a comment is short; revisions may be long.
        let mut page = Page::new("Changes for devices".to_owned());
        page.push(Block::Text(format!("From {} to {}", states[0].name, states[1].name)));
        fill(&mut page, changes, states, most, &|groups| Block::List(groups.iter().map(item).collect()));
        format!("{MARKER}\n{}", page.escaped().to_markdown())
    };
    let [sizes @ .., last] = SIZES;
    sizes.into_iter().map(text).find(|text| text.len() <= MAX_COMMENT_BYTES).unwrap_or_else(|| text(last))
}

fn build(changes: &Changes, states: &[State; 2], most: usize, block: &dyn Fn(&[Group<'_>]) -> Block) -> Page {
    let [old, new] = states;
    let mut page = Page::new(format!("Changes for devices from {} to {}", old.name, new.name));
    fill(&mut page, changes, states, most, block);
    page
}

/// Writes what changed.
fn fill(page: &mut Page, changes: &Changes, states: &[State; 2], most: usize, block: &dyn Fn(&[Group<'_>]) -> Block) {
    page.push(Block::Text(summary(changes)));
    for state in states.iter().filter(|state| state.has_errors) {
        page.push(Block::Text(format!("The declarations of {} have errors; `ddmc check` shows them.", state.name)));
    }
    let mut section = |title: &str, wanted: &dyn Fn(&Change) -> bool| {
        let groups = groups(changes.changes.iter().filter(|change| wanted(change)));
        if groups.is_empty() {
            return;
        }
        page.push(Block::Section(title.to_owned()));
        page.push(block(&groups[..groups.len().min(most)]));
        if groups.len() > most {
            page.push(Block::Text(format!("{} are left out.", count(groups.len() - most, "more change"))));
        }
    };
    for (subject, title) in SECTIONS {
        section(title, &|change| change.is_effective && change.subject == subject);
    }
    section("Without effect", &|change| !change.is_effective);
    if !changes.rewritten.is_empty() {
        page.push(Block::Section("In the text alone".to_owned()));
        let mut items: Vec<String> = changes.rewritten.iter().take(most.min(MAX_PLACES)).map(rewritten).collect();
        if changes.rewritten.len() > items.len() {
            items.push(format!("{} more", changes.rewritten.len() - items.len()));
        }
        page.push(Block::List(items));
    }
}

/// How many changes there are.
fn summary(changes: &Changes) -> String {
    let effective = changes.changes.iter().filter(|change| change.is_effective).count();
    let mut parts = Vec::new();
    if effective > 0 {
        parts.push(format!("{} for devices", count(effective, "change")));
    }
    if changes.changes.len() > effective {
        parts.push(format!("{} without effect", count(changes.changes.len() - effective, "change")));
    }
    if !changes.rewritten.is_empty() {
        parts.push(format!("{} whose text alone changes", count(changes.rewritten.len(), "declaration")));
    }
    match (effective, parts.len()) {
        (_, 0) => "Nothing changes.".to_owned(),
        (0, _) => format!("Nothing changes for devices: {}.", list(&parts, "and")),
        _ => format!("{}.", crate::words::capital(&list(&parts, "and"))),
    }
}

/// Groups changes with the same message, in order.
fn groups<'c>(changes: impl Iterator<Item = &'c Change>) -> Vec<Group<'c>> {
    let mut groups: Vec<Group<'c>> = Vec::new();
    let mut known: crate::hash::Map<(&str, &[String]), usize> = crate::hash::Map::default();
    for change in changes {
        let at = *known.entry((&change.message, &change.targets)).or_insert_with(|| {
            groups.push(Group { message: &change.message, targets: &change.targets, changes: Vec::new() });
            groups.len() - 1
        });
        groups[at].changes.push(change);
    }
    groups
}

/// A change with its places and targets.
fn item(group: &Group<'_>) -> String {
    let devices = if group.targets.is_empty() { String::new() } else { format!(", for {}", list(group.targets, "and")) };
    format!("{} ({}{devices})", group.message, places(group))
}

/// Where a change is: the declarations with their files and lines; the files alone if there are many.
fn places(group: &Group<'_>) -> String {
    let all = group.changes.len();
    let place = |change: &&Change| {
        let at = format!("{}:{}", visible(&change.place.file), change.place.start.line);
        match &change.identifier {
            // The message names it.
            Some(name) if all <= MAX_NAMED && !group.message.contains(&crate::words::shown(name)) => {
                format!("{} in {at}", visible(name))
            }
            _ => at,
        }
    };
    let mut places: Vec<String> = group.changes.iter().take(MAX_PLACES).map(place).collect();
    if all > MAX_PLACES {
        places.push(format!("{} more", all - MAX_PLACES));
    }
    let count = if all > MAX_NAMED { format!("{}: ", count(all, "declaration")) } else { String::new() };
    count + &list(&places, "and")
}

/// A declaration whose text alone changes.
fn rewritten(rewritten: &Rewritten) -> String {
    let [old, new] = rewritten.files.each_ref().map(|file| visible(file));
    let name = rewritten.identifier.as_deref().map_or_else(|| "a declaration".to_owned(), visible);
    if rewritten.is_moved { format!("{name}: {new}, before {old}") } else { format!("{name}: {new}") }
}
