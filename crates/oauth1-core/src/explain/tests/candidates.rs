//! What is tried of a request, and what with its keys.

use super::*;
use crate::explain::{
    candidates::{Step, hash, key_candidates, steps},
    facts::Facts,
    model::{Model, Scratch},
};

/// The steps of a request in their order: the code, the forms where it has several, and what is special of
/// them.
fn steps_of(asked: &Asked, base_string_given: bool) -> Vec<String> {
    asked.ask(|question, _| {
        let facts = Facts::new(question, &Limits::PERSON).unwrap();
        let plain = Model::new(&facts);
        let (mut scratch, mut base_string) = (Scratch::default(), Vec::new());
        plain.write(&mut scratch, &mut base_string);
        let steps = steps(&plain, base_string_given, &mut scratch, &base_string);
        let alike = steps.chunk_by(|a, b| {
            let is_next = a.variant + 1 == b.variant;
            let same = |step: &Step| (step.deviation.code, step.deep, step.unknown_order);
            is_next && same(a) == same(b)
        });
        let shown = alike.map(|steps| {
            let (first, last) = (&steps[0], &steps[steps.len() - 1]);
            let mut shown = first.deviation.code.to_owned();
            if first.deviation.variants > 1 {
                shown = [shown, first.variant.to_string()].join(" ");
            }
            if first.variant < last.variant {
                shown = [shown, last.variant.to_string()].join(" to ");
            }
            shown += if first.deep { "" } else { ", alone" };
            shown += if first.unknown_order { ", unknown" } else { "" };
            shown
        });
        shown.collect()
    })
}

/// The keys of a request in their order: the codes that make each, and other codes that make the same.
fn keys_of(asked: &Asked) -> Vec<String> {
    asked.ask(|_, keys| {
        let plain = keys.model(key::Method::HmacSha1).unwrap();
        let candidates = key_candidates(keys, &plain);
        let codes = |set: &[&'static deviations::Deviation]| {
            let codes: Vec<_> = set.iter().map(|deviation| deviation.code).collect();
            codes.join(" + ")
        };
        let shown = candidates.iter().map(|candidate| {
            let sets = core::iter::once(&candidate.deviations).chain(&candidate.aliases);
            let sets: Vec<_> = sets.map(|set| codes(set)).collect();
            sets.join(", ")
        });
        shown.collect()
    })
}

/// A request of which nearly everything can be told that programs do otherwise.
pub(super) fn rich() -> Asked {
    let url = "http://Api.example.com:80/a%2Fb/?b=1&a=2&a=1&e=&s=x%20y+z~%C3%A9%2F(c)&j=%7B%22";
    let mut asked = Asked::get(url);
    asked.method = "POST".into();
    asked.form = Some("s=x%20y+z~%C3%A9%2F&d=%252F".into());
    asked.realm = Some("Photos".into());
    asked.fragment = Some("top".into());
    asked.sent_signature = Some("wP4%3D".into());
    let more = [
        ("oauth_version", "1.0"),
        ("oauth_callback", "http://client.example.net/cb?x=y"),
        ("oauth_body_hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="),
    ];
    let more = more.map(|(name, value)| (name.into(), value.into()));
    asked.params.extend(more);
    asked
}

#[test]
fn what_changes_nothing_in_a_request_is_not_tried() {
    let asked = Asked::get("https://api.example.com/photos?b=1&a=2&a=1");
    let always = [
        "query-omitted 0",
        "query-doubled 0",
        "scheme-http",
        "port-kept",
        "duplicates-dropped 0 to 1",
        "sorted-before-encoding",
        "version-implied",
        "body-hash-included 0 to 1",
        "trailing-slash 0",
        "unsorted 0 to 5",
        "sorted-as-joined-pairs",
        "timestamp-milliseconds 2",
        "timestamp-milliseconds 3 to 1002, alone",
        "method-lowercase",
        "lowercase-hex 2",
        "signature-included 1",
        "not-encoded-twice 3 to 4",
    ];
    assert_eq!(steps_of(&asked, false), always);
    // An order that nobody knows is seen in a base string, and cannot be guessed from a signature.
    let mut with_base_string = always.to_vec();
    with_base_string.insert(10, "unsorted 6, unknown");
    assert_eq!(steps_of(&asked, true), with_base_string);
}

#[test]
fn what_can_be_told_of_a_request_is_tried_the_most_common_first() {
    let expected = [
        "query-omitted 0",
        "query-doubled 0",
        "space-as-plus-in-base 0",
        "double-encoded 0 to 5",
        "port-kept",
        "duplicates-dropped 0 to 2",
        "tilde-encoded 0",
        "tilde-encoded 2",
        "form-omitted",
        "sorted-before-encoding",
        "callback-not-encoded",
        "reserved-left-raw 0 to 1",
        "reserved-left-raw 6",
        "reserved-left-raw 9 to 10",
        "plus-for-space-in-value 0 to 1",
        "trailing-slash 1",
        "realm-included",
        "path-decoded",
        "unsorted 0 to 5",
        "unsorted 6, unknown",
        "sorted-as-joined-pairs",
        "empty-value-dropped 0",
        "version-omitted",
        "body-hash-omitted",
        "path-double-encoded 0",
        "timestamp-milliseconds 2",
        "timestamp-milliseconds 3 to 1002, alone",
        "method-lowercase",
        "host-case-kept",
        "double-decoded 0",
        "lowercase-hex 0 to 2",
        "latin1-encoding",
        "scheme-https",
        "signature-included 0 to 1",
        "not-encoded-twice 0 to 4",
        "fragment-kept 0 to 1",
    ];
    assert_eq!(steps_of(&rich(), true), expected);

    // Another body, and a token that is empty.
    let mut asked = rich();
    asked.form = None;
    asked.body = Some("{}".into());
    asked.params[1].1.clear();
    let steps = steps_of(&asked, true);
    let without = |other: &[String], step: &&str| !other.iter().any(|other| other == step);
    let gone: Vec<_> = expected
        .into_iter()
        .filter(|step| without(&steps, step))
        .collect();
    assert_eq!(
        gone,
        [
            "double-encoded 0 to 5",
            "duplicates-dropped 0 to 2",
            "form-omitted",
            "plus-for-space-in-value 0 to 1",
            "double-decoded 0",
        ]
    );
    let expected = expected.map(ToOwned::to_owned);
    let shown = steps.iter().map(String::as_str);
    let new: Vec<_> = shown.filter(|step| without(&expected, step)).collect();
    assert_eq!(
        new,
        [
            "double-encoded 0",
            "double-encoded 3 to 5",
            "duplicates-dropped 0 to 1",
            "json-body-included 1",
            "plus-for-space-in-value 0",
            "empty-token-omitted",
        ]
    );
}

#[test]
fn each_key_is_tried_once_with_all_that_makes_it() {
    let mut asked = Asked::get("https://api.example.com/photos");
    let by_size = |keys: &[String]| {
        let size = |key: &String| match key.split(',').next() {
            Some("") | None => 0,
            Some(codes) => codes.split(" + ").count(),
        };
        [0, 1, 2, 3, 4].map(|wanted| keys.iter().filter(|key| size(key) == wanted).count())
    };
    let of_one = |keys: &[String]| -> Vec<String> {
        let one = keys.iter().filter(|key| !key.contains(" + "));
        one.cloned().collect()
    };
    asked.token_secret = "s".into();
    let keys = keys_of(&asked);
    let white_space = ["secret-has-whitespace"; 6];
    let ends = [
        "secrets-swapped",
        "client-secret-only",
        "wrong-digest",
        "wrong-digest",
    ];
    let expected = [&["", "token-secret-omitted"][..], &white_space, &ends].concat();
    assert_eq!(of_one(&keys), expected);
    assert_eq!(by_size(&keys), [1, 11, 38, 58, 0]);

    // White space that is trimmed leaves nothing of the secret, as if it were left out; and a space is
    // encoded.
    asked.token_secret = " ".into();
    let keys = keys_of(&asked);
    let expected = [
        &["", "token-secret-omitted, secret-has-whitespace"][..],
        &white_space,
        &["secret-not-encoded"],
        &ends,
    ];
    assert_eq!(of_one(&keys), expected.concat());
    assert_eq!(by_size(&keys), [1, 12, 41, 61, 0]);

    // Of secrets that need no encoding, nobody can tell whether they were; of these, anyone.
    asked.client_secret = "+/".into();
    asked.token_secret.clear();
    assert!(of_one(&keys_of(&asked)).contains(&"secret-not-encoded".to_owned()));
}

/// No shared secret takes part in a signature by RSA: nothing that is done to one makes another key.
#[test]
#[cfg(all(feature = "rsa-sha1", feature = "rsa-sha256", feature = "rsa-sha512"))]
fn a_public_key_is_tried_with_each_digest_once() {
    let pem = fs::read_to_string("../../tests/vectors/keys/rsa2048.pem").unwrap();
    let public = crate::RsaPrivateKey::from_pem(&pem).unwrap().public_key();
    let keys = Keys::rsa(&public);
    let plain = keys.model(key::Method::RsaSha1).unwrap();
    let candidates = key_candidates(&keys, &plain);
    let methods = candidates.iter().map(|candidate| candidate.identity.0);
    let expected = [
        key::Method::RsaSha1,
        key::Method::RsaSha256,
        key::Method::RsaSha512,
    ];
    assert_eq!(methods.collect::<Vec<_>>(), expected);
}

#[test]
fn base_strings_that_differ_in_a_byte_have_different_hashes() {
    let mut text = [0; 67];
    let mut lower = Vec::new();
    for at in 0..text.len() {
        for byte in 1..=255 {
            text[at] = byte;
            lower.push(hash(&text) << 16);
        }
        text[at] = 0;
    }
    for length in 0..text.len() {
        lower.push(hash(&text[..length]) << 16);
    }
    // Each byte counts in the lower bits too, which tell as many apart.
    let all = lower.len();
    lower.sort_unstable();
    lower.dedup();
    assert_eq!(lower.len(), all);
}
