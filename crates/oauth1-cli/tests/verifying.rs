//! The other commands as people use them: options, what is printed, how they end.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use crate::{
    people::{CLIENT, CLIENT_SECRET, HEADER, STAMP, URL, complaint, file, printed, run},
    support::{PHOTOS_SIGNATURE, oauth1, run_with_input, stderr, stdout},
};

#[path = "support/people.rs"]
mod people;
mod support;

#[test]
fn base_string_needs_no_secret() {
    let output = oauth1(&[&["base-string", URL][..], &CLIENT, &STAMP].concat())
        .output()
        .unwrap();
    assert!(stdout(&output).starts_with("GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3D"));
    assert_eq!(stdout(&output).lines().count(), 1);
    let verbose = oauth1(&[&["base-string", URL, "-v"][..], &CLIENT, &STAMP].concat())
        .output()
        .unwrap();
    assert!(stdout(&verbose).contains(stdout(&output).trim()));
    assert!(stdout(&verbose).contains("protocol  oauth_token"));
}

#[test]
fn verify_says_accepted_or_refused_why_and_what_to_do() {
    let at = ["--now", "137131300"];
    let header = ["-H", HEADER.trim()];
    let accepted = printed(&[&["verify", URL], &CLIENT, &at, &header]);
    assert!(accepted.starts_with("accepted\n"), "{accepted}");
    for part in [
        "dpf43f3p2l4k3l03",
        "nnch734d00sl2jdk",
        "HMAC-SHA1",
        "137131202",
        "chapoH",
    ] {
        assert!(accepted.contains(part), "{accepted}");
    }
    let refused = |arguments: &[&[&str]]| {
        let output = run(arguments);
        assert_eq!(
            (stderr(&output), output.status.code()),
            ("", Some(1)),
            "{arguments:?}"
        );
        stdout(&output).to_owned()
    };
    let verify = ["verify", URL];
    for (more, code, hint) in [
        (
            &["-X", "POST"][..],
            "signature_invalid",
            "compare both secrets",
        ),
        (
            &["--seen", "chapoH"],
            "nonce_replayed",
            "sign each request anew",
        ),
        (&["--window", "10"], "timestamp_refused", "clock"),
        (
            &["--allow", "hmac-sha256,RSA-SHA1"],
            "unsupported_signature_method",
            "--allow",
        ),
        (
            &["--require-body-hash", "--data-raw", "{}"],
            "body_hash_missing",
            "body-hash",
        ),
        (
            &["-H", "Authorization: OAuth"],
            "malformed",
            "one Authorization header",
        ),
    ] {
        let text = refused(&[&verify, &CLIENT, &at, &header, more]);
        assert!(text.starts_with(&format!("refused: {code}\n")), "{text}");
        assert!(
            text.contains(hint) && text.contains("WWW-Authenticate: OAuth realm="),
            "{text}"
        );
    }
    let absent = refused(&[&verify, &CLIENT]);
    assert!(absent.starts_with("refused: absent\n"), "{absent}");

    let verbose = refused(&[&verify, &CLIENT, &at, &header, &["-v", "-X", "POST"]]);
    assert!(
        verbose.contains("POST&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3D"),
        "{verbose}"
    );
    assert!(verbose.contains(PHOTOS_SIGNATURE), "{verbose}");
    let headers = file(
        "headers",
        "headers",
        format!("Host: a\r\n{HEADER}\n").as_bytes(),
    );
    let path = headers.to_str().unwrap();
    assert_eq!(
        printed(&[&verify, &CLIENT, &at, &["--header-file", path]]),
        accepted
    );
}

#[test]
fn verify_shows_no_secret_that_plaintext_sends() {
    let sign = ["sign", "https://a.example/", "-m", "PLAINTEXT"];
    let header = printed(&[&sign, &CLIENT]);
    for secret in [CLIENT_SECRET, "another"] {
        let verify = ["verify", "https://a.example/", "-v", "-H", header.trim()];
        let output = run(&[&verify, &CLIENT, &["--client-secret", secret]]);
        assert!(
            !stdout(&output).contains(CLIENT_SECRET),
            "{}",
            stdout(&output)
        );
        assert!(stdout(&output).contains("the secrets themselves"));
    }
    let parsed = printed(&[&["parse", header.trim()]]);
    assert!(
        !parsed.contains(CLIENT_SECRET) && parsed.contains("not shown"),
        "{parsed}"
    );
}

#[test]
fn parse_prints_a_table_that_moves_no_cursor() {
    let header = "Authorization: OAuth realm=\"a\\\"b\", x=\"%1B%5B2J\", long_name=\"%FF\u{e9}\"";
    let expected = "  scheme  OAuth\n  realm   a\"b\n\nParameters\n  x          \\u{1b}[2J\n  \
                    long_name  \\xff\u{e9}\n";
    assert_eq!(printed(&[&["parse", header]]), expected);
    let output = run_with_input(oauth1(&["parse", "-"]), header.as_bytes());
    assert_eq!(stdout(&output), expected);
    assert_eq!(
        printed(&[&["parse", "--query", "b=1+2&a"]]),
        "Parameters\n  b  1 2\n  a\n"
    );
    assert!(complaint(1, &[&["parse", "Basic QTpC"]]).contains("scheme OAuth"));
    assert!(complaint(1, &[&["parse", "--form", "a=%"]]).contains("two hexadecimal digits"));
}

#[test]
fn body_hash_streams_a_file_or_standard_input() {
    let output = run_with_input(oauth1(&["body-hash", "-"]), b"Hello World!");
    assert_eq!(stdout(&output), "Lve95gjOVATpfV8EL5X4nxwjKHE=\n");
    let empty = file("hash", "empty", b"");
    let empty = printed(&[&["body-hash", empty.to_str().unwrap(), "--digest", "sha-256"]]);
    assert_eq!(empty, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    let large = run_with_input(
        oauth1(&["body-hash", "-", "--digest", "SHA1"]),
        &vec![b'a'; 1_000_000],
    );
    assert_eq!(stdout(&large), "NKqXPNTE2qT2Husr260nMWU0AW8=\n");
    assert!(complaint(1, &[&["body-hash", "no/such"]]).contains("no/such: "));
}

#[test]
fn there_is_colour_for_a_terminal_alone() {
    let verify = oauth1(&["verify", URL, "-k", "c", "--client-secret", "s"])
        .output()
        .unwrap();
    assert!(!stdout(&verify).contains('\u{1b}'));
    let mut forced = oauth1(&["verify", URL, "-k", "c", "--client-secret", "s"]);
    let forced = forced
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(
        stdout(&forced).starts_with("\u{1b}["),
        "{}",
        stdout(&forced)
    );
}
