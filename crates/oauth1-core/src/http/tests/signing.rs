use super::*;

fn authorization(request: &Request<()>) -> &HeaderValue {
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let value = values.next().unwrap();
    assert_eq!(values.next(), None);
    value
}

#[test]
fn a_header_is_added_and_marked_sensitive() {
    let mut request = request("https://api.example.com/a?b=1");
    request
        .headers_mut()
        .insert("x-other", HeaderValue::from_static("kept"));
    let signed = signer()
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    assert_eq!(signed.body, None);
    assert_eq!(
        (signed.stamp().nonce(), signed.stamp().timestamp()),
        ("abc", stamp().timestamp())
    );
    let target = Target::parse("https://api.example.com/a?b=1").unwrap();
    let expected = signer()
        .authorization(&RequestView::new("POST", target), stamp())
        .unwrap();
    assert_eq!(authorization(&request), &expected);
    assert!(authorization(&request).is_sensitive());
    assert!(!format!("{:?}", request.headers()).contains("oauth_"));
    assert_eq!(request.headers()["x-other"], "kept");
    assert_eq!(request.uri(), "https://api.example.com/a?b=1");
    assert_eq!(
        verify(request, "https://api.example.com", Payload::Empty),
        Ok(Coverage::Empty)
    );
}

#[test]
fn a_request_that_is_signed_again_has_one_header() {
    let mut request = request("https://api.example.com/a");
    request
        .headers_mut()
        .append(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    request
        .headers_mut()
        .append(AUTHORIZATION, HeaderValue::from_static("OAuth a=\"b\""));
    for _ in 0..2 {
        signer()
            .sign_request(&mut request, Payload::Empty, stamp())
            .unwrap();
        assert!(
            authorization(&request)
                .as_bytes()
                .starts_with(b"OAuth oauth_consumer_key=")
        );
    }
    assert_eq!(
        verify(request, "https://api.example.com", Payload::Empty),
        Ok(Coverage::Empty)
    );
}

#[test]
fn the_parameters_are_appended_to_the_query_that_is_there() {
    let signer = signer().with_transmission(Transmission::Query);
    let cases = [
        ("https://a.example", "oauth_"),
        ("https://a.example/", "oauth_"),
        ("https://a.example/b", "oauth_"),
        ("https://a.example/b?", "oauth_"),
        ("https://a.example?c", "c&oauth_"),
        ("https://a.example/b?c=1", "c=1&oauth_"),
        ("https://a.example/b?c=1&", "c=1&oauth_"),
        ("https://a.example/b?&", "&oauth_"),
        ("https://a.example/b?c=%3F", "c=%3F&oauth_"),
        ("https://a.example/b?c=1?d", "c=1?d&oauth_"),
    ];
    for (uri, start) in cases {
        let mut request = request(uri);
        let signed = signer
            .sign_request(&mut request, Payload::Empty, stamp())
            .unwrap();
        assert_eq!(signed.body, None);
        let query = request.uri().query().unwrap();
        assert!(query.starts_with(start), "{uri}: {query}");
        assert!(request.headers().is_empty());
        assert_eq!(request.uri().authority().unwrap(), "a.example");
        assert_eq!(
            verify(request, "https://a.example", Payload::Empty),
            Ok(Coverage::Empty)
        );
    }
}

#[test]
fn a_query_that_ends_in_a_question_mark_is_one_that_is_there() {
    let signer = signer().with_transmission(Transmission::Query);
    for uri in ["https://a.example/b?c=1?", "https://a.example/b??"] {
        let mut request = request(uri);
        signer
            .sign_request(&mut request, Payload::Empty, stamp())
            .unwrap();
        let uri = request.uri().clone();
        let verified = verify(request, "https://a.example", Payload::Empty);
        assert_eq!(verified, Ok(Coverage::Empty), "{uri}");
    }
}

#[test]
fn the_parameters_are_appended_to_the_form_that_is_there() {
    let signer = signer().with_transmission(Transmission::Form);
    let cases = [
        (Payload::Bytes(b"a=1"), "a=1&oauth_"),
        (Payload::Bytes(b""), "oauth_"),
        (Payload::Empty, "oauth_"),
    ];
    let form_type = "Application/X-WWW-Form-urlencoded; charset=utf-8";
    for (payload, start) in cases {
        let mut request = typed("https://api.example.com/?b=1", form_type);
        let signed = signer.sign_request(&mut request, payload, stamp()).unwrap();
        let form = signed.body.unwrap();
        assert!(form.starts_with(start.as_bytes()));
        assert_eq!(request.headers().len(), 1);
        assert_eq!(request.headers()[CONTENT_TYPE], form_type);
        let verified = verify(request, "https://api.example.com", Payload::Bytes(&form));
        assert_eq!(verified, Ok(Coverage::Signed));
    }
}

#[test]
fn a_request_without_a_type_gets_that_of_a_form() {
    let signer = signer().with_transmission(Transmission::Form);
    let mut request = request("https://api.example.com/");
    let signed = signer
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    assert_eq!(request.headers()[CONTENT_TYPE], FORM);
    assert!(!request.headers().contains_key(CONTENT_LENGTH));
    let form = signed.body.unwrap();
    let verified = verify(request, "https://api.example.com", Payload::Bytes(&form));
    assert_eq!(verified, Ok(Coverage::Signed));
}

#[test]
fn a_length_that_is_there_becomes_that_of_the_form() {
    let sign = |transmission| {
        let mut request = typed("https://api.example.com/", FORM);
        request.headers_mut().append(CONTENT_LENGTH, 3.into());
        let signer = signer().with_transmission(transmission);
        let signed = signer
            .sign_request(&mut request, Payload::Bytes(b"a=1"), stamp())
            .unwrap();
        let lengths = request.headers().get_all(CONTENT_LENGTH).iter();
        (
            signed.body,
            lengths
                .map(|length| length.to_str().unwrap().into())
                .collect::<Vec<String>>(),
        )
    };
    let (form, lengths) = sign(Transmission::Form);
    assert_eq!(lengths, [form.unwrap().len().to_string()]);
    assert_eq!(sign(Transmission::Query), (None, ["3".into()].into()));
    assert_eq!(sign(Transmission::Header), (None, ["3".into()].into()));
}

#[test]
fn the_content_type_says_what_of_the_body_is_signed() {
    let sign = |mut request: Request<()>| {
        signer()
            .sign_request(&mut request, Payload::Bytes(b"a=1"), stamp())
            .unwrap();
        let hashed = authorization(&request)
            .to_str()
            .unwrap()
            .contains("oauth_body_hash=");
        let changed = verify(request.clone(), "https://a.example", Payload::Bytes(b"a=2"));
        assert!(changed.is_err());
        (
            hashed,
            verify(request, "https://a.example", Payload::Bytes(b"a=1")),
        )
    };
    let cases = [
        (FORM, false),
        ("APPLICATION/X-WWW-FORM-URLENCODED", false),
        ("application/x-www-form-urlencoded; charset=UTF-8", false),
        ("application/json", true),
        ("text/plain", true),
        ("multipart/form-data; boundary=x", true),
        ("application/x-www-form-urlencoded+xml", true),
        ("", true),
    ];
    for (content_type, hashed) in cases {
        let signed = sign(typed("https://a.example/", content_type));
        assert_eq!(signed, (hashed, Ok(Coverage::Signed)), "{content_type}");
    }
    assert_eq!(
        sign(request("https://a.example/")),
        (true, Ok(Coverage::Signed))
    );
}

#[test]
fn a_streamed_body_is_not_signed() {
    let mut request = typed("https://a.example/", "application/json");
    signer()
        .sign_request(&mut request, Payload::Streamed, stamp())
        .unwrap();
    assert!(
        !authorization(&request)
            .to_str()
            .unwrap()
            .contains("oauth_body_hash")
    );
    let verified = verify(request, "https://a.example", Payload::Bytes(b"whatever"));
    assert_eq!(verified, Ok(Coverage::Unsigned));
}

#[test]
fn further_parameters_are_sent() {
    let parameters = ProtocolParameters::NONE
        .with_callback("oob")
        .with_verifier("v");
    let mut request = request("https://a.example/");
    signer()
        .sign_request_with(&mut request, Payload::Empty, &parameters, stamp())
        .unwrap();
    let header = authorization(&request).to_str().unwrap();
    assert!(header.contains("oauth_callback=\"oob\", oauth_verifier=\"v\""));
    assert_eq!(
        verify(request, "https://a.example", Payload::Empty),
        Ok(Coverage::Empty)
    );
}

#[test]
fn parts_are_signed_as_their_request() {
    for transmission in [
        Transmission::Header,
        Transmission::Query,
        Transmission::Form,
    ] {
        let signer = signer().with_transmission(transmission);
        let mut request = typed("https://a.example/?b=1", FORM);
        let mut parts = request.clone().into_parts().0;
        let payload = Payload::Bytes(b"a=1");
        let signed = signer.sign_request(&mut request, payload, stamp()).unwrap();
        let none = ProtocolParameters::NONE;
        let of_parts = signer
            .sign_parts(&mut parts, payload, &none, stamp())
            .unwrap();
        assert_eq!(of_parts.body, signed.body);
        assert_eq!(
            (&parts.uri, &parts.headers),
            (request.uri(), request.headers())
        );
    }
}

#[test]
fn bytes_are_a_payload_as_they_stand() {
    for bytes in [&b""[..], b"a=1"] {
        assert!(matches!(Payload::from(bytes), Payload::Bytes(kept) if kept == bytes));
    }
}

#[test]
fn a_request_with_its_body_is_signed_with_it() {
    for (body, payload) in [("", Payload::Empty), ("{}", Payload::Bytes(b"{}"))] {
        let mut buffered = Request::post("https://a.example/").body(body).unwrap();
        signer().sign_buffered(&mut buffered, stamp()).unwrap();
        let mut request = request("https://a.example/");
        signer()
            .sign_request(&mut request, payload, stamp())
            .unwrap();
        assert_eq!(buffered.headers(), request.headers());
        assert_eq!(*buffered.body(), body);
    }
}

#[test]
fn a_target_is_the_uri_without_its_user() {
    let cases = [
        ("http://example.com", "http://example.com/"),
        ("https://example.com:443/a?b=1", "https://example.com/a"),
        (
            "http://user:password@example.com:8080/",
            "http://example.com:8080/",
        ),
        ("http://user@Example.com/A", "http://example.com/A"),
        ("https://[2001:DB8::1]/", "https://[2001:db8::1]/"),
        ("https://user:1@[::1]:8443/a", "https://[::1]:8443/a"),
        ("https://example.com:80/", "https://example.com:80/"),
        ("https://example.com:/", "https://example.com/"),
        ("HTTPS://example.com/%7E//..", "https://example.com/%7E//.."),
    ];
    for (text, expected) in cases {
        let uri: Uri = text.parse().unwrap();
        let target = target_of(&uri).unwrap();
        assert_eq!(target.base_string_uri().to_string(), expected);
        assert_eq!(target.query(), uri.query());
        assert_eq!(target.origin(), Target::parse(text).unwrap().origin());
    }
}

#[test]
fn what_signing_gives_shows_no_secret() {
    let mut request = request("https://a.example/");
    let signed = signer()
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    let shown = format!("{signed:?}");
    assert!(shown.contains("UsedStamp"), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn a_request_that_is_signed_elsewhere_than_before_is_signed_once() {
    let mut request = request("https://a.example/");
    signer()
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    let signer = signer().with_transmission(Transmission::Query);
    signer
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    let verified = verify(request, "https://a.example", Payload::Empty);
    assert_eq!(verified, Ok(Coverage::Empty));
}

/// Where the parameters go elsewhere, the header of an earlier signature goes, and no other.
#[test]
fn credentials_of_other_schemes_stay_when_a_query_is_signed() {
    let mut request = request("https://api.example.com/a");
    let sent = ["Bearer x", "OAuth a=\"b\"", "Basic y", "oauth c=\"d\""];
    for value in sent {
        request
            .headers_mut()
            .append(AUTHORIZATION, HeaderValue::from_static(value));
    }
    signer()
        .with_transmission(Transmission::Query)
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    let kept: Vec<_> = request.headers().get_all(AUTHORIZATION).iter().collect();
    assert_eq!(kept, ["Bearer x", "Basic y"]);
}
