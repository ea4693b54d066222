//! What a byte becomes when it is encoded. It is written as a whole, and what is too much of it is written
//! over by what comes next.

use super::{escape, is_unreserved};
use crate::base64_text::ALPHABET;

/// The text, and its length in the three highest bits of the last byte: that it is less than eight is known
/// to the compiler then.
#[derive(Clone, Copy)]
pub(crate) struct Form<const N: usize>([u8; N]);

/// Where the length stands in that byte.
const LENGTH_SHIFT: u32 = 5;

impl<const N: usize> Form<N> {
    /// All of it.
    #[inline]
    pub(crate) const fn bytes(self) -> [u8; N] {
        self.0
    }

    /// How many bytes of it are the text.
    #[inline]
    pub(crate) const fn len(self) -> usize {
        match self.0.last_chunk() {
            Some(end) => (u32::from_le_bytes(*end) >> 29) as usize,
            None => 0,
        }
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

/// The same of a byte as it stands in a query or a form, where `+` is a space.
#[inline]
pub(crate) fn once_in_form(byte: u8) -> Form<4> {
    once(if byte == b'+' { b' ' } else { byte })
}

/// The letter of base64 for six bits, encoded once.
#[inline]
pub(crate) fn once_in_base64(six: u8) -> Form<4> {
    static TABLE: [Form<4>; 64] = {
        let mut table = [make_once(0); 64];
        let mut six = 0;
        while six < 64 {
            table[six] = make_once(ALPHABET[six]);
            six += 1;
        }
        table
    };
    TABLE[usize::from(six & 63)]
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

/// The same of a byte as it stands in a query or a form, where `+` is a space.
#[inline]
pub(crate) fn twice_in_form(byte: u8) -> Form<8> {
    static TABLE: [Form<8>; 256] = {
        let mut table = table!(make_twice);
        table[b'+' as usize] = make_twice(b' ');
        table
    };
    if TABLES {
        TABLE[byte as usize]
    } else {
        make_twice(if byte == b'+' { b' ' } else { byte })
    }
}

const fn make_once(byte: u8) -> Form<4> {
    if is_unreserved(byte) {
        return Form([byte, 0, 0, 1 << LENGTH_SHIFT]);
    }
    let [percent, high, low] = escape(byte);
    Form([percent, high, low, 3 << LENGTH_SHIFT])
}

const fn make_twice(byte: u8) -> Form<8> {
    if is_unreserved(byte) {
        return Form([byte, 0, 0, 0, 0, 0, 0, 1 << LENGTH_SHIFT]);
    }
    // An escape is a "%", which is encoded, and two digits, which are not.
    let [_, high, low] = escape(byte);
    Form([b'%', b'2', b'5', high, low, 0, 0, 5 << LENGTH_SHIFT])
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
