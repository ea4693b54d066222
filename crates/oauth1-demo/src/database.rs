//! An SQLite file that tasks ask: the accounts of the microblog, the profiles of the application.

use alloc::sync::Arc;
use core::time::Duration;
use std::{
    fs, io,
    path::Path,
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result};
use rusqlite::Connection;

/// How long a lock of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// A file that is open. Cloning it copies a pointer.
#[derive(Clone)]
pub(crate) struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, which nobody but its owner may read: it holds secrets. `schema` makes what is not
    /// there yet.
    pub(crate) fn open(path: &Path, schema: &str) -> Result<Self> {
        let shown = path.display();
        private(path).with_context(|| format!("{shown} cannot be opened"))?;
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open(path)?;
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.execute_batch(schema)?;
            Ok(connection)
        };
        let connection = open().with_context(|| format!("{shown} cannot be used"))?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Does some work with it, on a thread that may wait.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let Self(connection) = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            // A transaction that a panic left behind is rolled back as it is dropped.
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Ok(done.await??)
    }
}

/// Makes the file where there is none, for its owner alone.
fn private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
