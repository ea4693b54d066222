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
use std::{env, thread};

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
    // More than are live at a time: what has expired is freed as others come.
    let bounds = NonceBounds::new(3 * nonces).with_one_client(3 * nonces);
    let store = Arc::new(MemoryNonces::with_bounds(bounds)?);
    for phase in 0..3 {
        // At first the rate alone, then each call.
        let each = phase > 0;
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let store = Arc::clone(&store);
                thread::spawn(move || spend(&store, phase, thread, nonces / threads, each))
            })
            .collect();
        let (mut used, mut calls) = (Duration::ZERO, Vec::new());
        for worker in workers {
            let (of_worker, calls_of_worker) = worker.join().expect("no call fails");
            used += of_worker;
            calls.extend(calls_of_worker);
        }
        let full = store.occupancy();
        print!(
            "{} remembered, {:.1} bytes each; ",
            full.remembered,
            full.table_bytes as f64 / full.remembered as f64,
        );
        calls.sort_unstable();
        if let Some(longest) = calls.last() {
            println!(
                "a call takes {:?} at the median, {:?} at 99.99 %, {longest:?} at most",
                calls[calls.len() / 2],
                calls[calls.len() / 10_000 * 9_999],
            );
        } else {
            let rate = nonces as f64 / used.as_secs_f64() / 1e6;
            println!("{rate:.2} million a second of each processor, from {threads} threads");
        }
    }
    Ok(())
}

/// Spends nonces while the clock goes on through two windows; says what that took of a processor, and
/// perhaps what each call did.
fn spend(
    store: &MemoryNonces,
    phase: u64,
    thread: usize,
    nonces: usize,
    each: bool,
) -> (Duration, Vec<Duration>) {
    let mut calls = Vec::with_capacity(if each { nonces } else { 0 });
    let started = processor_time();
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
        let began = each.then(processor_time);
        let mut call = pin!(store.check_and_insert(nonce, now));
        let answer = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        calls.extend(began.map(|began| processor_time().saturating_sub(began)));
        assert!(
            matches!(answer, Poll::Ready(Ok(Insert::Fresh))),
            "{answer:?}"
        );
    }
    (processor_time().saturating_sub(started), calls)
}

/// What this thread has used of a processor.
fn processor_time() -> Duration {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(used).unwrap_or_default()
}
