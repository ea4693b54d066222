//! How much of the store each client has, in memory that does not grow with the number of clients.
//!
//! Each client has two counters in a fixed array, chosen by its fingerprint, and shares them with
//! others; the smaller of the two is never less than what is the client's own. A client suffers for
//! another only if both its counters are counters of clients that are at their bound, which for four
//! of these has a chance of four in a billion. Which clients share is chosen by the process's key.

use alloc::boxed::Box;

use super::{
    sync::{AtomicU32, Ordering},
    table::Fingerprint,
};

/// The counters of one row.
const ROW: usize = 1 << 16;

/// Counts the nonces of each client.
#[derive(Debug)]
pub(super) struct Shares {
    counters: Box<[AtomicU32]>,
    row: usize,
    bound: u32,
}

impl Shares {
    /// `bound` nonces for each client of a store of `most` nonces.
    pub(super) fn new(most: usize, bound: usize) -> Self {
        let row = most.next_power_of_two().clamp(1 << 8, ROW);
        Self {
            counters: (0..2 * row).map(|_| AtomicU32::new(0)).collect(),
            row,
            bound: u32::try_from(bound).unwrap_or(u32::MAX),
        }
    }

    /// Takes one more for the client of this fingerprint; says whether there was one left. To be
    /// given back otherwise. Threads that take the last one at the same moment may all get it: the two
    /// counters do not change as one.
    pub(super) fn take(&self, fingerprint: Fingerprint) -> bool {
        // No other memory hangs on these counts, so that they need no order among one another.
        let counts = self
            .of(fingerprint)
            .map(|counter| counter.fetch_add(1, Ordering::Relaxed));
        if counts[0].min(counts[1]) < self.bound {
            return true;
        }
        self.give_back(fingerprint);
        false
    }

    pub(super) fn give_back(&self, fingerprint: Fingerprint) {
        for counter in self.of(fingerprint) {
            counter.fetch_sub(1, Ordering::Relaxed);
        }
    }

    #[cfg(test)]
    pub(super) fn are_zero(&self) -> bool {
        (self.counters.iter()).all(|counter| counter.load(Ordering::Relaxed) == 0)
    }

    /// The top 32 bits of a fingerprint are its client's: half of them for each row.
    fn of(&self, fingerprint: Fingerprint) -> [&AtomicU32; 2] {
        let client = (fingerprint >> 96) as usize;
        let mask = self.row - 1;
        [
            &self.counters[client & mask],
            &self.counters[self.row + (client >> 16 & mask)],
        ]
    }
}
