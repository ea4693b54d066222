//! When `oauth_body_hash` is sent.

use super::*;

const HASH_OF_NOTHING: &str = "2jmj7l5rSw0yVb%2FvlWAYkK%2FYBwk%3D";
const HASH: &str = "Lve95gjOVATpfV8EL5X4nxwjKHE%3D";
const BODY: &[u8] = b"Hello World!";

fn request() -> RequestView<'static> {
    RequestView::new("POST", Target::parse("https://example.com/").unwrap())
}

fn hash_in(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("oauth_body_hash=")?;
    rest.trim_start_matches('"').split(['"', '&']).next()
}

#[test]
fn the_rule_the_body_and_the_transmission_decide() {
    use BodyHashRule::{Always, Auto, Never};
    let pairs = [Parameter::new("a", "1")];
    let none = || Ok(None);
    let refused = || Err(SignError::BodyNotAtHand);
    let bodies = [
        (Body::None, [none(), Ok(Some(HASH_OF_NOTHING)), none()]),
        (
            Body::Opaque(b""),
            [none(), Ok(Some(HASH_OF_NOTHING)), none()],
        ),
        (Body::Opaque(BODY), [Ok(Some(HASH)), Ok(Some(HASH)), none()]),
        (Body::Streamed, [none(), refused(), none()]),
        (Body::Form(b""), [none(), none(), none()]),
        (Body::Form(b"a=1"), [none(), none(), none()]),
        (Body::FormPairs(&pairs), [none(), none(), none()]),
    ];
    for (body, expected) in bodies {
        for (rule, expected) in [Auto, Always, Never].into_iter().zip(expected) {
            let request = request().with(body);
            for transmission in [Transmission::Header, Transmission::Query] {
                let signer = signer()
                    .with_body_hash(rule)
                    .with_transmission(transmission);
                let text = sign(&signer, &request, &NONE);
                let found = text
                    .as_ref()
                    .map(|text| hash_in(text))
                    .map_err(|error| *error);
                assert_eq!(found, expected, "{rule:?} {transmission:?} {body:?}");
            }
            let signer = signer()
                .with_body_hash(rule)
                .with_transmission(Transmission::Form);
            match (sign(&signer, &request, &NONE), body) {
                (Err(error), Body::Opaque(_) | Body::Streamed) => {
                    assert_ne!(error, SignError::DigestNotCompiledIn);
                }
                (text, _) => assert_eq!(hash_in(&text.unwrap()), None, "{rule:?} {body:?}"),
            }
        }
    }
}

#[test]
fn the_hash_is_signed() {
    let text = base_string(&signer(), &request().with_body(BODY), &NONE);
    let hash = "oauth_body_hash%3DLve95gjOVATpfV8EL5X4nxwjKHE%253D%26oauth_consumer_key";
    assert!(text.contains(hash), "{text}");
}

#[test]
fn a_hash_that_is_given_is_sent_whatever_the_rule() {
    let given = BodyHash::of(Digest::Sha1, BODY).unwrap();
    let parameters = NONE.with_body_hash(&given);
    for rule in [
        BodyHashRule::Auto,
        BodyHashRule::Always,
        BodyHashRule::Never,
    ] {
        for body in [Body::Streamed, Body::None, Body::Opaque(b"of another")] {
            let signer = signer().with_body_hash(rule);
            let request = request().with(body);
            let text = sign(&signer, &request, &parameters).unwrap();
            assert_eq!(hash_in(&text), Some(HASH));
            let text = base_string(&signer, &request, &parameters);
            assert!(
                text.contains("oauth_body_hash%3DLve95gjOVATpfV8EL5X4nxwjKHE%253D"),
                "{text}"
            );
        }
    }
}

#[test]
fn a_hash_that_is_given_is_refused_with_a_form() {
    let given = BodyHash::of(Digest::Sha1, BODY).unwrap();
    let parameters = NONE.with_body_hash(&given);
    let pairs = [Parameter::new("a", "1")];
    let refused = Err(SignError::BodyHashOnForm);
    for body in [Body::Form(b""), Body::Form(b"a=1"), Body::FormPairs(&pairs)] {
        for transmission in [
            Transmission::Header,
            Transmission::Query,
            Transmission::Form,
        ] {
            let signer = signer().with_transmission(transmission);
            assert_eq!(sign(&signer, &request().with(body), &parameters), refused);
        }
    }
    let signer = signer().with_transmission(Transmission::Form);
    assert_eq!(sign(&signer, &request(), &parameters), refused);
}

#[cfg(all(feature = "plaintext", feature = "alloc"))]
#[test]
fn a_method_without_a_digest_sends_none() {
    let plaintext = Signer::<crate::Plaintext<'_>>::for_client(&client());
    for rule in [
        BodyHashRule::Auto,
        BodyHashRule::Always,
        BodyHashRule::Never,
    ] {
        let signer = plaintext.clone().with_body_hash(rule);
        for body in [Body::None, Body::Opaque(BODY), Body::Form(b"a=1")] {
            let text = sign(&signer, &request().with(body), &NONE).unwrap();
            assert_eq!(hash_in(&text), None);
        }
    }
}

#[cfg(all(feature = "plaintext", feature = "alloc"))]
#[test]
fn a_method_without_a_digest_asks_for_no_body() {
    let signer = Signer::<crate::Plaintext<'_>>::for_client(&client());
    let signer = signer.with_body_hash(BodyHashRule::Always);
    let text = sign(&signer, &request().with(Body::Streamed), &NONE);
    assert_eq!(text.as_deref().map(hash_in), Ok(None));
}

#[cfg(all(feature = "hmac-sha256", feature = "hmac-sha512"))]
#[test]
fn the_digest_is_that_of_the_method() {
    let sha256 = Signer::<crate::HmacSha256>::for_client(&client());
    let text = sign(&sha256, &request().with_body(BODY), &NONE).unwrap();
    assert_eq!(
        hash_in(&text),
        Some("f4OxZX%2Fx%2FFO5LcGBSKHWXfwtSx%2Bj1ncoSt3SABJtkGk%3D")
    );
    let sha512 = Signer::<crate::HmacSha512>::for_client(&client());
    let text = sign(&sha512, &request().with_body(BODY), &NONE).unwrap();
    let expected = BodyHash::of(Digest::Sha512, BODY).unwrap();
    let found = Value::percent(hash_in(&text).unwrap().as_bytes());
    assert!(expected.matches(found));
}

#[cfg(not(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa")))]
#[test]
fn a_digest_that_is_not_compiled_in_cannot_be_sent() {
    let key = crate::ExternalKey::new("RSA-SHA256", Digest::Sha256);
    let signer = Signer::with_key(key, "client");
    let mut slots = SlotArray::<1>::new();
    let request = request().with_body(BODY);
    let draft = signer.draft(&request, &NONE, stamp(), &mut slots);
    assert_eq!(draft.map(|_| ()), Err(SignError::DigestNotCompiledIn));
}
