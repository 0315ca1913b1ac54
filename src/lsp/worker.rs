//! The thread that lints large documents and judges large workspaces, so that the loop can answer meanwhile.
//!
//! One job runs at a time, and only the last of those for the same thing waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::across::{self, Across};
use super::document::{Document, Documents};
use super::linter::{File, Linter, Texts};
use crate::validate::Strictness;

/// Something that takes long. `workspace` is the number of the workspace, and `ticket` that of the job.
pub(super) enum Job {
    Lint { workspace: usize, ticket: u64, path: PathBuf, document: Document, linter: Linter },
    Judge { workspace: usize, ticket: u64, root: Option<PathBuf>, files: Vec<Arc<File>>, documents: Documents, linter: Linter },
}

/// The result of a job; `None` if it failed.
pub(super) enum Done {
    Linted { workspace: usize, ticket: u64, path: PathBuf, file: Option<File> },
    Judged { workspace: usize, ticket: u64, across: Option<Box<Across>> },
}

/// The jobs that wait, and the thread that works on one.
#[derive(Default)]
pub(super) struct Worker {
    jobs: Option<Sender<Job>>,
    is_busy: bool,
    waiting: Vec<Job>,
}

impl Job {
    /// Whether another job makes this one unnecessary.
    fn is_replaced_by(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Lint { path, .. }, Self::Lint { path: other, .. }) => path == other,
            (Self::Judge { workspace, .. }, Self::Judge { workspace: other, .. }) => workspace == other,
            _ => false,
        }
    }

    fn work(self) -> Done {
        match self {
            Self::Lint { workspace, ticket, path, document, linter } => {
                let lint = || linter.lint(&document.name, document.text.as_bytes(), Strictness::Named);
                let file = catch_unwind(AssertUnwindSafe(lint)).ok();
                Done::Linted { workspace, ticket, path, file }
            }
            Self::Judge { workspace, ticket, root, files, documents, linter } => {
                let texts = Texts { root: root.as_deref(), documents: &documents, effective: &linter.effective };
                let across = catch_unwind(AssertUnwindSafe(|| Box::new(across::judge(&linter, &files, texts)))).ok();
                Done::Judged { workspace, ticket, across }
            }
        }
    }
}

impl Worker {
    /// Starts a job, or lets it wait. `done` takes the results, on the other thread.
    pub(super) fn start(&mut self, job: Job, done: impl Fn(Done) + Send + 'static) {
        self.waiting.retain(|waiting| !waiting.is_replaced_by(&job));
        self.waiting.push(job);
        if self.jobs.is_none() {
            let (jobs, receiver) = channel::<Job>();
            let work = move || receiver.into_iter().for_each(|job| done(job.work()));
            // Without a thread, nothing large is linted.
            self.jobs = thread::Builder::new().name("worker".to_owned()).spawn(work).ok().map(|_| jobs);
        }
        self.next(false);
    }

    /// Says that the job was done, and starts the next one.
    pub(super) fn next(&mut self, is_done: bool) {
        self.is_busy &= !is_done;
        if let (Some(jobs), false, false) = (&self.jobs, self.is_busy, self.waiting.is_empty()) {
            self.is_busy = jobs.send(self.waiting.remove(0)).is_ok();
        }
    }

    /// Whether no job runs or waits.
    pub(super) fn is_idle(&self) -> bool {
        !self.is_busy && self.waiting.is_empty()
    }

    /// Drops the waiting job for a document.
    pub(super) fn drop_document(&mut self, path: &Path) {
        self.waiting.retain(|job| !matches!(job, Job::Lint { path: other, .. } if other == path));
    }
}
