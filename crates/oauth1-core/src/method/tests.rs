use alloc::string::ToString;

use super::*;

/// A key that says no more than it must.
struct Plain;

impl VerifyingKey for Plain {
    fn serves(&self, method: &str) -> bool {
        method == "X"
    }

    fn verify(&self, method: &str, _: &BaseString<'_>, signature: Value<'_>) -> Verdict {
        if method == "X" && signature == "right" {
            Verdict::Valid
        } else {
            Verdict::Invalid
        }
    }
}

/// As generic code asks it.
fn verify<K: VerifyingKey>(key: K, signature: &str) -> Verdict {
    key.verify("X", &BaseString::from_text(b"a"), Value::plain(signature))
}

fn serves<K: VerifyingKey>(key: K, method: &str) -> bool {
    key.serves(method)
}

#[test]
fn a_reference_to_a_key_says_what_the_key_says() {
    for (method, is_served) in [("X", true), ("Y", false)] {
        assert_eq!(serves(Plain, method), is_served);
        assert_eq!(serves(&Plain, method), is_served);
    }
    for (signature, verdict) in [("right", Verdict::Valid), ("wrong", Verdict::Invalid)] {
        assert_eq!(verify(Plain, signature), verdict);
        assert_eq!(verify(&Plain, signature), verdict);
    }
}

#[test]
#[cfg(feature = "hmac-sha1")]
fn a_reference_to_a_signing_key_signs_as_the_key() {
    fn signed<K: SigningKey>(key: K) -> (&'static str, Option<Digest>, [u8; 28]) {
        let mut signature = [0; 28];
        let mut out = crate::sink::SliceSink::new(&mut signature);
        key.sign(&BaseString::from_text(b"a"), &mut out).unwrap();
        (key.method(), key.body_digest(), signature)
    }
    let key = crate::HmacSha1::from_key(b"secret&");
    let by_reference = signed(&key);
    assert_eq!(by_reference.0, "HMAC-SHA1");
    assert_eq!(by_reference.1, Some(Digest::Sha1));
    assert!(!by_reference.2.contains(&0));
    assert_eq!(by_reference, signed(key));
}

#[test]
fn the_digest_is_that_of_the_method() {
    for (method, digest) in [
        ("HMAC-SHA1", Some(Digest::Sha1)),
        ("RSA-SHA1", Some(Digest::Sha1)),
        ("HMAC-SHA256", Some(Digest::Sha256)),
        ("RSA-SHA256", Some(Digest::Sha256)),
        ("RSA-PSS", Some(Digest::Sha256)),
        ("HMAC-SHA512", Some(Digest::Sha512)),
        ("RSA-SHA512", Some(Digest::Sha512)),
        ("PLAINTEXT", None),
        ("hmac-sha1", None),
        ("", None),
    ] {
        assert_eq!(Digest::of_method(method), digest, "{method}");
    }
}

#[test]
fn a_key_of_others_says_that_it_failed() {
    assert_eq!(SigningFailed::new(), SigningFailed);
    assert_eq!(
        SigningFailed.to_string(),
        "the key could not make a signature"
    );
}
