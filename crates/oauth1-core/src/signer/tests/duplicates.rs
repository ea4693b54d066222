//! No parameter of the protocol is sent twice.

extern crate alloc;

use super::*;

const DUPLICATE: Result<String, SignError> = Err(SignError::DuplicateParameter);

/// All that a signer can send of itself, the signature apart.
const NAMES: [&str; 9] = [
    "oauth_body_hash",
    "oauth_callback",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_verifier",
    "oauth_version",
];

fn sign_all(
    request: &RequestView<'_>,
    extra: &[Parameter<'_>],
    transmission: Transmission,
) -> Result<String, SignError> {
    let signer = signer().with_version().with_transmission(transmission);
    let hash = BodyHash::of(Digest::Sha1, b"").unwrap();
    let parameters = NONE
        .with_callback("oob")
        .with_verifier("v")
        .with_body_hash(&hash);
    sign(&signer, request, &parameters.with_extra(extra))
}

const TRANSMISSIONS: [Transmission; 3] = [
    Transmission::Header,
    Transmission::Query,
    Transmission::Form,
];

#[test]
fn a_parameter_that_the_request_has_already_is_refused() {
    for name in NAMES {
        for spelling in [
            name.into(),
            name.replace("oauth_", "oauth%5F"),
            name.replace('o', "%6f"),
        ] {
            let pair = alloc::format!("a=1&{spelling}=x&z=2");
            let url = alloc::format!("http://example.com/?{pair}");
            let pairs = [Parameter::new("a", "1"), Parameter::new(name, "x")];
            let request = get("http://example.com/");
            for transmission in TRANSMISSIONS {
                assert_eq!(sign_all(&get(&url), &[], transmission), DUPLICATE);
                let form = request.with_form(pair.as_bytes());
                assert_eq!(sign_all(&form, &[], transmission), DUPLICATE);
                let form = request.with_form_pairs(&pairs);
                assert_eq!(sign_all(&form, &[], transmission), DUPLICATE);
            }
        }
    }
}

#[test]
fn an_extra_parameter_that_signing_adds_is_refused() {
    for name in NAMES {
        let extra = [Parameter::new("a", "1"), Parameter::new(name, "x")];
        for transmission in TRANSMISSIONS {
            let signed = sign_all(&get("http://example.com/"), &extra, transmission);
            assert_eq!(signed, DUPLICATE);
        }
    }
}

#[test]
fn an_extra_parameter_of_the_protocol_twice_is_refused() {
    let extra = [
        Parameter::new("oauth_x", "1"),
        Parameter::new("oauth_x", "2"),
    ];
    let request = get("http://example.com/");
    assert_eq!(
        sign(&signer(), &request, &NONE.with_extra(&extra)),
        DUPLICATE
    );
    let request = get("http://example.com/?oauth_x=1");
    assert_eq!(
        sign(&signer(), &request, &NONE.with_extra(&extra[..1])),
        DUPLICATE
    );
}

#[test]
fn a_parameter_of_the_protocol_twice_in_the_request_is_refused() {
    let request = get("http://example.com/?oauth_x=1&b=2&oauth%5fx=1");
    assert_eq!(sign(&signer(), &request, &NONE), DUPLICATE);
    // The first and the last of all names that begin so.
    for query in ["oauth_&oauth_", "oauth_%FF%FF=1&oauth_%FF%FF=2"] {
        let uri = ["http://example.com/?", query].concat();
        assert_eq!(sign(&signer(), &get(&uri), &NONE), DUPLICATE, "{uri}");
    }
    let request = get("http://example.com/?oauth_x=1").with_form(b"oauth_x=2");
    assert_eq!(sign(&signer(), &request, &NONE), DUPLICATE);
}

#[test]
fn other_parameters_may_be_there_as_often_as_one_likes() {
    let extra = [
        Parameter::new("a", "1"),
        Parameter::new("a", "1"),
        Parameter::new("oauth", ""),
    ];
    let request = get("http://example.com/?a=1&a=2&oauth=1").with_form(b"a=1&oauth=2");
    assert!(sign(&signer(), &request, &NONE.with_extra(&extra)).is_ok());
}

#[test]
fn a_draft_and_a_prepared_request_refuse_the_same() {
    let signer = signer();
    let request = get("http://example.com/?oauth_nonce=1");
    let mut slots = SlotArray::<64>::new();
    let draft = signer.draft(&request, &NONE, stamp(), &mut slots);
    assert_eq!(draft.map(|_| ()), Err(SignError::DuplicateParameter));
    let mut memory = [0; 512];
    let buffer = SliceSink::new(&mut memory);
    let prepared = signer.prepare(&request, &NONE, &mut SlotArray::<64>::new(), buffer);
    assert_eq!(prepared.map(|_| ()), Err(SignError::DuplicateParameter));
}

#[test]
fn a_signature_that_the_query_has_already_is_refused() {
    for query in [
        "oauth_signature=x",
        "a=1&oauth%5Fsignature=x",
        "oauth_signature",
    ] {
        let url = alloc::format!("http://example.com/?{query}");
        for transmission in TRANSMISSIONS {
            let signer = signer().with_transmission(transmission);
            assert_eq!(sign(&signer, &get(&url), &NONE), DUPLICATE);
        }
    }
}

#[test]
fn a_signature_that_the_form_has_already_is_refused() {
    let request = get("http://example.com/");
    let pairs = [Parameter::new("oauth_signature", "x")];
    for request in [
        request.with_form(b"oauth_signature=x"),
        request.with_form_pairs(&pairs),
    ] {
        for transmission in TRANSMISSIONS {
            let signer = signer().with_transmission(transmission);
            assert_eq!(sign(&signer, &request, &NONE), DUPLICATE);
        }
    }
}

#[test]
fn an_extra_signature_is_refused() {
    let extra = [Parameter::new("oauth_signature", "x")];
    let request = get("http://example.com/");
    assert_eq!(
        sign(&signer(), &request, &NONE.with_extra(&extra)),
        DUPLICATE
    );
}

#[test]
fn an_extra_parameter_that_a_header_cannot_carry_is_not_signed_in_one() {
    for name in ["realm", "Realm", ""] {
        let extra = [Parameter::new(name, "x")];
        let (signer, request) = (signer(), get("http://example.com/"));
        let Ok(header) = sign(&signer, &request, &NONE.with_extra(&extra)) else {
            continue;
        };
        let policy = crate::verify::Policy::new();
        let (mut slots, now) = (
            SlotArray::<16>::new(),
            Timestamp::from_unix_seconds(1_700_000_000),
        );
        let outcome = policy
            .receive(&request, [header.as_bytes()], now, &mut slots)
            .and_then(|received| {
                let key = crate::verify::Lookup::Found(signer.key());
                received
                    .authenticate(key, &crate::StandIn::new())
                    .map(|_| ())
            });
        assert_eq!(outcome, Ok(()), "{header}");
    }
}
