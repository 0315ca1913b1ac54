//! `ddmc init`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, LazyLock};

use clap::Args;
use regex::Regex;

use super::terminal::remark;
use super::{Status, configure, write};
use crate::apple::{Platform, Schema};
use crate::config::{FILE_NAME, Found, starter};
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::locate;
use crate::secrets::Secrets;
use crate::set::Activations;
use crate::source;
use crate::syntax::{self, Buffers, Grammar, Kind, Node, Placeholders, lists_set};
use crate::validate::{self, Strictness, Validator};
use crate::words::{count, list, visible};

/// Write a ddmc.toml for this folder, with what its files tell
#[derive(Debug, Args)]
#[command(after_help = "It looks at the declarations of the current folder, the names of their folders (macos, ios, …), their
placeholders, and the files of the MDM server (Fleet, KMFDDM, Jamf, …). Everything
else is in comments. A ddmc.toml that is there already is not touched.

Exit status: 0 written, 2 not written.")]
pub(super) struct Arguments {}

/// More files and folders than these are not looked at.
const MAX_ENTRIES: usize = 100_000;

/// More documents than these are not read.
const MAX_READ: usize = 20_000;

/// The names of folders that hold the declarations of a platform.
const FOLDERS: [(&str, Platform); 15] = [
    ("macos", Platform::MacOs),
    ("mac", Platform::MacOs),
    ("macs", Platform::MacOs),
    ("osx", Platform::MacOs),
    ("ios", Platform::Ios),
    ("iphone", Platform::Ios),
    ("iphones", Platform::Ios),
    ("ipados", Platform::IpadOs),
    ("ipad", Platform::IpadOs),
    ("ipads", Platform::IpadOs),
    ("tvos", Platform::TvOs),
    ("appletv", Platform::TvOs),
    ("apple-tv", Platform::TvOs),
    ("visionos", Platform::VisionOs),
    ("watchos", Platform::WatchOs),
];

/// Placeholders that are not known without configuration: what their texts hold, and their patterns.
const PLACEHOLDERS: [(&str, &str); 5] = [
    ("@@", "@@[A-Za-z0-9_.:-]+@@"),
    ("__", "__[A-Z][A-Z0-9_]*__"),
    ("<<", "<<[^<>]+>>"),
    ("[[", r"\[\[[^\[\]]+\]\]"),
    ("<%", "<%[^%]+%>"),
];

/// An MDM server, and who activates configurations with it.
struct Server {
    name: &'static str,
    activations: Activations,
    /// Whether a file or folder is one of the server's.
    has: fn(&Path, &str) -> bool,
}

static SERVERS: [Server; 5] = [
    Server { name: "Fleet", activations: Activations::Server, has: is_fleet },
    Server { name: "Jamf", activations: Activations::Server, has: |_, name| name.contains("jamf") },
    Server { name: "SimpleMDM", activations: Activations::Server, has: |_, name| name.contains("simplemdm") },
    Server { name: "Zentral", activations: Activations::Server, has: |_, name| name.contains("zentral") },
    Server { name: "KMFDDM", activations: Activations::Declared, has: |path, _| lists_set(path) },
];

/// Whether this is the main file of a GitOps repository: the teams are beside it.
fn is_fleet(path: &Path, name: &str) -> bool {
    ["default.yml", "default.yaml"].contains(&name) && ["teams", "fleets"].iter().any(|teams| path.with_file_name(teams).is_dir())
}

pub(super) fn run(_: &Arguments) -> Status {
    match configure::existing() {
        Ok(None) => {}
        Ok(Some(name)) => {
            remark(&format!(
                "ddmc: {name} is there already, and was not changed; `ddmc check --print-config` shows what it says"
            ));
            return Status::Failure;
        }
        Err(error) => {
            remark(&format!("ddmc: cannot determine the current folder: {error}"));
            return Status::Failure;
        }
    }
    let survey = Survey::of(Path::new("."));
    let found = survey.found();
    let written = write::file(Path::new(FILE_NAME), |out| out.write_all(starter::text(&found).as_bytes()));
    if let Err(error) = written {
        remark(&format!("ddmc: cannot write {FILE_NAME}: {error}"));
        return Status::Failure;
    }
    super::finish(survey.print(&found, &mut io::stdout().lock()))
}

/// What was seen in a folder.
#[derive(Default)]
struct Survey {
    declarations: usize,
    legacy: usize,
    /// The files with declarations or legacy documents.
    files: usize,
    /// The first file or folder of each server, by its place in [`SERVERS`].
    servers: BTreeMap<usize, String>,
    /// The first placeholder of each pattern, by its place in [`PLACEHOLDERS`].
    placeholders: BTreeMap<usize, String>,
    /// The folders of platforms, by depth, each with the folders of its declarations.
    folders: BTreeMap<(usize, Platform), BTreeMap<String, BTreeSet<String>>>,
    /// The folders of other documents, which a `[[files]]` entry must not name.
    others: BTreeSet<PathBuf>,
    /// Whether there is more than was looked at.
    is_cut_off: bool,
}

impl Survey {
    fn of(folder: &Path) -> Self {
        let mut survey = Self::default();
        let mut read = 0;
        for (at, (path, is_document)) in source::entries(folder).enumerate() {
            if at >= MAX_ENTRIES || read >= MAX_READ {
                survey.is_cut_off = true;
                break;
            }
            let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
            if let Some(server) = SERVERS.iter().position(|server| (server.has)(&path, &name)) {
                survey.servers.entry(server).or_insert_with(|| path.to_string_lossy().into_owned());
            }
            if is_document {
                read += 1;
                survey.document(&path);
            }
        }
        survey
    }

    /// Reads the documents of a file.
    fn document(&mut self, path: &Path) {
        let Ok(bytes) = source::read_small(path, MAX_DOCUMENT_BYTES) else { return };
        if bytes.len() > MAX_DOCUMENT_BYTES {
            return;
        }
        let (schema, placeholders, mut buffers) = (Schema::built_in(), Placeholders::default(), Buffers::default());
        let file: Arc<str> = Arc::from(path.to_string_lossy());
        let before = self.declarations + self.legacy;
        let (bytes, _) = syntax::decoded(&bytes);
        for span in locate::documents(&file, &bytes) {
            let parsed = syntax::parse_as(Grammar::of_file(&file), &bytes[span], &mut buffers);
            // A broken document may take a secret for another value.
            let is_right = parsed.mistakes().next().is_none();
            let Some(root) = parsed.document.as_ref().map(syntax::Document::root).filter(|_| is_right) else { continue };
            let wrapped = validate::wrapped(root).len();
            if wrapped > 0 {
                self.declarations += wrapped;
                self.strings(root);
                continue;
            }
            let mut validator = Validator::new(schema, &placeholders);
            let Some(reading) = validate::read(root, Strictness::Found, &mut validator) else { continue };
            *(if reading.legacy.is_some() { &mut self.legacy } else { &mut self.declarations }) += 1;
            self.strings(root);
        }
        if self.declarations + self.legacy > before {
            self.files += 1;
            self.platform(path);
        } else {
            self.others.extend(path.parent().map(Path::to_path_buf));
        }
    }

    /// Looks for placeholders in the strings of a document.
    fn strings(&mut self, root: Node<'_>) {
        static PATTERNS: LazyLock<Vec<Option<Regex>>> =
            LazyLock::new(|| PLACEHOLDERS.iter().map(|(_, pattern)| Placeholders::pattern(pattern).ok()).collect());
        let known = Placeholders::default();
        let secrets = Secrets::of(root, None);
        for node in (0..root.len()).map(|at| root.at(at)).filter(|node| node.kind() == Kind::String && !secrets.hides(*node)) {
            let Some(text) = node.as_str() else { continue };
            for (at, (mark, _)) in PLACEHOLDERS.iter().enumerate() {
                if self.placeholders.contains_key(&at) || !text.contains(mark) || known.are_in(&text) {
                    continue;
                }
                let found = PATTERNS[at].as_ref().and_then(|pattern| pattern.find(&text));
                if let Some(found) = found.filter(|found| found.len() <= MAX_EXAMPLE) {
                    self.placeholders.insert(at, found.as_str().to_owned());
                }
            }
        }
    }

    /// Notes the innermost folder of a file that names a platform.
    fn platform(&mut self, path: &Path) {
        let steps: Option<Vec<&str>> = path
            .parent()
            .into_iter()
            .flat_map(Path::components)
            .map(|step| if let Component::Normal(step) = step { step.to_str() } else { None })
            .collect();
        let Some(steps) = steps else { return };
        let platform =
            |step: &str| FOLDERS.iter().find(|(name, _)| name.eq_ignore_ascii_case(step)).map(|(_, platform)| *platform);
        let Some((depth, platform)) = steps.iter().enumerate().rev().find_map(|(at, step)| Some((at + 1, platform(step)?)))
        else {
            return;
        };
        let (folder, home) = (steps[..depth].join("/"), steps.join("/"));
        // Other characters have a meaning in patterns or in TOML.
        if home.chars().all(|character| character.is_alphanumeric() || " ._-/@+()&,'".contains(character)) {
            self.folders.entry((depth, platform)).or_default().entry(folder).or_default().insert(home);
        }
    }

    fn found(&self) -> Found {
        let names: Vec<&str> = self.servers.keys().map(|server| SERVERS[*server].name).collect();
        let activations = match self.servers.iter().next() {
            Some((server, example)) if self.servers.len() == 1 => {
                let Server { name, activations, .. } = &SERVERS[*server];
                Some((*activations, format!("files of {name}: {example}")))
            }
            _ if names.len() > 1 && self.servers.keys().all(|server| SERVERS[*server].activations == Activations::Server) => {
                Some((Activations::Server, format!("files of {}", list(&names, "and"))))
            }
            _ => None,
        };
        let placeholders = self.placeholders.iter().map(|(at, example)| (PLACEHOLDERS[*at].1, example.clone())).collect();
        // Paths compare by their steps, so what is in a folder follows it.
        let is_other =
            |folder: &str| self.others.range(PathBuf::from(folder)..).next().is_some_and(|other| other.starts_with(folder));
        let patterns = |(folder, homes): (&String, &BTreeSet<String>)| -> Vec<String> {
            if is_other(folder) { homes.iter().cloned().collect() } else { vec![folder.clone()] }
        };
        let folders = self.folders.iter();
        let folders = folders.map(|((_, platform), folders)| (*platform, folders.iter().flat_map(patterns).collect())).collect();
        Found { activations, placeholders, folders }
    }

    /// Says what was found and what to do next.
    fn print(&self, found: &Found, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Wrote {FILE_NAME}")?;
        let [declarations, legacy, files] =
            [(self.declarations, "declaration"), (self.legacy, "legacy document"), (self.files, "file")]
                .map(|(number, noun)| count(number, noun));
        writeln!(out, "  - found {declarations} and {legacy} in {files}")?;
        match &found.activations {
            Some((activations, reason)) => writeln!(out, "  - activations = \"{activations}\": {}", visible(reason))?,
            None if self.servers.len() > 1 => {
                let names: Vec<&str> = self.servers.keys().map(|server| SERVERS[*server].name).collect();
                writeln!(
                    out,
                    "  - activations depends on the server, and there are files of {}: set it yourself",
                    list(&names, "and")
                )?;
            }
            None => {}
        }
        for (pattern, example) in &found.placeholders {
            writeln!(out, "  - placeholders like {}: {pattern}", visible(example))?;
        }
        for (platform, folders) in &found.folders {
            let folders: Vec<String> = folders.iter().map(|folder| visible(folder)).collect();
            writeln!(out, "  - targets of {}: {platform}", list(&folders.iter().map(String::as_str).collect::<Vec<_>>(), "and"))?;
        }
        if self.is_cut_off {
            writeln!(out, "  - there are more files than it looks at: complete it yourself")?;
        }
        writeln!(out, "Next: read it, then run `ddmc check`; `ddmc check --print-config` shows what applies")
    }
}

/// The longest placeholder that is shown as an example, in bytes. Other texts may be secrets.
const MAX_EXAMPLE: usize = 40;
