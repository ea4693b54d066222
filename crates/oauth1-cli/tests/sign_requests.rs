//! `sign --json`, field by field: those that describe the request, and how it is sent.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use serde_json::{Value, json};

use crate::support::{
    PHOTOS_SIGNATURE, answer, assert_invalid, error, has, parameters, photos, sign, with, without,
};

mod support;

#[test]
fn a_whole_answer() {
    let header = "OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", oauth_token=\"nnch734d00sl2jdk\", \
                  oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131202\", \
                  oauth_nonce=\"chapoH\", oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"";
    let expected = json!({
        "base_string": "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26\
            oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DchapoH%26\
            oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26\
            oauth_token%3Dnnch734d00sl2jdk%26size%3Doriginal",
        "signature": PHOTOS_SIGNATURE,
        "authorization": header,
        "url": photos()["url"],
        "body": null,
        "headers": [["Authorization", header]],
    });
    assert_eq!(sign(json!({})), expected);
    assert_eq!(sign(json!({"id": 7})), with(&expected, json!({"id": 7})));
}

#[test]
fn method() {
    let get = answer("sign", without(&photos(), "method"));
    assert_eq!(get["signature"], PHOTOS_SIGNATURE);
    for (method, signed) in [
        ("post", "POST&"),
        ("PROPFIND", "PROPFIND&"),
        ("X~Y!z", "X~Y%21Z&"),
    ] {
        let answer = sign(json!({"method": method}));
        assert!(
            answer["base_string"].as_str().unwrap().starts_with(signed),
            "{answer}"
        );
    }
    for method in ["", "GET ", "G\u{e9}T", "A/B"] {
        assert_invalid(json!({"method": method}), "method: expected a token");
    }
}

#[test]
fn url() {
    let answer = sign(json!({"url": "HTTPS://Ex\u{41}mple.COM:443?a=1#top"}));
    assert!(
        answer["base_string"]
            .as_str()
            .unwrap()
            .starts_with("GET&https%3A%2F%2Fexample.com%2F&a")
    );
    assert_eq!(answer["url"], "HTTPS://ExAmple.COM:443?a=1#top");

    let answer = support::answer("sign", without(&photos(), "url"));
    assert_eq!(error(&answer), ("invalid_field", "missing field `url`"));
    for (url, message) in [
        ("/photos", "absolute"),
        ("ftp://example.com/", "https://"),
        ("http://", "host"),
        ("http://exa mple.com/", "host"),
        ("http://example.com:0/", "port"),
        ("http://example.com/a b", "at byte 20"),
    ] {
        let answer = sign(json!({"url": url}));
        let (code, text) = error(&answer);
        assert_eq!(code, "invalid_url");
        assert!(text.contains(message), "{text}");
    }
}

#[test]
fn content_type_and_body() {
    let body = "status=Hello%20Ladies+%2B&a";
    for content_type in [
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-URLencoded; charset=UTF-8",
    ] {
        let answer = sign(json!({"method": "POST", "content_type": content_type, "body": body}));
        assert!(has(&answer, "status", "Hello Ladies +") && has(&answer, "a", ""));
        assert_eq!(answer["body"], body);
        assert_eq!(answer["headers"][1], json!(["Content-Type", content_type]));
    }
    for content_type in [
        json!("application/json"),
        json!("multipart/form-data; boundary=x"),
        json!(null),
    ] {
        let answer = sign(json!({"method": "POST", "content_type": content_type, "body": body}));
        assert!(!has(&answer, "a", ""));
        let hash = support::answer("body-hash", json!({"body": body}));
        assert!(has(
            &answer,
            "oauth_body_hash",
            hash["body_hash"].as_str().unwrap()
        ));
        let headers = answer["headers"].as_array().unwrap().len();
        assert_eq!(headers, if content_type.is_null() { 1 } else { 2 });
    }
    assert_invalid(
        json!({"content_type": "a\r\nb: c"}),
        "content_type: no header can hold",
    );
}

#[test]
fn body_base64() {
    let form = json!({"method": "POST", "content_type": "application/x-www-form-urlencoded"});
    let given = sign(with(&form, json!({"body": "a=1&b=\u{e9}"})));
    let decoded = sign(with(&form, json!({"body_base64": "YT0xJmI9w6k="})));
    assert_eq!(given, decoded);
    // What is no text comes back as it went in.
    let answer = sign(json!({"method": "POST", "body_base64": "AP/+"}));
    assert_eq!(answer["body"], json!({"base64": "AP/+"}));
    assert!(has(
        &answer,
        "oauth_body_hash",
        "yN/A/uBsnipPsPLeqo6lzOflSLg="
    ));
    assert_eq!(
        sign(json!({"method": "POST", "body": {"base64": "AP/+"}})),
        answer
    );

    assert_invalid(
        json!({"body": "a", "body_base64": "YQ=="}),
        "body: not allowed beside `body_base64`",
    );
    for text in ["YQ", "YQ=", "Y Q==", "YQ==\n", "_w==", "YR=="] {
        assert_invalid(json!({"body_base64": text}), "body_base64: expected base64");
        assert_invalid(json!({"body": {"base64": text}}), "body: expected base64");
    }
    assert_invalid(
        json!({"body": {"base32": "YQ=="}}),
        "body: expected \"base64\"",
    );
    assert_invalid(
        json!({"body": {"base64": "YQ==", "x": 1}}),
        "body: expected \"base64\"",
    );
    assert_invalid(json!({"body": {}}), "body: expected \"base64\"");
}

#[test]
fn transmission() {
    let header = sign(json!({"transmission": "header"}));
    assert_eq!(header, sign(json!({})));

    let sent = "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=nnch734d00sl2jdk\
        &oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131202&oauth_nonce=chapoH\
        &oauth_signature=MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D";
    let url = photos()["url"].as_str().unwrap().to_owned();
    let query = sign(json!({"transmission": "query"}));
    assert_eq!(
        (&query["authorization"], &query["headers"]),
        (&json!(null), &json!([]))
    );
    assert_eq!(query["url"], format!("{url}&{sent}"));
    assert_eq!(query["signature"], PHOTOS_SIGNATURE);
    for (given, start, end) in [
        ("http://a/b", "http://a/b?oauth_", ""),
        ("http://a?", "http://a?oauth_", ""),
        ("http://a/?x&", "http://a/?x&oauth_", ""),
        ("http://a/?x#f?g", "http://a/?x&oauth_", "#f?g"),
    ] {
        let answer = sign(json!({"transmission": "query", "url": given}));
        let url = answer["url"].as_str().unwrap();
        assert!(url.starts_with(start) && url.ends_with(end), "{url}");
    }

    let form = "application/x-www-form-urlencoded";
    let fields = json!({"transmission": "form", "method": "POST"});
    let with_body = sign(with(&fields, json!({"content_type": form, "body": "a=b"})));
    assert!(
        with_body["body"]
            .as_str()
            .unwrap()
            .starts_with("a=b&oauth_consumer_key=")
    );
    assert_eq!(with_body["headers"], json!([["Content-Type", form]]));
    assert_eq!(
        (&with_body["authorization"], &with_body["url"]),
        (&json!(null), &json!(url))
    );
    for fields in [
        fields.clone(),
        with(&fields, json!({"content_type": form, "body": ""})),
    ] {
        let alone = sign(fields);
        assert!(
            alone["body"]
                .as_str()
                .unwrap()
                .starts_with("oauth_consumer_key=")
        );
        assert_eq!(alone["headers"], json!([["Content-Type", form]]));
    }
    for other in [
        json!({"body": "{}"}),
        json!({"body": "{}", "content_type": "application/json"}),
        json!({"content_type": "text/plain"}),
    ] {
        assert_eq!(error(&sign(with(&fields, other))).0, "cannot_sign");
    }
    assert_invalid(
        json!({"transmission": "Header"}),
        "transmission: expected one of",
    );
}

#[test]
fn body_hash() {
    let hash = |fields: Value| {
        let pairs = parameters(&sign(fields));
        pairs
            .into_iter()
            .find(|pair| pair.0 == "oauth_body_hash")
            .map(|pair| pair.1)
    };
    let empty = Some("2jmj7l5rSw0yVb/vlWAYkK/YBwk=".to_owned());
    let json = json!({"method": "PUT", "content_type": "application/json", "body": "{}"});
    let form = json!({"method": "PUT", "content_type": "application/x-www-form-urlencoded", "body": "a=b"});
    let rule = |rule: &str| json!({"body_hash": rule});
    assert_eq!(hash(with(&json, rule("auto"))), hash(json.clone()));
    assert!(hash(with(&json, rule("always"))).is_some());
    assert_eq!(hash(with(&json, rule("never"))), None);
    assert_eq!(hash(rule("auto")), None);
    assert_eq!(hash(json!({"body": ""})), None);
    assert_eq!(hash(rule("always")), empty);
    for name in ["auto", "always", "never"] {
        assert_eq!(hash(with(&form, rule(name))), None);
    }
    // The digest is that of the method; PLAINTEXT has none.
    let sha256 = hash(with(&json, json!({"signature_method": "HMAC-SHA256"}))).unwrap();
    assert_eq!(sha256, "RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
    let plain = json!({"signature_method": "PLAINTEXT", "body_hash": "always"});
    assert_eq!(hash(with(&json, plain)), None);
    assert_invalid(
        rule("sometimes"),
        "body_hash: expected one of auto, always, never",
    );
}

#[test]
fn profile() {
    let answer = sign(json!({"profile": "nobody"}));
    assert_eq!(error(&answer).0, "unknown_profile");
    assert_eq!(
        sign(json!({"profile": null}))["signature"],
        PHOTOS_SIGNATURE
    );
}

#[test]
fn unknown_fields() {
    for field in [
        "tokn",
        "Method",
        "oauth_token",
        "headers",
        "expected_signature",
    ] {
        assert_invalid(json!({field: null}), &format!("unknown field `{field}`"));
    }
}
