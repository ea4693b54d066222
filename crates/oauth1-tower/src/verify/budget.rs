//! How often something dear is done.

use core::sync::atomic::{AtomicU64, Ordering};

use oauth1_core::Timestamp;

/// So many times a second, by the clock that requests are verified with.
#[derive(Debug)]
pub(super) struct Budget {
    per_second: u32,
    /// The second in the upper half, and how often it was in the lower: one number, so that threads that
    /// come at once neither lose nor win one.
    spent: AtomicU64,
}

impl Budget {
    pub(super) const fn new(per_second: u32) -> Self {
        Self {
            per_second,
            spent: AtomicU64::new(0),
        }
    }

    /// Takes one of this second's, if there is one left.
    pub(super) fn take(&self, now: Timestamp) -> bool {
        // What differs by 136 years is the same second.
        let second = now.unix_seconds() << 32;
        let next = |spent: u64| {
            let used = if spent & !u64::from(u32::MAX) == second {
                spent & u64::from(u32::MAX)
            } else {
                0
            };
            (used < u64::from(self.per_second)).then_some(second | (used + 1))
        };
        self.spent
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_a_second_and_no_more() {
        let budget = Budget::new(2);
        let taken = |second| budget.take(Timestamp::from_unix_seconds(second));
        let all = [7, 7, 7, 8, 8, 8, 7, 7, 7].map(taken);
        assert_eq!(
            all,
            [true, true, false, true, true, false, true, true, false]
        );
        assert!(!Budget::new(0).take(Timestamp::from_unix_seconds(7)));
    }

    #[test]
    fn threads_share_it() {
        let budget = Budget::new(100);
        let now = Timestamp::from_unix_seconds(1_700_000_000);
        let taken: usize = std::thread::scope(|scope| {
            let take = || (0..60).filter(|_| budget.take(now)).count();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            let counts = threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"));
            counts.sum()
        });
        assert_eq!(taken, 100);
    }
}
