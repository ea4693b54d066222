//! Each scanner beside one that looks at a byte at a time.

use crate::percent::class::{
    NO_PATH, NO_TOKEN, RESERVED, UNQUOTED, UPPER, all_unreserved, any, clean_prefix, ends_path,
    find, of, scan, skip, unreserved,
};

const ALL: u8 = RESERVED | UNQUOTED | NO_TOKEN | NO_PATH | UPPER;

/// More than twice as long as what is looked at at a time, or a little longer where an interpreter counts
/// every step.
const LONGEST: usize = if cfg!(miri) { 18 } else { 40 };

/// `bytes` at each place of texts of each length that else have `filling` alone.
fn texts_with(filling: u8, bytes: &[u8], mut look: impl FnMut(&[u8])) {
    let mut text = [filling; LONGEST];
    for length in 0..=LONGEST {
        look(&text[..length]);
        for at in 0..=length.saturating_sub(bytes.len()) {
            let end = length.min(at + bytes.len());
            text[at..end].copy_from_slice(&bytes[..end - at]);
            look(&text[..length]);
            text[at..end].fill(filling);
        }
    }
}

#[test]
fn a_byte_has_the_classes_that_the_grammars_give_it() {
    let token = b"!#$%&'*+-.^_`|~";
    for byte in 0..=u8::MAX {
        let is = |class| of(byte) & class != 0;
        let letter_or_digit = byte.is_ascii_alphanumeric();
        assert_eq!(
            is(RESERVED),
            !letter_or_digit && !b"-._~".contains(&byte),
            "{byte}"
        );
        let in_token = letter_or_digit || token.contains(&byte);
        assert_eq!(is(NO_TOKEN), !in_token, "{byte}");
        let is_control = byte.is_ascii_control();
        assert_eq!(
            is(UNQUOTED),
            is_control || b"\"\\".contains(&byte),
            "{byte}"
        );
        assert_eq!(is(NO_PATH), is_control || b"?# ".contains(&byte), "{byte}");
        assert_eq!(is(UPPER), byte.is_ascii_uppercase(), "{byte}");
        assert_eq!(of(byte) & !ALL, 0, "{byte}");
    }
}

#[test]
fn arithmetic_says_what_the_table_says() {
    for byte in 0..=u8::MAX {
        assert_eq!(unreserved(byte), of(byte) & RESERVED == 0, "{byte}");
        assert_eq!(
            ends_path(byte),
            of(byte) & NO_PATH != 0 || !byte.is_ascii(),
            "{byte}"
        );
    }
}

#[test]
fn a_scan_ends_before_the_class_that_stops_it_and_has_seen_all_before() {
    for bytes in [
        "&", "A&", "AA&", "A?A&", "??&A", "AAAA&", "AAAAAa&", "AAAAAaa&", "?A?A&", "\"&", "&&",
    ] {
        for stop in [RESERVED, UPPER, NO_PATH, UNQUOTED, NO_PATH | UPPER] {
            texts_with(b'a', bytes.as_bytes(), |text| {
                let is_stopped = |&byte: &u8| of(byte) & stop != 0;
                let length = text.iter().position(is_stopped).unwrap_or(text.len());
                let seen = text[..length].iter().fold(0, |seen, &byte| seen | of(byte));
                assert_eq!(scan(text, stop), (length, seen), "{text:?} {stop}");
            });
        }
    }
}

#[test]
fn what_needs_no_encoding_is_counted_up_to_what_does() {
    for bytes in ["a", "/", "//", "/a/", "a/", "\u{e9}"] {
        texts_with(b'~', bytes.as_bytes(), |text| {
            let first = text.iter().position(|&byte| of(byte) & RESERVED != 0);
            let end = first.map_or((text.len(), 0), |at| (at, text[at]));
            assert_eq!(clean_prefix(text, 0), end, "{text:?}");
            assert_eq!(all_unreserved(text), first.is_none(), "{text:?}");
        });
    }
}

#[test]
fn a_byte_is_found_among_few_and_many() {
    for bytes in ["x", "y", "xy", "yx", "x-y", "xx"] {
        texts_with(b'-', bytes.as_bytes(), |text| {
            let is_x = |byte| byte == b'x';
            assert_eq!(any(text, is_x), text.contains(&b'x'), "{text:?}");
            for at in 0..=text.len() {
                let found = text[at..]
                    .iter()
                    .position(|byte| b"xy".contains(byte))
                    .map_or(text.len(), |behind| at + behind);
                assert_eq!(find(text, at, b'x', b'y'), found, "{text:?} from {at}");
            }
        });
    }
}

#[test]
#[cfg(target_pointer_width = "64")]
fn sixteen_bytes_without_it_are_stepped_over() {
    for bytes in ["x", "xx", "x-x"] {
        texts_with(b'-', bytes.as_bytes(), |text| {
            let steps = match text.iter().position(|&byte| byte == b'x') {
                Some(first) => first / 16 * 16,
                None if text.len() < 16 => 0,
                None => text.len(),
            };
            assert_eq!(skip(text, |byte| byte == b'x'), steps, "{text:?}");
        });
    }
}
