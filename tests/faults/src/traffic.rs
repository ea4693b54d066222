//! A load that goes on while something breaks, and the books of it.
//!
//! Threads send fresh requests, the same ones again, and some twice at once. Whatever happens, the books
//! must hold: no request is accepted twice, and nothing but a replay is called one.

use alloc::sync::Arc;
use core::{
    net::SocketAddr,
    sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    time::Duration,
};
use std::{
    io,
    sync::{Condvar, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use oauth1_core::Timestamp;

use crate::{
    process::Server,
    signing::{Shape, Signatory, bytes},
    wire::{Answer, Connection, is_closed},
};

/// How long something is waited for that must happen.
const PATIENCE: Duration = Duration::from_secs(120);

/// How the answers may be, besides 200 to what is new and `401 nonce_used` to what is not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    /// 503.
    pub unavailable: bool,
    /// 401 to what is new: the clock of the server is another, or was.
    pub refused: bool,
    /// None, where the server has cut the connection off: the request is then sent again.
    pub cut: bool,
}

/// How often what was answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// 200.
    pub accepted: u64,
    /// 401.
    pub refused: u64,
    /// 503.
    pub unavailable: u64,
}

/// A load that goes on until it is stopped.
#[derive(Debug)]
pub struct Traffic {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<Result<()>>>,
}

#[derive(Debug)]
struct Shared {
    address: SocketAddr,
    allowed: Allowed,
    stop: AtomicBool,
    /// By how much the clock of the clients is ahead.
    ahead: AtomicI64,
    next: AtomicU64,
    books: Mutex<Books>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Books {
    counts: Counts,
    sent: Vec<Sent>,
    /// The first thing that must not be.
    wrong: Option<String>,
}

/// A request, and what became of it.
#[derive(Clone, Debug)]
struct Sent {
    bytes: Vec<u8>,
    /// How often it has been sent.
    times: u32,
    accepted: u32,
}

impl Traffic {
    /// Starts threads, each of which sends one request after the other.
    #[must_use]
    pub fn start(server: &Server, threads: usize, allowed: Allowed) -> Self {
        let shared = Arc::new(Shared {
            address: server.address(),
            allowed,
            stop: AtomicBool::new(false),
            ahead: AtomicI64::new(0),
            next: AtomicU64::new(0),
            books: Mutex::default(),
            changed: Condvar::new(),
        });
        let threads = (0..threads)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    let outcome = shared.send();
                    if let Err(error) = &outcome {
                        shared.complain(format!("{error:#}"));
                    }
                    outcome
                })
            })
            .collect();
        Self { shared, threads }
    }

    /// Sets by how many seconds the clock of the clients is ahead.
    pub fn set_clock(&self, seconds: i64) {
        self.shared.ahead.store(seconds, Ordering::SeqCst);
    }

    /// What was answered so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.books().counts
    }

    /// Waits until so many more have been answered with 200, 401 and 503.
    ///
    /// # Errors
    /// When that does not happen, or something else does that must not.
    pub fn wait_for(&self, accepted: u64, refused: u64, unavailable: u64) -> Result<()> {
        let mut books = self.shared.books();
        let before = books.counts;
        loop {
            if let Some(wrong) = &books.wrong {
                bail!("{wrong}");
            }
            let now = books.counts;
            if now.accepted >= before.accepted + accepted
                && now.refused >= before.refused + refused
                && now.unavailable >= before.unavailable + unavailable
            {
                return Ok(());
            }
            let waited = self.shared.changed.wait_timeout(books, PATIENCE);
            let (again, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            books = again;
            ensure!(
                !timeout.timed_out(),
                "no answers any more: {:?}",
                books.counts
            );
        }
    }

    /// Stops it, and replays each request that was accepted, once.
    ///
    /// # Errors
    /// When one of them is accepted again, or something was wrong before.
    pub fn end(self) -> Result<Counts> {
        self.shared.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().map_err(|_| anyhow!("a thread died"))??;
        }
        let books = core::mem::take(&mut *self.shared.books());
        if let Some(wrong) = books.wrong {
            bail!("{wrong}");
        }
        let mut connection = Connection::open(self.shared.address)?;
        for (number, sent) in books.sent.iter().enumerate() {
            let answer = self.shared.replay(&mut connection, &sent.bytes)?;
            let right = match (sent.accepted, answer.status) {
                (1, 401) => true,
                // Of what was answered with 503 nobody knows whether it is spent.
                (0, status) => matches!(status, 200 | 401),
                _ => false,
            };
            ensure!(
                right,
                "request {number}, accepted {} times before, is answered with {answer}",
                sent.accepted
            );
            self.shared.renew(&mut connection)?;
        }
        Ok(books.counts)
    }
}

impl Shared {
    fn books(&self) -> std::sync::MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn complain(&self, wrong: String) {
        self.books().wrong.get_or_insert(wrong);
        self.changed.notify_all();
    }

    fn send(&self) -> Result<()> {
        let signatory = Signatory::new();
        let mut connections = [
            Connection::open(self.address)?,
            Connection::open(self.address)?,
        ];
        while !self.stop.load(Ordering::SeqCst) {
            let turn = self.next.fetch_add(1, Ordering::SeqCst);
            match turn % 4 {
                // An earlier one again, from far back or from just now.
                1 => {
                    let known = self.books().sent.len();
                    if let Some(last) = known.checked_sub(1) {
                        let back = (usize::try_from(turn)? * 7919) % known.min(1000);
                        self.ask(&mut connections[..1], last - back)?;
                    }
                }
                // A new one, twice at once.
                2 => {
                    let number = self.sign(&signatory, turn)?;
                    self.ask(&mut connections, number)?;
                }
                _ => {
                    let number = self.sign(&signatory, turn)?;
                    self.ask(&mut connections[..1], number)?;
                }
            }
        }
        Ok(())
    }

    /// A new request, and its number.
    fn sign(&self, signatory: &Signatory, turn: u64) -> Result<usize> {
        let now = Timestamp::now().unix_seconds();
        let now = now.saturating_add_signed(self.ahead.load(Ordering::SeqCst));
        let shape = Shape::ALL[usize::try_from(turn / 4)? % Shape::ALL.len()];
        let request = signatory.sign(shape, turn, now)?;
        let mut books = self.books();
        books.sent.push(Sent {
            bytes: bytes(&request),
            times: 0,
            accepted: 0,
        });
        Ok(books.sent.len() - 1)
    }

    /// Sends it on each of the connections before an answer is read.
    fn ask(&self, connections: &mut [Connection], number: usize) -> Result<()> {
        let bytes = {
            let mut books = self.books();
            let sent = books.sent.get_mut(number).context("no such request")?;
            sent.times += u32::try_from(connections.len())?;
            sent.bytes.clone()
        };
        let sent: Vec<_> = (connections.iter_mut())
            .map(|connection| connection.send(&bytes))
            .collect();
        for (connection, sent) in connections.iter_mut().zip(sent) {
            let answer = sent.and_then(|()| connection.answer());
            if answer.is_err() {
                // It may be that it was accepted and nobody heard of it: what comes next is a replay.
                self.sent_again(number)?;
            }
            let answer = self.or_again(answer, connection, &bytes)?;
            self.note(number, &answer)?;
            self.renew(connection)?;
        }
        Ok(())
    }

    /// Sends what was sent before, until a store has answered: on a machine that is busy, one that works
    /// may be late as well.
    fn replay(&self, connection: &mut Connection, bytes: &[u8]) -> Result<Answer> {
        let mut tries = 0..100;
        loop {
            let answer = connection.ask(bytes);
            let answer = self.or_again(answer, connection, bytes)?;
            let is_final = answer.status != 503 || !self.allowed.unavailable;
            if is_final || tries.next().is_none() {
                return Ok(answer);
            }
        }
    }

    /// The answer, or the one that comes when the request is sent again.
    fn or_again(
        &self,
        answer: io::Result<Answer>,
        connection: &mut Connection,
        bytes: &[u8],
    ) -> Result<Answer> {
        match answer {
            Err(error) if self.allowed.cut && is_closed(&error) => {
                *connection = Connection::open(self.address)?;
                Ok(connection.ask(bytes)?)
            }
            answer => Ok(answer?),
        }
    }

    /// A connection on which the server answers no more is another.
    fn renew(&self, connection: &mut Connection) -> Result<()> {
        if connection.closes() {
            *connection = Connection::open(self.address)?;
        }
        Ok(())
    }

    fn sent_again(&self, number: usize) -> Result<()> {
        let mut books = self.books();
        let sent = books.sent.get_mut(number).context("no such request")?;
        sent.times += 1;
        Ok(())
    }

    fn note(&self, number: usize, answer: &Answer) -> Result<()> {
        let mut books = self.books();
        let books = &mut *books;
        let sent = books.sent.get_mut(number).context("no such request")?;
        match (answer.status, answer.problem.as_str()) {
            (200, _) => {
                sent.accepted += 1;
                books.counts.accepted += 1;
                ensure!(sent.accepted == 1, "request {number} was accepted twice");
            }
            (401, "nonce_used" | "timestamp_refused") if self.allowed.refused => {
                books.counts.refused += 1;
            }
            (401, "nonce_used") if sent.times > 1 => books.counts.refused += 1,
            (503, _) if self.allowed.unavailable => books.counts.unavailable += 1,
            _ => bail!(
                "request {number}, sent {} times, is answered with {answer}",
                sent.times
            ),
        }
        self.changed.notify_all();
        Ok(())
    }
}
