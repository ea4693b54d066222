use super::*;

#[test]
fn what_is_no_uri_is_refused_and_the_place_named() {
    use UriErrorKind::{Character, Host, NotAbsolute, Port, Scheme};
    let cases = [
        ("", NotAbsolute, 0),
        ("/path", NotAbsolute, 0),
        ("example.com/path", NotAbsolute, 0),
        ("//example.com/", NotAbsolute, 0),
        ("http:/example.com", NotAbsolute, 0),
        ("http:example.com", NotAbsolute, 0),
        ("mailto:a@b", NotAbsolute, 0),
        ("://example.com", Scheme, 0),
        ("1http://a", Scheme, 0),
        ("-a://a", Scheme, 0),
        ("ht tp://a", Scheme, 2),
        ("ht_tp://a", Scheme, 2),
        ("h\u{e9}://a", Scheme, 1),
        (" http://a", Scheme, 0),
        ("http://", Host, 7),
        ("http:///path", Host, 7),
        ("http://?a", Host, 7),
        ("http://#a", Host, 7),
        ("http://:80/", Host, 7),
        ("http://user@", Host, 12),
        ("http://user@:80/", Host, 12),
        ("http://a b/", Host, 8),
        ("http://a\\b/", Host, 8),
        ("http://a\tb/", Host, 8),
        ("http://ex\u{e4}mple.com/", Host, 9),
        ("http://a[b]/", Host, 8),
        ("http://u@a\"b/", Host, 10),
        ("http://[::1", Host, 7),
        ("http://[::1/", Host, 7),
        ("http://[]/", Host, 8),
        ("http://[1]/", Host, 8),
        ("http://[::g]/", Host, 10),
        ("http://[::1%25eth0]/", Host, 11),
        ("http://[::1]a/", Host, 12),
        ("http://[::1]]/", Host, 12),
        ("http://a:0/", Port, 9),
        ("http://a:65536/", Port, 9),
        ("http://a:99999999999/", Port, 9),
        ("http://a:+80/", Port, 9),
        ("http://a:-1/", Port, 9),
        ("http://a:8o/", Port, 9),
        ("http://a:80:80/", Port, 9),
        ("http://a: 80/", Port, 9),
        ("http://user:x@a:y/", Port, 16),
        ("http://[::1]:x/", Port, 13),
        ("http://a/b c", Character, 10),
        ("http://a/b\tc", Character, 10),
        ("http://a/b\nc", Character, 10),
        ("http://a/b\0c", Character, 10),
        ("http://a/b\u{7f}c", Character, 10),
        ("http://a/b?c d", Character, 12),
        ("http://a/b?c#d e", Character, 14),
        ("http://a/ ", Character, 9),
        ("http://a? ", Character, 9),
        ("http://a#\r", Character, 9),
    ];
    for (uri, kind, offset) in cases {
        assert_eq!(error(Target::parse(uri)), (kind, offset), "{uri:?}");
    }
}

#[test]
fn white_space_in_the_user_information_is_refused_as_anywhere() {
    for user in [
        "us er",
        "us\ter",
        "us\ner",
        "us\0er",
        "us\u{7f}er",
        "us er:x",
    ] {
        let uri = format!("http://{user}@example.com/");
        assert_eq!(
            error(Target::parse(&uri)),
            (UriErrorKind::Character, 9),
            "{uri:?}"
        );
    }
}

#[test]
fn what_no_request_line_holds_is_refused() {
    use UriErrorKind::{Character, Host, NotAbsolute, Port};
    let cases = [
        ("a", NotAbsolute, 0),
        ("**", NotAbsolute, 0),
        ("*?a", NotAbsolute, 0),
        ("#a", NotAbsolute, 0),
        ("example.com:443", NotAbsolute, 0),
        ("/a b", Character, 2),
        ("?\u{7f}", Character, 1),
        ("http:///", Host, 7),
        ("http://a:0/", Port, 9),
        ("http://a/ ", Character, 9),
    ];
    for (line, kind, offset) in cases {
        assert_eq!(
            error(Target::at(origin("https://a"), line)),
            (kind, offset),
            "{line}"
        );
    }
}

#[test]
fn an_error_says_what_is_wrong_and_where() {
    use UriErrorKind::{Character, Host, NotAbsolute, NotAnOrigin, Port, Scheme};
    let cases = [
        (
            NotAbsolute,
            "the URL is not absolute: it must start with https:// or http://",
        ),
        (Scheme, "the URL has no valid scheme"),
        (Host, "the URL has no valid host"),
        (Port, "the port of the URL is not a number from 1 to 65535"),
        (
            Character,
            "white space or a control character, which must be percent-encoded",
        ),
        (
            NotAnOrigin,
            "an origin has no path and no query, no user and no fragment",
        ),
    ];
    for (kind, text) in cases {
        let shown = UriError::new(kind, 17).to_string();
        assert!(
            shown.contains(text) && shown.ends_with(" (at byte 17)"),
            "{shown}"
        );
    }
}
