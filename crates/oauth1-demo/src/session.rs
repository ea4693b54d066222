//! The session of a browser: a cookie that is signed and holds a random name, and what is kept under
//! that name on this side.

use alloc::sync::Arc;

use anyhow::{Context as _, Result};
use axum_extra::extract::cookie::{Cookie, Key, SameSite, SignedCookieJar};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use oauth1_core::Timestamp;
use rusqlite::{OptionalExtension as _, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::database::Database;

/// How long a session lasts that nobody ends, in seconds: a week.
const LIFETIME: u64 = 7 * 24 * 60 * 60;

/// The tables that sessions need.
pub(crate) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY, data TEXT NOT NULL, until INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS cookie_key (id INTEGER PRIMARY KEY CHECK (id = 1), key BLOB NOT NULL) STRICT;
";

/// Keeps the sessions of one site.
#[derive(Clone)]
pub(crate) struct Sessions(Arc<Inner>);

struct Inner {
    database: Database,
    key: Key,
    cookie: &'static str,
    secure: bool,
}

/// What is kept for one browser.
pub(crate) struct Session<T> {
    /// `None` until something is kept.
    id: Option<String>,
    pub(crate) data: T,
}

impl<T> Session<T> {
    /// The name in the cookie: a secret of this browser's, where there is a session.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }
}

impl Sessions {
    /// Those of the site at `origin`, whose cookie has this name: ports do not keep cookies apart. The
    /// key that signs them is made once and kept, so that processes which share the file share sessions.
    pub(crate) async fn open(
        database: &Database,
        origin: &str,
        cookie: &'static str,
    ) -> Result<Self> {
        let fresh = random_bytes::<64>()?;
        let key = database
            .run(move |connection| {
                let insert = "INSERT OR IGNORE INTO cookie_key (id, key) VALUES (1, ?1)";
                connection.execute(insert, [fresh])?;
                connection.query_row("SELECT key FROM cookie_key", [], |row| {
                    row.get::<_, Vec<u8>>(0)
                })
            })
            .await?;
        let key = Key::try_from(key.as_slice()).context("the key of the cookies is too short")?;
        Ok(Self(Arc::new(Inner {
            database: database.clone(),
            key,
            cookie,
            secure: origin.starts_with("https:"),
        })))
    }

    /// The session of the browser that sends these headers: an empty one where it has none.
    pub(crate) async fn read<T>(&self, headers: &HeaderMap) -> Result<Session<T>>
    where
        T: DeserializeOwned + Default,
    {
        let none = || Session {
            id: None,
            data: T::default(),
        };
        let Some(cookie) = self.jar(headers).get(self.0.cookie) else {
            return Ok(none());
        };
        let (id, now) = (cookie.value().to_owned(), now());
        let wanted = id.clone();
        let select = "SELECT data FROM sessions WHERE id = ?1 AND until >= ?2";
        let kept = self.0.database.run(move |connection| {
            connection
                .query_row(select, params![wanted, now], |row| row.get::<_, String>(0))
                .optional()
        });
        let Some(data) = kept.await? else {
            return Ok(none());
        };
        let data = serde_json::from_str(&data).context("a session cannot be read")?;
        Ok(Session { id: Some(id), data })
    }

    /// Keeps what has changed.
    pub(crate) async fn write<T: Serialize>(&self, session: Session<T>) -> Result<SignedCookieJar> {
        match session.id {
            Some(id) => self.keep(id, &session.data, None).await,
            None => self.keep(name()?, &session.data, None).await,
        }
    }

    /// Keeps it under a new name, as is due when somebody signs in: a name that somebody else may have
    /// slipped into the browser before is worth nothing then.
    pub(crate) async fn renew<T: Serialize>(&self, session: Session<T>) -> Result<SignedCookieJar> {
        self.keep(name()?, &session.data, session.id).await
    }

    /// Forgets it, here and in the browser.
    pub(crate) async fn end<T>(&self, session: Session<T>) -> Result<SignedCookieJar> {
        if let Some(id) = session.id {
            let delete = "DELETE FROM sessions WHERE id = ?1";
            let deleted = self.0.database.run(move |c| c.execute(delete, [id]));
            deleted.await?;
        }
        let mut cookie = self.cookie(String::new());
        cookie.make_removal();
        Ok(self.jar(&HeaderMap::new()).add(cookie))
    }

    async fn keep(
        &self,
        id: String,
        data: &impl Serialize,
        instead_of: Option<String>,
    ) -> Result<SignedCookieJar> {
        let cookie = self.cookie(id.clone());
        let (data, now) = (serde_json::to_string(data)?, now());
        let until = now.saturating_add_unsigned(LIFETIME);
        let kept = self.0.database.run(move |connection| {
            let transaction = connection.transaction()?;
            let forget = "DELETE FROM sessions WHERE id = ?1 OR until < ?2";
            transaction.execute(forget, params![instead_of, now])?;
            let insert = "INSERT OR REPLACE INTO sessions (id, data, until) VALUES (?1, ?2, ?3)";
            transaction.execute(insert, params![id, data, until])?;
            transaction.commit()
        });
        kept.await?;
        Ok(self.jar(&HeaderMap::new()).add(cookie))
    }

    fn jar(&self, headers: &HeaderMap) -> SignedCookieJar {
        SignedCookieJar::from_headers(headers, self.0.key.clone())
    }

    fn cookie(&self, id: String) -> Cookie<'static> {
        Cookie::build((self.0.cookie, id))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.0.secure)
            .build()
    }
}

/// A name that nobody guesses.
fn name() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random_bytes::<24>()?))
}

/// Fresh from the system's random source.
#[expect(
    clippy::disallowed_methods,
    reason = "a program, whose sessions and cookies need randomness of their own"
)]
pub(crate) fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(bytes)
}

/// Now, as the database has it.
pub(crate) fn now() -> i64 {
    i64::try_from(Timestamp::now().unix_seconds()).unwrap_or(i64::MAX)
}
