//! Sorting slots by their keys, by the bytes of these and without a comparison.

#![expect(
    clippy::cast_possible_truncation,
    reason = "a link is less than 2,048, and of a key one byte is taken"
)]

use core::array;

use super::Slot;

/// As many slots as there are links for.
pub(super) const MOST: usize = LINKS - DIGITS;

/// Encoded text is ASCII.
pub(super) const DIGITS: usize = 128;

/// A power of two, so that a mask is all that a bound takes.
const LINKS: usize = 2048;

/// The order of slots that stand in another: what is moved while they are sorted is a link of two bytes.
struct Links {
    /// For each slot the one behind it; above these, for each digit the first slot of those that have it.
    next: [u16; LINKS],
}

/// Sorts no more than [`MOST`] slots by their keys: by each byte in which these differ, from the last to the
/// first, keeping the order of what has that byte in common.
pub(super) fn sort(slots: &mut [Slot]) {
    let first = slots.first().map_or(0, Slot::key);
    let differing = slots
        .iter()
        .fold(0, |bits, slot| bits | (slot.key() ^ first));
    let mut links = Links { next: [0; LINKS] };
    for (link, behind) in links.next.iter_mut().zip(1..) {
        *link = behind;
    }
    let mut first = 0;
    for shift in (0..u64::BITS).step_by(8) {
        // A bit that all have in common does not change the order.
        let bits = (differing >> shift) as usize % DIGITS;
        if bits != 0 {
            first = links.distribute(slots, first, shift, bits);
        }
    }
    links.apply(slots, first);
}

impl Links {
    /// From the order that begins with `first`, the one by some bits of a byte of the keys; what that begins
    /// with.
    #[inline]
    fn distribute(&mut self, slots: &[Slot], first: u16, shift: u32, bits: usize) -> u16 {
        // An empty list ends where it begins.
        let mut ends: [u16; DIGITS] = array::from_fn(|digit| (MOST + digit) as u16);
        let mut at = first;
        for _ in 0..slots.len() {
            let here = usize::from(at) % LINKS;
            let Some(slot) = slots.get(here) else { break };
            let end = &mut ends[(slot.key() >> shift) as usize & (bits % DIGITS)];
            self.next[usize::from(*end) % LINKS] = at;
            *end = at;
            at = self.next[here];
        }
        // One list behind the other: the last first, so that each is put before those that are there.
        let mut first = 0;
        for digit in (0..=bits % DIGITS).rev() {
            let (list, end) = (MOST + digit, usize::from(ends[digit]));
            if end != list {
                self.next[end % LINKS] = first;
                first = self.next[list];
            }
        }
        first
    }

    /// Puts the slots in their order (Knuth, The Art of Computer Programming, volume 3, section 5.2,
    /// exercise 12): a link from a place that is taken leads to where that slot has gone.
    #[inline]
    fn apply(&mut self, slots: &mut [Slot], first: u16) {
        let mut next = usize::from(first) % LINKS;
        for place in 0..slots.len().min(LINKS) {
            let mut at = next;
            while at < place {
                at = usize::from(self.next[at]) % LINKS;
            }
            if at >= slots.len() {
                break;
            }
            next = usize::from(self.next[at]) % LINKS;
            self.next[at] = self.next[place];
            self.next[place] = at as u16;
            slots.swap(place, at);
        }
    }
}
