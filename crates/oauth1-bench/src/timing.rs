//! Times, of cases in turn: only the ratios within one round mean anything on a noisy machine.

use core::time::Duration;
use std::time::Instant;

use crate::cases::{Case, Group, Operation};

/// How long is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// How long one case runs in one round, at least one operation.
    pub(crate) batch: Duration,
}

impl Effort {
    pub(crate) const FULL: Self = Self {
        rounds: 300,
        batch: Duration::from_millis(2),
    };
    pub(crate) const QUICK: Self = Self {
        rounds: 60,
        batch: Duration::from_millis(1),
    };

    /// Fewer rounds where one operation takes long.
    fn rounds_of(self, group: Group) -> usize {
        match group {
            Group::W3b => self.rounds.div_ceil(6),
            Group::W3c => self.rounds.div_ceil(40),
            _ => self.rounds,
        }
    }
}

/// Nanoseconds for one operation, a figure for each round.
pub(crate) type Rounds = Vec<f64>;

/// Times the cases of one group, in turn, each round starting with another.
pub(crate) fn group(group: Group, cases: &[Case], effort: Effort) -> Vec<Rounds> {
    let operations = cases.iter().map(|case| (case.start)()).collect();
    in_turn(operations, effort.rounds_of(group), effort.batch)
}

/// Times operations that are no cases.
pub(crate) fn in_turn(
    mut operations: Vec<Operation>,
    rounds: usize,
    batch: Duration,
) -> Vec<Rounds> {
    let repetitions: Vec<u64> = operations
        .iter_mut()
        .map(|operation| repetitions(operation, batch))
        .collect();
    let mut times = vec![Rounds::with_capacity(rounds); operations.len()];
    for round in 0..rounds {
        for turn in 0..operations.len() {
            let at = (round + turn) % operations.len();
            times[at].push(nanoseconds(&mut operations[at], repetitions[at]));
        }
    }
    times
}

/// How many operations fill a batch.
fn repetitions(operation: &mut Operation, batch: Duration) -> u64 {
    // The first fills buffers and caches.
    operation(2);
    let mut count = 1;
    loop {
        let nanoseconds = nanoseconds(operation, count) * as_f64(count);
        let wanted = batch.as_secs_f64() * 1e9;
        if nanoseconds * 4.0 > wanted {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a positive number of operations, far below 2^53"
            )]
            return ((as_f64(count) * wanted / nanoseconds) as u64).max(1);
        }
        count *= 4;
    }
}

/// The nanoseconds of the processor that one operation takes, which is repeated for so many milliseconds.
#[cfg(feature = "foreign")]
pub(crate) fn for_a_while(milliseconds: u64, mut operation: impl FnMut()) -> f64 {
    let used = || {
        let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        Duration::try_from(used).unwrap_or_default()
    };
    operation();
    let (mut count, start) = (0, used());
    loop {
        // Asking for the time takes as long as an operation.
        (0..16).for_each(|_| operation());
        count += 16;
        let elapsed = used().saturating_sub(start);
        if elapsed >= Duration::from_millis(milliseconds) {
            return elapsed.as_secs_f64() * 1e9 / as_f64(count);
        }
    }
}

/// The time of one operation of so many.
fn nanoseconds(operation: &mut Operation, count: u64) -> f64 {
    let start = now();
    operation(count);
    now().duration_since(start).as_secs_f64() * 1e9 / as_f64(count)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program that measures reads the clock"
)]
fn now() -> Instant {
    Instant::now()
}

/// The median; of nothing, zero.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(crate) fn as_f64(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median([9.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!(median([]).abs() < f64::EPSILON);
    }

    #[test]
    fn every_operation_gets_its_turn_in_every_round() {
        let operations: Vec<Operation> = vec![Box::new(|_| {}), Box::new(|_| {})];
        let times = in_turn(operations, 3, Duration::from_nanos(100));
        assert_eq!(times.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3]);
    }
}
