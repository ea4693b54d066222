//! Numbers in decimal digits, without a heap.

/// A number in decimal digits, without a heap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal {
    /// The last 20 are used: a power of two spares the check of a bound.
    digits: [u8; 32],
    start: u8,
}

/// Whether there is flash for a second way to write numbers.
const PAIRS: bool = cfg!(target_pointer_width = "64");

impl Decimal {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "what is left fits")]
    pub(crate) const fn new(mut number: u64) -> Self {
        /// Where the number with ten digits starts.
        const TEN: usize = 32 - 10;

        let mut digits = [b'0'; 32];
        let mut at = 32;
        if PAIRS && number >= 1_000_000_000 && number <= u32::MAX as u64 {
            // The time until the year 2106: two digits at a time, in the cheaper division.
            let mut rest = number as u32;
            while at > TEN {
                let pair = rest % 100;
                rest /= 100;
                at -= 2;
                // A tenth of what is below 100, by a multiplication that fits.
                let tens = (pair * 103) >> 10;
                digits[at] = b'0' + tens as u8;
                digits[at + 1] = b'0' + (pair - 10 * tens) as u8;
            }
        } else {
            loop {
                at -= 1;
                digits[at & 31] = b'0' + (number % 10) as u8;
                number /= 10;
                if number == 0 {
                    break;
                }
            }
        }
        Self {
            digits,
            start: at as u8,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.digits[usize::from(self.start)..]
    }
}

#[cfg(test)]
mod tests;
