//! Inputs to begin with, in the form that each invariant reads, made from the test vectors.

use std::fs;

use serde_json::Value;

use crate::{Placement, RequestVector, cases, reference, requests, vectors};

/// Fields as an invariant reads them; a line feed in any but the last would end it too early.
fn lines(fields: &[&str]) -> Vec<u8> {
    let mut fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    if let Some((_, before)) = fields.split_last_mut() {
        for field in before {
            *field = field.replace('\n', " ");
        }
    }
    fields.join("\n").into_bytes()
}

fn all_requests() -> Vec<RequestVector> {
    let mut all = requests("requests");
    all.extend(requests("requests-negative"));
    all
}

/// The texts under one name in every case of a file.
fn inputs(file: &str, name: &str) -> Vec<String> {
    let cases: Vec<Value> = cases(file);
    let texts = cases.iter().filter_map(|case| case.get(name)?.as_str());
    texts.map(str::to_owned).collect()
}

fn header_of(vector: &RequestVector) -> &str {
    match vector.placement {
        Placement::Header => &vector.expected.authorization,
        Placement::Query | Placement::Form => "",
    }
}

fn sent_url(vector: &RequestVector) -> &str {
    vector.expected.sent_url.as_deref().unwrap_or(&vector.url)
}

fn sent_body(vector: &RequestVector) -> &str {
    let body = vector.expected.sent_body.as_deref();
    body.or(vector.body.as_deref()).unwrap_or_default()
}

pub(super) fn headers() -> Vec<Vec<u8>> {
    let mut all = inputs("header.json", "input");
    all.extend(
        all_requests()
            .into_iter()
            .map(|vector| vector.expected.authorization),
    );
    all.into_iter().map(String::into_bytes).collect()
}

pub(super) fn forms() -> Vec<Vec<u8>> {
    let mut all = inputs("form.json", "input");
    all.extend(inputs("decode.json", "input"));
    for vector in all_requests() {
        all.push(reference::split_url(&vector.url).1);
        all.extend(vector.body);
        all.push(vector.expected.normalized);
    }
    all.into_iter().map(String::into_bytes).collect()
}

pub(super) fn urls() -> Vec<Vec<u8>> {
    let mut all = inputs("base-uri.json", "input");
    all.extend(inputs("base-uri.json", "url"));
    all.extend(all_requests().into_iter().map(|vector| vector.url));
    all.extend([
        "http://[2001:DB8::1]:80/a".to_owned(),
        "https://u:p@h:0443?a#f".to_owned(),
    ]);
    all.into_iter().map(String::into_bytes).collect()
}

pub(super) fn base_strings() -> Vec<Vec<u8>> {
    let seed = |vector: &RequestVector| {
        let protocol: Vec<_> = vector
            .oauth_params
            .iter()
            .map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes()))
            .collect();
        let protocol = reference::to_form(&protocol);
        let body = vector.body.as_deref().unwrap_or_default();
        lines(&[&vector.method, &vector.url, &protocol, body])
    };
    all_requests().iter().map(seed).collect()
}

pub(super) fn signings() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for vector in all_requests() {
        let method = match vector.signature_method.as_str() {
            "HMAC-SHA256" => 1,
            "HMAC-SHA512" => 2,
            "PLAINTEXT" => 3,
            _ => 0,
        };
        let place = match vector.placement {
            Placement::Header => 0,
            Placement::Query => 4,
            Placement::Form => 8,
        };
        let kind = char::from(b'@' + method + place).to_string();
        all.push(lines(&[
            &kind,
            vector.parameter("oauth_consumer_key").unwrap_or("client"),
            &vector.client_secret,
            vector.parameter("oauth_token").unwrap_or_default(),
            &vector.token_secret,
            &vector.method,
            &vector.url,
            vector.body.as_deref().unwrap_or_default(),
        ]));
    }
    all
}

pub(super) fn changes() -> Vec<Vec<u8>> {
    let signings = signings().into_iter().enumerate();
    signings
        .flat_map(|(number, seed)| {
            [0, 1, 2, 3].map(|part| {
                let change = format!("{part} {} {}\n", number * 7, 48 + number % 64);
                [change.as_bytes(), &seed].concat()
            })
        })
        .collect()
}

pub(super) fn requests_received() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for (number, vector) in all_requests().iter().enumerate() {
        let kinds = if vector.body.is_none() {
            "@DH"
        } else {
            "ABCEFG"
        };
        let kind = kinds.as_bytes()[number % kinds.len()];
        all.push(lines(&[
            &char::from(kind).to_string(),
            &vector.method,
            sent_url(vector),
            header_of(vector),
            sent_body(vector),
        ]));
    }
    all
}

pub(super) fn answers() -> Vec<Vec<u8>> {
    const FORM: &str = "application/x-www-form-urlencoded";
    const GOOD: &str = "oauth_token=t%2F1&oauth_token_secret=s&oauth_callback_confirmed=true";
    const CALLBACK: &str = "/ready?oauth_token=t%2F1&oauth_verifier=v";
    [
        ["200", FORM, "", CALLBACK, GOOD],
        [
            "200",
            FORM,
            "",
            "/?oauth_token=t&oauth_verifier=v&a=b#c",
            GOOD,
        ],
        [
            "200",
            FORM,
            "",
            "/?denied=t",
            "oauth_token=t&oauth_token_secret=s",
        ],
        [
            "200",
            FORM,
            "",
            "/?oauth_problem=user_refused&oauth_token=t",
            "oauth_problem=x",
        ],
        [
            "200",
            "application/json",
            "",
            "",
            r#"{"oauth_token":"t","oauth_token_secret":"s","oauth_callback_confirmed":true}"#,
        ],
        [
            "200",
            "text/html",
            "",
            "",
            "oauth_token=a&oauth_token_secret=b&oauth_session_handle=h&oauth_expires_in=3600\
             &oauth_authorization_expires_in=86400&user_id=7",
        ],
        [
            "401",
            "text/plain",
            r#"OAuth realm="a", oauth_problem="timestamp_refused""#,
            "",
            "",
        ],
        [
            "400",
            "",
            "",
            "",
            "oauth_problem=parameter_absent&oauth_parameters_absent=a%26b",
        ],
    ]
    .iter()
    .map(|fields| lines(fields))
    .collect()
}

pub(super) fn callbacks() -> Vec<Vec<u8>> {
    let uris = [
        "oob",
        "https://printer.example.com/ready",
        "https://printer.example.com/ready?id=7",
        "https://printer.example.com:8443/ready?",
        "http://localhost:1234/",
        "http://127.0.0.1/ready",
        "http://[::1]:80/ready",
        "com.example.app:/ready",
        "com.example.app://host/ready?a=b&",
        "javascript:alert(1)",
        "https://good.example@evil.example/",
    ];
    let pairs = uris.iter().flat_map(|uri| [(uri, uri), (uri, &uris[1])]);
    pairs
        .map(|(uri, registered)| lines(&[uri, registered, "a verifier%&="]))
        .collect()
}

pub(super) fn sasl_messages() -> Vec<Vec<u8>> {
    let texts = inputs("sasl.json", "message");
    let mut all: Vec<_> = texts.into_iter().map(String::into_bytes).collect();
    all.push(
        b"n,a=jane=2Cdoe=3D@example.com,\x01host=imap.example.com\x01port=143\x01auth=OAuth \
          oauth_consumer_key=\"c\",oauth_token=\"t\",oauth_signature_method=\"HMAC-SHA1\",\
          oauth_timestamp=\"1700000000\",oauth_nonce=\"n\",oauth_signature=\"AAAA\"\x01\x01"
            .to_vec(),
    );
    all.push(
        b"GET https://mail.google.com/mail/b/jane@example.com/imap/ oauth_consumer_key=\"c\",\
          oauth_token=\"t\",oauth_signature_method=\"HMAC-SHA1\",oauth_timestamp=\"1700000000\",\
          oauth_nonce=\"n\",oauth_signature=\"AAAA\""
            .to_vec(),
    );
    all
}

pub(super) fn sasl_logins() -> Vec<Vec<u8>> {
    [
        ["c", "s", "t", "u", "jane@example.com", "", "", ""],
        [
            "c,=",
            "%&",
            "t+",
            "\u{e9}",
            "j,a=n\u{e9}",
            "/a/b%20c",
            "d=e&f",
            "g=h&&i",
        ],
        ["c", "", "", "", "", "/", "a=%2", "b=%zz"],
    ]
    .iter()
    .map(|fields| lines(fields))
    .collect()
}

pub(super) fn sasl_challenges() -> Vec<Vec<u8>> {
    [
        r#"{"status":"invalid_token"}"#,
        r#"{"status":"invalid_token","scope":"a b","openid-configuration":"https://a.example/"}"#,
        r#" { "schemes" : [ "x", { "y" : null } ], "n": -1.5e3, "status" : "\u00e9\ud83d\ude00\"" } "#,
        r#"{"status":"400","scope":"\ud800"}"#,
        r"{}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

pub(super) fn explanations() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for vector in all_requests() {
        let header = header_of(&vector);
        let base_string = &vector.expected.base_string;
        let body = sent_body(&vector);
        all.push(lines(&[
            &vector.method,
            sent_url(&vector),
            header,
            base_string,
            body,
        ]));
    }
    for file in ["explain/codes.json", "explain/programs.json"] {
        let cases: Vec<Value> = cases(file);
        for case in cases {
            let text = |name: &str| case.get(name).and_then(Value::as_str).unwrap_or_default();
            let pairs = case.get("oauth_params").and_then(Value::as_array);
            let pairs: Vec<String> = pairs
                .into_iter()
                .flatten()
                .filter_map(|pair| {
                    let [name, value] = [pair.get(0)?.as_str()?, pair.get(1)?.as_str()?];
                    Some(format!(
                        "{name}=\"{}\"",
                        reference::encode(value.as_bytes())
                    ))
                })
                .collect();
            let header = format!("OAuth {}", pairs.join(", "));
            let base_string = text("expected_base_string");
            all.push(lines(&[
                text("method"),
                text("url"),
                &header,
                base_string,
                text("body"),
            ]));
        }
    }
    all
}

pub(super) fn proxied() -> Vec<Vec<u8>> {
    [
        "/a\nhost: api.example.com",
        "https://api.example.com/a\nHost: API.example.com:443",
        "/\nhost: x\nforwarded: for=192.0.2.1;host=api.example.com;proto=https, for=10.0.0.1",
        "/\nhost: x\nforwarded: for=\"[2001:db8::1]:80\";by=_a;host=\"api.example.com:443\"",
        "/\nhost: x\nx-forwarded-for: 192.0.2.1, 10.0.0.1\nx-forwarded-host: api.example.com\n\
         x-forwarded-proto: https",
        "/\nhost: [::1]:8080\nx-forwarded-proto: http\n10.0.0.0/8\n2001:db8::/32",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

pub(super) fn locations() -> Vec<Vec<u8>> {
    [
        "@/b\n@../c?d=e\nA?f#g",
        "A//api.example.com/x\nC//evil.example/y\n@https://api.example.com/z",
        "BHTTPS://API.EXAMPLE.COM:443/a/./b/../c\nDhttps://u@api.example.com/",
        "@https://api.example.com:8443/\n@http://api.example.com/",
        "C\\\\evil.example\n@http:g\n@mailto:x",
        "@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a\n@/a",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into()
}

pub(super) fn problems() -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = [
        r#"OAuth realm="a", oauth_problem="nonce_used", oauth_problem_advice="try%20again""#,
        r#"Basic realm="a, b", OAuth oauth_problem=timestamp_refused, oauth_acceptable_timestamps="1-2""#,
        "oauth_problem=parameter_rejected&oauth_parameters_rejected=a%3D1%26b%3D2",
        "oauth_problem=version_rejected&oauth_acceptable_versions=1.0-1.0",
        "oauth_problem=parameter_absent&oauth_parameters_absent=a%26b",
        "oauth_problem=x&oauth_problem=y&oauth_problem_advice=%0d%0a",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    all.extend(headers());
    all
}

pub(super) fn keys() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(vectors().join("keys")).expect("keys") {
        let path = entry.expect("a readable folder").path();
        all.push(fs::read(path).expect("a readable key"));
    }
    all
}

/// For the fuzz target that compares with another library: client, its secret, token, its secret, nonce,
/// method, pairs.
#[must_use]
pub fn of_peer() -> Vec<Vec<u8>> {
    let seed = |vector: &RequestVector| {
        let (_, query) = reference::split_url(&vector.url);
        let pairs = vector.body.as_deref().unwrap_or(&query);
        lines(&[
            vector.parameter("oauth_consumer_key").unwrap_or_default(),
            &vector.client_secret,
            vector.parameter("oauth_token").unwrap_or_default(),
            &vector.token_secret,
            "nonce001",
            &vector.method,
            pairs,
        ])
    };
    all_requests().iter().map(seed).collect()
}
