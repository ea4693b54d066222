extern crate alloc;

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;

use super::*;
use crate::sink::SliceSink;

mod class;

fn every_byte() -> impl Iterator<Item = u8> {
    0..=u8::MAX
}

#[test]
fn letters_digits_and_four_others_are_unreserved_and_nothing_else() {
    let unreserved: Vec<u8> = every_byte().filter(|&byte| is_unreserved(byte)).collect();
    let expected = b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
    assert_eq!(unreserved, expected);
}

#[test]
fn every_other_byte_becomes_a_percent_sign_and_two_digits_in_upper_case() {
    for byte in every_byte() {
        let expected = if is_unreserved(byte) {
            String::from(char::from(byte))
        } else {
            format!("%{byte:02X}")
        };
        assert_eq!(encode(&[byte]).to_string(), expected);
    }
}

#[test]
fn text_is_encoded_by_the_bytes_of_its_utf_8() {
    let cases = [
        ("", ""),
        ("abcABC123", "abcABC123"),
        ("-._~", "-._~"),
        ("%", "%25"),
        ("+", "%2B"),
        (" ", "%20"),
        ("&=*!'()", "%26%3D%2A%21%27%28%29"),
        ("\n\u{7f}", "%0A%7F"),
        ("\u{80}é☃𝄞", "%C2%80%C3%A9%E2%98%83%F0%9D%84%9E"),
    ];
    for (text, expected) in cases {
        assert_eq!(encode(text).to_string(), expected);
    }
}

#[test]
fn a_sink_sees_what_is_displayed() {
    let all: Vec<u8> = every_byte().chain(*b"plain").chain(every_byte()).collect();
    let mut memory = [0; 2000];
    let mut sink = SliceSink::new(&mut memory);
    encode(&all).write_to(&mut sink);
    assert_eq!(sink.finish().unwrap(), encode(&all).to_string().as_bytes());
}

#[test]
fn display_stops_where_its_formatter_does() {
    struct Short(String);
    impl fmt::Write for Short {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            if self.0.len() + text.len() > 5 {
                return Err(fmt::Error);
            }
            self.0.push_str(text);
            Ok(())
        }
    }
    let mut out = Short(String::new());
    assert_eq!(write!(out, "{}", encode("ab cd e")), Err(fmt::Error));
    assert_eq!(out.0, "ab%20");
    assert_eq!(write!(out, "{}", encode("")), Ok(()));
}

#[test]
fn an_escape_is_read_in_either_case() {
    for byte in every_byte() {
        for escape in [
            format!("%{byte:02X}"),
            format!("%{byte:02x}"),
            format!("%{byte:02X}41"),
        ] {
            assert_eq!(unescape(escape.as_bytes()), Some(byte));
        }
    }
}

#[test]
fn what_is_no_escape_is_not_read() {
    let texts = [
        "", "%", "%4", "4%41", "%4g", "%g4", "%zz", "%%41", "% 41", "%+4", "%4:", "%4@", "%G0",
        "%`0", "%/0",
    ];
    for text in texts {
        assert_eq!(unescape(text.as_bytes()), None, "{text}");
    }
}
