//! Names and values of parameters, as they stand in their source.

#[cfg(feature = "alloc")]
use alloc::{borrow::Cow, string::String, vec::Vec};
use core::{cmp::Ordering, fmt};

use crate::percent::{class, form, unescape};

/// How the bytes of a [`Value`] stand for what they mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// As they are.
    Plain,
    /// Percent-encoded (RFC 5849 section 3.6): the `Authorization` header.
    Percent,
    /// Percent-encoded, with `+` for a space: a query or a form (section 3.4.1.3.1).
    Form,
}

/// A name or a value, borrowed from where it stands and decoded when it is looked at.
///
/// Values are bytes: nothing says that `%FF` is text. An escape that is broken (`%2`, `%zz`) is read
/// as the characters that stand there; verification refuses it before it comes to that.
///
/// ```
/// use oauth1_core::Value;
///
/// let value = Value::form(b"r%20b+c");
/// assert!(value == "r b c");
/// assert_eq!(value.to_string_lossy(), "r b c");
/// ```
#[derive(Clone, Copy)]
pub struct Value<'a> {
    raw: &'a [u8],
    encoding: Encoding,
    /// Nothing in `raw` is encoded, nor would be: `raw` is all three of raw, decoded and encoded.
    clean: bool,
}

impl<'a> Value<'a> {
    /// Bytes that stand for themselves.
    pub fn plain<T: AsRef<[u8]> + ?Sized>(bytes: &'a T) -> Self {
        Self::new(bytes.as_ref(), Encoding::Plain)
    }

    /// A piece of the `Authorization` header, percent-encoded.
    #[must_use]
    pub fn percent(raw: &'a [u8]) -> Self {
        Self::new(raw, Encoding::Percent)
    }

    /// A piece of a query or a form.
    #[must_use]
    pub fn form(raw: &'a [u8]) -> Self {
        Self::new(raw, Encoding::Form)
    }

    fn new(raw: &'a [u8], encoding: Encoding) -> Self {
        Self {
            raw,
            encoding,
            clean: class::all_unreserved(raw),
        }
    }

    /// A name that the compiler may know, and then knows whether it needs encoding.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "what is looked at elsewhere is not known"
    )]
    pub(crate) fn plain_inline(name: &'a str) -> Self {
        let clean = name.bytes().all(class::unreserved);
        Self::scanned(name.as_bytes(), Encoding::Plain, clean)
    }

    /// Text of ours that needs no encoding.
    #[inline]
    pub(crate) const fn constant(text: &'static str) -> Value<'static> {
        Value::scanned(text.as_bytes(), Encoding::Plain, true)
    }

    /// For a scanner that has looked at every byte already.
    #[inline]
    pub(crate) const fn scanned(raw: &'a [u8], encoding: Encoding, clean: bool) -> Self {
        Self {
            raw,
            encoding,
            clean,
        }
    }

    /// The bytes as they stand in the source, still encoded.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// How [`raw`](Self::raw) is encoded.
    #[must_use]
    pub const fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether there is nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }

    /// Whether decoding and encoding both leave the raw bytes as they are.
    #[inline]
    pub(crate) const fn is_clean(&self) -> bool {
        self.clean
    }

    /// The decoded bytes, one after the other.
    #[must_use]
    pub fn bytes(&self) -> Bytes<'a> {
        Bytes {
            rest: self.raw,
            // Nothing is to be decoded in what is clean.
            encoding: if self.clean {
                Encoding::Plain
            } else {
                self.encoding
            },
        }
    }

    /// How many bytes there are once decoded.
    #[must_use]
    pub fn len(&self) -> usize {
        match self.as_decoded() {
            Some(decoded) => decoded.len(),
            None => self.bytes().count(),
        }
    }

    /// The decoded bytes, where they stand in the source just so.
    #[must_use]
    pub fn as_decoded(&self) -> Option<&'a [u8]> {
        (self.clean || self.encoding == Encoding::Plain).then_some(self.raw)
    }

    /// Decodes into memory of the caller's: `None` if it is too small.
    pub fn decode_into<'b>(&self, memory: &'b mut [u8]) -> Option<&'b [u8]> {
        if let Some(decoded) = self.as_decoded() {
            let room = memory.get_mut(..decoded.len())?;
            room.copy_from_slice(decoded);
            return Some(room);
        }
        let plus = if self.encoding == Encoding::Form {
            b'+'
        } else {
            b'%'
        };
        let (mut rest, mut filled) = (self.raw, 0);
        loop {
            // By runs of bytes that stand for themselves.
            let (run, after) = rest.split_at(class::find(rest, 0, b'%', plus));
            let end = filled + run.len();
            memory.get_mut(filled..end)?.copy_from_slice(run);
            let [byte, behind @ ..] = after else {
                return memory.get(..end);
            };
            let (decoded, behind) = match unescape(after) {
                Some(decoded) => (decoded, &after[3..]),
                None if *byte == b'+' => (b' ', behind),
                None => (*byte, behind),
            };
            *memory.get_mut(end)? = decoded;
            (rest, filled) = (behind, end + 1);
        }
    }

    /// The decoded bytes, borrowed where possible.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_bytes(self) -> Cow<'a, [u8]> {
        match self.as_decoded() {
            Some(decoded) => Cow::Borrowed(decoded),
            None => Cow::Owned(self.bytes().collect::<Vec<u8>>()),
        }
    }

    /// The decoded text, or `None` where the bytes are not UTF-8.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_str(self) -> Option<Cow<'a, str>> {
        match self.to_bytes() {
            Cow::Borrowed(bytes) => core::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        }
    }

    /// The decoded text, with U+FFFD for what is not UTF-8.
    #[cfg(feature = "alloc")]
    #[must_use]
    pub fn to_string_lossy(self) -> String {
        String::from_utf8_lossy(&self.to_bytes()).into_owned()
    }

    /// Whether it stands for a constant text: compared in line, since its length is known.
    #[inline]
    pub(crate) fn is<const N: usize>(&self, text: &[u8; N]) -> bool {
        if self.clean {
            self.raw == text
        } else {
            *self == text[..]
        }
    }

    /// The order of section 3.4.1.3.2: that of the encoded bytes.
    pub(crate) fn cmp_encoded(&self, other: &Self) -> Ordering {
        if self.clean && other.clean {
            return self.raw.cmp(other.raw);
        }
        let (mut these, mut those) = (self.bytes(), other.bytes());
        if these.encoding == those.encoding {
            let pairs = these.rest.iter().zip(those.rest);
            let mut same = pairs.take_while(|(this, that)| this == that).count();
            // Not from the middle of an escape.
            let before = &these.rest[same.saturating_sub(2)..same];
            if let Some(at) = before.iter().position(|&byte| byte == b'%') {
                same = same - before.len() + at;
            }
            (these.rest, those.rest) = (&these.rest[same..], &those.rest[same..]);
        }
        loop {
            match (these.next(), those.next()) {
                // What two different bytes are encoded as differs before the shorter one ends.
                (Some(this), Some(that)) if this != that => {
                    return form::once(this).bytes().cmp(&form::once(that).bytes());
                }
                (Some(_), Some(_)) => {}
                (this, that) => return this.is_some().cmp(&that.is_some()),
            }
        }
    }

    /// The first eight bytes of the encoded form, as a number that sorts as they do.
    #[inline]
    pub(crate) fn sort_key(&self) -> u64 {
        if self.clean {
            return prefix_key(self.raw);
        }
        let (mut key, mut bits) = (0, 0);
        for byte in self.bytes() {
            let form = form::once(byte);
            let [a, b, c, _] = form.bytes();
            key |= u64::from_be_bytes([a, b, c, 0, 0, 0, 0, 0]) >> bits;
            bits += 8 * form.len();
            if bits >= 64 {
                break;
            }
        }
        key
    }
}

/// The first eight of `bytes` as a big-endian number, filled up with zeros. Encoded text holds no
/// zero byte, so a key with a zero at its end is a whole name, and a prefix sorts first.
#[inline]
pub(crate) const fn prefix_key(bytes: &[u8]) -> u64 {
    if let Some(head) = bytes.first_chunk::<8>() {
        return u64::from_be_bytes(*head);
    }
    let mut key = 0;
    let mut at = 0;
    while at < bytes.len() {
        key |= (bytes[at] as u64) << (56 - 8 * at);
        at += 1;
    }
    key
}

/// The same of the first `len` bytes of a text: where it has eight, the key is cut from them.
#[inline]
pub(crate) fn prefix_key_of(text: &[u8], len: usize) -> u64 {
    match text.first_chunk::<8>() {
        Some(head) if len < 8 => u64::from_be_bytes(*head) & !(u64::MAX >> (8 * len)),
        Some(head) => u64::from_be_bytes(*head),
        None => prefix_key(&text[..len]),
    }
}

impl PartialEq<[u8]> for Value<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        match self.as_decoded() {
            Some(decoded) => decoded == other,
            None => self.bytes().eq(other.iter().copied()),
        }
    }
}

impl PartialEq<str> for Value<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == *other.as_bytes()
    }
}

impl PartialEq<&str> for Value<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == *other.as_bytes()
    }
}

/// What both stand for is the same, however each is encoded.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        match other.as_decoded() {
            Some(decoded) => *self == *decoded,
            None => self.bytes().eq(other.bytes()),
        }
    }
}

impl Eq for Value<'_> {}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"")?;
        for byte in self.bytes() {
            write!(f, "{}", byte.escape_ascii())?;
        }
        write!(f, "\"")
    }
}

/// The decoded bytes of a [`Value`].
#[derive(Clone, Debug)]
pub struct Bytes<'a> {
    rest: &'a [u8],
    encoding: Encoding,
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let (&first, after) = self.rest.split_first()?;
        if self.encoding != Encoding::Plain && class::of(first) & class::RESERVED != 0 {
            if let Some(byte) = unescape(self.rest) {
                self.rest = &self.rest[3..];
                return Some(byte);
            }
            if first == b'+' && self.encoding == Encoding::Form {
                self.rest = after;
                return Some(b' ');
            }
        }
        self.rest = after;
        Some(first)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len() / 3, Some(self.rest.len()))
    }
}

/// A name and its value, decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Parameter<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

impl<'a> Parameter<'a> {
    /// A pair of texts.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self {
            name: name.as_bytes(),
            value: value.as_bytes(),
        }
    }

    /// A pair of bytes, for values that are no text.
    #[must_use]
    pub const fn from_bytes(name: &'a [u8], value: &'a [u8]) -> Self {
        Self { name, value }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> Value<'a> {
        Value::plain(self.name)
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        Value::plain(self.value)
    }
}

impl<'a> From<(&'a str, &'a str)> for Parameter<'a> {
    fn from((name, value): (&'a str, &'a str)) -> Self {
        Self::new(name, value)
    }
}

impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}={:?}", self.name(), self.value())
    }
}

#[cfg(test)]
mod tests;
