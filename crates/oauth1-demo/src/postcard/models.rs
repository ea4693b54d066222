//! Models: what the site keeps.

use anyhow::Result;
use oauth1_core::{ClientCredentials, TokenCredentials, flow::Authorize};
use rusqlite::{OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::Postcard;

pub(super) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS profiles (
        id INTEGER PRIMARY KEY,
        user_id TEXT NOT NULL UNIQUE,
        screen_name TEXT NOT NULL,
        token TEXT,
        token_secret TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS consumer (
        id INTEGER PRIMARY KEY CHECK (id = 1), key TEXT NOT NULL, secret TEXT NOT NULL
    ) STRICT;
";

/// Somebody who has signed in, and what signs requests for them.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(super) id: i64,
    pub(super) screen_name: String,
    /// `None` once the provider takes it no more.
    pub(crate) token: Option<TokenCredentials<'static>>,
}

/// What the session of a browser remembers from one leg to the next.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Visit {
    /// Who is signed in.
    pub(super) profile: Option<i64>,
    /// A sign-in that has begun.
    pub(super) pending: Option<Authorize>,
    /// An authorization whose code is to be typed in.
    pub(super) typed: Option<Authorize>,
}

impl Postcard {
    /// Keeps who has signed in, under the provider's number for them: names change.
    pub(super) async fn keep_profile(
        &self,
        user_id: String,
        screen_name: String,
        token: &TokenCredentials<'_>,
    ) -> Result<i64> {
        let upsert = "INSERT INTO profiles (user_id, screen_name, token, token_secret) \
                      VALUES (?1, ?2, ?3, ?4) \
                      ON CONFLICT (user_id) DO UPDATE SET screen_name = excluded.screen_name, \
                      token = excluded.token, token_secret = excluded.token_secret \
                      RETURNING id";
        let (token, secret) = (
            token.identifier().to_owned(),
            token.secret().clone().into_owned(),
        );
        let kept = self.database.run(move |connection| {
            let row = params![user_id, screen_name, token, secret.expose()];
            connection.query_row(upsert, row, |row| row.get(0))
        });
        kept.await
    }

    /// The profile of this number.
    pub(crate) async fn profile(&self, id: i64) -> Result<Option<Profile>> {
        let select = "SELECT id, screen_name, token, token_secret FROM profiles WHERE id = ?1";
        let profile = |row: &Row<'_>| {
            let token = (row.get::<_, Option<String>>(2)?).zip(row.get::<_, Option<String>>(3)?);
            Ok(Profile {
                id: row.get(0)?,
                screen_name: row.get(1)?,
                token: token.map(|(identifier, secret)| TokenCredentials::new(identifier, secret)),
            })
        };
        let found = self
            .database
            .run(move |c| c.query_row(select, [id], profile).optional());
        found.await
    }

    /// Forgets a token that is good for nothing any more.
    pub(super) async fn forget_token(&self, profile: i64) -> Result<()> {
        let update = "UPDATE profiles SET token = NULL, token_secret = NULL WHERE id = ?1";
        self.database
            .run(move |c| c.execute(update, [profile]))
            .await?;
        Ok(())
    }

    /// What the site is registered with, if it is.
    pub(crate) async fn consumer(&self) -> Result<Option<ClientCredentials<'static>>> {
        let select = "SELECT key, secret FROM consumer";
        let credentials = |row: &Row<'_>| {
            let (key, secret): (String, String) = (row.get(0)?, row.get(1)?);
            Ok(ClientCredentials::new(key, secret))
        };
        let found = self
            .database
            .run(move |c| c.query_row(select, [], credentials).optional());
        found.await
    }

    /// Keeps what the site is registered with, unless it is already; says whether it was kept.
    pub(crate) async fn keep_consumer(&self, key: String, secret: String) -> Result<bool> {
        let insert = "INSERT OR IGNORE INTO consumer (id, key, secret) VALUES (1, ?1, ?2)";
        let kept = self
            .database
            .run(move |c| c.execute(insert, params![key, secret]));
        Ok(kept.await? == 1)
    }
}
