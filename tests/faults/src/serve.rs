//! The server: what the guide recommends, with its limits, its store and its clock as it is told.
//!
//! It says `listening PORT`, and then obeys lines of its standard input: `clock SECONDS` sets by how much
//! its clock is ahead, `counts` asks for the layer's counters as JSON. It ends with its input.

use alloc::{collections::BTreeMap, sync::Arc};
use core::{
    net::Ipv4Addr,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
    time::Duration,
};
use std::{
    io::{self, BufRead as _, Write as _},
    process,
    sync::{Mutex, PoisonError},
    thread,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use oauth1_core::{
    Timestamp,
    verify::{Limits as RequestLimits, Policy},
};
use oauth1_store::{
    NonceStore,
    memory::{MemoryCredentials, MemoryNonces, NonceBounds},
    redis::{self, RedisStore},
    sqlite::{self, SqliteStore},
};
use oauth1_tower::VerifyLayer;
use tokio::net::TcpListener;

use crate::signing::{ORIGIN, credentials};

#[path = "../../../crates/oauth1-tower/examples/limits.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "it is a program of its own, and the one that the guide shows"
)]
mod limits;

/// Where nonces are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// In the server's memory
    Memory,
    /// In a file
    Sqlite,
    /// In Redis
    Redis,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Memory, Self::Sqlite, Self::Redis];

    /// As on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite",
            Self::Redis => "redis",
        }
    }
}

/// How it serves.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where nonces are kept
    #[arg(long)]
    store: Kind,
    /// The file or the URL of the store
    #[arg(long)]
    at: Option<String>,
    /// Seconds that a timestamp may be off, to either side
    #[arg(long)]
    window: Option<u64>,
    /// How many nonces memory may hold, all of them one client's
    #[arg(long)]
    nonces: Option<usize>,
    /// Milliseconds that a store may take for an answer
    #[arg(long)]
    answer: Option<u64>,
    /// Connections at a time
    #[arg(long)]
    connections: Option<usize>,
    /// Milliseconds of a connection
    #[arg(long)]
    connection: Option<u64>,
    /// Milliseconds of a head
    #[arg(long)]
    head: Option<u64>,
    /// Milliseconds of a request
    #[arg(long)]
    request: Option<u64>,
}

impl Serve {
    /// Serves until the standard input ends.
    ///
    /// # Errors
    /// When the store cannot be opened, or no port can be had.
    pub fn run(&self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let at = || self.at.as_deref().context("where is the store?");
            let patience = self.answer.map(Duration::from_millis);
            match self.store {
                Kind::Memory => {
                    let most = self.nonces.unwrap_or(1_000_000);
                    let bounds = NonceBounds::new(most).with_one_client(most);
                    self.serve(MemoryNonces::with_bounds(bounds)?).await
                }
                Kind::Sqlite => {
                    let mut options = sqlite::Options::new();
                    if let Some(patience) = patience {
                        options = options.with_answer_timeout(patience);
                    }
                    self.serve(SqliteStore::open_with(at()?, options)?).await
                }
                Kind::Redis => {
                    let mut options = redis::Options::new();
                    if let Some(patience) = patience {
                        options = options.with_answer_timeout(patience);
                    }
                    let store = RedisStore::connect_with(at()?, options).await?;
                    self.serve(store).await
                }
            }
        })
    }

    async fn serve<N: NonceStore>(&self, nonces: N) -> Result<()> {
        let counts = Counts::default();
        if metrics::set_global_recorder(counts.clone()).is_err() {
            bail!("somebody else counts");
        }
        let ahead = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&ahead);
        let (client, token) = credentials();
        let known = MemoryCredentials::new();
        known.insert_token(&client, &token, "jane".to_owned());
        let mut policy = Policy::new();
        if let Some(window) = self.window {
            policy = policy.with_window(window);
        }
        let verify = VerifyLayer::new(ORIGIN, known, nonces)?
            .with_policy(policy)
            .with_clock(move || {
                let now = Timestamp::now().unix_seconds();
                let ahead = clock.load(Ordering::SeqCst);
                Timestamp::from_unix_seconds(now.saturating_add_signed(ahead))
            });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        say(&format!("listening {}", listener.local_addr()?.port()))?;
        thread::spawn(move || {
            // Whoever started it has gone, or wants it to go.
            let status = i32::from(obey(&counts, &ahead).is_err());
            process::exit(status);
        });
        limits::serve(listener, verify, self.limits()).await
    }

    fn limits(&self) -> limits::Limits {
        let recommended = limits::Limits::default();
        let time = |given: Option<u64>, otherwise| given.map_or(otherwise, Duration::from_millis);
        limits::Limits {
            connections: self.connections.unwrap_or(recommended.connections),
            connection: time(self.connection, recommended.connection),
            head: time(self.head, recommended.head),
            request: time(self.request, recommended.request),
            ..recommended
        }
    }
}

/// The bytes that one connection may have the server hold: a head, what is read ahead, and a form.
#[must_use]
pub fn bytes_of_a_connection() -> usize {
    // What is read grows by doubling, and a form that grows is there twice for a moment.
    2 * (limits::Limits::default().head_bytes + RequestLimits::default().form_bytes)
}

fn obey(counts: &Counts, ahead: &AtomicI64) -> Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ') {
            Some(("clock", seconds)) => {
                ahead.store(seconds.parse()?, Ordering::SeqCst);
                say(&line)?;
            }
            _ if line == "counts" => say(&counts.json()?)?,
            _ => bail!("what is {line:?}?"),
        }
    }
    Ok(())
}

fn say(line: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The layer's counters, by outcome.
#[derive(Clone, Debug, Default)]
struct Counts(Arc<Mutex<BTreeMap<String, Arc<Count>>>>);

#[derive(Debug, Default)]
struct Count(AtomicU64);

impl CounterFn for Count {
    fn increment(&self, value: u64) {
        self.0.fetch_add(value, Ordering::SeqCst);
    }

    fn absolute(&self, value: u64) {
        self.0.fetch_max(value, Ordering::SeqCst);
    }
}

impl Counts {
    fn json(&self) -> Result<String> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts: BTreeMap<_, _> = (counts.iter())
            .map(|(outcome, count)| (outcome, count.0.load(Ordering::SeqCst)))
            .collect();
        Ok(serde_json::to_string(&counts)?)
    }
}

impl Recorder for Counts {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    /// By the value of the one label that there is, or by its name where it has none.
    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let name = key
            .labels()
            .next()
            .map_or(key.name(), |label| label.value());
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get(name) {
            return Counter::from_arc(Arc::clone(count));
        }
        let count = Arc::<Count>::default();
        counts.insert(name.to_owned(), Arc::clone(&count));
        Counter::from_arc(count)
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
