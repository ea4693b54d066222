//! More connections than the process may have files open.

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
    signing::{Shape, Signatory, bytes},
    wire::Connection,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_oauth1-faults");

/// So many descriptors the server may have open besides those that it has.
const FREE: usize = 24;

/// So many connections come beyond those that it can take.
const BEYOND: usize = 24;

/// Time enough that no connection ends by itself while others are opened, and no store is late.
const PATIENT: [&str; 6] = [
    "--head",
    "120000",
    "--connection",
    "600000",
    "--answer",
    "5000",
];

/// Valid requests, each once.
struct Requests(Signatory, u64);

impl Requests {
    fn next(&mut self) -> Vec<u8> {
        let now = oauth1_core::Timestamp::now().unix_seconds();
        self.1 += 1;
        bytes(&self.0.sign(Shape::Header, self.1, now).unwrap())
    }
}

struct Exhausted {
    server: Server,
    requests: Requests,
    /// What was accepted.
    accepted: Vec<Vec<u8>>,
    /// Connections that the server has, each with one answer on it.
    open: Vec<Connection>,
    /// Connections that it cannot take, with a request on its way.
    waiting: Vec<(Connection, Vec<u8>)>,
}

/// A server that has no descriptor left.
fn exhausted(kind: Kind) -> Exhausted {
    let server = Server::start(Path::new(PROGRAM), kind, &PATIENT).unwrap();
    let mut requests = Requests(Signatory::new(), 0);
    let first = requests.next();
    let mut connection = Connection::open(server.address()).unwrap();
    assert_eq!(connection.ask(&first).unwrap().status, 200);
    let before = server.descriptors().unwrap().len();
    server.limit_descriptors(FREE).unwrap();
    let (mut accepted, mut open) = (vec![first], vec![connection]);
    for _ in 0..FREE {
        let request = requests.next();
        let mut connection = Connection::open(server.address()).unwrap();
        assert_eq!(connection.ask(&request).unwrap().status, 200);
        accepted.push(request);
        open.push(connection);
    }
    assert_eq!(server.descriptors().unwrap().len(), before + FREE);
    let waiting = (0..BEYOND)
        .map(|_| {
            let request = requests.next();
            let mut connection = Connection::open(server.address()).unwrap();
            connection.send(&request).unwrap();
            (connection, request)
        })
        .collect();
    Exhausted {
        server,
        requests,
        accepted,
        open,
        waiting,
    }
}

impl Exhausted {
    /// Those that the server has are served, and replays on them refused.
    fn goes_on(&mut self) {
        for connection in &mut self.open {
            let request = self.requests.next();
            assert_eq!(connection.ask(&request).unwrap().status, 200);
            self.accepted.push(request);
            let replay = self.accepted.first().unwrap();
            assert_eq!(connection.ask(replay).unwrap().status, 401);
        }
    }

    /// Once there are descriptors again, those that waited are served, and what was accepted stays so.
    fn recovers(mut self) {
        self.open.clear();
        for (mut connection, request) in self.waiting {
            assert_eq!(connection.answer().unwrap().status, 200);
            self.accepted.push(request);
        }
        let mut connection = Connection::open(self.server.address()).unwrap();
        for request in &self.accepted {
            let answer = connection.ask(request).unwrap();
            assert_eq!(answer.to_string(), "401 nonce_used");
        }
    }
}

fn withstands(kind: Kind) {
    let mut exhausted = exhausted(kind);
    exhausted.goes_on();
    exhausted.recovers();
}

#[test]
fn with_nonces_in_memory_connections_beyond_the_descriptors_wait_and_are_served() {
    withstands(Kind::Memory);
}

#[test]
fn with_nonces_in_sqlite_connections_beyond_the_descriptors_wait_and_are_served() {
    withstands(Kind::Sqlite);
}

#[test]
fn with_nonces_in_redis_connections_beyond_the_descriptors_wait_and_are_served() {
    withstands(Kind::Redis);
}

/// The connection to Redis breaks, and there is no descriptor for another: 503, until there is.
#[test]
fn redis_that_cannot_be_reached_for_want_of_descriptors_is_no_pass_and_is_reached_again() {
    let mut exhausted = exhausted(Kind::Redis);
    exhausted.server.store.redis().unwrap().kill().unwrap();
    // What was the descriptor of that connection goes to the first client that waits.
    let (mut first, mut request) = exhausted.waiting.remove(0);
    assert_eq!(first.answer().unwrap().status, 503);
    exhausted.server.store.redis().unwrap().restart().unwrap();
    for _ in 0..3 {
        assert_eq!(first.ask(&request).unwrap().status, 503);
        request = exhausted.requests.next();
    }
    for connection in &mut exhausted.open {
        let replay = exhausted.accepted.first().unwrap();
        assert_eq!(connection.ask(replay).unwrap().status, 503);
    }
    // All of those that the server has are closed: the others, and Redis, have room.
    exhausted.open.clear();
    let mut answered = Vec::new();
    for (mut connection, request) in exhausted.waiting.drain(..) {
        let mut status = connection.answer().unwrap().status;
        // The first come before the new connection to Redis does.
        while status == 503 {
            status = connection.ask(&request).unwrap().status;
        }
        // An attempt whose answer was lost may have spent the nonce.
        assert!(matches!(status, 200 | 401), "{status}");
        answered.push(request);
    }
    exhausted.accepted.append(&mut answered);
    exhausted.recovers();
}
