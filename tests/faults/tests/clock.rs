//! The server's clock steps back and forth by hours, while requests come.

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
const MANY: u64 = 60;
const HOURS: i64 = 6 * 60 * 60;

/// Where the clock goes from where it is right, and back: by hours, out of the window, and within it.
const STEPS: [i64; 6] = [HOURS, -HOURS, 601, -601, -299, 299];

const ALLOWED: Allowed = Allowed {
    // What a store may have forgotten is refused, and so is what the other clock finds too old.
    refused: true,
    unavailable: false,
    cut: false,
};

/// Clients follow each step, so that the store remembers and forgets at that time, and step back with
/// the server: their requests of before are then in the window again.
fn steps(kind: Kind) {
    let server = Server::start(Path::new(PROGRAM), kind, &["--answer", "30000"]).unwrap();
    let traffic = Traffic::start(&server, 6, ALLOWED);
    traffic.wait_for(MANY, MANY / 2, 0).unwrap();
    for seconds in STEPS {
        for seconds in [seconds, 0] {
            server.set_clock(seconds).unwrap();
            traffic.set_clock(seconds);
            // Right again, it goes on without a restart; elsewhere it may have to refuse.
            let accepted = if seconds == 0 { MANY } else { 0 };
            traffic.wait_for(accepted, MANY, 0).unwrap();
        }
    }
    let counts = traffic.end().unwrap();
    assert!(counts.accepted >= 8 * MANY, "{counts:?}");
}

#[test]
fn with_nonces_in_memory_no_step_of_the_clock_makes_one_good_again() {
    steps(Kind::Memory);
}

#[test]
fn with_nonces_in_sqlite_no_step_of_the_clock_makes_one_good_again() {
    steps(Kind::Sqlite);
}

#[test]
fn with_nonces_in_redis_no_step_of_the_clock_makes_one_good_again() {
    steps(Kind::Redis);
}
