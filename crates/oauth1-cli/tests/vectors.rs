//! The verified vectors, through the machine interface.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::fs;

use serde_json::{Value, json};

use crate::support::{answers, error, pem, vector, vectors, with, without};

mod support;

/// How many cases there are: a directory that is read wrongly must not pass.
const REQUESTS: usize = 119;
const NEGATIVE: usize = 9;
/// Of the requests, those that no strict server accepts whatever their signature.
const REFUSED: usize = 13;

fn requests(directory: &str) -> Vec<Value> {
    let entries = fs::read_dir(vectors().join(directory)).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
        .iter()
        .map(|name| vector(&format!("{directory}/{name}")))
        .collect()
}

/// The line that has a vector signed with its raw parameters.
fn raw(case: &Value) -> Value {
    let mut line = json!({
        "id": case["id"],
        "method": case["method"],
        "url": case["url"],
        "body": case["body"],
        "content_type": case["content_type"],
        "oauth_params": case["oauth_params"],
        "signature_method": case["signature_method"],
        "client_secret": case["client_secret"],
        "token_secret": case["token_secret"],
        "realm": case["realm"],
    });
    if let Some(key) = case["rsa_key"].as_str() {
        line["private_key"] = json!(pem(&format!("{key}.pem")));
    }
    line
}

fn placed(case: &Value) -> Value {
    with(&raw(case), json!({"transmission": case["placement"]}))
}

#[test]
fn requests_are_signed_as_the_vectors_say() {
    let cases: Vec<Value> = requests("requests")
        .into_iter()
        .chain(requests("requests-negative"))
        .collect();
    assert_eq!(cases.len(), REQUESTS + NEGATIVE);
    let lines: Vec<Value> = cases.iter().map(raw).collect();
    for (case, answer) in cases.iter().zip(answers("sign", &lines)) {
        let (id, expected) = (&case["id"], &case["expected"]);
        assert_eq!(answer["id"], *id);
        for field in ["base_string", "signature", "authorization"] {
            assert_eq!(answer[field], expected[field], "{id}: {field}");
        }
        assert_eq!(answer["url"], case["url"], "{id}");
        assert_eq!(answer["body"], case["body"], "{id}");
        let mut headers = vec![json!(["Authorization", expected["authorization"]])];
        if !case["content_type"].is_null() {
            headers.push(json!(["Content-Type", case["content_type"]]));
        }
        assert_eq!(answer["headers"], json!(headers), "{id}");
    }
}

#[test]
fn requests_carry_their_parameters_where_the_vectors_say() {
    let cases: Vec<Value> = requests("requests")
        .into_iter()
        // Its URL carries them already.
        .filter(|case| case["placement"] != "header" && case["id"] != "req-012")
        .collect();
    assert_eq!(cases.len(), 8);
    let lines: Vec<Value> = cases.iter().map(placed).collect();
    for (case, answer) in cases.iter().zip(answers("sign", &lines)) {
        let (id, expected) = (&case["id"], &case["expected"]);
        assert_eq!(answer["signature"], expected["signature"], "{id}");
        assert_eq!(answer["authorization"], Value::Null, "{id}");
        let or = |sent: &str, given: &str| match &expected[sent] {
            Value::Null => case[given].clone(),
            sent => sent.clone(),
        };
        assert_eq!(answer["url"], or("sent_url", "url"), "{id}");
        assert_eq!(answer["body"], or("sent_body", "body"), "{id}");
    }
}

#[test]
fn base_strings_and_parameters_are_those_of_the_vectors() {
    let cases = requests("requests");
    assert_eq!(cases.len(), REQUESTS);
    let lines: Vec<Value> = cases
        .iter()
        .map(|case| without(&without(&raw(case), "client_secret"), "token_secret"))
        .collect();
    for (case, answer) in cases.iter().zip(answers("base-string", &lines)) {
        let expected = json!({
            "id": case["id"],
            "base_string": case["expected"]["base_string"],
            "parameters": case["expected"]["parameters"],
        });
        assert_eq!(answer, expected);
    }
}

/// What a server that knows the credentials of a vector is asked about it.
fn question(case: &Value, signed: &Value) -> Value {
    let parameter = |name: &str| {
        let pairs = case["oauth_params"].as_array().unwrap();
        let pair = pairs.iter().find(|pair| pair[0] == name);
        pair.map_or(Value::Null, |pair| pair[1].clone())
    };
    let timestamp = parameter("oauth_timestamp");
    let mut question = json!({
        "id": case["id"],
        "method": case["method"],
        "url": signed["url"],
        "headers": signed["headers"],
        "body": signed["body"],
        "client_key": parameter("oauth_consumer_key"),
        "token": parameter("oauth_token"),
        "token_secret": case["token_secret"],
        "now": timestamp.as_str().map_or(1, |text| text.parse().unwrap_or(1_u64)),
        "allowed_methods": [case["signature_method"]],
    });
    match case["rsa_key"].as_str() {
        None => question["client_secret"] = case["client_secret"].clone(),
        Some("wiki") => question["public_key"] = json!(pem("wiki.cert.pem")),
        Some(key) => question["public_key"] = json!(pem(&format!("{key}.public.pem"))),
    }
    question
}

/// Vectors that a strict server refuses whatever their signature, each for its own reason.
fn refusal(case: &Value) -> Option<&'static str> {
    let names: Vec<&str> = case["oauth_params"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| pair[0].as_str().unwrap())
        .collect();
    let stated = |name: &str, value: &str| {
        let pairs = case["oauth_params"].as_array().unwrap();
        pairs.iter().any(|pair| pair[0] == name && pair[1] == value)
    };
    let mut sorted = names.clone();
    sorted.sort_unstable();
    let has_signature = case["url"].as_str().unwrap().contains("oauth_signature=");
    if has_signature || sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return Some("duplicate_parameter");
    }
    let is_plaintext = case["signature_method"] == "PLAINTEXT";
    let required: &[&str] = if is_plaintext {
        &["oauth_consumer_key", "oauth_signature_method"]
    } else {
        &[
            "oauth_consumer_key",
            "oauth_signature_method",
            "oauth_timestamp",
            "oauth_nonce",
        ]
    };
    if required.iter().any(|name| !names.contains(name)) {
        return Some("missing_parameter");
    }
    if names.contains(&"oauth_version") && !stated("oauth_version", "1.0") {
        return Some("unsupported_version");
    }
    if !stated(
        "oauth_signature_method",
        case["signature_method"].as_str().unwrap(),
    ) {
        return Some("unsupported_signature_method");
    }
    // A timestamp that is no number.
    (case["id"] == "req-033").then_some("malformed")
}

#[test]
fn requests_are_accepted_by_who_knows_the_credentials() {
    let cases: Vec<Value> = requests("requests")
        .into_iter()
        .filter(|case| case["id"] != "req-012")
        .collect();
    let signed = answers("sign", &cases.iter().map(placed).collect::<Vec<_>>());
    let questions: Vec<Value> = cases
        .iter()
        .zip(&signed)
        .map(|(case, signed)| question(case, signed))
        .collect();
    let mut refused = 0;
    for (case, answer) in cases.iter().zip(answers("verify", &questions)) {
        match refusal(case) {
            None => {
                assert_eq!(answer["ok"], true, "{answer}");
                assert_eq!(answer["realm"], case["realm"], "{answer}");
                assert_eq!(
                    answer["signature_method"], case["signature_method"],
                    "{answer}"
                );
            }
            Some(code) => {
                refused += 1;
                assert_eq!(error(&answer).0, code, "{answer}");
            }
        }
    }
    assert_eq!((cases.len(), refused), (REQUESTS - 1, REFUSED));
}

#[test]
fn base_strings_are_signed_as_they_stand() {
    let Value::Array(cases) = vector("signature.json") else {
        panic!("no list")
    };
    assert_eq!(cases.len(), 20);
    let lines: Vec<Value> = cases
        .iter()
        .map(|case| {
            let mut line = json!({
                "signature_method": case["signature_method"],
                "base_string": case["base_string"],
                "client_secret": case["client_secret"],
                "token_secret": case["token_secret"],
            });
            if let Some(key) = case["rsa_key"].as_str() {
                line["private_key"] = json!(pem(&format!("{key}.pem")));
            }
            line
        })
        .collect();
    for (case, answer) in cases.iter().zip(answers("sign", &lines)) {
        let expected = json!({"base_string": case["base_string"], "signature": case["expected"]});
        assert_eq!(answer, expected, "{}", case["id"]);
    }
}

#[test]
fn headers_are_taken_apart_as_the_vectors_say() {
    let Value::Array(cases) = vector("header.json") else {
        panic!("no list")
    };
    assert_eq!(cases.len(), 9);
    let lines: Vec<Value> = cases
        .iter()
        .map(|case| json!({"header": case["input"]}))
        .collect();
    for (case, answer) in cases.iter().zip(answers("parse", &lines)) {
        if case["expected"].is_null() {
            assert_eq!(error(&answer).0, "malformed", "{}", case["id"]);
        } else {
            assert_eq!(answer["scheme"], "OAuth");
            assert_eq!(answer["realm"], case["expected"]["realm"], "{}", case["id"]);
            assert_eq!(
                answer["params"], case["expected"]["params"],
                "{}",
                case["id"]
            );
        }
    }
}

#[test]
fn forms_and_queries_are_taken_apart_as_the_vectors_say() {
    let Value::Array(cases) = vector("form.json") else {
        panic!("no list")
    };
    assert_eq!(cases.len(), 17);
    for field in ["form", "query"] {
        let lines: Vec<Value> = cases
            .iter()
            .map(|case| json!({field: case["input"]}))
            .collect();
        for (case, answer) in cases.iter().zip(answers("parse", &lines)) {
            let expected = json!({"scheme": null, "realm": null, "params": case["expected"]});
            assert_eq!(answer, expected, "{}", case["id"]);
        }
    }
}

#[test]
fn bodies_are_hashed_as_the_vectors_say() {
    let Value::Array(cases) = vector("body-hash.json") else {
        panic!("no list")
    };
    assert_eq!(cases.len(), 11);
    let line = |case: &Value| match &case["body"] {
        Value::String(body) => json!({"digest": case["algorithm"], "body": body}),
        body => json!({"digest": case["algorithm"], "body_base64": body["base64"]}),
    };
    let lines: Vec<Value> = cases.iter().map(line).collect();
    for (case, answer) in cases.iter().zip(answers("body-hash", &lines)) {
        assert_eq!(
            answer,
            json!({"body_hash": case["expected"]}),
            "{}",
            case["id"]
        );
    }
}
