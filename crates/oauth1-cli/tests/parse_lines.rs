//! `parse --json` and `body-hash --json`, field by field.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{answer, error};

mod support;

fn parse(line: Value) -> Value {
    answer("parse", line)
}

#[test]
fn a_header_of_either_kind() {
    let expected = json!({
        "id": "i",
        "scheme": "oauth",
        "realm": "a \"b\" \\ \u{e9}, c",
        "params": [
            ["oauth_nonce", "1"],
            ["x%", "a b+c\"\u{e9}"],
            ["not_a_realm", ""],
            ["oauth_nonce", {"base64": "/w=="}],
        ],
    });
    let header = " oauth  realm=\"a \\\"b\\\" \\\\ \u{e9}, c\" ,oauth_nonce=\"1\", \
                  x%25=\"a%20b+c%22%c3%a9\", not_a_realm=\"\", oauth_nonce=\"%FF\"";
    assert_eq!(parse(json!({"id": "i", "header": header})), expected);
    let challenge = "OAuth realm=\"http://a/\", oauth_problem=\"timestamp_refused\"";
    let expected = json!({
        "scheme": "OAuth",
        "realm": "http://a/",
        "params": [["oauth_problem", "timestamp_refused"]],
    });
    assert_eq!(parse(json!({"header": challenge})), expected);
    assert_eq!(parse(json!({"header": "OAuth"}))["params"], json!([]));
    let octets = json!({"header": {"base64": "T0F1dGggcmVhbG09Iv8i"}});
    assert_eq!(parse(octets)["realm"], json!({"base64": "/w=="}));
}

#[test]
fn a_header_that_is_malformed() {
    for (header, message) in [
        ("Basic QTpC", "scheme OAuth"),
        ("", "scheme OAuth"),
        ("OAuthx a=\"b\"", "scheme OAuth"),
        ("OAuth a=b", "not in double quotes (at byte 8"),
        ("OAuth a=\"b", "never closed"),
        ("OAuth a=\"b\" c=\"d\"", "no comma"),
        ("OAuth a=\"%4\"", "two hexadecimal digits"),
        ("OAuth a", "\"=\""),
        ("OAuth =\"b\"", "name was expected"),
        ("OAuth realm=\"a\", realm=\"b\"", "more than one realm"),
    ] {
        let answer = parse(json!({"header": header, "id": 1}));
        let (code, text) = error(&answer);
        assert_eq!(code, "malformed", "{header}");
        assert!(text.contains(message), "{header}: {text}");
        assert_eq!(answer["id"], 1);
    }
}

#[test]
fn a_query_and_a_form() {
    for field in ["query", "form"] {
        let expected = json!({
            "scheme": null,
            "realm": null,
            "params": [["realm", "a b"], ["realm", "c+"], ["", ""], ["d;e", {"base64": "gA=="}]],
        });
        assert_eq!(
            parse(json!({field: "realm=a+b&realm=c%2B&&=&d;e=%80"})),
            expected
        );
        let broken = parse(json!({field: "a=%20&b=100%"}));
        let (code, text) = error(&broken);
        assert_eq!(code, "malformed");
        assert!(
            text.contains(&format!("at byte 11 of the {field}")),
            "{text}"
        );
    }
}

#[test]
fn one_of_the_three_and_no_other() {
    for line in [
        json!({}),
        json!({"header": "OAuth", "form": ""}),
        json!({"query": "", "form": ""}),
        json!({"header": null}),
        json!({"header": 1}),
        json!({"headr": "OAuth"}),
    ] {
        assert_eq!(error(&parse(line)).0, "invalid_field");
    }
}

#[test]
fn body_hash() {
    let hash = |line: Value| answer("body-hash", line);
    let hello = json!({"id": 1, "body_hash": "Lve95gjOVATpfV8EL5X4nxwjKHE="});
    assert_eq!(hash(json!({"id": 1, "body": "Hello World!"})), hello);
    assert_eq!(
        hash(json!({"id": 1, "body": "Hello World!", "digest": "SHA-1"})),
        hello
    );
    assert_eq!(
        hash(json!({"id": 1, "body_base64": "SGVsbG8gV29ybGQh"})),
        hello
    );
    let empty = json!({"body_hash": "2jmj7l5rSw0yVb/vlWAYkK/YBwk="});
    assert_eq!(hash(json!({})), empty);
    assert_eq!(hash(json!({"body": ""})), empty);
    for (digest, length) in [("SHA-256", 44), ("SHA-512", 88)] {
        let answer = hash(json!({"body": "", "digest": digest}));
        assert_eq!(answer["body_hash"].as_str().unwrap().len(), length);
    }
    for line in [
        json!({"digest": "sha-1"}),
        json!({"digest": "MD5"}),
        json!({"body": "", "body_base64": ""}),
        json!({"body_base64": "*"}),
        json!({"content_type": "a/b"}),
    ] {
        assert_eq!(error(&hash(line)).0, "invalid_field");
    }
}
