//! One of those who send: two connections, one request on each at a time.

use alloc::sync::Arc;
use core::{net::SocketAddr, time::Duration};
use std::{io, thread, time::Instant};

use anyhow::Result;
use oauth1_core::Timestamp;

use super::{
    books::{Books, Kept},
    clock,
};
use crate::{
    hostile::{self, Attacker},
    signing::{Shape, Signatory, bytes},
    wire::{Answer, Connection},
};

pub(super) struct Sender {
    pub(super) address: SocketAddr,
    pub(super) books: Arc<Books>,
    /// In seconds.
    pub(super) window: u64,
    pub(super) until: Instant,
    /// The time between two of its requests.
    pub(super) pause: Duration,
    pub(super) seed: u64,
}

impl Sender {
    /// Sends until the time is over.
    pub(super) fn run(&self) -> Result<()> {
        let (own, attacker) = (Signatory::new(), Attacker::new());
        let mut chance = Chance(self.seed);
        let mut connections = [self.open()?, self.open()?];
        let mut due = clock();
        while due < self.until {
            match chance.below(100) {
                // Twice at once: one of them is accepted.
                0..10 => {
                    let kept = self.valid(&own, &mut chance)?;
                    self.ask_both(&mut connections, kept)?;
                    due += self.pause;
                }
                10..65 => {
                    let kept = self.valid(&own, &mut chance)?;
                    let answer = self.ask(&mut connections[0], &kept.bytes)?;
                    self.books.valid(&kept, answer);
                    if chance.below(4) == 0 {
                        self.replay(&mut connections[0], "replayed at once", &kept)?;
                        due += self.pause;
                    }
                    self.books.keep(kept);
                }
                65..80 => {
                    if let Some(kept) = self.books.recent(chance.next()) {
                        self.replay(&mut connections[1], "replayed later", &kept)?;
                    }
                }
                80 => {
                    if let Some(kept) = self.books.expired(now().saturating_sub(self.window)) {
                        self.replay(&mut connections[1], "replayed after its time", &kept)?;
                    }
                }
                _ => {
                    let kind = &hostile::ALL[chance.below(hostile::ALL.len())];
                    let bytes = attacker.make(kind, self.books.number(), now())?;
                    let answer = self.ask(&mut connections[1], &bytes)?;
                    self.books.hostile(kind, answer);
                }
            }
            due += self.pause;
            let now = clock();
            // Who is late catches up a little, and not for ever.
            due = due.max(now.checked_sub(Duration::from_secs(1)).unwrap_or(now));
            thread::sleep(due.saturating_duration_since(now));
        }
        Ok(())
    }

    fn open(&self) -> Result<Connection> {
        Ok(Connection::open(self.address)?)
    }

    /// A new one, signed now.
    fn valid(&self, own: &Signatory, chance: &mut Chance) -> Result<Kept> {
        let shape = Shape::ALL[chance.below(Shape::ALL.len())];
        let timestamp = now();
        let request = own.sign(shape, self.books.number(), timestamp)?;
        Ok(Kept {
            bytes: bytes(&request).into(),
            timestamp,
        })
    }

    fn ask(&self, connection: &mut Connection, bytes: &[u8]) -> Result<io::Result<Answer>> {
        let answer = connection.ask(bytes);
        if connection.closes() || answer.is_err() {
            *connection = self.open()?;
        }
        Ok(answer)
    }

    fn ask_both(&self, connections: &mut [Connection; 2], kept: Kept) -> Result<()> {
        for connection in connections.iter_mut() {
            connection.send(&kept.bytes)?;
        }
        let answers = [connections[0].answer(), connections[1].answer()];
        for (connection, answer) in connections.iter_mut().zip(&answers) {
            if connection.closes() || answer.is_err() {
                *connection = self.open()?;
            }
        }
        self.books.twins(&kept, answers);
        self.books.keep(kept);
        Ok(())
    }

    fn replay(&self, connection: &mut Connection, name: &'static str, kept: &Kept) -> Result<()> {
        let sent = now();
        let answer = self.ask(connection, &kept.bytes)?;
        let (first, last) = (sent, now());
        let end = kept.timestamp + self.window;
        self.books
            .replay(name, kept, answer, (last <= end, first > end));
        Ok(())
    }
}

fn now() -> u64 {
    Timestamp::now().unix_seconds()
}

/// Numbers that look like chance, and are the same for the same seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(1).max(1);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }
}
