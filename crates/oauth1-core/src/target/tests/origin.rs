use super::*;

#[test]
fn an_origin_has_no_path_and_no_query() {
    for text in ["https://a/b", "https://a?", "https://a/?b", "https://a//"] {
        assert_eq!(
            error(Origin::parse(text)),
            (UriErrorKind::NotAnOrigin, 0),
            "{text}"
        );
    }
    assert_eq!(error(Origin::parse("a")), (UriErrorKind::NotAbsolute, 0));
    assert_eq!(origin("https://A:443/").to_string(), "https://a");
    assert_eq!(origin("https://a").to_string(), "https://a");
}

#[test]
fn an_origin_has_no_user_and_no_fragment() {
    for text in [
        "https://user@a",
        "https://user:password@a/",
        "https://a#b",
        "https://a/#",
    ] {
        assert_eq!(
            error(Origin::parse(text)),
            (UriErrorKind::NotAnOrigin, 0),
            "{text}"
        );
    }
}

#[test]
fn an_origin_of_parts_is_checked_as_one_of_text() {
    use UriErrorKind::{Host, Port, Scheme};
    let new = Origin::new;
    assert_eq!(
        new("https", "A", Some(443)).unwrap().to_string(),
        "https://a"
    );
    assert_eq!(
        new("http", "[::1]", Some(443)).unwrap().to_string(),
        "http://[::1]:443"
    );
    let cases = [
        (new("", "a", None), Scheme, 0),
        (new("ht/tp", "a", None), Scheme, 2),
        (new("http:", "a", None), Scheme, 4),
        (new("http", "", None), Host, 0),
        (new("http", "a:80", None), Host, 1),
        (new("http", "a/b", None), Host, 1),
        (new("http", "u@a", None), Host, 1),
        (new("http", "::1", None), Host, 0),
        (new("http", "[::1", None), Host, 0),
        (new("http", "[::1]x", None), Host, 0),
        (new("http", "\u{e9}", None), Host, 0),
        (new("http", "a", Some(0)), Port, 0),
    ];
    for (parsed, kind, offset) in cases {
        assert_eq!(error(parsed), (kind, offset));
    }
}

#[test]
fn an_origin_gives_its_parts_as_they_came() {
    let origin = origin("HTTPS://Example.COM:8443");
    assert_eq!((origin.scheme(), origin.host()), ("HTTPS", "Example.COM"));
    assert_eq!(origin.port(), Some(8443));
    assert_eq!(format!("{origin:?}"), "Origin(https://example.com:8443)");
}

#[test]
fn only_https_is_secure() {
    for (text, secure) in [
        ("https://a", true),
        ("HTTPS://a", true),
        ("http://a", false),
        ("httpss://a", false),
    ] {
        assert_eq!(origin(text).is_secure(), secure);
    }
}

#[test]
fn origins_are_equal_by_what_they_name() {
    let equal = [
        ("https://a", "HTTPS://A:443/"),
        ("http://a:80", "http://a"),
        ("http://[::A]", "http://[::a]:80"),
    ];
    for (left, right) in equal {
        assert_eq!(origin(left), origin(right));
    }
    let all = [
        "https://a",
        "http://a",
        "https://b",
        "https://a:80",
        "http://a:443",
        "https://a:444",
    ];
    for (at, left) in all.iter().enumerate() {
        for (other, right) in all.iter().enumerate() {
            assert_eq!(origin(left) == origin(right), at == other, "{left} {right}");
        }
    }
}
