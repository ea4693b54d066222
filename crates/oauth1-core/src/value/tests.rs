extern crate alloc;

use alloc::{format, string::ToString, vec::Vec};

use super::*;
use crate::percent;

fn all_of(raw: &[u8]) -> [Value<'_>; 3] {
    [Value::plain(raw), Value::percent(raw), Value::form(raw)]
}

fn decoded(value: Value<'_>) -> Vec<u8> {
    value.bytes().collect()
}

/// A text, and what it stands for plain, percent-encoded and in a form.
const CASES: [(&str, [&[u8]; 3]); 15] = [
    ("", [b""; 3]),
    ("abc-._~", [b"abc-._~"; 3]),
    ("a b", [b"a b"; 3]),
    ("a+b", [b"a+b", b"a+b", b"a b"]),
    ("%2B", [b"%2B", b"+", b"+"]),
    ("%2b%2B", [b"%2b%2B", b"++", b"++"]),
    ("%252B", [b"%252B", b"%2B", b"%2B"]),
    ("%", [b"%"; 3]),
    ("%4", [b"%4"; 3]),
    ("%zz", [b"%zz"; 3]),
    ("100%+", [b"100%+", b"100%+", b"100% "]),
    ("%%41", [b"%%41", b"%A", b"%A"]),
    ("%4%41", [b"%4%41", b"%4A", b"%4A"]),
    ("%ff%00", [b"%ff%00", b"\xff\0", b"\xff\0"]),
    ("\u{e9}", ["\u{e9}".as_bytes(); 3]),
];

#[test]
fn escapes_are_decoded_once_and_a_plus_in_a_form_alone() {
    for (raw, expected) in CASES {
        for (value, expected) in all_of(raw.as_bytes()).into_iter().zip(expected) {
            assert_eq!(decoded(value), expected, "{raw} {:?}", value.encoding());
        }
    }
}

#[test]
fn the_length_is_that_of_what_is_decoded() {
    for (raw, expected) in CASES {
        for (value, expected) in all_of(raw.as_bytes()).into_iter().zip(expected) {
            assert_eq!(value.len(), expected.len());
            assert_eq!(value.is_empty(), expected.is_empty());
            assert_eq!(value.raw(), raw.as_bytes());
        }
    }
}

#[test]
fn decoding_needs_room_for_what_is_decoded_and_no_more() {
    for (raw, expected) in CASES {
        for (value, expected) in all_of(raw.as_bytes()).into_iter().zip(expected) {
            let mut memory = [0; 16];
            assert_eq!(value.decode_into(&mut memory), Some(expected));
            assert_eq!(
                value.decode_into(&mut memory[..expected.len()]),
                Some(expected)
            );
            if let Some(less) = expected.len().checked_sub(1) {
                assert_eq!(value.decode_into(&mut memory[..less]), None, "{raw}");
            }
        }
    }
}

#[test]
fn what_stands_decoded_in_its_source_is_borrowed() {
    let borrowed = [
        Value::plain("a+%41"),
        Value::percent(b"abc"),
        Value::form(b"a.b"),
    ];
    for value in borrowed {
        assert_eq!(value.as_decoded(), Some(value.raw()));
    }
    for value in [
        Value::percent(b"%41"),
        Value::form(b"a+b"),
        Value::form(b"%41"),
    ] {
        assert_eq!(value.as_decoded(), None);
    }
}

#[test]
fn equal_is_what_means_the_same() {
    let same = [
        Value::plain("a b"),
        Value::percent(b"a%20b"),
        Value::form(b"a+b"),
        Value::form(b"%61%20b"),
    ];
    let others = [
        Value::plain("a+b"),
        Value::percent(b"a+b"),
        Value::form(b"a%2Bb"),
        Value::plain("a b "),
    ];
    for value in same {
        assert!(value == *"a b" && value == "a b" && value == *b"a b".as_slice());
        assert!(same.iter().all(|other| value == *other));
        assert!(!others.contains(&value));
        assert!(value != *"a" && value != "a b c" && value != *"");
    }
}

#[test]
fn iterators_know_how_many_bytes_are_left() {
    for (raw, _) in CASES {
        for value in all_of(raw.as_bytes()) {
            let mut bytes = value.bytes();
            loop {
                let (low, high) = bytes.size_hint();
                let left = bytes.clone().count();
                assert!(low <= left && left <= high.unwrap(), "{raw}");
                if bytes.next().is_none() {
                    break;
                }
            }
            assert_eq!(bytes.next(), None);
        }
    }
    let bytes = Value::percent(b"%41%42abcdefg");
    assert_eq!(bytes.bytes().size_hint(), (13 / 3, Some(13)));
}

/// Names that share beginnings, and differ in what is encoded.
const NAMES: [&str; 26] = [
    "",
    "a",
    "a%",
    "a%2",
    "a-",
    "a0",
    "aA",
    "a_",
    "aa",
    "a~",
    "a%C3%A9",
    "a+",
    "a ",
    "oauth_",
    "oauth_a",
    "oauth_ab",
    "oauth_ab%00",
    "oauth_abc",
    "oauth_a%62",
    "oauth_abcdefgh",
    "oauth_abcdefgi",
    "%6Fauth_abcdefgh",
    // "[" is encoded and comes before "Z", which is not, though their escapes come the other way.
    "%5A",
    "%5B",
    "abc%5A",
    "abc%5B",
];

#[test]
fn the_order_is_that_of_the_encoded_bytes() {
    let values: Vec<_> = NAMES
        .iter()
        .flat_map(|name| all_of(name.as_bytes()))
        .collect();
    for a in &values {
        for b in &values {
            let encoded = |value: &Value<'_>| percent::encode(&decoded(*value)).to_string();
            let (left, right) = (encoded(a), encoded(b));
            assert_eq!(a.cmp_encoded(b), left.cmp(&right), "{left} {right}");
            let keys = a.sort_key().cmp(&b.sort_key());
            assert!(keys.is_eq() || keys == left.cmp(&right), "{left} {right}");
        }
    }
}

#[test]
fn a_sort_key_is_the_first_eight_encoded_bytes() {
    let cases = [
        (Value::plain(""), *b"\0\0\0\0\0\0\0\0"),
        (Value::plain("abc"), *b"abc\0\0\0\0\0"),
        (Value::plain("abcdefgh"), *b"abcdefgh"),
        (Value::plain("abcdefghi"), *b"abcdefgh"),
        (Value::plain("a b"), *b"a%20b\0\0\0"),
        (Value::form(b"a+%62"), *b"a%20b\0\0\0"),
        (Value::plain("☃☃"), *b"%E2%98%8"),
        (Value::plain(&[0]), *b"%00\0\0\0\0\0"),
    ];
    for (value, expected) in cases {
        assert_eq!(value.sort_key().to_be_bytes(), expected);
    }
}

#[test]
fn debug_shows_what_is_meant() {
    assert_eq!(
        format!("{:?}", Value::form(b"a+%22\n%ff")),
        r#""a \"\n\xff""#
    );
    assert_eq!(format!("{:?}", Value::plain("a+%22")), r#""a+%22""#);
    assert_eq!(
        format!("{:?}", Parameter::new("a b", "\u{e9}")),
        r#""a b"="\xc3\xa9""#
    );
}

#[test]
fn a_parameter_is_made_of_text_or_of_bytes() {
    let text = Parameter::new("a+", "%20");
    assert_eq!(text, Parameter::from(("a+", "%20")));
    assert_eq!(text, Parameter::from_bytes(b"a+", b"%20"));
    assert_ne!(text, Parameter::new("a+", " "));
    assert!(text.name() == "a+" && text.value() == "%20");
    assert!(Parameter::from_bytes(b"\xff", b"").name() == *b"\xff".as_slice());
}

#[cfg(feature = "alloc")]
#[test]
fn bytes_are_borrowed_unless_they_are_encoded() {
    assert!(matches!(
        Value::percent(b"abc").to_bytes(),
        Cow::Borrowed(b"abc")
    ));
    assert!(matches!(
        Value::plain("a b").to_bytes(),
        Cow::Borrowed(b"a b")
    ));
    assert!(matches!(Value::form(b"a+b").to_bytes(), Cow::Owned(bytes) if bytes == b"a b"));
}

#[cfg(feature = "alloc")]
#[test]
fn text_is_what_is_utf_8() {
    assert!(matches!(
        Value::percent(b"abc").to_str(),
        Some(Cow::Borrowed("abc"))
    ));
    assert_eq!(
        Value::percent(b"%C3%A9").to_str().as_deref(),
        Some("\u{e9}")
    );
    assert_eq!(Value::percent(b"%C3").to_str(), None);
    assert_eq!(Value::plain(&[0xff]).to_str(), None);
    assert_eq!(Value::percent(b"a%C3b").to_string_lossy(), "a\u{fffd}b");
    assert_eq!(Value::form(b"%E2%98%83+").to_string_lossy(), "☃ ");
}

#[test]
fn a_byte_that_needs_encoding_is_seen_wherever_it_stands() {
    for length in 1..36 {
        for at in 0..length {
            for byte in 0..=u8::MAX {
                let mut text = [b'a'; 36];
                text[at] = byte;
                let clean = percent::is_unreserved(byte);
                assert_eq!(
                    Value::plain(&text[..length]).is_clean(),
                    clean,
                    "{length} {at} {byte}"
                );
            }
        }
    }
}
