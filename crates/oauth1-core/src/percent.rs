//! Percent-encoding as RFC 5849 section 3.6 has it, on bytes.
//!
//! Only `A`-`Z`, `a`-`z`, `0`-`9`, `-`, `.`, `_` and `~` stay as they are; every other byte becomes
//! `%` and two upper-case hexadecimal digits. A space is `%20`, never `+`. Text is encoded as the
//! bytes of its UTF-8 form.
//!
//! ```
//! use oauth1_core::percent;
//!
//! assert_eq!(percent::encode("Ladies + Gentlemen").to_string(), "Ladies%20%2B%20Gentlemen");
//! assert_eq!(percent::encode("☃").to_string(), "%E2%98%83");
//! ```

use core::fmt;

use crate::sink::Sink;

pub(crate) mod class;
pub(crate) mod form;

/// Whether a byte is `unreserved` in the sense of RFC 5849 section 3.6 and so is never encoded.
#[must_use]
pub const fn is_unreserved(byte: u8) -> bool {
    class::OF[byte as usize] & class::RESERVED == 0
}

/// Encodes `bytes`; what comes back can be displayed, or written into a [`Sink`].
pub fn encode<T: AsRef<[u8]> + ?Sized>(bytes: &T) -> Encode<'_> {
    Encode {
        bytes: bytes.as_ref(),
    }
}

/// Bytes that show percent-encoded (RFC 5849 section 3.6). Made by [`encode`].
#[derive(Clone, Copy, Debug)]
pub struct Encode<'a> {
    bytes: &'a [u8],
}

impl Encode<'_> {
    /// Writes the encoded form into `sink`.
    pub fn write_to<S: Sink + ?Sized>(&self, sink: &mut S) {
        let mut rest = self.bytes;
        while let Some((&byte, after)) = rest.split_first() {
            let clean = unreserved_prefix(rest);
            if clean > 0 {
                sink.put(&rest[..clean]);
                rest = &rest[clean..];
            } else {
                sink.put(&escape(byte));
                rest = after;
            }
        }
    }
}

impl fmt::Display for Encode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Adapter<'f, 'g>(&'f mut fmt::Formatter<'g>, fmt::Result);
        impl Sink for Adapter<'_, '_> {
            fn put(&mut self, bytes: &[u8]) {
                // What `write_to` gives is ASCII.
                if let (Ok(()), Ok(text)) = (self.1, core::str::from_utf8(bytes)) {
                    self.1 = self.0.write_str(text);
                }
            }
        }
        let mut adapter = Adapter(f, Ok(()));
        self.write_to(&mut adapter);
        adapter.1
    }
}

/// The escape of one byte: `%` and two upper-case digits.
#[inline]
pub(crate) const fn escape(byte: u8) -> [u8; 3] {
    [b'%', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]
}

/// The byte that an escape at the start of `bytes` stands for, digits in either case.
#[inline]
pub(crate) fn unescape(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = *bytes else {
        return None;
    };
    unescape_digits(high, low)
}

/// The same from the two characters behind the `%`.
#[inline]
pub(crate) fn unescape_digits(high: u8, low: u8) -> Option<u8> {
    let value = HEX_VALUE[high as usize] << 4 | HEX_VALUE[low as usize];
    u8::try_from(value).ok()
}

/// How many bytes at the start need no encoding.
#[inline]
pub(crate) fn unreserved_prefix(bytes: &[u8]) -> usize {
    class::scan(bytes, class::RESERVED).0
}

/// The values of hexadecimal digits in either case; what is none has one that no byte has, as the first
/// digit and as the second.
static HEX_VALUE: [u16; 256] = {
    let mut table = [0x100; 256];
    let mut value = 0;
    while value < 16 {
        let digit = HEX[value as usize];
        table[digit as usize] = value;
        table[digit.to_ascii_lowercase() as usize] = value;
        value += 1;
    }
    table
};

pub(crate) const HEX: &[u8; 16] = b"0123456789ABCDEF";

#[cfg(test)]
mod tests;
