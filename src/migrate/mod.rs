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

use serde::Serialize;
use serde_json::Value as Json;

use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::document::{self, Node};
use crate::locate;
use crate::merge::Published;
use crate::model::{
    BuildVersion, DeclarationType, Enforcement, Identifier, LegacyType, LocalDateTime, MOST_OCTETS, OsVersion, Platform,
    Settings, Target,
};
use crate::publish;
use crate::read::{self, Content, Legacy, Payload, Problems, Stranger, Strictness};
use crate::rules::{duplicate_key, unknown_key};
use crate::set::combine;
use crate::source::STDIN;
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
    /// Its value in JSON, without secrets; none if it could not be read.
    pub(crate) value: Option<Json>,
    pub(crate) outcome: Outcome,
    /// What is otherwise on some platforms, where it is carried over on others.
    pub(crate) except: Vec<String>,
}

/// What became of it.
#[derive(Debug)]
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
#[derive(Debug)]
pub(crate) struct Carried {
    /// Which declaration.
    pub(crate) home: Home,
    /// The steps to the key in the payload.
    pub(crate) path: &'static [&'static str],
    pub(crate) value: Json,
    /// What is different, if anything is.
    pub(crate) note: Option<String>,
}

/// A declaration that is being made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    /// The settings for a platform.
    Settings(Platform),
    /// The enforcement of a version, perhaps of a build.
    Enforcement(OsVersion, Option<BuildVersion>),
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
            Self::Enforcement(version, None) => format!("enforcement.{version}"),
            Self::Enforcement(version, Some(build)) => format!("enforcement.{version}.{build}"),
        }
    }
}

/// Takes documents, and makes declarations of them.
pub(crate) struct Migration<'o> {
    options: &'o Options,
    entries: Vec<Entry>,
    /// What each payload says for a platform, in the order of the input.
    settings: BTreeMap<Platform, Vec<Settings>>,
    enforcements: BTreeMap<Home, Enforcement>,
    /// What identifiers may begin with: the names of the sources of something, profiles before commands.
    bases: Vec<(bool, String)>,
    remarks: Vec<(Arc<str>, String)>,
    targets: Vec<Target>,
}

/// A document, and where it comes from.
struct Source<'d> {
    file: &'d Arc<str>,
    /// The name of the file without its folder and ending.
    stem: &'d str,
    legacy: &'d Legacy<'d>,
    /// The identifier of a profile.
    identifier: Option<&'d str>,
    conditions: &'d Conditions,
    /// What is wrong with the document.
    faults: Faults,
}

impl<'o> Migration<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self {
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
            let mut spare = document::Spare::default();
            let parsed = document::parse(&bytes[span], &mut spare);
            let root = parsed.document.as_ref().map(document::Document::root);
            let Some(root) = root.filter(|_| parsed.faults.is_empty()) else { continue };
            let mut problems = Problems::new(&conditions.placeholders);
            let reading = read::read(root, Strictness::Named, &mut problems);
            let Some(Payload::Legacy(legacy)) = reading.map(|reading| reading.payload) else {
                others += 1;
                continue;
            };
            if legacy.document == LegacyType::Response {
                others += 1;
                continue;
            }
            let identifier = root.member("PayloadIdentifier").and_then(Node::as_str);
            let is_plain =
                |identifier: &Cow<'_, str>| !conditions.placeholders.are_in(identifier) && !identifier.chars().any(is_unsafe);
            let identifier = identifier.filter(is_plain);
            let faults = Faults::new(&problems, legacy.dialect);
            self.add(&Source { file, stem: &stem, legacy: &legacy, identifier: identifier.as_deref(), conditions, faults });
            documents += 1;
        }
        if documents > 0 && others > 0 {
            let what = count(others, "other document");
            self.remarks.push((file.clone(), format!("{what} left out, no command and no profile with settings for updates")));
        }
        documents
    }

    fn add(&mut self, source: &Source<'_>) {
        let before = self.entries.len();
        for stranger in &source.legacy.strangers {
            self.stranger(source, stranger);
        }
        let platforms = profile::platforms(source.legacy, &source.conditions.targets);
        if let Some(remark) = profile::remark(source.legacy, &source.conditions.targets, &platforms) {
            self.remarks.push((source.file.clone(), remark));
        }
        for part in &source.legacy.parts {
            match &part.content {
                Content::Update(update) => self.update(source, part, update),
                Content::SoftwareUpdate(object) => self.software_update(source, part, object, &platforms),
                Content::Restrictions(object) => self.restrictions(source, part, object, &platforms),
                Content::Scan(_) | Content::Query(_) => self.query(source, part),
                Content::Schedule(_) | Content::Response(_) | Content::Result(_) | Content::Profile(_) => {}
            }
        }
        self.unsaid(source, before);
        let is_source = |entry: &Entry| matches!(entry.outcome, Outcome::Carried(_));
        if self.entries[before..].iter().any(is_source) {
            let own = source.identifier.filter(|identifier| identifier.parse::<Identifier>().is_ok());
            let is_command = source.legacy.document.is_command();
            self.bases.push((is_command, own.map_or_else(|| plain(source.stem), str::to_owned)));
        }
    }

    /// A payload that devices do not take.
    fn stranger(&mut self, source: &Source<'_>, stranger: &Stranger<'_>) {
        let why = if stranger.is_declaration {
            "it is a declaration already, which no profile can hold; publish it as one"
        } else {
            "Apple has no such payload, so devices ignore it"
        };
        for (key, node) in stranger.node.members() {
            let Some(name) = key.as_str() else { continue };
            if name == "PayloadType" || !name.starts_with("Payload") {
                let value = if name == "PayloadType" { profile::shown(node) } else { None };
                let pointer = format!("{}/{name}", stranger.pointer);
                self.note(source, pointer, &name, value, Outcome::NoEquivalent(why.to_owned()));
            }
        }
    }

    /// Says what is wrong with the document where no entry did.
    fn unsaid(&mut self, source: &Source<'_>, before: usize) {
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
        let combined: BTreeMap<Platform, Settings> =
            std::mem::take(&mut self.settings).into_iter().map(|(platform, all)| (platform, combine(all))).collect();
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
        let settings = combined.into_iter().map(|(platform, settings)| {
            let identifier = name(&Home::Settings(platform));
            published(&DeclarationType::Settings, identifier, &settings)
        });
        let mut declarations: Vec<Published> = settings.collect();
        for (home, enforcement) in &self.enforcements {
            declarations.push(published(&DeclarationType::Enforcement, name(home), enforcement));
        }
        declarations.sort_by(|one, other| (&one.kind, &one.identifier).cmp(&(&other.kind, &other.identifier)));
        Migrated { declarations, names, entries: self.entries, remarks: self.remarks, targets: self.targets }
    }

    /// Notes where another document decided.
    fn compare(&mut self, combined: &BTreeMap<Platform, Settings>) {
        let texts: BTreeMap<&Platform, Json> =
            combined.iter().map(|(platform, settings)| (platform, serde_json::to_value(settings).unwrap_or_default())).collect();
        for entry in &mut self.entries {
            let Outcome::Carried(all) = &mut entry.outcome else { continue };
            for carried in all {
                let Home::Settings(platform) = &carried.home else { continue };
                let counts = texts.get(platform).and_then(|text| text.pointer(&format!("/{}", carried.path.join("/"))));
                if let Some(counts) = counts.filter(|counts| **counts != carried.value) {
                    carried.note = Some(format!("combined with another document: {} counts", plain_value(counts)));
                }
            }
        }
    }

    fn note(&mut self, source: &Source<'_>, pointer: String, key: &str, value: Option<Json>, outcome: Outcome) {
        // Which of two equal keys a device takes is not known.
        let twice = source.faults.at(&pointer, &duplicate_key::RULE);
        let outcome = twice.map_or(outcome, |message| Outcome::Failed(message.to_owned()));
        self.entries.push(Entry { file: source.file.clone(), pointer, key: key.to_owned(), value, outcome, except: Vec::new() });
    }
}

/// A value as sentences show it: strings without quotes.
pub(crate) fn plain_value(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A name that can begin an identifier.
fn plain(stem: &str) -> String {
    let kept: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || ['-', '.', '_'].contains(&c) { c } else { '-' }).collect();
    let is_name = kept.chars().any(|c| c.is_ascii_alphanumeric()) && stem != STDIN;
    if is_name { kept } else { "migrated".to_owned() }
}

fn published(kind: &DeclarationType, identifier: String, payload: &impl Serialize) -> Published {
    let text = publish::made(kind, &identifier, payload);
    Published { kind: kind.as_str().to_owned(), identifier, text }
}
