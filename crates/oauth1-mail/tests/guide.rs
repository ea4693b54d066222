//! The two programs of the guide: they are the examples of this crate, and run against real servers.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::{fs, path::Path};

use oauth1_core::{ClientCredentials, TokenCredentials, sasl::Protocol};

use crate::support::{CLIENT, CLIENT_SECRET, HOST, OWNER, TOKEN, TOKEN_SECRET, certificate, start};

#[path = "../examples/inbox.rs"]
#[allow(dead_code, reason = "its `main` is for people")]
mod inbox;
#[path = "../examples/send.rs"]
#[allow(dead_code, reason = "its `main` is for people")]
mod send;
mod support;

fn credentials() -> (ClientCredentials<'static>, TokenCredentials<'static>) {
    (
        ClientCredentials::new(CLIENT, CLIENT_SECRET),
        TokenCredentials::new(TOKEN, TOKEN_SECRET),
    )
}

#[test]
fn an_inbox_is_opened_and_listed() {
    let server = start(Protocol::Imap);
    let (client, token) = credentials();
    let (roots, port) = (certificate(), server.ports()[1]);
    let lines = inbox::inbox(HOST, port, OWNER, roots.to_str().unwrap(), &client, &token);
    let mut lines = lines.unwrap();
    lines.sort();
    assert_eq!(lines, ["DRAFTS", "INBOX", "INBOX: 3 messages", "SENT"]);
    // Who is refused learns why.
    let token = TokenCredentials::new(TOKEN, "another secret");
    let error = inbox::inbox(HOST, port, OWNER, roots.to_str().unwrap(), &client, &token);
    let error = error.unwrap_err().to_string();
    assert!(error.ends_with("by OAUTH10A: \"invalid_token\""), "{error}");
}

#[test]
fn a_message_is_sent() {
    let mut server = start(Protocol::Smtp);
    let (client, token) = credentials();
    let message = lettre::Message::builder()
        .from(OWNER.parse().unwrap())
        .to("joe@example.com".parse().unwrap())
        .subject("Hello")
        .body("From the guide".to_owned())
        .unwrap();
    let (roots, port) = (certificate(), server.port());
    let roots = roots.to_str().unwrap();
    send::send(HOST, port, OWNER, roots, &client, &token, &message).unwrap();
    assert_eq!(server.line().unwrap(), "initial response");
    assert_eq!(server.line().unwrap(), format!("accepted XOAUTH {OWNER}"));
    let mail = server.line().unwrap();
    assert!(
        mail.starts_with("mail ") && mail.contains("From the guide"),
        "{mail}"
    );
}

#[test]
fn the_guide_shows_the_programs_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("../../docs/guides/mail.md")).unwrap();
    for name in ["inbox", "send"] {
        let program = fs::read_to_string(root.join(format!("examples/{name}.rs"))).unwrap();
        let block = format!("```rust\n{program}```\n");
        assert!(
            guide.contains(&block),
            "{name}.rs is not in the guide as it is"
        );
    }
}
