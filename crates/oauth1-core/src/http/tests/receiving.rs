use super::*;

const ORIGIN: &str = "https://api.example.com";

fn signed(uri: &str) -> Request<()> {
    let mut request = request(uri);
    signer()
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    request
}

/// As a server sees it: without the origin.
fn at_the_server(mut request: Request<()>) -> Request<()> {
    let line = request.uri().path_and_query().unwrap().to_string();
    *request.uri_mut() = line.parse().unwrap();
    request
}

fn reason(outcome: Result<Coverage, Rejection>) -> Reason {
    outcome.unwrap_err().reason()
}

#[test]
fn a_request_line_may_name_a_path_or_a_whole_uri() {
    let request = signed("https://api.example.com/a//b/../?c=%7E+1");
    assert_eq!(
        verify(request.clone(), ORIGIN, Payload::Empty),
        Ok(Coverage::Empty)
    );
    assert_eq!(
        verify(at_the_server(request), ORIGIN, Payload::Empty),
        Ok(Coverage::Empty)
    );
}

#[test]
fn an_asterisk_is_a_path() {
    let target = Target::at(Origin::parse(ORIGIN).unwrap(), "*").unwrap();
    let header = signer()
        .authorization(&RequestView::new("OPTIONS", target), stamp())
        .unwrap();
    let request = Request::options("*")
        .header(AUTHORIZATION, header)
        .body(())
        .unwrap();
    assert_eq!(verify(request, ORIGIN, Payload::Empty), Ok(Coverage::Empty));
}

#[test]
fn a_header_that_names_another_origin_counts_for_nothing() {
    let uris = [
        "https://evil.example/a",
        "http://api.example.com/a",
        "https://api.example.com:444/a",
    ];
    for uri in uris {
        for name in ["host", "x-forwarded-host", "x-forwarded-proto", "forwarded"] {
            let mut request = signed(uri);
            let value = match name {
                "x-forwarded-proto" => request.uri().scheme_str().unwrap().to_string(),
                "forwarded" => format!("host={}", request.uri().authority().unwrap()),
                _ => request.uri().authority().unwrap().to_string(),
            };
            request.headers_mut().insert(name, value.parse().unwrap());
            for request in [request.clone(), at_the_server(request)] {
                let outcome = verify(request, ORIGIN, Payload::Empty);
                assert_eq!(reason(outcome), Reason::SignatureInvalid);
            }
        }
    }
}

#[test]
fn a_host_header_of_another_is_not_looked_at() {
    let mut request = signed("https://api.example.com/a");
    request
        .headers_mut()
        .insert(HOST, HeaderValue::from_static("evil.example"));
    assert_eq!(
        verify(at_the_server(request), ORIGIN, Payload::Empty),
        Ok(Coverage::Empty)
    );
}

#[test]
fn credentials_of_another_scheme_may_stand_beside() {
    let mut request = signed("https://api.example.com/a");
    request
        .headers_mut()
        .append(AUTHORIZATION, HeaderValue::from_static("Bearer x"));
    assert_eq!(verify(request, ORIGIN, Payload::Empty), Ok(Coverage::Empty));
    let mut request = signed("https://api.example.com/a");
    let oauth = request.headers_mut().remove(AUTHORIZATION).unwrap();
    request.headers_mut().append(
        AUTHORIZATION,
        HeaderValue::from_bytes(b"Basic \xff").unwrap(),
    );
    request.headers_mut().append(AUTHORIZATION, oauth);
    assert_eq!(verify(request, ORIGIN, Payload::Empty), Ok(Coverage::Empty));
}

#[test]
fn two_headers_of_the_scheme_are_refused() {
    let mut request = signed("https://api.example.com/a");
    request
        .headers_mut()
        .append(AUTHORIZATION, HeaderValue::from_static("OAuth"));
    assert_eq!(
        reason(verify(request, ORIGIN, Payload::Empty)),
        Reason::SeveralHeaders
    );
}

#[test]
fn a_request_without_credentials_has_none() {
    let outcome = verify(request("/a"), ORIGIN, Payload::Empty);
    assert_eq!(reason(outcome), Reason::Absent);
}

#[test]
fn two_content_types_are_refused() {
    for (first, second) in [(FORM, FORM), (FORM, "text/plain"), ("text/plain", FORM)] {
        let mut request = typed("https://api.example.com/a", first);
        signer()
            .sign_request(&mut request, Payload::Bytes(b"a=1"), stamp())
            .unwrap();
        request
            .headers_mut()
            .append(CONTENT_TYPE, second.parse().unwrap());
        for payload in [Payload::Bytes(b"a=1"), Payload::Empty, Payload::Streamed] {
            let rejection = verify(request.clone(), ORIGIN, payload).unwrap_err();
            assert_eq!(rejection.reason(), Reason::MalformedContentType);
            assert_eq!(rejection.status(), 400);
        }
    }
}

#[test]
fn a_form_must_be_at_hand() {
    let mut request = typed("https://api.example.com/a", FORM);
    signer()
        .sign_request(&mut request, Payload::Bytes(b"a=1"), stamp())
        .unwrap();
    let rejection = verify(request.clone(), ORIGIN, Payload::Streamed).unwrap_err();
    assert_eq!(
        rejection.reason(),
        Reason::TooLarge("a form that was not read")
    );
    assert_eq!(rejection.status(), 413);
    assert_eq!(
        verify(request, ORIGIN, Payload::Bytes(b"a=1")),
        Ok(Coverage::Signed)
    );
}

#[test]
fn a_form_that_was_signed_and_is_said_to_be_none_is_refused() {
    let mut request = typed("https://api.example.com/a", FORM);
    signer()
        .sign_request(&mut request, Payload::Bytes(b"a=1"), stamp())
        .unwrap();
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    let outcome = verify(request, ORIGIN, Payload::Bytes(b"a=1"));
    assert_eq!(reason(outcome), Reason::SignatureInvalid);
}

#[test]
fn a_streamed_body_is_pending_until_its_hash_is_checked() {
    let mut request = typed("https://api.example.com/a", "application/json");
    signer()
        .sign_request(&mut request, Payload::Bytes(b"{}"), stamp())
        .unwrap();
    assert_eq!(
        verify(request, ORIGIN, Payload::Streamed),
        Ok(Coverage::Pending)
    );
}

#[test]
fn the_method_is_the_one_of_the_request() {
    let mut request = signed("https://api.example.com/a");
    *request.method_mut() = Method::GET;
    assert_eq!(
        reason(verify(request, ORIGIN, Payload::Empty)),
        Reason::SignatureInvalid
    );
}

#[test]
fn whether_there_is_a_form_is_told_by_one_content_type() {
    assert_eq!(has_form(&HeaderMap::new()), Ok(false));
    let cases = [
        (FORM, true),
        ("Application/X-WWW-form-urlencoded;a", true),
        ("text/plain", false),
    ];
    for (value, form) in cases {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, value.parse().unwrap());
        assert_eq!(has_form(&headers), Ok(form));
        headers.append(CONTENT_TYPE, value.parse().unwrap());
        assert_eq!(has_form(&headers), Err(Error::ContentType));
    }
}

#[test]
fn an_answer_has_the_status_and_the_challenge_of_the_rejection() {
    let rejection = verify(request("/a"), ORIGIN, Payload::Empty).unwrap_err();
    assert_eq!(rejection.status_code(), 401);
    assert_eq!(
        rejection.challenge_header("Photos"),
        "OAuth realm=\"Photos\""
    );
    let rejection = Rejection::new(Reason::SeveralHeaders);
    assert_eq!(rejection.status_code(), 400);
    let challenge = rejection.challenge_header("a\r\nb\0 \"\u{e9}\"");
    let expected = "OAuth realm=\"ab \\\"\u{e9}\\\"\", oauth_problem=\"parameter_rejected\"";
    assert_eq!(challenge.as_bytes(), expected.as_bytes());
}
