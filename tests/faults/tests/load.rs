//! The load in short: its books must be exact with each store.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

use std::process::Command;

use oauth1_faults::serve::Kind;

/// Three seconds.
const MINUTES: &str = "0.05";

fn load(kind: Kind) {
    let output = Command::new(env!("CARGO_BIN_EXE_oauth1-faults"))
        .args(["load", "--minutes", MINUTES, "--store", kind.name()])
        .args(["--senders", "8", "--rate", "500", "--without-wrk"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{complaint}");
    assert!(text.ends_with("\n0 differences\n"), "{text}");
    for sent in ["valid", "other twin", "replayed later", "garbled signature"] {
        assert!(text.contains(&format!("\n{sent} ")), "no {sent}: {text}");
    }
}

#[test]
fn with_nonces_in_memory_the_books_are_exact() {
    load(Kind::Memory);
}

#[test]
fn with_nonces_in_sqlite_the_books_are_exact() {
    load(Kind::Sqlite);
}

#[test]
fn with_nonces_in_redis_the_books_are_exact() {
    load(Kind::Redis);
}
