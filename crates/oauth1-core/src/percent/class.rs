//! What a byte means to the scanners: one table, so that one look-up answers all questions.

#![expect(
    clippy::needless_bitwise_bool,
    reason = "a test with branches does not become one of vectors"
)]

use core::cmp::min;

/// Needs encoding (RFC 5849 section 3.6).
pub(crate) const RESERVED: u8 = 1;
/// Ends the content of a quoted string, or must not stand there: `"`, `\`, control characters.
pub(crate) const UNQUOTED: u8 = 2;
/// May not stand in a `token` of RFC 9110 section 5.6.2.
pub(crate) const NO_TOKEN: u8 = 4;
/// Ends a path, or must not stand in one: `?`, `#`, white space, control characters.
pub(crate) const NO_PATH: u8 = 8;
/// An upper-case letter.
pub(crate) const UPPER: u8 = 16;

pub(crate) static OF: [u8; 256] = table();

const fn table() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "the loop ends at 256")]
        let b = byte as u8;
        table[byte] = match b {
            b'A'..=b'Z' => UPPER,
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => 0,
            b'!' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'^' | b'`' | b'|' => RESERVED,
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

/// How many bytes at the start need no encoding, and the one behind them, or `end` where there is none.
#[inline(always)]
#[expect(clippy::inline_always, reason = "names and values are short")]
pub(crate) fn clean_prefix(bytes: &[u8], end: u8) -> (usize, u8) {
    let mut rest = bytes;
    // Eight at a time, so that nothing is counted while they are looked at.
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        for (at, &byte) in eight.iter().enumerate() {
            if of(byte) & RESERVED != 0 {
                return (bytes.len() - rest.len() + at, byte);
            }
        }
        rest = after;
    }
    while let [byte, after @ ..] = rest {
        if of(*byte) & RESERVED != 0 {
            return (bytes.len() - rest.len(), *byte);
        }
        rest = after;
    }
    (bytes.len(), end)
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

/// What the table says of [`NO_PATH`], and what is not ASCII.
#[inline]
pub(crate) fn ends_path(byte: u8) -> bool {
    // Zero for what it is looked for: fewer vectors than comparisons have.
    let visible = (b'~' - b' ').saturating_sub(byte.wrapping_sub(b'!'));
    min(visible, min(byte ^ b'#', byte ^ b'?')) == 0
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
    let left = bytes.len().saturating_sub(at);
    if let Some(last) = bytes.last_chunk::<WORD>().filter(|_| left > 0) {
        // Of the last word, what was looked at already is pushed out; the zeros that come in are nothing.
        let found = in_word(usize::from_le_bytes(*last) >> (8 * (WORD - left)));
        return bytes.len().min(at + found.trailing_zeros() as usize / 8);
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
