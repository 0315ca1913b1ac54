//! Work on several threads, results in the order of the input.
//!
//! Workers take turns at the source and work on chunks of it. Whoever finishes the chunk that is next hands on its results and those
//! of the chunks that wait behind it. Workers that are too far ahead wait, so that memory does not grow with the input.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many chunks may wait for an earlier one. Chunks of lines are large.
const MOST_WAITING: usize = 8;

/// Runs `work` over the chunks that `next` gives, on `threads` threads, and `take` over the results in order, on one at a time.
///
/// `work` may hand on results before its chunk is done, with the closure that it is given; `weight` says about how many bytes one keeps.
/// `next` ends the run with `None`, `take` with a break.
pub(super) fn run<C: Send, R: Send>(
    threads: usize,
    next: impl FnMut() -> Option<C> + Send,
    work: impl Fn(C, &mut dyn FnMut(R)) + Sync,
    weight: impl Fn(&R) -> usize + Sync,
    take: impl FnMut(R) -> ControlFlow<()> + Send,
) {
    let source = Mutex::new((0, next));
    let line =
        Line { state: Mutex::new(State { turn: 0, waiting: BTreeMap::new(), is_over: false, take }), moved: Condvar::new() };
    let worker = || {
        let _guard = EndOnPanic(&line);
        loop {
            let (turn, chunk) = {
                let mut source = lock(&source);
                let Some(chunk) = (source.1)() else { break };
                source.0 += 1;
                (source.0 - 1, chunk)
            };
            let (mut results, mut kept) = (Vec::new(), 0);
            work(chunk, &mut |result| {
                kept += weight(&result);
                results.push(result);
                // To look at the line is a lock, over which the threads would fall, and to wait in it is no work.
                if kept >= MOST_KEPT {
                    line.hand_on_in_turn(turn, &mut results);
                    kept = 0;
                }
            });
            if line.finish(turn, results).is_break() {
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
struct EndOnPanic<'l, R, T>(&'l Line<R, T>);

impl<R, T> Drop for EndOnPanic<'_, R, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.state).is_over = true;
            self.0.moved.notify_all();
        }
    }
}

struct Line<R, T> {
    state: Mutex<State<R, T>>,
    moved: Condvar,
}

struct State<R, T> {
    /// The chunk whose results come next.
    turn: usize,
    waiting: BTreeMap<usize, Vec<R>>,
    is_over: bool,
    take: T,
}

/// How many bytes of early results a chunk may keep before it must wait for its turn.
const MOST_KEPT: usize = 1 << 20;

impl<R, T: FnMut(R) -> ControlFlow<()>> Line<R, T> {
    /// Hands on the early results of a chunk, which are many, once it is its turn.
    fn hand_on_in_turn(&self, turn: usize, results: &mut Vec<R>) {
        let mut state = lock(&self.state);
        while state.turn != turn && !state.is_over {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.hand_on(results.drain(..));
    }

    fn finish(&self, turn: usize, results: Vec<R>) -> ControlFlow<()> {
        let mut state = lock(&self.state);
        while turn >= state.turn + MOST_WAITING && !state.is_over {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting.insert(turn, results);
        while let Some(results) = state.next() {
            state.hand_on(results);
        }
        self.moved.notify_all();
        if state.is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

impl<R, T: FnMut(R) -> ControlFlow<()>> State<R, T> {
    fn next(&mut self) -> Option<Vec<R>> {
        let results = self.waiting.remove(&self.turn)?;
        self.turn += 1;
        Some(results)
    }

    fn hand_on(&mut self, results: impl IntoIterator<Item = R>) {
        for result in results {
            self.is_over = self.is_over || (self.take)(result).is_break();
        }
    }
}

/// A lock that another thread left in a panic is still good: no state here is ever half changed.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_input_from_any_number_of_threads() {
        for threads in [1, 2, 5] {
            let mut numbers = 0..1000;
            let mut taken = Vec::new();
            run(
                threads,
                || numbers.next(),
                |number, hand_on| (0..number % 20).for_each(|part| hand_on((number, part))),
                |_| MOST_KEPT / 8,
                |result| {
                    taken.push(result);
                    ControlFlow::Continue(())
                },
            );
            let expected: Vec<_> = (0..1000).flat_map(|number| (0..number % 20).map(move |part| (number, part))).collect();
            assert_eq!(taken, expected);
        }
    }

    #[test]
    fn a_panic_ends_the_run_and_is_not_swallowed() {
        let mut numbers = 0..1000;
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let work = |number, _: &mut dyn FnMut(())| assert!(number != 20);
            run(3, || numbers.next(), work, |()| 0, |()| ControlFlow::Continue(()));
        }));
        assert!(result.is_err());
    }

    #[test]
    fn a_break_ends_the_run() {
        let mut taken = 0;
        run(
            3,
            || Some(()),
            |(), hand_on| hand_on(()),
            |()| 0,
            |()| {
                taken += 1;
                if taken == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(taken, 10);
    }
}
