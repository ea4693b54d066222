use super::*;

#[test]
fn what_no_client_may_have_as_its_callback() {
    let long = format!("https://a.example/{}", "x".repeat(2_048));
    let table: &[(&str, CallbackError)] = &[
        ("", CallbackError::NotAbsolute),
        ("OOB", CallbackError::NotAbsolute),
        ("/ready", CallbackError::NotAbsolute),
        ("//good.example/ready", CallbackError::NotAbsolute),
        ("good.example/ready", CallbackError::NotAbsolute),
        ("1https://good.example/", CallbackError::NotAbsolute),
        ("app:", CallbackError::NotAbsolute),
        ("javascript:alert(1)", CallbackError::Scheme),
        (
            "JavaScript://good.example/%0aalert(1)",
            CallbackError::Scheme,
        ),
        ("data:text/html,x", CallbackError::Scheme),
        ("vbscript:x", CallbackError::Scheme),
        ("file:///etc/passwd", CallbackError::Scheme),
        ("blob:https://good.example/x", CallbackError::Scheme),
        ("http://good.example/ready", CallbackError::Scheme),
        ("http://127.0.0.1.evil.example/", CallbackError::Scheme),
        ("http://localhost.evil.example/", CallbackError::Scheme),
        ("http://128.0.0.1/", CallbackError::Scheme),
        ("http://[::2]/", CallbackError::Scheme),
        ("http://0x7f.1/", CallbackError::Scheme),
        ("https:good.example", CallbackError::Authority),
        ("https:///ready", CallbackError::Authority),
        (
            "https://good.example@evil.example/",
            CallbackError::Authority,
        ),
        (
            "https://good.example:443@evil.example/",
            CallbackError::Authority,
        ),
        (
            "https://good.example%40evil.example/",
            CallbackError::Authority,
        ),
        ("https://good.example:0/", CallbackError::Authority),
        ("https://good.example:65536/", CallbackError::Authority),
        ("https://good.example:443x/", CallbackError::Authority),
        ("https://[::1/", CallbackError::Authority),
        ("https://[::zz]/", CallbackError::Authority),
        (
            "https://good.example;evil.example/",
            CallbackError::Authority,
        ),
        (
            "https://good.example\\@evil.example/",
            CallbackError::Character,
        ),
        (
            "https://good.example\\.evil.example/",
            CallbackError::Character,
        ),
        ("https:\\\\good.example/", CallbackError::Character),
        ("https://good.example/a b", CallbackError::Character),
        (
            "https://good.example/\r\nSet-Cookie:x",
            CallbackError::Character,
        ),
        ("https://good.example/\0", CallbackError::Character),
        ("https://good.example/\"><script>", CallbackError::Character),
        ("https://gööd.example/", CallbackError::Character),
        ("https://good.example/%2", CallbackError::Character),
        ("https://good.example/#fragment", CallbackError::Fragment),
        (
            "https://good.example#@evil.example/",
            CallbackError::Fragment,
        ),
        ("https://good.example/a/../b", CallbackError::DotSegment),
        ("https://good.example/a/%2e%2E/b", CallbackError::DotSegment),
        ("https://good.example/a/.%2e", CallbackError::DotSegment),
        ("https://good.example/a/..%2fb", CallbackError::DotSegment),
        ("https://good.example/a/..%5Cb", CallbackError::DotSegment),
        ("https://good.example/./b", CallbackError::DotSegment),
        (
            "https://good.example/?oauth_verifier=1",
            CallbackError::ReservedParameter,
        ),
        (
            "https://good.example/?a=1&oauth%5Ftoken=1",
            CallbackError::ReservedParameter,
        ),
        (
            "https://good.example/?oauth_problem",
            CallbackError::ReservedParameter,
        ),
        (&long, CallbackError::TooLong),
    ];
    for (text, error) in table {
        assert_eq!(Callback::parse(text), Err(*error), "{text}");
        assert!(!error.to_string().is_empty());
    }
    assert_eq!(table.len(), 51);
    // A byte less than too long.
    assert!(Callback::parse(&long[..2_048]).is_ok());
    assert!(Callback::parse(&long[..2_049]).is_err());
}

#[test]
fn a_registration_covers_what_is_at_or_below_it_and_nothing_else() {
    let table: &[(&str, &str, bool)] = &[
        ("oob", "oob", true),
        ("oob", "https://good.example/", false),
        ("https://good.example/", "oob", false),
        ("https://good.example", "https://good.example", true),
        (
            "https://good.example",
            "https://good.example/ready?x=1",
            true,
        ),
        ("https://good.example", "https://good.example?x=1", true),
        ("https://good.example", "HTTPS://GOOD.example/ready", true),
        ("https://good.example", "https://good.example:443/", true),
        ("https://good.example:443", "https://good.example/", true),
        ("https://good.example", "https://good.example:8443/", false),
        (
            "https://good.example",
            "https://good.example.evil.example/",
            false,
        ),
        ("https://good.example", "https://good.example.", false),
        ("https://good.example", "https://evilgood.example/", false),
        ("https://good.example", "https://a.good.example/", false),
        ("https://good.example", "https://good.examplex/", false),
        ("https://good.example", "app://good.example/", false),
        (
            "https://good.example/ready",
            "https://good.example/ready",
            true,
        ),
        (
            "https://good.example/ready",
            "https://good.example/ready/",
            true,
        ),
        (
            "https://good.example/ready",
            "https://good.example/ready/x",
            true,
        ),
        (
            "https://good.example/ready",
            "https://good.example/ready?x",
            true,
        ),
        (
            "https://good.example/ready",
            "https://good.example/ready2",
            false,
        ),
        (
            "https://good.example/ready",
            "https://good.example/READY",
            false,
        ),
        ("https://good.example/ready", "https://good.example/", false),
        (
            "https://good.example/ready",
            "https://good.example/%72eady",
            false,
        ),
        (
            "https://good.example/ready/",
            "https://good.example/ready/x",
            true,
        ),
        (
            "https://good.example/ready/",
            "https://good.example/ready",
            false,
        ),
        (
            "https://good.example/r?a=1",
            "https://good.example/r?a=1",
            true,
        ),
        (
            "https://good.example/r?a=1",
            "https://good.example/r?a=1&b=2",
            true,
        ),
        (
            "https://good.example/r?a=1",
            "https://good.example/r?a=12",
            false,
        ),
        (
            "https://good.example/r?a=1",
            "https://good.example/r/x?a=1",
            false,
        ),
        (
            "https://good.example/r?a=1",
            "https://good.example/r",
            false,
        ),
        ("http://127.0.0.1/cb", "http://127.0.0.1:49152/cb", true),
        ("http://[::1]/cb", "http://[::1]:49152/cb", true),
        ("http://127.0.0.1:80/cb", "http://127.0.0.1/cb", true),
        (
            "http://127.0.0.1:8080/cb",
            "http://127.0.0.1:8081/cb",
            false,
        ),
        ("http://127.0.0.1/cb", "http://127.0.0.2/cb", false),
        ("http://localhost/cb", "http://127.0.0.1/cb", false),
        ("com.example.app:/cb", "com.example.app:/cb", true),
        ("com.example.app:/cb", "com.example.app:/cb/x", true),
        ("com.example.app:/cb", "com.example.app://cb", false),
        ("com.example.app:/cb", "com.example.apps:/cb", false),
        ("app://cb", "app://cb?x=1", true),
        ("app://cb", "app://cb:1", false),
        // What can be no callback allows none, itself included.
        ("javascript:", "javascript:alert(1)", false),
        ("http://good.example", "http://good.example", false),
        ("", "https://good.example/", false),
        ("https:", "https://good.example/", false),
        ("https://good.example/#", "https://good.example/", false),
    ];
    for (registered, callback, expected) in table {
        let covered = Callback::parse(callback).is_ok_and(|it| it.is_covered_by(registered));
        assert_eq!(covered, *expected, "{registered} covers {callback}");
    }
    assert_eq!(table.len(), 48);
}

#[test]
fn parameters_go_to_the_end_of_a_query_that_stays_as_it_is() {
    let table = [
        ("https://a.example", "https://a.example?k=v%20%26%C3%A9"),
        (
            "https://a.example/x?",
            "https://a.example/x?k=v%20%26%C3%A9",
        ),
        (
            "https://a.example/x?b=%7e+1",
            "https://a.example/x?b=%7e+1&k=v%20%26%C3%A9",
        ),
        (
            "https://a.example/x?b&",
            "https://a.example/x?b&k=v%20%26%C3%A9",
        ),
        ("com.example.app:/cb", "com.example.app:/cb?k=v%20%26%C3%A9"),
    ];
    for (callback, expected) in table {
        let Ok(Callback::Uri(uri)) = Callback::parse(callback) else {
            panic!("{callback}");
        };
        assert_eq!(uri.with_parameters(&[("k", "v &é")]), expected);
    }
}

#[test]
fn a_callback_says_where_it_leads() {
    let Ok(Callback::Uri(uri)) = Callback::parse("https://Printer.example:8443/ready") else {
        panic!();
    };
    assert_eq!(
        (uri.scheme(), uri.host()),
        ("https", Some("Printer.example"))
    );
    let Ok(Callback::Uri(uri)) = Callback::parse("com.example.app:/ready") else {
        panic!();
    };
    assert_eq!((uri.scheme(), uri.host()), ("com.example.app", None));
}

#[test]
fn a_callback_is_kept_as_it_came() {
    for text in ["oob", "https://Printer.example:443/ready?a=%2f", "app:b"] {
        assert_eq!(Callback::parse(text).unwrap().as_str(), text);
    }
    let Ok(Callback::Uri(uri)) = Callback::parse("App://b/c") else {
        panic!("no URI");
    };
    assert_eq!((uri.as_str(), uri.scheme()), ("App://b/c", "App"));
    assert_eq!(format!("{uri:?}"), "CallbackUri(\"App://b/c\")");
}
