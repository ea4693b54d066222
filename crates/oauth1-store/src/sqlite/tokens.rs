//! Tokens.

use alloc::{borrow::ToOwned as _, vec::Vec};

use oauth1_core::Timestamp;
use rusqlite::{Connection, params};

use super::{
    SqliteStore,
    clients::{created, record, records},
    failure, seconds,
    worker::at_once,
};
use crate::{Change, Creation, Renewal, StoreError, Token, TokenStore, records::Stored as _};

impl TokenStore for SqliteStore {
    async fn insert_token(&self, token: Token, now: Timestamp) -> Result<Creation, StoreError> {
        const FORGET: &str = "
            DELETE FROM tokens WHERE identifier IN (
                SELECT identifier FROM tokens WHERE until < ?1 ORDER BY until LIMIT 4)";
        self.write(move |connection| {
            at_once(connection, || {
                connection
                    .prepare_cached(FORGET)
                    .and_then(|mut forget| forget.execute([seconds(now)]))
                    .map_err(failure)?;
                insert(connection, &token)
            })
        })
        .await
    }

    async fn token(&self, identifier: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let identifier = identifier.to_owned();
        let token = self
            .read(move |connection| token(connection, &identifier))
            .await?;
        Ok(token.filter(|token| token.is_kept(now)))
    }

    async fn tokens_of_owner(&self, owner: &str, now: Timestamp) -> Result<Vec<Token>, StoreError> {
        const OF_OWNER: &str = "
            SELECT record FROM tokens
            WHERE owner = ?1 AND (until IS NULL OR until >= ?2) ORDER BY created, identifier";
        let owner = owner.to_owned();
        self.read(move |connection| records(connection, OF_OWNER, params![owner, seconds(now)]))
            .await
    }

    async fn revoke_token(&self, identifier: &str) -> Result<Change, StoreError> {
        let identifier = identifier.to_owned();
        self.write(move |connection| {
            Ok(match remove(connection, &identifier)? {
                0 => Change::Unknown,
                _ => Change::Done,
            })
        })
        .await
    }

    async fn revoke_tokens_of_client(&self, client: &str) -> Result<u64, StoreError> {
        let client = client.to_owned();
        self.write(move |connection| {
            let removed = connection
                .prepare_cached("DELETE FROM tokens WHERE client = ?1")
                .and_then(|mut delete| delete.execute([&client]))
                .map_err(failure)?;
            Ok(removed as u64)
        })
        .await
    }

    async fn renew_token(
        &self,
        identifier: &str,
        client: &str,
        handle: &str,
        new: Token,
        now: Timestamp,
    ) -> Result<Renewal, StoreError> {
        let identifier = identifier.to_owned();
        let (client, handle) = (client.to_owned(), handle.to_owned());
        self.write(move |connection| {
            at_once(connection, || {
                let renewable = token(connection, &identifier)?
                    .is_some_and(|token| token.renews_with(&client, &handle, now));
                if !renewable || insert(connection, &new)? == Creation::Exists {
                    return Ok(Renewal::Refused);
                }
                remove(connection, &identifier)?;
                Ok(Renewal::Renewed)
            })
        })
        .await
    }
}

pub(super) fn token(
    connection: &Connection,
    identifier: &str,
) -> Result<Option<Token>, StoreError> {
    record(
        connection,
        "SELECT record FROM tokens WHERE identifier = ?1",
        identifier,
    )
}

fn insert(connection: &Connection, token: &Token) -> Result<Creation, StoreError> {
    const INSERT: &str = "
        INSERT OR IGNORE INTO tokens (identifier, client, owner, created, until, record)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let record = token.to_text()?;
    connection
        .prepare_cached(INSERT)
        .and_then(|mut insert| {
            insert.execute(params![
                token.identifier,
                token.client,
                token.owner,
                seconds(token.created),
                token.keep_until().map(seconds),
                *record,
            ])
        })
        .map(created)
        .map_err(failure)
}

fn remove(connection: &Connection, identifier: &str) -> Result<usize, StoreError> {
    connection
        .prepare_cached("DELETE FROM tokens WHERE identifier = ?1")
        .and_then(|mut delete| delete.execute([identifier]))
        .map_err(failure)
}
