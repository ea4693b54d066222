//! Numbers in decimal digits, without a heap.

/// A number in decimal digits, without a heap.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal {
    /// The last 20 are used: a power of two spares the check of a bound.
    digits: [u8; 32],
    start: u8,
}

/// The decimal digits of 0 to 99.
#[expect(clippy::cast_possible_truncation, reason = "digits are below ten")]
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut at = 0;
    while at < 100 {
        pairs[at] = [b'0' + (at / 10) as u8, b'0' + (at % 10) as u8];
        at += 1;
    }
    pairs
};

impl Decimal {
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "what is left fits")]
    pub(crate) const fn new(mut number: u64) -> Self {
        let mut digits = [b'0'; 32];
        let mut end = 32_usize;
        while number > u32::MAX as u64 {
            end -= 1;
            digits[end & 31] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        // The time until the year 2106: in the cheaper division, and two digits with each.
        let number = number as u32;
        let len = match number.checked_ilog10() {
            Some(power) => power as usize + 1,
            None => 1,
        };
        let (mut rest, mut at) = (number, end);
        while rest > 0 {
            let pair = PAIRS[(rest % 100) as usize];
            rest /= 100;
            digits[(at - 1) & 31] = pair[1];
            digits[(at - 2) & 31] = pair[0];
            at -= 2;
        }
        Self {
            digits,
            start: (end - len) as u8,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.digits[usize::from(self.start)..]
    }
}
