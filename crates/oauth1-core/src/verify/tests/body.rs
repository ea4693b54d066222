//! What of a body the signature covers, and how the rest is checked.

extern crate alloc;

use alloc::format;

use super::wire::{Call, Content, NOW, Outcome, Server, once};
use crate::{
    BodyHash, Digest, SharedSecrets, SlotArray, StandIn, Timestamp,
    sink::Sink,
    verify::{BodyHashPolicy, Coverage, Lookup, NonceStatus, Policy, Reason, Rejection},
};

const BODY: &str = "Hello World!";
const HASH: &str = "Lve95gjOVATpfV8EL5X4nxwjKHE=";
const HASH_OF_NOTHING: &str = "2jmj7l5rSw0yVb/vlWAYkK/YBwk=";

fn demanding(body_hash: BodyHashPolicy) -> Server<'static> {
    Server::with_policy(Policy::new().with_body_hash(body_hash))
}

fn invalid() -> Outcome {
    Err(Reason::BodyHashInvalid.into())
}

#[test]
fn what_a_signature_covers_is_said() {
    let cases = [
        (Content::None, None, Coverage::Empty),
        (Content::None, Some(HASH_OF_NOTHING), Coverage::Signed),
        (Content::opaque(""), None, Coverage::Empty),
        (Content::opaque(""), Some(HASH_OF_NOTHING), Coverage::Signed),
        (Content::opaque(BODY), None, Coverage::Unsigned),
        (Content::opaque(BODY), Some(HASH), Coverage::Signed),
        (Content::form(""), None, Coverage::Signed),
        (Content::form(BODY), None, Coverage::Signed),
        (Content::Streamed, None, Coverage::Unsigned),
        (Content::Streamed, Some(HASH), Coverage::Pending),
    ];
    for (content, hash, coverage) in cases {
        let call = Call::post(content);
        let call = hash.map_or(call.clone(), |hash| call.with("oauth_body_hash", hash));
        assert_eq!(once(&call.sign()), Ok(coverage));
    }
}

#[test]
fn a_body_without_a_hash_may_be_changed_and_one_with_a_hash_may_not() {
    let unsigned = Call::post(Content::opaque(BODY));
    let hashed = unsigned.clone().with("oauth_body_hash", HASH);
    for other in ["Hello World?", "Hello World", "Hello World!\n", ""] {
        let content = Content::opaque(other);
        assert!(once(&unsigned.sign().with_content(content.clone())).is_ok());
        assert_eq!(once(&hashed.sign().with_content(content)), invalid());
    }
    assert_eq!(once(&hashed.sign().with_content(Content::None)), invalid());
}

#[test]
fn a_hash_is_the_one_text_that_base64_makes_of_it() {
    let spellings = [
        "Lve95gjOVATpfV8EL5X4nxwjKHE",
        "Lve95gjOVATpfV8EL5X4nxwjKHF=",
        "Lve95gjOVATpfV8EL5X4nxwjKHE=\n",
        " Lve95gjOVATpfV8EL5X4nxwjKHE=",
        "lve95gjOVATpfV8EL5X4nxwjKHE=",
        "2ef7bde608ce5404e97d5f042f95f89f1c232871",
    ];
    for hash in spellings {
        let outcome = once(
            &Call::post(Content::opaque(BODY))
                .with("oauth_body_hash", hash)
                .sign(),
        );
        assert!(
            outcome.is_err_and(|rejection| rejection.status() >= 400),
            "{hash}"
        );
    }
}

#[test]
fn a_signature_is_checked_before_a_body() {
    let call = Call::post(Content::opaque(BODY)).with("oauth_body_hash", "wrong");
    assert_eq!(
        once(&call.send("forged")),
        Err(Reason::SignatureInvalid.into())
    );
}

#[test]
fn a_wrong_body_spends_no_nonce() {
    let mut server = Server::new();
    let call = Call::post(Content::opaque(BODY)).with("oauth_body_hash", HASH);
    let changed = call.sign().with_content(Content::opaque("Hello World?"));
    assert_eq!(server.verify(&changed), invalid());
    assert_eq!(server.asked, 0);
    assert_eq!(server.verify(&call.sign()), Ok(Coverage::Signed));
}

#[test]
fn a_hash_is_demanded_of_a_body_or_of_every_request_but_never_of_a_form() {
    use BodyHashPolicy::{Always, Optional, Required};
    let missing = || Err(Reason::BodyHashMissing.into());
    let cases = [
        (
            Content::None,
            Ok(Coverage::Empty),
            Ok(Coverage::Empty),
            missing(),
        ),
        (
            Content::opaque(""),
            Ok(Coverage::Empty),
            Ok(Coverage::Empty),
            missing(),
        ),
        (
            Content::opaque(BODY),
            Ok(Coverage::Unsigned),
            missing(),
            missing(),
        ),
        (
            Content::Streamed,
            Ok(Coverage::Unsigned),
            missing(),
            missing(),
        ),
        (
            Content::form(""),
            Ok(Coverage::Signed),
            Ok(Coverage::Signed),
            Ok(Coverage::Signed),
        ),
        (
            Content::form("a=1"),
            Ok(Coverage::Signed),
            Ok(Coverage::Signed),
            Ok(Coverage::Signed),
        ),
    ];
    for (content, optional, required, always) in cases {
        let sent = Call::post(content).sign();
        assert_eq!(demanding(Optional).verify(&sent), optional);
        assert_eq!(demanding(Required).verify(&sent), required);
        assert_eq!(demanding(Always).verify(&sent), always);
    }
}

#[test]
fn a_hash_that_is_demanded_and_there_will_do() {
    for policy in [BodyHashPolicy::Required, BodyHashPolicy::Always] {
        for (body, hash) in [(BODY, HASH), ("", HASH_OF_NOTHING)] {
            let call = Call::post(Content::opaque(body)).with("oauth_body_hash", hash);
            assert_eq!(demanding(policy).verify(&call.sign()), Ok(Coverage::Signed));
        }
    }
}

#[test]
fn a_hash_on_a_form_is_refused_even_if_it_is_right() {
    for form in ["", BODY] {
        let call = Call::post(Content::form(form));
        for hash in [HASH, HASH_OF_NOTHING] {
            let sent = call.clone().with("oauth_body_hash", hash).sign();
            assert_eq!(once(&sent), Err(Reason::BodyHashOnForm.into()));
        }
    }
}

/// Puts the pieces of a streamed body through the check that its request asks for.
fn stream(call: &Call, pieces: &[&[u8]]) -> Result<(), Rejection> {
    let sent = call.sign();
    let request = sent.request();
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let now = Timestamp::from_unix_seconds(NOW);
    let received = policy.receive(&request, sent.headers(), now, &mut slots)?;
    let secrets = SharedSecrets::new("client secret", "token secret");
    let authentic = received.authenticate(Lookup::Found(&secrets), &StandIn::new())?;
    let verified = authentic.accept(NonceStatus::Fresh)?;
    assert_eq!(verified.coverage(), Coverage::Pending);
    let mut check = verified.body_check()?.unwrap();
    for piece in pieces {
        check.put(piece);
    }
    check.finish()
}

#[test]
fn a_streamed_body_is_checked_at_its_end() {
    let call = Call::post(Content::Streamed).with("oauth_body_hash", HASH);
    let invalid = Err(Reason::BodyHashInvalid.into());
    let cases: [(&[&[u8]], _); 8] = [
        (&[b"Hello World!"], Ok(())),
        (&[b"Hello ", b"", b"World", b"!"], Ok(())),
        (&[b"Hello World?"], invalid),
        (&[b"hello World!"], invalid),
        (&[b"Hello World"], invalid),
        (&[b"Hello World!", b"!"], invalid),
        (&[b"World!", b"Hello "], invalid),
        (&[], invalid),
    ];
    for (pieces, expected) in cases {
        assert_eq!(stream(&call, pieces), expected, "{pieces:?}");
    }
}

#[test]
fn the_last_byte_of_a_long_stream_counts() {
    let piece = [b'x'; 1000];
    let mut body = piece.repeat(if cfg!(miri) { 3 } else { 100 });
    let hash = BodyHash::of(Digest::Sha1, &body).unwrap();
    let call = Call::post(Content::Streamed).with("oauth_body_hash", hash.as_str());
    let stream_all = |body: &[u8]| {
        let pieces: alloc::vec::Vec<&[u8]> = body.chunks(777).collect();
        stream(&call, &pieces)
    };
    assert_eq!(stream_all(&body), Ok(()));
    *body.last_mut().unwrap() ^= 1;
    assert_eq!(stream_all(&body), Err(Reason::BodyHashInvalid.into()));
    body.pop();
    assert_eq!(stream_all(&body), Err(Reason::BodyHashInvalid.into()));
}

#[test]
fn a_streamed_body_may_be_empty() {
    let call = Call::post(Content::Streamed).with("oauth_body_hash", HASH_OF_NOTHING);
    assert_eq!(stream(&call, &[]), Ok(()));
}

#[test]
fn a_body_that_is_not_pending_needs_no_check() {
    let contents = [
        Content::None,
        Content::form("a=1"),
        Content::opaque(BODY),
        Content::Streamed,
    ];
    for content in contents {
        let sent = Call::post(content).sign();
        let request = sent.request();
        let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
        let now = Timestamp::from_unix_seconds(NOW);
        let received = policy
            .receive(&request, sent.headers(), now, &mut slots)
            .unwrap();
        let secrets = SharedSecrets::new("client secret", "token secret");
        let authentic = received
            .authenticate(Lookup::Found(&secrets), &StandIn::new())
            .unwrap();
        let verified = authentic.accept(NonceStatus::Fresh).unwrap();
        assert!(verified.body_check().unwrap().is_none());
    }
}

#[test]
fn a_check_shows_nothing_of_the_body() {
    let sent = Call::post(Content::Streamed)
        .with("oauth_body_hash", HASH)
        .sign();
    let request = sent.request();
    let (policy, mut slots) = (Policy::new(), SlotArray::<16>::new());
    let now = Timestamp::from_unix_seconds(NOW);
    let received = policy
        .receive(&request, sent.headers(), now, &mut slots)
        .unwrap();
    let secrets = SharedSecrets::new("client secret", "token secret");
    let authentic = received
        .authenticate(Lookup::Found(&secrets), &StandIn::new())
        .unwrap();
    let verified = authentic.accept(NonceStatus::Fresh).unwrap();
    let mut check = verified.body_check().unwrap().unwrap();
    check.put(b"secret");
    assert!(!format!("{check:?}").contains("secret"));
}

#[cfg(all(feature = "hmac-sha256", feature = "hmac-sha512"))]
#[test]
fn the_digest_is_that_of_the_method() {
    let (client, token) = ("client secret".into(), "token secret".into());
    let sha256 = crate::HmacSha256::new(&client, &token);
    let sha512 = crate::HmacSha512::new(&client, &token);
    let digests = [Digest::Sha1, Digest::Sha256, Digest::Sha512];
    for (at, method) in ["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512"]
        .into_iter()
        .enumerate()
    {
        for (other, digest) in digests.into_iter().enumerate() {
            let hash = BodyHash::of(digest, BODY.as_bytes()).unwrap();
            let call = Call::post(Content::opaque(BODY))
                .with("oauth_signature_method", method)
                .with("oauth_body_hash", hash.as_str());
            let signature = match at {
                0 => call.signature(),
                1 => call.signature_by(&sha256),
                _ => call.signature_by(&sha512),
            };
            let expected = if at == other {
                Ok(Coverage::Signed)
            } else {
                invalid()
            };
            assert_eq!(
                once(&call.send(&signature)),
                expected,
                "{method} {digest:?}"
            );
        }
    }
}
