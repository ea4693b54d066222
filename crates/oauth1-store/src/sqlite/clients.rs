//! Clients, and what is asked about their credentials.

use alloc::{borrow::ToOwned as _, string::String, vec::Vec};

use oauth1_core::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{SqliteStore, failure, tokens, worker::at_once};
use crate::{
    Change, Client, ClientKey, ClientStore, Creation, CredentialStore, Found, Grant, StoreError,
    provider::{Asked, found},
    records::Stored,
};

impl ClientStore for SqliteStore {
    async fn create_client(&self, client: Client) -> Result<Creation, StoreError> {
        let record = client.to_text()?;
        self.write(move |connection| {
            let inserted = connection
                .prepare_cached(
                    "INSERT OR IGNORE INTO clients (identifier, record) VALUES (?1, ?2)",
                )
                .and_then(|mut insert| insert.execute(params![client.identifier, *record]))
                .map_err(failure)?;
            Ok(created(inserted))
        })
        .await
    }

    async fn client(&self, identifier: &str) -> Result<Option<Client>, StoreError> {
        let identifier = identifier.to_owned();
        self.read(move |connection| client(connection, &identifier))
            .await
    }

    async fn clients(&self, after: Option<&str>, limit: usize) -> Result<Vec<Client>, StoreError> {
        // NULL compares with nothing; texts compare by their bytes.
        const PAGE: &str = "
            SELECT record FROM clients WHERE ?1 IS NULL OR identifier > ?1
            ORDER BY identifier LIMIT ?2";
        let after = after.map(String::from);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| records(connection, PAGE, params![after, limit]))
            .await
    }

    async fn replace_client_key(
        &self,
        identifier: &str,
        key: ClientKey,
    ) -> Result<Change, StoreError> {
        self.change_client(identifier, |client| client.key = key)
            .await
    }

    async fn revoke_client(&self, identifier: &str, now: Timestamp) -> Result<Change, StoreError> {
        self.change_client(identifier, move |client| {
            client.revoked.get_or_insert(now);
        })
        .await
    }
}

impl SqliteStore {
    async fn change_client(
        &self,
        identifier: &str,
        change: impl FnOnce(&mut Client) + Send + 'static,
    ) -> Result<Change, StoreError> {
        let identifier = identifier.to_owned();
        self.write(move |connection| {
            at_once(connection, || {
                let Some(mut client) = client(connection, &identifier)? else {
                    return Ok(Change::Unknown);
                };
                change(&mut client);
                let record = client.to_text()?;
                connection
                    .prepare_cached("UPDATE clients SET record = ?2 WHERE identifier = ?1")
                    .and_then(|mut update| update.execute(params![identifier, *record]))
                    .map_err(failure)?;
                Ok(Change::Done)
            })
        })
        .await
    }
}

impl CredentialStore for SqliteStore {
    type Grant = Grant;

    async fn find(
        &self,
        identifier: &str,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Found<Grant>, StoreError> {
        let (identifier, token) = (identifier.to_owned(), token.map(String::from));
        self.read(move |connection| {
            let client = client(connection, &identifier)?;
            let asked = match token {
                Some(token) => Asked::Token(tokens::token(connection, &token)?),
                None => Asked::Alone,
            };
            found(client, asked, now)
        })
        .await
    }
}

fn client(connection: &Connection, identifier: &str) -> Result<Option<Client>, StoreError> {
    record(
        connection,
        "SELECT record FROM clients WHERE identifier = ?1",
        identifier,
    )
}

/// The record that a statement finds for an identifier.
pub(super) fn record<T: Stored>(
    connection: &Connection,
    select: &str,
    identifier: &str,
) -> Result<Option<T>, StoreError> {
    let text = connection
        .prepare_cached(select)
        .and_then(|mut select| {
            (select.query_row([identifier], |row| row.get::<_, String>(0))).optional()
        })
        .map_err(failure)?
        .map(zeroize::Zeroizing::new);
    text.map(|text| T::from_text(&text)).transpose()
}

/// The records that a statement finds.
pub(super) fn records<T: Stored>(
    connection: &Connection,
    select: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<T>, StoreError> {
    let mut select = connection.prepare_cached(select).map_err(failure)?;
    let rows = select
        .query_map(parameters, |row| row.get::<_, String>(0))
        .map_err(failure)?;
    rows.map(|text| T::from_text(&zeroize::Zeroizing::new(text.map_err(failure)?)))
        .collect()
}

/// What `INSERT OR IGNORE` has done.
pub(super) fn created(inserted: usize) -> Creation {
    if inserted == 1 {
        Creation::Created
    } else {
        Creation::Exists
    }
}
