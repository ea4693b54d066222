//! The nonces in Redis, beside what redis-benchmark gets for the same command.

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use oauth1_core::Timestamp;
use oauth1_store::{
    Insert, NonceStore as _, conformance::redis_server::RedisServer, redis::RedisStore,
};
use tokio::runtime::Runtime;

use crate::{
    figures::{as_f64, median, microseconds, now as clock, processor_time},
    nonces::spent,
    report::{Report, Verdict},
};

/// Requests in flight.
const IN_FLIGHT: u64 = 64;

/// Spends nonces over one connection, and has redis-benchmark do as much.
pub(crate) fn nonces(
    runtime: &Runtime,
    rounds: u64,
    count: u64,
    report: &mut Report,
) -> Result<()> {
    let server = RedisServer::start()?;
    let store = runtime.block_on(RedisStore::connect(&server.url()))?;
    let mut rates: [Vec<f64>; 3] = Default::default();
    let mut used = Vec::new();
    for round in 0..=rounds {
        let before = processor_time();
        let rate_of_ours = runtime.block_on(ours(&store, round, count))?;
        let each = processor_time().saturating_sub(before).as_secs_f64() / as_f64(count);
        let in_turn = [
            benchmark(server.port(), count, ["-c", "64", "-P", "1"])?,
            benchmark(server.port(), count, ["-c", "1", "-P", "64"])?,
            rate_of_ours,
        ];
        // Each round finds it empty; the first warms up.
        server.command(&["FLUSHALL"])?;
        if round > 0 {
            used.push(each);
            rates
                .iter_mut()
                .zip(in_turn)
                .for_each(|(all, rate)| all.push(rate));
        }
    }
    report.title(&["nonces in Redis, 64 in flight", "a second", "ours"]);
    let names = [
        "redis-benchmark, 64 connections",
        "redis-benchmark, 1 connection, 64 in one write",
        "RedisStore, 1 connection",
    ];
    for (name, rates_of_this) in names.into_iter().zip(&rates) {
        let ratios = rates[2]
            .iter()
            .zip(rates_of_this)
            .map(|(ours, this)| ours / this);
        let ratio = median(ratios);
        report.line([
            name.to_owned(),
            format!("{:.0}", median(rates_of_this.iter().copied())),
            format!("{:.0} %", ratio * 100.0),
        ]);
        if let Some(connections) = name.strip_prefix("redis-benchmark, ") {
            let what = format!("Redis nonces, % of redis-benchmark with {connections}");
            report.judge(Verdict::at_least(&what, ratio * 100.0, 80.0));
        }
    }
    report.end();
    println!(
        "RedisStore takes {} us of the processors for each, in its own code and in the kernel; what the \
         server takes\nis not in it\n",
        microseconds(median(used))
    );
    Ok(())
}

/// With keys and values as long as ours.
fn benchmark(port: u16, count: u64, flight: [&str; 4]) -> Result<f64> {
    let key = format!("oauth1:1:nonce:{:010}__rand_int__", 0);
    let output = Command::new("redis-benchmark")
        .args(["-p", &port.to_string(), "-n", &count.to_string()])
        .args(flight)
        .args(["-r", "1000000000", "--csv"])
        .args(["SET", &key, "1", "NX", "PX", "900000"])
        .output()
        .context("redis-benchmark is missing (Debian: redis-tools)")?;
    ensure!(output.status.success(), "redis-benchmark failed");
    let text = String::from_utf8_lossy(&output.stdout);
    rate_of(&text).with_context(|| format!("redis-benchmark says {text:?}"))
}

/// The second cell of the last line.
fn rate_of(table: &str) -> Option<f64> {
    let mut cells = table.lines().last()?.split("\",\"");
    cells.nth(1)?.parse().ok()
}

async fn ours(store: &RedisStore, round: u64, count: u64) -> Result<f64> {
    let next = Arc::new(AtomicU64::new(round * count));
    let end = (round + 1) * count;
    let now = Timestamp::now();
    let start = clock();
    let tasks: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (store, next) = (store.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        return Ok(());
                    }
                    let nonce = spent(now.unix_seconds(), &format!("{number:032x}"));
                    let answer = store.check_and_insert(nonce, now).await?;
                    ensure!(answer == Insert::Fresh, "nonce {number} was spent");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(as_f64(count) / start.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_the_second_cell() {
        let table = "\"test\",\"rps\",\"avg\"\n\"SET k 1 NX PX 9\",\"98765.43\",\"0.1\"\n";
        assert_eq!(rate_of(table), Some(98_765.43));
        assert_eq!(rate_of("\"test\"\n"), None);
        assert_eq!(rate_of(""), None);
    }
}
