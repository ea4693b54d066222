//! `sign --json`, field by field: credentials and protocol parameters.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use core::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::support::{
    METHODS, PHOTOS_SIGNATURE, answer, answers, assert_invalid, error, has, parameters, pem,
    photos, sign, with, without,
};

mod support;

#[test]
fn signature_method() {
    let mut signatures = Vec::new();
    for method in METHODS {
        let answer = sign(json!({"signature_method": method, "private_key": pem("rsa2048.pem")}));
        assert!(has(&answer, "oauth_signature_method", method));
        signatures.push(answer["signature"].as_str().unwrap().to_owned());
    }
    assert_eq!(signatures[0], PHOTOS_SIGNATURE);
    assert_eq!(signatures[7], "kd94hf93k423kf44&pfkkdhi9sl3r4s00");
    let lengths: Vec<usize> = signatures.iter().map(String::len).collect();
    assert_eq!(lengths, [28, 44, 88, 344, 344, 344, 344, 33]);
    signatures.dedup();
    assert_eq!(signatures.len(), METHODS.len());

    for method in ["hmac-sha1", "HMAC-MD5", ""] {
        assert_invalid(
            json!({"signature_method": method}),
            "signature_method: expected one of",
        );
    }
}

#[test]
fn client_key_and_its_alias() {
    let consumer = with(
        &without(&photos(), "client_key"),
        json!({"consumer_key": "dpf43f3p2l4k3l03"}),
    );
    assert_eq!(answer("sign", consumer)["signature"], PHOTOS_SIGNATURE);
    let none = answer("sign", without(&photos(), "client_key"));
    assert_eq!(
        error(&none),
        ("invalid_field", "missing field `client_key`")
    );
    assert_invalid(json!({"consumer_key": "x"}), "duplicate field");
    assert_invalid(json!({"client_key": 1}), "client_key: expected a string");
    assert!(has(
        &sign(json!({"client_key": "\u{e9}&=\n"})),
        "oauth_consumer_key",
        "\u{e9}&=\n"
    ));
}

#[test]
fn client_secret_its_alias_and_token_secret() {
    let consumer = with(
        &without(&photos(), "client_secret"),
        json!({"consumer_secret": "kd94hf93k423kf44"}),
    );
    assert_eq!(answer("sign", consumer)["signature"], PHOTOS_SIGNATURE);
    let plain = |fields: Value| {
        sign(with(&json!({"signature_method": "PLAINTEXT"}), fields))["signature"].clone()
    };
    assert_eq!(
        plain(json!({"client_secret": null, "token_secret": null})),
        "&"
    );
    assert_eq!(
        plain(json!({"client_secret": "a&b", "token_secret": "\u{e9} "})),
        "a%26b&%C3%A9%20"
    );
    assert_invalid(json!({"consumer_secret": "x"}), "duplicate field");
}

#[test]
fn private_key() {
    let rsa = json!({"signature_method": "RSA-SHA256"});
    let keys = ["rsa2048.pem", "rsa2048.pkcs8.pem"].map(pem);
    let signed = keys.map(|key| sign(with(&rsa, json!({"private_key": key}))));
    assert_eq!(signed[0], signed[1]);
    assert_invalid(rsa.clone(), "private_key: RSA-SHA256 signs with one");
    for name in [
        "rsa2048.public.pem",
        "rsa512.pem",
        "ec-p256.pem",
        "rsa2048.encrypted.pem",
        "rsa2048.truncated.pem",
    ] {
        let answer = sign(with(&rsa, json!({"private_key": pem(name)})));
        assert_eq!(error(&answer).0, "invalid_key", "{name}");
    }
    // An RSA key is no shared secret, and a shared secret no RSA key.
    assert_eq!(
        sign(json!({"private_key": pem("rsa2048.pem")}))["signature"],
        PHOTOS_SIGNATURE
    );
    let answers = answers(
        "sign",
        &[
            with(
                &photos(),
                with(&rsa, json!({"private_key": pem("rsa2048.pem")})),
            ),
            with(
                &photos(),
                with(
                    &rsa,
                    json!({"client_secret": pem("rsa2048.pem"), "token_secret": ""}),
                ),
            ),
        ],
    );
    assert_eq!(error(&answers[1]).0, "invalid_field");
}

#[test]
fn token() {
    let none = answer("sign", without(&photos(), "token"));
    assert!(
        parameters(&none)
            .iter()
            .all(|(name, _)| name != "oauth_token")
    );
    let empty = sign(json!({"token": ""}));
    assert!(has(&empty, "oauth_token", ""));
    assert!(
        empty["authorization"]
            .as_str()
            .unwrap()
            .contains("oauth_token=\"\"")
    );
}

#[test]
fn nonce_and_timestamp() {
    for (nonce, sent) in [(json!("a b"), "a b"), (json!(12), "12"), (json!(""), "")] {
        assert!(has(&sign(json!({"nonce": nonce})), "oauth_nonce", sent));
    }
    for (timestamp, sent) in [
        (json!(137_131_202), "137131202"),
        (json!("137131202"), "137131202"),
        (json!(1), "1"),
        (json!(u64::MAX), "18446744073709551615"),
    ] {
        assert!(has(
            &sign(json!({"timestamp": timestamp})),
            "oauth_timestamp",
            sent
        ));
    }
    // RFC 5849 section 3.3: a positive integer.
    assert_eq!(sign(json!({"timestamp": 0}))["error"], "cannot_sign");
    for timestamp in [
        json!(-1),
        json!(1.5),
        json!("01"),
        json!("+1"),
        json!(""),
        json!("1 "),
        json!("18446744073709551616"),
        json!(true),
        json!([1]),
    ] {
        assert_invalid(
            json!({"timestamp": timestamp}),
            "timestamp: expected an integer",
        );
    }
    for nonce in [json!(1.5), json!(true), json!({})] {
        assert_invalid(json!({"nonce": nonce}), "nonce: expected a string");
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a fresh timestamp is compared with the clock"
)]
fn what_is_not_given_is_fresh() {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let before = now();
    let base = without(&without(&photos(), "nonce"), "timestamp");
    let mut nonces = Vec::new();
    for fields in [
        json!({}),
        json!({}),
        json!({"timestamp": 1}),
        json!({"nonce": "n"}),
    ] {
        let parameters = parameters(&answer("sign", with(&base, fields.clone())));
        let value = |name: &str| {
            parameters
                .iter()
                .find(|pair| pair.0 == name)
                .unwrap()
                .1
                .clone()
        };
        let timestamp = Duration::from_secs(value("oauth_timestamp").parse().unwrap());
        if fields["timestamp"].is_null() {
            let second = Duration::from_secs(1);
            assert!(
                before < timestamp + second && timestamp <= now(),
                "{timestamp:?}"
            );
        } else {
            assert_eq!(timestamp.as_secs(), 1);
        }
        nonces.push(value("oauth_nonce"));
    }
    assert_eq!(nonces.pop().unwrap(), "n");
    assert!(nonces.iter().all(|nonce| nonce.len() >= 20), "{nonces:?}");
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
}

#[test]
fn version() {
    assert!(has(
        &sign(json!({"version": "1.0"})),
        "oauth_version",
        "1.0"
    ));
    assert_eq!(
        sign(json!({"version": null}))["signature"],
        PHOTOS_SIGNATURE
    );
    for version in [json!("1.0a"), json!(""), json!("2")] {
        assert_invalid(
            json!({"version": version}),
            "version: expected \"1.0\" or null",
        );
    }
    assert_invalid(json!({"version": 1.0}), "version: expected a string");
}

#[test]
fn callback_verifier_and_realm() {
    let answer = sign(
        json!({"callback": "http://a/?b=c&d", "verifier": "h v", "realm": "a \"b\" \\ \u{e9}"}),
    );
    assert!(
        has(&answer, "oauth_callback", "http://a/?b=c&d") && has(&answer, "oauth_verifier", "h v")
    );
    let header = answer["authorization"].as_str().unwrap();
    assert!(
        header.starts_with("OAuth realm=\"a \\\"b\\\" \\\\ \u{e9}\", oauth_consumer_key="),
        "{header}"
    );
    assert!(!answer["base_string"].as_str().unwrap().contains("realm"));
    // It belongs to the header alone.
    let query = sign(json!({"realm": "r", "transmission": "query"}));
    assert!(!query.to_string().contains("realm"));
    assert_invalid(json!({"realm": "a\r\nb"}), "realm: no header can hold");
}

#[test]
fn extra() {
    let extra = json!([["oauth_x", "1 2"], ["b", {"base64": "/w=="}], ["oauth_x2", ""]]);
    let answer = sign(json!({"extra": extra}));
    assert!(has(&answer, "oauth_x", "1 2"));
    let header = answer["authorization"].as_str().unwrap();
    assert!(
        header.contains("oauth_x=\"1%202\", b=\"%FF\", oauth_x2=\"\""),
        "{header}"
    );
    assert!(
        answer["base_string"]
            .as_str()
            .unwrap()
            .contains("%26b%3D%25FF%26")
            || answer["base_string"]
                .as_str()
                .unwrap()
                .contains("&b%3D%25FF%26")
    );
    let query = sign(json!({"extra": extra, "transmission": "query"}));
    assert!(
        query["url"]
            .as_str()
            .unwrap()
            .contains("&oauth_x=1%202&b=%FF&")
    );
    assert_eq!(sign(json!({"extra": []}))["signature"], PHOTOS_SIGNATURE);
    for extra in [
        json!([["a"]]),
        json!([["a", "b", "c"]]),
        json!([["a", 1]]),
        json!({"a": "b"}),
        json!("a"),
    ] {
        assert_invalid(json!({"extra": extra}), "extra: expected a");
    }
    let twice = sign(json!({"extra": [["oauth_nonce", "n"]]}));
    assert_eq!(error(&twice).0, "cannot_sign");
}
