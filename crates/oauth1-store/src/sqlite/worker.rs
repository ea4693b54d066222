//! A thread with a connection, and what waits for it.

use alloc::{boxed::Box, format, string::String, vec::Vec};
use core::time::Duration;
use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Options, failure};
use crate::StoreError;

/// How many calls share one transaction at most: a few milliseconds of work.
const BATCH: usize = 256;

/// Where calls are sent to. The thread ends when it is dropped.
pub(super) struct Worker {
    calls: mpsc::Sender<Box<dyn Call>>,
    patience: Duration,
}

impl Worker {
    /// A thread that runs what it is given in transactions, as many calls in each as have come.
    pub(super) fn writes(connection: Connection, options: Options) -> Result<Self, StoreError> {
        Self::start(options, move |first, calls| {
            let mut batch = Vec::with_capacity(BATCH);
            batch.push(first);
            while batch.len() < BATCH {
                let Ok(call) = calls.try_recv() else { break };
                batch.push(call);
            }
            // Whoever no longer waits for an answer had better not spend a nonce.
            batch.retain(|call| call.is_awaited());
            if batch.is_empty() {
                return;
            }
            let outcome = in_transaction(&connection, &mut batch);
            for call in batch {
                call.answer(outcome.as_ref().copied().map_err(String::as_str));
            }
        })
    }

    /// A thread that runs what it is given, one after the other.
    pub(super) fn reads(connection: Connection, options: Options) -> Result<Self, StoreError> {
        Self::start(options, move |mut call, _| {
            if call.is_awaited() {
                call.run(&connection);
                call.answer(Ok(()));
            }
        })
    }

    fn start(
        options: Options,
        mut serve: impl FnMut(Box<dyn Call>, &mut mpsc::Receiver<Box<dyn Call>>) + Send + 'static,
    ) -> Result<Self, StoreError> {
        let (sender, mut calls) = mpsc::channel(options.queue.max(1));
        thread::Builder::new()
            .name("oauth1-sqlite".into())
            .spawn(move || {
                while let Some(call) = calls.blocking_recv() {
                    serve(call, &mut calls);
                }
            })
            .map_err(StoreError::unavailable)?;
        Ok(Self {
            calls: sender,
            patience: options.answer_timeout,
        })
    }

    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, answer) = oneshot::channel();
        let call = Box::new(Waiting {
            work: Some(work),
            outcome: None,
            sender,
        });
        (self.calls.try_send(call)).map_err(|error| {
            StoreError::unavailable(match error {
                mpsc::error::TrySendError::Full(_) => "too many calls wait for the file",
                mpsc::error::TrySendError::Closed(_) => GONE,
            })
        })?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(StoreError::unavailable(GONE)),
            Err(_) => Err(StoreError::unavailable("the file was not reached in time")),
        }
    }
}

const GONE: &str = "the thread of the file has ended";

/// All of them, or none. The lock is taken at the start (`IMMEDIATE`): waiting for it later, after
/// something was read, would be a deadlock.
fn in_transaction(connection: &Connection, batch: &mut [Box<dyn Call>]) -> Result<(), String> {
    let run = |statement| {
        (connection.prepare_cached(statement))
            .and_then(|mut prepared| prepared.execute([]))
            .map_err(|error| format!("{statement}: {error}"))
    };
    run("BEGIN IMMEDIATE")?;
    for call in batch {
        call.run(connection);
        if connection.is_autocommit() {
            // What comes next would be done alone, and all would be told that it failed.
            return Err("the transaction was rolled back: is the disk full?".into());
        }
    }
    let committed = run("COMMIT");
    if !connection.is_autocommit() {
        // It would hold the lock for ever.
        let _ = run("ROLLBACK");
    }
    committed.map(drop)
}

/// Something to do, and somebody who waits for it.
trait Call: Send {
    /// Whether anybody still waits.
    fn is_awaited(&self) -> bool;

    /// Does it, and keeps the outcome.
    fn run(&mut self, connection: &Connection);

    /// Tells the outcome, or why there is none.
    fn answer(self: Box<Self>, committed: Result<(), &str>);
}

struct Waiting<T, W> {
    work: Option<W>,
    outcome: Option<Result<T, StoreError>>,
    sender: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, W> Call for Waiting<T, W>
where
    T: Send,
    W: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn is_awaited(&self) -> bool {
        !self.sender.is_closed()
    }

    fn run(&mut self, connection: &Connection) {
        self.outcome = self.work.take().map(|work| work(connection));
    }

    fn answer(self: Box<Self>, committed: Result<(), &str>) {
        let answer = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::unavailable(GONE)),
            (Err(why), _) => Err(StoreError::unavailable(why)),
        };
        // Nobody waits any more: nobody is told.
        let _ = self.sender.send(answer);
    }
}

/// Runs several statements so that either all are done or none, whatever else the transaction holds.
pub(super) fn at_once<T>(
    connection: &Connection,
    work: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let run = |statement| {
        (connection.prepare_cached(statement))
            .and_then(|mut prepared| prepared.execute([]))
            .map_err(failure)
    };
    run("SAVEPOINT call")?;
    let outcome = work();
    if outcome.is_err() {
        run("ROLLBACK TO call")?;
    }
    run("RELEASE call")?;
    outcome
}
