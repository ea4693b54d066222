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
    pub(crate) name_at: usize,
    pub(crate) name_end: usize,
    pub(crate) value_at: usize,
    pub(crate) value_end: usize,
    pub(crate) name_clean: bool,
    pub(crate) value_clean: bool,
}

impl Pairs<'_> {
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call would write the place and read it back"
    )]
    pub(crate) fn next_place(&mut self) -> Option<Place> {
        let text = self.text;
        loop {
            let name_at = self.at;
            if name_at >= text.len() {
                return None;
            }
            let (name_end, name_clean) = scan(text, name_at, b'=');
            let (mut value_at, mut value_end, mut value_clean) = (name_end, name_end, true);
            if text.get(name_end) == Some(&b'=') {
                value_at = name_end + 1;
                // A second "=" belongs to the value, and is encoded in it.
                (value_end, value_clean) = scan(text, value_at, b'&');
            }
            // Step over the `&`.
            self.at = value_end + 1;
            if value_end > name_at {
                return Some(Place {
                    name_at,
                    name_end,
                    value_at,
                    value_end,
                    name_clean,
                    value_clean,
                });
            }
        }
    }
}

/// The end of the name or the value at `start`: before an `&` or `stop`, whichever comes first; and
/// whether nothing in it needs encoding.
#[inline(always)]
#[expect(clippy::inline_always, reason = "it is called twice for each pair")]
fn scan(text: &[u8], start: usize, stop: u8) -> (usize, bool) {
    let (length, _) = class::scan(&text[start..], class::RESERVED);
    let end = start + length;
    match text.get(end) {
        Some(&byte) if byte != b'&' && byte != stop => (class::find(text, end, b'&', stop), false),
        _ => (end, true),
    }
}

impl Place {
    #[inline]
    pub(crate) fn name<'t>(&self, text: &'t [u8]) -> Value<'t> {
        let raw = &text[self.name_at..self.name_end];
        Value::scanned(raw, Encoding::Form, self.name_clean)
    }

    #[inline]
    pub(crate) fn value<'t>(&self, text: &'t [u8]) -> Value<'t> {
        let raw = &text[self.value_at..self.value_end];
        Value::scanned(raw, Encoding::Form, self.value_clean)
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
