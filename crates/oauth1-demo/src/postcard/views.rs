//! Views: login, logout, authenticated, profile.

use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use http::HeaderMap;
use oauth1_core::{
    HmacSha1,
    flow::{Granted, Start},
};
use oauth1_reqwest::complete;

use super::{Postcard, Visit, models::Profile, problem::Problem};
use crate::{page::Page, session::Session};

/// `/login/`: the first leg. Temporary credentials are fetched, kept in the session, and the browser is
/// sent to the provider.
pub(super) async fn login(
    State(site): State<Postcard>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let consumer = site.consumer().await?.ok_or(Problem::NotRegistered)?;
    let start = Start::new(&site.server, &consumer, site.settings.callback()).authenticate();
    let authorize = complete(&site.http, start.request::<HmacSha1>()?).await?;

    let there = Redirect::to(authorize.url());
    let mut session = site.sessions.read::<Visit>(&headers).await?;
    session.data.pending = Some(authorize);
    let cookies = site.sessions.write(session).await?;
    Ok((cookies, there).into_response())
}

/// `/login/authenticated/`: the callback, and the third leg. What comes back is compared with what this
/// very browser's session holds, and is good for one token.
pub(super) async fn authenticated(
    State(site): State<Postcard>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let consumer = site.consumer().await?.ok_or(Problem::NotRegistered)?;
    let mut session = site.sessions.read::<Visit>(&headers).await?;
    let Some(pending) = session.data.pending.take() else {
        return Err(match session.data.profile {
            Some(_) => Problem::SignedInAlready,
            None => Problem::LostSession,
        });
    };
    let answer = pending.callback_query(&query.unwrap_or_default());
    let authorized = match answer {
        Ok(authorized) => authorized,
        Err(error) => {
            let problem = Problem::from(error);
            if problem.ends_the_flow() {
                // The browser has its cookie already.
                let _cookies = site.sessions.write(session).await?;
            }
            return Err(problem);
        }
    };
    let leg = authorized.request::<HmacSha1, _>(&site.server, &consumer)?;
    let granted = complete(&site.http, leg).await?;
    site.sign_in(session, &granted, "/").await
}

/// `/logout/`: the session ends, here and in the browser. The token stays for the next sign-in.
pub(super) async fn logout(
    State(site): State<Postcard>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = site.sessions.read::<Visit>(&headers).await?;
    let cookies = site.sessions.end(session).await?;
    Ok((cookies, Redirect::to("/")).into_response())
}

#[derive(Template)]
#[template(path = "postcard/home.html")]
struct Home {
    viewer: Option<String>,
}

/// `/`: the profile of whoever is signed in, as the provider tells it.
pub(super) async fn profile(
    State(site): State<Postcard>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(profile) = site.visitor(&headers).await? else {
        return Ok(Page(Home { viewer: None }).into_response());
    };
    let url = site.settings.api("account/verify_credentials.json");
    let account = site.ask(&profile, |http| http.get(url)).await?;
    let name = account["screen_name"]
        .as_str()
        .unwrap_or(&profile.screen_name);
    let viewer = Some(name.to_owned());
    Ok(Page(Home { viewer }).into_response())
}

impl Postcard {
    /// Keeps the token, and who it is of, and signs the browser in under a session of a new name.
    pub(super) async fn sign_in(
        &self,
        mut session: Session<Visit>,
        granted: &Granted,
        next: &str,
    ) -> Result<Response, Problem> {
        let told = |name| granted.parameters().get(name).map(str::to_owned);
        let user_id = told("user_id").ok_or(Problem::Nameless)?;
        let screen_name = told("screen_name").ok_or(Problem::Nameless)?;
        let profile = self.keep_profile(user_id, screen_name, granted.credentials());
        session.data = Visit {
            profile: Some(profile.await?),
            ..Visit::default()
        };
        let cookies = self.sessions.renew(session).await?;
        Ok((cookies, Redirect::to(next)).into_response())
    }

    /// Whose browser it is, if somebody is signed in.
    pub(super) async fn visitor(&self, headers: &HeaderMap) -> Result<Option<Profile>, Problem> {
        let session = self.sessions.read::<Visit>(headers).await?;
        Ok(match session.data.profile {
            Some(id) => self.profile(id).await?,
            None => None,
        })
    }

    /// Asks the provider for somebody: the request that `build` makes, signed. A token that is taken no
    /// more is forgotten.
    pub(super) async fn ask(
        &self,
        profile: &Profile,
        build: impl FnOnce(&reqwest::Client) -> reqwest::RequestBuilder,
    ) -> Result<serde_json::Value, Problem> {
        let consumer = self.consumer().await?.ok_or(Problem::NotRegistered)?;
        let token = profile.token.as_ref().ok_or(Problem::Revoked)?;
        let client = self.signed(&consumer, token);
        let response = client.send(build(client.http())).await?;
        match response.status() {
            status if status.is_success() => Ok(response.json().await?),
            reqwest::StatusCode::UNAUTHORIZED => {
                self.forget_token(profile.id).await?;
                Err(Problem::Revoked)
            }
            status => Err(Problem::Provider(status)),
        }
    }
}
