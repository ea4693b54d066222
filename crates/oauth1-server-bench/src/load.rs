//! The process that sends the requests.
//!
//! It signs them, connects, says `ready`, waits for a line, and then sends one request on each
//! connection as soon as the answer to the one before is there, until the time is over; then it says
//! what it saw.

use alloc::{collections::BTreeMap, rc::Rc};
use core::{cell::RefCell, time::Duration};
use std::{
    env,
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail, ensure};
use clap::{Args, ValueEnum as _};
use oauth1_core::Timestamp;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::LocalSet,
};

use crate::{
    figures::{as_f64, now as clock, processor_time},
    requests::{Kind, Requests},
};

/// What is sent where.
#[derive(Clone, Debug, Args)]
pub(crate) struct Load {
    #[arg(long)]
    pub(crate) port: u16,
    #[arg(long)]
    pub(crate) kind: Kind,
    /// The number of the first nonce
    #[arg(long)]
    pub(crate) first: u64,
    /// When they are signed, in Unix seconds
    #[arg(long)]
    pub(crate) now: u64,
    /// How many requests are signed; as many of them as can be in time are sent
    #[arg(long)]
    pub(crate) most: u64,
    #[arg(long)]
    pub(crate) connections: usize,
    #[arg(long)]
    pub(crate) milliseconds: u64,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Requests answered.
    pub(crate) answered: u64,
    pub(crate) seconds: f64,
    /// How often each status came.
    pub(crate) statuses: BTreeMap<u16, u64>,
    /// In seconds: at 50, 90, 99 and 99.9 %.
    pub(crate) latencies: [f64; 4],
    /// What the process of the caller used meanwhile.
    pub(crate) used: Duration,
}

impl Outcome {
    pub(crate) fn rate(&self) -> f64 {
        as_f64(self.answered) / self.seconds
    }

    /// Processor time of the server for each request, in seconds.
    pub(crate) fn each(&self) -> f64 {
        self.used.as_secs_f64() / as_f64(self.answered)
    }

    /// An error unless all answers had this status.
    pub(crate) fn expect(&self, status: u16) -> Result<()> {
        let statuses = &self.statuses;
        ensure!(
            statuses.len() == 1 && statuses.contains_key(&status),
            "not all answers had status {status}: {statuses:?}"
        );
        Ok(())
    }
}

const PERCENTILES: [f64; 4] = [0.5, 0.9, 0.99, 0.999];

impl Load {
    /// Starts a process that does so, and waits for it. Only its own time counts as the caller's.
    pub(crate) fn send(&self) -> Result<Outcome> {
        let mut sender = Sender::start(self)?;
        let before = processor_time();
        let answer = sender.go()?;
        let used = processor_time().saturating_sub(before);
        sender.end()?;
        let number = |name: &str| answer[name].as_f64().with_context(|| name.to_owned());
        let statuses = answer["statuses"].as_object().context("statuses")?;
        let latencies = answer["latencies"].as_array().context("latencies")?;
        let mut outcome = Outcome {
            answered: answer["answered"].as_u64().context("answered")?,
            seconds: number("seconds")?,
            statuses: BTreeMap::new(),
            latencies: [f64::NAN; 4],
            used,
        };
        for (status, count) in statuses {
            outcome
                .statuses
                .insert(status.parse()?, count.as_u64().unwrap_or(0));
        }
        for (kept, latency) in outcome.latencies.iter_mut().zip(latencies) {
            *kept = latency.as_f64().unwrap_or(f64::NAN);
        }
        ensure!(outcome.answered > 0, "nothing was answered");
        Ok(outcome)
    }

    fn arguments(&self) -> [String; 15] {
        let kind = self.kind.to_possible_value();
        let kind = kind.map_or_else(String::new, |kind| kind.get_name().to_owned());
        [
            "load".into(),
            "--port".into(),
            self.port.to_string(),
            "--kind".into(),
            kind,
            "--first".into(),
            self.first.to_string(),
            "--now".into(),
            self.now.to_string(),
            "--most".into(),
            self.most.to_string(),
            "--connections".into(),
            self.connections.to_string(),
            "--milliseconds".into(),
            self.milliseconds.to_string(),
        ]
    }

    /// What the process does.
    pub(crate) fn run(&self) -> Result<()> {
        let now = Timestamp::from_unix_seconds(self.now);
        let requests = Requests::new(self.kind, self.first, self.most, now)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let seen = LocalSet::new().block_on(&runtime, self.all(Rc::new(requests)))?;
        println!("{}", seen.json());
        Ok(())
    }

    async fn all(&self, requests: Rc<Requests>) -> Result<Seen> {
        let mut streams = Vec::new();
        for _ in 0..self.connections {
            let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.set_nodelay(true)?;
            streams.push(stream);
        }
        println!("ready");
        io::stdout().flush()?;
        let mut line = String::new();
        io::stdin().read_line(&mut line)?;

        let start = clock();
        let shared = Rc::new(RefCell::new(Seen::default()));
        let until = start + Duration::from_millis(self.milliseconds);
        let connections: Vec<_> = (streams.into_iter())
            .map(|stream| {
                let (requests, shared) = (Rc::clone(&requests), Rc::clone(&shared));
                tokio::task::spawn_local(one(stream, requests, shared, until))
            })
            .collect();
        for connection in connections {
            connection.await??;
        }
        let mut seen = shared.take();
        seen.elapsed = start.elapsed();
        Ok(seen)
    }
}

/// What the process saw.
#[derive(Debug, Default)]
struct Seen {
    next: usize,
    elapsed: Duration,
    statuses: BTreeMap<u16, u64>,
    latencies: Vec<Duration>,
}

impl Seen {
    fn json(mut self) -> Value {
        self.latencies.sort_unstable();
        let at = |share: f64| {
            let last = self.latencies.len().checked_sub(1)?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_precision_loss,
                clippy::cast_sign_loss,
                reason = "an index of a slice, between its first and its last"
            )]
            let at = (last as f64 * share).round() as usize;
            Some(self.latencies[at].as_secs_f64())
        };
        let statuses: serde_json::Map<_, _> = (self.statuses.iter())
            .map(|(status, count)| (status.to_string(), json!(count)))
            .collect();
        json!({
            "answered": self.latencies.len(),
            "seconds": self.elapsed.as_secs_f64(),
            "statuses": statuses,
            "latencies": PERCENTILES.map(at),
        })
    }
}

async fn one(
    mut stream: TcpStream,
    requests: Rc<Requests>,
    seen: Rc<RefCell<Seen>>,
    until: Instant,
) -> Result<()> {
    let mut answer = Vec::with_capacity(4096);
    let mut now = clock();
    while now < until {
        let at = {
            let mut seen = seen.borrow_mut();
            seen.next += 1;
            seen.next - 1
        };
        // All that were signed have been sent.
        let Some(request) = requests.get(at) else {
            break;
        };
        let sent = now;
        stream.write_all(request).await?;
        answer.clear();
        let status = loop {
            ensure!(
                stream.read_buf(&mut answer).await? > 0,
                "the server closed the connection"
            );
            if let Some(status) = complete(&answer)? {
                break status;
            }
        };
        now = clock();
        let mut seen = seen.borrow_mut();
        *seen.statuses.entry(status).or_default() += 1;
        seen.latencies.push(now - sent);
    }
    Ok(())
}

/// The status of an answer, once all of it is there. It is read as fast as can be: while the sender looks
/// for the end of one, the server waits for its next, and pays for being woken.
fn complete(answer: &[u8]) -> Result<Option<u16>> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut head = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(end) = head.parse(answer)? else {
        return Ok(None);
    };
    let length = (head.headers.iter())
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .context("an answer without a length")?;
    let length: usize = str::from_utf8(length.value)?.parse()?;
    Ok(head.code.filter(|_| answer.len() >= end + length))
}

/// The other process, as this one sees it.
struct Sender {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Sender {
    fn start(load: &Load) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(load.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = child.stdin.take().context("no input")?;
        let output = child.stdout.take().context("no output")?;
        let mut sender = Self {
            child,
            input,
            output: BufReader::new(output),
        };
        let ready = sender.line()?;
        ensure!(ready.trim() == "ready", "the sender says {ready:?}");
        Ok(sender)
    }

    fn go(&mut self) -> Result<Value> {
        self.input.write_all(b"go\n")?;
        Ok(serde_json::from_str(&self.line()?)?)
    }

    fn end(mut self) -> Result<()> {
        ensure!(self.child.wait()?.success(), "the sender failed");
        Ok(())
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            bail!("the sender has ended: {}", self.child.wait()?);
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_or_not() {
        let whole = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 3\r\n\r\nno\n";
        for end in 0..whole.len() {
            assert_eq!(complete(&whole[..end]).unwrap(), None);
        }
        assert_eq!(complete(whole).unwrap(), Some(401));
        assert!(complete(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn percentiles_are_of_what_was_seen() {
        let seen = Seen {
            latencies: (0..=1000).rev().map(Duration::from_secs).collect(),
            statuses: BTreeMap::from([(200, 1001)]),
            ..Seen::default()
        };
        let json = seen.json();
        assert_eq!(json["latencies"], json!([500.0, 900.0, 990.0, 999.0]));
        assert_eq!(json["answered"], 1001);
        assert_eq!(json["statuses"]["200"], 1001);
    }
}
