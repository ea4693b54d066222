//! Who a client wants to act as.

use core::fmt;

use crate::{
    sink::{Sink, display},
    value::Value,
};

/// Who a client wants to act as: the user in the URL of XOAUTH, the authorization identity of OAUTH10A.
/// It is signed in XOAUTH alone; RFC 7628 leaves it out of the signature.
#[derive(Clone, Copy)]
pub struct Identity<'m>(Repr<'m>);

#[derive(Clone, Copy)]
enum Repr<'m> {
    /// A segment of a URL's path.
    Segment(Value<'m>),
    /// A `saslname` that was checked.
    SaslName(&'m [u8]),
}

impl<'m> Identity<'m> {
    pub(super) fn segment(segment: &'m str) -> Self {
        Self(Repr::Segment(Value::percent(segment.as_bytes())))
    }

    // RFC 5801 section 4: saslname = 1*(UTF8-1-safe / UTF8-2 / UTF8-3 / UTF8-4 / "=2C" / "=3D"), which
    // is any text without NUL, "," and "=", but for these two escapes
    pub(super) fn sasl_name(text: &'m [u8]) -> Option<Self> {
        let utf8 = core::str::from_utf8(text).is_ok();
        let mut rest = text;
        while let Some((&byte, after)) = rest.split_first() {
            rest = match byte {
                0 | b',' | super::SEPARATOR => return None,
                b'=' => after.strip_prefix(b"2C").or(after.strip_prefix(b"3D"))?,
                _ => after,
            };
        }
        (utf8 && !text.is_empty()).then_some(Self(Repr::SaslName(text)))
    }

    /// The bytes, decoded.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + 'm {
        let (mut segment, mut name) = match self.0 {
            Repr::Segment(value) => (Some(value.bytes()), &[][..]),
            Repr::SaslName(text) => (None, text),
        };
        core::iter::from_fn(move || {
            if let Some(segment) = &mut segment {
                return segment.next();
            }
            let (&byte, after) = name.split_first()?;
            let (byte, after) = match (byte, after) {
                (b'=', [b'2', b'C', after @ ..]) => (b',', after),
                (b'=', [b'3', b'D', after @ ..]) => (b'=', after),
                _ => (byte, after),
            };
            name = after;
            Some(byte)
        })
    }
}

impl PartialEq<str> for Identity<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<[u8]> for Identity<'_> {
    fn eq(&self, other: &[u8]) -> bool {
        self.bytes().eq(other.iter().copied())
    }
}

/// With U+FFFD for what is not UTF-8, and for control characters, so that it is one line of a log.
impl fmt::Display for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By characters: the iterator gives single bytes.
        let mut character = [0; 4];
        let mut filled = 0;
        let mut bytes = self.bytes().peekable();
        display(
            |sink| {
                while let Some(byte) = bytes.next() {
                    character[filled] = byte;
                    filled += 1;
                    let goes_on = bytes.peek().is_some_and(|next| next & 0xC0 == 0x80);
                    if !goes_on || filled == character.len() {
                        put_shown(&character[..filled], sink);
                        filled = 0;
                    }
                }
            },
            f,
        )
    }
}

/// A character and bytes behind it that belong to none, or such bytes alone.
fn put_shown(bytes: &[u8], sink: &mut dyn Sink) {
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let shown = if character.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                character
            };
            sink.put(shown.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if !chunk.invalid().is_empty() {
            sink.put("\u{fffd}".as_bytes());
        }
    }
}

impl fmt::Debug for Identity<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(\"")?;
        self.bytes()
            .try_for_each(|byte| write!(f, "{}", byte.escape_ascii()))?;
        f.write_str("\")")
    }
}

/// Writes a name as a `saslname`.
pub(super) fn put_sasl_name<O: Sink + ?Sized>(name: &str, out: &mut O) {
    for piece in name.split_inclusive([',', '=']) {
        let (text, escape): (&str, &[u8]) = match (piece.strip_suffix(','), piece.strip_suffix('='))
        {
            (Some(text), _) => (text, b"=2C"),
            (None, Some(text)) => (text, b"=3D"),
            (None, None) => (piece, b""),
        };
        out.put(text.as_bytes());
        out.put(escape);
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn an_identity_shows_in_one_line_and_is_what_it_was() {
        let user = Identity::segment("j%0d%0a%c2%85%ff%C3%A9");
        assert_eq!(user.to_string(), "j\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{e9}");
        assert!(user == b"j\r\n\xc2\x85\xff\xc3\xa9"[..]);
        // What is behind a control character does not hide it, be it no character itself.
        for hidden in ["%0d%8a", "%c2%85%85", "%0a%80%80%80%80%80"] {
            let shown = Identity::segment(hidden).to_string();
            assert!(!shown.contains(char::is_control), "{hidden}: {shown:?}");
        }
        let name = Identity::sasl_name(b"a\x1e=2C\x7f").unwrap();
        assert_eq!(name.to_string(), "a\u{fffd},\u{fffd}");
    }
}
