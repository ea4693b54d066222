//! What `oauth1 request` sends to a server that verifies.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, process::Command};

use oauth1_adapters::{Seen, Verdict};

use crate::{
    sending::{origin, run, seen, sent},
    serving::folder,
    support::{stderr, stdout},
};

#[path = "support/sending.rs"]
mod sending;
#[path = "support/serving.rs"]
mod serving;
mod support;

fn signed_parameter(seen: &Seen, name: &str) -> Option<String> {
    let Verdict::Verified(signed) = &seen.verdict else {
        panic!("{:?}", seen.verdict)
    };
    let mut pairs = signed.parameters.iter();
    pairs.find(|pair| pair.0 == name).map(|pair| pair.1.clone())
}

/// Method, path, arguments, standard input; the type and the body that come.
type BodyCase<'a> = (&'a str, &'a str, &'a [&'a str], &'a [u8], &'a str, &'a [u8]);

#[test]
fn bodies_of_every_kind_are_signed() {
    let folder = folder("bodies");
    let small = folder.join("small");
    let large = folder.join("large");
    fs::write(&small, b"small\0file\n").unwrap();
    fs::write(&large, vec![7; 3 * 1024 * 1024]).unwrap();
    let (small, large) = (small.to_str().unwrap(), large.to_str().unwrap());
    let at = |path: &str| format!("@{path}");
    let json = "content-type: application/json";
    let form = "application/x-www-form-urlencoded";
    let large_body = vec![7; 3 * 1024 * 1024];
    let cases: &[BodyCase<'_>] = &[
        ("GET", "/k1?a=b%20c", &[], b"", "", b""),
        (
            "POST",
            "/k2",
            &["-d", "a=b", "-d", "c=d+e"],
            b"",
            form,
            b"a=b&c=d+e",
        ),
        (
            "POST",
            "/k3",
            &["a=b c", "d=e&f"],
            b"",
            form,
            b"a=b%20c&d=e%26f",
        ),
        (
            "POST",
            "/k4",
            &["-d", "@-"],
            b"a=b\n&c=d\n",
            form,
            b"a=b&c=d",
        ),
        (
            "POST",
            "/k5",
            &["--data-urlencode", "a=b&c"],
            b"",
            form,
            b"a=b%26c",
        ),
        (
            "POST",
            "/k6",
            &["--json", "{\"a\": 1}"],
            b"",
            "application/json",
            b"{\"a\": 1}",
        ),
        (
            "POST",
            "/k7",
            &["a=b", "c:=[1]"],
            b"",
            "application/json",
            b"{\"a\":\"b\",\"c\":[1]}",
        ),
        (
            "PATCH",
            "/k8",
            &["--data-raw", "@x", "-H", json],
            b"",
            "application/json",
            b"@x",
        ),
        (
            "PUT",
            "/k9",
            &["--data-binary", &at(small), "-H", json],
            b"",
            "application/json",
            b"small\0file\n",
        ),
        ("PUT", "/k10", &["-T", small], b"", "", b"small\0file\n"),
        ("PUT", "/k11", &["-T", large], b"", "", &large_body),
        (
            "PUT",
            "/k12",
            &["-T", "-"],
            b"from standard input",
            "",
            b"from standard input",
        ),
        ("DELETE", "/k13", &["a==b c"], b"", "", b""),
    ];
    for (method, path, arguments, input, content_type, body) in cases {
        let seen = sent(method, path, arguments, input);
        assert_eq!(seen.method, *method, "{path}");
        let kind = seen.headers.get("content-type");
        assert_eq!(
            kind.map_or("", |kind| kind.to_str().unwrap()),
            *content_type
        );
        assert!(seen.body == *body, "{path}");
        // What is no form is hashed, however large; but not what flows by.
        let is_hashed = !body.is_empty() && *content_type != form && *path != "/k12";
        assert_eq!(
            signed_parameter(&seen, "oauth_body_hash").is_some(),
            is_hashed,
            "{path}"
        );
    }

    let parts = sent(
        "POST",
        "/parts",
        &[
            "-F",
            "a=b",
            "-F",
            &format!("f=@{small};type=image/png"),
            "--form-string",
            "g=@h",
        ],
        b"",
    );
    let body = String::from_utf8(parts.body.clone()).unwrap();
    for part in [
        "Content-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n",
        "name=\"f\"; filename=\"small\"\r\nContent-Type: image/png\r\n\r\nsmall\0file\n\r\n",
        "name=\"g\"\r\n\r\n@h\r\n",
    ] {
        assert!(body.contains(part), "{body}");
    }
    assert!(signed_parameter(&parts, "oauth_body_hash").is_some());
}

#[test]
fn a_dry_run_is_a_command_of_curl_that_works() {
    let folder = folder("dry");
    let file = folder.join("a 'file'");
    fs::write(&file, vec![1; 2 * 1024 * 1024]).unwrap();
    let binary = folder.join("binary");
    fs::write(&binary, b"\0\xff'\"%s\\").unwrap();
    let cases: &[(&str, &[&str])] = &[
        ("/d1", &["a==it's $HOME"]),
        ("/d2", &["a=it's `x` $HOME", "b=\"!\""]),
        ("/d3", &["--json", "{\"a\": \"it's\"}"]),
        ("/d4", &["-T", file.to_str().unwrap()]),
        ("/d5", &["-T", binary.to_str().unwrap()]),
        (
            "/d6",
            &["-F", "a=b", "-F", &format!("f=@{}", binary.display())],
        ),
        ("/d7", &["a=b", "--transmission", "form"]),
        ("/d8", &["--transmission", "query"]),
        ("/d9", &["X-A:it's"]),
    ];
    for (path, arguments) in cases {
        let url = format!("{}{path}", origin());
        let output = run(&[&["request", &url, "--dry-run"], *arguments].concat(), b"");
        assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
        assert_eq!(seen(path).len(), 0);
        let curl = Command::new("sh")
            .args(["-c", &stdout(&output).replace("curl ", "curl --silent ")])
            .output()
            .unwrap();
        assert_eq!(stdout(&curl), "here you are", "{}", stdout(&output));
        let seen = seen(path);
        assert!(matches!(seen[0].verdict, Verdict::Verified(_)), "{path}");
    }
    let stamp = ["--nonce", "n", "--timestamp", "1"];
    let output = run(
        &[&["GET", "http://a.example/", "--dry-run"], &stamp[..]].concat(),
        b"",
    );
    assert!(stdout(&output).contains("oauth_timestamp=\"1\", oauth_nonce=\"n\""));
}

#[test]
fn command_lines_that_mean_nothing_are_told() {
    for (arguments, message) in [
        (&["GET"][..], "<URL>"),
        (&["GET", "a.example"], "absolute"),
        (&["GET", "ftp://a.example/"], "https://"),
        (&["GET", "http://u:p@a.example/"], "user name"),
        (
            &["GET", "http://a.example/", "-H", "Authorization: x"],
            "Authorization",
        ),
        (
            &["GET", "http://a.example/", "-H", "nothing"],
            "Name: value",
        ),
        (
            &["POST", "http://a.example/", "--data-raw", "x"],
            "Content-Type",
        ),
        (
            &["POST", "http://a.example/", "-d", "x", "--json", "1"],
            "two bodies",
        ),
        (&["POST", "http://a.example/", "nothing"], "name=value"),
        (&["GET", "http://a.example/", "--nonce", "n"], "--dry-run"),
        (
            &[
                "PUT",
                "http://a.example/",
                "-T",
                "-",
                "--body-hash",
                "always",
            ],
            "--data-binary @-",
        ),
    ] {
        let output = run(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(message),
            "{arguments:?} {}",
            stderr(&output)
        );
    }
}
