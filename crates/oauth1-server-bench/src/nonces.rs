//! The nonces in memory: how many a second, from how many threads, how many bytes each takes, and the
//! longest that one call took, while tables grow and while they expire.
//!
//! Calls are measured in the processor's time, so that other programs do not count; it is asked for by a
//! system call, which counts. Of several runs the one counts whose longest call is the shortest: what a
//! call does itself it does in each of them, and what the machine does meanwhile (a virtual one may stand
//! still for milliseconds) it does not.

use alloc::sync::Arc;
use core::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};
use std::{sync::Barrier, thread};

use anyhow::{Result, anyhow, ensure};
use oauth1_core::Timestamp;
use oauth1_store::{
    Insert, NonceStore as _, SpentNonce,
    memory::{MemoryNonces, NonceBounds},
};

use crate::{
    figures::{as_f64, processor_time_of_thread},
    report::{Report, Verdict},
};

/// Where the clock stands. In each phase it goes on by a window to either side.
const NOW: u64 = 1_700_000_000;
const WINDOW: u64 = 300;

/// In how many steps threads go through a phase together.
const STEPS: usize = 16;

/// How often the same is done.
const RUNS: usize = 3;

/// Spends so many nonces in one thread, and in one for each processor.
pub(crate) fn memory(sizes: &[u32], processors: usize, report: &mut Report) -> Result<()> {
    report.title(&[
        "nonces in memory",
        "threads",
        "millions a second of each",
        "bytes each",
        "a call: median",
        "99.99 %",
        "longest",
    ]);
    let mut threads = vec![1, processors];
    threads.dedup();
    let mut longest = Duration::ZERO;
    for &nonces in sizes {
        let nonces = usize::try_from(nonces)?;
        let mut bytes: f64 = 0.0;
        for &threads in &threads {
            let mut phases = measure(nonces, threads)?;
            for _ in 1..RUNS {
                let others = measure(nonces, threads)?;
                if others.longest < phases.longest {
                    phases = others;
                }
            }
            report.line([
                nonces.to_string(),
                threads.to_string(),
                format!("{:.2}", phases.millions_a_second),
                format!("{:.1}", phases.bytes_each),
                format!("{:?}", phases.median),
                format!("{:?}", phases.nearly_all),
                format!("{:?}", phases.longest),
            ]);
            bytes = bytes.max(phases.bytes_each);
            longest = longest.max(phases.longest);
        }
        let what = format!("bytes for each nonce, of {nonces}");
        report.judge(Verdict::at_most(&what, bytes, 48.0));
    }
    report.end();
    report.judge(Verdict::at_most(
        "the longest call of a nonce store in memory, milliseconds",
        longest.as_secs_f64() * 1e3,
        1.0,
    ));
    Ok(())
}

struct Phases {
    millions_a_second: f64,
    bytes_each: f64,
    median: Duration,
    nearly_all: Duration,
    longest: Duration,
}

fn measure(nonces: usize, threads: usize) -> Result<Phases> {
    // More than are live at a time: what has expired is freed as others come.
    let bounds = NonceBounds::new(3 * nonces).with_one_client(3 * nonces);
    let store = Arc::new(MemoryNonces::with_bounds(bounds)?);
    let (mut rate, mut bytes, mut calls) = (0.0, 0.0_f64, Vec::new());
    for phase in 0..3 {
        // At first the rate alone, then each call: while tables grow, and while they expire.
        let each = phase > 0;
        let together = Arc::new(Barrier::new(threads));
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let worker = Worker {
                    store: Arc::clone(&store),
                    together: Arc::clone(&together),
                    phase,
                    thread,
                    nonces: nonces / threads,
                };
                thread::spawn(move || worker.spend(each))
            })
            .collect();
        let mut used = Duration::ZERO;
        for worker in workers {
            let (of_worker, calls_of_worker) =
                worker.join().map_err(|_| anyhow!("a thread died"))??;
            used += of_worker;
            calls.extend(calls_of_worker);
        }
        let full = store.occupancy();
        if !each {
            rate = as_f64(nonces as u64) / used.as_secs_f64() / 1e6;
        }
        bytes = bytes.max(as_f64(full.table_bytes as u64) / as_f64(full.remembered as u64));
    }
    calls.sort_unstable();
    ensure!(!calls.is_empty(), "no call was measured");
    Ok(Phases {
        millions_a_second: rate,
        bytes_each: bytes,
        median: calls[calls.len() / 2],
        nearly_all: calls[calls.len() / 10_000 * 9_999],
        longest: calls[calls.len() - 1],
    })
}

/// One thread in one phase.
struct Worker {
    store: Arc<MemoryNonces>,
    together: Arc<Barrier>,
    phase: u64,
    thread: usize,
    nonces: usize,
}

impl Worker {
    /// Spends nonces while the clock goes on through two windows; says what that took of a processor, and
    /// perhaps what each call did.
    fn spend(&self, each: bool) -> Result<(Duration, Vec<Duration>)> {
        let mut calls = Vec::with_capacity(if each { self.nonces } else { 0 });
        let mut done = Ok(());
        let started = processor_time_of_thread();
        for step in 0..STEPS {
            // If one thread's clock were a window ahead, the nonces of the others would be too old.
            self.together.wait();
            let mut numbers = self.nonces * step / STEPS..self.nonces * (step + 1) / STEPS;
            if done.is_ok() {
                done = numbers.try_for_each(|number| self.spend_one(number, each, &mut calls));
            }
        }
        let used = processor_time_of_thread().saturating_sub(started);
        done.map(|()| (used, calls))
    }

    fn spend_one(&self, number: usize, each: bool, calls: &mut Vec<Duration>) -> Result<()> {
        let passed = self.phase * 2 * WINDOW + (number as u64 * 2 * WINDOW) / self.nonces as u64;
        let now = Timestamp::from_unix_seconds(NOW + passed);
        let ahead = number as u64 % WINDOW;
        let nonce = spent(NOW + passed + ahead, &format!("{}-{number}", self.thread));
        let began = each.then(processor_time_of_thread);
        let mut call = pin!(self.store.check_and_insert(nonce, now));
        let answer = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        calls.extend(began.map(|began| processor_time_of_thread().saturating_sub(began)));
        ensure!(
            matches!(answer, Poll::Ready(Ok(Insert::Fresh))),
            "{answer:?}"
        );
        Ok(())
    }
}

/// A nonce of a request that was sent then.
pub(crate) fn spent(timestamp: u64, nonce: &str) -> SpentNonce {
    SpentNonce::new(
        "dpf43f3p2l4k3l03",
        Some("nnch734d00sl2jdk"),
        Timestamp::from_unix_seconds(timestamp),
        nonce,
        Timestamp::from_unix_seconds(timestamp + WINDOW),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_expired_is_not_counted() {
        let phases = measure(20_000, 2).unwrap();
        assert!(phases.bytes_each >= 16.0, "{}", phases.bytes_each);
        assert!(phases.median <= phases.nearly_all && phases.nearly_all <= phases.longest);
    }
}
