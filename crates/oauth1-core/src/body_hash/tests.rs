#![cfg(feature = "hmac-sha1")]

extern crate alloc;

use alloc::{format, string::ToString};

use super::*;

const HASH: &str = "Lve95gjOVATpfV8EL5X4nxwjKHE=";

fn sha1(body: &[u8]) -> BodyHash {
    BodyHash::of(Digest::Sha1, body).unwrap()
}

#[test]
fn a_body_is_hashed_as_the_extension_says() {
    assert_eq!(sha1(b"").as_str(), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
    assert_eq!(sha1(b"Hello World!").as_str(), HASH);
}

#[cfg(feature = "hmac-sha256")]
#[test]
fn the_longer_digests_are_hashed_alike() {
    let cases = [
        (
            Digest::Sha256,
            "",
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
        (
            Digest::Sha256,
            "Hello World!",
            "f4OxZX/x/FO5LcGBSKHWXfwtSx+j1ncoSt3SABJtkGk=",
        ),
        (
            Digest::Sha512,
            "",
            "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
        ),
    ];
    for (digest, body, expected) in cases {
        assert_eq!(
            BodyHash::of(digest, body.as_bytes()).unwrap().as_str(),
            expected
        );
    }
}

#[test]
fn pieces_have_the_hash_of_the_whole() {
    let body = [7; 300];
    for size in [1, 2, 63, 64, 65, 299, 300] {
        let mut hasher = BodyHasher::new(Digest::Sha1).unwrap();
        body.chunks(size).for_each(|piece| hasher.put(piece));
        assert_eq!(hasher.finish().as_str(), sha1(&body).as_str());
    }
}

#[test]
fn a_hasher_that_is_cloned_goes_on_from_there() {
    let mut hasher = BodyHasher::new(Digest::Sha1).unwrap();
    hasher.put(b"Hello ");
    let mut other = hasher.clone();
    hasher.put(b"World!");
    other.put(b"there");
    assert_eq!(hasher.finish().as_str(), HASH);
    assert_eq!(other.finish().as_str(), sha1(b"Hello there").as_str());
}

#[test]
fn a_received_value_matches_however_it_is_encoded() {
    let hash = sha1(b"Hello World!");
    assert!(hash.matches(Value::plain(HASH)));
    assert!(hash.matches(Value::percent(b"Lve95gjOVATpfV8EL5X4nxwjKHE%3D")));
    assert!(hash.matches(Value::form(b"%4cve95gjOVATpfV8EL5X4nxwjKHE%3d")));
}

#[test]
fn nothing_else_matches() {
    let hash = sha1(b"Hello World!");
    let others = [
        "",
        "=",
        "Lve95gjOVATpfV8EL5X4nxwjKHE",
        "Lve95gjOVATpfV8EL5X4nxwjKHE==",
        "Lve95gjOVATpfV8EL5X4nxwjKHF=",
        "Lve95gjOVATpfV8EL5X4nxwjKHE=\n",
        "lve95gjOVATpfV8EL5X4nxwjKHE=",
        "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
        "Lve95gjOVATpfV8EL5X4nxwjKHE%3D",
    ];
    for other in others {
        assert!(!hash.matches(Value::plain(other)), "{other}");
    }
    for length in [27, 29, 87, 88, 89, 1000] {
        assert!(!hash.matches(Value::plain(&"L".repeat(length))));
    }
}

#[test]
fn each_bit_of_the_text_counts() {
    let hash = sha1(b"Hello World!");
    for at in 0..HASH.len() {
        for bit in 0..8 {
            let mut text = HASH.as_bytes().to_vec();
            text[at] ^= 1 << bit;
            assert!(!hash.matches(Value::plain(&text)));
        }
    }
}

#[test]
fn a_hash_is_shown_and_a_hasher_is_not() {
    assert_eq!(sha1(b"Hello World!").to_string(), HASH);
    assert_eq!(
        format!("{:?}", sha1(b"Hello World!")),
        format!("BodyHash({HASH})")
    );
    let mut hasher = BodyHasher::new(Digest::Sha1).unwrap();
    hasher.put(b"Hello World!");
    assert_eq!(format!("{hasher:?}"), "BodyHasher(..)");
}

#[cfg(not(any(feature = "hmac-sha256", feature = "hmac-sha512", feature = "_rsa")))]
#[test]
fn a_digest_that_is_not_compiled_in_hashes_nothing() {
    for digest in [Digest::Sha256, Digest::Sha512] {
        assert!(BodyHasher::new(digest).is_none());
        assert!(BodyHash::of(digest, b"").is_none());
    }
}
