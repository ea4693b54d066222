//! `oauth1 request` with credentials, and a server that verifies them.
#![allow(
    dead_code,
    reason = "each test program has this module and uses its own part of it"
)]

use std::{
    process::{Command, Output},
    sync::{LazyLock, Mutex},
};

use oauth1_adapters::{Place, Seen, Server, Verdict};

use crate::support::{oauth1, run_with_input, stderr, stdout};

/// Each test has paths of its own in it: the log is shared.
pub(crate) static SERVER: LazyLock<(Server, Mutex<Vec<Seen>>)> =
    LazyLock::new(|| (Server::start().unwrap(), Mutex::default()));

pub(crate) const SECRETS: [&str; 2] = ["client secret%&\u{e9}", "token secret~"];

pub(crate) fn origin() -> &'static str {
    SERVER.0.origin(Place::Main)
}

/// What the server has seen whose path starts so.
pub(crate) fn seen(path: &str) -> Vec<Seen> {
    let mut log = SERVER.1.lock().unwrap();
    log.extend(SERVER.0.take_log());
    let (ours, others) = log.drain(..).partition(|seen| seen.path.starts_with(path));
    *log = others;
    ours
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = oauth1(arguments);
    command
        .env("OAUTH1_CLIENT_KEY", "client & co")
        .env("OAUTH1_CLIENT_SECRET", SECRETS[0])
        .env("OAUTH1_TOKEN", "token/1+2")
        .env("OAUTH1_TOKEN_SECRET", SECRETS[1]);
    command
}

pub(crate) fn assert_no_secret(output: &Output) {
    for secret in SECRETS {
        assert!(!stdout(output).contains(secret), "{}", stdout(output));
        assert!(!stderr(output).contains(secret), "{}", stderr(output));
    }
}

pub(crate) fn run(arguments: &[&str], input: &[u8]) -> Output {
    let output = run_with_input(command(arguments), input);
    assert_no_secret(&output);
    output
}

/// Sends, and gives the only request that came.
pub(crate) fn sent(method: &str, path: &str, arguments: &[&str], input: &[u8]) -> Seen {
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
