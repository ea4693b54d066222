//! `verify --json`, field by field.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{answer, error, photos, question, question_of, verify, with, without};

mod support;

fn code(question: Value) -> String {
    let answer = verify(question);
    error(&answer).0.to_owned()
}

fn assert_invalid(fields: Value, message: &str) {
    let answer = verify(with(&question(), fields));
    assert_eq!(answer["ok"], false);
    assert_eq!(answer["status"], Value::Null);
    let (code, text) = error(&answer);
    assert_eq!(code, "invalid_field");
    assert!(text.contains(message), "{text}");
}

#[test]
fn a_whole_answer() {
    let expected = json!({
        "ok": true,
        "client_key": "dpf43f3p2l4k3l03",
        "token": "nnch734d00sl2jdk",
        "signature_method": "HMAC-SHA1",
        "realm": null,
        "timestamp": 137_131_202,
        "nonce": "chapoH",
    });
    assert_eq!(verify(question()), expected);
    assert_eq!(
        verify(with(&question(), json!({"id": "x"}))),
        with(&expected, json!({"id": "x"}))
    );
    let refused = verify(with(
        &question(),
        json!({"client_secret": "wrong", "id": [1]}),
    ));
    let expected = json!({
        "id": [1],
        "ok": false,
        "status": 401,
        "error": "signature_invalid",
        "oauth_problem": "signature_invalid",
        "message": "the signature does not match",
        "challenge": "OAuth realm=\"photos.example.net\", oauth_problem=\"signature_invalid\"",
    });
    assert_eq!(refused, expected);
}

#[test]
fn method_and_url() {
    assert_eq!(verify(without(&question(), "method"))["ok"], true);
    assert_eq!(
        verify(with(&question(), json!({"method": "get"})))["ok"],
        true
    );
    assert_eq!(
        code(with(&question(), json!({"method": "POST"}))),
        "signature_invalid"
    );
    assert_invalid(json!({"method": "G T"}), "method: expected a token");

    // The URL gives the origin, and every byte of what is signed of it counts.
    let url = question()["url"].as_str().unwrap().to_owned();
    let same = url.replace("photos.example.net", "PHOTOS.example.net:80");
    assert_eq!(verify(with(&question(), json!({"url": same})))["ok"], true);
    for other in [
        url.replace("http:", "https:"),
        url.replace(".net", ".net:8080"),
        url.replace("/photos?", "/Photos?"),
        url.replace("vacation", "vocation"),
        format!("{url}&x"),
    ] {
        assert_eq!(
            code(with(&question(), json!({"url": other}))),
            "signature_invalid"
        );
    }
    let missing = verify(without(&question(), "url"));
    assert_eq!(error(&missing), ("invalid_field", "missing field `url`"));
}

#[test]
fn headers() {
    let header = question()["headers"][0][1].clone();
    for headers in [
        json!([["AUTHORIZATION", header]]),
        json!([
            ["Accept", "*/*"],
            ["authorization", header],
            ["Host", "elsewhere.example"]
        ]),
        json!([["Authorization", "Basic QTpC"], ["Authorization", header]]),
        json!([["X", {"base64": "/w=="}], [{"base64": "/w=="}, "y"], ["Authorization", header]]),
    ] {
        assert_eq!(
            verify(with(&question(), json!({"headers": headers})))["ok"],
            true
        );
    }
    for headers in [
        json!([]),
        json!(null),
        json!([["Authorization", "Basic QTpC"]]),
    ] {
        assert_eq!(
            code(with(&question(), json!({"headers": headers}))),
            "absent"
        );
    }
    assert_invalid(
        json!({"headers": {"Authorization": header}}),
        "headers: expected a",
    );
    assert_invalid(
        json!({"headers": [["Authorization"]]}),
        "headers: expected a list of [name",
    );

    // The realm is unescaped, and not signed.
    let realm = question_of(&with(&photos(), json!({"realm": "a \"b\" \u{e9}"})));
    assert_eq!(verify(realm.clone())["realm"], "a \"b\" \u{e9}");
    let changed = realm["headers"][0][1]
        .as_str()
        .unwrap()
        .replace("a \\\"b\\\"", "c");
    let changed = with(&realm, json!({"headers": [["Authorization", changed]]}));
    assert_eq!(verify(changed)["realm"], "c \u{e9}");
}

#[test]
fn bodies() {
    let form = json!({
        "method": "POST",
        "content_type": "application/x-www-form-urlencoded; charset=UTF-8",
        "body": "a=b&c=%C3%A9+",
    });
    let form = question_of(&with(&photos(), form));
    assert_eq!(verify(form.clone())["ok"], true);
    assert_eq!(
        code(with(&form, json!({"body": "a=b&c=%C3%A9"}))),
        "signature_invalid"
    );
    let base64 = with(
        &without(&form, "body"),
        json!({"body_base64": "YT1iJmM9JUMzJUE5Kw=="}),
    );
    assert_eq!(verify(base64)["ok"], true);
    // Without the header, a form is a body like any other.
    let header = form["headers"][0].clone();
    assert_eq!(
        code(with(&form, json!({"headers": [header]}))),
        "signature_invalid"
    );

    let bytes = json!({"method": "POST", "body_base64": "AP/+"});
    let bytes = question_of(&with(&photos(), bytes));
    assert_eq!(verify(bytes.clone())["ok"], true);
    assert_eq!(
        code(with(&bytes, json!({"body": {"base64": "AP//"}}))),
        "body_hash_invalid"
    );
    assert_eq!(code(without(&bytes, "body")), "body_hash_invalid");
    let both = verify(with(&bytes, json!({"body_base64": "AP/+"})));
    assert_eq!(error(&both).0, "invalid_field");
}

#[test]
fn client_key_and_token() {
    assert_eq!(
        code(with(&question(), json!({"client_key": "other"}))),
        "client_unknown"
    );
    assert_eq!(code(without(&question(), "client_key")), "client_unknown");
    assert_eq!(
        code(with(&question(), json!({"token": "other"}))),
        "token_unknown"
    );
    assert_eq!(code(without(&question(), "token")), "token_unknown");
    // To the sender, it is all one.
    for field in ["client_key", "token", "client_secret"] {
        let answer = verify(with(&question(), json!({field: "other"})));
        assert_eq!(answer["oauth_problem"], "signature_invalid");
        assert_eq!(answer["status"], 401);
    }
    let consumer =
        json!({"consumer_key": "dpf43f3p2l4k3l03", "consumer_secret": "kd94hf93k423kf44"});
    let renamed = without(&without(&question(), "client_key"), "client_secret");
    assert_eq!(verify(with(&renamed, consumer))["ok"], true);
}

#[test]
fn a_request_without_a_token() {
    let two_legged = without(&without(&photos(), "token"), "token_secret");
    let question = question_of(&two_legged);
    assert_eq!(verify(question.clone())["token"], Value::Null);
    assert_eq!(verify(question.clone())["ok"], true);
    // A server that knows a token too does not sign with its secret what comes without it.
    let knowing = json!({"token": "t", "token_secret": "s"});
    assert_eq!(verify(with(&question, knowing))["ok"], true);
    let empty = question_of(&with(
        &two_legged,
        json!({"token": "", "token_secret": "s"}),
    ));
    assert_eq!(verify(empty.clone())["ok"], true);
    assert_eq!(verify(empty)["token"], Value::Null);
}

#[test]
fn allowed_methods() {
    let allow = |methods: Value| with(&question(), json!({"allowed_methods": methods}));
    assert_eq!(
        verify(allow(json!(["HMAC-SHA256", "HMAC-SHA1"])))["ok"],
        true
    );
    assert_eq!(verify(allow(json!(null)))["ok"], true);
    for methods in [json!(["HMAC-SHA256"]), json!([])] {
        assert_eq!(code(allow(methods)), "unsupported_signature_method");
    }
    assert_invalid(
        json!({"allowed_methods": ["HMAC-SHA"]}),
        "allowed_methods: expected one of",
    );
    assert_invalid(
        json!({"allowed_methods": "HMAC-SHA1"}),
        "allowed_methods: expected",
    );

    // PLAINTEXT over TLS alone, unless it is named.
    let plain = |url: &str| {
        question_of(&with(
            &photos(),
            json!({"signature_method": "PLAINTEXT", "url": url}),
        ))
    };
    assert_eq!(verify(plain("https://a.example/"))["ok"], true);
    assert_eq!(
        code(plain("http://a.example/")),
        "unsupported_signature_method"
    );
    let named = json!({"allowed_methods": ["PLAINTEXT"]});
    assert_eq!(verify(with(&plain("http://a.example/"), named))["ok"], true);
}

#[test]
fn now_and_window() {
    let at = |now: Value, window: Value| {
        verify(with(&question(), json!({"now": now, "window": window})))
    };
    for (now, window, ok) in [
        (137_131_502, json!(null), true),
        (137_131_503, json!(null), false),
        (137_130_902, json!(null), true),
        (137_130_901, json!(null), false),
        (137_131_202, json!(0), true),
        (137_131_203, json!(0), false),
        (0, json!(u64::MAX), true),
    ] {
        let answer = at(json!(now), window);
        assert_eq!(answer["ok"], ok, "{now}");
        if !ok {
            assert_eq!(answer["error"], "timestamp_refused");
            let challenge = answer["challenge"].as_str().unwrap();
            assert!(
                challenge.contains("oauth_acceptable_timestamps=\""),
                "{challenge}"
            );
        }
    }
    // The clock is not at 1974.
    assert_eq!(code(without(&question(), "now")), "timestamp_refused");
    let fresh = without(&without(&photos(), "timestamp"), "nonce");
    assert_eq!(verify(without(&question_of(&fresh), "now"))["ok"], true);
    for now in [json!("1"), json!(-1), json!(1.5)] {
        assert_invalid(json!({"now": now}), "now: expected");
        assert_invalid(json!({"window": now}), "window: expected");
    }
}

#[test]
fn require_body_hash() {
    let require = |line: Value| {
        verify(with(
            &question_of(&with(&photos(), line)),
            json!({"require_body_hash": true}),
        ))
    };
    assert_eq!(require(json!({"method": "PUT", "body": "{}"}))["ok"], true);
    assert_eq!(require(json!({"body_hash": "always"}))["ok"], true);
    let form = "application/x-www-form-urlencoded";
    assert_eq!(
        require(json!({"method": "PUT", "body": "a", "content_type": form}))["ok"],
        true
    );
    // What has no body has nothing to hash.
    assert_eq!(require(json!({}))["ok"], true);
    let answer = require(json!({"method": "PUT", "body": "{}", "body_hash": "never"}));
    assert_eq!(answer["error"], "body_hash_missing");
    assert_eq!(answer["oauth_problem"], "parameter_absent");
    assert_invalid(
        json!({"require_body_hash": "yes"}),
        "require_body_hash: expected a bool",
    );
}

#[test]
fn seen() {
    let seen = |nonces: Value| verify(with(&question(), json!({"seen": nonces})));
    assert_eq!(seen(json!(["other", "CHAPOH"]))["ok"], true);
    let replayed = seen(json!(["other", "chapoH"]));
    assert_eq!(replayed["error"], "nonce_replayed");
    assert_eq!(replayed["oauth_problem"], "nonce_used");
    assert_eq!(
        seen(json!([{"base64": "Y2hhcG9I"}]))["error"],
        "nonce_replayed"
    );
    // A forged request learns nothing of it.
    let forged = json!({"seen": ["chapoH"], "client_secret": "wrong"});
    assert_eq!(code(with(&question(), forged)), "signature_invalid");
}

#[test]
fn unknown_fields_and_codes_of_lines_are_told_from_those_of_requests() {
    for field in ["tokn", "timestamp", "content_type", "private_key"] {
        assert_invalid(json!({field: null}), &format!("unknown field `{field}`"));
    }
    let answer = answer("verify", json!({"id": 5}));
    assert_eq!(
        answer,
        json!({
            "id": 5, "ok": false, "error": "invalid_field", "message": "missing field `url`",
        })
    );
}
