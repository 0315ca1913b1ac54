//! `ddmc merge --explain`: where the values of merged settings come from. Never prints the token of a beta program.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::docs::{Block, Key, Matrix, Page, Vote};
use crate::merge::Merged;
use crate::report::EscapedJson;
use crate::set::{Decision, Gathered, Part};
use crate::syntax::escaped;
use crate::words::{count, visible};

/// The maximum number of declarations to name; the rest are counted.
const MAX_NAMED: usize = 8;

/// Prints a block per settings declaration, with a paragraph per key.
pub(super) fn print(merged: &Merged, gathered: &Gathered, out: &mut dyn Write) -> io::Result<()> {
    for (at, origin) in merged.origins.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "declaration {}", visible(&origin.identifier))?;
        writeln!(out, "from {}: {}", count(origin.from.len(), "declaration"), names(&origin.from, gathered, false))?;
        for decision in &origin.decisions {
            print_key(decision, gathered, out)?;
        }
        if origin.decisions.is_empty() {
            writeln!(out, "\n  sets nothing")?;
        }
    }
    let others = merged.declarations.len() - merged.origins.len();
    if others > 0 {
        let space = if merged.origins.is_empty() { "" } else { "\n" };
        writeln!(out, "{space}{} of other types: nothing to combine", count(others, "declaration"))?;
    }
    Ok(())
}

fn print_key(decision: &Decision, gathered: &Gathered, out: &mut dyn Write) -> io::Result<()> {
    let path = visible(&decision.source.join("."));
    let rule = decision.rule_in_words();
    if decision.is_union {
        writeln!(out, "\n  - {path}  [{rule}]")?;
        for part in decision.parts.iter().filter(|part| part.decides && !part.is_empty_set()) {
            for item in items(decision, part) {
                writeln!(out, "    + {}", value(item))?;
            }
            writeln!(out, "      from       {}", names(&part.who, gathered, true))?;
        }
        for part in decision.parts.iter().filter(|part| part.decides && part.is_empty_set()) {
            writeln!(out, "      empty in   {}", names(&part.who, gathered, true))?;
        }
        for part in decision.overruled() {
            writeln!(out, "      overruled  {} in {}", value(&part.shown), names(&part.who, gathered, true))?;
        }
        return Ok(());
    }
    writeln!(out, "\n  - {path} = {}  [{rule}]", value(&decision.shown))?;
    writeln!(out, "      decided by {}", names(&decision.deciders(), gathered, true))?;
    for part in decision.overruled() {
        writeln!(out, "      overruled  {} in {}", value(&part.shown), names(&part.who, gathered, true))?;
    }
    Ok(())
}

/// The items of the combined array that a part stands for.
fn items<'d>(decision: &Decision, part: &'d Part) -> &'d [Value] {
    match &part.shown {
        // The parts of an array that is appended to are whole arrays.
        Value::Array(items) if decision.appends() => items,
        item => std::slice::from_ref(item),
    }
}

/// A value in one line; a beta program is shown as its description.
fn value(value: &Value) -> String {
    visible(&value["Description"].as_str().map_or_else(|| value.to_string(), str::to_owned))
}

fn names(who: &[usize], gathered: &Gathered, with_files: bool) -> String {
    let name = |who: &usize| {
        let member = &gathered.members[*who];
        if with_files { format!("{} ({})", visible(member.name()), visible(&member.file)) } else { visible(member.name()) }
    };
    let mut names: Vec<String> = who.iter().take(MAX_NAMED).map(name).collect();
    if who.len() > MAX_NAMED {
        names.push(format!("{} more", who.len() - MAX_NAMED));
    }
    names.join(", ")
}

/// The most declarations that have a column each.
const MOST_COLUMNS: usize = 12;

/// A section per settings declaration, with a matrix of its keys and the declarations that it is combined from.
pub(super) fn page(merged: &Merged, gathered: &Gathered) -> Page {
    let mut page = Page::new("Where merged values come from");
    let others = merged.declarations.len() - merged.origins.len();
    if others > 0 {
        page.push(Block::Text(format!("{} of other types: nothing to combine.", count(others, "declaration"))));
    }
    for origin in &merged.origins {
        page.push(Block::Section(visible(&origin.identifier)));
        let from = format!("From {}: {}.", count(origin.from.len(), "declaration"), names(&origin.from, gathered, true));
        page.push(Block::Text(from));
        page.push(match origin.decisions.as_slice() {
            [] => Block::Text("It sets nothing.".to_owned()),
            decisions if origin.from.len() <= MOST_COLUMNS => {
                let declarations = origin.from.iter().map(|who| visible(gathered.members[*who].name())).collect();
                let keys = decisions.iter().map(|decision| key(decision, &origin.from)).collect();
                Block::Matrix(Matrix { declarations, keys })
            }
            decisions => {
                let rows = decisions.iter().map(|decision| key_row(decision, gathered)).collect();
                Block::table(&["key", "value", "rule", "decided by", "overruled"], rows)
            }
        });
    }
    page
}

/// A key, and what each of these declarations sets.
fn key(decision: &Decision, from: &[usize]) -> Key {
    let vote = |who: &usize| {
        let parts: Vec<&Part> = decision.parts.iter().filter(|part| part.who.contains(who)).collect();
        let values: Vec<String> = parts.iter().map(|part| value(&part.shown)).collect();
        (!parts.is_empty()).then(|| Vote { value: values.join(", "), decides: parts.iter().any(|part| part.decides) })
    };
    Key {
        name: visible(&decision.source.join(".")),
        value: value(&decision.shown),
        rule: decision.rule_in_words(),
        votes: from.iter().map(vote).collect(),
    }
}

fn key_row(decision: &Decision, gathered: &Gathered) -> Vec<String> {
    let overruled = decision.overruled().map(|part| format!("{} in {}", value(&part.shown), names(&part.who, gathered, false)));
    let overruled: Vec<String> = overruled.take(MAX_NAMED).collect();
    let Key { name, value, rule, .. } = key(decision, &[]);
    vec![name, value, rule, names(&decision.deciders(), gathered, false), overruled.join("; ")]
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Report<'g> {
    format: u32,
    merged: Vec<Settings<'g>>,
}

#[derive(Serialize, JsonSchema)]
struct Settings<'g> {
    identifier: &'g str,
    from: Vec<&'g str>,
    keys: Vec<JsonKey<'g>>,
}

#[derive(Serialize, JsonSchema)]
struct JsonKey<'g> {
    pointer: String,
    combine: &'static str,
    value: &'g Value,
    decided_by: Vec<Source<'g>>,
    overruled: Vec<Overruled<'g>>,
    /// For an array that is combined item by item, the source of each item.
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Option<Vec<Element<'g>>>,
}

#[derive(Serialize, JsonSchema)]
struct Element<'g> {
    value: &'g Value,
    decided_by: Vec<Source<'g>>,
}

#[derive(Serialize, JsonSchema)]
struct Source<'g> {
    identifier: &'g str,
    file: &'g str,
    index: usize,
}

#[derive(Serialize, JsonSchema)]
struct Overruled<'g> {
    #[serde(flatten)]
    source: Source<'g>,
    value: &'g Value,
}

/// Prints the provenance as one JSON object.
pub(super) fn print_json(merged: &Merged, gathered: &Gathered, out: &mut dyn Write) -> io::Result<()> {
    let settings = merged.origins.iter().map(|origin| Settings {
        identifier: &origin.identifier,
        from: origin.from.iter().map(|who| gathered.members[*who].name()).collect(),
        keys: origin.decisions.iter().map(|decision| json_key(decision, gathered)).collect(),
    });
    let report = Report { format: 1, merged: settings.collect() };
    report.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, EscapedJson))?;
    writeln!(out)
}

fn json_key<'g>(decision: &'g Decision, gathered: &'g Gathered) -> JsonKey<'g> {
    let overruled = decision.overruled().flat_map(|part| part.who.iter().map(move |who| (*who, &part.shown)));
    JsonKey {
        pointer: decision.path.iter().fold("/Payload".to_owned(), |pointer, step| pointer + "/" + &escaped(step)),
        combine: decision.rule,
        value: &decision.shown,
        decided_by: sources(&decision.deciders(), gathered),
        overruled: overruled.map(|(who, value)| Overruled { source: source(who, gathered), value }).collect(),
        elements: decision.is_union.then(|| {
            let parts = decision.parts.iter().filter(|part| part.decides && !part.is_empty_set());
            let element = |part: &'g Part| {
                let element = |value| Element { value, decided_by: sources(&part.who, gathered) };
                items(decision, part).iter().map(element)
            };
            parts.flat_map(element).collect()
        }),
    }
}

fn sources<'g>(who: &[usize], gathered: &'g Gathered) -> Vec<Source<'g>> {
    who.iter().map(|who| source(*who, gathered)).collect()
}

fn source(who: usize, gathered: &Gathered) -> Source<'_> {
    let member = &gathered.members[who];
    Source { identifier: member.name(), file: &member.file, index: member.index }
}
