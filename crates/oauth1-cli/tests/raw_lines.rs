//! Raw protocol parameters, base strings that stand as they are, and what `base-string` answers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{PHOTOS_SIGNATURE, answer, error, pem, photos, with, without};

mod support;

fn raw() -> Value {
    json!({
        "url": "http://photos.example.net/photos?file=vacation.jpg&size=original",
        "oauth_params": [
            ["oauth_nonce", "chapoH"],
            ["oauth_token", "nnch734d00sl2jdk"],
            ["oauth_consumer_key", "dpf43f3p2l4k3l03"],
            ["oauth_timestamp", "137131202"],
            ["oauth_signature_method", "HMAC-SHA1"],
        ],
        "client_secret": "kd94hf93k423kf44",
        "token_secret": "pfkkdhi9sl3r4s00",
    })
}

fn refused(line: Value) -> String {
    let answer = answer("sign", line);
    let (code, message) = error(&answer);
    assert_eq!(code, "invalid_field");
    message.to_owned()
}

#[test]
fn parameters_are_taken_as_they_are_and_in_their_order() {
    let signed = answer("sign", raw());
    assert_eq!(signed["signature"], PHOTOS_SIGNATURE);
    assert_eq!(
        signed["authorization"],
        "OAuth oauth_nonce=\"chapoH\", oauth_token=\"nnch734d00sl2jdk\", \
         oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_timestamp=\"137131202\", \
         oauth_signature_method=\"HMAC-SHA1\", \
         oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\""
    );
    // Nothing is added, not even to nothing, and only the signature is left out.
    let bare = answer(
        "sign",
        with(&raw(), json!({"oauth_params": [], "url": "http://a/"})),
    );
    assert_eq!(bare["base_string"], "GET&http%3A%2F%2Fa%2F&");
    let odd = json!([
        ["realm", "r"], ["oauth_signature", "old"], ["oauth_nonce", "1"], ["oauth_nonce", "0"],
        ["oauth_timestamp", "-1"], [{"base64": "/w=="}, ""], ["b", {"base64": "AP8="}],
    ]);
    let fields = json!({"oauth_params": odd, "url": "http://a/", "body": "{}"});
    let odd = answer("sign", with(&raw(), fields));
    assert_eq!(
        odd["base_string"],
        "GET&http%3A%2F%2Fa%2F&%25FF%3D%26b%3D%2500%25FF%26oauth_nonce%3D0%26oauth_nonce%3D1%26\
         oauth_timestamp%3D-1%26realm%3Dr"
    );
    let header = odd["authorization"].as_str().unwrap();
    assert!(header.starts_with(
        "OAuth realm=\"r\", oauth_nonce=\"1\", oauth_nonce=\"0\", oauth_timestamp=\"-1\", %FF=\"\", \
         b=\"%00%FF\", oauth_signature=\""
    ));
    assert_eq!(header.matches("oauth_signature=").count(), 1);
}

#[test]
fn raw_parameters_travel_everywhere() {
    let query = answer("sign", with(&raw(), json!({"transmission": "query"})));
    assert!(
        query["url"]
            .as_str()
            .unwrap()
            .contains("size=original&oauth_nonce=chapoH&")
    );
    let form = answer(
        "sign",
        with(&raw(), json!({"transmission": "form", "method": "POST"})),
    );
    assert!(
        form["body"]
            .as_str()
            .unwrap()
            .starts_with("oauth_nonce=chapoH&")
    );
    let realm = answer("sign", with(&raw(), json!({"realm": "Photos"})));
    assert!(
        realm["authorization"]
            .as_str()
            .unwrap()
            .starts_with("OAuth realm=\"Photos\", oauth_n")
    );
    assert_eq!(realm["signature"], PHOTOS_SIGNATURE);
}

#[test]
fn what_the_parameters_replace_is_refused() {
    for (field, value) in [
        ("nonce", json!("n")),
        ("timestamp", json!(1)),
        ("version", json!("1.0")),
        ("callback", json!("oob")),
        ("verifier", json!("v")),
        ("extra", json!([])),
        ("body_hash", json!("auto")),
    ] {
        let message = refused(with(&raw(), json!({field: value})));
        assert_eq!(
            message,
            format!("{field}: not allowed beside `oauth_params`, which replaces it")
        );
    }
    // The credentials may stay, unless the parameters contradict them.
    let same = json!({"client_key": "dpf43f3p2l4k3l03", "token": "nnch734d00sl2jdk"});
    assert_eq!(
        answer("sign", with(&raw(), same))["signature"],
        PHOTOS_SIGNATURE
    );
    assert!(refused(with(&raw(), json!({"client_key": "x"}))).starts_with("client_key:"));
    assert!(refused(with(&raw(), json!({"token": "x"}))).starts_with("token:"));
}

#[test]
fn the_method_that_signs_may_differ_from_the_one_that_is_named() {
    let named = |method: &str| json!({"url": "http://a/", "oauth_params": [["oauth_signature_method", method]]});
    let length = |line: Value| answer("sign", line)["signature"].as_str().unwrap().len();
    assert_eq!(
        length(with(
            &named("HMAC-SHA1"),
            json!({"signature_method": "HMAC-SHA512"})
        )),
        88
    );
    // Without a word on it, it is the one that is named, if there is one of that name.
    assert_eq!(length(named("HMAC-SHA256")), 44);
    assert_eq!(length(named("hmac")), 28);
}

#[test]
fn a_base_string_is_signed_as_it_stands() {
    let signed = answer("sign", photos());
    let line = json!({
        "id": "x",
        "base_string": signed["base_string"],
        "client_secret": "kd94hf93k423kf44",
        "token_secret": "pfkkdhi9sl3r4s00",
    });
    let expected = json!({
        "id": "x",
        "base_string": signed["base_string"],
        "signature": PHOTOS_SIGNATURE,
    });
    assert_eq!(answer("sign", line.clone()), expected);
    assert_eq!(
        answer(
            "sign",
            with(&line, json!({"client_key": "k", "token": "t"}))
        ),
        expected
    );
    let odd = answer(
        "sign",
        with(
            &line,
            json!({"base_string": "no base string \u{e9}\n\"", "id": 1}),
        ),
    );
    assert_eq!(odd["base_string"], "no base string \u{e9}\n\"");
    let rsa = json!({"signature_method": "RSA-SHA1", "private_key": pem("wiki.pem")});
    assert_eq!(
        answer("sign", with(&line, rsa))["signature"]
            .as_str()
            .unwrap()
            .len(),
        172
    );

    for (field, value) in [
        ("method", json!("GET")),
        ("url", json!("http://a/")),
        ("content_type", json!("a/b")),
        ("body", json!("")),
        ("body_base64", json!("")),
        ("nonce", json!("n")),
        ("timestamp", json!(1)),
        ("version", json!("1.0")),
        ("callback", json!("oob")),
        ("verifier", json!("v")),
        ("realm", json!("r")),
        ("extra", json!([])),
        ("transmission", json!("header")),
        ("body_hash", json!("auto")),
        ("oauth_params", json!([])),
    ] {
        let message = refused(with(&line, json!({field: value})));
        assert_eq!(
            message,
            format!("{field}: not allowed beside `base_string`, which replaces it")
        );
    }
}

#[test]
fn base_string_answers_with_the_sorted_parameters() {
    let line = without(&without(&photos(), "client_secret"), "token_secret");
    let url = "http://Photos.example.net:80/photos?b=%C3%A9+&a=%FF&a&a=1";
    let expected = json!({
        "id": null,
        "base_string": "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&a%3D%26a%3D%25FF%26a%3D1%26\
            b%3D%25C3%25A9%2520%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26\
            oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26\
            oauth_token%3Dnnch734d00sl2jdk",
        "parameters": [
            ["a", ""],
            ["a", "%FF"],
            ["a", "1"],
            ["b", "%C3%A9%20"],
            ["oauth_consumer_key", "dpf43f3p2l4k3l03"],
            ["oauth_nonce", "chapoH"],
            ["oauth_signature_method", "HMAC-SHA1"],
            ["oauth_timestamp", "137131202"],
            ["oauth_token", "nnch734d00sl2jdk"],
        ],
    });
    assert_eq!(
        answer("base-string", with(&line, json!({"url": url, "id": null}))),
        expected
    );
    // Neither a secret nor a key is needed, and what is given does not matter.
    for method in support::METHODS {
        let fields = json!({"signature_method": method, "private_key": "no key"});
        let answer = answer("base-string", with(&line, fields));
        assert!(
            answer["base_string"].as_str().unwrap().contains(method),
            "{answer}"
        );
    }
    let none = answer(
        "base-string",
        json!({"url": "http://a/?", "oauth_params": []}),
    );
    assert_eq!(
        none,
        json!({"base_string": "GET&http%3A%2F%2Fa%2F&", "parameters": []})
    );
    let text = answer("base-string", json!({"base_string": "GET&"}));
    assert_eq!(error(&text).0, "invalid_field");
    let other = answer("base-string", json!({"url": "http://a/"}));
    assert_eq!(
        error(&other),
        ("invalid_field", "missing field `client_key`")
    );
}
