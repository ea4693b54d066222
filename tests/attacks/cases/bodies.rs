use core::sync::atomic::Ordering;
use std::io::{Error, ErrorKind, Write as _};

use oauth1_core::{
    BodyHasher, Digest,
    sink::Sink as _,
    verify::{BodyHashPolicy, Policy},
};

use super::{Case, under};
use crate::{
    call::{Call, FORM},
    server::{Answer, Layer, Server, once},
};

pub(super) const CASES: &[Case] = &[
    (26, "another form", || {
        let sent = Call::form("a=1&b=2").sign();
        [&b"a=1&b=3"[..], b"a=1", b"a=1&b=2&c=3", b""]
            .map(|form| once(&sent.clone().with_body(form)))
            .into()
    }),
    (27, "a form that is said to be none", || {
        vec![once(&Call::post("text/plain", b"a=1").sign())]
    }),
    (27, "the same, where a body hash is demanded", || {
        vec![under(demanding, &Call::post("text/plain", b"a=1").sign())]
    }),
    (28, "a form with a charset", || {
        let name = format!("{FORM}; charset=UTF-8");
        let sent = Call::post(&name, b"a=1").sign();
        vec![once(&sent), once(&sent.chunked())]
    }),
    (29, "the type in capitals", || {
        vec![once(&Call::post(&FORM.to_uppercase(), b"a=1").sign())]
    }),
    (30, "a form that was not signed", || {
        let sent = Call::post("text/plain", b"a=1").sign();
        vec![once(&sent.with_header("Content-Type", FORM))]
    }),
    (
        56,
        "a hash that is wrong, of another body, or of another digest",
        || {
            let call = Call::post("text/plain", b"Hello World!");
            let sha256 = call.clone().with("oauth_signature_method", "HMAC-SHA256");
            let sha1_of_it = "Lve95gjOVATpfV8EL5X4nxwjKHE=";
            vec![
                once(&call.clone().with("oauth_body_hash", "").sign()),
                once(
                    &call
                        .clone()
                        .with("oauth_body_hash", &"x".repeat(1_000))
                        .sign(),
                ),
                once(
                    &call
                        .clone()
                        .with("oauth_body_hash", "Lve95gjOVATpfV8EL5X4nxwjKHE")
                        .sign(),
                ),
                once(&call.clone().body_hash(b"Hello World?").sign()),
                once(&call.clone().body_hash(b"").sign().chunked()),
                once(&sha256.clone().with("oauth_body_hash", sha1_of_it).sign()),
                once(&Call::get().body_hash(b"x").sign()),
            ]
        },
    ),
    (56, "a hash with a form", || {
        vec![once(&Call::form("a=1").body_hash(b"a=1").sign())]
    }),
    (56, "a hash that is demanded and missing", || {
        vec![
            under(demanding, &Call::post("text/plain", b"Hello World!").sign()),
            under(
                demanding,
                &Call::post("text/plain", b"Hello World!").sign().chunked(),
            ),
        ]
    }),
    (57, "a gigabyte, with another last byte", || {
        vec![streamed(1 << 30, true)]
    }),
    (72, "a form in chunks, over the limit", || {
        let form = format!("a={}", "x".repeat(1024 * 1024));
        let sent = Call::form(&form).sign();
        // What is refused must be heard, each time.
        let mut answers: Vec<_> = (0..10).map(|_| once(&sent.clone().chunked())).collect();
        answers.push(once(&sent));
        answers.push(endless_form());
        answers
    }),
    (73, "a compressed form", || {
        let sent = Call::form("a=1").sign();
        let encodings = ["gzip", "GZIP", "identity, br", "x"];
        encodings
            .map(|encoding| once(&sent.clone().and_header("Content-Encoding", encoding)))
            .into()
    }),
    (87, "a body that somebody might read as a form", || {
        [
            "multipart/form-data; boundary=x",
            "text/plain",
            "application/json",
        ]
        .map(|name| once(&Call::post(name, b"a=1").sign()))
        .into()
    }),
    (88, "two types", || {
        let sent = Call::form("a=1").sign();
        vec![
            once(&sent.clone().and_header("Content-Type", "text/plain")),
            once(&sent.and_header("Content-Type", FORM)),
        ]
    }),
    (88, "a type that begins as that of a form", || {
        [
            "application/x-www-form-urlencoded+xml",
            "application/x-www-form-urlencoded,text/plain",
        ]
        .map(|name| once(&Call::post(name, b"a=1").sign()))
        .into()
    }),
];

fn demanding(layer: Layer) -> Layer {
    layer.with_policy(Policy::new().with_body_hash(BodyHashPolicy::Required))
}

/// Sends a body in pieces, the last byte changed or not.
fn streamed(length: usize, changed: bool) -> Answer {
    let piece = vec![b'a'; 1024 * 1024];
    let pieces = length / piece.len();
    let mut hasher = BodyHasher::new(Digest::Sha1).unwrap();
    (0..pieces).for_each(|_| hasher.put(&piece));
    let hash = hasher.finish();
    let call = Call::post("application/octet-stream", b"").with("oauth_body_hash", hash.as_str());
    let sent = call
        .sign()
        .and_header("Content-Length", &length.to_string());
    let server = Server::new();
    let answer = server.exchange(|stream| {
        stream.write_all(&sent.head())?;
        for _ in 1..pieces {
            stream.write_all(&piece)?;
        }
        let mut last = piece.clone();
        if changed {
            *last.last_mut().unwrap() = b'b';
        }
        stream.write_all(&last)
    });
    let delivered = server.delivered.load(Ordering::SeqCst);
    assert_eq!(delivered < length, changed, "{delivered} of {length} bytes");
    answer
}

#[test]
fn a_streamed_body_that_is_what_was_signed_arrives_whole() {
    assert_eq!(streamed(16 << 20, false).to_string(), "ACC signed");
}

/// A form in chunks that does not end before an answer comes.
fn endless_form() -> Answer {
    let sent = Call::form("a=1").sign().chunked();
    Server::new().exchange(|stream| {
        stream.write_all(&sent.head())?;
        let chunk = [b"10000\r\n".to_vec(), vec![b'x'; 0x10000], b"\r\n".to_vec()].concat();
        // 8 MiB, more than the layer reads of it.
        for _ in 0..128 {
            stream.write_all(&chunk)?;
        }
        Err(Error::from(ErrorKind::WouldBlock))
    })
}

/// A server that answers at once, and closes the connection on what is still unread, is not heard by
/// this client: its answer is lost with the reset. The body is larger than what lies in the buffers of a
/// loopback connection.
#[test]
fn a_client_that_writes_before_it_reads_hears_the_refusal() {
    let form = format!("a={}", "x".repeat(12 << 20));
    let sent = Call::form(&form).sign();
    let server = Server::with(|layer| layer.with_drain_bytes(16 << 20));
    for sent in [sent.clone(), sent.chunked()] {
        for _ in 0..5 {
            let answer = server.ask_without_reading(&sent);
            assert_eq!(answer.unwrap().to_string(), "413 parameter_rejected");
        }
    }
}
