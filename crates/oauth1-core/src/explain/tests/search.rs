//! In what order it is searched, how far, and what is told of what was found.

use super::*;

/// Of no request.
const WRONG: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn signature_of(key: &[u8], base_string: &str) -> String {
    let mut signature = Vec::new();
    let text = BaseString::from_text(base_string.as_bytes());
    crate::SigningKey::sign(&crate::HmacSha1::from_key(key), &text, &mut signature).unwrap();
    String::from_utf8(signature).unwrap()
}

fn base_string_of(asked: &Asked) -> String {
    let found = asked.explain(&Expected::NONE, &Limits::PERSON);
    found.base_string().to_owned()
}

fn with_deviations(deviations: usize) -> Limits {
    Limits {
        deviations,
        ..Limits::PERSON
    }
}

#[test]
fn each_candidate_is_compared_once() {
    let asked = Asked::get("https://api.example.com/photos?b=1&a=2&a=1");
    let signature = Expected::NONE.with_signature(WRONG);
    let base_string = Expected::NONE.with_base_string(b"GET&a&b%3D1");
    // A thousand of them are the milliseconds of the timestamp, which are tried alone.
    for (deviations, of_signature, of_base_string) in
        [(1, 1_032, 1_043), (2, 1_460, 1_399), (3, 4_975, 3_164)]
    {
        let limits = with_deviations(deviations);
        let found = asked.explain(&signature, &limits);
        assert_eq!((found.tried(), found.is_complete()), (of_signature, true));
        let found = asked.explain(&base_string, &limits);
        assert_eq!((found.tried(), found.is_complete()), (of_base_string, true));
    }
    let mut plaintext = asked.clone();
    plaintext.params[2].1 = "PLAINTEXT".into();
    let found = plaintext.explain(&signature, &Limits::PERSON);
    assert_eq!((found.tried(), found.is_complete()), (76, true));
}

#[test]
fn a_base_string_that_is_known_leaves_the_keys_to_be_compared() {
    let asked = Asked::get("https://api.example.com/photos?size=original");
    let ours = base_string_of(&asked);
    let theirs = base_string_of(&Asked::get("https://api.example.com/photos"));
    let key = "kd94hf93k423kf44&pfkkdhi9sl3r4s00";
    // There are 108 keys of up to three deviations.
    for (base_string, key, codes, tried) in [
        (&ours, key, &[][..], 1 + 108),
        (
            &ours,
            "kd94hf93k423kf44&",
            &["token-secret-omitted"],
            1 + 108,
        ),
        (&theirs, key, &["query-omitted"], 19 + 108),
    ] {
        let signature = signature_of(key.as_bytes(), base_string);
        let expected = Expected::NONE
            .with_base_string(base_string.as_bytes())
            .with_signature(&signature);
        let found = asked.explain(&expected, &Limits::PERSON);
        assert_eq!(codes_of(found.causes()), codes);
        assert!(found.is_found());
        assert_eq!(found.matches(), codes.is_empty());
        assert_eq!(found.tried(), tried);
    }
    // The base strings are the same, and nobody knows the key.
    let expected = Expected::NONE
        .with_base_string(ours.as_bytes())
        .with_signature(WRONG);
    let found = asked.explain(&expected, &Limits::PERSON);
    assert!(!found.matches() && !found.is_found() && found.base_string_agrees());
}

#[test]
fn an_order_that_nobody_knows_is_seen_whatever_the_base_string() {
    for nonce in 0..16 {
        let mut asked = Asked::get("https://api.example.com/photos?b=1&a=2&c=3&d=4");
        asked.params[4].1 = nonce.to_string();
        let base_string = base_string_of(&asked);
        let (start, parameters) = base_string.rsplit_once('&').unwrap();
        let mut pairs: Vec<_> = parameters.split("%26").collect();
        pairs.swap(1, 4);
        pairs.swap(0, 6);
        let theirs = [start, &pairs.join("%26")].join("&");
        let expected = Expected::NONE.with_base_string(theirs.as_bytes());
        let found = asked.explain(&expected, &Limits::PERSON);
        assert_eq!(codes_of(found.causes()), ["unsorted"], "{nonce}");
    }
}

#[test]
fn a_search_goes_on_until_its_limit_is_passed() {
    let asked = Asked::get("https://api.example.com/?a=1&b=2&c=3&d=4&e=5&f=6&g=7");
    let length = base_string_of(&asked).len() as u64;
    // The base string is made, which takes longer the more parameters there are, and it is signed.
    let work = length + 12 * 12 / 8 + length;
    // The keys are few, and not counted: 108.
    for (limit, tried) in [(0, 108), (work - 1, 108), (work, 109)] {
        let limits = Limits {
            work_bytes: limit,
            ..Limits::PERSON
        };
        let found = asked.explain(&Expected::NONE.with_signature(WRONG), &limits);
        assert!(!found.is_complete());
        assert_eq!(found.tried(), tried, "{limit} of {work}");
    }
}
