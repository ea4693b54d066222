extern crate alloc;

use alloc::{string::String, vec::Vec};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;
use crate::sink::SliceSink;

/// The sample of RFC 5849 section 3.1, whose signature is the one of erratum 2550.
const SAMPLE: &[u8] = b"POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3\
    %3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_\
    nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_\
    token%3Dkkk9d7dh3k39sjv7";

fn sign<K: SigningKey>(key: &K, base_string: &[u8]) -> String {
    let mut memory = [0; 128];
    let mut out = SliceSink::new(&mut memory);
    key.sign(&BaseString::from_text(base_string), &mut out)
        .unwrap();
    String::from_utf8(out.finish().unwrap().into()).unwrap()
}

fn base64(bytes: &[u8]) -> String {
    let mut text = [0; 88];
    let length = STANDARD.encode_slice(bytes, &mut text).unwrap();
    core::str::from_utf8(&text[..length]).unwrap().into()
}

fn verify<K: VerifyingKey + SigningKey>(key: &K, signature: &str) -> Verdict {
    key.verify(
        key.method(),
        &BaseString::from_text(SAMPLE),
        Value::plain(signature),
    )
}

macro_rules! of_each_hash {
    ($name:ident, $feature:literal, $key:ident, $hash:ty, $method:literal, $signature:literal, $empty:literal) => {
        #[cfg(feature = $feature)]
        mod $name {
            use super::*;

            fn key() -> $key {
                $key::new(&"j49sk3j29djd".into(), &"dh893hdasih9".into())
            }

            #[test]
            fn the_sample_of_the_rfc_is_signed_and_verified() {
                assert_eq!(sign(&key(), SAMPLE), $signature);
                assert_eq!(verify(&key(), $signature), Verdict::Valid);
            }

            #[test]
            fn empty_secrets_make_the_key_of_an_ampersand() {
                let key = $key::new(&Secret::EMPTY, &Secret::EMPTY);
                assert_eq!(sign(&key, b""), $empty);
            }

            #[test]
            fn keys_of_every_length_are_those_of_rfc_2104() {
                for length in 0..300 {
                    let (client, token) = ("c".repeat(length / 2), "t".repeat(length - length / 2));
                    let key = $key::new(&client.as_str().into(), &token.as_str().into());
                    let joined = [client.as_bytes(), b"&", token.as_bytes()].concat();
                    let mac = <Hmac<$hash>>::new_from_slice(&joined)
                        .unwrap()
                        .chain_update(SAMPLE);
                    let expected = base64(&mac.finalize().into_bytes());
                    assert_eq!(sign(&key, SAMPLE), expected, "{length}");
                }
            }

            #[test]
            fn encoded_secrets_are_longer_than_they_look() {
                for length in [1, 10, 21, 22, 40, 43, 100] {
                    let secret = "\u{e9}".repeat(length);
                    let encoded = "%C3%A9".repeat(length);
                    let key = $key::new(&secret.as_str().into(), &Secret::EMPTY);
                    let joined = [encoded.as_bytes(), b"&"].concat();
                    let mac = <Hmac<$hash>>::new_from_slice(&joined)
                        .unwrap()
                        .chain_update(b"x");
                    assert_eq!(sign(&key, b"x"), base64(&mac.finalize().into_bytes()));
                }
            }

            #[test]
            fn only_the_canonical_text_is_the_signature() {
                let signature = $signature;
                let trimmed = signature.trim_end_matches('=');
                let last = signature.len() - 1;
                let others = [
                    "".into(),
                    "=".into(),
                    trimmed.into(),
                    signature[..last].into(),
                    alloc::format!("{signature}="),
                    alloc::format!("{signature}\n"),
                    alloc::format!(" {signature}"),
                    alloc::format!("{signature}{signature}"),
                    signature.to_lowercase(),
                    signature
                        .replace('/', "_")
                        .replace('+', "-")
                        .replace('=', ""),
                    "A".repeat(signature.len()),
                    "A".repeat(10_000),
                ];
                for other in others {
                    assert_eq!(verify(&key(), &other), Verdict::Invalid, "{other}");
                }
            }

            #[test]
            fn each_byte_of_the_signature_counts() {
                for at in 0..$signature.len() {
                    for bit in (0..7).step_by(if cfg!(miri) { 7 } else { 1 }) {
                        let mut changed = Vec::from($signature);
                        changed[at] ^= 1 << bit;
                        let changed = String::from_utf8(changed).unwrap();
                        assert_eq!(verify(&key(), &changed), Verdict::Invalid);
                    }
                }
            }

            /// Differences that are alike do not make up for each other.
            #[test]
            fn two_bytes_that_are_changed_alike_count() {
                let length = $signature.len();
                let step = if cfg!(miri) { 9 } else { 1 };
                let pairs = |at| (0..at).step_by(step).map(move |to| (to, at));
                for (first, second) in (0..length).step_by(step).flat_map(pairs) {
                    let mut changed = Vec::from($signature);
                    changed[first] ^= 1;
                    changed[second] ^= 1;
                    let changed = String::from_utf8(changed).unwrap();
                    assert_eq!(verify(&key(), &changed), Verdict::Invalid);
                }
            }

            #[test]
            fn an_encoded_signature_is_decoded() {
                let encoded = crate::percent::encode($signature);
                let encoded = alloc::string::ToString::to_string(&encoded);
                let verdict = |value| key().verify($method, &BaseString::from_text(SAMPLE), value);
                assert_eq!(verdict(Value::percent(encoded.as_bytes())), Verdict::Valid);
                assert_eq!(verdict(Value::form(encoded.as_bytes())), Verdict::Valid);
                assert_eq!(verdict(Value::plain(&encoded)), Verdict::Invalid);
            }

            #[test]
            fn other_secrets_and_other_base_strings_have_other_signatures() {
                let others = [
                    $key::new(&"dh893hdasih9".into(), &"j49sk3j29djd".into()),
                    $key::new(&"j49sk3j29djd".into(), &Secret::EMPTY),
                    $key::new(&"j49sk3j29djd&dh893hdasih9".into(), &Secret::EMPTY),
                    $key::new(&Secret::EMPTY, &Secret::EMPTY),
                ];
                for other in others {
                    assert_eq!(verify(&other, $signature), Verdict::Invalid);
                }
                assert_ne!(sign(&key(), &SAMPLE[1..]), $signature);
            }

            #[test]
            fn the_base_string_may_come_in_pieces() {
                for size in [1, 63, 64, 65, 128, 1000] {
                    let mut state = key().start();
                    SAMPLE.chunks(size).for_each(|piece| state.put(piece));
                    let mut memory = [0; 128];
                    let mut out = SliceSink::new(&mut memory);
                    key().finish(state, &mut out).unwrap();
                    assert_eq!(out.finish(), Ok($signature.as_bytes()));
                }
            }

            #[test]
            fn a_state_that_is_cloned_goes_on_from_there() {
                let mut state = key().start();
                state.put(&SAMPLE[..100]);
                let mut other = state.clone();
                state.put(b"something else");
                other.put(&SAMPLE[100..]);
                let mut memory = [0; 128];
                let mut out = SliceSink::new(&mut memory);
                key().finish(other, &mut out).unwrap();
                assert_eq!(out.finish(), Ok($signature.as_bytes()));
            }

            #[test]
            fn it_serves_its_own_method_alone() {
                assert_eq!((key().method(), $key::METHOD), ($method, $method));
                assert_eq!(key().body_digest(), Digest::of_method($method));
                let others = [
                    "HMAC-SHA1",
                    "HMAC-SHA256",
                    "HMAC-SHA512",
                    "hmac-sha1",
                    "RSA-SHA1",
                    "PLAINTEXT",
                    "",
                ];
                for method in others {
                    assert_eq!(key().serves(method), method == $method, "{method}");
                }
            }

            #[test]
            fn credentials_make_the_same_key() {
                let key = $key::key_from(&"j49sk3j29djd".into(), &"dh893hdasih9".into());
                assert_eq!(sign(&key, SAMPLE), $signature);
            }
        }
    };
}

of_each_hash!(
    hmac_sha1,
    "hmac-sha1",
    HmacSha1,
    sha1::Sha1,
    "HMAC-SHA1",
    "r6/TJjbCOr97/+UU0NsvSne7s5g=",
    "5CoEcoq7XoKFjwYCieQvuzadeUA="
);
of_each_hash!(
    hmac_sha256,
    "hmac-sha256",
    HmacSha256,
    sha2::Sha256,
    "HMAC-SHA256",
    "lIfydhbOitvsm4DvUwgM0NdR1Mzd08HnXI+q+EG0QKo=",
    "0308g06EajpL0Was16MlrCy3yHGmFA0aVFVDbQZlKzw="
);
of_each_hash!(
    hmac_sha512,
    "hmac-sha512",
    HmacSha512,
    sha2::Sha512,
    "HMAC-SHA512",
    "RKWkyty/iIQv+x55z7Y5GbLshaBePNBOxQ4ff7HBEDx1Tqd7XmyvZ7ymqcr8tg1VQPsoJhslOowtfjTdhTBnnQ==",
    "uulWDRYivLIB65Sv/IAeXCU52/pTdj9FNOevSe/pvjQ/lVtw2+YZdM+i4PfLG/ACC9rB0idK3hhcJExRSXHAxA=="
);
