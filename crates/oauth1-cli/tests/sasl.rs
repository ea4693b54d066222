//! `oauth1 sasl`, for people and as JSON lines.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::{
    people::{CLIENT, CLIENT_SECRET, STAMP, TOKEN_SECRET, complaint, printed},
    support::{answer, answers, error, vector, with, without},
};

#[path = "support/people.rs"]
mod people;
mod support;

/// The example of RFC 7628 with secrets; the signature is computed with Python's hmac.
fn oauth10a() -> Value {
    json!({
        "mechanism": "OAUTH10A",
        "host": "example.com",
        "port": 143,
        "authzid": "user@example.com",
        "client_key": "9djdj82h48djs9d2",
        "client_secret": "j49sk3j29djd",
        "token": "kkk9d7dh3k39sjv7",
        "token_secret": "dh893hdasih9",
        "timestamp": 137_131_201,
        "nonce": "7d8f3e4a",
    })
}

fn xoauth() -> Value {
    json!({
        "mechanism": "XOAUTH",
        "url": "https://mail.example.com/mail/b/user@example.com/imap/",
        "client_key": "c",
    })
}

#[test]
fn oauth10a_is_answered_with_the_message_and_its_base_string() {
    let mut question = oauth10a();
    question["id"] = json!([1]);
    let answer = answer("sasl", question);
    let message = answer["initial_response"].as_str().unwrap();
    assert!(message.starts_with(
        "n,a=user@example.com,\u{1}host=example.com\u{1}port=143\u{1}auth=OAuth oauth_consumer_key="
    ));
    assert!(message.ends_with(", oauth_signature=\"wGLij10Hhr7V28j6pcoAr1plceo%3D\"\u{1}\u{1}"));
    assert_eq!(
        answer["base_string"],
        "POST&http%3A%2F%2Fexample.com%3A143%2F&oauth_consumer_key%3D9djdj82h48djs9d2%26\
         oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201\
         %26oauth_token%3Dkkk9d7dh3k39sjv7"
    );
    let base64 = answer["initial_response_base64"].as_str().unwrap();
    assert!(base64.starts_with("bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9ZXhhbXBsZS5jb20BcG9ydD0xNDMB"));
    let names: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 4, "{answer}");
    assert_eq!(answer["id"], json!([1]));
}

#[test]
fn the_vectors_of_xoauth_come_out_byte_for_byte() {
    let vectors = vector("sasl.json");
    let mut count = 0;
    for case in vectors.as_array().unwrap() {
        let Some(params) = case["oauth_params"].as_array() else {
            continue;
        };
        let param = |name: &str| {
            let pair = params.iter().find(|pair| pair[0] == name);
            pair.map_or(Value::Null, |pair| pair[1].clone())
        };
        let answer = answer(
            "sasl",
            json!({
                "mechanism": case["mechanism"],
                "url": case["url"],
                "consumer_key": param("oauth_consumer_key"),
                "consumer_secret": case["client_secret"],
                "token": param("oauth_token"),
                "token_secret": case["token_secret"],
                "nonce": param("oauth_nonce"),
                "timestamp": param("oauth_timestamp"),
                "version": param("oauth_version"),
            }),
        );
        assert_eq!(
            answer["initial_response"], case["message"],
            "{}",
            case["id"]
        );
        assert_eq!(answer["initial_response_base64"], case["base64"]);
        assert_eq!(answer["base_string"], case["base_string"]);
        count += 1;
    }
    assert_eq!(count, 2);
}

#[test]
fn what_is_missing_or_has_no_place_is_an_error() {
    let (oauth, google) = (oauth10a(), xoauth());
    let table = [
        (without(&oauth, "mechanism"), "missing field `mechanism`"),
        (
            with(&oauth, json!({"mechanism": "XOAUTH2"})),
            "mechanism: expected one of",
        ),
        (
            with(&oauth, json!({"mechanism": "oauth10a"})),
            "mechanism: expected one of",
        ),
        (without(&oauth, "client_key"), "missing field `client_key`"),
        (without(&oauth, "host"), "OAUTH10A needs the host"),
        (without(&oauth, "port"), "OAUTH10A needs the port"),
        (
            with(&oauth, json!({"url": "https://a/"})),
            "url: OAUTH10A has none",
        ),
        (with(&oauth, json!({"host": "a b"})), "host or port:"),
        (with(&oauth, json!({"port": 0})), "host or port:"),
        (
            with(&oauth, json!({"port": 65_536})),
            "port: expected a number",
        ),
        (with(&oauth, json!({"authzid": ""})), "the identity"),
        (with(&oauth, json!({"realm": "Zoë"})), "the realm"),
        (with(&oauth, json!({"version": "2"})), "version: expected"),
        (
            with(&oauth, json!({"signature_method": "RSA-SHA1"})),
            "HMAC-SHA1 alone",
        ),
        (with(&oauth, json!({"private_key": "x"})), "HMAC-SHA1 alone"),
        (
            with(&oauth, json!({"verifier": "x"})),
            "unknown field `verifier`",
        ),
        (without(&google, "url"), "XOAUTH needs the url"),
        (with(&google, json!({"host": "a"})), "host: XOAUTH has none"),
        (with(&google, json!({"port": 1})), "port: XOAUTH has none"),
        (
            with(&google, json!({"authzid": "a"})),
            "authzid: XOAUTH has none",
        ),
        (
            with(&google, json!({"realm": "a"})),
            "realm: XOAUTH has none",
        ),
    ];
    let questions: Vec<Value> = table.iter().map(|(question, _)| question.clone()).collect();
    for (answer, (question, expected)) in answers("sasl", &questions).iter().zip(&table) {
        let (code, message) = error(answer);
        assert_eq!(code, "invalid_field", "{question}");
        assert!(message.contains(expected), "{message}");
    }
    assert_eq!(table.len(), 21);
    for url in ["ftp://a/", "mail.example.com", "https://a b/"] {
        let answer = answer("sasl", with(&google, json!({"url": url})));
        assert_eq!(error(&answer).0, "invalid_url");
    }
    let answer = answer("sasl", with(&oauth, json!({"timestamp": 0})));
    assert_eq!(error(&answer).0, "cannot_sign");
}

#[test]
fn each_login_has_a_nonce_of_its_own_unless_one_is_given() {
    let fresh = [xoauth(), xoauth()];
    let [one, other] = answers("sasl", &fresh).try_into().unwrap();
    assert_ne!(one["initial_response"], other["initial_response"]);
    // What is shown is what is sent.
    let nonce = |text: &str, start: &str| {
        let at = text.find(start).unwrap() + start.len();
        text[at..at + 24].to_owned()
    };
    assert_eq!(
        nonce(one["initial_response"].as_str().unwrap(), "oauth_nonce=\""),
        nonce(one["base_string"].as_str().unwrap(), "oauth_nonce%3D"),
    );
    let given = with(&xoauth(), json!({"nonce": 7, "timestamp": "1"}));
    let [one, other] = answers("sasl", &[given.clone(), given]).try_into().unwrap();
    assert_eq!(one, other);
}

const LOGIN: [&str; 6] = [
    "sasl",
    "OAUTH10A",
    "--host",
    "imap.example.com",
    "--port",
    "993",
];

#[test]
fn people_get_the_initial_response_and_every_step() {
    let short = printed(&[&LOGIN, &CLIENT, &STAMP]);
    assert!(short.starts_with("biwsAWhvc3Q9aW1hcC5leGFtcGxlLmNvbQFwb3J0PTk5MwFhdXRoPU9BdXRo"));
    assert_eq!(short.lines().count(), 1);
    let long = printed(&[&LOGIN, &CLIENT, &STAMP, &["-v"]]);
    assert!(long.ends_with(&short));
    for expected in [
        "  POST&http%3A%2F%2Fimap.example.com%3A993%2F&oauth_consumer_key",
        "  n,,^Ahost=imap.example.com^Aport=993^Aauth=OAuth oauth_consumer_key=",
        "client secret (16 bytes) & token secret (16 bytes)",
    ] {
        assert!(long.contains(expected), "{expected}\n{long}");
    }
    assert!(!long.contains(CLIENT_SECRET) && !long.contains(TOKEN_SECRET));
    let url = "https://mail.example.com/mail/b/jane@example.com/smtp/";
    let xoauth = printed(&[&["sasl", "xoauth", url], &CLIENT, &STAMP, &["-v"]]);
    assert!(
        xoauth.contains(&format!("  GET {url} oauth_consumer_key=\"")),
        "{xoauth}"
    );
}

#[test]
fn a_command_line_that_is_wrong_is_told_so() {
    for (arguments, expected) in [
        (&["sasl"][..], "MECHANISM"),
        (&["sasl", "PLAIN"], "XOAUTH"),
        (&["sasl", "XOAUTH"], "XOAUTH needs the url"),
        (
            &["sasl", "OAUTH10A", "https://a/"],
            "url: OAUTH10A has none",
        ),
        (
            &["sasl", "OAUTH10A", "--host", "a"],
            "OAUTH10A needs the port",
        ),
        (&["sasl", "--json", "XOAUTH"], "--json"),
    ] {
        let said = complaint(
            2,
            &[
                arguments,
                &CLIENT[..if arguments.len() == 1 { 0 } else { 4 }],
            ],
        );
        assert!(said.contains(expected), "{said}");
    }
}
