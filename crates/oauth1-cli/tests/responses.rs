//! What `oauth1 request` makes of a server's answers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, process::Command};

use oauth1_adapters::Place;

use crate::{
    sending::{SECRETS, SERVER, command, origin, run, seen},
    serving::folder,
    support::{stderr, stdout},
};

#[path = "support/sending.rs"]
mod sending;
#[path = "support/serving.rs"]
mod serving;
mod support;

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
