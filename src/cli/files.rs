//! What a session asks a command about the files of its run.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use super::work::Work;
use crate::config::Entries;
use crate::diagnostic::Diagnostic;
use crate::policy::Policies;
use crate::session::Host;
use crate::source;

/// The files of a run, and what the configuration says about them.
pub(super) struct Files<'w> {
    work: &'w Work,
    /// The entries of the configuration, some of which accept findings.
    pub(super) entries: Entries<'w>,
}

impl<'w> Files<'w> {
    pub(super) fn new(work: &'w Work) -> Self {
        Self { work, entries: Entries::new(&work.in_force) }
    }
}

impl Host for Files<'_> {
    fn text(&self, file: &str) -> Option<Cow<'_, [u8]>> {
        self.work.text(file).map(Cow::Owned)
    }

    fn part(&self, file: &str, span: Range<usize>) -> Option<Vec<u8>> {
        source::part(Path::new(file), span).ok()
    }

    fn sets(&self, file: &str) -> Vec<usize> {
        self.work.in_force.sets(file)
    }

    fn policies(&self, file: &str) -> Policies {
        self.work.in_force.terms(file).conditions.policies.clone()
    }

    fn level(&mut self, file: &str, findings: &mut Vec<Diagnostic>) {
        self.entries.silence(file, findings);
        self.work.in_force.terms(file).severities.apply(findings);
    }
}
