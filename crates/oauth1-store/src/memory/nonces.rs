//! Spent nonces in memory.
//!
//! ```text
//! nonce ── keyed hash ──► fingerprint ──► shard (a lock) ──► bucket of its timestamp ──► table
//! ```
//!
//! * A nonce is kept as a fingerprint of 128 bits: 96 of client, token, timestamp and nonce together,
//!   32 of the client, from SipHash-2-4 and -1-3 under a random key of this process. Two nonces with
//!   one fingerprint would cost a fresh request its acceptance, never let a replay in: among ten
//!   million, that happens to one request in 10^21, and nobody without the key can bring it about.
//! * A shard is chosen by the fingerprint, so that threads seldom wait for one another, not even with
//!   requests of one client.
//! * A bucket has the nonces of [`BUCKET_SECONDS`] of timestamps. The timestamp is part of what must
//!   be the same for a replay, so that a nonce is looked for in one bucket. Once the last of them
//!   may be forgotten, the bucket is put aside whole, and each later call to that shard frees one
//!   segment of it: nobody waits for an expiry.

use alloc::{boxed::Box, collections::BTreeMap, vec::Vec};
use core::{
    fmt,
    future::{Future, ready},
    hash::Hasher as _,
};

use oauth1_core::Timestamp;
use siphasher::{sip::SipHasher13, sip128::Hasher128 as _, sip128::SipHasher24};

use super::{
    shares::Shares,
    sync::Mutex,
    table::{Fingerprint, Put, Segment, Table},
};
use crate::{Bound, Insert, NonceStore, SpentNonce, StoreError};

/// The timestamps of one bucket. A window of five minutes has 38 buckets, and what could be
/// forgotten is kept longer than need be by 3 % at most.
const BUCKET_SECONDS: u64 = 16;

/// The most shards. Twice as many threads as machines of today have would seldom meet.
const SHARDS: usize = 64;

/// No shard is smaller, so that the bound of each is close to its share of the whole.
const LEAST_OF_SHARD: usize = 4096;

/// How many nonces a [`MemoryNonces`] remembers at a time: beyond it refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NonceBounds {
    /// Of all clients: one million, which is 1,600 requests a second at the default window, and at
    /// most 40 MB. Each is remembered until its timestamp has left the window: for up to ten minutes.
    ///
    /// The bound is kept by each shard for its part, so that the first refusal comes a little
    /// earlier: with a million, at some 97 %.
    pub nonces: usize,
    /// Of one client: a quarter of all. What one uses up, the others still have the rest of.
    pub of_one_client: usize,
}

impl NonceBounds {
    /// A bound for all, and a quarter of it for each client.
    #[must_use]
    pub const fn new(nonces: usize) -> Self {
        Self {
            nonces,
            of_one_client: nonces.div_ceil(4),
        }
    }

    /// With another bound for one client. A server of one client gives it all.
    #[must_use]
    pub const fn with_one_client(self, nonces: usize) -> Self {
        Self {
            of_one_client: nonces,
            ..self
        }
    }
}

/// A million, and a quarter of it for each client.
impl Default for NonceBounds {
    fn default() -> Self {
        Self::new(1_000_000)
    }
}

/// Remembers spent nonces in memory: for a server that is one process.
///
/// It needs some 20 to 40 bytes for each, and answers at once: the lock of a shard is held for about a
/// microsecond, and where a table grows or expires for some tens, since no call moves or frees more
/// than 1,024 nonces. It is bounded, and full means
/// refused: look at [`occupancy`](Self::occupancy).
///
/// All servers that ask one store must have the same window.
///
/// A clock that steps back makes nothing fresh: what may have been forgotten already is refused until the
/// clock has passed it again. A clock that was ahead for no longer than the window, and is set right,
/// thus costs refusals until the latest timestamp of before has passed, a window at most; one that was
/// ahead for longer, and had requests of that time, refuses everything until it has come so far again.
pub struct MemoryNonces {
    shards: Box<[Shard]>,
    shares: Shares,
    most_of_shard: usize,
    bounds: NonceBounds,
    key: [u8; 32],
}

impl MemoryNonces {
    /// With the [default bounds](NonceBounds::default) and a random key.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the system has no random bytes to give.
    pub fn new() -> Result<Self, StoreError> {
        Self::with_bounds(NonceBounds::default())
    }

    /// With bounds, and a random key.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    #[expect(
        clippy::disallowed_methods,
        reason = "the key of this process's tables: nobody outside can know it or must reproduce it"
    )]
    pub fn with_bounds(bounds: NonceBounds) -> Result<Self, StoreError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(StoreError::unavailable)?;
        Ok(Self::with_key(bounds, key))
    }

    /// With bounds and a key of the caller's, which whoever sends requests must not be able to guess.
    #[must_use]
    pub fn with_key(bounds: NonceBounds, key: [u8; 32]) -> Self {
        let shards = (bounds.nonces / LEAST_OF_SHARD)
            .next_power_of_two()
            .clamp(1, SHARDS);
        Self {
            shards: (0..shards).map(|_| Shard::default()).collect(),
            shares: Shares::new(bounds.nonces, bounds.of_one_client),
            most_of_shard: bounds.nonces / shards,
            bounds,
            key,
        }
    }

    /// How full it is, and what it has answered since it was made.
    ///
    /// It visits all shards one after the other: for a page of figures, not for each request.
    #[must_use]
    pub fn occupancy(&self) -> Occupancy {
        let mut sum = Occupancy {
            bound: self.bounds.nonces,
            ..Occupancy::default()
        };
        for shard in &self.shards {
            let Ok(state) = shard.0.lock() else { continue };
            sum.remembered += state.remembered;
            sum.table_bytes += state
                .buckets
                .values()
                .map(|b| b.table.bytes())
                .sum::<usize>();
            sum.fresh += state.fresh;
            sum.replayed += state.replayed;
            sum.refused_full += state.refused_full;
            sum.refused_client += state.refused_client;
        }
        sum
    }

    /// Frees what `now` lets be forgotten. Each call to the store does so for one shard, which is
    /// enough while there are calls; a server that falls idle may give the memory back with this.
    pub fn forget(&self, now: Timestamp) {
        for shard in &self.shards {
            let Ok(mut state) = shard.0.lock() else {
                continue;
            };
            state.forget(now.unix_seconds());
            while let Some(segment) = state.put_aside.pop() {
                state.free(segment, &self.shares);
                // Others get their turn between two segments.
                drop(state);
                let Ok(again) = shard.0.lock() else { break };
                state = again;
            }
        }
    }

    fn put(&self, nonce: &SpentNonce, now: Timestamp) -> Result<Insert, StoreError> {
        let fingerprint = self.fingerprint(nonce);
        let shard = &self.shards[shard_of(fingerprint) & (self.shards.len() - 1)];
        let mut state = (shard.0.lock())
            .map_err(|_| StoreError::unavailable("a thread died while it changed the store"))?;
        let state = &mut *state;
        let now = now.unix_seconds();
        state.forget(now);
        if let Some(segment) = state.put_aside.pop() {
            state.free(segment, &self.shares);
        }

        let until = nonce.remember_until().unix_seconds();
        let timestamps = nonce.timestamp().unix_seconds() / BUCKET_SECONDS;
        if until < now || state.forgotten.is_some_and(|last| until <= last) {
            state.replayed += 1;
            return Ok(Insert::Replayed);
        }
        let bucket = state.buckets.get_mut(&timestamps);
        if (bucket.as_ref()).is_some_and(|bucket| bucket.table.contains(fingerprint)) {
            state.replayed += 1;
            return Ok(Insert::Replayed);
        }
        if state.remembered >= self.most_of_shard {
            state.refused_full += 1;
            return Err(StoreError::Full(Bound::Store));
        }
        if !self.shares.take(fingerprint) {
            state.refused_client += 1;
            return Err(StoreError::Full(Bound::Client));
        }
        let bucket = match bucket {
            Some(bucket) => bucket,
            None => (state.buckets.entry(timestamps)).or_insert_with(Bucket::new),
        };
        bucket.until = bucket.until.max(until);
        match bucket.table.put(fingerprint) {
            Put::Added => {
                state.remembered += 1;
                state.fresh += 1;
                Ok(Insert::Fresh)
            }
            Put::Present => Ok(Insert::Replayed),
        }
    }

    fn fingerprint(&self, nonce: &SpentNonce) -> Fingerprint {
        let [of_nonce, of_client] = [0, 16].map(|at| {
            let mut key = [0; 16];
            key.copy_from_slice(&self.key[at..at + 16]);
            key
        });
        let mut hasher = SipHasher24::new_with_key(&of_nonce);
        hasher.write(nonce.key());
        let nonce_bits = hasher.finish128().as_u128() & (u128::MAX >> 32);
        let mut hasher = SipHasher13::new_with_key(&of_client);
        hasher.write(nonce.client());
        let client_bits = u128::from(hasher.finish() >> 32) << 96;
        // Zero is what a slot is that has nothing in it.
        (client_bits | nonce_bits).max(1)
    }
}

impl NonceStore for MemoryNonces {
    const ANSWERS_AT_ONCE: bool = true;

    fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> impl Future<Output = Result<Insert, StoreError>> + Send {
        ready(self.put(&nonce, now))
    }
}

/// Shows no key: who knows it could make fingerprints collide.
impl fmt::Debug for MemoryNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryNonces")
            .field("bounds", &self.bounds)
            .finish_non_exhaustive()
    }
}

/// How full a [`MemoryNonces`] is, and what it has answered since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Occupancy {
    /// How many nonces it remembers, those included that it is about to free.
    pub remembered: usize,
    /// How many it may remember: [`NonceBounds::nonces`].
    pub bound: usize,
    /// Bytes of the tables that it looks them up in.
    pub table_bytes: usize,
    /// Answers of [`Insert::Fresh`].
    pub fresh: u64,
    /// Answers of [`Insert::Replayed`].
    pub replayed: u64,
    /// Refusals because the whole was full.
    pub refused_full: u64,
    /// Refusals because a client had its share.
    pub refused_client: u64,
}

/// The bits between those of the client and those of the directory.
fn shard_of(fingerprint: Fingerprint) -> usize {
    (fingerprint >> 90) as usize & (SHARDS - 1)
}

/// What one lock guards. Each has cache lines of its own, so that two cores with two shards do not
/// wait for each other's.
#[derive(Default)]
#[repr(align(128))]
struct Shard(Mutex<State>);

#[derive(Default)]
struct State {
    /// By timestamp.
    buckets: BTreeMap<u64, Bucket>,
    /// Segments of buckets that are forgotten, to be freed one by one.
    put_aside: Vec<Segment>,
    /// What is in the buckets and in what is put aside.
    remembered: usize,
    /// The last second for which buckets were looked through.
    looked_through: u64,
    /// The highest `remember_until` that may have been forgotten.
    forgotten: Option<u64>,
    fresh: u64,
    replayed: u64,
    refused_full: u64,
    refused_client: u64,
}

struct Bucket {
    /// The highest `remember_until`.
    until: u64,
    table: Table,
}

impl Bucket {
    fn new() -> Self {
        Self {
            until: 0,
            table: Table::new(),
        }
    }
}

impl State {
    /// Puts the buckets aside that `now` lets be forgotten: once for each second that the clock shows.
    /// It does so by a clock that has stepped back as well: one that was hours ahead for a moment would
    /// otherwise keep everything for hours, until the store is full.
    fn forget(&mut self, now: u64) {
        if now == self.looked_through {
            return;
        }
        self.looked_through = now;
        let expired: Vec<u64> = (self.buckets.iter())
            .filter(|(_, bucket)| bucket.until < now)
            .map(|(&timestamps, _)| timestamps)
            .collect();
        for bucket in (expired.iter()).filter_map(|timestamps| self.buckets.remove(timestamps)) {
            self.forgotten = self.forgotten.max(Some(bucket.until));
            self.put_aside.extend(bucket.table.into_segments());
        }
    }

    fn free(&mut self, segment: Segment, shares: &Shares) {
        self.remembered -= segment.len();
        for fingerprint in segment.into_fingerprints() {
            shares.give_back(fingerprint);
        }
    }
}

#[cfg(test)]
mod tests;
