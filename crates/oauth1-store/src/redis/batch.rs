//! Commands that are given at the same time go out in one write, and come back together.
//!
//! Whoever gives the first command has a task started, which lets every other task that is ready have
//! its turn, and then sends what has been given by then. It does not wait for the answers to what was
//! sent before, so that nobody waits for more than one round trip. One timer, one write and one reading
//! are for all of them.

use alloc::vec::Vec;
use core::mem;
use std::sync::{Mutex, PoisonError};

use redis::{Cmd, Pipeline, RedisError, Value, aio::ConnectionLike as _};
use tokio::{sync::oneshot, task::yield_now, time::timeout};

use super::{RedisStore, failure};
use crate::StoreError;

/// Commands that are to be sent.
#[derive(Default)]
pub(super) struct Batch(Mutex<Vec<Asked>>);

struct Asked {
    command: Cmd,
    answer: oneshot::Sender<Result<Value, StoreError>>,
}

impl Batch {
    /// Says whether it is the first.
    fn add(&self, asked: Asked) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(asked);
        all.len() == 1
    }

    fn take(&self) -> Vec<Asked> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mem::take(&mut *all)
    }
}

impl RedisStore {
    /// Sends a command with what others send at the same time. To one server: the nodes of a cluster
    /// have nothing in common.
    pub(super) async fn ask_with_others(&self, command: Cmd) -> Result<Value, StoreError> {
        let (answer, answered) = oneshot::channel();
        if self.0.batch.add(Asked { command, answer }) {
            let sender = Sender(Some(self.clone()));
            tokio::spawn(async move {
                yield_now().await;
                sender.send().await;
            });
        }
        let gone = |_| StoreError::unavailable("the task that asks the server has ended");
        answered.await.map_err(gone)?
    }
}

/// Sends what there is to send. A runtime that ends before it could leaves nobody waiting.
struct Sender(Option<RedisStore>);

impl Drop for Sender {
    fn drop(&mut self) {
        if let Some(store) = &self.0 {
            drop(store.0.batch.take());
        }
    }
}

impl Sender {
    async fn send(mut self) {
        // What is given from now on is another's to send.
        if let Some(store) = self.0.take() {
            let asked = store.0.batch.take();
            store.send(asked).await;
        }
    }
}

impl RedisStore {
    async fn send(&self, asked: Vec<Asked>) {
        let mut pipeline = Pipeline::with_capacity(asked.len());
        let mut waiting = Vec::with_capacity(asked.len());
        for Asked { command, answer } in asked {
            // Who does not wait any more has no use for it.
            if !answer.is_closed() {
                pipeline.add_command(command);
                waiting.push(answer);
            }
        }
        let mut connection = self.0.connection.clone();
        let sent = connection.req_packed_commands(&pipeline, 0, waiting.len());
        let answered = timeout(self.0.answer_timeout, sent).await;
        let of_all = |error: &dyn Fn() -> StoreError, waiting: Vec<oneshot::Sender<_>>| {
            for answer in waiting {
                let _ = answer.send(Err(error()));
            }
        };
        match answered {
            // An answer that is missing is none: its sender is dropped.
            Ok(Ok(answers)) => {
                for (answer, value) in waiting.into_iter().zip(answers) {
                    let value = value.extract_error();
                    let _ = answer.send(value.map_err(|error: RedisError| failure(&error)));
                }
            }
            Ok(Err(error)) => of_all(&|| failure(&error), waiting),
            Err(_) => of_all(&RedisStore::late, waiting),
        }
    }
}
