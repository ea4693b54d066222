//! Every status, with every method, to the same origin and to others.

use super::*;

const START: &str = "https://api.example.com/a/b?c=d";

/// Method and body after each status, as RFC 9110 section 15.4 has it.
fn expected(status: u16, method: &Method) -> (Method, bool) {
    match (status, method.as_str()) {
        (303, "HEAD") => (Method::HEAD, false),
        (303, _) | (301 | 302, "POST") => (Method::GET, false),
        _ => (method.clone(), true),
    }
}

fn start(method: &Method) -> Parts {
    let mut head = head(method.clone(), START);
    let all = [
        ("content-type", "text/plain"),
        ("content-length", "4"),
        ("content-encoding", "identity"),
        ("content-language", "en"),
        ("digest", "sha-256=a"),
        ("expect", "100-continue"),
        ("cookie", "a=b"),
        ("proxy-authorization", "Basic a"),
        ("host", "api.example.com"),
        ("accept", "text/plain"),
        ("x-verify-credentials-authorization", "OAuth a"),
    ];
    head.headers = headers(&all);
    head
}

#[test]
fn every_status_with_every_method_goes_where_http_says() {
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let mut cases = 0;
    for status in [301, 302, 303, 307, 308] {
        for method in methods {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let code = StatusCode::from_u16(status).unwrap();
            let (then, keeps_body) = expected(status, &method);
            for (location, same_origin) in [
                ("/e", true),
                ("https://API.example.com:443/e", true),
                ("http://api.example.com/e", false),
                ("https://api.example.com:8443/e", false),
                ("https://www.api.example.com/e", false),
                ("//other.example/e", false),
            ] {
                cases += 1;
                let what = format!("{status} {method} {location}");
                let client = client().with_other_origins(OtherOrigins::Unsigned);
                let mut exchange = Exchange::new(&client, start(&method), Payload::Bytes(b"body"));
                let first = exchange.attempt(stamp("first")).unwrap();
                assert!(is_signed(&first), "{what}");
                let step = exchange.on_response(code, &to(location), NOW);
                assert_eq!(step, Step::Again(Cause::Redirected), "{what}");

                let second = exchange.attempt(stamp("second")).unwrap();
                let (parts, headers) = (&second.parts, &second.parts.headers);
                assert_eq!(is_signed(&second), same_origin, "{what}");
                assert_eq!(second.stamp().is_some(), same_origin, "{what}");
                assert_eq!((&parts.method, parts.uri.path()), (&then, "/e"), "{what}");
                let body = if keeps_body {
                    AttemptBody::Original
                } else {
                    AttemptBody::Empty
                };
                assert_eq!(second.body, body, "{what}");
                let of_body = ["type", "length", "encoding", "language"];
                for name in of_body {
                    let name = format!("content-{name}");
                    assert_eq!(headers.contains_key(name.as_str()), keeps_body, "{what}");
                }
                assert_eq!(headers.contains_key("digest"), keeps_body, "{what}");
                assert_eq!(headers.contains_key("expect"), keeps_body, "{what}");
                let of_origin = [
                    "authorization",
                    "cookie",
                    "proxy-authorization",
                    "host",
                    "x-verify-credentials-authorization",
                ];
                for name in of_origin {
                    assert_eq!(headers.contains_key(name), same_origin, "{what} {name}");
                }
                assert_eq!(headers["accept"], "text/plain");
            }
        }
    }
    assert_eq!(cases, 5 * 7 * 6);
}

#[test]
fn other_statuses_are_the_callers() {
    let client = client();
    for status in [200, 201, 300, 304, 305, 306, 400, 401, 403, 404, 500] {
        let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
        let code = StatusCode::from_u16(status).unwrap();
        assert_eq!(
            exchange.on_response(code, &to("/e"), NOW),
            Step::Done,
            "{status}"
        );
    }
}

#[test]
fn another_origin_stops_until_the_caller_says_so() {
    let client = client();
    let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
    let step = exchange.on_response(StatusCode::FOUND, &to("//other.example/e#f"), NOW);
    let Step::Stopped(Stop::OtherOrigin(elsewhere)) = step else {
        panic!("{step:?}")
    };
    assert_eq!(elsewhere.target(), "https://other.example/e");
    assert!(exchange.is_signed());
    assert_eq!(
        exchange.follow_unsigned(elsewhere),
        Step::Again(Cause::Redirected)
    );
    assert!(!exchange.is_signed());
    assert!(!is_signed(&exchange.attempt(stamp("a")).unwrap()));
}

/// The other origin has chosen the URI: it is not signed for it.
#[test]
fn what_comes_back_from_elsewhere_stays_unsigned() {
    let client = client().with_other_origins(OtherOrigins::Unsigned);
    let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
    for location in [
        "https://other.example/",
        "https://api.example.com/delete-all",
    ] {
        let step = exchange.on_response(StatusCode::FOUND, &to(location), NOW);
        assert_eq!(step, Step::Again(Cause::Redirected));
        let attempt = exchange.attempt(stamp("a")).unwrap();
        assert_eq!(attempt.parts.uri, location);
        assert!(!is_signed(&attempt) && attempt.stamp().is_none());
    }
}

#[test]
fn redirects_end_at_the_limit() {
    for limit in [1, 2, 10, u8::MAX] {
        let client = client().with_redirect_limit(limit);
        let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
        for _ in 0..limit {
            let step = exchange.on_response(StatusCode::FOUND, &to("?again"), NOW);
            assert_eq!(step, Step::Again(Cause::Redirected));
        }
        assert_eq!(exchange.redirects(), limit);
        let step = exchange.on_response(StatusCode::FOUND, &to("?again"), NOW);
        assert_eq!(step, Step::Stopped(Stop::TooManyRedirects));
    }
    let client = client().with_redirect_limit(0);
    let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
    assert_eq!(
        exchange.on_response(StatusCode::FOUND, &to("/e"), NOW),
        Step::Done
    );
}

#[test]
fn a_location_that_cannot_be_followed_leaves_the_response_to_the_caller() {
    let client = client();
    let unusable = [
        "javascript:alert(1)",
        "mailto:a@b.example",
        "ftp://api.example.com/e",
        "myapp://callback?oauth_token=a",
        "http:e",
        "https://",
        "https://:80/e",
        "https://a b/e",
        "https://api.example.com:0/e",
        "https://api.example.com:65536/e",
        "https://api.example.com:a/e",
        "https://[::1/e",
        "https://api.example.com\\@other.example:b/e",
    ];
    for location in unusable {
        let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
        let step = exchange.on_response(StatusCode::FOUND, &to(location), NOW);
        assert_eq!(step, Step::Done, "{location}");
    }
    let several = headers(&[("location", "/e"), ("location", "/f")]);
    for headers in [HeaderMap::new(), several] {
        let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
        assert_eq!(
            exchange.on_response(StatusCode::FOUND, &headers, NOW),
            Step::Done
        );
    }
    let long = format!("/{}", "e".repeat(70_000));
    let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
    assert_eq!(
        exchange.on_response(StatusCode::FOUND, &to(&long), NOW),
        Step::Done
    );
}

#[test]
fn user_information_stops() {
    let client = client().with_other_origins(OtherOrigins::Unsigned);
    for location in [
        "https://user@api.example.com/e",
        "https://user:password@other.example/e",
        "//@api.example.com/e",
        "https://api.example.com\\@other.example/e",
    ] {
        let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
        let step = exchange.on_response(StatusCode::FOUND, &to(location), NOW);
        assert_eq!(step, Step::Stopped(Stop::UserInformation), "{location}");
    }
}

#[test]
fn a_streamed_body_stops_where_it_would_have_to_flow_again() {
    let client = client();
    let exchange = || Exchange::new(&client, start(&Method::POST), Payload::Streamed);
    for (status, step) in [
        (301, Step::Again(Cause::Redirected)),
        (302, Step::Again(Cause::Redirected)),
        (303, Step::Again(Cause::Redirected)),
        (307, Step::Stopped(Stop::BodyNotReplayable)),
        (308, Step::Stopped(Stop::BodyNotReplayable)),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(exchange().on_response(status, &to("/e"), NOW), step);
        let mut replayable = exchange().with_replayable_body();
        let step = replayable.on_response(status, &to("/e"), NOW);
        assert_eq!(step, Step::Again(Cause::Redirected));
    }
    // Elsewhere too, though the caller says go.
    let mut exchange = exchange();
    let step = exchange.on_response(StatusCode::TEMPORARY_REDIRECT, &to("//b.example/"), NOW);
    let Step::Stopped(Stop::OtherOrigin(elsewhere)) = step else {
        panic!("{step:?}")
    };
    let step = exchange.follow_unsigned(elsewhere);
    assert_eq!(step, Step::Stopped(Stop::BodyNotReplayable));
}

/// A body that was dropped stays away, and needs not be replayed.
#[test]
fn a_dropped_body_does_not_come_back() {
    let client = client();
    let mut exchange = Exchange::new(&client, start(&Method::POST), Payload::Streamed);
    for status in [StatusCode::SEE_OTHER, StatusCode::TEMPORARY_REDIRECT] {
        let step = exchange.on_response(status, &to("/e"), NOW);
        assert_eq!(step, Step::Again(Cause::Redirected));
        let attempt = exchange.attempt(stamp("a")).unwrap();
        assert_eq!(
            (attempt.parts.method, attempt.body),
            (Method::GET, AttemptBody::Empty)
        );
    }
}

#[test]
fn a_header_of_the_callers_own_host_and_cookie_stay_on_the_same_origin() {
    let client = client();
    let mut exchange = Exchange::new(&client, start(&Method::GET), Payload::Empty);
    let step = exchange.on_response(StatusCode::FOUND, &to("/e"), NOW);
    assert_eq!(step, Step::Again(Cause::Redirected));
    let kept = &exchange.unsigned().headers;
    assert!(kept.contains_key(COOKIE) && kept.contains_key(HOST));
    assert_eq!(
        exchange.unsigned().uri,
        Uri::from_static("https://api.example.com/e")
    );
}
