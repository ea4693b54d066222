//! One client for many threads.

use alloc::sync::Arc;
use std::{collections::HashSet, thread};

use http::Request;
use oauth1_core::{HmacSha256, ProtocolParameters};

use crate::{
    adapter::{Adapter, Call, Content},
    case::Case,
    run::shared,
    server::{Place, Server, Verdict},
};

const THREADS: usize = 8;
const REQUESTS: usize = 8;

/// Sends 64 requests from eight threads that share one client: each must be verified, with a nonce of its
/// own.
///
/// # Panics
/// When one of them is not.
pub fn run_shared<A: Adapter + Sync>(adapter: &A) {
    let server = Server::start().expect("a loopback interface with IPv4 and IPv6");
    let uri = [server.origin(Place::Main), "/shared?a=b"].concat();
    let client = shared::<HmacSha256>(&Case::new("shared", "POST", "/shared?a=b", &[]));
    let send = || {
        let request = Request::post(&uri).header("content-type", "application/json");
        let call = Call {
            request: request.body(()).expect("a request"),
            body: Content::Bytes(b"{}"),
            parameters: ProtocolParameters::NONE,
            further: None,
            http2: false,
        };
        let answer = adapter.send(Arc::clone(&client), &call).expect("an answer");
        assert_eq!(answer.status, 200, "{}", adapter.name());
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..REQUESTS).for_each(|_| send()));
        }
    });
    let seen = server.take_log();
    let nonces: HashSet<_> = seen
        .iter()
        .map(|seen| match &seen.verdict {
            Verdict::Verified(signed) => signed.nonce.clone(),
            Verdict::Refused(code) => panic!("{}: {code}", adapter.name()),
        })
        .collect();
    assert_eq!(
        (seen.len(), nonces.len()),
        (THREADS * REQUESTS, THREADS * REQUESTS)
    );
    println!(
        "{}: {} requests of {THREADS} threads passed",
        adapter.name(),
        seen.len()
    );
}
