//! `oauth1 request` against a server that verifies.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{
    fs,
    process::{Command, Output},
    sync::LazyLock,
};

use oauth1_adapters::{Place, Seen, Server, Verdict};

use crate::{
    serving::folder,
    support::{oauth1, run_with_input, stderr, stdout},
};

#[path = "support/serving.rs"]
mod serving;
mod support;

/// Each test has paths of its own in it: the log is shared.
static SERVER: LazyLock<(Server, std::sync::Mutex<Vec<Seen>>)> =
    LazyLock::new(|| (Server::start().unwrap(), std::sync::Mutex::default()));

const SECRETS: [&str; 2] = ["client secret%&\u{e9}", "token secret~"];

fn origin() -> &'static str {
    SERVER.0.origin(Place::Main)
}

/// What the server has seen whose path starts so.
fn seen(path: &str) -> Vec<Seen> {
    let mut log = SERVER.1.lock().unwrap();
    log.extend(SERVER.0.take_log());
    let (ours, others) = log.drain(..).partition(|seen| seen.path.starts_with(path));
    *log = others;
    ours
}

fn command(arguments: &[&str]) -> Command {
    let mut command = oauth1(arguments);
    command
        .env("OAUTH1_CLIENT_KEY", "client & co")
        .env("OAUTH1_CLIENT_SECRET", SECRETS[0])
        .env("OAUTH1_TOKEN", "token/1+2")
        .env("OAUTH1_TOKEN_SECRET", SECRETS[1]);
    command
}

fn assert_no_secret(output: &Output) {
    for secret in SECRETS {
        assert!(!stdout(output).contains(secret), "{}", stdout(output));
        assert!(!stderr(output).contains(secret), "{}", stderr(output));
    }
}

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let output = run_with_input(command(arguments), input);
    assert_no_secret(&output);
    output
}

/// Sends, and gives the only request that came.
fn sent(method: &str, path: &str, arguments: &[&str], input: &[u8]) -> Seen {
    let url = format!("{}{path}", origin());
    let output = run(&[&[method, &url], arguments].concat(), input);
    assert_eq!(
        (stdout(&output), stderr(&output), output.status.code()),
        ("here you are", "", Some(0)),
        "{arguments:?}"
    );
    let mut seen = seen(path);
    assert_eq!(seen.len(), 1);
    let seen = seen.remove(0);
    assert!(
        matches!(seen.verdict, Verdict::Verified(_)),
        "{:?}",
        seen.verdict
    );
    seen
}

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
fn the_response_goes_where_it_is_told_to() {
    let folder = folder("output");
    let file = folder.join("response");
    let url = format!("{}/output", origin());
    let output = run(&["GET", &url, "-o", file.to_str().unwrap()], b"");
    assert_eq!((stdout(&output), stderr(&output)), ("", ""));
    assert_eq!(fs::read_to_string(&file).unwrap(), "here you are");
    let output = run(&["GET", &url, "-i"], b"");
    assert!(
        stdout(&output).starts_with("HTTP/1.1 200 OK\n"),
        "{}",
        stdout(&output)
    );
    assert!(stdout(&output).ends_with("\n\nhere you are"));
    let output = run(&["POST", &url, "-v", "a=b"], b"");
    let told = stderr(&output);
    assert!(
        told.contains("* base string: POST&http%3A%2F%2F127.0.0.1%3A"),
        "{told}"
    );
    assert!(told.contains("> POST /output HTTP/1.1\n"), "{told}");
    assert!(
        told.contains("> authorization: OAuth oauth_consumer_key="),
        "{told}"
    );
    assert!(told.contains("< HTTP/1.1 200 OK\n"), "{told}");
    // Under PLAINTEXT the signature is the secrets.
    let output = run(
        &[
            "GET",
            &url,
            "-v",
            "-m",
            "PLAINTEXT",
            "--plaintext-without-tls",
        ],
        b"",
    );
    assert!(stderr(&output).contains("not shown"), "{}", stderr(&output));
    assert!(
        !stderr(&output).contains("client%2520secret"),
        "{}",
        stderr(&output)
    );
    let output = run(&["GET", &url, "-m", "PLAINTEXT"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("PLAINTEXT"), "{}", stderr(&output));
}

#[test]
fn refusals_are_explained_and_the_status_says_so() {
    let url = format!("{}/refused", origin());
    let wrong = |arguments: &[&str]| {
        let mut command = command(&[&["GET", url.as_str()], arguments].concat());
        command.env("OAUTH1_TOKEN_SECRET", "wrong");
        command.output().unwrap()
    };
    let output = wrong(&[]);
    assert_eq!(output.status.code(), Some(4));
    let told = stderr(&output);
    assert!(
        told.contains("refused: signature_invalid (401 Unauthorized)"),
        "{told}"
    );
    assert!(told.contains("check both secrets"), "{told}");
    // What is suggested is a command that can be run.
    let at = told.find("oauth1 explain").unwrap();
    let suggested = told[at..].replace("'WHAT THE SERVER HAS SIGNED'", "'GET&x&y'");
    let output = Command::new("sh")
        .args(["-c", &suggested.replacen("oauth1", support::BINARY, 1)])
        .env("OAUTH1_CLIENT_SECRET", SECRETS[0])
        .env("OAUTH1_TOKEN_SECRET", "wrong")
        .output()
        .unwrap();
    // It finds that the signature, with the wrong secret, is none that these secrets make.
    let told = stdout(&output);
    assert!(
        told.contains("> ours    http://127.0.0.1"),
        "{told}{}",
        stderr(&output)
    );

    let output = wrong(&["--fail"]);
    assert_eq!((stdout(&output), output.status.code()), ("", Some(22)));
    let output = wrong(&["--silent"]);
    assert_eq!((stderr(&output), output.status.code()), ("", Some(4)));

    let output = run(&["GET", "http://127.0.0.1:9/"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("no response"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn redirects_and_clocks_are_seen_to() {
    let path = |path: &str| format!("{}{path}", origin());
    let output = run(&["GET", &path("/redirect/302/same/r1")], b"");
    assert_eq!(
        (stdout(&output), output.status.code()),
        ("here you are", Some(0))
    );
    let output = run(
        &[
            "GET",
            &path("/redirect/302/same/r2"),
            "--max-redirects",
            "0",
        ],
        b"",
    );
    assert_eq!(output.status.code(), Some(3));
    let output = run(&["GET", &path("/redirect/302/loop")], b"");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("--max-redirects"),
        "{}",
        stderr(&output)
    );
    let output = run(&["GET", &path("/redirect/302/other/r3")], b"");
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    let other = SERVER.0.origin(Place::Other);
    assert!(
        told.contains("--follow-unsigned") && told.contains(other),
        "{told}"
    );
    let output = run(
        &["GET", &path("/redirect/302/other/r4"), "--follow-unsigned"],
        b"",
    );
    assert_eq!(
        (stdout(&output), output.status.code()),
        ("here you are", Some(0))
    );
    assert!(seen("/r4").iter().all(|seen| !seen.has_credentials));

    let output = run(&["GET", &path("/skewed-date/1")], b"");
    assert_eq!(output.status.code(), Some(4));
    let output = run(&["GET", &path("/skewed-range/2")], b"");
    assert!(
        stderr(&output).contains("--clock-correction"),
        "{}",
        stderr(&output)
    );
    let output = run(&["GET", &path("/skewed-date/3"), "--clock-correction"], b"");
    assert_eq!(
        (stdout(&output), output.status.code()),
        ("here you are", Some(0))
    );
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
