//! `oauth1 provider`, `authorize` and `proxy`, with one another, and with curl for a browser.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::{
    serving::{Serving, curl, decide, folder, raw},
    support::{oauth1, run_with_input, stderr, stdout},
};

#[path = "support/serving.rs"]
mod serving;
mod support;

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = oauth1(arguments);
    command.env("OAUTH1_CONFIG_DIR", folder).current_dir(folder);
    command
}

fn provider(folder: &Path) -> Serving {
    Serving::start(command(
        folder,
        &["provider", "serve", "--listen", "127.0.0.1:0"],
    ))
}

/// The secrets that a profile holds.
fn secrets(folder: &Path) -> Vec<String> {
    let file = folder.join("profiles/development.json");
    let stored: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    let secret = |name: &str| stored[name].as_str().map(str::to_owned);
    ["client_secret", "token_secret"]
        .iter()
        .filter_map(|name| secret(name))
        .collect()
}

/// Starts to authorize, and gives the page's address.
fn authorize(
    folder: &Path,
    arguments: &[&str],
) -> (Child, BufReader<std::process::ChildStderr>, String) {
    let all = [
        &["authorize", "-p", "development", "--no-browser"],
        arguments,
    ]
    .concat();
    let mut command = command(folder, &all);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    told.read_line(&mut line).unwrap();
    line.clear();
    told.read_line(&mut line).unwrap();
    let url = line.trim().to_owned();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    (child, told, url)
}

fn ended(child: Child, mut told: BufReader<std::process::ChildStderr>) -> (Option<i32>, String) {
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    rest.push_str(stdout(&output));
    (output.status.code(), rest)
}

/// Gets a token for the profile.
fn authorized(folder: &Path) {
    let (child, told, url) = authorize(folder, &[]);
    let back = decide(&url, "approve", folder).unwrap();
    assert!(curl(&[&back]).contains("Access is allowed"));
    let (status, told) = ended(child, told);
    assert_eq!(status, Some(0), "{told}");
    for secret in secrets(folder) {
        assert!(!told.contains(&secret), "{told}");
    }
    assert!(told.contains("token secret"), "{told}");
}

fn me(folder: &Path, url: &str) -> Value {
    let output = command(folder, &["GET", url, "-p", "development"])
        .output()
        .unwrap();
    assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_token_is_got_with_a_callback_and_used() {
    let folder = folder("callback");
    let provider = provider(&folder);
    let (child, told, url) = authorize(&folder, &[]);
    let back = decide(&url, "approve", &folder).unwrap();
    // What is none of this flow's does not end the waiting.
    let (listener, query) = back.split_once("/callback?").unwrap();
    assert!(raw(listener, "GET /favicon.ico HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 404"));
    let other = "/callback?oauth_token=another&oauth_verifier=v";
    for request in [
        format!("GET {other} HTTP/1.0\r\n\r\n"),
        "GET /callback HTTP/1.0\r\n\r\n".to_owned(),
    ] {
        assert!(
            raw(listener, &request).starts_with("HTTP/1.0 400"),
            "{request}"
        );
    }
    let post = format!("POST /callback?{query} HTTP/1.0\r\n\r\n");
    assert!(raw(listener, &post).starts_with("HTTP/1.0 405"));
    let page = raw(listener, &format!("GET /callback?{query} HTTP/1.0\r\n\r\n"));
    assert!(page.contains("You can close this window"), "{page}");
    let (status, told) = ended(child, told);
    assert_eq!(status, Some(0), "{told}");
    for secret in secrets(&folder) {
        assert!(!told.contains(&secret), "{told}");
    }

    let me = me(&folder, &format!("{}/me", provider.origin));
    assert_eq!(me["owner"], "developer", "{me}");
    // A wrong secret is explained in the log and on the page.
    let mut wrong = command(
        &folder,
        &["POST", &format!("{}/x", provider.origin), "a=<b>"],
    );
    let stored = fs::read_to_string(folder.join("profiles/development.json")).unwrap();
    let stored: Value = serde_json::from_str(&stored).unwrap();
    wrong
        .env("OAUTH1_CLIENT_KEY", stored["client_key"].as_str().unwrap())
        .env(
            "OAUTH1_CLIENT_SECRET",
            format!("{}\n", stored["client_secret"].as_str().unwrap()),
        );
    assert_eq!(wrong.output().unwrap().status.code(), Some(4));
    let page = curl(&[&provider.origin]);
    assert!(page.contains("secret-has-whitespace"), "{page}");
    let (status, log) = provider.end("-TERM");
    assert_eq!(status, Some(0));
    assert!(log.contains("secret-has-whitespace"), "{log}");
    for secret in secrets(&folder) {
        assert!(!log.contains(&secret) && !page.contains(&secret));
    }
}

#[test]
fn a_token_is_got_with_a_verifier_that_is_typed_in() {
    let folder = folder("typed");
    let _provider = provider(&folder);
    let (mut child, told, url) = authorize(&folder, &["--oob"]);
    let jar = folder.join("cookies");
    let jar = jar.to_str().unwrap();
    let page = curl(&["-L", "-c", jar, "-b", jar, &url]);
    let mut arguments = vec![
        "-b".to_owned(),
        jar.to_owned(),
        "-d".to_owned(),
        "decision=approve".to_owned(),
    ];
    for input in page.split("<input").skip(1) {
        let value = |name: &str| {
            input
                .split_once(&format!("{name}=\""))
                .map(|(_, rest)| rest.split('"').next().unwrap())
        };
        if let (Some(name), Some(value)) = (value("name"), value("value")) {
            arguments.extend(["--data-urlencode".to_owned(), format!("{name}={value}")]);
        }
    }
    arguments.push(url.split('?').next().unwrap().to_owned());
    let page = curl(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let (_, rest) = page
        .split_once("class=\"verifier\">")
        .unwrap_or_else(|| panic!("{page}"));
    let verifier = rest.split('<').next().unwrap().to_owned();
    let mut stdin = child.stdin.take().unwrap();
    write!(stdin, "\n {verifier} \n").unwrap();
    drop(stdin);
    let (status, told) = ended(child, told);
    assert_eq!(status, Some(0), "{told}");
    assert!(told.contains("allowed"), "{told}");
}

#[test]
fn a_denial_an_end_and_a_wrong_command_line_keep_nothing() {
    let folder = folder("denied");
    let _provider = provider(&folder);
    let before = fs::read(folder.join("profiles/development.json")).unwrap();
    let (child, told, url) = authorize(&folder, &[]);
    let back = decide(&url, "deny", &folder).unwrap();
    assert!(curl(&[&back]).contains("not allowed"));
    let (status, told) = ended(child, told);
    assert_eq!(status, Some(1), "{told}");
    assert!(told.contains("did not authorize"), "{told}");

    let (child, told, _) = authorize(&folder, &[]);
    let process = child.id().to_string();
    // Whoever shows the page listens to signals already.
    assert!(
        Command::new("kill")
            .args(["-INT", &process])
            .status()
            .unwrap()
            .success()
    );
    let (status, told) = ended(child, told);
    assert_eq!(status, Some(130), "{told}");

    for (arguments, message) in [
        (&["-k", "c", "--client-secret", "s"][..], "--save"),
        (
            &["-k", "c", "--client-secret", "s", "--save", "n"],
            "--temporary-url",
        ),
        (
            &[
                "-p",
                "magento",
                "--place",
                "https://a.example",
                "-k",
                "c",
                "--client-secret",
                "s",
                "--save",
                "n",
            ],
            "activates",
        ),
        (&["-p", "discogs", "--save", "n"], "OAUTH1_CLIENT_SECRET"),
    ] {
        let all = [&["authorize"], arguments].concat();
        let output = run_with_input(command(&folder, &all), b"");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            stderr(&output).contains(message),
            "{arguments:?} {}",
            stderr(&output)
        );
    }
    assert_eq!(
        fs::read(folder.join("profiles/development.json")).unwrap(),
        before
    );
}

#[test]
fn curl_calls_an_api_through_the_proxy() {
    let folder = folder("proxy");
    let provider = provider(&folder);
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
    let provider = provider(&folder);
    authorized(&folder);
    // A service that shows the head of what it gets.
    let service = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let behind = format!("http://{}", service.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in service.incoming() {
            let mut stream = stream.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            let length = head.len();
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
            stream.write_all(&head).unwrap();
        }
    });
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
    let stored: Value =
        serde_json::from_slice(&fs::read(folder.join("profiles/development.json")).unwrap())
            .unwrap();
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

#[test]
fn clients_of_a_store_are_managed() {
    let folder = folder("clients");
    let client = |arguments: &[&str]| {
        let all = [
            &["provider", "client"],
            arguments,
            &["--store", "s.sqlite3"],
        ]
        .concat();
        let output = command(&folder, &all).output().unwrap();
        (
            output.status.code(),
            format!("{}{}", stdout(&output), stderr(&output)),
        )
    };
    let (status, told) = client(&[
        "create",
        "Printer",
        "--callback",
        "https://a.example/",
        "--secret-file",
        "first",
    ]);
    assert_eq!(status, Some(0), "{told}");
    let identifier = told.split_ascii_whitespace().nth(1).unwrap().to_owned();
    let first = fs::read_to_string(folder.join("first")).unwrap();
    assert!(!told.contains(first.trim()), "{told}");
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(folder.join("first"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let (_, list) = client(&["list"]);
    assert!(
        list.contains(&identifier) && list.contains("Printer"),
        "{list}"
    );
    let (status, told) = client(&["rotate", &identifier, "--show-secret"]);
    assert_eq!(status, Some(0));
    assert!(
        !told.contains(first.trim()) && told.contains("secret"),
        "{told}"
    );
    assert_eq!(client(&["rotate", &identifier]).0, Some(2));
    assert_eq!(client(&["revoke", &identifier]).0, Some(0));
    assert!(client(&["list"]).1.contains("revoked"));
    assert_eq!(client(&["revoke", "nobody"]).0, Some(1));
    assert_eq!(client(&["create", "", "--show-secret"]).0, Some(1));
}
