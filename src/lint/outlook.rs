//! Whether it is worth a try to read the next declaration straight.

/// What is expected of the next declaration, by those before it: what one tool writes is all of a kind, and has the same placeholders,
/// escapes or faults throughout.
#[derive(Debug, Default)]
pub(super) struct Outlook {
    /// How many in a row could not be read straight.
    failures: u32,
    /// How many more are not tried.
    pause: u32,
}

/// The longest pause, as a power of two: then a try in vain costs next to nothing.
const LONGEST: u32 = 6;

impl Outlook {
    /// Whether the next one is tried.
    pub(super) fn is_good(&mut self) -> bool {
        let is_good = self.pause == 0;
        self.pause = self.pause.saturating_sub(1);
        is_good
    }

    /// Learns from one that was tried. A single failure tells nothing: one in many is wrong.
    pub(super) fn learn(&mut self, is_read: bool) {
        self.failures = if is_read { 0 } else { (self.failures + 1).min(LONGEST) };
        self.pause = if self.failures > 1 { 1 << self.failures } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many declarations are tried, if these are read.
    fn tried(count: usize, is_read: impl Fn(usize) -> bool) -> usize {
        let mut outlook = Outlook::default();
        (0..count)
            .filter(|at| {
                outlook.is_good() && {
                    outlook.learn(is_read(*at));
                    true
                }
            })
            .count()
    }

    #[test]
    fn what_fails_time_and_again_is_hardly_tried() {
        assert_eq!(tried(1000, |_| true), 1000);
        assert_eq!(tried(1000, |at| at % 20 != 0), 1000);
        assert!(tried(1000, |_| false) < 30);
    }

    #[test]
    fn what_is_right_again_is_soon_tried_always() {
        assert!(tried(1000, |at| at > 500) > 400);
    }
}
