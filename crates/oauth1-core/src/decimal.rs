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
    #[expect(clippy::cast_possible_truncation, reason = "what is left fits")]
    pub(crate) const fn new(mut number: u64) -> Self {
        let mut decimal = Self {
            digits: [b'0'; 32],
            start: 32,
        };
        while number > u32::MAX as u64 {
            decimal.push(b'0' + (number % 10) as u8);
            number /= 10;
        }
        // The time until the year 2106: in the cheaper division, and two digits with each.
        let mut number = number as u32;
        while number >= 100 {
            let pair = PAIRS[(number % 100) as usize];
            number /= 100;
            decimal.push(pair[1]);
            decimal.push(pair[0]);
        }
        let pair = PAIRS[number as usize];
        decimal.push(pair[1]);
        if number >= 10 {
            decimal.push(pair[0]);
        }
        decimal
    }

    #[inline]
    const fn push(&mut self, digit: u8) {
        self.start -= 1;
        self.digits[self.start as usize & 31] = digit;
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.digits[usize::from(self.start)..]
    }
}
