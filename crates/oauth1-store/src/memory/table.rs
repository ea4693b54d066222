//! A set of 128-bit fingerprints that grows in small steps: the nonces of some seconds.
//!
//! Extendible hashing. The bits at the top of a fingerprint's hash choose an entry of the directory,
//! which names a segment; a segment is a small open-addressing table. A full segment is split into
//! two, so that no insertion ever moves more than [`SEGMENT`] fingerprints; only the directory, of
//! some bytes for each segment, doubles as a whole.

use alloc::{boxed::Box, vec, vec::Vec};

/// A fingerprint of a nonce with, in its top 32 bits, that of its client. Never zero.
pub(super) type Fingerprint = u128;

/// The most slots of a segment: 16 KiB, moved within microseconds.
const SEGMENT: usize = 1024;

/// The slots that a segment begins with, so that few nonces need little.
const FIRST: usize = 8;

/// What a slot is when nothing is in it.
const EMPTY: Fingerprint = 0;

/// The bits of a fingerprint that the directory is chosen by: enough for forty million fingerprints,
/// and few enough that the directory stays below 256 KiB whatever the fingerprints are.
const DIRECTORY_BITS: u32 = 16;
const DIRECTORY_SHIFT: u32 = 64;

/// What became of a fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    /// It was not there, and now is.
    Added,
    /// It was there.
    Present,
}

/// A set of fingerprints.
#[derive(Debug)]
pub(super) struct Table {
    /// As many entries as there are values of `depth` bits.
    directory: Vec<u32>,
    depth: u32,
    segments: Vec<Segment>,
}

impl Table {
    pub(super) fn new() -> Self {
        Self {
            directory: vec![0],
            depth: 0,
            segments: vec![Segment::new(0, FIRST)],
        }
    }

    pub(super) fn contains(&self, fingerprint: Fingerprint) -> bool {
        let segment = &self.segments[self.segment_of(fingerprint)];
        segment.slots[segment.find(fingerprint)] == fingerprint
    }

    /// Adds a fingerprint.
    pub(super) fn put(&mut self, fingerprint: Fingerprint) -> Put {
        loop {
            let at = self.segment_of(fingerprint);
            let segment = &mut self.segments[at];
            let slot = segment.find(fingerprint);
            if segment.slots[slot] == fingerprint {
                return Put::Present;
            }
            if segment.has_room() {
                segment.slots[slot] = fingerprint;
                segment.used += 1;
                return Put::Added;
            }
            if segment.slots.len() < SEGMENT || segment.depth == DIRECTORY_BITS {
                segment.double();
            } else {
                self.split(at);
            }
        }
    }

    pub(super) fn into_segments(self) -> Vec<Segment> {
        self.segments
    }

    /// Bytes of slots and directory.
    pub(super) fn bytes(&self) -> usize {
        let segments: usize = self.segments.iter().map(Segment::bytes).sum();
        segments + self.directory.capacity() * size_of::<u32>()
    }

    fn segment_of(&self, fingerprint: Fingerprint) -> usize {
        self.directory[prefix(fingerprint, self.depth)] as usize
    }

    /// Parts the fingerprints of a segment by one more bit.
    fn split(&mut self, at: usize) {
        let depth = self.segments[at].depth + 1;
        if depth > self.depth {
            self.directory = (self.directory.iter())
                .flat_map(|&segment| [segment, segment])
                .collect();
            self.depth = depth;
        }
        let whole = core::mem::replace(&mut self.segments[at], Segment::new(depth, SEGMENT));
        let mut other = Segment::new(depth, SEGMENT);
        let mut prefix_of_other = 0;
        for fingerprint in whole.into_fingerprints() {
            let prefix = prefix(fingerprint, depth);
            if prefix & 1 == 0 {
                self.segments[at].push(fingerprint);
                prefix_of_other = prefix | 1;
            } else {
                other.push(fingerprint);
                prefix_of_other = prefix;
            }
        }
        let index = self.segments.len();
        self.segments.push(other);
        // There are no more segments than entries in the largest directory.
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let spare = self.depth - depth;
        let first = prefix_of_other << spare;
        self.directory[first..first + (1 << spare)].fill(index);
    }
}

/// The first bits of those that the directory is chosen by.
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most DIRECTORY_BITS bits are left"
)]
fn prefix(fingerprint: Fingerprint, bits: u32) -> usize {
    let chosen = (fingerprint >> DIRECTORY_SHIFT) as usize & ((1 << DIRECTORY_BITS) - 1);
    chosen >> (DIRECTORY_BITS - bits)
}

/// An open-addressing table with linear probing.
#[derive(Debug)]
pub(super) struct Segment {
    slots: Box<[Fingerprint]>,
    used: u32,
    /// How many bits of the directory all its fingerprints have in common.
    depth: u32,
}

impl Segment {
    fn new(depth: u32, slots: usize) -> Self {
        Self {
            slots: vec![EMPTY; slots].into_boxed_slice(),
            used: 0,
            depth,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.used as usize
    }

    pub(super) fn into_fingerprints(self) -> impl Iterator<Item = Fingerprint> {
        self.slots.into_iter().filter(|&slot| slot != EMPTY)
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.slots) + size_of::<Self>()
    }

    /// Seven eighths may be used: there is always an empty slot, at which a search ends.
    fn has_room(&self) -> bool {
        (self.used as usize + 1) * 8 <= self.slots.len() * 7
    }

    /// Where it is, or where it would be.
    fn find(&self, fingerprint: Fingerprint) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = fingerprint as usize & mask;
        while self.slots[at] != EMPTY && self.slots[at] != fingerprint {
            at = (at + 1) & mask;
        }
        at
    }

    fn push(&mut self, fingerprint: Fingerprint) {
        let at = self.find(fingerprint);
        self.slots[at] = fingerprint;
        self.used += 1;
    }

    fn double(&mut self) {
        let larger = Self::new(self.depth, self.slots.len() * 2);
        let smaller = core::mem::replace(self, larger);
        for fingerprint in smaller.into_fingerprints() {
            self.push(fingerprint);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;

    use super::*;

    /// `SplitMix64` twice: bits that look random, the same in every run.
    fn fingerprints(count: usize) -> impl Iterator<Item = Fingerprint> {
        let mut state = 7_u64;
        let mut next = move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut word = state;
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            u128::from(word ^ (word >> 31))
        };
        (0..count).map(move |_| ((next() << 64) | next()).max(1))
    }

    #[test]
    fn what_was_put_is_there_at_every_size_and_nothing_else_is() {
        let mut table = Table::new();
        for (at, fingerprint) in fingerprints(20_000).enumerate() {
            assert!(!table.contains(fingerprint));
            assert_eq!(table.put(fingerprint), Put::Added, "number {at}");
            assert_eq!(table.put(fingerprint), Put::Present, "number {at}");
        }
        assert!(table.segments.len() > 16, "it was split");
        assert!(fingerprints(20_000).all(|fingerprint| table.contains(fingerprint)));
        assert!(
            !fingerprints(30_000)
                .skip(20_000)
                .any(|other| table.contains(other))
        );

        let kept: BTreeSet<_> = (table.into_segments().into_iter())
            .flat_map(Segment::into_fingerprints)
            .collect();
        assert_eq!(kept, fingerprints(20_000).collect());
    }

    #[test]
    fn fingerprints_that_the_directory_cannot_part_are_kept_all_the_same() {
        let mut table = Table::new();
        for low in 1..=5_000 {
            assert_eq!(table.put(low), Put::Added);
        }
        assert!((1..=5_000).all(|low| table.contains(low)));
        assert!(!table.contains(5_001));
    }

    #[test]
    fn a_table_is_never_larger_than_its_fingerprints_demand() {
        let mut table = Table::new();
        for (at, fingerprint) in fingerprints(100_000).enumerate() {
            let _ = table.put(fingerprint);
            if at > 1_000 {
                assert!(table.bytes() <= 42 * (at + 1), "{} at {at}", table.bytes());
            }
        }
    }
}
