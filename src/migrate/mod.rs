//! Migrates commands and profiles to declarations.
//!
//! This module does no I/O. It takes documents and returns declarations, with an [`Entry`] for every legacy key that
//! says what became of it. No key is dropped silently.

mod command;
mod findings;
mod profile;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::apple::{
    ACTIVATION, Channel, ENFORCEMENT, Family, KeyPath, SCHEDULE_OS_UPDATE, SETTINGS, SETTINGS_COMMAND, Schema, TypeId, Value,
    activation, enforcement,
};
use crate::apple::{Identifier, LocalDateTime, MOST_OCTETS, OsVersion, Platform, Target};
use crate::catalog::Catalog;
use crate::conditions::Conditions;
use crate::locate;
use crate::merge::{Active, Published};
use crate::secrets::Secrets;
use crate::set::{Tally, publish};
use crate::source::STDIN;
use crate::syntax::{self, Grammar, Node, escaped};
use crate::validate::rules::{duplicate_key, unknown_key};
use crate::validate::{self, Legacy, Part, Reading, Stranger, Strictness, Validator};
use crate::words::{MASK, count, is_unsafe};
use findings::Findings;
pub(crate) use profile::column;

/// Options of a migration.
#[derive(Debug, Default)]
pub(crate) struct Options {
    /// The deadline of enforcements. Commands have none.
    pub(crate) deadline: Option<LocalDateTime>,
    /// The prefix of all identifiers.
    pub(crate) prefix: Option<Identifier>,
    /// The releases that Apple offers, to look up the version of a product key.
    pub(crate) catalog: Option<Arc<Catalog>>,
    /// Whether to make the activations that make the declarations act.
    pub(crate) activates: bool,
}

/// What became of a key of a legacy document.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The name of the file.
    pub(crate) file: Arc<str>,
    /// The JSON pointer of the key.
    pub(crate) pointer: String,
    /// The key, with the index of its update: `Updates[0].ProductVersion`.
    pub(crate) key: String,
    /// The value, without secrets; `None` if it could not be read.
    pub(crate) value: Option<Value>,
    pub(crate) outcome: Outcome,
    /// The exceptions for some platforms, if the key is carried over for others.
    pub(crate) except: Vec<String>,
}

/// What became of a key. The text is the reason.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The value is in these declarations.
    Carried(Vec<Carried>),
    /// The key had no effect.
    Inactive(String),
    /// Declarations have no equivalent.
    NoEquivalent(String),
    /// Declarations have an equivalent, but no target device supports it.
    Unsupported(String),
    /// Declarations have an equivalent, but the value could not be carried over.
    Failed(String),
}

/// A value in a declaration.
#[derive(Debug, Clone)]
pub(crate) struct Carried {
    /// The declaration.
    pub(crate) home: Home,
    /// The path of the key within the payload.
    pub(crate) path: KeyPath,
    pub(crate) value: Value,
    /// How the behaviour differs, if it does.
    pub(crate) note: Option<String>,
}

/// A declaration to make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Home {
    /// The settings for a platform.
    Settings(Platform),
    /// The enforcement of a version.
    Enforcement(OsVersion),
}

/// The result of a migration.
#[derive(Debug)]
pub(crate) struct Migrated {
    pub(crate) declarations: Vec<Published>,
    /// The identifier of each declaration.
    names: BTreeMap<Home, String>,
    pub(crate) entries: Vec<Entry>,
    /// Remarks about whole files.
    pub(crate) remarks: Vec<(Arc<str>, String)>,
    /// The target devices of the declarations.
    pub(crate) targets: Vec<Target>,
}

impl Migrated {
    /// The identifier of a declaration.
    pub(crate) fn name(&self, home: &Home) -> &str {
        self.names.get(home).map_or("", String::as_str)
    }

    /// Whether a declaration is for these devices. Settings are made per platform.
    pub(crate) fn is_meant_for(&self, identifier: &str, target: &Target) -> bool {
        let home = self.names.iter().find(|(_, name)| *name == identifier).map(|(home, _)| home);
        match home {
            Some(Home::Settings(platform)) => profile::column(target.platform) == *platform,
            _ => true,
        }
    }
}

impl Home {
    /// The suffix of its identifier.
    fn suffix(&self) -> String {
        match self {
            Self::Settings(platform) => format!("settings.{}", platform.name().to_lowercase()),
            Self::Enforcement(version) => format!("enforcement.{version}"),
        }
    }
}

/// Collects documents and makes declarations from them.
pub(crate) struct Migration<'o> {
    schema: &'o Schema,
    options: &'o Options,
    entries: Vec<Entry>,
    /// The settings of each payload, by platform, in the order of the input.
    settings: BTreeMap<Platform, Vec<Value>>,
    /// The versions to enforce, and their deadlines.
    enforcements: BTreeMap<OsVersion, LocalDateTime>,
    /// Candidates for the identifier prefix. The flag is true for commands, which come after profiles.
    bases: Vec<(bool, String)>,
    remarks: Vec<(Arc<str>, String)>,
    targets: Vec<Target>,
}

/// A document and its origin.
struct Source<'s, 'd> {
    file: &'s Arc<str>,
    /// The file name without its folder and extension.
    stem: &'s str,
    reading: &'s Reading<'d>,
    legacy: &'s Legacy<'d>,
    /// The identifier of a profile.
    identifier: Option<&'s str>,
    conditions: &'s Conditions,
    findings: Findings,
    secrets: Secrets,
    /// The keys of managed preferences that users cannot change, if there are others.
    forced: HashSet<(TypeId, String)>,
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

    /// Reads the documents of a file. Returns the number of update commands and of profiles with update settings.
    pub(crate) fn read(&mut self, file: &Arc<str>, bytes: &[u8], conditions: &Conditions) -> usize {
        let stem = Path::new(&**file).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        for target in &conditions.targets {
            if !self.targets.contains(target) {
                self.targets.push(target.clone());
            }
        }
        let (mut documents, mut others) = (0, 0);
        let (bytes, _) = &syntax::decoded(bytes);
        let grammar = Grammar::of_file(file);
        for span in locate::documents(file, bytes) {
            let mut buffers = syntax::Buffers::default();
            let parsed = syntax::parse_as(grammar, &bytes[span], &mut buffers);
            let root = parsed.document.as_ref().map(syntax::Document::root);
            let Some(root) = root else { continue };
            let mut validator = Validator::new(self.schema, &conditions.placeholders);
            let reading = validate::read(root, Strictness::Named, &mut validator).map(Reading::without_meant);
            if parsed.mistakes().next().is_some() {
                others += usize::from(reading.is_some_and(|reading| reading.legacy.is_none()));
                continue;
            }
            let doubts = parsed.doubts().map(|doubt| {
                let help = doubt.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
                format!("{}{help}", doubt.message)
            });
            let doubts: Vec<String> = doubts.collect();
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
            let secrets = Secrets::of(root, None);
            let findings = Findings::new(validator.diagnostics, reading);
            let identifier = identifier.as_deref();
            let forced = forced(legacy);
            self.add(&Source { file, stem: &stem, reading, legacy, identifier, conditions, findings, secrets, forced });
            self.remarks.extend(doubts.into_iter().map(|doubt| (file.clone(), doubt)));
            documents += 1;
        }
        if documents > 0 && others > 0 {
            let skipped = count(others, "other document");
            self.remarks.push((file.clone(), format!("skipped {skipped}: not update commands or profiles with update settings")));
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
                Family::Command => match (&*kind.name, source.reading.is_head(part)) {
                    (SCHEDULE_OS_UPDATE | SETTINGS_COMMAND, true) => {}
                    (_, true) => self.query(source, part),
                    (SETTINGS_COMMAND, false) => self.payload(source, part, &platforms),
                    (_, false) => self.update(source, part),
                },
                _ => {}
            }
        }
        self.remaining_findings(source, before);
        for entry in &mut self.entries[before..] {
            entry.pointer = source.secrets.pointer(std::mem::take(&mut entry.pointer));
        }
        let is_carried = |entry: &Entry| matches!(entry.outcome, Outcome::Carried(_));
        if self.entries[before..].iter().any(is_carried) {
            let own = source.identifier.filter(|identifier| identifier.parse::<Identifier>().is_ok());
            let is_command = self.schema.kind(source.legacy.kind).family.is_command();
            self.bases.push((is_command, own.map_or_else(|| plain(source.stem), str::to_owned)));
        }
    }

    /// Records a payload that devices do not accept.
    fn stranger(&mut self, source: &Source<'_, '_>, stranger: &Stranger<'_>) {
        let why = if stranger.is_declaration {
            "it is already a declaration, which a profile cannot contain; publish it separately"
        } else {
            "Apple documents no such payload, so devices ignore it"
        };
        for (key, node) in stranger.node.members() {
            let Some(name) = key.as_str() else { continue };
            if name == "PayloadType" || !name.starts_with("Payload") {
                let value = if name == "PayloadType" { profile::simple(node, self.schema) } else { None };
                let pointer = format!("{}/{}", stranger.pointer, escaped(&name));
                self.note(source, pointer, &name, value, Outcome::NoEquivalent(why.to_owned()));
            }
        }
    }

    /// Adds entries for the findings about places that have no entry yet.
    fn remaining_findings(&mut self, source: &Source<'_, '_>, before: usize) {
        let reported: HashSet<String> = self.entries[before..].iter().map(|entry| entry.pointer.clone()).collect();
        for finding in &source.findings.all {
            let pointer = &finding.place;
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let inside = format!("{pointer}/");
            // The other keys of an update report that one of its keys is missing.
            if name.starts_with("Payload") || reported.contains(pointer) || reported.iter().any(|one| one.starts_with(&inside)) {
                continue;
            }
            let shown = source.secrets.pointer(pointer.clone());
            let name = if pointer.is_empty() { "the document" } else { shown.trim_start_matches('/') };
            let is_unknown = finding.rule.id == unknown_key::RULE.id;
            let outcome = if is_unknown { Outcome::Inactive } else { Outcome::Failed };
            self.note(source, pointer.clone(), &name.replace('/', "."), None, outcome(finding.message.clone()));
        }
    }

    /// Returns the declarations, sorted by type, then identifier.
    pub(crate) fn finish(mut self) -> Migrated {
        let combined: BTreeMap<Platform, Value> =
            self.settings.iter().map(|(platform, all)| (*platform, combine(self.schema, all))).collect();
        self.compare(&combined);
        let base = self.options.prefix.as_ref().map(|prefix| prefix.as_str().trim_end_matches('.').to_owned());
        let base = base.or_else(|| self.bases.iter().min().map(|(_, base)| base.clone())).unwrap_or_default();
        let settings = combined.iter().map(|(platform, settings)| (Home::Settings(*platform), SETTINGS, settings.clone()));
        let enforcements = self.enforcements.iter().map(|(version, deadline)| {
            let mut payload = Value::EMPTY;
            payload.set(enforcement::TARGET_OS_VERSION, Value::string(version.to_string()));
            payload.set(enforcement::TARGET_LOCAL_DATE_TIME, Value::string(deadline.to_string()));
            (Home::Enforcement(version.clone()), ENFORCEMENT, payload)
        });
        let made: Vec<(Home, &str, Value)> = settings.chain(enforcements).collect();
        let suffixes = |home: &Home| {
            let suffix = home.suffix();
            let activation = self.options.activates.then(|| format!("activation.{suffix}"));
            (suffix, activation)
        };
        // One beginning for all identifiers: what is too long for the longest of them is cut off.
        let lengths = made.iter().map(|(home, ..)| suffixes(home)).map(|(suffix, activation)| activation.unwrap_or(suffix).len());
        let longest = MOST_OCTETS.saturating_sub(lengths.max().unwrap_or_default() + 1);
        let base = base[..base.floor_char_boundary(longest)].trim_end_matches('.');
        let (mut names, mut declarations) = (BTreeMap::new(), Vec::new());
        for (home, kind, payload) in made {
            let (suffix, activation) = suffixes(&home);
            let name = format!("{base}.{suffix}");
            if let Some(activation) = activation {
                let mut payload = Value::EMPTY;
                payload.set(activation::STANDARD_CONFIGURATIONS, Value::Array(vec![Value::string(name.clone())]));
                declarations.push(published(ACTIVATION, format!("{base}.{activation}"), &payload));
            }
            declarations.push(published(kind, name.clone(), &payload));
            names.insert(home, name);
        }
        declarations.sort_by(|one, other| (&one.kind, &one.identifier).cmp(&(&other.kind, &other.identifier)));
        Migrated { declarations, names, entries: self.entries, remarks: self.remarks, targets: self.targets }
    }

    /// Adds a note to each value that another document overrules.
    fn compare(&mut self, combined: &BTreeMap<Platform, Value>) {
        for entry in &mut self.entries {
            let Outcome::Carried(all) = &mut entry.outcome else { continue };
            for carried in all {
                let Home::Settings(platform) = &carried.home else { continue };
                let effective = combined.get(platform).and_then(|settings| settings.at(carried.path));
                if let Some(effective) = effective.filter(|effective| **effective != carried.value) {
                    carried.note = Some(format!("combined with another document; {} applies", plain_value(effective)));
                }
            }
        }
    }

    fn note(&mut self, source: &Source<'_, '_>, pointer: String, key: &str, value: Option<Value>, outcome: Outcome) {
        // Apple does not say which of two duplicate keys a device uses.
        let twice = source.findings.at(&pointer, &duplicate_key::RULE);
        let outcome = twice.map_or(outcome, |message| Outcome::Failed(message.to_owned()));
        let key = if source.secrets.hides_key(key) { MASK } else { key };
        self.entries.push(Entry { file: source.file.clone(), pointer, key: key.to_owned(), value, outcome, except: Vec::new() });
    }
}

/// The keys that managed preferences force. Empty if there are none that users can change.
fn forced(legacy: &Legacy<'_>) -> HashSet<(TypeId, String)> {
    if !legacy.parts.iter().any(|part| part.is_once) {
        return HashSet::new();
    }
    let forced = legacy.parts.iter().filter(|part| part.named.is_some() && !part.is_once);
    let keys = |part: &Part<'_>| part.node.members().filter_map(|(key, _)| Some(key.as_str()?.into_owned())).collect::<Vec<_>>();
    forced.flat_map(|part| keys(part).into_iter().map(|key| (part.kind, key))).collect()
}

/// A value as messages show it: strings without quotes.
pub(crate) fn plain_value(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json().to_string(), str::to_owned)
}

/// Combines payloads of settings as a device does.
fn combine(schema: &Schema, payloads: &[Value]) -> Value {
    let Some(kind) = schema.find(SETTINGS) else { return Value::EMPTY };
    let mut tally = Tally::default();
    for (who, payload) in payloads.iter().enumerate() {
        tally.add(schema, kind, payload, who);
    }
    tally.combine(schema).0
}

/// Turns a file name into the start of an identifier.
fn plain(stem: &str) -> String {
    let kept: String =
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || ['-', '.', '_'].contains(&c) { c } else { '-' }).collect();
    let is_name = kept.chars().any(|c| c.is_ascii_alphanumeric()) && stem != STDIN;
    if is_name { kept } else { "migrated".to_owned() }
}

fn published(kind: &str, identifier: String, payload: &Value) -> Published {
    let text = publish::made(kind, &identifier, None, payload).write();
    Published { kind: kind.to_owned(), identifier, channel: Channel::Device, server_token: None, text, active: Active::Always }
}
