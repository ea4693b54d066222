//! `oauth1 explain`, for people.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, process::Output};

use serde_json::json;

use crate::{
    people::{CLIENT, CLIENT_SECRET, TOKEN_SECRET, complaint, file, run},
    support::{oauth1, run_with_input, sign, stderr, stdout, vectors},
};

#[path = "support/people.rs"]
mod people;
mod support;

const SEARCH: &str = "https://api.example.com/search?startIndex=0";
/// Signed without the query.
const HEADER: &str = "Authorization: OAuth realm=\"x\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
    oauth_nonce=\"chapoH\", oauth_timestamp=\"137131202\", oauth_signature_method=\"HMAC-SHA1\", \
    oauth_signature=\"918%2B92e71X9v9BUDXkXp%2ByB0YnI%3D\"";

fn explained(output: &Output) -> String {
    assert_eq!((stderr(output), output.status.code()), ("", Some(0)));
    let text = stdout(output).to_owned();
    assert!(
        !text.contains(CLIENT_SECRET) && !text.contains(TOKEN_SECRET),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "no terminal, no colour: {text}");
    assert!(
        text.contains("Cause\n  query-omitted\n    The other side leaves"),
        "{text}"
    );
    assert!(text.contains("> ours    startIndex = 0"), "{text}");
    assert!(
        text.contains("First difference: byte 171, parameter startIndex\n"),
        "{text}"
    );
    text
}

#[test]
fn requests_are_taken_as_people_have_them() {
    let secret = ["--client-secret", CLIENT_SECRET];
    let explain = |arguments: &[&str], input: &str| {
        let arguments = [&["explain"][..], arguments, &secret].concat();
        explained(&run_with_input(oauth1(&arguments), input.as_bytes()))
    };
    let texts = [
        explain(&["-X", "POST", SEARCH, "-H", HEADER], ""),
        explain(
            &["-X", "POST", SEARCH, "-H", &HEADER.replace(", ", ",\n   ")],
            "",
        ),
        explain(
            &["-X", "POST", SEARCH, "--header-file", "-"],
            &format!("{HEADER}\n"),
        ),
        explain(
            &[
                "--curl",
                &format!("curl -X POST '{SEARCH}' \\\n -H '{HEADER}'"),
            ],
            "",
        ),
        explain(
            &["--curl", "-"],
            &format!("curl -X POST '{SEARCH}' -H '{HEADER}'\n"),
        ),
        explain(
            &["--http", "-"],
            &format!(
                "POST /search?startIndex=0 HTTP/1.1\r\nHost: api.example.com\r\n{HEADER}\r\n\r\n"
            ),
        ),
        explain(
            &["--har", "-"],
            &json!({"log": {"entries": [{"request": {"method": "POST", "url": SEARCH, "headers": [
                {"name": "Authorization", "value": HEADER.split_once(": ").unwrap().1}]}}]}})
            .to_string(),
        ),
        explain(
            &[
                "-X",
                "POST",
                SEARCH,
                "--client-key",
                "dpf43f3p2l4k3l03",
                "--timestamp",
                "137131202",
                "--nonce",
                "chapoH",
                "--expected-signature",
                "918+92e71X9v9BUDXkXp+yB0YnI=",
            ],
            "",
        ),
        explain(
            &[
                "-X",
                "POST",
                &format!(
                    "{SEARCH}&oauth_consumer_key=dpf43f3p2l4k3l03&oauth_nonce=chapoH&\
                    oauth_timestamp=137131202&oauth_signature_method=HMAC-SHA1&\
                    oauth_signature=918%2B92e71X9v9BUDXkXp%2ByB0YnI%3D"
                ),
            ],
            "",
        ),
    ];
    for text in &texts {
        assert_eq!(text.split("Cause").next(), texts[0].split("Cause").next());
    }
}

#[test]
fn a_base_string_needs_no_secret_and_a_match_says_so() {
    let line = sign(json!({}));
    let theirs = line["base_string"].as_str().unwrap();
    let url = "http://photos.example.net/photos?file=vacation.jpg&size=original";
    let stamp = ["--timestamp", "137131202", "--nonce", "chapoH"];
    let explain = |theirs: &str| {
        let arguments = [
            &["explain", url, "--expected-base-string", "-"][..],
            &CLIENT,
            &stamp,
        ];
        run_with_input(oauth1(&arguments.concat()), theirs.as_bytes())
    };
    let output = explain(&format!("{theirs}\n"));
    assert_eq!(stdout(&output), "it matches: both sides have the same\n");
    assert_eq!(output.status.code(), Some(0));

    let output = explain(&theirs.replace("http%3A", "https%3A"));
    let text = stdout(&output);
    assert!(text.contains("Cause\n  scheme-https\n"), "{text}");
    assert!(
        text.contains("First difference: byte 8, the URI\n"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(0));

    let output = explain(&theirs.replace("chapoH", "other"));
    let text = stdout(&output);
    assert!(
        text.contains("Not explained\n") && text.contains("candidates tried"),
        "{text}"
    );
    assert!(text.contains("theirs  oauth_nonce = other"), "{text}");
    assert_eq!((stderr(&output), output.status.code()), ("", Some(1)));

    // With a control character in it, no cursor moves.
    let output = explain("GET&\u{1b}[2J&a%3D%1B");
    assert!(!stdout(&output).contains('\u{1b}'));
}

#[test]
fn a_signature_that_nothing_explains_tells_what_is_likely() {
    let wrong = HEADER.replace("918", "919");
    let output = run(&[&["explain", "-X", "POST", SEARCH, "-H", &wrong]]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("A wrong secret is most likely"), "{text}");
    assert!(
        text.contains("all sets of up to three known deviations"),
        "{text}"
    );
    assert!(
        !text.contains(CLIENT_SECRET) && !text.contains(TOKEN_SECRET),
        "{text}"
    );
}

#[test]
fn command_lines_that_are_wrong_say_what_to_do() {
    let broken = file("explaining", "broken.har", b"{}");
    let broken = broken.to_str().unwrap();
    for (status, arguments, message) in [
        (2, &["explain"][..], "which request? Give its URL"),
        (2, &["explain", SEARCH], "which nonce and timestamp"),
        (
            2,
            &[
                "explain",
                SEARCH,
                "--client-key",
                "c",
                "--nonce",
                "n",
                "--timestamp",
                "1",
            ],
            "what does the other side have?",
        ),
        (
            2,
            &["explain", SEARCH, "--curl", "curl x"],
            "cannot be used with",
        ),
        (
            1,
            &["explain", "--curl", "curl https://a.example/"],
            "the request is not signed",
        ),
        (1, &["explain", "--har", broken], "no HAR archive"),
        (
            1,
            &["explain", SEARCH, "-H", "Authorization: OAuth a=b"],
            "cannot be read",
        ),
        (
            1,
            &["explain", SEARCH, "-H", "Authorization: Basic a"],
            "scheme is not OAuth",
        ),
    ] {
        let text = complaint(status, &[arguments]);
        assert!(text.contains(message), "{arguments:?}: {text}");
        assert!(!text.contains(CLIENT_SECRET), "{text}");
    }
    let output = oauth1(&["explain", SEARCH, "-H", HEADER]).output().unwrap();
    assert!(
        stderr(&output).contains("what is the client's secret?"),
        "{}",
        stderr(&output)
    );
    assert_eq!(output.status.code(), Some(2));
}

/// What the guide shows is what the command prints.
#[test]
fn the_guide_shows_what_is_printed() {
    let path = vectors().join("../../docs/guides/invalid-signature.md");
    let guide = fs::read_to_string(path).unwrap();
    let (_, request) = guide.split_once("```http\n").unwrap();
    let (request, _) = request.split_once("```").unwrap();
    let request = file("explaining", "request.txt", request.as_bytes());
    let http = ["explain", "--http", request.to_str().unwrap()];
    let found = run(&[&http]);
    let wrong = oauth1(&http)
        .env("OAUTH1_CLIENT_SECRET", CLIENT_SECRET)
        .env("OAUTH1_TOKEN_SECRET", "other")
        .output()
        .unwrap();
    let theirs = "GET&https%3A%2F%2Fapi.example.com%2Fsearch&oauth_consumer_key%3Dkey%26\
        oauth_nonce%3Dn%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1329900000%26\
        tag%3Da";
    let of_base_string = run(&[&[
        "explain",
        "https://api.example.com/search?tag=b&tag=a",
        "--client-key",
        "key",
        "--nonce",
        "n",
        "--timestamp",
        "1329900000",
        "--expected-base-string",
        theirs,
    ]]);
    for output in [found, wrong, of_base_string] {
        let text = stdout(&output).trim_end();
        assert!(text.contains("candidates tried"), "{}", stderr(&output));
        assert!(guide.contains(text), "the guide lacks:\n{text}");
    }
}
