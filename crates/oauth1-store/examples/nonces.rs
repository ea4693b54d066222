//! Measures the nonces in memory: how many a second, from how many threads, and the longest that one
//! call took, while tables grow and while they expire. Calls are measured in the processor's time, so
//! that other programs do not count; it is asked for by a system call, which counts.
//!
//! `cargo run --release -p oauth1-store --example nonces [NONCES [THREADS]]`

#![expect(
    clippy::cast_precision_loss,
    reason = "figures of which three digits are shown"
)]

extern crate alloc;

use alloc::sync::Arc;
use core::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};
use std::{env, thread, time::Instant};

use oauth1_core::Timestamp;
use oauth1_store::{
    Insert, NonceStore as _, SpentNonce, StoreError,
    memory::{MemoryNonces, NonceBounds},
};

/// Where the clock stands. In each phase it goes on by a window to either side.
const NOW: u64 = 1_700_000_000;
const WINDOW: u64 = 300;

fn main() -> Result<(), StoreError> {
    let mut arguments = env::args()
        .skip(1)
        .map_while(|argument| argument.parse().ok());
    let nonces: usize = arguments.next().unwrap_or(1_000_000);
    let threads = arguments.next().unwrap_or(2);
    // Twice, for what has expired and is not freed yet.
    let bounds = NonceBounds::new(3 * nonces).with_one_client(3 * nonces);
    let store = Arc::new(MemoryNonces::with_bounds(bounds)?);
    for phase in 0..3 {
        let began = clock();
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let store = Arc::clone(&store);
                thread::spawn(move || spend(&store, phase, thread, nonces / threads))
            })
            .collect();
        let mut calls: Vec<Duration> = (workers.into_iter())
            .flat_map(|worker| worker.join().expect("no call fails"))
            .collect();
        let elapsed = began.elapsed();
        calls.sort_unstable();
        let full = store.occupancy();
        println!(
            "phase {phase}: {:.2} million a second from {threads} threads; {} remembered, \
             {:.1} bytes each; a call took {:?} at the median, {:?} at 99.99 %, {:?} at most",
            nonces as f64 / elapsed.as_secs_f64() / 1e6,
            full.remembered,
            full.table_bytes as f64 / full.remembered as f64,
            calls[calls.len() / 2],
            calls[calls.len() / 10_000 * 9_999],
            calls[calls.len() - 1],
        );
    }
    Ok(())
}

/// Spends nonces while the clock goes on through two windows; says how long each call took.
fn spend(store: &MemoryNonces, phase: u64, thread: usize, nonces: usize) -> Vec<Duration> {
    let mut calls = Vec::with_capacity(nonces);
    for number in 0..nonces {
        let passed = phase * 2 * WINDOW + (number as u64 * 2 * WINDOW) / nonces as u64;
        let now = Timestamp::from_unix_seconds(NOW + passed);
        let ahead = number as u64 % WINDOW;
        let timestamp = NOW + passed + ahead;
        let nonce = SpentNonce::new(
            "dpf43f3p2l4k3l03",
            Some("nnch734d00sl2jdk"),
            Timestamp::from_unix_seconds(timestamp),
            &format!("{thread}-{number}"),
            Timestamp::from_unix_seconds(timestamp + WINDOW),
        );
        let began = processor_time();
        let mut call = pin!(store.check_and_insert(nonce, now));
        let answer = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        calls.push(processor_time().saturating_sub(began));
        assert!(
            matches!(answer, Poll::Ready(Ok(Insert::Fresh))),
            "{answer:?}"
        );
    }
    calls
}

/// What this thread has used of a processor.
fn processor_time() -> Duration {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(used).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "a program that measures time")]
fn clock() -> Instant {
    Instant::now()
}
