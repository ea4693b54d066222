//! Stores on a Redis or Valkey server or cluster: shared by any number of machines.
//!
//! ```no_run
//! # async fn connect() -> Result<(), oauth1_store::StoreError> {
//! use oauth1_store::redis::RedisStore;
//!
//! let store = RedisStore::connect("rediss://user:password@redis.example.com:6380/0").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! * A nonce costs one round trip: `SET key 1 NX PX`, which the server does in one step. All calls
//!   share one connection (one to each node of a cluster) and do not wait for one another there; to one
//!   server, those that are made at the same time go out together.
//! * It expires once its timestamp has left the window, and [`Options::clock_margin`] later: by as
//!   much may the clocks of the machines differ, or step back. The time that is left is counted by the
//!   server's own clock from then on, whatever that shows.
//! * A server that is away, slow, read-only or out of memory is [`StoreError`], never a pass. The
//!   connection is made anew as soon as it can be.
//! * Whatever else changes is changed by comparing and setting in one step (a script of some lines).
//!   Every command and script touches one key, so that a cluster needs no hash tags for it.
//!
//! # What the server must be
//!
//! Redis 6.2 or later, or Valkey.
//!
//! * **It must not evict.** A server that makes room by forgetting nonces accepts replays. Connecting
//!   is refused where `maxmemory` is set with another `maxmemory-policy` than `noeviction`; see
//!   [`Options::assume_no_eviction`] for servers that do not tell.
//! * **Without persistence** all is forgotten when the server is started anew: clients and tokens are
//!   gone, and what was sent in the last minutes can be replayed for as long as the window lets it
//!   in. With `appendonly yes` nonces survive a restart of the server; with `appendfsync everysec`,
//!   its default, those of the last second may not survive the machine's; with `always` they do.
//! * **A replica that takes over** lacks what the old primary had not sent to it yet: some
//!   milliseconds of nonces, as a rule. `WAIT` would not change that for certain and costs every
//!   request a round trip. Who cannot have it does not fail over on its own.
//! * It holds secrets in clear: give it TLS and a user of its own, which needs the commands `SET`,
//!   `GET`, `GETDEL`, `DEL`, `EVAL`, `EVALSHA`, `SCRIPT LOAD`, `ZADD`, `ZREM`, `ZRANGEBYLEX`,
//!   `ZRANGEBYSCORE`, `ZREMRANGEBYSCORE`, `INFO`, and for a cluster `CLUSTER SLOTS`.

use alloc::{format, string::String, sync::Arc, vec::Vec};
use core::{error::Error, fmt, time::Duration};

use oauth1_core::Timestamp;
use redis::{
    Cmd, ErrorKind, FromRedisValue, RedisError, RedisFuture, Script, ServerErrorKind, Value,
    aio::{ConnectionLike, ConnectionManager},
    cluster_async::ClusterConnection,
};

use crate::{Bound, StoreError};

mod batch;
mod clients;
mod connect;
mod nonces;
mod temporaries;
mod tokens;

use self::batch::Batch;
pub use self::connect::Options;

/// All that a provider keeps, or the nonces alone, on a Redis or Valkey server or cluster.
///
/// Cloning it copies a pointer. Its calls need a tokio runtime with I/O and time enabled: the one
/// that it was connected on, which drives its connection.
#[derive(Clone)]
pub struct RedisStore(Arc<Shared>);

struct Shared {
    connection: Connection,
    batch: Batch,
    prefix: String,
    answer_timeout: Duration,
    clock_margin: Duration,
    replace: Script,
}

/// Sets (or, for an empty text, removes) a key if it is as it was read. What it expires at stays.
const REPLACE: &str = "
    if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
    if ARGV[2] == '' then
        redis.call('DEL', KEYS[1])
    else
        redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
    end
    return 1";

impl RedisStore {
    /// One key for each thing that is kept.
    fn key(&self, kind: Kind, identifier: &str) -> String {
        [&self.0.prefix, kind.prefix(), identifier].concat()
    }

    /// Sends a command.
    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, StoreError> {
        let mut connection = self.0.connection.clone();
        self.in_time(command.query_async(&mut connection)).await
    }

    /// Compares and sets in one step: whether `key` still was `expected`.
    async fn replace(&self, key: &str, expected: &str, new: &str) -> Result<bool, StoreError> {
        let mut connection = self.0.connection.clone();
        let mut call = self.0.replace.key(key);
        call.arg(expected).arg(new);
        self.in_time(call.invoke_async(&mut connection)).await
    }

    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, RedisError>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(self.0.answer_timeout, answer).await {
            Ok(answer) => answer.map_err(|error| failure(&error)),
            Err(_) => Err(Self::late()),
        }
    }

    fn late() -> StoreError {
        StoreError::unavailable("the server did not answer in time")
    }

    /// How long a key lives that is needed until `last`, in milliseconds: that second included, and
    /// as much longer as clocks may differ.
    fn lifetime(&self, last: Timestamp, now: Timestamp) -> u64 {
        // The server takes no more than fits into a signed number, from now on: a thousand years do.
        const MOST: u64 = 1000 * 366 * 24 * 60 * 60;
        let seconds = (last.unix_seconds())
            .saturating_sub(now.unix_seconds())
            .saturating_add(1)
            .min(MOST);
        let margin = u64::try_from(self.0.clock_margin.as_millis()).unwrap_or(MOST);
        seconds * 1000 + margin.min(MOST)
    }
}

/// Shows no address, for one may have a password in it.
impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.0.prefix)
            .finish_non_exhaustive()
    }
}

/// What keys are of.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Nonce,
    Client,
    Temporary,
    Token,
    /// The identifiers of all clients.
    Clients,
    /// Those of an owner's tokens, by when they end.
    TokensOfOwner,
    /// Those of a client's tokens, by when they end.
    TokensOfClient,
}

impl Kind {
    /// Part of the stored form: another form would have others.
    const fn prefix(self) -> &'static str {
        match self {
            Self::Nonce => "1:nonce:",
            Self::Client => "1:client:",
            Self::Temporary => "1:temporary:",
            Self::Token => "1:token:",
            Self::Clients => "1:clients",
            Self::TokensOfOwner => "1:tokens-of-owner:",
            Self::TokensOfClient => "1:tokens-of-client:",
        }
    }
}

/// To one server, or to a cluster. Clones share it.
#[derive(Clone)]
enum Connection {
    Server(ConnectionManager),
    Cluster(ClusterConnection),
}

impl ConnectionLike for Connection {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        match self {
            Self::Server(server) => server.req_packed_command(command),
            Self::Cluster(cluster) => cluster.req_packed_command(command),
        }
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a redis::Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        match self {
            Self::Server(server) => server.req_packed_commands(pipeline, offset, count),
            Self::Cluster(cluster) => cluster.req_packed_commands(pipeline, offset, count),
        }
    }

    fn get_db(&self) -> i64 {
        match self {
            Self::Server(server) => server.get_db(),
            Self::Cluster(cluster) => cluster.get_db(),
        }
    }
}

/// What a server's refusal means.
fn failure(error: &RedisError) -> StoreError {
    let failure = Failure(if error.is_io_error() {
        format!("{error}")
    } else {
        // Its text may quote what was answered.
        let code = error.code().unwrap_or_default();
        format!("{} {code}", error.category())
    });
    match (error.kind(), error.code()) {
        (_, Some("OOM")) => StoreError::Full(Bound::Store),
        (ErrorKind::UnexpectedReturnType | ErrorKind::Parse, _) | (_, Some("WRONGTYPE")) => {
            StoreError::corrupt(failure)
        }
        (ErrorKind::Server(ServerErrorKind::CrossSlot), _) => StoreError::corrupt(failure),
        _ => StoreError::unavailable(failure),
    }
}

/// What is told of an error of the connection or the server.
#[derive(Debug)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl Error for Failure {}

#[cfg(test)]
mod tests;
