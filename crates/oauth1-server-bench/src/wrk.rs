//! wrk, with one request for all: the bare service, and the one that verifies and remembers no nonces.

use core::time::Duration;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use oauth1_core::Timestamp;

use crate::{
    figures::{as_f64, median, microseconds, percent, processor_time},
    report::Report,
    requests::{HOST, Kind, Requests, path},
    rounds::Setting,
    servers::Server,
};

/// What wrk saw in one round, and what the server used meanwhile.
struct Seen {
    rate: f64,
    /// In seconds: at 50, 90 and 99 %.
    latencies: [f64; 3],
    /// Processor time of the server for each request, in seconds.
    each: f64,
}

/// Runs it against both in turn. Says no more than that where it is not installed.
pub(crate) fn run(servers: &[Server], setting: Setting, report: &mut Report) -> Result<()> {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("wrk is not installed (Debian: wrk)\n");
        return Ok(());
    }
    let mut seen: Vec<Vec<Seen>> = servers.iter().map(|_| Vec::new()).collect();
    for round in 0..=setting.effort.rounds {
        for (server, seen) in servers.iter().zip(&mut seen) {
            let this = once(*server, setting)?;
            // The first warms up.
            if round > 0 {
                seen.push(this);
            }
        }
    }
    report.title(&[
        "wrk, one request for all",
        "a second",
        "of bare",
        "CPU us",
        "of bare",
        "p50 us",
        "p90 us",
        "p99 us",
        "p99 x bare",
    ]);
    let Some(bare) = seen.first() else {
        return Ok(());
    };
    for (server, seen) in servers.iter().zip(&seen) {
        let of_all = |of: fn(&Seen) -> f64| median(seen.iter().map(of));
        let ratio = |of: fn(&Seen) -> f64| {
            let ratios = seen
                .iter()
                .zip(bare)
                .map(|(this, bare)| of(this) / of(bare));
            median(ratios)
        };
        report.line([
            server.name.to_owned(),
            format!("{:.0}", of_all(|seen| seen.rate)),
            percent(ratio(|seen| seen.rate)),
            microseconds(of_all(|seen| seen.each)),
            percent(1.0 / ratio(|seen| seen.each)),
            microseconds(of_all(|seen| seen.latencies[0])),
            microseconds(of_all(|seen| seen.latencies[1])),
            microseconds(of_all(|seen| seen.latencies[2])),
            format!("{:.2}", ratio(|seen| seen.latencies[2])),
        ]);
    }
    report.end();
    Ok(())
}

fn once(server: Server, setting: Setting) -> Result<Seen> {
    let requests = Requests::new(Kind::Signed, 0, 1, Timestamp::now())?;
    let header = requests.authorizations().next().context("no header")?;
    // It takes whole seconds.
    let seconds = setting.effort.round.as_secs().max(1);
    let before = processor_time();
    let output = Command::new("wrk")
        .args(["-t", "1", "-c", &setting.connections.to_string()])
        .args(["-d", &format!("{seconds}s"), "--latency"])
        .args(["-H", &format!("Host: {HOST}")])
        .arg("-H")
        .arg(format!("Authorization: {}", str::from_utf8(header)?))
        .arg(format!("http://127.0.0.1:{}{}", server.port, path()))
        .output()?;
    let used = processor_time().saturating_sub(before);
    let text = String::from_utf8_lossy(&output.stdout);
    parse(&text, used).with_context(|| format!("{}: wrk says {text:?}", server.name))
}

fn parse(text: &str, used: Duration) -> Result<Seen> {
    let word_behind = |name: &str| {
        let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
        line.and_then(|rest| rest.split_ascii_whitespace().next())
    };
    let refused = word_behind("Non-2xx or 3xx responses:");
    ensure!(refused.is_none(), "not all requests were accepted");
    let rate = word_behind("Requests/sec:").context("no rate")?;
    let answered = (text.lines())
        .find_map(|line| line.trim().split_once(" requests in ")?.0.parse().ok())
        .context("no count")?;
    ensure!(answered > 0, "nothing was answered");
    let mut latencies = [0.0; 3];
    for (latency, name) in latencies.iter_mut().zip(["50%", "90%", "99%"]) {
        let word = word_behind(name).context("no latency")?;
        *latency = seconds(word).context("a latency that is none")?;
    }
    Ok(Seen {
        rate: rate.parse()?,
        latencies,
        each: used.as_secs_f64() / as_f64(answered),
    })
}

fn seconds(text: &str) -> Option<f64> {
    let units = [("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0)];
    let (number, unit) =
        (units.iter()).find_map(|(name, unit)| Some((text.strip_suffix(name)?, unit)))?;
    Some(number.parse::<f64>().ok()? * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
Running 1s test @ http://127.0.0.1:8080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.42ms    1.02ms  20.30ms   95.12%
    Req/Sec    45.31k     3.11k   50.02k    80.00%
  Latency Distribution
     50%  950.00us
     75%    1.50ms
     90%    2.25ms
     99%    1.01s
  45120 requests in 1.00s, 5.03MB read
Requests/sec:  45118.29
Transfer/sec:      5.03MB
";

    #[test]
    fn what_wrk_says_is_understood() {
        let seen = parse(TEXT, Duration::from_micros(451_200)).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(seen.rate, 45_118.29) && close(seen.each, 1e-5));
        let expected = [950e-6, 2.25e-3, 1.01];
        assert!((seen.latencies.iter().zip(expected)).all(|(a, b)| close(*a, b)));
    }

    #[test]
    fn refused_requests_are_no_figure() {
        let refused = format!("{TEXT}  Non-2xx or 3xx responses: 3\n");
        assert!(parse(&refused, Duration::ZERO).is_err());
        assert!(parse("", Duration::ZERO).is_err());
    }
}
