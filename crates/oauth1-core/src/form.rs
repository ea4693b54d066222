//! Form encoding, as queries and forms have it (RFC 5849 section 3.4.1.3.1).
//!
//! Pairs stand between `&`; the first `=` ends the name, and a pair without one has an empty value;
//! where there is nothing between two `&`, there is no pair; `;` separates nothing. `+` is a space and
//! `%2B` a plus. Names and values are bytes.
//!
//! A `%` that is not followed by two hexadecimal digits is an error for who verifies. Who signs takes
//! it as the character that it is, because that is what most servers read; better is not to send it:
//! [`find_broken_escape`] finds it.
//!
//! ```
//! use oauth1_core::form;
//!
//! let pairs: Vec<_> = form::pairs(b"b5=%3D%253D&a3=2+q&c%40=&&c2").collect();
//! assert_eq!(format!("{pairs:?}"), r#"[("b5", "=%3D"), ("a3", "2 q"), ("c@", ""), ("c2", "")]"#);
//! assert_eq!(form::find_broken_escape(b"a=100%&b=%20"), Some(5));
//! ```

use core::cmp::min;

use crate::{
    percent::{class, unescape},
    value::{Encoding, Value},
};

/// The pairs of a query or a form, in their order.
#[must_use]
pub const fn pairs(text: &[u8]) -> Pairs<'_> {
    Pairs { text, at: 0 }
}

/// The pairs of a query or a form: made by [`pairs`].
#[derive(Clone, Debug)]
pub struct Pairs<'t> {
    text: &'t [u8],
    at: usize,
}

/// Where a pair stands in its text, and whether anything in it needs encoding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) at: usize,
    pub(crate) name: Segment,
    /// Behind the name and what ends that.
    pub(crate) value: Segment,
}

/// A name or a value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) len: usize,
    /// Nothing in it needs encoding.
    pub(crate) is_clean: bool,
    /// It ends before an `=`.
    has_value: bool,
}

impl Pairs<'_> {
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call would write the place and read it back"
    )]
    pub(crate) fn next_place(&mut self) -> Option<Place> {
        while self.at < self.text.len() {
            let at = self.at;
            let text = &self.text[at..];
            let name = Segment::at_start(text, b'=');
            let mut value = Segment::EMPTY;
            let mut len = name.len;
            if name.has_value {
                // A second "=" belongs to the value, and is encoded in it.
                value = Segment::at_start(&text[len + 1..], b'&');
                len += 1 + value.len;
            }
            // Step over the `&`.
            self.at = at + len + 1;
            if len > 0 {
                return Some(Place { at, name, value });
            }
        }
        None
    }
}

impl Segment {
    const EMPTY: Self = Self {
        len: 0,
        is_clean: true,
        has_value: false,
    };

    /// What stands before the first `&` or `stop`, or before the end.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is called twice for each pair")]
    fn at_start(text: &[u8], stop: u8) -> Self {
        let (len, byte) = class::clean_prefix(text, b'&');
        if byte == b'&' || byte == stop {
            return Self {
                len,
                is_clean: true,
                has_value: byte == b'=',
            };
        }
        let len = dirty_end(text, len, stop);
        Self {
            len,
            is_clean: false,
            has_value: stop == b'=' && text.get(len) == Some(&b'='),
        }
    }
}

/// Where what stands before `stop` or an `&` ends, if not before `from`.
#[inline(never)]
fn dirty_end(text: &[u8], from: usize, stop: u8) -> usize {
    // What needs encoding is long more often than what needs none.
    let ends = |byte: u8| min(byte ^ b'&', byte ^ stop) == 0;
    let from = from + class::skip(&text[from..], ends);
    class::find(text, from, b'&', stop)
}

impl Place {
    /// Where the value starts: for an empty one without an `=`, where the name ends.
    #[inline]
    pub(crate) const fn value_at(&self) -> usize {
        self.at + self.name.len + self.name.has_value as usize
    }

    #[inline]
    pub(crate) fn name<'t>(&self, text: &'t [u8]) -> Value<'t> {
        self.name.of(text, self.at)
    }

    #[inline]
    pub(crate) fn value<'t>(&self, text: &'t [u8]) -> Value<'t> {
        self.value.of(text, self.value_at())
    }
}

impl Segment {
    #[inline]
    fn of<'t>(&self, text: &'t [u8], at: usize) -> Value<'t> {
        Value::scanned(&text[at..at + self.len], Encoding::Form, self.is_clean)
    }
}

impl<'t> Iterator for Pairs<'t> {
    type Item = (Value<'t>, Value<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.next_place()?;
        Some((place.name(self.text), place.value(self.text)))
    }
}

/// Where the first `%` stands that is not followed by two hexadecimal digits.
#[must_use]
pub fn find_broken_escape(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at = class::find(text, at, b'%', b'%');
        let escape = text.get(at..).filter(|rest| !rest.is_empty())?;
        if unescape(escape).is_none() {
            return Some(at);
        }
        at += 3;
    }
}

#[cfg(test)]
mod tests;
