//! wrk beside the senders: one request, replayed as fast as it goes.

use core::{net::SocketAddr, time::Duration};
use std::{
    io::ErrorKind,
    process::{Child, Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use http::{Request, header::AUTHORIZATION};

const CONNECTIONS: u64 = 2;

#[derive(Debug)]
pub(super) struct Wrk(Child);

/// What wrk saw.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replayed {
    pub(super) answered: u64,
    pub(super) accepted: u64,
    pub(super) connections: u64,
}

impl Wrk {
    /// Starts it where it is installed.
    pub(super) fn start(
        address: SocketAddr,
        request: &Request<Vec<u8>>,
        time: Duration,
    ) -> Result<Option<Self>> {
        let header = request.headers().get(AUTHORIZATION).context("no header")?;
        let target = request.uri().path_and_query().context("no target")?;
        let child = Command::new("wrk")
            .args(["-t", "1", "-c", &CONNECTIONS.to_string()])
            .args(["-d", &format!("{}s", time.as_secs().max(1))])
            .args(["-H", &format!("Authorization: {}", header.to_str()?)])
            .arg(format!("http://{address}{target}"))
            .stdout(Stdio::piped())
            .spawn();
        match child {
            Ok(child) => Ok(Some(Self(child))),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("wrk is not installed: nothing is replayed by it");
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Waits for its end.
    pub(super) fn end(self) -> Result<Replayed> {
        let output = self.0.wait_with_output()?;
        ensure!(output.status.success(), "wrk failed: {}", output.status);
        let text = String::from_utf8_lossy(&output.stdout);
        parse(&text).with_context(|| format!("wrk says {text}"))
    }
}

fn parse(text: &str) -> Option<Replayed> {
    let lines = || text.lines().map(str::trim);
    let answered = lines().find_map(|line| line.split_once(" requests in ")?.0.parse().ok())?;
    let refused: u64 = lines()
        .find_map(|line| {
            line.strip_prefix("Non-2xx or 3xx responses: ")?
                .parse()
                .ok()
        })
        .unwrap_or(0);
    Some(Replayed {
        answered,
        accepted: u64::checked_sub(answered, refused)?,
        connections: CONNECTIONS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_counts_are_read() {
        let text = "Running 1s test\n  120 requests in 1.00s, 12KB read\n  \
            Non-2xx or 3xx responses: 119\nRequests/sec: 120\n";
        let expected = Replayed {
            answered: 120,
            accepted: 1,
            connections: CONNECTIONS,
        };
        assert_eq!(parse(text), Some(expected));
        assert_eq!(parse("unable to connect"), None);
    }
}
