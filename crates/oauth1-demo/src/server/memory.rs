//! What has been here before.

use std::{collections::HashSet, sync::Mutex};

use oauth1_core::verify::{NonceStatus, ReplayKey};

/// Every nonce that was used, for as long as the program runs.
///
/// A server that lives longer forgets each after [`ReplayKey::remember_until`].
#[derive(Default)]
pub(super) struct Memory(Mutex<HashSet<Vec<u8>>>);

/// The memory does not answer, and nothing is known.
pub(super) struct Unavailable;

impl Memory {
    /// Looks and inserts in one operation: of many replays at once, one gets through.
    pub(super) fn check_and_insert(&self, key: ReplayKey<'_>) -> Result<NonceStatus, Unavailable> {
        let mut bytes = Vec::new();
        key.write_to(&mut bytes);
        let is_new = self.0.lock().map_err(|_| Unavailable)?.insert(bytes);
        Ok(if is_new {
            NonceStatus::Fresh
        } else {
            NonceStatus::Replayed
        })
    }

    /// A thread dies while it holds the memory.
    #[cfg(test)]
    pub(super) fn break_it(&self) {
        std::thread::scope(|scope| {
            let dying = scope.spawn(|| {
                let _guard = self.0.lock();
                panic!("this panic belongs to a test");
            });
            assert!(dying.join().is_err());
        });
    }
}
