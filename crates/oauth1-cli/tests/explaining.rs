//! `oauth1 explain --json`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::fs;

use serde_json::{Value, json};

use crate::support::{answer, answers, error, pem, photos, sign, vectors, with, without};

mod support;

fn codes(set: &Value) -> Vec<&str> {
    let set = set.as_array().unwrap();
    set.iter()
        .map(|cause| cause["code"].as_str().unwrap())
        .collect()
}

/// A line of a vector, and the codes that explain it.
fn line(case: &Value) -> Value {
    let mut line = json!({});
    for field in [
        "id",
        "method",
        "url",
        "content_type",
        "body",
        "oauth_params",
        "client_secret",
        "token_secret",
        "realm",
        "expected_signature",
        "expected_base_string",
    ] {
        if let Some(value) = case.get(field) {
            line[field] = value.clone();
        }
    }
    // The URL has its fragment with it here.
    if let Some(signature) = case.get("sent_signature") {
        let sent = json!(["oauth_signature", signature]);
        line["oauth_params"].as_array_mut().unwrap().push(sent);
    }
    line
}

#[test]
fn every_vector_is_explained() {
    let mut count = 0;
    for name in ["codes", "programs", "threads"] {
        let path = vectors().join("explain").join(format!("{name}.json"));
        let cases: Vec<Value> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let lines: Vec<_> = cases.iter().map(line).collect();
        for (case, answer) in cases.iter().zip(answers("explain", &lines)) {
            assert_eq!(answer["id"], case["id"]);
            let expected: Vec<_> = case["causes"].as_array().unwrap().iter().collect();
            assert_eq!(
                codes(&answer["causes"]),
                expected,
                "{} {answer}",
                case["note"]
            );
            assert_eq!(
                (&answer["match"], &answer["found"]),
                (&json!(false), &json!(true))
            );
            for cause in answer["causes"].as_array().unwrap() {
                assert!(
                    cause["message"]
                        .as_str()
                        .unwrap()
                        .contains("(RFC 5849 section")
                );
                assert!(cause["fix"].as_str().unwrap().ends_with('.'));
            }
            count += 1;
        }
    }
    assert_eq!(count, 49 + 27 + 15);
}

#[test]
fn an_answer_has_the_fields_of_the_interface() {
    let line = with(
        &photos(),
        json!({"expected_signature": "MdpQcU8iPSUjWoN/UDMsK2sui9I=", "id": [1]}),
    );
    assert_eq!(
        answer("explain", line.clone()),
        json!({"id": [1], "match": true})
    );

    // As it is in the header.
    let encoded = json!({"expected_signature": "MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"});
    assert_eq!(answer("explain", with(&line, encoded))["match"], true);

    let ours = sign(json!({}))["base_string"].as_str().unwrap().to_owned();
    let theirs = ours.replace("file%3Dvacation.jpg%26", "");
    let line = with(&photos(), json!({"expected_base_string": theirs}));
    let found = answer("explain", line);
    let tried = found["tried"].as_u64().unwrap();
    assert!(tried > 100, "{tried}");
    assert_eq!(
        found,
        json!({
            "match": false,
            "found": false,
            "causes": [],
            "base_string": ours,
            "expected_base_string": theirs,
            "first_difference": {
                "offset": 45,
                "ours": "file%3Dvacation.jpg",
                "theirs": "oauth_consumer_key%3Ddpf43f3p2l4k3l03",
                "parameter": "file",
            },
            "tried": tried,
        })
    );

    // A signature that nothing makes.
    let line = with(
        &photos(),
        json!({"expected_signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="}),
    );
    let found = answer("explain", line);
    assert_eq!(found["found"], false);
    assert_eq!(found["expected_base_string"], Value::Null);
    assert_eq!(found["first_difference"], Value::Null);
    assert_eq!(found.as_object().unwrap().len(), 7);

    // Several sets that make the same.
    let line = with(
        &photos(),
        json!({
            "url": "http://photos.example.net/photos?file=",
            "expected_base_string": sign(json!({"url": "http://photos.example.net/photos"}))["base_string"],
        }),
    );
    let found = answer("explain", line);
    assert_eq!(codes(&found["causes"]), ["query-omitted"]);
    assert_eq!(codes(&found["alternatives"][0]), ["empty-value-dropped"]);
}

#[test]
fn lines_that_cannot_be_answered_get_an_error() {
    let line = with(&photos(), json!({"expected_signature": "AAAA"}));
    for (line, message) in [
        (
            without(&line, "expected_signature"),
            "missing field `expected_signature` or",
        ),
        (without(&line, "nonce"), "missing field `nonce`"),
        (without(&line, "timestamp"), "missing field `timestamp`"),
        (without(&line, "url"), "missing field `url`"),
        (
            with(&line, json!({"expected_signatur": "x"})),
            "unknown field `expected_signatur`",
        ),
        (
            with(&line, json!({"expected_signature": 1})),
            "expected_signature: expected a string",
        ),
        (
            with(&line, json!({"client_secret": 17})),
            "client_secret: expected a string",
        ),
        (
            with(&line, json!({"signature_method": "MD5"})),
            "signature_method: expected one of",
        ),
    ] {
        let answer = answer("explain", line.clone());
        let (code, text) = error(&answer);
        assert_eq!(code, "invalid_field", "{line}");
        assert!(text.contains(message) && !text.contains("17"), "{text}");
    }
}

#[test]
fn rsa_signatures_are_explained_with_either_key() {
    let key = pem("wiki.pem");
    let line = with(
        &photos(),
        json!({"signature_method": "RSA-SHA1", "private_key": key, "method": "POST"}),
    );
    let deviating = with(&line, json!({"url": "http://photos.example.net/photos"}));
    let signed = answer("sign", deviating);
    let question = with(&line, json!({"expected_signature": signed["signature"]}));
    let found = answer("explain", question.clone());
    assert_eq!(codes(&found["causes"]), ["query-omitted"], "{found}");

    let other = with(&line, json!({"signature_method": "RSA-SHA256"}));
    let parameters = json!([
        ["oauth_consumer_key", "dpf43f3p2l4k3l03"],
        ["oauth_token", "nnch734d00sl2jdk"],
        ["oauth_signature_method", "RSA-SHA1"],
        ["oauth_timestamp", "137131202"],
        ["oauth_nonce", "chapoH"],
    ]);
    let mut raw = with(&other, json!({"oauth_params": parameters}));
    for field in ["timestamp", "nonce"] {
        raw = without(&raw, field);
    }
    let signed = answer("sign", raw);
    let question = with(
        &question,
        json!({"expected_signature": signed["signature"]}),
    );
    let found = answer("explain", question);
    assert_eq!(codes(&found["causes"]), ["wrong-digest"], "{found}");
}
