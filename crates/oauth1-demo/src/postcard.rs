//! Postcard: a site that people sign in to with their account at Warble, and that posts for them, which
//! is to say the client's side.

use anyhow::Result;
use std::path::Path;

use oauth1_core::{ClientCredentials, HmacSha1, Signer, TokenCredentials, exchange, flow::Server};
use reqwest::redirect;

use self::models::Visit;
pub(crate) use self::settings::Settings;
use crate::{
    database::Database,
    session::{self, Sessions},
};

mod models;
mod problem;
mod settings;
mod setup;
mod tutorial;
mod urls;
mod views;

/// All that the site consists of. Cloning it copies pointers.
#[derive(Clone)]
pub(crate) struct Postcard {
    settings: Settings,
    server: Server,
    http: reqwest::Client,
    database: Database,
    sessions: Sessions,
}

impl Postcard {
    /// Opens the site whose profiles and sessions are in this file.
    pub(crate) async fn open(settings: Settings, file: &Path) -> Result<Self> {
        let schema = [models::SCHEMA, session::SCHEMA].concat();
        let database = Database::open(file, &schema)?;
        let sessions = Sessions::open(&database, &settings.origin, "postcard").await?;
        // The exchange of `oauth1_core` follows redirects, and signs them anew.
        let http = reqwest::Client::builder()
            .user_agent("Postcard")
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self {
            server: settings.server()?,
            settings,
            http,
            database,
            sessions,
        })
    }

    /// Signs requests for the resources of whoever has granted this token.
    fn signed(
        &self,
        client: &ClientCredentials<'static>,
        token: &TokenCredentials<'static>,
    ) -> oauth1_reqwest::Client<HmacSha1> {
        let signer = Signer::<HmacSha1>::for_token(client, token);
        oauth1_reqwest::Client::over(exchange::Client::new(signer), self.http.clone())
    }
}
