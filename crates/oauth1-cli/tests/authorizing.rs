//! `oauth1 authorize` with `oauth1 provider serve`, and with curl for a browser.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, io::Write as _, path::Path, process::Command};

use serde_json::Value;

use crate::{
    serving::{authorize, command, curl, decide, ended, folder, provider, raw, secrets, stored},
    support::{run_with_input, stderr},
};

#[path = "support/serving.rs"]
mod serving;
mod support;

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
    let provider = provider(&folder, &[]);
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
    let stored = stored(&folder);
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
    let _provider = provider(&folder, &[]);
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
    let _provider = provider(&folder, &[]);
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
