//! The progress bar of long runs, shown only on a terminal.

use std::sync::atomic::{AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The number of files after which the bar appears.
const MANY: u64 = 1000;

/// Counts files. Draws nothing unless standard error is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    files: AtomicU64,
}

impl Progress {
    pub(super) fn new(is_quiet: bool) -> Self {
        Self::of("files checked", is_quiet)
    }

    /// Counts something else than files.
    pub(super) fn of(what: &str, is_quiet: bool) -> Self {
        let target = if is_quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
        let style = ProgressStyle::with_template(&format!("{{spinner}} {{pos}} {what}"))
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(None, target).with_style(style);
        Self { bar, files: AtomicU64::new(0) }
    }

    /// Counts a file.
    pub(super) fn advance(&self) {
        let files = self.files.fetch_add(1, Ordering::Relaxed) + 1;
        // Without a timer, which would be a thread that may not start.
        if files >= MANY && files.is_multiple_of(64) {
            self.bar.set_position(files);
            self.bar.tick();
        }
    }

    /// Counts many at once.
    pub(super) fn advance_by(&self, more: u64) {
        let all = self.files.fetch_add(more, Ordering::Relaxed) + more;
        if all >= MANY {
            self.bar.set_position(all);
            self.bar.tick();
        }
    }

    /// Hides the bar while `print` runs.
    pub(super) fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        if self.files.load(Ordering::Relaxed) < MANY { print() } else { self.bar.suspend(print) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
