//! The help texts: what they promise, and their examples, which are run.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{env, fs, path::PathBuf};

use crate::support::{BINARY, oauth1, stderr, stdout};

mod support;

const COMMANDS: [&str; 7] = [
    "sign",
    "base-string",
    "verify",
    "explain",
    "parse",
    "body-hash",
    "sasl",
];

/// Those that read no JSON lines.
const OTHERS: [&str; 8] = [
    "request",
    "provider",
    "authorize",
    "proxy",
    "profile",
    "keygen",
    "completions",
    "man",
];

fn help(arguments: &[&str]) -> String {
    // The variables are named, and what they hold is not.
    let mut command = oauth1(arguments);
    for name in [
        "OAUTH1_CLIENT_SECRET",
        "OAUTH1_TOKEN_SECRET",
        "OAUTH1_CLIENT_KEY",
    ] {
        command.env(name, "do-not-show-this");
    }
    let output = command.output().unwrap();
    assert_eq!((stderr(&output), output.status.code()), ("", Some(0)));
    assert!(!stdout(&output).contains("do-not-show-this"));
    stdout(&output).to_owned()
}

#[test]
fn every_command_has_a_short_and_a_long_help() {
    let main = help(&["--help"]);
    for command in COMMANDS {
        assert!(main.contains(&format!("\n  {command} ")), "{main}");
        let long = help(&[command, "--help"]);
        assert!(
            long.contains("Examples:") && long.contains("--json"),
            "{long}"
        );
        assert!(help(&[command, "-h"]).len() < long.len());
    }
    for command in OTHERS {
        assert!(main.contains(&format!("\n  {command} ")), "{main}");
        let long = help(&[command, "--help"]);
        assert!(long.contains("Examples:"), "{long}");
    }
    for command in ["sign", "verify"] {
        let long = help(&[command, "--help"]);
        let long = long.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "--client-secret-file",
            "list of processes",
            "consumer-key",
            "OAUTH1_TOKEN",
        ] {
            assert!(long.contains(words), "{words}\n{long}");
        }
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(
        help(&["--version"]),
        format!("oauth1 {}\n", env!("CARGO_PKG_VERSION"))
    );
}

/// The lines behind a `$`, with those that go on from one.
fn examples(help: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in help.lines() {
        let start = line.trim_start().strip_prefix("$ ");
        if let Some(command) = start {
            found.push(command.to_owned());
        } else if goes_on {
            let last = found.last_mut().unwrap();
            last.push('\n');
            last.push_str(line);
        }
        goes_on = (start.is_some() || goes_on) && line.ends_with(['\\', '|']);
    }
    found
}

#[cfg(unix)]
#[test]
fn every_example_works() {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("help");
    fs::create_dir_all(&directory).unwrap();
    let binaries = PathBuf::from(BINARY).parent().unwrap().to_owned();
    let path = env::join_paths(
        core::iter::once(binaries).chain(env::split_paths(&env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    let mut count = 0;
    for command in COMMANDS.into_iter().chain(OTHERS) {
        let examples = examples(&help(&[command, "--help"]));
        assert!(examples.len() >= 2, "{command}");
        // As one would type them: what is exported stays.
        let mut script = "set -e\n".to_owned();
        for example in &examples {
            script.push_str("echo '--'\n");
            script.push_str(example);
            script.push('\n');
        }
        let mut shell = std::process::Command::new("sh");
        shell
            .arg("-c")
            .arg(&script)
            .env("PATH", &path)
            .current_dir(&directory);
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("OAUTH1_")) {
            shell.env_remove(name);
        }
        let output = shell.output().unwrap();
        let (out, errors) = (stdout(&output), stderr(&output));
        assert_eq!(
            (errors, output.status.code()),
            ("", Some(0)),
            "{script}\n{out}"
        );
        assert_eq!(out.matches("--\n").count(), examples.len());
        for expected in match command {
            "sign" => &[
                "Authorization: OAuth ",
                "status=Hello%20Ladies%20%2B%20Gent",
                "{\"base_s",
            ][..],
            "base-string" => &[
                "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&",
                "{\"base_string\":",
            ],
            "verify" => &["--\naccepted\n", "\naccepted\n  client", "{\"ok\":false"],
            "explain" => &[
                "> ours    startIndex = 0",
                "Cause\n  query-omitted\n    The other side leaves",
                "> ours    size = original",
                "{\"match\":false,\"found\":false,\"causes\":[],",
            ],
            "sasl" => &[
                "--\nbixhPWphbmVAZXhhbXBsZS5jb20sAWhvc3Q9",
                "GET https://mail.google",
                "{\"initial_",
            ],
            "parse" => &["realm   Photos", "b5  =%3D", "{\"scheme\":null"],
            "keygen" => &["Authorization: OAuth ", "RSA-SHA1"],
            "request" => &[
                "--data-raw 'status=Hello%20Ladies%20%2B%20Gentlemen'",
                "'https://api.example.com/1/orders?size=large'",
                "'content-type: application/json'",
            ],
            "authorize" => &[
                "discogs",
                "https://www.flickr.com/services/oauth/request_token",
            ],
            "proxy" => &["signs and sends on to http://127.0.0.1:9/"],
            "profile" => &[
                "saved photos in ",
                "Authorization: OAuth ",
                "removed photos",
            ],
            "provider" => &["secret  in printer.secret", "Printer  shared secret"],
            "completions" | "man" => &["--\n"],
            _ => &[
                "Lve95gjOVATpfV8EL5X4nxwjKHE=\n",
                "{\"body_hash\":\"Lve95gjO",
            ],
        } {
            assert!(out.contains(expected), "{expected}\n{out}");
        }
        count += examples.len();
    }
    assert_eq!(count, 60);
}
