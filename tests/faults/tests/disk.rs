//! The disk is full under SQLite, and then it is not, while requests come.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

use std::{fs, path::Path};

use oauth1_faults::{
    process::Server,
    serve::Kind,
    signing::{Shape, Signatory, bytes},
    traffic::{Allowed, Traffic},
    wire::Connection,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_oauth1-faults");
const MANY: u64 = 60;

const ALLOWED: Allowed = Allowed {
    unavailable: true,
    refused: false,
    cut: false,
};

/// What a full disk does is done by a limit to the length of files: a write beyond it fails, and that
/// needs neither a disk of its own nor the rights to mount one.
#[test]
fn a_disk_that_is_full_accepts_nothing_and_one_that_has_room_again_goes_on() {
    let server = Server::start(Path::new(PROGRAM), Kind::Sqlite, &[]).unwrap();
    let traffic = Traffic::start(&server, 8, ALLOWED);
    let log = server.store.file().unwrap().with_extension("sqlite3-wal");
    // Numbers that the traffic does not come to.
    let (signatory, mut number) = (Signatory::new(), u64::MAX);
    for _ in 0..3 {
        traffic.wait_for(MANY, MANY / 2, 0).unwrap();
        // In the middle of what is to be written next.
        let length = fs::metadata(&log).unwrap().len();
        server.limit_files(Some(length + 1000)).unwrap();
        traffic.wait_for(0, 0, MANY).unwrap();
        let mut connection = Connection::open(server.address()).unwrap();
        for _ in 0..20 {
            number -= 1;
            let now = oauth1_core::Timestamp::now().unix_seconds();
            let request = signatory.sign(Shape::Header, number, now).unwrap();
            let answer = connection.ask(&bytes(&request)).unwrap();
            assert_eq!(answer.status, 503, "on a full disk");
        }
        server.limit_files(None).unwrap();
        traffic.wait_for(MANY, MANY / 2, 0).unwrap();
    }
    let counts = traffic.end().unwrap();
    assert!(counts.accepted >= 6 * MANY, "{counts:?}");
}
