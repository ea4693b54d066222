//! The file: how it is made, opened and brought to this version.

use core::time::Duration;
use std::{fs, path::Path};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::failure;
use crate::StoreError;

/// `OAu1`, for `file` and its like.
const APPLICATION: i32 = 0x4f41_7531;

/// What leads from each version to the next; the version of a file is how many it has seen.
const STEPS: [&str; VERSION as usize] = ["
    CREATE TABLE nonces (
        fingerprint BLOB PRIMARY KEY,
        until INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX nonces_by_until ON nonces (until);
    -- The highest `until` of a nonce that was removed.
    CREATE TABLE forgotten (until INTEGER NOT NULL);
    INSERT INTO forgotten VALUES (-1);

    CREATE TABLE clients (
        identifier TEXT PRIMARY KEY,
        record TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE temporaries (
        identifier TEXT PRIMARY KEY,
        expires INTEGER NOT NULL,
        record TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX temporaries_by_expiry ON temporaries (expires);

    CREATE TABLE tokens (
        identifier TEXT PRIMARY KEY,
        client TEXT NOT NULL,
        owner TEXT NOT NULL,
        created INTEGER NOT NULL,
        -- NULL: until it is revoked.
        until INTEGER,
        record TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX tokens_by_owner ON tokens (owner, created);
    CREATE INDEX tokens_by_client ON tokens (client);
    CREATE INDEX tokens_by_until ON tokens (until) WHERE until IS NOT NULL;
"];

/// The version of this crate's files.
const VERSION: u32 = 1;

/// Makes the file where there is none, and brings it to this version.
pub(super) fn create(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    make_private(path).map_err(StoreError::unavailable)?;
    let mut connection = connect(path, busy_timeout)?;
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(failure)?;
    if mode != "wal" {
        return Err(StoreError::unavailable(
            "the file cannot have a write-ahead log where it lies",
        ));
    }
    migrate(&mut connection)?;
    Ok(connection)
}

/// One more connection to a file that is there.
pub(super) fn connect(path: &Path, busy_timeout: Duration) -> Result<Connection, StoreError> {
    // No URI, so that a path is a path; no mutex, since one thread has the connection.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failure)?;
    let set = || {
        connection.busy_timeout(busy_timeout)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update_and_check(None, "secure_delete", "FAST", |_| Ok(()))
    };
    set().map_err(failure)?;
    Ok(connection)
}

/// Two processes that start at once both end up here; one of them finds nothing left to do.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failure)?;
    let pragma = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let application = pragma("application_id").map_err(failure)?;
    let version = pragma("user_version").map_err(failure)?;
    let tables: i64 = transaction
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(failure)?;
    if application != APPLICATION && (application, version, tables) != (0, 0, 0) {
        return Err(StoreError::corrupt("the file is another program's"));
    }
    let seen = usize::try_from(version).unwrap_or(usize::MAX);
    if seen > STEPS.len() {
        return Err(StoreError::corrupt(
            "a later version of this program wrote the file",
        ));
    }
    let step = || {
        for step in &STEPS[seen..] {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)
    };
    step().map_err(failure)?;
    transaction.commit().map_err(failure)
}

/// Makes the file with mode 0600, and refuses one that others may read or write: it holds secrets.
/// SQLite gives the files it puts beside it the same mode.
#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::{
        io::{Error, ErrorKind},
        os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    };

    let file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        return Err(Error::new(
            ErrorKind::PermissionDenied,
            "others than its owner may read or write the file: chmod 600 it",
        ));
    }
    Ok(())
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map(drop)
}
