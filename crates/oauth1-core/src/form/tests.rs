extern crate alloc;

use alloc::vec::Vec;

use super::*;

type Expected = &'static [(&'static [u8], &'static [u8])];

fn read(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    pairs(text)
        .map(|(name, value)| (name.bytes().collect(), value.bytes().collect()))
        .collect()
}

#[test]
fn pairs_stand_between_ampersands_and_the_first_equals_sign_ends_a_name() {
    let cases: [(&[u8], Expected); 20] = [
        (b"", &[]),
        (b"&", &[]),
        (b"&&&", &[]),
        (b"=", &[(b"", b"")]),
        (b"=&=", &[(b"", b""), (b"", b"")]),
        (b"a", &[(b"a", b"")]),
        (b"a=", &[(b"a", b"")]),
        (b"=a", &[(b"", b"a")]),
        (b"a=b", &[(b"a", b"b")]),
        (b"a==b", &[(b"a", b"=b")]),
        (b"a=b=c", &[(b"a", b"b=c")]),
        (b"a=b&", &[(b"a", b"b")]),
        (b"&a=b", &[(b"a", b"b")]),
        (b"a=1&&b=2", &[(b"a", b"1"), (b"b", b"2")]),
        (b"a=1&a=1", &[(b"a", b"1"), (b"a", b"1")]),
        (b"a;b=1;c", &[(b"a;b", b"1;c")]),
        (b"a+b=c+d", &[(b"a b", b"c d")]),
        (b"a%26=%3D%2B&b", &[(b"a&", b"=+"), (b"b", b"")]),
        (b"?a=b?c", &[(b"?a", b"b?c")]),
        (
            b"\xff=\x00&%ff=%00",
            &[(b"\xff", b"\x00"), (b"\xff", b"\x00")],
        ),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected
            .iter()
            .map(|(n, v)| (n.to_vec(), v.to_vec()))
            .collect();
        assert_eq!(read(text), expected, "{}", text.escape_ascii());
    }
}

/// The reading in words.
fn reference(text: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let pieces = text
        .split(|&byte| byte == b'&')
        .filter(|piece| !piece.is_empty());
    let pairs = pieces.map(|piece| {
        let mut halves = piece.splitn(2, |&byte| byte == b'=');
        let name = halves.next().unwrap_or_default().to_vec();
        (name, halves.next().unwrap_or_default().to_vec())
    });
    pairs.collect()
}

#[test]
fn every_short_text_is_read_as_the_words_say() {
    for number in 0..4_usize.pow(7) {
        let text: Vec<u8> = (0..7).map(|at| b"&=ab"[number >> (2 * at) & 3]).collect();
        for length in 0..=7 {
            assert_eq!(read(&text[..length]), reference(&text[..length]));
        }
    }
}

#[test]
fn long_names_and_values_are_read_whole() {
    for length in 0..70 {
        let (name, value) = ("n".repeat(length), "v".repeat(69 - length));
        let text = alloc::format!("x=1&{name}={value}&y");
        let expected = [("x", "1"), (&name, &value), ("y", "")];
        assert_eq!(
            read(text.as_bytes()),
            expected.map(|(n, v)| (n.into(), v.into()))
        );
    }
}

#[test]
fn a_value_knows_whether_anything_in_it_is_encoded() {
    for (text, clean) in [
        ("a.b~", true),
        ("a+b", false),
        ("%41", false),
        ("a=b", false),
        ("\u{e9}", false),
        ("abcdefgh!", false),
    ] {
        let form = alloc::format!("x={text}");
        let (_, value) = pairs(form.as_bytes()).next().unwrap();
        assert_eq!(value.is_clean(), clean, "{text}");
    }
}

#[test]
fn an_iterator_that_is_cloned_goes_on_from_there() {
    let mut all = pairs(b"a=1&b=2");
    all.next();
    assert_eq!(all.clone().count(), 1);
    assert_eq!(all.count(), 1);
}

#[test]
fn a_broken_escape_is_found_where_it_starts() {
    let cases = [
        ("", None),
        ("a=b", None),
        ("%41%zz", Some(3)),
        ("%", Some(0)),
        ("a%", Some(1)),
        ("a%4", Some(1)),
        ("a%4&b", Some(1)),
        ("%%41", Some(0)),
        ("%41%", Some(3)),
        ("%aF%Fa%09", None),
        ("a=%4=1", Some(2)),
        ("%4g%", Some(0)),
    ];
    for (text, at) in cases {
        assert_eq!(find_broken_escape(text.as_bytes()), at, "{text}");
    }
}

#[test]
fn a_separator_is_seen_wherever_it_stands() {
    for length in 1..36 {
        for first in 0..length {
            for second in 0..length {
                for (a, b) in [
                    (b'&', b'='),
                    (b'=', b'='),
                    (b'&', b'&'),
                    (0x27, b'='),
                    (0xA6, b'&'),
                ] {
                    let mut text = [b'a'; 36];
                    (text[first], text[second]) = (a, b);
                    let text = &text[..length];
                    assert_eq!(read(text), reference(text), "{}", text.escape_ascii());
                }
            }
        }
    }
}

#[test]
fn a_broken_escape_is_found_wherever_it_stands() {
    for length in 1..36 {
        for at in 0..length {
            let mut text = [b'a'; 36];
            text[at] = b'%';
            let broken = (at + 2 >= length).then_some(at);
            assert_eq!(find_broken_escape(&text[..length]), broken, "{length} {at}");
            text[at + 1..].fill(b'x');
            assert_eq!(
                find_broken_escape(&text[..length]),
                Some(at),
                "{length} {at}"
            );
        }
    }
}
