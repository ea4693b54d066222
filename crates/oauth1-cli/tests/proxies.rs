//! `oauth1 proxy`, which signs or verifies, between curl and a provider.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, process::Command};

use serde_json::Value;

use crate::{
    serving::{Serving, authorized, command, curl, folder, provider, raw, showing_service, stored},
    support::{stderr, stdout},
};

#[path = "support/serving.rs"]
mod serving;
mod support;

#[test]
fn curl_calls_an_api_through_the_proxy() {
    let folder = folder("proxy");
    let provider = provider(&folder, &[]);
    authorized(&folder);
    let proxy = |arguments: &[&str]| {
        let all = [
            &["proxy", "-p", "development", "--listen", "127.0.0.1:0"],
            arguments,
        ]
        .concat();
        Serving::start(command(&folder, &all))
    };
    let reverse = proxy(&["--to", &provider.origin, "--max-body", "100000"]);
    let owner = |answer: &str| {
        let answer: Value = serde_json::from_str(answer).unwrap_or_else(|_| panic!("{answer}"));
        assert_eq!(answer["owner"], "developer", "{answer}");
        answer["method"].as_str().unwrap().to_owned()
    };
    let at = |path: &str| format!("{}{path}", reverse.origin);
    assert_eq!(owner(&curl(&[&at("/me?a=b%20c&a")])), "GET");
    assert_eq!(owner(&curl(&["-d", "a=b&c=d+e", &at("/form")])), "POST");
    let json = ["-H", "Content-Type: application/json", "-d", "{}"];
    assert_eq!(owner(&curl(&[&json[..], &[&at("/json")]].concat())), "POST");
    let chunked = [
        "-H",
        "Transfer-Encoding: chunked",
        "-H",
        "Content-Type: text/plain",
        "-d",
        "x",
    ];
    assert_eq!(
        owner(&curl(&[&chunked[..], &[&at("/chunked")]].concat())),
        "POST"
    );
    // One of its own is replaced, and headers of one hop stay here.
    let hop = [
        "-H",
        "Connection: X-Hop",
        "-H",
        "X-Hop: 1",
        "-H",
        "Authorization: Basic eDp5",
    ];
    assert_eq!(owner(&curl(&[&hop[..], &[&at("/hop")]].concat())), "GET");

    let status = |arguments: &[&str]| {
        let all = [&["-o", "/dev/null", "-w", "%{http_code}"], arguments].concat();
        curl(&all)
    };
    let long = "x".repeat(200_000);
    fs::write(folder.join("long"), &long).unwrap();
    let long = format!("@{}", folder.join("long").display());
    let text = ["-H", "Content-Type: text/plain", "--data-binary", &long];
    assert_eq!(status(&[&text[..], &[&at("/long")]].concat()), "413");
    assert_eq!(status(&["-H", "Origin: http://a.example", &at("/")]), "403");
    assert_eq!(
        status(&["-H", "Sec-Fetch-Site: cross-site", &at("/")]),
        "403"
    );
    assert_eq!(status(&["-H", "Host: a.example", &at("/")]), "421");
    assert_eq!(status(&["-d", "oauth_nonce=1", &at("/twice")]), "400");
    let connect = raw(
        &reverse.origin,
        "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n",
    );
    assert!(
        connect.starts_with("HTTP/1.1 405") && connect.contains("--upgrade"),
        "{connect}"
    );
    let (ended, log) = reverse.end("-INT");
    assert_eq!(ended, Some(0));
    assert!(
        log.contains("200 GET /me ") && !log.contains("a=b"),
        "{log}"
    );

    let host = provider.origin.strip_prefix("http://").unwrap();
    let forward = proxy(&["--for", host]);
    assert_eq!(
        owner(&curl(&[
            "-x",
            &forward.origin,
            &format!("{}/f", provider.origin)
        ])),
        "GET"
    );
    assert_eq!(
        status(&["-x", &forward.origin, "http://127.0.0.1:9/"]),
        "403"
    );
    assert_eq!(status(&[&format!("{}/", forward.origin)]), "400");

    let output = command(
        &folder,
        &["proxy", "--to", &provider.origin, "--listen", "0.0.0.0:0"],
    )
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--listen-anywhere"));
    let gone = proxy(&["--to", "http://127.0.0.1:9"]);
    assert_eq!(status(&[&format!("{}/", gone.origin)]), "502");
}

#[test]
fn a_service_behind_the_verifying_proxy_knows_no_oauth() {
    let folder = folder("verifying");
    let provider = provider(&folder, &[]);
    authorized(&folder);
    let behind = showing_service();
    let store = folder.join("oauth1-provider.sqlite3");
    let arguments = [
        "proxy",
        "--verify",
        "--to",
        &behind,
        "--listen",
        "127.0.0.1:0",
    ];
    let known = [&arguments[..], &["--store", store.to_str().unwrap()]].concat();
    let stored = stored(&folder);
    let client = stored["client_key"].as_str().unwrap();
    for arguments in [
        &known[..],
        &[&arguments[..], &["-p", "development"]].concat(),
    ] {
        let verifying = Serving::start(command(&folder, arguments));
        let url = format!("{}/x?y=z", verifying.origin);
        let output = command(
            &folder,
            &["GET", &url, "-p", "development", "X-OAuth-Client:forged"],
        )
        .output()
        .unwrap();
        let head = stdout(&output).to_ascii_lowercase();
        assert!(
            head.starts_with("get /x?y=z http/1.1"),
            "{head}{}",
            stderr(&output)
        );
        assert!(
            head.contains(&format!("x-oauth-client: {client}\r\n")),
            "{head}"
        );
        assert!(head.contains("x-oauth-token: "), "{head}");
        assert!(
            !head.contains("authorization") && !head.contains("forged"),
            "{head}"
        );
        // A replay and a stranger are refused.
        let dry = command(&folder, &["GET", &url, "-p", "development", "--dry-run"])
            .output()
            .unwrap();
        let replay = stdout(&dry).replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ");
        let twice = Command::new("sh")
            .args(["-c", &format!("{replay}\n{replay}")])
            .output();
        assert_eq!(stdout(&twice.unwrap()), "200401");
        assert_eq!(
            curl(&["-o", "/dev/null", "-w", "%{http_code}", &url]),
            "401"
        );
        let (status, _) = verifying.end("-TERM");
        assert_eq!(status, Some(0));
    }
    drop(provider);
}
