//! A folder of the client: its configuration, and what linting keeps of each of its files.
//!
//! An edit lints its document only. What depends on several declarations is judged again from the kept parts, if the edit
//! can change it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::across::{self, Across, Names, Totals};
use super::document::{Documents, is_large};
use super::linter::{File, Linter, find, read, text};
use crate::apple::LocalDateTime;
use crate::config::{self, Coverage, EffectiveConfig, Entries, FILE_NAME, Flags};
use crate::diagnostic::Diagnostic;
use crate::limits::MAX_FOLDER_FILES;
use crate::lint::Gather;
use crate::set::Together;
use crate::source::{self, ReadError};
use crate::syntax;
use crate::validate::Strictness;

/// Loads the configuration of a folder. The text is that of `ddmc.toml` in the client, if it is open there.
pub(crate) type Load = fn(&Path, Option<&[u8]>) -> Result<EffectiveConfig, Broken>;

/// Why a configuration cannot be used: the findings in its files, or the reason.
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) reason: Option<String>,
}

/// When a file was changed, and its size.
type Stamp = Option<(SystemTime, u64)>;

pub(super) struct Workspace {
    /// The folder; `None` for documents outside of all folders.
    pub(super) root: Option<PathBuf>,
    load: Load,
    config: Result<Linter, Broken>,
    /// What the client is told about files that cannot be read.
    pub(super) failures: Vec<ReadError>,
    /// In the order in which `ddmc check` reads them.
    files: BTreeMap<PathBuf, (Arc<File>, Stamp)>,
    names: Names,
    totals: Totals,
    pub(super) across: Across,
    /// Whether what depends on several declarations may have changed.
    is_stale: bool,
    /// The findings about entries of the configuration.
    entries: Vec<Diagnostic>,
    has_stale_entries: bool,
    /// The files whose diagnostics may have changed.
    changed: BTreeSet<PathBuf>,
    /// The documents that are still to be linted.
    unlinted: BTreeSet<PathBuf>,
}

fn stamp(path: &Path) -> Stamp {
    let found = fs::symlink_metadata(path).ok()?;
    Some((found.modified().ok()?, found.len()))
}

fn now() -> LocalDateTime {
    LocalDateTime::from(chrono::Local::now().naive_local())
}

impl Workspace {
    /// A folder whose files are not read yet.
    pub(super) fn new(root: Option<PathBuf>, load: Load) -> Self {
        Self {
            root,
            load,
            config: Err(Broken { findings: Vec::new(), reason: None }),
            failures: Vec::new(),
            files: BTreeMap::new(),
            names: Names::default(),
            totals: Totals::default(),
            across: Across::default(),
            is_stale: false,
            entries: Vec::new(),
            has_stale_entries: false,
            changed: BTreeSet::new(),
            unlinted: BTreeSet::new(),
        }
    }

    /// The configuration, if it is right.
    pub(super) fn effective(&self) -> Option<&Arc<EffectiveConfig>> {
        self.config.as_ref().ok().map(|linter| &linter.effective)
    }

    pub(super) fn linter(&self) -> Option<&Linter> {
        self.config.as_ref().ok()
    }

    /// Why the configuration cannot be used, if a file is to blame that has no findings.
    pub(super) fn problem(&self) -> Option<&str> {
        self.config.as_ref().err()?.reason.as_deref()
    }

    /// Whether a document belongs to the folder.
    pub(super) fn holds(&self, path: &Path) -> bool {
        self.root.as_ref().is_none_or(|root| path.starts_with(root))
    }

    /// The path of the configuration.
    pub(super) fn config_path(&self) -> Option<PathBuf> {
        Some(self.root.as_ref()?.join(FILE_NAME))
    }

    /// Whether a change of a file changes how others are judged.
    pub(super) fn depends_on(&self, path: &Path) -> bool {
        let is_ignore_file = path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore");
        let names = |effective: &Arc<EffectiveConfig>| {
            let mut policies = effective.policy_sources().into_iter().map(|policy| policy.path);
            let others = [effective.catalog_file().0, effective.schema_folder().0].into_iter().flatten();
            policies.any(|policy| policy == path) || others.into_iter().any(|(other, _)| path.starts_with(other))
        };
        let is_broken = || self.config.as_ref().is_err_and(|broken| broken.reason.is_some() || self.is_blamed(broken, path));
        is_ignore_file || self.config_path().as_deref() == Some(path) || self.effective().is_some_and(names) || is_broken()
    }

    fn is_blamed(&self, broken: &Broken, path: &Path) -> bool {
        broken.findings.iter().any(|finding| self.key(&finding.place.file) == path)
    }

    /// The path of a file that findings name: that of a policy is relative.
    fn key(&self, file: &str) -> PathBuf {
        match &self.root {
            Some(root) => config::absolute(root, Path::new(file)),
            None => PathBuf::from(file),
        }
    }

    /// Loads the configuration and lints all files again.
    pub(super) fn reload(&mut self, documents: &Documents) {
        let own = self.config_path();
        let loaded = match &self.root {
            None => Ok(EffectiveConfig::new(None, Flags::default(), PathBuf::from("/"), now())),
            Some(root) => {
                let text = own.as_ref().and_then(|path| documents.get(path)).map(|document| document.text.as_bytes());
                (self.load)(root, text)
            }
        };
        let hashes = self.linter().map(|linter| linter.hashes.clone()).unwrap_or_default();
        let gather = |effective: &EffectiveConfig| if effective.has_sets() { Gather::Bodies } else { Gather::Contents };
        self.mark_all();
        self.config = loaded.map(|effective| Linter { hashes, gather: gather(&effective), effective: Arc::new(effective) });
        self.forget();
        self.rescan(documents);
        self.mark_all();
    }

    /// Forgets all files.
    fn forget(&mut self) {
        self.files.clear();
        (self.names, self.totals, self.across) = (Names::default(), Totals::default(), Across::default());
        self.entries.clear();
        self.is_stale = true;
        self.has_stale_entries = true;
    }

    /// Says that the diagnostics of every file may have changed.
    fn mark_all(&mut self) {
        let paths: Vec<PathBuf> = self.paths().collect();
        self.changed.extend(paths);
    }

    /// The files that may have diagnostics.
    pub(super) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        let found = self.files.keys().chain(self.across.findings.keys()).cloned();
        let broken = self.config.as_ref().err().map(|broken| &broken.findings);
        let others = self.entries.iter().chain(broken.into_iter().flatten());
        found.chain(others.map(|finding| self.key(&finding.place.file)))
    }

    /// Looks for new, changed and deleted files.
    pub(super) fn rescan(&mut self, documents: &Documents) {
        let Some(linter) = self.linter().cloned() else { return };
        let (found, failures) = match &self.root {
            Some(root) => find(root, linter.effective.exclude(), MAX_FOLDER_FILES),
            None => Default::default(),
        };
        self.failures = failures;
        let gone = self.files.keys().filter(|path| !found.contains(*path) && !documents.contains_key(*path));
        for path in gone.cloned().collect::<Vec<_>>() {
            self.remove(&path);
        }
        for path in found {
            if !documents.contains_key(&path) {
                self.read_file(&path, &linter);
            }
        }
        for (path, document) in documents {
            if self.holds(path) && !self.files.contains_key(path) && document.is_linted() {
                self.unlinted.insert(path.clone());
            }
        }
    }

    /// Lints a file unless it is as it was.
    fn read_file(&mut self, path: &Path, linter: &Linter) {
        let stamp = stamp(path);
        if stamp.is_some() && self.files.get(path).is_some_and(|(_, known)| *known == stamp) {
            return;
        }
        let Some(text) = read(path) else { return self.remove(path) };
        let name = Arc::from(path.to_string_lossy());
        let file = linter.lint(&name, &text, Strictness::Found);
        self.put(path, file, stamp);
    }

    /// Takes a change of a file on disk.
    pub(super) fn file_changed(&mut self, path: &Path, documents: &Documents) {
        let (Some(linter), Some(root)) = (self.linter().cloned(), self.root.clone()) else { return };
        if documents.contains_key(path) {
            return;
        }
        let has_room = self.files.len() < MAX_FOLDER_FILES || self.files.contains_key(path);
        if has_room && source::is_in_workspace(&root, linter.effective.exclude().clone(), path) && stamp(path).is_some() {
            self.read_file(path, &linter);
        } else {
            self.remove(path);
            // A folder takes its files along.
            let below = self.files.range(path.to_owned()..).map(|(file, _)| file).take_while(|file| file.starts_with(path));
            let below: Vec<PathBuf> = below.filter(|file| !documents.contains_key(*file)).cloned().collect();
            for file in below {
                self.remove(&file);
            }
        }
    }

    /// Says that the text of a document has changed.
    pub(super) fn document_changed(&mut self, path: &Path) {
        self.changed.insert(path.to_owned());
        if self.linter().is_some() {
            self.unlinted.insert(path.to_owned());
        }
    }

    /// Says that a document was closed: its file counts again.
    pub(super) fn document_closed(&mut self, path: &Path, documents: &Documents) {
        self.unlinted.remove(path);
        self.remove(path);
        self.file_changed(path, documents);
        self.changed.insert(path.to_owned());
    }

    /// Lints the documents that have changed. Those that are large are left to `delegate`.
    pub(super) fn lint(&mut self, documents: &Documents, mut delegate: impl FnMut(&Path, &Linter)) {
        self.keep_time();
        for path in std::mem::take(&mut self.unlinted) {
            let (Some(linter), Some(document)) = (self.linter(), documents.get(&path)) else { continue };
            if is_large(&document.text) {
                delegate(&path, linter);
            } else {
                let file = linter.lint(&document.name, document.text.as_bytes(), Strictness::Named);
                self.put(&path, file, None);
            }
        }
    }

    /// Judges deadlines by the time of today: a server runs for days.
    fn keep_time(&mut self) {
        if let Ok(linter) = &mut self.config
            && let Some(effective) = Arc::get_mut(&mut linter.effective)
        {
            effective.set_now(now());
        }
    }

    /// Replaces what is known of a file.
    pub(super) fn put(&mut self, path: &Path, file: File, stamp: Stamp) {
        self.changed.insert(path.to_owned());
        let old = self.files.get(path).map(|(file, _)| file.clone());
        self.is_stale |= self.needs_bodies();
        self.is_stale |= old.as_ref().is_some_and(|old| self.names.are_shared(&old.declarations));
        self.names.replace(old.as_ref().map_or(&[][..], |old| &old.declarations), &file.declarations);
        if let Some(old) = &old {
            self.totals.remove(old);
        }
        self.totals.add(&file);
        self.is_stale |= self.names.are_shared(&file.declarations) || self.needs_bodies();
        self.has_stale_entries = true;
        self.files.insert(path.to_owned(), (Arc::new(file), stamp));
    }

    fn remove(&mut self, path: &Path) {
        let Some((old, _)) = self.files.remove(path) else { return };
        self.changed.insert(path.to_owned());
        self.is_stale |= self.names.are_shared(&old.declarations) || self.needs_bodies();
        self.names.replace(&old.declarations, &[]);
        self.totals.remove(&old);
        self.has_stale_entries = true;
    }

    /// Whether the payloads of declarations count for one another.
    fn needs_bodies(&self) -> bool {
        self.totals.need_bodies() || self.effective().is_some_and(|effective| effective.has_sets())
    }

    /// Whether bodies are needed now that were not kept.
    pub(super) fn wants_bodies(&self) -> bool {
        self.linter().is_some_and(|linter| linter.gather < Gather::Bodies) && self.needs_bodies()
    }

    /// Reads all files again for their bodies.
    pub(super) fn gather_bodies(&mut self, documents: &Documents) {
        if let Ok(linter) = &mut self.config {
            linter.gather = Gather::Bodies;
        }
        self.forget();
        self.rescan(documents);
    }

    /// Whether what depends on several declarations is to be judged, and whether that takes long.
    pub(super) fn is_stale(&self) -> (bool, bool) {
        (self.is_stale && self.linter().is_some(), self.names.len() > across::MAX_AT_ONCE)
    }

    /// What judging takes.
    pub(super) fn basis(&mut self) -> Option<(Linter, Vec<Arc<File>>)> {
        self.is_stale = false;
        Some((self.linter()?.clone(), self.files.values().map(|(file, _)| file.clone()).collect()))
    }

    /// Takes the findings that depend on several declarations.
    pub(super) fn take_across(&mut self, across: Across) {
        self.changed.extend(self.across.findings.keys().chain(across.findings.keys()).cloned());
        self.across = across;
        self.has_stale_entries = true;
    }

    /// Judges the entries of the configuration, by all findings.
    pub(super) fn judge_entries(&mut self) {
        if !std::mem::take(&mut self.has_stale_entries) {
            return;
        }
        let (Ok(linter), Some(root)) = (&self.config, &self.root) else { return };
        let Some(own) = linter.effective.config().map(|config| self.key(&config.file)) else { return };
        let mut entries = Entries::new(&linter.effective);
        if entries.is_empty() {
            return;
        }
        for (path, (file, _)) in &self.files {
            entries.mark_seen(&file.name);
            let across = self.across.findings.get(path).into_iter().flatten();
            let mut findings: Vec<Diagnostic> = file.findings.iter().chain(across).cloned().collect();
            let _ = entries.drop_ignored(&file.name, &mut findings);
        }
        let has_sets = linter.effective.has_sets() || self.totals.activations > 0;
        let coverage = Coverage { inputs: std::slice::from_ref(root), together: Together::Activated, has_sets };
        self.entries = entries.unused(&coverage);
        self.changed.insert(own);
    }

    /// Takes the files whose diagnostics may have changed.
    pub(super) fn take_changed(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.changed)
    }

    /// What `ddmc check` reports in a file.
    pub(super) fn findings(&self, path: &Path) -> Vec<Diagnostic> {
        let linter = match &self.config {
            Ok(linter) => linter,
            Err(broken) => {
                let own = |finding: &&Diagnostic| self.key(&finding.place.file) == path;
                return broken.findings.iter().filter(own).cloned().collect();
            }
        };
        let file = self.files.get(path).map(|(file, _)| file);
        let across = self.across.findings.get(path).into_iter().flatten();
        let entries = self.entries.iter().filter(|finding| self.key(&finding.place.file) == path);
        let own = file.into_iter().flat_map(|file| &file.findings);
        let mut findings: Vec<Diagnostic> = own.chain(across).chain(entries).cloned().collect();
        linter.filter(&path.to_string_lossy(), &mut findings);
        findings.sort_by_key(|finding| finding.place.start.offset);
        findings
    }

    /// The file at a path.
    pub(super) fn file(&self, path: &Path) -> Option<&Arc<File>> {
        self.files.get(path).map(|(file, _)| file)
    }

    /// All files with their paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (&PathBuf, &Arc<File>)> {
        self.files.iter().map(|(path, (file, _))| (path, file))
    }

    /// The decoded text of a file of the folder or of a document.
    pub(super) fn text(&self, documents: &Documents, path: &Path) -> Option<String> {
        let text = text(self.root.as_deref(), documents, path)?;
        Some(String::from_utf8_lossy(&syntax::decoded(&text).0).into_owned())
    }
}

/// The findings of a `ddmc.toml` that is not the configuration of a folder.
pub(super) fn configuration(name: &Arc<str>, text: &str) -> Vec<Diagnostic> {
    config::read(name, PathBuf::from("/"), text.as_bytes()).err().unwrap_or_default()
}
