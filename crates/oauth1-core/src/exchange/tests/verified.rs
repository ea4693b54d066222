//! What a server that verifies and remembers says to all attempts of an exchange.

use alloc::collections::BTreeSet;

use super::*;
use crate::{
    Origin, StandIn,
    verify::{Lookup, NonceStatus, Policy},
};

/// Verifies what is sent, and gives its nonce.
fn verify(attempt: &Attempt, original: &[u8]) -> alloc::string::String {
    let (policy, mut slots) = (Policy::new(), Vec::new());
    let origin = Origin::parse("https://api.example.com").unwrap();
    let payload = match &attempt.body {
        AttemptBody::Empty => Payload::Empty,
        AttemptBody::Original => Payload::Bytes(original),
        AttemptBody::Form(form) => Payload::Bytes(form),
    };
    let received = policy
        .receive_parts(&attempt.parts, origin, payload, NOW, &mut slots)
        .unwrap();
    let signer = signer();
    let authentic = received
        .authenticate(Lookup::Found(signer.key()), &StandIn::new())
        .unwrap();
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    assert_eq!(verified.client().to_string_lossy(), "client");
    attempt.stamp().unwrap().nonce().to_string()
}

#[test]
fn a_server_that_refuses_replays_accepts_every_attempt() {
    let extra = [crate::Parameter::new("oauth_session_handle", "h")];
    let parameters = ProtocolParameters::NONE
        .with_callback("https://app.example/cb")
        .with_extra(&extra);
    let form = b"d=e&d=%C3%A9";
    let mut verified = 0;
    for transmission in [
        Transmission::Header,
        Transmission::Query,
        Transmission::Form,
    ] {
        let signer = signer().with_transmission(transmission).with_version();
        let client = Client::new(signer).with_retries(1);
        let mut head = head(Method::POST, "https://api.example.com/a?b=c");
        head.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(FORM));
        let payload = Payload::Bytes(form);
        let mut exchange = Exchange::new(&client, head, payload).with_parameters(parameters);
        let mut nonces = BTreeSet::new();
        let mut check = |attempt: &Attempt| {
            let nonce = verify(attempt, form);
            assert!(nonces.insert(nonce));
            verified += 1;
        };
        check(&exchange.attempt(stamp("first")).unwrap());
        assert_eq!(
            exchange.on_failure(Failure::NotSent),
            Step::Again(Cause::Retried)
        );
        let attempt = exchange.attempt(stamp("second")).unwrap();
        check(&attempt);
        // The query comes back as it was sent.
        let query = attempt.parts.uri.query().unwrap();
        let step = exchange.on_response(
            StatusCode::PERMANENT_REDIRECT,
            &to(&format!("../f?{query}")),
            NOW,
        );
        assert_eq!(step, Step::Again(Cause::Redirected));
        check(&exchange.attempt(stamp("third")).unwrap());
        let step = exchange.on_response(StatusCode::FOUND, &to("g?h=i#j"), NOW);
        assert_eq!(step, Step::Again(Cause::Redirected));
        check(&exchange.attempt(stamp("fourth")).unwrap());
    }
    assert_eq!(verified, 12);
}
