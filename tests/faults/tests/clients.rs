//! Clients that dawdle, that never end, and that send too much: each is thrown out by the limits that the
//! guide recommends, others go on being served meanwhile, and the memory stays bounded.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a failed unwrap fails the test; there is nobody to read the documentation"
)]

use core::time::Duration;
use std::{io::Write as _, path::Path, thread};

use http::Request;
use oauth1_faults::{
    process::Server,
    serve::{Kind, bytes_of_a_connection},
    signing::{Shape, Signatory, bytes, head},
    traffic::{Allowed, Traffic},
    wire::{Connection, is_closed},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_oauth1-faults");

/// How many of the kind come at once.
const CLIENTS: usize = 40;

/// What a process may grow by besides what connections hold: its heap is not as tight as they are.
const SLACK: u64 = 24 << 20;

/// The limits to time, scaled down: a second to a request in place of thirty.
const SHORT: &[&str] = &["--head", "500", "--request", "1000", "--connection", "3000"];

/// Those that the guide recommends: nothing here waits for them.
const RECOMMENDED: &[&str] = &[];

/// Serves others while `attack` goes on, and looks at the memory afterwards.
fn withstand(limits: &[&str], attack: impl FnOnce(&Server)) {
    let server = Server::start(Path::new(PROGRAM), Kind::Memory, limits).unwrap();
    let allowed = Allowed {
        // On a machine that is busy, a client that means well may be late as well.
        cut: true,
        ..Allowed::default()
    };
    let others = Traffic::start(&server, 2, allowed);
    others.wait_for(100, 20, 0).unwrap();
    let before = server.memory().unwrap();
    attack(&server);
    others.wait_for(100, 20, 0).unwrap();
    let held = server.memory().unwrap().peak - before.resident;
    let most = (CLIENTS * bytes_of_a_connection()) as u64 + SLACK;
    assert!(held <= most, "{held} bytes of {most}");
    others.end().unwrap();
}

fn signed(shape: Shape) -> Request<Vec<u8>> {
    let now = oauth1_core::Timestamp::now().unix_seconds();
    Signatory::new().sign(shape, u64::MAX, now).unwrap()
}

/// Sends the first bytes at once and then one at a time, to all of `CLIENTS` connections in turn, until the
/// server has ended all of them. Gives the statuses that it answered with.
fn one_byte_at_a_time(server: &Server, first: &[u8], then: u8) -> Vec<Option<u16>> {
    let open = |_| {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(first).unwrap();
        Some(connection)
    };
    let mut all: Vec<_> = (0..CLIENTS).map(open).collect();
    let mut statuses = Vec::new();
    for turn in 0.. {
        if statuses.len() == CLIENTS {
            break;
        }
        // A minute, and as much longer as the machine is slower.
        assert!(turn < 3000, "{} of {CLIENTS} are cut off", statuses.len());
        for place in &mut all {
            let Some(connection) = place else { continue };
            if connection.send(&[then]).is_err() || connection.has_ended().unwrap() {
                let ended = place.take().unwrap().end();
                statuses.push(ended.unwrap());
            }
        }
        // The pace of these clients: far below that of the limits.
        thread::sleep(Duration::from_millis(20));
    }
    statuses
}

fn assert_cut_off(statuses: &[Option<u16>]) {
    assert_eq!(statuses.len(), CLIENTS);
    let cut = |status: &Option<u16>| matches!(status, None | Some(408));
    assert!(statuses.iter().all(cut), "{statuses:?}");
}

#[test]
fn heads_that_come_byte_by_byte_are_cut_off() {
    withstand(SHORT, |server| {
        let statuses = one_byte_at_a_time(server, b"GET /photos HTTP/1.1\r\nHost: ", b'a');
        assert_eq!(statuses, [None; CLIENTS]);
    });
}

#[test]
fn connections_on_which_nothing_is_sent_are_cut_off() {
    withstand(SHORT, |server| {
        let open = |_| Connection::open(server.address()).unwrap();
        let silent: Vec<_> = (0..CLIENTS).map(open).collect();
        // As far as the beginning of an HTTP/2 connection goes.
        let mut hesitant: Vec<_> = (0..CLIENTS).map(open).collect();
        for connection in &mut hesitant {
            connection.send(b"PRI * HTTP/2.0").unwrap();
        }
        for connection in silent.into_iter().chain(hesitant) {
            assert_eq!(connection.end().unwrap(), None);
        }
    });
}

#[test]
fn forms_that_come_byte_by_byte_are_cut_off_and_said_so() {
    withstand(SHORT, |server| {
        // As much as a form may have is sent and held, but for the last bytes.
        let form = vec![b'x'; (1 << 20) - 100_000];
        let first = [
            head(&signed(Shape::Form), "Content-Length: 1048576\r\n"),
            form,
        ]
        .concat();
        let statuses = one_byte_at_a_time(server, &first, b'x');
        assert_cut_off(&statuses);
        // Those whose heads came in time hear why.
        assert!(statuses.contains(&Some(408)));
    });
}

#[test]
fn other_bodies_that_come_byte_by_byte_are_cut_off_and_said_so() {
    withstand(SHORT, |server| {
        let first = head(&signed(Shape::Hashed), "Content-Length: 1048576\r\n");
        let statuses = one_byte_at_a_time(server, &first, b'x');
        // One of them is the first with its nonce, and its handler waits for the body; the others are
        // replays, and what they send is read to be forgotten.
        assert_cut_off(&statuses);
        // Those whose heads came in time hear why.
        assert!(statuses.contains(&Some(408)));
    });
}

/// Sends chunks as fast as they are taken until an answer comes.
fn endless(server: &Server, request: &Request<Vec<u8>>) -> u16 {
    let head = head(request, "Transfer-Encoding: chunked\r\n");
    let chunk = [b"10000\r\n", &vec![b'x'; 0x10000][..], b"\r\n"].concat();
    let connection = Connection::open(server.address()).unwrap();
    let answer = connection.ask_at_length(|stream| {
        stream.write_all(&head)?;
        loop {
            stream.write_all(&chunk)?;
        }
    });
    answer.unwrap().status
}

#[test]
fn forms_that_never_end_are_too_large() {
    withstand(RECOMMENDED, |server| {
        for _ in 0..5 {
            assert_eq!(endless(server, &signed(Shape::Form)), 413);
        }
    });
}

#[test]
fn other_bodies_that_never_end_are_too_large_and_count_as_nothing() {
    withstand(RECOMMENDED, |server| {
        let hashed = signed(Shape::Hashed);
        assert_eq!(endless(server, &hashed), 413);
        // The nonce is spent: what is sent again is refused, though it does not end either.
        for _ in 0..5 {
            assert_eq!(endless(server, &hashed), 401);
        }
        let mut unsigned = signed(Shape::Hashed);
        unsigned.headers_mut().remove("authorization");
        assert_eq!(endless(server, &unsigned), 401);
    });
}

#[test]
fn ten_thousand_headers_are_too_many() {
    withstand(RECOMMENDED, |server| {
        for length in [1, 1000] {
            let more = format!("a: {}\r\n", "b".repeat(length)).repeat(10_000);
            let many = head(&signed(Shape::Header), &more);
            for _ in 0..5 {
                assert!(is_refused(server, |stream| stream.write_all(&many)));
            }
        }
    });
}

#[test]
fn headers_of_megabytes_and_without_an_end_are_too_large() {
    withstand(RECOMMENDED, |server| {
        let long = format!("a: {}\r\n", "b".repeat(16 << 20));
        let long = head(&signed(Shape::Header), &long);
        for _ in 0..5 {
            assert!(is_refused(server, |stream| stream.write_all(&long)));
            assert!(is_refused(server, |stream| {
                stream.write_all(b"GET /photos HTTP/1.1\r\nHost: a\r\nb: ")?;
                let more = vec![b'x'; 0x10000];
                loop {
                    stream.write_all(&more)?;
                }
            }));
        }
    });
}

/// Whether it is answered with 431, or cut off: a server that closes on what it has not read may lose its
/// answer.
fn is_refused(
    server: &Server,
    write: impl FnOnce(&mut std::net::TcpStream) -> std::io::Result<()> + Send,
) -> bool {
    let connection = Connection::open(server.address()).unwrap();
    match connection.ask_at_length(write) {
        Ok(answer) => answer.status == 431,
        Err(error) => is_closed(&error),
    }
}

/// More connections than there are places: those that wait are served once there is one.
#[test]
fn connections_beyond_the_limit_wait_for_a_place() {
    let options = [SHORT, &["--connections", "8"]].concat();
    let server = Server::start(Path::new(PROGRAM), Kind::Memory, &options).unwrap();
    let open = |_| Connection::open(server.address()).unwrap();
    let all: Vec<_> = (0..CLIENTS).map(open).collect();
    let waiting = signed(Shape::Header);
    let answer = Connection::open(server.address())
        .unwrap()
        .ask(&bytes(&waiting))
        .unwrap();
    assert_eq!(answer.status, 200);
    drop(all);
}
