//! Protocol parameters in the query and in the form.

use super::*;

fn form_head(method: Method) -> Parts {
    let mut head = head(method, "https://api.example.com/a?b=c");
    head.headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
    head
}

fn sending(transmission: Transmission) -> Client<HmacSha1> {
    Client::new(signer().with_transmission(transmission))
}

#[test]
fn attempts_do_not_pile_up() {
    for transmission in [
        Transmission::Header,
        Transmission::Query,
        Transmission::Form,
    ] {
        let client = sending(transmission).with_retries(u8::MAX);
        let mut exchange = Exchange::new(&client, form_head(Method::POST), Payload::Bytes(b"d=e"));
        for nonce in ["first", "second", "third"] {
            let attempt = exchange.attempt(stamp(nonce)).unwrap();
            let header = attempt.parts.headers.get(AUTHORIZATION);
            let form = match &attempt.body {
                AttemptBody::Form(form) => form,
                _ => &Vec::new(),
            };
            let sent = [
                header.map_or(&[][..], HeaderValue::as_bytes),
                attempt.parts.uri.to_string().as_bytes(),
                form,
            ]
            .concat();
            let sent = alloc::string::String::from_utf8(sent).unwrap();
            for name in ["oauth_signature=", "oauth_nonce=", "oauth_token="] {
                assert_eq!(sent.matches(name).count(), 1, "{sent}");
            }
            assert!(sent.contains(nonce), "{sent}");
            assert_eq!(
                exchange.on_failure(Failure::NotSent),
                Step::Again(Cause::Retried)
            );
        }
        assert_eq!(exchange.unsigned().uri, "https://api.example.com/a?b=c");
    }
}

/// The whole query comes back, with the signature in it: on the same origin it would be there twice, and
/// elsewhere it would be given away.
#[test]
fn a_signature_that_the_server_repeats_is_taken_out() {
    for same_origin in [true, false] {
        for (behind, kept) in [
            ("", "b=c"),
            ("&f=g", "b=c&f=g"),
            ("&oauth_token=other", "b=c&oauth_token=other"),
        ] {
            let client = sending(Transmission::Query).with_other_origins(OtherOrigins::Unsigned);
            let head = head(Method::GET, "https://api.example.com/a?b=c");
            let mut exchange = Exchange::new(&client, head, Payload::Empty);
            let first = exchange.attempt(stamp("first")).unwrap();
            let query = first.parts.uri.query().unwrap();
            let origin = if same_origin {
                ""
            } else {
                "https://other.example"
            };
            let location = to(&format!("{origin}/e?{query}{behind}"));
            let step = exchange.on_response(StatusCode::TEMPORARY_REDIRECT, &location, NOW);
            assert_eq!(step, Step::Again(Cause::Redirected));
            assert_eq!(exchange.unsigned().uri.query(), Some(kept));
            assert_eq!(exchange.is_signed(), same_origin);
        }
    }
}

#[test]
fn a_signature_of_a_form_is_taken_out_of_a_location() {
    let client = sending(Transmission::Form);
    let mut exchange = Exchange::new(&client, form_head(Method::POST), Payload::Bytes(b"d=e"));
    let AttemptBody::Form(form) = exchange.attempt(stamp("a")).unwrap().body else {
        panic!()
    };
    let form = alloc::string::String::from_utf8(form).unwrap();
    assert!(form.starts_with("d=e&oauth_consumer_key="), "{form}");
    let location = to(&format!("/e?{form}"));
    let step = exchange.on_response(StatusCode::SEE_OTHER, &location, NOW);
    assert_eq!(step, Step::Again(Cause::Redirected));
    assert_eq!(exchange.unsigned().uri, "https://api.example.com/e?d=e");
}

#[test]
fn a_trace_takes_a_signature_out_of_a_location_for_layers_that_follow_it() {
    let client = sending(Transmission::Query);
    let mut parts = head(Method::GET, "https://api.example.com/a?b=c");
    let none = ProtocolParameters::NONE;
    let (body, trace) = client
        .sign_attempt(&mut parts, Payload::Empty, &none, stamp("a"))
        .unwrap();
    assert_eq!((body, trace.stamp().nonce()), (AttemptBody::Empty, "a"));
    let query = parts.uri.query().unwrap();
    for (location, cleaned) in [
        (format!("/e?{query}"), "/e?b=c"),
        (
            format!("//other.example/e?{query}#f"),
            "//other.example/e?b=c#f",
        ),
        (format!("/\u{e9}?{query}&g=h"), "/%C3%A9?b=c&g=h"),
        ("/e?oauth_token=other#f".into(), "/e?oauth_token=other#f"),
        ("/e f".into(), "/e f"),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(
            LOCATION,
            HeaderValue::from_bytes(location.as_bytes()).unwrap(),
        );
        trace.remove_echo(&mut headers);
        assert_eq!(headers[LOCATION], cleaned);
    }
    let shown = format!("{trace:?}");
    assert!(!shown.contains("oauth_signature"), "{shown}");
}

/// What is no echo is the server's: the authorization page's callback, for one.
#[test]
fn parameters_of_others_stay() {
    for transmission in [Transmission::Header, Transmission::Query] {
        let client = sending(transmission);
        let head = head(Method::GET, "https://api.example.com/a");
        let mut exchange = Exchange::new(&client, head, Payload::Empty);
        exchange.attempt(stamp("a")).unwrap();
        let location = "https://app.example/cb?oauth_token=temporary&oauth_verifier=v";
        let step = exchange.on_response(StatusCode::FOUND, &to(location), NOW);
        let Step::Stopped(Stop::OtherOrigin(elsewhere)) = step else {
            panic!("{step:?}")
        };
        assert_eq!(elsewhere.target(), location);
    }
}

/// A GET has no body to put them in: also the one that a redirect has made of a POST.
#[test]
fn without_a_body_the_header_takes_what_a_form_would_have() {
    let client = sending(Transmission::Form);
    let mut exchange = Exchange::new(&client, form_head(Method::POST), Payload::Bytes(b"d=e"));
    let first = exchange.attempt(stamp("first")).unwrap();
    assert!(is_signed(&first) && !first.parts.headers.contains_key(AUTHORIZATION));
    let step = exchange.on_response(StatusCode::SEE_OTHER, &to("/e"), NOW);
    assert_eq!(step, Step::Again(Cause::Redirected));
    let second = exchange.attempt(stamp("second")).unwrap();
    assert_eq!(second.body, AttemptBody::Empty);
    assert!(second.parts.headers.contains_key(AUTHORIZATION));
    assert!(!second.parts.headers.contains_key(CONTENT_TYPE));

    for (method, in_header) in [
        ("GET", true),
        ("DELETE", true),
        ("POST", false),
        ("PUT", false),
    ] {
        let head = head(
            Method::from_bytes(method.as_bytes()).unwrap(),
            "https://a.example/",
        );
        let mut exchange = Exchange::new(&client, head, Payload::Empty);
        let attempt = exchange.attempt(stamp("a")).unwrap();
        assert_eq!(
            attempt.parts.headers.contains_key(AUTHORIZATION),
            in_header,
            "{method}"
        );
        assert_eq!(attempt.body == AttemptBody::Empty, in_header, "{method}");
    }
}
