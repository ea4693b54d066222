//! What the tests of the commands for people have in common.
#![allow(
    dead_code,
    reason = "each test program has this module and uses its own part of it"
)]

use std::{fs, path::PathBuf, process::Output};

use crate::support::{oauth1, stderr, stdout};

pub(crate) const URL: &str = "http://photos.example.net/photos?file=vacation.jpg&size=original";
pub(crate) const CLIENT: [&str; 4] = [
    "--client-key",
    "dpf43f3p2l4k3l03",
    "--token",
    "nnch734d00sl2jdk",
];
pub(crate) const STAMP: [&str; 4] = ["--timestamp", "137131202", "--nonce", "chapoH"];
pub(crate) const CLIENT_SECRET: &str = "kd94hf93k423kf44";
pub(crate) const TOKEN_SECRET: &str = "pfkkdhi9sl3r4s00";
pub(crate) const HEADER: &str = "Authorization: OAuth oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
    oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\", \
    oauth_timestamp=\"137131202\", oauth_nonce=\"chapoH\", \
    oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"\n";

/// Runs with the secrets of RFC 5849 section 1.2 in the environment.
pub(crate) fn run(arguments: &[&[&str]]) -> Output {
    oauth1(&arguments.concat())
        .env("OAUTH1_CLIENT_SECRET", CLIENT_SECRET)
        .env("OAUTH1_TOKEN_SECRET", TOKEN_SECRET)
        .output()
        .unwrap()
}

pub(crate) fn printed(arguments: &[&[&str]]) -> String {
    let output = run(arguments);
    assert_eq!(
        (stderr(&output), output.status.code()),
        ("", Some(0)),
        "{arguments:?}"
    );
    stdout(&output).to_owned()
}

/// What is said of a command line that is wrong, or of what did not work.
pub(crate) fn complaint(status: i32, arguments: &[&[&str]]) -> String {
    let output = run(arguments);
    assert_eq!(
        output.status.code(),
        Some(status),
        "{arguments:?} {}",
        stderr(&output)
    );
    assert_eq!(stdout(&output), "", "{arguments:?}");
    stderr(&output).to_owned()
}

/// A file in a directory of the test's own.
pub(crate) fn file(test: &str, name: &str, content: &[u8]) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join("people")
        .join(test);
    fs::create_dir_all(&directory).unwrap();
    let path = directory.join(name);
    fs::write(&path, content).unwrap();
    path
}
