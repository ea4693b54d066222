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
    Pairs {
        text,
        at: 0,
        clean: false,
    }
}

/// The same for who takes all of them: looks through the whole text for what is encoded first, which
/// is cheap, and spares to look at each name and value.
#[inline]
pub(crate) fn scan(text: &[u8]) -> Pairs<'_> {
    Pairs {
        text,
        at: 0,
        clean: !class::any(text, |byte| !class::in_clean_form(byte)),
    }
}

/// The pairs of a query or a form: made by [`pairs`].
#[derive(Clone, Debug)]
pub struct Pairs<'t> {
    text: &'t [u8],
    at: usize,
    /// It is known that nothing but `&` and `=` needs encoding.
    clean: bool,
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
            let name_end = class::find(text, name_at, b'&', b'=');
            let (mut value_at, mut value_end, mut equals) = (name_end, name_end, false);
            if text.get(name_end) == Some(&b'=') {
                value_at = name_end + 1;
                value_end = class::find(text, value_at, b'&', b'=');
                // A second "=" belongs to the value, and is encoded in it.
                if text.get(value_end) == Some(&b'=') {
                    equals = true;
                    value_end = class::find(text, value_end, b'&', b'&');
                }
            }
            // Step over the `&`.
            self.at = value_end + 1;
            if value_end > name_at {
                let (name_clean, value_clean) = if self.clean {
                    (true, !equals)
                } else {
                    are_clean(&text[name_at..name_end], &text[value_at..value_end])
                };
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

/// Not inlined, so that the loop keeps its registers where it is not needed.
#[inline(never)]
fn are_clean(name: &[u8], value: &[u8]) -> (bool, bool) {
    (class::all_unreserved(name), class::all_unreserved(value))
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
