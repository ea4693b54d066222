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
    let (high, low) = (HEX_VALUE[high as usize], HEX_VALUE[low as usize]);
    ((high | low) < 16).then_some(high << 4 | low)
}

/// How many bytes at the start need no encoding.
#[inline]
pub(crate) fn unreserved_prefix(bytes: &[u8]) -> usize {
    class::scan(bytes, class::RESERVED).0
}

/// The values of hexadecimal digits in either case; more than 15 for what is none.
static HEX_VALUE: [u8; 256] = {
    let mut table = [0xFF; 256];
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

/// What a byte becomes when it is encoded. It is written as a whole, and what is too much of it is
/// written over by what comes next.
pub(crate) mod form {
    use super::{escape, is_unreserved};

    /// The text, and its length in the last byte.
    #[derive(Clone, Copy)]
    pub(crate) struct Form<const N: usize>([u8; N]);

    impl<const N: usize> Form<N> {
        /// All of it.
        #[inline]
        pub(crate) const fn bytes(self) -> [u8; N] {
            self.0
        }

        /// How many bytes of it are the text.
        #[inline]
        pub(crate) const fn len(self) -> usize {
            self.0[N - 1] as usize
        }
    }

    /// Whether there is room for tables; elsewhere each form is made when it is needed.
    const TABLES: bool = cfg!(target_pointer_width = "64");

    /// Encoded once: up to three bytes.
    #[inline]
    pub(crate) fn once(byte: u8) -> Form<4> {
        static TABLE: [Form<4>; 256] = table!(make_once);
        if TABLES {
            TABLE[byte as usize]
        } else {
            make_once(byte)
        }
    }

    /// Encoded twice, as in a base string: up to five bytes.
    #[inline]
    pub(crate) fn twice(byte: u8) -> Form<8> {
        static TABLE: [Form<8>; 256] = table!(make_twice);
        if TABLES {
            TABLE[byte as usize]
        } else {
            make_twice(byte)
        }
    }

    const fn make_once(byte: u8) -> Form<4> {
        if is_unreserved(byte) {
            return Form([byte, 0, 0, 1]);
        }
        let [percent, high, low] = escape(byte);
        Form([percent, high, low, 3])
    }

    const fn make_twice(byte: u8) -> Form<8> {
        if is_unreserved(byte) {
            return Form([byte, 0, 0, 0, 0, 0, 0, 1]);
        }
        // An escape is a "%", which is encoded, and two digits, which are not.
        let [_, high, low] = escape(byte);
        Form([b'%', b'2', b'5', high, low, 0, 0, 5])
    }

    macro_rules! table {
        ($make:ident) => {{
            let mut table = [$make(0); 256];
            let mut byte = 0_u8;
            loop {
                table[byte as usize] = $make(byte);
                if byte == 255 {
                    break table;
                }
                byte += 1;
            }
        }};
    }
    use table;
}

/// What a byte means to the scanners: one table, so that one look-up answers all questions.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a test with branches does not become one of vectors"
)]
pub(crate) mod class {
    /// Needs encoding (RFC 5849 section 3.6).
    pub(crate) const RESERVED: u8 = 1;
    /// `&`, between two pairs of a form.
    pub(crate) const AMPERSAND: u8 = 2;
    /// `=`, between name and value of a form.
    pub(crate) const EQUALS: u8 = 4;
    /// `%`, which may start an escape.
    pub(crate) const PERCENT: u8 = 8;
    /// Ends the content of a quoted string, or must not stand there: `"`, `\`, control characters.
    pub(crate) const UNQUOTED: u8 = 16;
    /// May not stand in a `token` of RFC 9110 section 5.6.2.
    pub(crate) const NO_TOKEN: u8 = 32;
    /// Ends a path, or must not stand in one: `?`, `#`, white space, control characters.
    pub(crate) const NO_PATH: u8 = 64;
    /// An upper-case letter.
    pub(crate) const UPPER: u8 = 128;

    pub(crate) static OF: [u8; 256] = table();

    const fn table() -> [u8; 256] {
        let mut table = [RESERVED | NO_TOKEN; 256];
        let mut byte = 0;
        while byte < 256 {
            #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
            let b = byte as u8;
            table[byte] = match b {
                b'A'..=b'Z' => UPPER,
                b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => 0,
                b'&' => RESERVED | AMPERSAND,
                b'=' => RESERVED | EQUALS | NO_TOKEN,
                b'%' => RESERVED | PERCENT,
                b'!' | b'$' | b'\'' | b'*' | b'+' | b'^' | b'`' | b'|' => RESERVED,
                b'#' => RESERVED | NO_PATH,
                b'?' | b' ' => RESERVED | NO_TOKEN | NO_PATH,
                b'"' | b'\\' => RESERVED | NO_TOKEN | UNQUOTED,
                0..=31 | 127 => RESERVED | NO_TOKEN | NO_PATH | UNQUOTED,
                _ => RESERVED | NO_TOKEN,
            };
            byte += 1;
        }
        table
    }

    /// How many bytes stand before the first whose class has one of the bits of `stop`, and the classes
    /// of those bytes, together.
    #[inline]
    pub(crate) fn scan(bytes: &[u8], stop: u8) -> (usize, u8) {
        let mut seen = 0;
        let mut rest = bytes;
        // Four at a time: a name or a value is seldom longer than a few of these.
        while let [a, b, c, d, after @ ..] = rest {
            let (a, b, c, d) = (of(*a), of(*b), of(*c), of(*d));
            let all = a | b | c | d;
            if all & stop == 0 {
                seen |= all;
                rest = after;
                continue;
            }
            let at = bytes.len() - rest.len();
            return if a & stop != 0 {
                (at, seen)
            } else if b & stop != 0 {
                (at + 1, seen | a)
            } else if c & stop != 0 {
                (at + 2, seen | a | b)
            } else {
                (at + 3, seen | a | b | c)
            };
        }
        while let [byte, after @ ..] = rest {
            let class = of(*byte);
            if class & stop != 0 {
                break;
            }
            seen |= class;
            rest = after;
        }
        (bytes.len() - rest.len(), seen)
    }

    /// Whether no byte needs encoding.
    pub(crate) fn all_unreserved(bytes: &[u8]) -> bool {
        if bytes.len() < 8 || !VECTORS {
            bytes.iter().fold(0, |seen, &byte| seen | of(byte)) & RESERVED == 0
        } else {
            !any(bytes, |byte| !unreserved(byte))
        }
    }

    /// What the table says of [`RESERVED`], by arithmetic: for [`any`].
    #[inline]
    pub(crate) const fn unreserved(byte: u8) -> bool {
        // From "-" to "9" all but "/" are unreserved.
        let low = byte.wrapping_sub(b'-');
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        letter | ((low < 13) & (low != 2)) | (byte == b'_') | (byte == b'~')
    }

    /// The same, or a slash.
    #[inline]
    pub(crate) const fn in_clean_path(byte: u8) -> bool {
        unreserved(byte) | (byte == b'/')
    }

    /// What the table says of [`NO_PATH`], and what is not ASCII.
    #[inline]
    pub(crate) const fn ends_path(byte: u8) -> bool {
        (byte.wrapping_sub(b'!') > b'~' - b'!') | (byte == b'#') | (byte == b'?')
    }

    /// Whether the target is one whose compilers make vectors; elsewhere the table is smaller and not
    /// slower.
    const VECTORS: bool = cfg!(target_pointer_width = "64");

    /// Whether a byte passes `test`. Sixteen are looked at at a time: a test that is arithmetic, no
    /// look-up and no branch, becomes one of vectors.
    #[inline]
    pub(crate) fn any(bytes: &[u8], test: impl Fn(u8) -> bool + Copy) -> bool {
        if !VECTORS {
            return bytes.iter().any(|&byte| test(byte));
        }
        let (sixteens, rest) = bytes.as_chunks::<16>();
        if sixteens.iter().any(|sixteen| any_of(sixteen, test)) {
            return true;
        }
        // What is left, with some of what stands before it.
        if let Some(last) = bytes.last_chunk::<16>() {
            return !rest.is_empty() && any_of(last, test);
        }
        match (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
            (Some(first), Some(last)) => any_of(first, test) | any_of(last, test),
            _ => rest.iter().any(|&byte| test(byte)),
        }
    }

    /// How many bytes at the start can be stepped over, because none of them passes `test`; not
    /// always all of them.
    #[inline]
    pub(crate) fn skip(bytes: &[u8], test: impl Fn(u8) -> bool + Copy) -> usize {
        if !VECTORS {
            return 0;
        }
        let (sixteens, rest) = bytes.as_chunks::<16>();
        for (at, sixteen) in sixteens.iter().enumerate() {
            if any_of(sixteen, test) {
                return at * 16;
            }
        }
        match bytes.last_chunk::<16>() {
            Some(last) if !any_of(last, test) => bytes.len(),
            _ => bytes.len() - rest.len(),
        }
    }

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call would keep the test from the loop"
    )]
    fn any_of<const N: usize>(bytes: &[u8; N], test: impl Fn(u8) -> bool) -> bool {
        bytes
            .iter()
            .fold(0, |any, &byte| any | u8::from(test(byte)))
            != 0
    }

    const WORD: usize = size_of::<usize>();
    const ONES: usize = usize::MAX / 255;
    const HIGHS: usize = ONES << 7;

    /// A bit for each byte of `word` that is `ascii`, of which the lowest is right: those above it
    /// may be for nothing.
    #[inline]
    const fn equal(word: usize, ascii: u8) -> usize {
        (word ^ (ONES * ascii as usize)).wrapping_sub(ONES) & !word & HIGHS
    }

    /// Where the first byte from `at` on stands that is `a` or `b`, which are ASCII, or the end.
    #[inline]
    pub(crate) fn find(bytes: &[u8], at: usize, a: u8, b: u8) -> usize {
        let in_word = |word| equal(word, a) | equal(word, b);
        find_by(bytes, at, in_word, |byte| byte == a || byte == b)
    }

    /// A word at a time: it takes few instructions to learn where in it the first one stands.
    #[inline]
    fn find_by(
        bytes: &[u8],
        mut at: usize,
        in_word: impl Fn(usize) -> usize,
        test: impl Fn(u8) -> bool,
    ) -> usize {
        while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk::<WORD>) {
            let found = in_word(usize::from_le_bytes(*word));
            if found != 0 {
                return at + found.trailing_zeros() as usize / 8;
            }
            at += WORD;
        }
        while bytes.get(at).is_some_and(|&byte| !test(byte)) {
            at += 1;
        }
        at
    }

    #[inline]
    pub(crate) fn of(byte: u8) -> u8 {
        OF[byte as usize]
    }
}

#[cfg(test)]
mod tests;
