//! A sign of life on a terminal, for runs that take a while.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(200);

/// How many files are a long run: before that, nothing is drawn.
const MANY: u64 = 1000;

/// Counts files. Without a terminal on standard error nothing is ever drawn.
pub(super) struct Progress {
    bar: ProgressBar,
    files: u64,
}

impl Progress {
    pub(super) fn new(is_quiet: bool) -> Self {
        let target = if is_quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
        let style =
            ProgressStyle::with_template("{spinner} {pos} files checked").unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(None, target).with_style(style);
        Self { bar, files: 0 }
    }

    /// Counts a file.
    pub(super) fn advance(&mut self) {
        self.files += 1;
        if self.files == MANY {
            self.bar.enable_steady_tick(TICK);
        }
        if self.files >= MANY && self.files.is_multiple_of(64) {
            self.bar.set_position(self.files);
        }
    }

    /// Runs something that prints, with the sign out of its way.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        if self.files < MANY { print() } else { self.bar.suspend(print) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
