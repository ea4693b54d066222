//! `oauth1 sign` as people use it: options, what is printed, how it ends.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use crate::{
    people::{CLIENT, CLIENT_SECRET, HEADER, STAMP, TOKEN_SECRET, URL, complaint, file, printed},
    support::{PHOTOS_SIGNATURE, oauth1, run_with_input, stderr, stdout, vectors},
};

#[path = "support/people.rs"]
mod people;
mod support;

fn key(name: &str) -> String {
    vectors()
        .join("keys")
        .join(name)
        .into_os_string()
        .into_string()
        .unwrap()
}

#[test]
fn sign_prints_the_header_and_nothing_else() {
    assert_eq!(printed(&[&["sign", URL], &CLIENT, &STAMP]), HEADER);
    let realm = printed(&[&["sign", URL], &CLIENT, &STAMP, &["--realm", "Photos"]]);
    assert!(
        realm.starts_with("Authorization: OAuth realm=\"Photos\", oauth_c"),
        "{realm}"
    );
}

#[test]
fn sign_prints_the_url_or_the_body_where_the_parameters_travel_there() {
    let query = printed(&[&["sign", URL, "--transmission", "query"], &CLIENT, &STAMP]);
    assert!(
        query.starts_with(&format!("{URL}&oauth_consumer_key=")),
        "{query}"
    );
    let form = [
        "sign",
        "https://a.example/",
        "--transmission",
        "form",
        "-d",
        "a=b",
    ];
    let form = printed(&[&form, &CLIENT, &STAMP]);
    assert!(form.starts_with("a=b&oauth_consumer_key="), "{form}");
}

#[test]
fn secrets_come_from_the_environment_files_standard_input_and_options() {
    let client = file(
        "secrets",
        "client",
        format!("{CLIENT_SECRET}\r\n").as_bytes(),
    );
    let token = file("secrets", "token", TOKEN_SECRET.as_bytes());
    let (client, token) = (client.to_str().unwrap(), token.to_str().unwrap());
    for (files, input) in [
        (
            ["--client-secret-file", client, "--token-secret-file", token],
            String::new(),
        ),
        (
            ["--consumer-secret-file", "-", "--token-secret-file", token],
            CLIENT_SECRET.to_owned(),
        ),
        (
            ["--client-secret-file", client, "--token-secret-file", "-"],
            format!("{TOKEN_SECRET}\n"),
        ),
        (
            [
                "--client-secret",
                CLIENT_SECRET,
                "--token-secret",
                TOKEN_SECRET,
            ],
            String::new(),
        ),
    ] {
        // Options go before the environment.
        let mut command = oauth1(&[&["sign", URL][..], &CLIENT, &STAMP, &files].concat());
        command
            .env("OAUTH1_CLIENT_SECRET", "x")
            .env("OAUTH1_TOKEN_SECRET", "x");
        assert_eq!(
            stdout(&run_with_input(command, input.as_bytes())),
            HEADER,
            "{files:?}"
        );
    }
    let keys = oauth1(&[&["sign", URL][..], &STAMP].concat())
        .env("OAUTH1_CLIENT_KEY", "dpf43f3p2l4k3l03")
        .env("OAUTH1_CLIENT_SECRET", CLIENT_SECRET)
        .env("OAUTH1_TOKEN", "nnch734d00sl2jdk")
        .env("OAUTH1_TOKEN_SECRET", TOKEN_SECRET)
        .output()
        .unwrap();
    assert_eq!(stdout(&keys), HEADER);
    let both = complaint(
        2,
        &[
            &[
                "sign",
                URL,
                "--client-secret-file",
                "-",
                "--token-secret-file",
                "-",
            ],
            &CLIENT,
        ],
    );
    assert!(both.contains("cannot both read standard input"), "{both}");
}

#[test]
fn private_and_public_keys_come_from_files() {
    let sign = ["sign", "https://a.example/", "-k", "c", "-m", "rsa-sha256"];
    let (private, public) = (key("rsa2048.pem"), key("rsa2048.cert.pem"));
    let header = printed(&[&sign, &["--private-key-file", &private]]);
    let by_variable = oauth1(&sign)
        .env("OAUTH1_PRIVATE_KEY_FILE", &private)
        .output()
        .unwrap();
    assert_eq!(by_variable.status.code(), Some(0));
    let verify = [
        "verify",
        "https://a.example/",
        "-k",
        "c",
        "-H",
        header.trim(),
    ];
    let output = oauth1(&[&verify[..], &["--public-key-file", &public]].concat())
        .output()
        .unwrap();
    assert!(
        stdout(&output).starts_with("accepted\n"),
        "{}",
        stdout(&output)
    );

    assert!(complaint(2, &[&sign]).contains("--private-key-file"));
    let wrong = complaint(1, &[&sign, &["--private-key-file", &public]]);
    assert!(wrong.contains("certificate"), "{wrong}");
    let wrong = complaint(1, &[&verify, &["--public-key-file", &private]]);
    assert!(wrong.contains(&private), "{wrong}");
    assert!(complaint(1, &[&sign, &["--private-key-file", "no/such"]]).contains("no/such: "));
}

#[test]
fn verbose_shows_each_step_and_no_secret() {
    let form = ["-d", "c=%C3%A9+", "--data-urlencode", "d=x y", "-v"];
    let text = printed(&[&["sign", URL], &CLIENT, &STAMP, &form]);
    for part in [
        "POST",
        "http://photos.example.net/photos\n",
        "query     file",
        "form      c                       \u{e9}                 c=%C3%A9%20",
        "form      d                       x y               d=x%20y",
        "protocol  oauth_nonce",
        "  c=%C3%A9%20&d=x%20y&file=vacation.jpg&oauth_consumer_key=dpf43f3p2l4k3l03&oauth_nonce",
        "  POST&http%3A%2F%2Fphotos.example.net%2Fphotos&c%3D%25C3%25A9%2520%26d%3Dx%2520y%26file",
        "client secret (16 bytes) & token secret (16 bytes)",
        "Signature (HMAC-SHA1)",
        "\nAuthorization: OAuth oauth_consumer_key=",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains(CLIENT_SECRET) && !text.contains(TOKEN_SECRET));
    assert!(printed(&[&["sign", URL, "-v"], &CLIENT, &STAMP]).contains(PHOTOS_SIGNATURE));

    let plain = printed(&[
        &["sign", "https://a.example/", "-v", "-m", "PLAINTEXT"],
        &CLIENT,
    ]);
    let (before, header) = plain.split_once("Authorization: ").unwrap();
    // What is sent has to hold it, and nothing else does.
    assert!(!before.contains(CLIENT_SECRET) && header.contains(CLIENT_SECRET));
}

#[test]
fn bodies_are_given_as_curl_has_them() {
    let body = file("bodies", "body", b"{}");
    let raw = ["--data-raw", "{}", "-H", "Content-Type: application/json"];
    let from_file = [
        "--data-file",
        body.to_str().unwrap(),
        "-H",
        "content-type:application/json",
    ];
    let sign = ["sign", "https://a.example/"];
    let expected = printed(&[&sign, &CLIENT, &STAMP, &raw]);
    assert!(
        expected.contains("oauth_body_hash=\"vyGp6PvFo4RvsFtPoIWeCReyIC8%3D\""),
        "{expected}"
    );
    assert_eq!(printed(&[&sign, &CLIENT, &STAMP, &from_file]), expected);
    assert_eq!(
        printed(&[&sign, &CLIENT, &STAMP, &raw, &["-X", "post"]]),
        expected
    );
    assert_ne!(
        printed(&[&sign, &CLIENT, &STAMP, &raw, &["--method", "PUT"]]),
        expected
    );

    let unclear = complaint(2, &[&sign, &CLIENT, &["--data-raw", "{}"]]);
    assert!(unclear.contains("-H 'Content-Type: "), "{unclear}");
    complaint(2, &[&sign, &CLIENT, &["--data-raw", "{}", "-d", "a=b"]]);
    complaint(2, &[&sign, &CLIENT, &["-H", "no header"]]);
    complaint(2, &[&sign, &CLIENT, &["-H", "Authorization: OAuth"]]);
}

#[test]
fn what_is_missing_is_asked_for() {
    let bare = |arguments: &[&str]| {
        let output = oauth1(arguments).output().unwrap();
        assert_eq!(
            (stdout(&output), output.status.code()),
            ("", Some(2)),
            "{arguments:?}"
        );
        stderr(&output).to_owned()
    };
    assert!(bare(&["sign"]).contains("<URL>"));
    assert!(bare(&["sign", URL, "--client-secret", "s"]).contains("OAUTH1_CLIENT_KEY"));
    assert!(bare(&["sign", URL, "-k", "c"]).contains("OAUTH1_CLIENT_SECRET"));
    let token = ["sign", URL, "-k", "c", "-t", "t", "--client-secret", "s"];
    assert!(bare(&token).contains("OAUTH1_TOKEN_SECRET"));
    assert!(bare(&["verify", URL, "-k", "c"]).contains("--public-key-file"));
    assert!(bare(&["verify", URL, "--client-secret", "s"]).contains("--client-key"));
    assert!(bare(&["parse"]).contains("HEADER"));
    assert!(bare(&["body-hash"]).contains("<FILE>"));
    for (url, message) in [
        ("/photos", "absolute"),
        ("ftp://a/", "https://"),
        ("http://a/ b", "byte"),
    ] {
        assert!(bare(&["sign", url, "-k", "c", "--client-secret", "s"]).contains(message));
        assert!(bare(&["verify", url, "-k", "c", "--client-secret", "s"]).contains(message));
    }
    assert!(
        bare(&["base-string", URL, "-k", "c", "--profile", "p"])
            .contains("no provider is called so")
    );
}
