//! Work on several threads, results in the order of the input.
//!
//! Workers take turns at the source and work on chunks of it. Results are judged one chunk after the other, since what becomes of one
//! may depend on those before it. What is left of them is drawn by whoever judged it, while others go on, and printed in order again.
//! Workers that are too far ahead wait, so that memory does not grow with the input.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many chunks may wait for an earlier one. Chunks of lines are large.
const MOST_WAITING: usize = 4;

/// How many bytes of early results a chunk may keep before it must wait for its turn.
const MOST_KEPT: usize = 1 << 20;

/// Runs `work` over the chunks that `next` gives, on `threads` threads; `judge` over the results in order, on one thread at a time; `draw`
/// over what that makes of them, on any; and `print` over the whole, in order and on one at a time.
///
/// `work` may hand on results before its chunk is done, with the closure that it is given; `weight` says about how many bytes one keeps.
/// `next` ends the run with `None`, `print` with a break.
pub(super) fn run<C: Send, R: Send, P: Send>(
    threads: usize,
    next: impl FnMut() -> Option<C> + Send,
    work: impl Fn(C, &mut dyn FnMut(R)) + Sync,
    weight: impl Fn(&R) -> usize + Sync,
    mut judge: impl FnMut(Vec<R>) -> Vec<P> + Send,
    draw: impl Fn(&mut P) + Sync,
    print: impl FnMut(Vec<P>) -> ControlFlow<()> + Send,
) {
    let source = Mutex::new((0, next));
    let judged = Line::new(|results| ControlFlow::Continue(judge(results)));
    let printed = Line::new(print);
    let end = || {
        judged.end();
        printed.end();
    };
    let worker = || {
        let _guard = EndOnPanic(&end);
        // How many results the last chunk had: those of others are probably as many.
        let mut usual = 0;
        loop {
            let (turn, chunk) = {
                let mut source = lock(&source);
                let Some(chunk) = (source.1)() else { break };
                source.0 += 1;
                (source.0 - 1, chunk)
            };
            let (mut results, mut kept) = (Vec::with_capacity(usual), 0);
            work(chunk, &mut |result| {
                kept += weight(&result);
                results.push(result);
                // To look at the line is a lock, over which the threads would fall, and to wait in it is no work.
                if kept >= MOST_KEPT {
                    kept = 0;
                    if let Some(mut pages) = judged.in_turn(turn, std::mem::take(&mut results)) {
                        pages.iter_mut().for_each(&draw);
                        printed.in_turn(turn, pages);
                    }
                }
            });
            usual = results.len();
            judged.leave(turn, results);
            while let Some((turn, mut pages)) = judged.advance() {
                pages.iter_mut().for_each(&draw);
                printed.leave(turn, pages);
                while printed.advance().is_some() {}
            }
            if printed.is_over() {
                end();
                break;
            }
        }
    };
    if threads <= 1 {
        worker();
    } else {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(worker);
            }
        });
    }
}

/// Ends the run if its thread panics: the others would wait for its chunk for ever.
struct EndOnPanic<'e, E: Fn()>(&'e E);

impl<E: Fn()> Drop for EndOnPanic<'_, E> {
    fn drop(&mut self) {
        if thread::panicking() {
            (self.0)();
        }
    }
}

/// Where chunks wait for those before them. Whoever finishes the one that is next takes the step for it. While a step is taken, nobody
/// waits for it: who takes it looks again afterwards.
struct Line<R, S> {
    state: Mutex<State<R>>,
    moved: Condvar,
    /// Locked only by whoever said in the state that they take it.
    step: Mutex<S>,
}

struct State<R> {
    /// The chunk that comes next.
    turn: usize,
    waiting: BTreeMap<usize, Vec<R>>,
    /// Whether somebody takes the step.
    is_busy: bool,
    is_over: bool,
}

impl<R, O, S: FnMut(Vec<R>) -> ControlFlow<(), O>> Line<R, S> {
    fn new(step: S) -> Self {
        let state = State { turn: 0, waiting: BTreeMap::new(), is_busy: false, is_over: false };
        Self { state: Mutex::new(state), moved: Condvar::new(), step: Mutex::new(step) }
    }

    /// Takes the step for early results of a chunk, once it is its turn.
    fn in_turn(&self, turn: usize, results: Vec<R>) -> Option<O> {
        let mut state = self.wait_while(|state| state.turn != turn || state.is_busy);
        state.is_busy = true;
        self.take(state, results, turn)
    }

    /// Leaves the results of a chunk that is done to whoever takes the next steps.
    fn leave(&self, turn: usize, results: Vec<R>) {
        self.wait_while(|state| turn >= state.turn + MOST_WAITING).waiting.insert(turn, results);
    }

    /// Takes the step for the chunk that is next, if that is done and nobody else takes one. Returns which one it was, and what came out.
    fn advance(&self) -> Option<(usize, O)> {
        let mut state = lock(&self.state);
        let turn = state.turn;
        if state.is_busy {
            return None;
        }
        let results = state.waiting.remove(&turn)?;
        state.is_busy = true;
        Some((turn, self.take(state, results, turn + 1)?))
    }

    /// Takes a step, after which it is the turn of the chunk `next`.
    fn take(&self, state: MutexGuard<'_, State<R>>, results: Vec<R>, next: usize) -> Option<O> {
        let is_over = state.is_over;
        drop(state);
        let outcome = if is_over { ControlFlow::Break(()) } else { lock(&self.step)(results) };
        let mut state = lock(&self.state);
        (state.turn, state.is_busy) = (next, false);
        state.is_over |= outcome.is_break();
        // Who is woken needs the state.
        drop(state);
        self.moved.notify_all();
        outcome.continue_value()
    }

    fn wait_while(&self, is_early: impl Fn(&State<R>) -> bool) -> MutexGuard<'_, State<R>> {
        let wait = self.moved.wait_while(lock(&self.state), |state| is_early(state) && !state.is_over);
        wait.unwrap_or_else(PoisonError::into_inner)
    }

    fn is_over(&self) -> bool {
        lock(&self.state).is_over
    }

    fn end(&self) {
        lock(&self.state).is_over = true;
        self.moved.notify_all();
    }
}

/// A lock that another thread left in a panic is still good: no state here is ever half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// Runs a work over numbers and returns what was printed, of which each was doubled by the judge and drawn as a text.
    fn printed(
        threads: usize,
        count: usize,
        work: impl Fn(usize, &mut dyn FnMut(usize)) + Sync,
        mut is_enough: impl FnMut(&[String]) -> bool + Send,
    ) -> Vec<String> {
        let (mut numbers, mut all) = (0..count, Vec::new());
        run(
            threads,
            || numbers.next(),
            work,
            |_| MOST_KEPT / 8,
            |numbers| numbers.into_iter().map(|number| (number * 2, String::new())).collect(),
            |(number, text)| *text = number.to_string(),
            |pages| {
                all.extend(pages.into_iter().map(|(_, text)| text));
                if is_enough(&all) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        all
    }

    #[test]
    fn results_come_in_the_order_of_the_input_from_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let work = |number, hand_on: &mut dyn FnMut(usize)| (0..number % 20).for_each(|part| hand_on(number * 100 + part));
            let expected: Vec<_> =
                (0..1000).flat_map(|number| (0..number % 20).map(move |part| ((number * 100 + part) * 2).to_string())).collect();
            assert_eq!(printed(threads, 1000, work, |_| false), expected);
        }
    }

    #[test]
    fn nobody_waits_for_the_step_of_another() {
        let (begun, is_begun) = mpsc::channel();
        let (is_begun, mut numbers) = (Mutex::new(is_begun), 0..3);
        run(
            2,
            || numbers.next(),
            |number, hand_on| {
                if number == 2 {
                    begun.send(()).expect("the first step waits");
                }
                hand_on(number);
            },
            |_| 0,
            |results| {
                if results == [0]
                    && let Ok(is_begun) = is_begun.lock()
                {
                    // Whoever finishes the second chunk has to leave it here, and to begin the third.
                    is_begun.recv_timeout(Duration::from_mins(1)).expect("the third chunk is begun");
                }
                results
            },
            |_| {},
            |_| ControlFlow::Continue(()),
        );
    }

    #[test]
    fn a_panic_ends_the_run_and_is_not_swallowed() {
        let work = |number, _: &mut dyn FnMut(usize)| assert!(number != 20);
        let result = std::panic::catch_unwind(|| printed(3, 1000, work, |_| false));
        assert!(result.is_err());
    }

    #[test]
    fn a_break_ends_the_run() {
        let all = printed(3, usize::MAX, |number, hand_on| hand_on(number), |all| all.len() == 10);
        assert_eq!(all.len(), 10);
    }
}
