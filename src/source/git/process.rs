//! Runs git, which only reads here.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::source::describe;

/// A command of git that only reads, and runs nothing that a repository names.
pub(super) fn git(here: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(here).args(["--no-pager", "--literal-pathspecs", "--no-optional-locks"]);
    // Older versions do not know the variable below, but need a protocol to fetch what a partial clone lacks.
    command.args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(super) fn spawn(command: &mut Command) -> Result<Child, String> {
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "needs the program git, which was not found".to_owned(),
        _ => format!("cannot be read, since git did not start: {}", describe(&error)),
    })
}

/// The output of a command, or its first line of errors if it fails.
pub(super) fn text(command: &mut Command) -> Result<Result<String, String>, String> {
    let output = spawn(command)?.wait_with_output().map_err(|error| describe(&error))?;
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(Ok(words(&output.stdout)));
    }
    let errors = words(&output.stderr);
    let first = errors.lines().next().unwrap_or_default();
    Ok(Err(first.strip_prefix("fatal: ").unwrap_or(first).to_owned()))
}

/// A process that ends with its owner.
pub(super) struct Process(pub(super) Child);

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
