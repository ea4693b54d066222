//! Each code that `verify --json` refuses a request with.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{photos, question, question_of, verify, with};

mod support;

/// The answer to the request of RFC 5849 section 1.2 with another header, made of its own.
fn with_header(change: impl FnOnce(&str) -> String) -> Value {
    let header = question()["headers"][0][1].as_str().unwrap().to_owned();
    verify(with(
        &question(),
        json!({"headers": [["Authorization", change(&header)]]}),
    ))
}

fn assert_refused(answer: &Value, status: u16, error: &str, problem: &str) {
    assert_eq!(answer["ok"], false, "{answer}");
    assert_eq!(answer["status"], status, "{answer}");
    assert_eq!(answer["error"], error, "{answer}");
    assert_eq!(answer["oauth_problem"], problem, "{answer}");
    let challenge = answer["challenge"].as_str().unwrap();
    assert!(challenge.starts_with("OAuth realm=\""), "{answer}");
    assert!(!answer["message"].as_str().unwrap().is_empty());
    let fields: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(fields.len(), 6, "{answer}");
}

#[test]
fn absent() {
    let answer = verify(with(&question(), json!({"headers": []})));
    assert_refused(&answer, 401, "absent", "parameter_absent");
    assert_eq!(answer["challenge"], "OAuth realm=\"photos.example.net\"");
}

#[test]
fn malformed() {
    let rejected = |answer: &Value| assert_refused(answer, 400, "malformed", "parameter_rejected");
    rejected(&with_header(|header| {
        header.replace("\"chapoH\"", "chapoH")
    }));
    rejected(&with_header(|header| header.replace("%2F", "%2")));
    rejected(&with_header(|header| {
        header.replace("137131202", "0137131202")
    }));
    rejected(&with_header(|header| header.replace("chapoH", "")));
    let header = question()["headers"][0].clone();
    rejected(&verify(with(
        &question(),
        json!({"headers": [header, header]}),
    )));
    rejected(&verify(with(
        &question(),
        json!({"url": "http://photos.example.net/?a=%zz"}),
    )));
    for url in [
        "photos.example.net/photos",
        "ftp://photos.example.net/",
        "http:///",
    ] {
        rejected(&verify(with(&question(), json!({"url": url}))));
    }
    let types = json!([header, ["Content-Type", "a/b"], ["content-type", "a/b"]]);
    rejected(&verify(with(&question(), json!({"headers": types}))));
}

#[test]
fn duplicate_parameter() {
    for name in ["oauth_nonce", "oauth_signature", "oauth_x"] {
        let twice = format!(", {name}=\"1\", {name}=\"1\"");
        let answer = with_header(|header| header.to_owned() + &twice);
        assert_refused(&answer, 400, "duplicate_parameter", "parameter_rejected");
    }
}

#[test]
fn mixed_locations() {
    let url = question()["url"].as_str().unwrap().to_owned() + "&oauth_callback=oob";
    let answer = verify(with(&question(), json!({"url": url})));
    assert_refused(&answer, 400, "mixed_locations", "parameter_rejected");
}

#[test]
fn missing_parameter() {
    for name in [
        "oauth_consumer_key",
        "oauth_signature_method",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_signature",
    ] {
        let answer = with_header(|header| header.replace(&format!(" {name}="), " x="));
        assert_refused(&answer, 400, "missing_parameter", "parameter_absent");
        assert!(
            answer["message"].as_str().unwrap().contains(name),
            "{answer}"
        );
        assert!(
            answer["challenge"].as_str().unwrap().contains(name),
            "{answer}"
        );
    }
}

#[test]
fn unsupported_version() {
    let answer = with_header(|header| format!("{header}, oauth_version=\"1.1\""));
    assert_refused(&answer, 400, "unsupported_version", "version_rejected");
}

#[test]
fn unsupported_signature_method() {
    for method in ["HMAC-MD5", "hmac-sha1", "PLAINTEXT", "RSA-SHA1", ""] {
        let answer = with_header(|header| header.replace("HMAC-SHA1", method));
        let problem = "signature_method_rejected";
        assert_refused(&answer, 400, "unsupported_signature_method", problem);
    }
}

#[test]
fn timestamp_refused() {
    let answer = verify(with(&question(), json!({"now": 1_700_000_000})));
    assert_refused(&answer, 401, "timestamp_refused", "timestamp_refused");
}

#[test]
fn nonce_replayed() {
    let answer = verify(with(&question(), json!({"seen": ["chapoH"]})));
    assert_refused(&answer, 401, "nonce_replayed", "nonce_used");
}

#[test]
fn client_unknown_token_unknown_and_signature_invalid() {
    for (field, code) in [
        ("client_key", "client_unknown"),
        ("token", "token_unknown"),
        ("client_secret", "signature_invalid"),
        ("token_secret", "signature_invalid"),
    ] {
        let answer = verify(with(&question(), json!({field: "other"})));
        assert_refused(&answer, 401, code, "signature_invalid");
    }
}

#[test]
fn body_hash_invalid_missing_and_on_a_form() {
    let json_line = json!({"method": "POST", "content_type": "application/json", "body": "{}"});
    let line = with(&photos(), json_line);
    let changed = verify(with(&question_of(&line), json!({"body": "{ }"})));
    assert_refused(&changed, 401, "body_hash_invalid", "parameter_rejected");

    let never = question_of(&with(&line, json!({"body_hash": "never"})));
    let missing = verify(with(&never, json!({"require_body_hash": true})));
    assert_refused(&missing, 401, "body_hash_missing", "parameter_absent");
    assert!(
        missing["challenge"]
            .as_str()
            .unwrap()
            .contains("oauth_body_hash")
    );

    let form = json!({
        "content_type": "application/x-www-form-urlencoded",
        "body": "a=b",
        "extra": [["oauth_body_hash", "2jmj7l5rSw0yVb/vlWAYkK/YBwk="]],
    });
    let on_form = verify(question_of(&with(&line, form)));
    assert_refused(&on_form, 400, "body_hash_on_form", "parameter_rejected");
}

#[test]
fn too_large() {
    let long = "x".repeat(70_000);
    let large = |status: u16, fields: Value| {
        assert_refused(
            &verify(with(&question(), fields)),
            status,
            "too_large",
            "parameter_rejected",
        );
    };
    large(
        400,
        json!({"headers": [["Authorization", format!("OAuth {long}=\"\"")]]}),
    );
    large(
        413,
        json!({"url": format!("http://photos.example.net/?{long}")}),
    );
    let form = json!([["Content-Type", "application/x-www-form-urlencoded"]]);
    large(413, json!({"headers": form, "body": "x".repeat(1_100_000)}));
    large(413, json!({"headers": form, "body": "x&".repeat(1_001)}));
}
