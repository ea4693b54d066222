//! The order in which parameters are signed (RFC 5849 section 3.4.1.3.2).

use core::cmp::Ordering;

use self::links::{DIGITS, MOST};
use super::{Slot, Sources};

mod links;

/// As few as that are sorted by insertion.
const FEW: usize = 24;

impl Sources<'_> {
    /// Sorts as section 3.4.1.3.2 says: by encoded name, then by encoded value, bytes compared.
    pub(crate) fn sort(&self, slots: &mut [Slot]) {
        if cfg!(target_pointer_width = "32") {
            // Where flash and stack are small, requests are too.
            slots.sort_unstable_by(|a, b| self.compare(a, b));
        } else if slots.len() <= FEW {
            self.insert(slots);
        } else if slots.len() <= MOST {
            links::sort(slots);
            self.order_equal_keys(slots);
        } else {
            self.distribute(slots);
        }
    }

    /// Each where it belongs among those before it.
    fn insert(&self, slots: &mut [Slot]) {
        for end in 1..slots.len() {
            let slot = slots[end];
            let mut at = end;
            while at > 0 && self.compare(&slot, &slots[at - 1]).is_lt() {
                slots[at] = slots[at - 1];
                at -= 1;
            }
            slots[at] = slot;
        }
    }

    /// More than there are links for: by the first byte in which the keys differ, in place, and then those
    /// that have it in common. A key has eight bytes, so that this calls itself no more than eight times.
    fn distribute(&self, slots: &mut [Slot]) {
        let first = slots.first().map_or(0, Slot::key);
        let differing = slots
            .iter()
            .fold(0, |bits, slot| bits | (slot.key() ^ first));
        if differing == 0 {
            return slots.sort_unstable_by(|a, b| self.compare_text(a, b));
        }
        let shift = 56 - differing.leading_zeros() / 8 * 8;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "of the key one byte is taken"
        )]
        let digit = |slot: &Slot| (slot.key() >> shift) as usize % DIGITS;
        let mut ends = [0; DIGITS];
        for slot in &*slots {
            ends[digit(slot)] += 1;
        }
        // Where the next one with that digit goes.
        let mut next = [0; DIGITS];
        let mut sum = 0;
        for (next, end) in next.iter_mut().zip(&mut ends) {
            *next = sum;
            sum += *end;
            *end = sum;
        }
        let mut start = 0;
        for (at, &end) in ends.iter().enumerate() {
            while next[at] < end {
                let mut slot = slots[next[at]];
                // Each finds the one that stands in its place, until one belongs where the first was.
                loop {
                    let digit = digit(&slot);
                    if digit == at {
                        break;
                    }
                    slot = core::mem::replace(&mut slots[next[digit]], slot);
                    next[digit] += 1;
                }
                slots[next[at]] = slot;
                next[at] += 1;
            }
            if end - start > 1 {
                self.sort(&mut slots[start..end]);
            }
            start = end;
        }
    }

    /// What is left once the keys are in order: the text behind them.
    fn order_equal_keys(&self, slots: &mut [Slot]) {
        let mut rest = slots;
        let same = |pair: &[Slot]| pair[0].key() == pair[1].key();
        while let Some(start) = rest.windows(2).position(same) {
            let more = rest[start..]
                .windows(2)
                .take_while(|pair| same(pair))
                .count();
            let (equal, after) = rest[start..].split_at_mut(1 + more);
            if equal.len() <= FEW {
                self.insert(equal);
            } else {
                equal.sort_unstable_by(|a, b| self.compare_text(a, b));
            }
            rest = after;
        }
    }

    fn compare(&self, a: &Slot, b: &Slot) -> Ordering {
        match a.key().cmp(&b.key()) {
            Ordering::Equal => self.compare_text(a, b),
            order => order,
        }
    }

    /// The order of two parameters whose names begin with the same eight bytes.
    #[inline(never)]
    fn compare_text(&self, a: &Slot, b: &Slot) -> Ordering {
        let names = if a.key_is_whole_name() {
            Ordering::Equal
        } else {
            self.name(a).cmp_encoded(&self.name(b))
        };
        names.then_with(|| self.value(a).cmp_encoded(&self.value(b)))
    }
}
