use super::*;

/// Signs, and gives the error if the request is then as it was.
fn refused(
    signer: &Signer<'_, HmacSha1>,
    mut request: Request<()>,
    payload: Payload<'_>,
    parameters: &ProtocolParameters<'_>,
) -> Error {
    let before = (request.uri().clone(), request.headers().clone());
    let error = signer
        .sign_request_with(&mut request, payload, parameters, stamp())
        .unwrap_err();
    assert_eq!((request.uri().clone(), request.headers().clone()), before);
    let mut parts = request.into_parts().0;
    assert_eq!(
        signer
            .sign_parts(&mut parts, payload, parameters, stamp())
            .unwrap_err(),
        error
    );
    assert_eq!((parts.uri, parts.headers), before);
    error
}

#[test]
fn a_request_of_another_type_is_not_sent_as_a_form() {
    let signer = signer().with_transmission(Transmission::Form);
    let mut request = typed("https://api.example.com/", "application/json");
    let signed = signer.sign_request(&mut request, Payload::Empty, stamp());
    assert!(signed.is_err() || has_form(request.headers()) == Ok(true));
}

#[test]
fn what_cannot_be_signed_is_left_as_it_is() {
    let none = ProtocolParameters::NONE;
    let extra = [crate::Parameter::new("oauth_nonce", "x")];
    let twice = none.with_extra(&extra);
    let form = signer().with_transmission(Transmission::Form);
    let query = signer().with_transmission(Transmission::Query);
    let header = signer().with_realm("\n");
    let mut two_types = typed("https://a.example/", FORM);
    two_types
        .headers_mut()
        .append(CONTENT_TYPE, HeaderValue::from_static(FORM));
    let url = || request("https://a.example/");
    let form_type = || typed("https://a.example/", FORM);
    let signed = request("https://a.example/?oauth_nonce=1");
    let cases = [
        (
            &form,
            form_type(),
            Payload::Streamed,
            none,
            Error::FormNotAtHand,
        ),
        (&form, two_types, Payload::Empty, none, Error::ContentType),
        (
            &form,
            url(),
            Payload::Bytes(b"x"),
            none,
            SignError::NoForm.into(),
        ),
        (
            &form,
            url(),
            Payload::Streamed,
            none,
            SignError::NoForm.into(),
        ),
        (
            &query,
            url(),
            Payload::Empty,
            twice,
            SignError::DuplicateParameter.into(),
        ),
        (
            &query,
            signed,
            Payload::Empty,
            none,
            SignError::DuplicateParameter.into(),
        ),
        (
            &header,
            url(),
            Payload::Empty,
            none,
            SignError::ControlCharacterInRealm.into(),
        ),
    ];
    for (signer, request, payload, parameters, expected) in cases {
        assert_eq!(refused(signer, request, payload, &parameters), expected);
    }
}

#[test]
fn a_uri_that_is_not_absolute_is_refused() {
    for uri in ["/a?b=1", "a.example:80", "*"] {
        let error = refused(
            &signer(),
            request(uri),
            Payload::Empty,
            &ProtocolParameters::NONE,
        );
        assert!(matches!(error, Error::Uri(_)), "{uri}: {error:?}");
    }
}

#[test]
fn a_request_signed_in_its_query_is_not_signed_again() {
    let signer = signer().with_transmission(Transmission::Query);
    let mut request = request("https://a.example/");
    signer
        .sign_request(&mut request, Payload::Empty, stamp())
        .unwrap();
    let error = refused(&signer, request, Payload::Empty, &ProtocolParameters::NONE);
    assert_eq!(error, Error::Sign(SignError::DuplicateParameter));
}

#[test]
fn a_port_that_is_none_is_refused() {
    let ports = ["0", "65536", "+80", "8o", "-1"];
    let uris = ports.map(|port| format!("http://example.com:{port}/").parse::<Uri>());
    for uri in uris.into_iter().flatten() {
        let port = target_of(&uri).map(|target| target.origin().port());
        assert_eq!(
            port.map_err(|error| error.kind()),
            Err(crate::UriErrorKind::Port),
            "{uri}"
        );
    }
}

#[test]
fn an_error_says_what_to_do() {
    let uri = Target::parse("a").unwrap_err();
    let cases = [
        (Error::from(uri), uri.to_string()),
        (
            Error::from(SignError::NoForm),
            SignError::NoForm.to_string(),
        ),
        (
            Error::FormNotAtHand,
            "whose bytes are not at hand: buffer it before signing".into(),
        ),
        (Error::ContentType, "several Content-Type headers".into()),
        (
            Error::Unsendable,
            "do not fit into a header or a URI".into(),
        ),
    ];
    for (error, text) in cases {
        assert!(error.to_string().contains(&text), "{error}");
    }
}
