//! Temporary credentials.

use alloc::borrow::ToOwned as _;

use oauth1_core::Timestamp;
use rusqlite::{Connection, params};

use super::{
    SqliteStore,
    clients::{created, record},
    failure, seconds,
    worker::at_once,
};
use crate::{
    Approval, Creation, Decided, StoreError, Taken, Temporary, TemporaryStore,
    records::Stored as _,
    temporary::{Record, Then},
};

impl TemporaryStore for SqliteStore {
    async fn insert_temporary(
        &self,
        temporary: Temporary,
        now: Timestamp,
    ) -> Result<Creation, StoreError> {
        const FORGET: &str = "
            DELETE FROM temporaries WHERE identifier IN (
                SELECT identifier FROM temporaries WHERE expires < ?1 ORDER BY expires LIMIT 4)";
        const INSERT: &str = "
            INSERT OR IGNORE INTO temporaries (identifier, expires, record) VALUES (?1, ?2, ?3)";
        let record = Record::new(temporary);
        let text = record.to_text()?;
        self.write(move |connection| {
            at_once(connection, || {
                let insert = || {
                    (connection.prepare_cached(FORGET)?).execute([seconds(now)])?;
                    let Temporary {
                        identifier,
                        expires,
                        ..
                    } = &record.temporary;
                    (connection.prepare_cached(INSERT)?).execute(params![
                        identifier,
                        seconds(*expires),
                        *text
                    ])
                };
                insert().map(created).map_err(failure)
            })
        })
        .await
    }

    async fn temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Option<Temporary>, StoreError> {
        let identifier = identifier.to_owned();
        let record = self
            .read(move |connection| find(connection, &identifier))
            .await?;
        Ok(record
            .filter(|record| record.is_live(now))
            .map(|record| record.temporary))
    }

    async fn approve_temporary(
        &self,
        identifier: &str,
        approval: Approval,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.change_temporary(identifier, Decided::Unknown, move |record| {
            record.approve(&approval, now)
        })
        .await
    }

    async fn deny_temporary(
        &self,
        identifier: &str,
        now: Timestamp,
    ) -> Result<Decided, StoreError> {
        self.change_temporary(identifier, Decided::Unknown, move |record| record.deny(now))
            .await
    }

    async fn take_temporary(
        &self,
        identifier: &str,
        client: &str,
        verifier: &str,
        now: Timestamp,
    ) -> Result<Taken, StoreError> {
        let (client, verifier) = (client.to_owned(), verifier.to_owned());
        self.change_temporary(identifier, Taken::Unknown, move |record| {
            record.take(&client, &verifier, now)
        })
        .await
    }
}

impl SqliteStore {
    async fn change_temporary<A: Send + 'static>(
        &self,
        identifier: &str,
        unknown: A,
        change: impl FnOnce(&mut Record) -> (A, Then) + Send + 'static,
    ) -> Result<A, StoreError> {
        let identifier = identifier.to_owned();
        // Within the transaction that the writer holds, which lets nobody else write.
        self.write(move |connection| {
            let Some(mut record) = find(connection, &identifier)? else {
                return Ok(unknown);
            };
            let (answer, then) = change(&mut record);
            match then {
                Then::Keep => {}
                Then::Write => {
                    let text = record.to_text()?;
                    connection
                        .prepare_cached("UPDATE temporaries SET record = ?2 WHERE identifier = ?1")
                        .and_then(|mut update| update.execute(params![identifier, *text]))
                        .map_err(failure)?;
                }
                Then::Remove => {
                    connection
                        .prepare_cached("DELETE FROM temporaries WHERE identifier = ?1")
                        .and_then(|mut delete| delete.execute([&identifier]))
                        .map_err(failure)?;
                }
            }
            Ok(answer)
        })
        .await
    }
}

fn find(connection: &Connection, identifier: &str) -> Result<Option<Record>, StoreError> {
    record(
        connection,
        "SELECT record FROM temporaries WHERE identifier = ?1",
        identifier,
    )
}
