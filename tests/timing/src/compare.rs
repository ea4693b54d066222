//! The comparisons themselves: texts that are right, and wrong at each place.

use core::hint::black_box;

use oauth1_core::{
    BaseString, BodyHash, Digest, HmacSha1, HmacSha256, HmacSha512, Plaintext, Secret, SigningKey,
    Value, Verdict, VerifyingKey,
};

use crate::{
    Case,
    request::{CLIENT, Placed, TOKEN, wrong},
};

const TEXT: &[u8] = b"GET&https%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg";

pub(crate) fn cases() -> Vec<Case> {
    let (client, token) = (Secret::from(CLIENT.1), Secret::from(TOKEN.1));
    let mut cases = key("HMAC-SHA1", &HmacSha1::new(&client, &token));
    cases.extend(key("HMAC-SHA256", &HmacSha256::new(&client, &token)));
    cases.extend(key("HMAC-SHA512", &HmacSha512::new(&client, &token)));
    cases.extend(key("PLAINTEXT", &Plaintext::new(client, token)));
    for (group, digest) in [
        ("body hash SHA-1", Digest::Sha1),
        ("body hash SHA-256", Digest::Sha256),
        ("body hash SHA-512", Digest::Sha512),
    ] {
        let hash = BodyHash::of(digest, b"a body").expect("compiled in");
        let matches = move |text: &[u8]| black_box(hash).matches(Value::plain(text));
        cases.extend(texts(group, hash.as_str(), matches));
    }
    let right = signature(&HmacSha1::new(&Secret::from(CLIENT.1), &Secret::EMPTY));
    let expected = right.clone();
    let naive = move |text: &[u8]| is_equal_so_far(black_box(text), black_box(expected.as_bytes()));
    cases.extend(texts("naive", &right, naive));
    cases
}

/// The control: a comparison that ends where the texts differ.
fn is_equal_so_far(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| black_box(a) == black_box(b))
}

fn key<K>(group: &'static str, key: &K) -> Vec<Case>
where
    K: SigningKey + VerifyingKey + Clone + 'static,
{
    let right = signature(key);
    let key = key.clone();
    let matches = move |text: &[u8]| {
        let base_string = BaseString::from_text(black_box(TEXT));
        key.verify(group, &base_string, Value::plain(text)) == Verdict::Valid
    };
    texts(group, &right, matches)
}

fn signature(key: &impl SigningKey) -> String {
    let mut text = Vec::new();
    let signed = key.sign(&BaseString::from_text(TEXT), &mut text);
    signed.expect("signed");
    String::from_utf8(text).expect("ASCII")
}

fn texts<M>(group: &'static str, right: &str, matches: M) -> Vec<Case>
where
    M: Fn(&[u8]) -> bool + Clone + 'static,
{
    let mut given = vec![("right".to_owned(), right.to_owned())];
    given.extend(wrong(right));
    given
        .into_iter()
        .map(|(name, text)| {
            let right = name == "right";
            let matches = matches.clone();
            let text = Placed::new(&text);
            let operation = Box::new(move || matches(black_box(text.bytes())));
            Case {
                group,
                name,
                operation,
                right,
            }
        })
        .collect()
}
