//! Stores in one SQLite file: they survive a crash, and the processes of one machine share them.
//!
//! # What is promised
//!
//! * What was answered is on the disk: `journal_mode = WAL`, `synchronous = FULL`. A nonce that was
//!   answered with [`Insert::Fresh`] is known after `kill -9`, and after the power fails if the disk
//!   keeps its word. `NORMAL` would save the wait for the disk, and lose the last nonces with the
//!   power: a replay within the window would then be accepted.
//! * That wait is shared: one thread writes, takes all that has come meanwhile into one transaction
//!   and answers once that is committed. More requests at a time cost hardly more waits.
//! * No thread of the async runtime ever waits for the disk. SQLite lets one writer in at a time, so
//!   that a pool of blocking threads would only wait for one another: there is one thread with one
//!   connection that writes, and some that read. Statements are prepared once for each.
//! * A file that is locked for longer than [`Options::busy_timeout`], a full disk, and a thread that
//!   has more than [`Options::queue`] waiting for it are [`StoreError::Unavailable`].
//! * The file is created with mode 0600, and one that others may read or write is refused: it holds
//!   secrets. What is deleted is overwritten (`secure_delete`).
//!
//! The file must be on a disk of this machine: WAL does not work over a network. Processes of several
//! machines share a [Redis or Valkey](crate#which-store) server instead.
//!
//! ```no_run
//! # fn main() -> Result<(), oauth1_store::StoreError> {
//! let store = oauth1_store::sqlite::SqliteStore::open("oauth1.sqlite3")?;
//! # Ok(())
//! # }
//! ```

use alloc::{sync::Arc, vec::Vec};
use core::{
    fmt,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::path::Path;

use rusqlite::{Connection, ErrorCode};

use self::worker::Worker;
#[cfg(doc)]
use crate::Insert;
use crate::StoreError;

mod clients;
mod nonces;
mod schema;
mod temporaries;
mod tokens;
mod worker;

/// How a [`SqliteStore`] is opened.
///
/// ```
/// use core::time::Duration;
/// use oauth1_store::sqlite::Options;
///
/// let options = Options::new().with_busy_timeout(Duration::from_millis(500));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How long a lock of another process is waited for: two seconds.
    pub busy_timeout: Duration,
    /// How long a caller waits for an answer, the queue included: five seconds.
    pub answer_timeout: Duration,
    /// How many calls may wait for a thread: 4,096.
    pub queue: usize,
    /// How many threads read: two.
    pub readers: usize,
}

impl Options {
    /// What the fields name.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            busy_timeout: Duration::from_secs(2),
            answer_timeout: Duration::from_secs(5),
            queue: 4096,
            readers: 2,
        }
    }

    /// With another time to wait for a lock.
    #[must_use]
    pub const fn with_busy_timeout(self, busy_timeout: Duration) -> Self {
        Self {
            busy_timeout,
            ..self
        }
    }

    /// With another time to wait for an answer.
    #[must_use]
    pub const fn with_answer_timeout(self, answer_timeout: Duration) -> Self {
        Self {
            answer_timeout,
            ..self
        }
    }

    /// With another number of calls that may wait; one at least.
    #[must_use]
    pub const fn with_queue(self, queue: usize) -> Self {
        Self { queue, ..self }
    }

    /// With another number of threads that read; one at least.
    #[must_use]
    pub const fn with_readers(self, readers: usize) -> Self {
        Self { readers, ..self }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// All that a provider keeps, or the nonces alone, in one SQLite file.
///
/// Cloning it copies a pointer. Its calls need a tokio runtime with time enabled.
#[derive(Clone)]
pub struct SqliteStore(Arc<Shared>);

struct Shared {
    writer: Worker,
    readers: Vec<Worker>,
    next_reader: AtomicUsize,
    /// Insertions of nonces so far: every so often the expired ones are removed.
    inserted: AtomicUsize,
}

impl SqliteStore {
    /// Opens the file, and makes it where there is none.
    ///
    /// It reads and writes the file before it returns: to be called before the server starts.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the file cannot be opened, or others than its owner may read
    /// or write it; [`StoreError::Corrupt`] when it is another program's or a later version's.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, Options::new())
    }

    /// Opens the file with other options.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let writer = schema::create(path, options.busy_timeout)?;
        let readers = (0..options.readers.max(1))
            .map(|_| {
                let connection = schema::connect(path, options.busy_timeout)?;
                (connection.pragma_update(None, "query_only", true)).map_err(failure)?;
                Worker::reads(connection, options)
            })
            .collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Shared {
            writer: Worker::writes(writer, options)?,
            readers,
            next_reader: AtomicUsize::new(0),
            inserted: AtomicUsize::new(0),
        })))
    }

    /// Runs in a transaction with what others write at this time; what it answers is told once that
    /// is committed.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.writer.call(work).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = self.0.next_reader.fetch_add(1, Ordering::Relaxed);
        let reader = &self.0.readers[turn % self.0.readers.len()];
        reader.call(work).await
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").finish_non_exhaustive()
    }
}

/// What SQLite's refusal means. Its messages name tables and columns, never what is in them.
fn failure(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::corrupt(error),
        _ => StoreError::unavailable(error),
    }
}

/// Seconds as SQLite has integers: what is beyond is as good as never.
fn seconds(timestamp: oauth1_core::Timestamp) -> i64 {
    i64::try_from(timestamp.unix_seconds()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
