//! From commands and profiles to the declarations that take their place.
//!
//! It knows no files: documents that were read go in, declarations come out, and an entry for every legacy key that says what became
//! of it. Nothing is dropped without one.

mod command;
mod faults;
mod profile;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::apple::{ENFORCEMENT, Family, KeyPath, SCHEDULE_OS_UPDATE, SETTINGS, Schema, Value, enforcement};
use crate::apple::{Identifier, LocalDateTime, MOST_OCTETS, OsVersion, Platform, Target};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::locate;
use crate::merge::Published;
use crate::set::{Tally, publish};
use crate::source::STDIN;
use crate::syntax::{self, Node};
use crate::validate::rules::{duplicate_key, unknown_key};
use crate::validate::{self, Legacy, Reading, Stranger, Strictness, Validator};
use crate::words::{count, is_unsafe};
use faults::Faults;

/// What a user wants of the declarations.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// When updates are enforced: no command says that.
    pub(crate) deadline: Option<LocalDateTime>,
    /// What all identifiers begin with.
    pub(crate) prefix: Option<Identifier>,
    /// The releases that Apple offers, to find the version of a product key.
    pub(crate) catalog: Option<Arc<Catalog>>,
}

/// What became of a key of a legacy document.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The file, as it was named.
    pub(crate) file: Arc<str>,
    /// Where it stands.
    pointer: String,
    /// The key; of an update with its number: `Updates[0].ProductVersion`.
    pub(crate) key: String,
    /// Its value, without secrets; none if it could not be read.
    pub(crate) value: Option<Value>,
    pub(crate) outcome: Outcome,
    /// What is otherwise on some platforms, where it is carried over on others.
    pub(crate) except: Vec<String>,
}

/// What became of it.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// It is in these declarations.
    Carried(Vec<Carried>),
    /// It had no effect, and this is why.
    Inactive(String),
    /// No declaration can say it, and this is why.
    NoEquivalent(String),
    /// It cannot be carried over, although it should be.
    Failed(String),
}

/// A value in a declaration.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    /// Which declaration.
    pub(crate) home: Home,
    /// The way to the key, from the payload.
    pub(crate) path: KeyPath,
    pub(crate) value: Value,
    /// What is different, if anything is.
    pub(crate) note: Option<String>,
}

/// A declaration that is being made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    /// The settings for a platform.
    Settings(Platform),
    /// The enforcement of a version.
    Enforcement(OsVersion),
}

/// The result.
#[derive(Debug)]
pub(crate) struct Migrated {
    pub(crate) declarations: Vec<Published>,
    /// The identifier of each.
    names: BTreeMap<Home, String>,
    pub(crate) entries: Vec<Entry>,
    /// What there is to say about files as a whole.
    pub(crate) remarks: Vec<(Arc<str>, String)>,
    /// The devices that the declarations are meant for.
    pub(crate) targets: Vec<Target>,
}

impl Migrated {
    /// The identifier of a declaration.
    pub(crate) fn name(&self, home: &Home) -> &str {
        self.names.get(home).map_or("", String::as_str)
    }

    /// Whether a declaration is meant for some devices: settings are made for a platform.
    pub(crate) fn is_meant_for(&self, identifier: &str, target: &Target) -> bool {
        let home = self.names.iter().find(|(_, name)| *name == identifier).map(|(home, _)| home);
        match home {
            Some(Home::Settings(platform)) => profile::column(target.platform) == *platform,
            _ => true,
        }
    }
}

impl Home {
    /// What tells it from the others, and its identifier from theirs.
    fn suffix(&self) -> String {
        match self {
            Self::Settings(platform) => format!("settings.{}", platform.name().to_lowercase()),
            Self::Enforcement(version) => format!("enforcement.{version}"),
        }
    }
}

/// Takes documents, and makes declarations of them.
pub(crate) struct Migration<'o> {
    schema: &'o Schema,
    options: &'o Options,
    entries: Vec<Entry>,
    /// What each payload says for a platform, in the order of the input.
    settings: BTreeMap<Platform, Vec<Value>>,
    /// The versions to enforce, and when.
    enforcements: BTreeMap<OsVersion, LocalDateTime>,
    /// What identifiers may begin with: the names of the sources of something, profiles before commands.
    bases: Vec<(bool, String)>,
    remarks: Vec<(Arc<str>, String)>,
    targets: Vec<Target>,
}

/// A document, and where it comes from.
struct Source<'s, 'd> {
    file: &'s Arc<str>,
    /// The name of the file without its folder and ending.
    stem: &'s str,
    reading: &'s Reading<'d>,
    legacy: &'s Legacy<'d>,
    /// The identifier of a profile.
    identifier: Option<&'s str>,
    conditions: &'s Conditions,
    /// What is wrong with the document.
    faults: Faults,
}

impl<'o> Migration<'o> {
    pub(crate) fn new(schema: &'o Schema, options: &'o Options) -> Self {
        Self {
            schema,
            options,
            entries: Vec::new(),
            settings: BTreeMap::new(),
            enforcements: BTreeMap::new(),
            bases: Vec::new(),
            remarks: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// Takes the documents of a file. Returns how many of them are commands or profiles with settings for updates.
    pub(crate) fn read(&mut self, file: &Arc<str>, bytes: &[u8], conditions: &Conditions) -> usize {
        let stem = Path::new(&**file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for target in &conditions.targets {
            if !self.targets.contains(target) {
                self.targets.push(target.clone());
            }
        }
        let (mut documents, mut others) = (0, 0);
        for span in locate::documents(file, bytes) {
            let mut spare = syntax::Spare::default();
            let parsed = syntax::parse(&bytes[span], &mut spare);
            let root = parsed.document.as_ref().map(syntax::Document::root);
            let Some(root) = root.filter(|_| parsed.mistakes().next().is_none()) else { continue };
            let mut validator = Validator::new(self.schema, &conditions.placeholders);
            let reading = validate::read(root, Strictness::Named, &mut validator);
            let is_source = |legacy: &&Legacy<'_>| self.schema.kind(legacy.kind).family != Family::Response;
            let legacy = reading.as_ref().and_then(|reading| reading.legacy.as_ref()).filter(is_source);
            let (Some(reading), Some(legacy)) = (&reading, legacy) else {
                others += 1;
                continue;
            };
            let identifier = root.member("PayloadIdentifier").and_then(Node::as_str);
            let is_plain =
                |identifier: &Cow<'_, str>| !conditions.placeholders.are_in(identifier) && !identifier.chars().any(is_unsafe);
            let identifier = identifier.filter(is_plain);
            let faults = Faults::new(validator.diagnostics, reading);
            self.add(&Source { file, stem: &stem, reading, legacy, identifier: identifier.as_deref(), conditions, faults });
            documents += 1;
        }
        if documents > 0 && others > 0 {
            let what = count(others, "other document");
            self.remarks.push((file.clone(), format!("{what} left out, no command and no profile with settings for updates")));
        }
        documents
    }

    fn add(&mut self, source: &Source<'_, '_>) {
        let before = self.entries.len();
        for stranger in &source.legacy.strangers {
            self.stranger(source, stranger);
        }
        let platforms = profile::platforms(source);
        if let Some(remark) = profile::remark(source, &platforms) {
            self.remarks.push((source.file.clone(), remark));
        }
        for part in &source.legacy.parts {
            let kind = self.schema.kind(part.kind);
            match kind.family {
                Family::ProfilePayload => self.payload(source, part, &platforms),
                Family::Command if !source.reading.is_head(part) => self.update(source, part),
                Family::Command if kind.name != SCHEDULE_OS_UPDATE => self.query(source, part),
                _ => {}
            }
        }
        self.unsaid(source, before);
        let is_source = |entry: &Entry| matches!(entry.outcome, Outcome::Carried(_));
        if self.entries[before..].iter().any(is_source) {
            let own = source.identifier.filter(|identifier| identifier.parse::<Identifier>().is_ok());
            let is_command = self.schema.kind(source.legacy.kind).family.is_command();
            self.bases.push((is_command, own.map_or_else(|| plain(source.stem), str::to_owned)));
        }
    }

    /// A payload that devices do not take.
    fn stranger(&mut self, source: &Source<'_, '_>, stranger: &Stranger<'_>) {
        let why = if stranger.is_declaration {
            "it is a declaration already, which no profile can hold; publish it as one"
        } else {
            "Apple has no such payload, so devices ignore it"
        };
        for (key, node) in stranger.node.members() {
            let Some(name) = key.as_str() else { continue };
            if name == "PayloadType" || !name.starts_with("Payload") {
                let value = if name == "PayloadType" { profile::simple(node, self.schema) } else { None };
                let pointer = format!("{}/{name}", stranger.pointer);
                self.note(source, pointer, &name, value, Outcome::NoEquivalent(why.to_owned()));
            }
        }
    }

    /// Says what is wrong with the document where no entry did.
    fn unsaid(&mut self, source: &Source<'_, '_>, before: usize) {
        let said: HashSet<String> = self.entries[before..].iter().map(|entry| entry.pointer.clone()).collect();
        for fault in &source.faults.all {
            let pointer = &fault.place;
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let inside = format!("{pointer}/");
            // Where a key of an update is missing, its other keys say so.
            if name.starts_with("Payload") || said.contains(pointer) || said.iter().any(|said| said.starts_with(&inside)) {
                continue;
            }
            let name = if pointer.is_empty() { "the document" } else { pointer.trim_start_matches('/') };
            let is_unknown = fault.rule.id == unknown_key::RULE.id;
            let outcome = if is_unknown { Outcome::Inactive } else { Outcome::Failed };
            self.note(source, pointer.clone(), &name.replace('/', "."), None, outcome(fault.message.clone()));
        }
    }

    /// The declarations, in the order of merged ones.
    pub(crate) fn finish(mut self) -> Migrated {
        let combined: BTreeMap<Platform, Value> =
            self.settings.iter().map(|(platform, all)| (*platform, combine(self.schema, all))).collect();
        self.compare(&combined);
        let base = self.options.prefix.as_ref().map(|prefix| prefix.as_str().trim_end_matches('.').to_owned());
        let base = base.or_else(|| self.bases.iter().min().map(|(_, base)| base.clone())).unwrap_or_default();
        let mut names = BTreeMap::new();
        let mut name = |home: &Home| {
            let suffix = home.suffix();
            let room = MOST_OCTETS.saturating_sub(suffix.len() + 1);
            let name = format!("{}.{suffix}", base[..base.floor_char_boundary(room)].trim_end_matches('.'));
            names.insert(home.clone(), name.clone());
            name
        };
        let mut declarations = Vec::new();
        for (platform, settings) in &combined {
            declarations.push(published(SETTINGS, name(&Home::Settings(*platform)), settings));
        }
        for (version, deadline) in self.enforcements {
            let mut payload = Value::EMPTY;
            payload.set(enforcement::TARGET_OS_VERSION, Value::string(version.to_string()));
            payload.set(enforcement::TARGET_LOCAL_DATE_TIME, Value::string(deadline.to_string()));
            declarations.push(published(ENFORCEMENT, name(&Home::Enforcement(version)), &payload));
        }
        declarations.sort_by(|one, other| (&one.kind, &one.identifier).cmp(&(&other.kind, &other.identifier)));
        Migrated { declarations, names, entries: self.entries, remarks: self.remarks, targets: self.targets }
    }

    /// Notes where another document decided.
    fn compare(&mut self, combined: &BTreeMap<Platform, Value>) {
        for entry in &mut self.entries {
            let Outcome::Carried(all) = &mut entry.outcome else { continue };
            for carried in all {
                let Home::Settings(platform) = &carried.home else { continue };
                let counts = combined.get(platform).and_then(|settings| settings.at(carried.path));
                if let Some(counts) = counts.filter(|counts| **counts != carried.value) {
                    carried.note = Some(format!("combined with another document: {} counts", plain_value(counts)));
                }
            }
        }
    }

    fn note(&mut self, source: &Source<'_, '_>, pointer: String, key: &str, value: Option<Value>, outcome: Outcome) {
        // Which of two equal keys a device takes is not known.
        let twice = source.faults.at(&pointer, &duplicate_key::RULE);
        let outcome = twice.map_or(outcome, |message| Outcome::Failed(message.to_owned()));
        self.entries.push(Entry { file: source.file.clone(), pointer, key: key.to_owned(), value, outcome, except: Vec::new() });
    }
}

/// A value as sentences show it: strings without quotes.
pub(crate) fn plain_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json().to_string(), str::to_owned)
}

/// What a device does with several payloads of settings.
fn combine(schema: &Schema, payloads: &[Value]) -> Value {
    let Some(kind) = schema.find(SETTINGS) else { return Value::EMPTY };
    let mut tally = Tally::default();
    for (who, payload) in payloads.iter().enumerate() {
        tally.add(schema, kind, payload, who);
    }
    tally.combine(schema).0
}

/// A name that can begin an identifier.
fn plain(stem: &str) -> String {
    let kept: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || ['-', '.', '_'].contains(&c) { c } else { '-' }).collect();
    let is_name = kept.chars().any(|c| c.is_ascii_alphanumeric()) && stem != STDIN;
    if is_name { kept } else { "migrated".to_owned() }
}

fn published(kind: &str, identifier: String, payload: &Value) -> Published {
    let text = publish::made(kind, &identifier, payload).write();
    Published { kind: kind.to_owned(), identifier, text }
}
