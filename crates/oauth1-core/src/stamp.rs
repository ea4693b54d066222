//! Timestamp and nonce: what makes each signed request the only one of its kind
//! (RFC 5849 section 3.3).

use core::fmt;

use crate::{decimal::Decimal, value::Value};

#[cfg(feature = "os")]
mod os;
#[cfg(feature = "os")]
pub use os::RandomSourceError;

/// Seconds since 1970-01-01 00:00:00 UTC, positive (RFC 5849 section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Timestamp(u64);

impl Timestamp {
    /// From seconds since the epoch. Zero is representable, since a clock may show it, though no
    /// server accepts it.
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn unix_seconds(self) -> u64 {
        self.0
    }

    /// So many seconds later, or earlier where they are negative.
    #[must_use]
    pub const fn shifted(self, seconds: i64) -> Self {
        Self(self.0.saturating_add_signed(seconds))
    }

    /// From a value on the wire: digits only, positive, no sign, no space, no leading zero, no more
    /// than 64 bits.
    pub(crate) fn parse(value: Value<'_>) -> Option<Self> {
        // Twenty digits are the most that 64 bits take.
        let mut memory = [0; 20];
        let digits = match value.as_decoded() {
            Some(digits) => digits,
            None => value.decode_into(&mut memory)?,
        };
        let [b'1'..=b'9', ..] = digits else {
            return None;
        };
        let mut number = 0_u64;
        for digit in digits {
            let digit = digit.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
        }
        Some(Self(number))
    }

    #[inline]
    pub(crate) const fn decimal(self) -> Decimal {
        Decimal::new(self.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The most bytes a nonce made here has: enough for 160 bits in base 32.
const INLINE: usize = 32;

/// A text that is used once with a timestamp, a client and a token (RFC 5849 section 3.3).
///
/// Not `Clone`: a nonce is for one request. [`Nonce::from_bytes`] makes one from random bytes of the
/// caller's, [`Stamp::now`] (feature `os`) from those of the system.
pub struct Nonce<'a>(Text<'a>);

enum Text<'a> {
    Borrowed(&'a str),
    Inline { text: [u8; INLINE], len: u8 },
}

impl<'a> Nonce<'a> {
    /// A text of the caller's. It must never be used again with the same timestamp, client and
    /// token; many servers take only letters and digits, 20 to 30 of them.
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self(Text::Borrowed(text))
    }
}

impl Nonce<'static> {
    /// 24 letters and digits that stand for 120 random bits: as many as will do for ever, in a
    /// form that every server seen so far takes.
    #[must_use]
    pub fn from_bytes(random: [u8; 15]) -> Self {
        const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
        let mut text = [0; INLINE];
        for (group, letters) in random.chunks_exact(5).zip(text.chunks_exact_mut(8)) {
            let bits = group
                .iter()
                .fold(0_u64, |bits, &byte| (bits << 8) | u64::from(byte));
            for (at, letter) in letters.iter_mut().enumerate() {
                *letter = ALPHABET[(bits >> (35 - 5 * at) & 31) as usize];
            }
        }
        Self(Text::Inline { text, len: 24 })
    }
}

impl Nonce<'_> {
    /// The text as it goes into `oauth_nonce`, unencoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Borrowed(text) => text,
            // The alphabet is ASCII.
            Text::Inline { text, len } => {
                core::str::from_utf8(&text[..usize::from(*len)]).unwrap_or_default()
            }
        }
    }

    pub(crate) fn value(&self) -> Value<'_> {
        match &self.0 {
            Text::Borrowed(text) => Value::plain(*text),
            Text::Inline { text, len } => Value::scanned(
                &text[..usize::from(*len)],
                crate::value::Encoding::Plain,
                true,
            ),
        }
    }
}

impl fmt::Debug for Nonce<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({:?})", self.as_str())
    }
}

/// A timestamp and a nonce: what one signature, and only one, is made with.
///
/// Signing takes it by value and it cannot be cloned, so that a retry has to make another.
///
/// ```
/// use oauth1_core::{Nonce, Stamp, Timestamp};
///
/// let stamp = Stamp::new(Timestamp::from_unix_seconds(137_131_200), Nonce::new("wIjqoS"));
/// assert_eq!(stamp.nonce().as_str(), "wIjqoS");
/// ```
#[derive(Debug)]
pub struct Stamp<'a> {
    timestamp: Timestamp,
    nonce: Nonce<'a>,
}

impl<'a> Stamp<'a> {
    /// From a clock and a source of nonces of the caller's.
    #[must_use]
    pub const fn new(timestamp: Timestamp, nonce: Nonce<'a>) -> Self {
        Self { timestamp, nonce }
    }

    /// With a timestamp so many seconds later, or earlier where they are negative: for a clock that
    /// is known to be off.
    #[must_use]
    pub fn shifted(self, seconds: i64) -> Self {
        Self {
            timestamp: self.timestamp.shifted(seconds),
            ..self
        }
    }

    /// When the request is made.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// What tells it from others of that second.
    #[must_use]
    pub const fn nonce(&self) -> &Nonce<'a> {
        &self.nonce
    }
}

/// The stamp that a request was signed with: to be looked at, not to be used again.
///
/// ```compile_fail
/// # use oauth1_core::*;
/// # fn f(signer: &Signer<'_, HmacSha1>, view: &RequestView<'_>, used: UsedStamp<'static>) {
/// signer.authorization(view, used); // expected `Stamp`, found `UsedStamp`
/// # }
/// ```
#[derive(Debug)]
pub struct UsedStamp<'a>(pub(crate) Stamp<'a>);

impl UsedStamp<'_> {
    /// The `oauth_timestamp` that was sent.
    #[must_use]
    pub const fn timestamp(&self) -> Timestamp {
        self.0.timestamp
    }

    /// The `oauth_nonce` that was sent.
    #[must_use]
    pub fn nonce(&self) -> &str {
        self.0.nonce.as_str()
    }
}

#[cfg(test)]
mod tests;
