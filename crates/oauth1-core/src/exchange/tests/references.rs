//! The examples of RFC 3986 section 5.4, and what servers send besides.

use ::http::Uri;

use crate::exchange::reference::resolve;

#[test]
fn the_examples_of_rfc_3986_resolve() {
    let base = Uri::from_static("http://a/b/c/d;p?q");
    // Fragments are left out of what is expected, as they are of what is asked for.
    let examples = [
        // 5.4.1, normal
        ("g:h", "g:h"),
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q"),
        ("g#s", "http://a/b/c/g"),
        ("g?y#s", "http://a/b/c/g?y"),
        (";x", "http://a/b/c/;x"),
        ("g;x", "http://a/b/c/g;x"),
        ("g;x?y#s", "http://a/b/c/g;x?y"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../", "http://a/"),
        ("../../g", "http://a/g"),
        // 5.4.2, abnormal
        ("../../../g", "http://a/g"),
        ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."),
        ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g"),
        ("g#s/../x", "http://a/b/c/g"),
        ("http:g", "http:g"),
        // Steps A and D of section 5.2.4: with a scheme, a path may begin without a slash.
        ("g:./h", "g:h"),
        ("g:../h", "g:h"),
        ("g:../../h/..", "g:/"),
        ("g:.", "g:"),
        ("g:..", "g:"),
    ];
    for (reference, expected) in examples {
        let resolved = resolve(&base, reference.as_bytes());
        assert_eq!(resolved.as_deref(), Some(expected), "{reference:?}");
    }
    assert_eq!(examples.len(), 23 + 19 + 5);
}

#[test]
fn what_servers_send_resolves() {
    let base = Uri::from_static("https://[2001:db8::1]:8443?q");
    let sent: [(&[u8], &str); 11] = [
        (b"a?filter[x]=1", "https://[2001:db8::1]:8443/a?filter[x]=1"),
        (b" /a b ", "https://[2001:db8::1]:8443/a%20b"),
        ("/\u{e9}".as_bytes(), "https://[2001:db8::1]:8443/%C3%A9"),
        (b"/\xE9", "https://[2001:db8::1]:8443/%E9"),
        (b"/a%2fb//c", "https://[2001:db8::1]:8443/a%2fb//c"),
        // What stands before these colons is no scheme.
        (b":a", "https://[2001:db8::1]:8443/:a"),
        (b"a/b:c", "https://[2001:db8::1]:8443/a/b:c"),
        (b"?", "https://[2001:db8::1]:8443/?"),
        (b"", "https://[2001:db8::1]:8443/?q"),
        (
            b"/a?b=http://c:1/d#e?f",
            "https://[2001:db8::1]:8443/a?b=http://c:1/d",
        ),
        (
            b"\\\\b.example\\c",
            "https://[2001:db8::1]:8443/%5C%5Cb.example%5Cc",
        ),
    ];
    for (reference, expected) in sent {
        let resolved = resolve(&base, reference);
        assert_eq!(
            resolved.as_deref(),
            Some(expected),
            "{}",
            reference.escape_ascii()
        );
    }
    let base = Uri::from_static("https://user:password@a.example:8443/b");
    assert_eq!(
        resolve(&base, b"c").as_deref(),
        Some("https://a.example:8443/c")
    );
    for control in [b"/a\tb".as_slice(), b"/a\x7Fb"] {
        assert_eq!(resolve(&base, control), None);
    }
}
