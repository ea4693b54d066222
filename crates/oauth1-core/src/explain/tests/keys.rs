//! What the keys of a server let be tried.

use super::*;
use crate::{Plaintext, SharedSecrets, StandIn, VerifyingKey, credentials::Secret};

const SIGNATURE: &str = "918+92e71X9v9BUDXkXp+yB0YnI=";

/// Of a request that was signed without its query, by HMAC-SHA1.
fn ask(key: &dyn VerifyingKey) -> Explanation {
    let target = Target::parse("https://api.example.com/search?startIndex=0").unwrap();
    let params = [
        Parameter::new("oauth_consumer_key", "dpf43f3p2l4k3l03"),
        Parameter::new("oauth_nonce", "chapoH"),
        Parameter::new("oauth_timestamp", "137131202"),
        Parameter::new("oauth_signature_method", "HMAC-SHA1"),
    ];
    let question = Question::new(RequestView::new("POST", target), &params);
    let expected = Expected::NONE.with_signature(SIGNATURE);
    let keys = key.explaining("HMAC-SHA1");
    question.explain(&keys, &expected, &Limits::SERVER).unwrap()
}

/// A key that says nothing of what may be tried.
struct Silent;

impl VerifyingKey for Silent {
    fn serves(&self, _: &str) -> bool {
        true
    }

    fn verify(&self, _: &str, _: &BaseString<'_>, _: Value<'_>) -> crate::Verdict {
        crate::Verdict::Invalid
    }
}

#[test]
fn secrets_are_tried_and_a_reference_to_them_alike() {
    let secrets = SharedSecrets::of_client("kd94hf93k423kf44");
    let plaintext = Plaintext::new(Secret::from("kd94hf93k423kf44"), Secret::EMPTY);
    for key in [&secrets as &dyn VerifyingKey, &&secrets, &plaintext] {
        assert_eq!(codes_of(ask(key).causes()), ["query-omitted"]);
    }
}

#[test]
fn the_stand_in_costs_what_secrets_cost_and_finds_nothing() {
    let wrong = ask(&SharedSecrets::new("one", "two"));
    let stand_in = ask(&StandIn::new());
    assert!(!stand_in.is_found() && stand_in.tried() > 100);
    // The deviations that a secret's letters allow are not the same ones.
    assert!(wrong.tried().abs_diff(stand_in.tried()) < wrong.tried() / 4);
}

#[test]
fn plaintext_is_searched_for_its_key_alone() {
    let target = Target::parse("https://api.example.com/search?startIndex=0").unwrap();
    let params = [Parameter::new("oauth_consumer_key", "dpf43f3p2l4k3l03")];
    let question =
        Question::new(RequestView::new("POST", target), &params).with_signature_method("PLAINTEXT");
    let keys = Keys::shared("kd94hf93k423kf44", "");
    let ask = |signature| {
        let expected = Expected::NONE.with_signature(signature);
        question.explain(&keys, &expected, &Limits::PERSON).unwrap()
    };
    let wrong = ask("kd94hf93k423kf45&");
    assert!(!wrong.is_found() && wrong.is_complete());
    assert!((10..100).contains(&wrong.tried()), "{}", wrong.tried());
    let found = ask("kd94hf93k423kf44");
    assert_eq!(codes_of(found.causes()), ["no-trailing-ampersand"]);
    // That of the request is as good as any other.
    assert_eq!(found.expected_base_string(), None);
}

#[test]
fn methods_of_a_family_differ_in_their_digest() {
    use key::Method;

    for method in [Method::HmacSha1, Method::RsaPss, Method::Plaintext] {
        let family = method.family().iter().map(|method| method.name());
        let expected: &[&str] = match method {
            Method::HmacSha1 => &["HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512"],
            Method::RsaPss => &["RSA-SHA1", "RSA-SHA256", "RSA-SHA512"],
            _ => &[],
        };
        assert_eq!(family.collect::<Vec<_>>(), expected);
    }
}

/// A text that outgrows its memory leaves secrets in what it had.
#[test]
fn the_text_of_a_key_has_room_from_the_start() {
    for (client, token) in [("&&&&&&&&", ""), ("", "&&&&&&&&"), ("&&&&", "&&&&")] {
        let keys = Keys::shared(client, token);
        let mut model = keys.model(key::Method::Plaintext).unwrap();
        let text = model.text();
        assert_eq!((text.len(), text.capacity()), (25, 25));
        model.twice = true;
        let text = model.text();
        // Each "%", and the "&" between the two.
        assert_eq!((text.len(), text.capacity()), (25 + 2 * 9, 3 * 25));
    }
}

#[test]
fn a_key_that_says_nothing_lets_base_strings_alone_be_compared() {
    for key in [&Silent as &dyn VerifyingKey, &&Silent] {
        let found = ask(key);
        assert_eq!((found.is_found(), found.tried()), (false, 0));
        assert!(found.advice().starts_with("The other side signs another"));
    }
}

#[cfg(all(feature = "rsa-sha1", feature = "rsa-sha256"))]
mod rsa {
    use super::*;
    use crate::{KeyFrom, RsaPrivateKey, RsaSha1, RsaSha256};

    const URL: &str = "https://api.example.com/search?startIndex=0";

    fn question(params: &[Parameter<'_>]) -> Question<'static> {
        Question::new(
            RequestView::new("POST", Target::parse(URL).unwrap()),
            params,
        )
    }

    /// The signature of the request without its query.
    fn sign<K: KeyFrom<RsaPrivateKey>>(key: &RsaPrivateKey, params: &[Parameter<'_>]) -> String {
        let key = K::key_from(key, &Secret::EMPTY);
        let target = Target::parse("https://api.example.com/search").unwrap();
        let (mut slots, mut signature) = (Vec::new(), Vec::new());
        let request = RequestView::new("POST", target);
        let base_string = BaseString::of(&request, params, &mut slots).unwrap();
        key.sign(&base_string, &mut signature).unwrap();
        String::from_utf8(signature).unwrap()
    }

    #[test]
    fn a_public_key_is_tried_with_each_digest() {
        let pem = fs::read_to_string("../../tests/vectors/keys/rsa2048.pem").unwrap();
        let private = RsaPrivateKey::from_pem(&pem).unwrap();
        let public = private.public_key();
        let params = [
            Parameter::new("oauth_consumer_key", "dpf43f3p2l4k3l03"),
            Parameter::new("oauth_nonce", "chapoH"),
        ];
        let question = question(&params).with_signature_method("RSA-SHA256");
        let keys = public.explaining("RSA-SHA256");
        for (signature, codes) in [
            (sign::<RsaSha256>(&private, &params), &["query-omitted"][..]),
            (
                sign::<RsaSha1>(&private, &params),
                &["query-omitted", "wrong-digest"],
            ),
        ] {
            let expected = Expected::NONE.with_signature(&signature);
            let found = question.explain(&keys, &expected, &Limits::SERVER);
            assert_eq!(codes_of(found.unwrap().causes()), codes);
        }

        // It serves no other family, and no shared secret serves this one.
        let signature = sign::<RsaSha256>(&private, &params);
        let expected = Expected::NONE.with_signature(&signature);
        let of_hmac = question.clone().with_signature_method("HMAC-SHA1");
        let shared = Keys::shared("kd94hf93k423kf44", "");
        for (question, keys) in [(&of_hmac, &keys), (&question, &shared)] {
            let found = question.explain(keys, &expected, &Limits::SERVER).unwrap();
            assert_eq!((found.is_found(), found.tried()), (false, 0));
            // No signature was compared, so that nothing is said of the secrets.
            let advice = "The other side signs another request than this one";
            assert!(found.advice().starts_with(advice), "{}", found.advice());
        }
        let stand_in = StandIn::new();
        let keys = stand_in.explaining("RSA-SHA256");
        let found = question.explain(&keys, &expected, &Limits::SERVER).unwrap();
        assert!(!found.is_found() && found.tried() > 100);
    }

    #[test]
    fn a_signature_by_rsa_counts_for_the_time_that_it_takes() {
        let pem = fs::read_to_string("../../tests/vectors/keys/rsa2048.pem").unwrap();
        let public = RsaPrivateKey::from_pem(&pem).unwrap().public_key();
        let params = [Parameter::new("oauth_consumer_key", "dpf43f3p2l4k3l03")];
        let question = question(&params).with_signature_method("RSA-SHA1");
        let expected = Expected::NONE.with_signature("AAAA");
        let limits = Limits {
            work_bytes: 10 * Limits::RSA_WORK,
            ..Limits::PERSON
        };
        let keys = Keys::rsa(&public);
        let found = question.explain(&keys, &expected, &limits).unwrap();
        assert!(!found.is_complete());
        assert!((10..15).contains(&found.tried()), "{}", found.tried());
    }
}
