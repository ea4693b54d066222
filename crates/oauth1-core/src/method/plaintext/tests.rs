extern crate alloc;

use alloc::string::String;

use super::*;
use crate::sink::SliceSink;

const EMPTY: BaseString<'static> = BaseString::from_text(b"");

fn sign(key: &Plaintext<'_>, base_string: &BaseString<'_>) -> String {
    let mut memory = [0; 256];
    let mut out = SliceSink::new(&mut memory);
    key.sign(base_string, &mut out).unwrap();
    String::from_utf8(out.finish().unwrap().into()).unwrap()
}

const SECRETS: [(&str, &str, &str); 8] = [
    (
        "djr9rjt0jd78jf88",
        "jjd999tj88uiths3",
        "djr9rjt0jd78jf88&jjd999tj88uiths3",
    ),
    (
        "djr9rjt0jd78jf88",
        "jjd99$tj88uiths3",
        "djr9rjt0jd78jf88&jjd99%24tj88uiths3",
    ),
    ("djr9rjt0jd78jf88", "", "djr9rjt0jd78jf88&"),
    ("", "b", "&b"),
    ("", "", "&"),
    ("a&b", "c", "a%26b&c"),
    ("a", "b&c", "a&b%26c"),
    ("% é+", "\0", "%25%20%C3%A9%2B&%00"),
];

#[test]
fn the_signature_is_both_secrets_encoded() {
    for (client, token, expected) in SECRETS {
        let key = Plaintext::new(client.into(), token.into());
        assert_eq!(sign(&key, &EMPTY), expected);
        assert_eq!(sign(&key, &BaseString::from_text(b"GET&a&b")), expected);
    }
}

#[test]
fn each_signature_is_that_of_its_own_secrets_alone() {
    for (client, token, _) in SECRETS {
        let key = Plaintext::new(client.into(), token.into());
        for (other_client, other_token, signature) in SECRETS {
            let verdict = key.verify("PLAINTEXT", &EMPTY, Value::plain(signature));
            let same = (client, token) == (other_client, other_token);
            assert_eq!(
                verdict == Verdict::Valid,
                same,
                "{client}&{token}: {signature}"
            );
        }
    }
}

#[test]
fn each_byte_of_the_signature_and_its_length_count() {
    let key = Plaintext::new("secret".into(), "token".into());
    let verify = |text: &[u8]| key.verify("PLAINTEXT", &EMPTY, Value::plain(text));
    let right = b"secret&token";
    assert_eq!(verify(right), Verdict::Valid);
    for at in 0..right.len() {
        for bit in 0..8 {
            let mut changed = *right;
            changed[at] ^= 1 << bit;
            assert_eq!(verify(&changed), Verdict::Invalid);
        }
        assert_eq!(verify(&right[..at]), Verdict::Invalid);
        assert_eq!(verify(&right[at + 1..]), Verdict::Invalid);
    }
    for longer in [
        "secret&token\0",
        "secret&token&",
        "\0secret&token",
        "secret&tokensecret&token",
        // The same bit of two bytes, and one bit and one byte more, do not make up for each other.
        "sdbret&token",
        "secret&tokeo\0",
    ] {
        assert_eq!(verify(longer.as_bytes()), Verdict::Invalid);
    }
}

#[test]
fn a_signature_is_decoded_once_before_it_is_compared() {
    let key = Plaintext::new("a b".into(), "c".into());
    let verify = |value| key.verify("PLAINTEXT", &EMPTY, value);
    assert_eq!(verify(Value::plain("a%20b&c")), Verdict::Valid);
    assert_eq!(verify(Value::percent(b"a%2520b%26c")), Verdict::Valid);
    assert_eq!(verify(Value::form(b"%61%2520b%26c")), Verdict::Valid);
    assert_eq!(verify(Value::percent(b"a%20b&c")), Verdict::Invalid);
    assert_eq!(verify(Value::plain("a b&c")), Verdict::Invalid);
}

#[test]
fn it_serves_its_own_method_alone_and_has_no_digest() {
    let key = Plaintext::new(Secret::EMPTY, Secret::EMPTY);
    assert_eq!(
        (key.method(), Plaintext::METHOD),
        ("PLAINTEXT", "PLAINTEXT")
    );
    assert_eq!(key.body_digest(), None);
    for method in ["PLAINTEXT", "plaintext", "HMAC-SHA1", ""] {
        assert_eq!(key.serves(method), method == "PLAINTEXT");
    }
}

#[cfg(feature = "alloc")]
#[test]
fn credentials_make_the_same_key() {
    let key = Plaintext::key_from(&"a".into(), &"b".into());
    assert_eq!(sign(&key, &EMPTY), "a&b");
}
