//! What is read of forwarding headers, by tables.

extern crate alloc;

use alloc::{format, string::String, vec::Vec};
use core::net::IpAddr;

use super::{
    Element, ForwardedError, Network, NetworkError, Proxies, ProxyHeaders, Seen, element::address,
    elements,
};

fn read(line: &str) -> Result<Vec<Element<'_>>, ForwardedError> {
    elements(line.as_bytes()).collect()
}

const fn element<'a>(
    node: Option<&'a str>,
    host: Option<&'a str>,
    proto: Option<&'a str>,
) -> Element<'a> {
    Element { node, host, proto }
}

#[test]
fn elements_are_read_as_the_grammar_has_them() {
    let nothing = element(None, None, None);
    let table: &[(&str, &[Element<'_>])] = &[
        // The examples of RFC 7239 section 4.
        ("for=\"_gazonk\"", &[element(Some("_gazonk"), None, None)]),
        (
            "For=\"[2001:db8:cafe::17]:4711\"",
            &[element(Some("[2001:db8:cafe::17]:4711"), None, None)],
        ),
        (
            "for=192.0.2.60;proto=http;by=203.0.113.43",
            &[element(Some("192.0.2.60"), None, Some("http"))],
        ),
        (
            "for=192.0.2.43, for=198.51.100.17",
            &[
                element(Some("192.0.2.43"), None, None),
                element(Some("198.51.100.17"), None, None),
            ],
        ),
        // White space, empty pairs, empty elements.
        (
            " for=a ; host=b\t,\t;;proto=c;",
            &[
                element(Some("a"), Some("b"), None),
                element(None, None, Some("c")),
            ],
        ),
        ("", &[nothing]),
        (",", &[nothing, nothing]),
        // Unquoted hosts and nodes with a port are common, and no tokens.
        (
            "for=192.0.2.1:80;host=example.com:8443",
            &[element(
                Some("192.0.2.1:80"),
                Some("example.com:8443"),
                None,
            )],
        ),
        // Separators inside quotes are none; unknown parameters may have escapes.
        (
            r#"host="a,b;c";secret="x\",for=\\y";for="""#,
            &[element(Some(""), Some("a,b;c"), None)],
        ),
        (
            "FOR=x;HoSt=y;pRoTo=z",
            &[element(Some("x"), Some("y"), Some("z"))],
        ),
    ];
    for (line, expected) in table {
        assert_eq!(read(line).as_deref(), Ok(*expected), "{line:?}");
    }
}

#[test]
fn what_the_grammar_does_not_have_is_an_error() {
    use ForwardedError::{Duplicate, Syntax};
    let table = [
        ("for", Syntax),
        ("for=", Syntax),
        ("=a", Syntax),
        ("for =a", Syntax),
        ("for= a", Syntax),
        ("for=a b", Syntax),
        ("for=\"a", Syntax),
        ("for=\"a\\", Syntax),
        ("for=\"a\"b", Syntax),
        ("for=\"a\"\"b\"", Syntax),
        ("for=\"a\u{1}\"", Syntax),
        ("by=\"\\\u{1}\"", Syntax),
        // Escapes and other text than ASCII have no business in what is read.
        ("host=\"a\\b\"", Syntax),
        ("host=\"caf\u{e9}\"", Syntax),
        ("host=caf\u{e9}", Syntax),
        ("for=a;for=b", Duplicate),
        ("host=a;proto=b;HOST=a", Duplicate),
        ("a=b;;=c", Syntax),
        ("for=a;host=<b>", Syntax),
    ];
    for (line, expected) in table {
        assert_eq!(read(line), Err(expected), "{line:?}");
        // What is broken ends the line.
        assert!(elements(line.as_bytes()).count() <= 2, "{line:?}");
    }
}

#[test]
fn a_quote_that_the_sender_left_open_swallows_nothing() {
    for tail in [
        "for=192.0.2.1;host=api.example.com",
        "for=\"[2001:db8::1]:80\";host=api.example.com",
        "for=\"_hidden\";host=\"api.example.com:8443\"",
    ] {
        for start in ["for=\"", "x=\"\\", "host=\"evil.example"] {
            let line = format!("{start}, {tail}");
            assert_eq!(read(&line), Err(ForwardedError::Syntax), "{line:?}");
        }
    }
}

#[test]
fn addresses_are_found_in_nodes() {
    let table = [
        ("192.0.2.43", Some("192.0.2.43")),
        ("192.0.2.43:47011", Some("192.0.2.43")),
        ("192.0.2.43:_port", Some("192.0.2.43")),
        ("[2001:db8::1]", Some("2001:db8::1")),
        ("[2001:db8::1]:80", Some("2001:db8::1")),
        ("[2001:db8::1]:_port", Some("2001:db8::1")),
        ("2001:db8::1", Some("2001:db8::1")),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("[2001:db8::1]x", None),
        ("[192.0.2.43]", None),
        ("192.0.2.256", None),
        ("192.0.2", None),
        ("010.0.0.1", None),
        (" 10.0.0.1", None),
    ];
    for (node, expected) in table {
        let expected: Option<IpAddr> = expected.map(|text| text.parse().unwrap());
        assert_eq!(address(node), expected, "{node:?}");
    }
}

#[test]
fn networks_hold_what_their_bits_say() {
    let table = [
        ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ("10.0.0.0/8", "::10.0.0.1", false),
        ("192.168.1.1", "192.168.1.1", true),
        ("192.168.1.1", "192.168.1.2", false),
        ("192.168.1.128/25", "192.168.1.127", false),
        ("192.168.1.128/25", "192.168.1.128", true),
        ("0.0.0.0/0", "255.1.2.3", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("::/0", "2001:db8::1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("::1", "::1", true),
        ("::1", "::2", false),
    ];
    for (network, address, expected) in table {
        let parsed = Network::parse(network).unwrap();
        assert_eq!(
            parsed.contains(address.parse().unwrap()),
            expected,
            "{network} {address}"
        );
    }
    assert!(Network::LOOPBACK_V4.contains("127.0.0.2".parse().unwrap()));
    assert!(Network::LOOPBACK_V6.contains("::1".parse().unwrap()));
    assert_eq!(
        format!("{}", Network::parse("10.0.0.0/8").unwrap()),
        "10.0.0.0/8"
    );
    assert_eq!(
        format!("{:?}", Network::parse("::1").unwrap()),
        "Network(::1/128)"
    );
}

#[test]
fn what_is_no_network_is_refused() {
    let table = [
        ("", NetworkError::Syntax),
        ("10.0.0.0/", NetworkError::Syntax),
        ("10.0.0.0/+8", NetworkError::Syntax),
        ("10.0.0.0/8/8", NetworkError::Syntax),
        ("10.0.0/8", NetworkError::Syntax),
        ("localhost", NetworkError::Syntax),
        ("10.0.0.0/999", NetworkError::Syntax),
        ("10.0.0.0/33", NetworkError::TooManyBits),
        ("::/129", NetworkError::TooManyBits),
        ("10.0.0.1/8", NetworkError::BitsOutside),
        ("2001:db8::1/32", NetworkError::BitsOutside),
        ("1.0.0.0/0", NetworkError::BitsOutside),
    ];
    for (text, expected) in table {
        assert_eq!(text.parse::<Network>(), Err(expected), "{text:?}");
        assert!(!format!("{expected}").is_empty());
    }
}

fn pair(seen: Seen<'_>) -> (String, &'static str) {
    (
        String::from(seen.host.unwrap_or("")),
        seen.proto.unwrap_or(""),
    )
}

/// Lines of one header after another, and what is seen from 10.0.0.1 where 10.0.0.0/8 is listed.
type Walk<'a> = (
    &'a [&'a str],
    Result<Option<(&'a str, &'a str)>, ForwardedError>,
);

#[test]
fn only_what_listed_proxies_wrote_counts() {
    let table: &[Walk<'_>] = &[
        (&[], Ok(None)),
        (
            &["for=203.0.113.9;host=a;proto=https"],
            Ok(Some(("a", "https"))),
        ),
        // The sender's own element, on a line of its own or on the same.
        (
            &["host=evil;proto=https", "host=a;proto=http"],
            Ok(Some(("a", "http"))),
        ),
        (
            &["host=evil;proto=https, for=203.0.113.9;host=a;proto=http"],
            Ok(Some(("a", "http"))),
        ),
        // Through two listed proxies.
        (
            &[
                "host=evil;for=10.9.9.9, for=203.0.113.9;host=a;proto=https, for=10.0.0.7;host=b;proto=http",
            ],
            Ok(Some(("a", "https"))),
        ),
        // All of them are listed: the first is the outermost.
        (
            &["for=10.0.0.9;host=a;proto=https, for=10.0.0.7;host=b"],
            Ok(Some(("a", "https"))),
        ),
        // A hop that does not say whom it came for, or hides it, is as far as it goes.
        (&["host=evil, host=a;proto=https"], Ok(Some(("a", "https")))),
        (
            &["host=evil, for=_10.0.0.7;host=a;proto=https"],
            Ok(Some(("a", "https"))),
        ),
        (&["host=evil, ,for=10.0.0.7;host=b"], Ok(Some(("", "")))),
        (&["host=evil;proto=gopher, host=a"], Ok(Some(("a", "")))),
        (&["host=a;proto=gopher"], Err(ForwardedError::Scheme)),
        (&["host=a;proto=HTTPS"], Ok(Some(("a", "https")))),
        (&["host=\"evil", "host=a"], Err(ForwardedError::Syntax)),
    ];
    let networks = [Network::parse("10.0.0.0/8").unwrap()];
    let proxies = Proxies::new(&networks, ProxyHeaders::Forwarded);
    for (lines, expected) in table {
        let values = |name| {
            assert_eq!(name, "forwarded");
            lines.iter().map(|line| line.as_bytes())
        };
        let seen = proxies.seen("10.0.0.1".parse().unwrap(), values);
        let found = seen.map(|seen| seen.map(pair));
        let expected = expected.map(|seen| seen.map(|(host, proto)| (String::from(host), proto)));
        assert_eq!(found, expected, "{lines:?}");
        // To a peer that is not listed nobody listens, however broken the header is.
        assert_eq!(proxies.seen("192.0.2.1".parse().unwrap(), values), Ok(None));
    }
}

#[test]
fn lists_are_read_where_the_outermost_proxy_wrote() {
    use ForwardedError::{Scheme, Syntax, TooLong, Unaligned};
    let long = "1.1.1.1,".repeat(32);
    /// `X-Forwarded-For`, `-Host` and `-Proto`.
    type Lists<'a> = [&'a [&'a str]; 3];
    type Row<'a> = (Lists<'a>, Result<(&'a str, &'a str), ForwardedError>);
    let table: &[Row<'_>] = &[
        ([&[], &[], &[]], Ok(("", ""))),
        ([&["203.0.113.9"], &["a"], &["https"]], Ok(("a", "https"))),
        ([&[], &["a"], &["https"]], Ok(("a", "https"))),
        // Each appends: the sender's own words stand on the left.
        (
            [&["evil, 203.0.113.9"], &["evil, a"], &["gopher,https"]],
            Ok(("a", "https")),
        ),
        (
            [&["203.0.113.9, 10.0.0.7"], &["a, b"], &["https, http"]],
            Ok(("a", "https")),
        ),
        (
            [
                &["203.0.113.9", "10.0.0.7"],
                &["a", "b"],
                &["https", "http"],
            ],
            Ok(("a", "https")),
        ),
        // The outermost replaced them.
        (
            [&["203.0.113.9, 10.0.0.7"], &["a"], &["https"]],
            Ok(("a", "https")),
        ),
        (
            [&["203.0.113.9, 10.0.0.7, 10.0.0.8"], &["a, b"], &["https"]],
            Err(Unaligned),
        ),
        ([&[], &["evil, a"], &["https"]], Err(Unaligned)),
        ([&["203.0.113.9"], &["a"], &["ftp"]], Err(Scheme)),
        ([&["203.0.113.9"], &["a\"b"], &["https"]], Err(Syntax)),
        ([&["203.0.113.9"], &["a b"], &["https"]], Err(Syntax)),
        ([&["203.0.113.9"], &["caf\u{e9}"], &["https"]], Err(Syntax)),
        ([&[&long], &["a"], &["https"]], Err(TooLong)),
    ];
    let networks = [Network::parse("10.0.0.0/8").unwrap()];
    let proxies = Proxies::new(&networks, ProxyHeaders::XForwarded);
    for (lists, expected) in table {
        let values = |name| {
            let names = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
            let at = names.iter().position(|known| *known == name).unwrap();
            lists[at].iter().map(|line| line.as_bytes())
        };
        let seen = proxies.seen("10.0.0.1".parse().unwrap(), values);
        let seen = seen.map(Option::unwrap_or_default);
        let expected = expected.map(|(host, proto)| (String::from(host), proto));
        assert_eq!(seen.map(pair), expected, "{lists:?}");

        let without_host = Proxies::new(&networks, ProxyHeaders::XForwardedProto);
        if let Ok(Some(seen)) = without_host.seen("10.0.0.1".parse().unwrap(), values) {
            assert_eq!(seen.host, None, "{lists:?}");
        }
    }
}

#[test]
fn no_more_than_32_elements_are_looked_at() {
    let networks = [Network::parse("10.0.0.0/8").unwrap()];
    let proxies = Proxies::new(&networks, ProxyHeaders::Forwarded);
    let line = |count: usize| "for=10.0.0.7,".repeat(count - 1) + "for=10.0.0.7";
    for (count, fits) in [(32, true), (33, false), (10_000, false)] {
        let line = line(count);
        let seen = proxies.seen("10.0.0.1".parse().unwrap(), |_| [line.as_bytes()]);
        assert_eq!(seen.is_ok(), fits, "{count}");
    }
}

#[test]
fn no_bytes_make_it_panic() {
    // Every pair of the bytes that the grammar knows, behind every start of a header.
    let bytes = b"for=\";, \\[]:\x00\x7F\xFF%";
    let whole = br#"for="[::1]:1";host=a,x="\"""#;
    for end in 0..=whole.len() {
        // An interpreter takes minutes for all of them.
        for first in bytes.iter().step_by(if cfg!(miri) { 5 } else { 1 }) {
            for second in bytes {
                let mut line = whole[..end].to_vec();
                line.extend([*first, *second]);
                for element in elements(&line).flatten() {
                    // An address has no room for more than its text.
                    assert!(element.address().is_none_or(|address| address.is_ipv6()));
                }
            }
        }
    }
}

#[test]
fn each_error_says_what_is_wrong_with_which_header() {
    for (error, text) in [
        (ForwardedError::Syntax, "a forwarding header cannot be read"),
        (
            ForwardedError::Duplicate,
            "a parameter of Forwarded is there twice in one element",
        ),
        (
            ForwardedError::TooLong,
            "a forwarding header has more than 32 elements",
        ),
        (
            ForwardedError::Unaligned,
            "X-Forwarded-Host or -Proto has another number of values than X-Forwarded-For",
        ),
        (
            ForwardedError::Scheme,
            "a forwarding header names another scheme than http and https",
        ),
    ] {
        assert_eq!(format!("{error}"), text);
    }
}
