//! The key (RFC 5849 sections 3.4.2 to 3.4.4) and the digest.

use super::Deviation;
use crate::explain::key::KeyModel;

pub(super) const TABLE: &[Deviation] = &[
    Deviation::key("token-secret-omitted", 9, token_secret_omitted).says(
        "the other side signs with the client's secret and & alone, without the token's secret",
        "RFC 5849 section 3.4.2: the key is the client's secret, &, and the token's secret",
        "On the other side, use the secret of the token that the request names: after the \
         exchange, that of the token credentials, not of the temporary ones.",
    ),
    Deviation::key("no-trailing-ampersand", 10, no_ampersand).says(
        "the other side leaves out the & behind the client's secret",
        "RFC 5849 section 3.4.2: the & is there even when there is no token's secret",
        "On the other side, append & to the encoded client secret, also when there is no token.",
    ),
    Deviation::key("secret-has-whitespace", 11, whitespace).variants(7).says(
        "a secret has white space at its start or end on one side",
        "RFC 5849 section 3.4.2: the key is made of the secrets exactly",
        "Remove the space or line end from the secret, on this side or on the other: it comes from \
         copying, or from a file.",
    ),
    Deviation::key("secret-not-encoded", 40, secret_not_encoded).says(
        "the other side does not encode the secrets before it joins them",
        "RFC 5849 section 3.4.2: both secrets are percent-encoded in the key",
        "On the other side, encode both secrets as every other value, or use secrets of letters \
         and digits alone.",
    ),
    Deviation::key("secrets-swapped", 41, swapped).says(
        "the other side has the two secrets in each other's place",
        "RFC 5849 section 3.4.2: the client's secret comes first",
        "Put the client's secret (consumer secret) first and the token's second; look at both \
         configurations.",
    ),
    Deviation::key("client-secret-only", 42, client_secret_only).says(
        "the other side signs with the client's secret alone, with neither & nor the token's secret",
        "RFC 5849 section 3.4.2: the key is the client's secret, &, and the token's secret",
        "On the other side, make the key of both secrets with & between them.",
    ),
    Deviation::key("wrong-digest", 43, wrong_digest).variants(3).says(
        "the other side computes the signature with another digest than oauth_signature_method says",
        "RFC 5849 section 3.4: the signature is made by the method that the request names",
        "Set the same signature method on both sides, and name in oauth_signature_method the one \
         that is used.",
    ),
    // A plain text signature that is encoded once too often.
    Deviation::key("double-encoded", 3, plaintext_twice).says(
        "the other side encodes the signature of PLAINTEXT once more",
        "RFC 5849 section 3.4.4: the secrets are encoded, joined, and encoded once for transmission",
        "On the other side, encode each secret once, join them with &, and let the header's writer \
         encode that once.",
    ),
];

fn token_secret_omitted(key: &mut KeyModel, _: u16) -> bool {
    let applies = !key.token.is_empty();
    key.token.clear();
    applies
}

fn no_ampersand(key: &mut KeyModel, _: u16) -> bool {
    key.ampersand = false;
    key.token.is_empty()
}

fn whitespace(key: &mut KeyModel, variant: u16) -> bool {
    let ends: (&[u8], &[u8]) = match variant {
        0 => return trim(key),
        1 => (b"\n", b""),
        2 => (b" ", b""),
        3 => (b"", b"\n"),
        4 => (b"", b" "),
        5 => (b"\n", b"\n"),
        _ => (b"\r\n", b""),
    };
    key.client.extend_from_slice(ends.0);
    // A token that has no secret has none that could have been copied.
    let applies = ends.1.is_empty() || !key.token.is_empty();
    key.token.extend_from_slice(ends.1);
    applies
}

fn trim(key: &mut KeyModel) -> bool {
    let before = key.client.len() + key.token.len();
    for secret in [&mut key.client, &mut key.token] {
        while secret.last().is_some_and(u8::is_ascii_whitespace) {
            secret.pop();
        }
        let start = secret.iter().take_while(|byte| byte.is_ascii_whitespace());
        let start = start.count();
        secret.drain(..start);
    }
    key.client.len() + key.token.len() < before
}

fn secret_not_encoded(key: &mut KeyModel, _: u16) -> bool {
    key.encoded = false;
    let mut bytes = key.client.iter().chain(key.token.iter());
    bytes.any(|&byte| !crate::percent::is_unreserved(byte))
}

fn swapped(key: &mut KeyModel, _: u16) -> bool {
    core::mem::swap(&mut key.client, &mut key.token);
    *key.client != *key.token
}

fn client_secret_only(key: &mut KeyModel, _: u16) -> bool {
    let applies = !key.token.is_empty();
    key.token.clear();
    key.ampersand = false;
    applies
}

fn wrong_digest(key: &mut KeyModel, variant: u16) -> bool {
    key.method
        .family()
        .get(usize::from(variant))
        .is_some_and(|&method| {
            let applies = method != key.method;
            key.method = method;
            applies
        })
}

fn plaintext_twice(key: &mut KeyModel, _: u16) -> bool {
    key.twice = true;
    key.method == crate::explain::key::Method::Plaintext
}
