//! Redis is killed, comes back, is paused and goes on, while requests come.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

use std::path::Path;

use oauth1_faults::{
    process::Server,
    serve::Kind,
    traffic::{Allowed, Traffic},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_oauth1-faults");

/// How many answers of a kind are waited for: more than all senders have on their way at once.
const MANY: u64 = 60;
const SENDERS: usize = 8;

const ALLOWED: Allowed = Allowed {
    unavailable: true,
    refused: false,
    cut: false,
};

fn server(milliseconds: &str) -> Server {
    Server::start(Path::new(PROGRAM), Kind::Redis, &["--answer", milliseconds]).unwrap()
}

#[test]
fn redis_is_killed_and_comes_back_and_nothing_is_accepted_twice() {
    let mut server = server("1000");
    let traffic = Traffic::start(&server, SENDERS, ALLOWED);
    for _ in 0..3 {
        traffic.wait_for(MANY, MANY / 2, 0).unwrap();
        let redis = server.store.redis().unwrap();
        redis.kill().unwrap();
        traffic.wait_for(0, 0, MANY).unwrap();
        redis.restart().unwrap();
        traffic.wait_for(MANY, MANY / 2, 0).unwrap();
    }
    let counts = traffic.end().unwrap();
    assert!(counts.accepted >= 6 * MANY, "{counts:?}");
}

#[test]
fn redis_is_paused_for_longer_than_is_waited_for_and_nothing_is_accepted_twice() {
    let mut server = server("200");
    let traffic = Traffic::start(&server, SENDERS, ALLOWED);
    for _ in 0..2 {
        traffic.wait_for(MANY, MANY / 2, 0).unwrap();
        let redis = server.store.redis().unwrap();
        redis.pause().unwrap();
        // Each sender has waited for the whole time, and more than once.
        traffic.wait_for(0, 0, 3 * SENDERS as u64).unwrap();
        redis.resume().unwrap();
        traffic.wait_for(MANY, MANY / 2, 0).unwrap();
    }
    let counts = traffic.end().unwrap();
    assert!(counts.accepted >= 4 * MANY, "{counts:?}");
}
