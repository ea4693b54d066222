extern crate alloc;

use alloc::{format, string::ToString};

use super::*;

mod errors;
mod origin;

fn origin(text: &str) -> Origin<'_> {
    Origin::parse(text).unwrap()
}

fn error<T: fmt::Debug>(parsed: Result<T, UriError>) -> (UriErrorKind, usize) {
    let error = parsed.unwrap_err();
    (error.kind(), error.offset())
}

#[test]
fn a_uri_is_origin_path_and_query() {
    let cases = [
        ("http://example.com", "http://example.com/", None),
        ("http://example.com/", "http://example.com/", None),
        ("http://example.com?", "http://example.com/", Some("")),
        ("http://example.com?a=1", "http://example.com/", Some("a=1")),
        (
            "http://example.com/?a?b",
            "http://example.com/",
            Some("a?b"),
        ),
        ("http://example.com#x", "http://example.com/", None),
        ("http://example.com/a#x?y", "http://example.com/a", None),
        (
            "http://example.com/a?b#x",
            "http://example.com/a",
            Some("b"),
        ),
        (
            "http://example.com/a?b#x#y?z",
            "http://example.com/a",
            Some("b"),
        ),
        ("http://example.com#/a?b", "http://example.com/", None),
        ("HTTP://EXAMPLE.COM/A?B", "http://example.com/A", Some("B")),
        ("hTTps://Example.com:/", "https://example.com/", None),
        ("http://a", "http://a/", None),
        ("coap+tcp.1-x://a/b", "coap+tcp.1-x://a/b", None),
        ("http://a-b_c~d.e/", "http://a-b_c~d.e/", None),
        ("http://a!$&'()*+,;=%41b/", "http://a!$&'()*+,;=%41b/", None),
        (
            "http://a/?http://b:99999/",
            "http://a/",
            Some("http://b:99999/"),
        ),
    ];
    for (uri, expected, query) in cases {
        let target = Target::parse(uri).unwrap();
        assert_eq!(target.base_string_uri().to_string(), expected);
        assert_eq!(target.query(), query, "{uri}");
    }
}

#[test]
fn a_port_is_left_out_where_it_is_that_of_the_scheme() {
    let cases = [
        ("http://a:80/", "http://a/", None),
        ("https://a:443/", "https://a/", None),
        ("HTTPS://A:443/", "https://a/", None),
        ("http://a:0080/", "http://a/", None),
        ("http://a:443/", "http://a:443/", Some(443)),
        ("https://a:80/", "https://a:80/", Some(80)),
        ("ftp://a:80/", "ftp://a:80/", Some(80)),
        ("http://a:8080/", "http://a:8080/", Some(8080)),
        ("http://a:1/", "http://a:1/", Some(1)),
        ("http://a:65535/", "http://a:65535/", Some(65535)),
    ];
    for (uri, expected, port) in cases {
        let target = Target::parse(uri).unwrap();
        assert_eq!(target.base_string_uri().to_string(), expected);
        assert_eq!(target.origin().port(), port);
    }
}

#[test]
fn an_ipv6_address_stands_in_brackets_with_or_without_a_port() {
    let cases = [
        ("http://[::1]", "http://[::1]/"),
        ("http://[::1]:/", "http://[::1]/"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        (
            "https://[2001:DB8::A]:8443/?b",
            "https://[2001:db8::a]:8443/",
        ),
        ("http://[::ffff:192.0.2.1]/", "http://[::ffff:192.0.2.1]/"),
        ("http://user:1@[::1]:81/", "http://[::1]:81/"),
    ];
    for (uri, expected) in cases {
        assert_eq!(
            Target::parse(uri).unwrap().base_string_uri().to_string(),
            expected
        );
    }
}

#[test]
fn user_information_ends_at_the_last_at_and_is_left_out() {
    let uris = [
        "http://user@example.com/",
        "http://user:password@example.com/",
        "http://@example.com/",
        "http://a@b@example.com/",
        "http://evil.example:80@example.com/",
        "http://user:p%40ss@EXAMPLE.com:80/",
    ];
    for uri in uris {
        let target = Target::parse(uri).unwrap();
        assert_eq!(target.base_string_uri().to_string(), "http://example.com/");
        assert!(!format!("{target:?} {:?}", target.origin()).contains("user"));
    }
    let target = Target::parse("http://example.com/a@evil.example/?b@c").unwrap();
    assert_eq!(
        target.base_string_uri().to_string(),
        "http://example.com/a@evil.example/"
    );
}

#[test]
fn characters_that_a_uri_should_not_hold_are_taken_as_they_are() {
    for path in [
        "/[a]",
        "/\"a\"",
        "/a|b^c`{d}",
        "/\u{e9}/\u{2603}",
        "/a\\b",
        "/<>",
        "/%zz%",
    ] {
        let uri = format!("http://a{path}?{path}");
        let target = Target::parse(&uri).unwrap();
        assert_eq!(target.path(), path);
        assert_eq!(target.query(), Some(path));
        assert_eq!(
            target.base_string_uri().to_string(),
            format!("http://a{path}")
        );
    }
}

#[test]
fn nothing_of_a_path_is_repaired() {
    for path in [
        "//",
        "/a//b",
        "/a/../b",
        "/./",
        "/%2e%2E/",
        "/a;b=c",
        "/a%2fb%2Fc",
        "/~a%7Eb",
        "/A+b",
    ] {
        let target = Target::at(origin("https://a"), path).unwrap();
        assert_eq!(target.path(), path);
        assert_eq!(
            target.base_string_uri().to_string(),
            format!("https://a{path}")
        );
    }
}

#[test]
fn a_request_line_stands_at_the_origin_that_is_given() {
    let cases = [
        ("", "/", None),
        ("/", "/", None),
        ("?", "/", Some("")),
        ("?a=1", "/", Some("a=1")),
        ("/a?b#c", "/a", Some("b")),
        ("//evil.example/a", "//evil.example/a", None),
        ("/http://evil.example/", "/http://evil.example/", None),
        ("*", "*", None),
        ("http://evil.example/a?b", "/a", Some("b")),
        ("https://evil.example:1", "/", None),
        ("https://u@[::1]?b", "/", Some("b")),
    ];
    for (line, path, query) in cases {
        let target = Target::at(origin("https://a:8443"), line).unwrap();
        assert_eq!((target.path(), target.query()), (path, query), "{line}");
        assert_eq!(target.origin(), origin("https://a:8443"));
        let expected = format!("https://a:8443{path}");
        assert_eq!(target.base_string_uri().to_string(), expected);
    }
}

#[test]
fn targets_are_equal_by_what_is_sent() {
    let target = |uri| Target::parse(uri).unwrap();
    assert_eq!(target("http://a/b?c#d"), target("HTTP://u@A:80/b?c"));
    for other in [
        "http://a/B?c",
        "http://a/b?C",
        "http://a/b",
        "http://b/b?c",
        "http://a/b?c=",
        "http://a/b?",
    ] {
        assert_ne!(target("http://a/b?c"), target(other), "{other}");
    }
}

#[test]
#[cfg(feature = "alloc")]
fn what_was_written_is_known_where_it_is_not_signed() {
    for (text, port, written_port, has_empty_path) in [
        ("http://example.com:80", None, Some(80), true),
        ("https://example.com:443?a", None, Some(443), true),
        ("https://example.com:80/", Some(80), Some(80), false),
        ("http://example.com:/", None, None, false),
        ("http://example.com#", None, None, true),
    ] {
        let target = Target::parse(text).unwrap();
        let origin = target.origin();
        assert_eq!(
            (origin.port(), origin.written_port()),
            (port, written_port),
            "{text}"
        );
        assert_eq!(target.has_empty_path(), has_empty_path, "{text}");
    }
}

#[test]
fn an_empty_path_is_the_path_of_a_slash() {
    let target = |uri| Target::parse(uri).unwrap();
    assert_eq!(target("http://a"), target("http://a/"));
    assert_eq!(target("http://a?b"), target("http://a/?b"));
}

#[test]
fn base_string_uris_are_equal_whatever_the_query() {
    let uri = |uri| Target::parse(uri).unwrap().base_string_uri();
    assert_eq!(uri("http://a/b?c"), uri("HTTP://A:80/b?d#e"));
    assert_eq!(uri("http://a/b?c"), uri("http://a/b"));
    assert_ne!(uri("http://a/b"), uri("http://a/B"));
}

#[test]
fn debug_shows_the_query() {
    let target = |uri| format!("{:?}", Target::parse(uri).unwrap());
    assert_eq!(target("http://A:80?b=c"), "Target(http://a/?b=c)");
    assert_eq!(target("http://a/b"), "Target(http://a/b)");
}

#[test]
fn numbers_are_written_in_digits() {
    let ten_to = |power| 10_u64.pow(power);
    let numbers = (0..20).flat_map(|power| [ten_to(power) - 1, ten_to(power), ten_to(power) + 1]);
    let others = [
        u64::MAX,
        u64::MAX - 1,
        u64::from(u32::MAX),
        u64::from(u32::MAX) + 1,
    ];
    for number in numbers.chain(others) {
        assert_eq!(
            Decimal::new(number).as_bytes(),
            number.to_string().as_bytes()
        );
    }
}

#[test]
fn the_end_of_a_path_is_seen_wherever_it_stands() {
    for length in 1..36 {
        for at in 1..length {
            for byte in 0..128_u8 {
                let mut line = [b'a'; 36];
                line[0] = b'/';
                line[at] = byte;
                let line = core::str::from_utf8(&line[..length]).unwrap();
                let parsed = Target::at(origin("http://a"), line);
                let found = parsed.map(|target| (target.path(), target.query()));
                let expected = match byte {
                    0..=32 | 127 => Err(UriError::new(UriErrorKind::Character, at)),
                    b'?' => Ok((&line[..at], Some(&line[at + 1..]))),
                    b'#' => Ok((&line[..at], None)),
                    _ => Ok((line, None)),
                };
                assert_eq!(found, expected, "{line:?}");
            }
        }
    }
}
