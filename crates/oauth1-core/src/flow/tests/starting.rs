use super::*;

#[test]
fn endpoints_are_checked() {
    use StartError::{Endpoint, ReservedParameter};
    let good = "https://example.com/x";
    let bad = [
        ("/token", "not absolute"),
        ("example.com/token", "not absolute"),
        ("ftp://example.com/token", "not http"),
        ("https://", "no host"),
        ("https://example.com:99999/", "no port"),
        ("https://example.com/a b", "white space"),
        ("", "nothing"),
    ];
    for (uri, why) in bad {
        for uris in [[uri, good, good], [good, uri, good], [good, good, uri]] {
            let error = Server::new(uris[0], uris[1], uris[2]).unwrap_err();
            assert!(matches!(error, Endpoint(..)), "{why}: {error:?}");
        }
    }
    // Section 2: "The endpoint URIs MAY include a query component [...] but [it] MUST NOT contain any
    // parameters beginning with the "oauth_" prefix".
    let reserved = "https://example.com/x?a=1&%6fauth_token=t";
    let error = Server::new(good, good, reserved).unwrap_err();
    assert_eq!(error, ReservedParameter("token"));
    assert!(
        Server::new(
            "https://example.com/x?title=Special:OAuth/initiate",
            good,
            good
        )
        .is_ok()
    );
    let error = server().with_authentication("x").unwrap_err();
    assert!(matches!(error, Endpoint("authentication", _)));
    let error = server().with_renewal("x").unwrap_err();
    assert!(matches!(error, Endpoint("renewal", _)));
}

#[test]
fn secrets_do_not_travel_without_tls() {
    let table = [
        ("https://example.com/x", true),
        ("http://example.com/x", false),
        ("http://127.0.0.1:8080/x", true),
        ("http://[::1]:8080/x", true),
        ("http://LocalHost/x", true),
        ("http://127.0.0.1.example.com/x", false),
        ("http://localhost.example.com/x", false),
        ("http://10.0.0.1/x", false),
    ];
    for (uri, goes) in table {
        let server = Server::new(uri, "http://example.com/authorize", uri).unwrap();
        let starts = |server: &Server| {
            let client = client();
            Start::new(server, &client, OUT_OF_BAND)
                .request::<HmacSha1>()
                .err()
        };
        let error = starts(&server);
        let expected = (!goes).then_some(StartError::WithoutTls("temporary credentials"));
        assert_eq!(error, expected, "{uri}");
        let server = server.allow_without_tls();
        assert_eq!(starts(&server), None, "{uri}");
        // A password needs TLS in any case.
        let password = xauth::<HmacSha1, _>(&server, &client(), "jane", HUSH);
        assert_eq!(password.is_ok(), goes, "{uri}");
    }
}

#[test]
fn callbacks_are_absolute_or_out_of_band() {
    let table = [
        ("oob", true),
        ("https://example.com/ready?a=b&c", true),
        ("http://127.0.0.1:49152/", true),
        ("app.example:ready", true),
        ("about:blank", true),
        ("OOB", false),
        ("", false),
        ("/ready", false),
        ("ready", false),
        ("1app:ready", false),
        ("https:", false),
        ("https://example.com/a b", false),
        ("https://example.com/\u{e9}", false),
        ("https://example.com/\n", false),
    ];
    for (callback, is_good) in table {
        let leg = Start::new(&server(), &client(), callback).request::<HmacSha1>();
        assert_eq!(leg.is_ok(), is_good, "{callback:?}");
        if !is_good {
            assert_eq!(leg.err(), Some(StartError::Callback));
        }
    }
}

#[test]
fn the_authorization_url_is_put_together() {
    let table = [
        ("https://e.com/a", "https://e.com/a?oauth_token=for-now"),
        ("https://e.com", "https://e.com?oauth_token=for-now"),
        ("https://e.com/a?", "https://e.com/a?oauth_token=for-now"),
        (
            "https://e.com/a?b=c",
            "https://e.com/a?b=c&oauth_token=for-now",
        ),
        (
            "https://e.com/a?b=c&",
            "https://e.com/a?b=c&oauth_token=for-now",
        ),
        (
            "https://e.com/a#top",
            "https://e.com/a?oauth_token=for-now#top",
        ),
        (
            "https://e.com/a?b#x?y",
            "https://e.com/a?b&oauth_token=for-now#x?y",
        ),
    ];
    for (base, expected) in table {
        let server = Server::new("https://e.com/i", base, "https://e.com/t").unwrap();
        let client = client();
        let leg = Start::new(&server, &client, OUT_OF_BAND);
        let leg = leg.request::<HmacSha1>().unwrap();
        assert_eq!(answer(leg, TEMPORARY).unwrap().url(), expected);
    }
}

#[test]
fn further_parameters_stand_behind_the_token() {
    let server = server()
        .with_authorization_parameter("name", "A & B")
        .with_authentication("https://photos.example.net/authenticate")
        .unwrap();
    let client = client();
    let start = || {
        Start::new(&server, &client, OUT_OF_BAND)
            .with_authorization_parameter("scope", "read,write")
            .with_authorization_parameter("force_login", "true")
    };
    let leg = start().request::<HmacSha1>().unwrap();
    let tail = "?oauth_token=for-now&name=A%20%26%20B&scope=read%2Cwrite&force_login=true";
    let url = answer(leg, TEMPORARY).unwrap().url().to_string();
    assert_eq!(url, format!("https://photos.example.net/authorize{tail}"));

    let leg = start().authenticate().request::<HmacSha1>().unwrap();
    let url = answer(leg, TEMPORARY).unwrap().url().to_string();
    assert_eq!(
        url,
        format!("https://photos.example.net/authenticate{tail}")
    );
}

#[test]
fn the_names_of_the_authorization_url_are_data() {
    let named = |token, client_name| {
        let server = server().with_authorization_names(token, client_name);
        let client = client();
        let leg = Start::new(&server, &client, OUT_OF_BAND);
        answer(leg.request::<HmacSha1>().unwrap(), TEMPORARY)
            .unwrap()
            .url()
            .to_string()
    };
    let base = "https://photos.example.net/authorize";
    let media_wiki = named("oauth_token", Some("oauth_consumer_key"));
    assert_eq!(
        media_wiki,
        format!("{base}?oauth_token=for-now&oauth_consumer_key=the-client")
    );
    let etrade = named("token", Some("key"));
    assert_eq!(etrade, format!("{base}?token=for-now&key=the-client"));
}

#[test]
fn what_is_missing_or_reserved_is_refused() {
    let client = client();
    let token_only = Server::with_token_endpoint("https://e.com/t").unwrap();
    let error = |start: Start<'_, _>| start.request::<HmacSha1>().err();
    assert_eq!(
        error(Start::new(&token_only, &client, OUT_OF_BAND)),
        Some(StartError::NoEndpoint("temporary credentials"))
    );
    let server = server();
    let start = || Start::new(&server, &client, OUT_OF_BAND);
    assert_eq!(
        error(start().authenticate()),
        Some(StartError::NoEndpoint("authentication"))
    );
    assert_eq!(
        error(start().with_authorization_parameter("oauth_token", "mine")),
        Some(StartError::ReservedParameter("authorization"))
    );
}

#[test]
fn every_error_says_what_is_wrong() {
    let uri = crate::Target::parse("x").unwrap_err();
    let errors = [
        (StartError::Endpoint("token", uri), "the token endpoint: "),
        (StartError::ReservedParameter("token"), "only the protocol"),
        (StartError::WithoutTls("token"), "use https"),
        (StartError::Callback, "\"oob\""),
        (StartError::NoEndpoint("renewal"), "no renewal endpoint"),
        (StartError::Unsendable, "header or URI"),
    ];
    for (error, text) in errors {
        assert!(error.to_string().contains(text), "{error}");
    }
}
