//! Spent nonces in a table.

use core::sync::atomic::Ordering;

use oauth1_core::Timestamp;
use rusqlite::{Connection, params};

use super::{SqliteStore, failure, seconds, worker::at_once};
use crate::{Insert, NonceStore, SpentNonce, StoreError, records::fingerprint};

/// After so many insertions, [`PURGED`] that have expired are removed: more than come, so that none
/// stays for long, and few at a time, so that nobody waits for it.
const PURGE_AFTER: usize = 64;
const PURGED: i64 = 256;

/// One statement, so that looking and inserting are one step, for all processes. What may have been
/// removed already is not inserted, and so counts as a replay.
const INSERT: &str = "
    INSERT OR IGNORE INTO nonces (fingerprint, until)
    SELECT ?1, ?2 WHERE ?2 > (SELECT until FROM forgotten)";

impl NonceStore for SqliteStore {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        if nonce.remember_until() < now {
            return Ok(Insert::Replayed);
        }
        let count = self.0.inserted.fetch_add(1, Ordering::Relaxed);
        self.write(move |connection| {
            if count.is_multiple_of(PURGE_AFTER) {
                at_once(connection, || forget(connection, now))?;
            }
            let mut insert = connection.prepare_cached(INSERT).map_err(failure)?;
            let until = seconds(nonce.remember_until());
            let inserted = insert
                .execute(params![fingerprint(&nonce), until])
                .map_err(failure)?;
            Ok(if inserted == 1 {
                Insert::Fresh
            } else {
                Insert::Replayed
            })
        })
        .await
    }
}

fn forget(connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    // The oldest first: those of one second that are left are still known.
    const MARK: &str = "
        UPDATE forgotten SET until = max(until, (
            SELECT coalesce(max(until), -1)
            FROM (SELECT until FROM nonces WHERE until < ?1 ORDER BY until LIMIT ?2)))";
    const REMOVE: &str = "
        DELETE FROM nonces WHERE fingerprint IN (
            SELECT fingerprint FROM nonces WHERE until < ?1 ORDER BY until LIMIT ?2)";
    for statement in [MARK, REMOVE] {
        let mut statement = connection.prepare_cached(statement).map_err(failure)?;
        (statement.execute(params![seconds(now), PURGED])).map_err(failure)?;
    }
    Ok(())
}
