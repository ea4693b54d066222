//! Warble: a microblog with an API, which is to say the provider's side.
//!
//! People sign up, post, and read what was posted. Applications are registered, ask for access, and post
//! for those who allow it. The protocol is that of [`oauth1_provider`] and [`oauth1_tower`]; what is here
//! is what a site has of its own: accounts, pages, and an API that asks who signed.

use alloc::sync::Arc;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::{
    Router, middleware,
    routing::{get, get_service, post},
};
use oauth1_core::{ClientCredentials, Timestamp};
use oauth1_provider::{Clients, NewClient, Paths, Provider};
use oauth1_store::{redis::RedisStore, sqlite::SqliteStore};

use self::storage::Storage;
use crate::{
    database::Database,
    page,
    session::{self, Sessions},
};

mod accounts;
mod api;
mod applications;
mod consent;
mod passwords;
mod posts;
mod storage;

/// All that the microblog consists of. Cloning it copies pointers.
#[derive(Clone)]
pub(crate) struct Microblog {
    origin: Arc<str>,
    database: Database,
    sessions: Sessions,
    storage: Storage,
    passwords: passwords::Passwords,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE, password TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS posts (
        id INTEGER PRIMARY KEY,
        user INTEGER NOT NULL REFERENCES users (id),
        text TEXT NOT NULL,
        source TEXT NOT NULL,
        posted INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS applications (
        client TEXT PRIMARY KEY, user INTEGER NOT NULL REFERENCES users (id)
    ) STRICT;
";

impl Microblog {
    /// Opens the microblog of this file, to be seen at `origin`. What the provider keeps is in a file
    /// beside it, and what is short-lived on the Redis server, if there is one.
    pub(crate) async fn open(origin: &str, file: &Path, redis: Option<&str>) -> Result<Self> {
        let schema = [SCHEMA, session::SCHEMA].concat();
        let database = Database::open(file, &schema)?;
        let sessions = Sessions::open(&database, origin, "warble").await?;
        let credentials = SqliteStore::open(beside(file, "oauth"))?;
        let redis = match redis {
            Some(url) => {
                let connected = RedisStore::connect(url).await;
                Some(connected.context("the Redis server cannot be used")?)
            }
            None => None,
        };
        Ok(Self {
            origin: origin.into(),
            database,
            sessions,
            storage: Storage::new(credentials, redis),
            passwords: passwords::Passwords::new()?,
        })
    }

    /// Registers an application that belongs to nobody's account.
    pub(crate) async fn register(&self, new: NewClient) -> Result<ClientCredentials<'static>> {
        Ok(self.clients().create(new, Timestamp::now()).await?)
    }

    fn clients(&self) -> Clients<Storage> {
        Clients::new(self.storage.clone())
    }

    fn provider(&self, authorization: &str) -> Result<Provider<Storage, Self>> {
        let mut paths = Paths::default();
        paths.temporary = "/oauth/request_token".into();
        paths.authorization = authorization.into();
        paths.token = "/oauth/access_token".into();
        let provider = Provider::new(&self.origin, self.storage.clone(), self.clone())?;
        Ok(provider
            .with_realm("Warble")
            .with_paths(paths)
            .allow_loopback_without_tls())
    }

    /// All of the site.
    pub(crate) fn router(&self) -> Result<Router> {
        let provider = self.provider("/oauth/authorize")?;
        let api = Router::new()
            .route(
                "/1.1/account/verify_credentials.json",
                get(api::verify_credentials),
            )
            .route("/1.1/statuses/update.json", post(api::update))
            .route("/1.1/statuses/home_timeline.json", get(api::home_timeline))
            .layer(provider.verify_layer());

        // "Sign in with": the same decision, which is not asked of whoever has taken it before.
        let authenticate = self.provider("/oauth/authenticate")?.into_service();
        let known = middleware::from_fn_with_state(self.clone(), consent::known_application);
        let authenticate = get_service(authenticate.clone())
            .post_service(authenticate)
            .layer(known);

        let pages = Router::new()
            .route("/", get(posts::home).post(posts::post))
            .route(
                "/signup",
                get(accounts::sign_up_page).post(accounts::sign_up),
            )
            .route(
                "/login",
                get(accounts::sign_in_page).post(accounts::sign_in),
            )
            .route("/logout", post(accounts::sign_out))
            .route(
                "/applications",
                get(applications::own).post(applications::register),
            )
            .route(
                "/access",
                get(applications::access).post(applications::revoke),
            )
            .fallback(posts::not_found);

        let routes = pages
            .merge(api)
            .route("/oauth/authenticate", authenticate)
            .with_state(self.clone())
            .merge(provider.into_router());
        Ok(page::site(routes))
    }
}

/// The file of this name beside another.
pub(crate) fn beside(file: &Path, name: &str) -> PathBuf {
    let mut beside = file.as_os_str().to_owned();
    beside.push("-");
    beside.push(name);
    beside.into()
}
