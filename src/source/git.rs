//! The files of a revision, read from the git repository of the current folder with the machine's `git`.
//!
//! Nothing is checked out, fetched or written, and neither hooks nor filters run: `git ls-tree` lists the files, and
//! `git cat-file` reads their contents. Links and submodules are skipped.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::ignores::{Files, Ignores};
use super::{ReadError, describe, has_known_extension};
use crate::config::Exclude;
use crate::limits::{MAX_IGNORE_BYTES, MAX_TREE_FILES};
use crate::words::visible;

/// What a name of a revision begins with.
const SCHEME: &str = "git:";

/// The longest record of `git ls-tree`: a mode, a type, a hash and a path.
const MAX_RECORD: u64 = 1 << 16;

/// The files of a revision.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The top of the working tree; the current folder in a bare clone.
    top: PathBuf,
    /// The path of the current folder from the top.
    prefix: PathBuf,
    /// The folder or file of the revision that was named, and whether it is a file.
    root: PathBuf,
    is_file: bool,
    /// The files to read, in the order of a walk.
    files: Vec<Entry>,
    /// The contents by the names of files.
    by_name: HashMap<Arc<str>, Hash>,
    /// The files that could not be read while the tree was searched.
    failures: Vec<ReadError>,
    contents: Contents,
}

/// A file of a revision. Its path is absolute, as if the top were the root of the file system.
#[derive(Debug, Clone)]
struct Entry {
    path: PathBuf,
    content: Hash,
}

/// The hash of a content, in hexadecimal digits.
type Hash = Arc<str>;

/// A named revision: `git:REVISION[:PATH]`.
#[derive(Debug, PartialEq, Eq)]
struct Name<'n> {
    revision: &'n str,
    path: Option<&'n str>,
}

impl<'n> Name<'n> {
    /// Splits a name at the first colon that is not in braces: `main@{2026-01-01 10:00}:macos`.
    fn parse(text: &'n str) -> Result<Self, String> {
        let text = text.strip_prefix(SCHEME).unwrap_or(text);
        let mut depth = 0_usize;
        let colon = text.bytes().position(|byte| {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            byte == b':' && depth == 0
        });
        let (revision, path) = colon.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
        match revision {
            "" => Err("names no revision; write git:REVISION or git:REVISION:PATH, such as git:main".to_owned()),
            _ if revision.starts_with('-') => Err("names a revision that begins with -, which git takes as an option".to_owned()),
            _ if revision.contains('\0') || path.is_some_and(|path| path.contains('\0')) => {
                Err("contains a null character".to_owned())
            }
            _ => Ok(Self { revision, path }),
        }
    }
}

/// Whether an argument names a revision rather than a file or folder.
pub(crate) fn is_revision(argument: &Path) -> bool {
    argument.as_os_str().as_encoded_bytes().starts_with(SCHEME.as_bytes())
}

impl Tree {
    /// Finds the files of `git:REVISION[:PATH]` as a walk of that folder would. `PATH` begins at the top of the
    /// repository, or with `./` in the current folder; without it, the revision of the current folder is read.
    pub(crate) fn open(name: &str, here: &Path, exclude: &Arc<Exclude>) -> Result<Self, String> {
        let Name { revision, path } = Name::parse(name)?;
        let prefix = text(git(here).args(["rev-parse", "--show-prefix"]))?
            .map_err(|reason| format!("cannot be read: {}", visible(&reason)))?;
        let prefix = PathBuf::from(prefix.trim_end_matches('\n'));
        let top = here.ancestors().nth(prefix.components().count()).unwrap_or(here).to_owned();
        let unknown = || format!("\"{}\" is not a revision of this repository", visible(revision));
        let object = format!("{revision}^{{tree}}");
        let tree = text(git(here).args(["rev-parse", "--verify", "--quiet", "--end-of-options", &object]))?;
        let tree = tree.map_err(|_| unknown())?.trim_end().to_owned();
        // What excludes a revision, such as ^main, is not one.
        if tree.is_empty() || !tree.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(unknown());
        }
        let root = resolve(&prefix, path).ok_or_else(|| "leads out of the repository".to_owned())?;
        let mut listing = Listing { root: &root, found: None, files: Vec::new(), ignores: HashMap::new() };
        listing.read(here, &tree)?;
        let Listing { found, mut files, ignores, .. } = listing;
        let shown = || visible(&root.strip_prefix("/").unwrap_or(&root).to_string_lossy());
        let is_file = match found {
            _ if root == Path::new("/") => false,
            None => return Err(format!("has no file or folder \"{}\"", shown())),
            Some(Found::Folder) => false,
            Some(Found::File) => true,
            Some(Found::Other) => return Err(format!("\"{}\" is a link or a submodule, which is not read", shown())),
        };
        files.sort_by(|one, other| one.path.cmp(&other.path));
        let contents = Contents { here: here.to_owned(), batch: Arc::default() };
        let mut found =
            Self { top, prefix, root, is_file, files, by_name: HashMap::new(), failures: Vec::new(), contents: contents.clone() };
        if !is_file {
            found.drop_ignored(IgnoreFiles { ignores, contents }, exclude);
        }
        let names = found.files.iter().map(|file| (found.name(&file.path), file.content.clone()));
        found.by_name = names.collect();
        Ok(found)
    }

    /// Drops the files that ignore files hide, or that patterns exclude.
    fn drop_ignored(&mut self, files: IgnoreFiles, exclude: &Arc<Exclude>) {
        let above: Vec<PathBuf> = self.root.ancestors().skip(1).map(Path::to_path_buf).collect();
        let mut ignores = Ignores::with(Box::new(files), self.root.clone(), self.root.clone(), above.into_iter().rev());
        let is_excluded = exclude.clone().excludes_below(Path::new(&*self.name(&self.root)));
        // The folders above a file, below the root, with whether they are dropped.
        let mut folders: Vec<(PathBuf, bool)> = Vec::new();
        let all = std::mem::take(&mut self.files);
        for file in all {
            while folders.last().is_some_and(|(folder, _)| !file.path.starts_with(folder)) {
                folders.pop();
            }
            let known = folders.last().map_or(&self.root, |(folder, _)| folder);
            let between = file.path.ancestors().skip(1).take_while(|folder| *folder != known.as_path());
            let mut between: Vec<PathBuf> = between.map(Path::to_path_buf).collect();
            while let Some(folder) = between.pop() {
                let is_dropped = folders.last().is_some_and(|(_, is_dropped)| *is_dropped)
                    || ignores.excludes(&folder, true)
                    || is_excluded(Path::new(&*self.name(&folder)));
                folders.push((folder, is_dropped));
            }
            let is_dropped = folders.last().is_some_and(|(_, is_dropped)| *is_dropped)
                || ignores.excludes(&file.path, false)
                || is_excluded(Path::new(&*self.name(&file.path)));
            if !is_dropped {
                self.files.push(file);
            }
        }
        let failures = ignores.failures.into_iter();
        self.failures = failures.map(|error| ReadError { file: self.name(Path::new(&*error.file)), ..error }).collect();
    }

    /// The name of a file or folder: its path from the current folder.
    fn name(&self, path: &Path) -> Arc<str> {
        let inside: Vec<Component<'_>> = path.components().filter(|step| matches!(step, Component::Normal(_))).collect();
        let here: Vec<Component<'_>> = self.prefix.components().collect();
        let common = inside.iter().zip(&here).take_while(|(one, other)| one == other).count();
        let up = std::iter::repeat_n(Component::ParentDir, here.len() - common);
        let name: PathBuf = up.chain(inside[common..].iter().copied()).collect();
        let name = if name.as_os_str().is_empty() { Path::new(".") } else { &name };
        super::name(name)
    }

    /// The files to read, with their names and contents, and what could not be read.
    pub(super) fn files(self: &Arc<Self>) -> impl Iterator<Item = File> + use<> {
        let failures: Vec<File> = self.failures.iter().cloned().map(Err).collect();
        let tree = self.clone();
        let files = (0..self.files.len()).map(move |at| {
            let Entry { path, content } = &tree.files[at];
            Ok((tree.name(path), Blob { content: content.clone(), contents: tree.contents.clone() }))
        });
        failures.into_iter().chain(files)
    }

    /// Whether a file, rather than a folder, was named.
    pub(crate) fn is_file(&self) -> bool {
        self.is_file
    }

    /// The folder or file that was named, from the current folder.
    pub(crate) fn root(&self) -> Arc<str> {
        self.name(&self.root)
    }

    /// The text of a file.
    pub(crate) fn text(&self, name: &str) -> Option<Vec<u8>> {
        let content = self.by_name.get(name)?;
        let mut text = Vec::new();
        self.contents.with(content, |reader| reader.read_to_end(&mut text)).ok()?;
        Some(text)
    }

    /// Whether the revision has a file to read, or a folder with some, at an absolute path of the working tree.
    pub(crate) fn has(&self, path: &Path, is_folder: bool) -> bool {
        let Ok(rest) = path.strip_prefix(&self.top) else { return false };
        let path = Path::new("/").join(rest);
        let at = self.files.partition_point(|file| file.path < path);
        let is_there = |file: &Entry| if is_folder { file.path.starts_with(&path) } else { file.path == path };
        self.files.get(at).is_some_and(is_there)
    }
}

/// The path in the repository that an argument names. `None` if it leads out of the repository.
fn resolve(prefix: &Path, path: Option<&str>) -> Option<PathBuf> {
    let relative = |path: &str| path == "." || path == ".." || path.starts_with("./") || path.starts_with("../");
    let mut resolved = PathBuf::from("/");
    let steps = match path {
        None => prefix.to_owned(),
        Some(path) if relative(path) => prefix.join(path),
        Some(path) => PathBuf::from(path),
    };
    for step in steps.components() {
        match step {
            Component::Normal(step) => resolved.push(step),
            Component::ParentDir if !resolved.pop() => return None,
            _ => {}
        }
    }
    Some(resolved)
}

/// What a path of a revision is.
#[derive(Clone, Copy)]
enum Found {
    Folder,
    File,
    /// A link or a submodule.
    Other,
}

/// What is kept of the list of all files.
struct Listing<'l> {
    root: &'l Path,
    found: Option<Found>,
    files: Vec<Entry>,
    /// The ignore files, by their paths.
    ignores: HashMap<PathBuf, Hash>,
}

impl Listing<'_> {
    /// Lists a tree.
    fn read(&mut self, here: &Path, tree: &str) -> Result<(), String> {
        let mut command = git(here);
        command.args(["ls-tree", "-r", "-z", "--full-tree", tree]).stderr(Stdio::null());
        let mut child = Process(spawn(&mut command)?);
        let mut reader = BufReader::new(child.0.stdout.take().ok_or("cannot be read")?);
        let mut record = Vec::new();
        loop {
            record.clear();
            let read = reader.by_ref().take(MAX_RECORD).read_until(0, &mut record);
            if read.map_err(|error| describe(&error))? == 0 {
                break;
            }
            if record.pop() != Some(0) {
                return Err("cannot be read: git did not list all files".to_owned());
            }
            self.take(&record)?;
        }
        let status = child.0.wait().map_err(|error| describe(&error))?;
        if status.success() { Ok(()) } else { Err("cannot be read: git did not list all files".to_owned()) }
    }

    /// Takes a record: mode, type and hash, then a tab and the path.
    fn take(&mut self, record: &[u8]) -> Result<(), String> {
        let Some(tab) = memchr::memchr(b'\t', record) else { return Ok(()) };
        let path = Path::new("/").join(path(&record[tab + 1..]));
        let mut words = record[..tab].split(|byte| *byte == b' ');
        let (mode, hash) = (words.next().unwrap_or_default(), words.nth(1).unwrap_or_default());
        let is_file = mode.starts_with(b"100");
        let is_below = path.starts_with(self.root);
        if is_below {
            self.found = Some(match path == self.root {
                true if is_file => Found::File,
                true => Found::Other,
                false => Found::Folder,
            });
        }
        if !is_file {
            return Ok(());
        }
        let content = || Hash::from(String::from_utf8_lossy(hash));
        let is_named = path == self.root;
        if is_below && (is_named || has_known_extension(&path)) {
            self.files.push(Entry { path, content: content() });
        } else if path.file_name().is_some_and(|name| name == ".gitignore" || name == ".ignore")
            && (is_below || path.parent().is_some_and(|folder| self.root.starts_with(folder)))
        {
            self.ignores.insert(path, content());
        }
        if self.files.len() + self.ignores.len() > MAX_TREE_FILES {
            return Err(format!("has more than {MAX_TREE_FILES} files; name a folder with git:REVISION:PATH"));
        }
        Ok(())
    }
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(&*String::from_utf8_lossy(bytes))
}

/// The ignore files of a revision.
struct IgnoreFiles {
    ignores: HashMap<PathBuf, Hash>,
    contents: Contents,
}

impl Files for IgnoreFiles {
    fn read(&self, path: &Path) -> Option<Result<Vec<u8>, String>> {
        let content = self.ignores.get(path)?;
        let mut text = Vec::new();
        let read = self.contents.with(content, |reader| reader.take(MAX_IGNORE_BYTES as u64 + 1).read_to_end(&mut text));
        Some(read.map(|_| text).map_err(|error| describe(&error)))
    }

    fn is_repository(&self, folder: &Path) -> bool {
        folder == Path::new("/")
    }
}

/// A file with its name and content, or why it could not be read.
pub(super) type File = Result<(Arc<str>, Blob), ReadError>;

/// The content of a file.
#[derive(Debug)]
pub(super) struct Blob {
    content: Hash,
    contents: Contents,
}

impl Blob {
    /// Passes the content to `read`.
    pub(super) fn with<R>(&self, read: impl FnOnce(&mut dyn Read) -> io::Result<R>) -> io::Result<R> {
        self.contents.with(&self.content, read)
    }

    /// A stream of the content, for files that are too large for memory.
    pub(super) fn open(&self) -> io::Result<impl Read + Send + use<>> {
        let mut command = git(&self.contents.here);
        command.args(["cat-file", "blob", &self.content]).stderr(Stdio::null());
        let mut child = spawn(&mut command).map_err(io::Error::other)?;
        let stdout = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Stream { stdout, child: Process(child), is_at_end: false })
    }
}

/// The output of a process that must succeed.
struct Stream {
    stdout: ChildStdout,
    child: Process,
    is_at_end: bool,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stdout.read(buffer)?;
        if count == 0 && !buffer.is_empty() && !std::mem::replace(&mut self.is_at_end, true) && !self.child.0.wait()?.success() {
            return Err(io::Error::other(ABSENT));
        }
        Ok(count)
    }
}

/// Why a content cannot be read.
const ABSENT: &str = "its content is not in this clone, and nothing is fetched";

/// Reads contents, one at a time, with one process.
#[derive(Debug, Clone)]
struct Contents {
    here: PathBuf,
    batch: Arc<Mutex<Option<Batch>>>,
}

/// A running `git cat-file --batch`.
#[derive(Debug)]
struct Batch {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _child: Process,
}

impl Contents {
    /// Passes a content to `read`.
    fn with<R>(&self, hash: &str, read: impl FnOnce(&mut dyn Read) -> io::Result<R>) -> io::Result<R> {
        // A panic of the thread that held it ends the program.
        let mut running = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        // After an error, or if the content was not read to its end, the next one is read by another process.
        let mut batch = running.take().map_or_else(|| Batch::start(&self.here), Ok)?;
        let size = batch.request(hash)?;
        let mut content = (&mut batch.stdout).take(size);
        let result = read(&mut content)?;
        let mut end = [0];
        if content.limit() == 0 && batch.stdout.read_exact(&mut end).is_ok() {
            *running = Some(batch);
        }
        Ok(result)
    }
}

impl Batch {
    fn start(here: &Path) -> io::Result<Self> {
        let mut command = git(here);
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = spawn(&mut command).map_err(io::Error::other)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let (stdin, stdout) = stdin.zip(stdout).ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { stdin, stdout: BufReader::new(stdout), _child: Process(child) })
    }

    /// Asks for a content, and returns its size in bytes. The content follows.
    fn request(&mut self, hash: &str) -> io::Result<u64> {
        writeln!(self.stdin, "{hash}")?;
        self.stdin.flush()?;
        let mut head = Vec::new();
        self.stdout.by_ref().take(MAX_RECORD).read_until(b'\n', &mut head)?;
        let head = String::from_utf8_lossy(&head);
        let mut words = head.split_ascii_whitespace().skip(1);
        let size = words.next().filter(|kind| *kind == "blob").and_then(|_| words.next()?.parse().ok());
        size.ok_or_else(|| io::Error::other(ABSENT))
    }
}

/// A process that ends with its owner.
struct Process(Child);

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.0.id())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A command of git that only reads, and runs nothing that a repository names.
fn git(here: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(here).args(["--no-pager", "--literal-pathspecs", "--no-optional-locks"]);
    // Older versions do not know the variable below, but need a protocol to fetch what a partial clone lacks.
    command.args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn spawn(command: &mut Command) -> Result<Child, String> {
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "needs the program git, which was not found".to_owned(),
        _ => format!("cannot be read, since git did not start: {}", describe(&error)),
    })
}

/// The output of a command, or its first line of errors if it fails.
fn text(command: &mut Command) -> Result<Result<String, String>, String> {
    let output = spawn(command)?.wait_with_output().map_err(|error| describe(&error))?;
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(Ok(words(&output.stdout)));
    }
    let errors = words(&output.stderr);
    let first = errors.lines().next().unwrap_or_default();
    Ok(Err(first.strip_prefix("fatal: ").unwrap_or(first).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_revision_and_perhaps_a_path() {
        for (text, revision, path) in [
            ("git:main", "main", None),
            ("git:HEAD~1:macos/a.json", "HEAD~1", Some("macos/a.json")),
            ("git:main@{2026-01-01 10:00}:macos", "main@{2026-01-01 10:00}", Some("macos")),
            ("git:HEAD^{/fix: it}", "HEAD^{/fix: it}", None),
            ("git:v1:a:b", "v1", Some("a:b")),
            ("git:v1:", "v1", Some("")),
        ] {
            assert_eq!(Name::parse(text), Ok(Name { revision, path }), "{text}");
        }
        for refused in ["git:", "git::a", "git:--output=x", "git:-p:a", "git:a\0b"] {
            assert!(Name::parse(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_path_begins_at_the_top_or_with_a_point_in_the_current_folder() {
        for (path, resolved) in [
            (None, Some("/macos")),
            (Some(""), Some("/")),
            (Some("ios/"), Some("/ios")),
            (Some("./a"), Some("/macos/a")),
            (Some("../ios"), Some("/ios")),
            (Some("../.."), None),
            (Some("a/../../b"), None),
            (Some("/etc"), Some("/etc")),
        ] {
            assert_eq!(resolve(Path::new("macos"), path), resolved.map(PathBuf::from), "{path:?}");
        }
    }
}
