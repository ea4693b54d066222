//! The four pages of the tutorial: ask for access, take the code, write, send. They need no callback: the
//! provider shows a code, and whoever has read it there types it in here.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use oauth1_core::{
    HmacSha1,
    flow::{FlowError, OUT_OF_BAND, Start},
};
use oauth1_reqwest::{LegError, complete};
use serde::Deserialize;

use super::{Postcard, Visit, problem::Problem};
use crate::page::Page;

#[derive(Template)]
#[template(path = "postcard/auth.html")]
struct Auth {
    viewer: Option<String>,
    url: String,
    complaint: &'static str,
}

/// `/auth/`: temporary credentials without a callback, and the way to the provider.
pub(super) async fn auth(
    State(site): State<Postcard>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let consumer = site.consumer().await?.ok_or(Problem::NotRegistered)?;
    let start = Start::new(&site.server, &consumer, OUT_OF_BAND);
    let authorize = complete(&site.http, start.request::<HmacSha1>()?).await?;

    let page = Auth {
        viewer: None,
        url: authorize.url().to_owned(),
        complaint: "",
    };
    let mut session = site.sessions.read::<Visit>(&headers).await?;
    session.data.typed = Some(authorize);
    let cookies = site.sessions.write(session).await?;
    Ok((cookies, Page(page)).into_response())
}

#[derive(Deserialize)]
pub(super) struct Code {
    code: String,
}

/// `/verify/`: the code, for a token.
pub(super) async fn verify(
    State(site): State<Postcard>,
    headers: HeaderMap,
    Form(Code { code }): Form<Code>,
) -> Result<Response, Problem> {
    let consumer = site.consumer().await?.ok_or(Problem::NotRegistered)?;
    let session = site.sessions.read::<Visit>(&headers).await?;
    let Some(authorize) = &session.data.typed else {
        return Err(Problem::LostSession);
    };
    let authorized = authorize.verifier(&code)?;
    let leg = authorized.request::<HmacSha1, _>(&site.server, &consumer)?;
    match complete(&site.http, leg).await {
        Ok(granted) => site.sign_in(session, &granted, "/tweet/").await,
        // A code that was mistyped can be typed again: the session keeps what it belongs to.
        Err(LegError::Reply(FlowError::Refused { status, .. })) if status.is_client_error() => {
            let page = Auth {
                viewer: None,
                url: authorize.url().to_owned(),
                complaint: "Warble does not take this code. Type it again as it is shown there, or \
                            begin anew.",
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "postcard/tweet.html")]
struct Tweet {
    viewer: Option<String>,
    sent: Option<String>,
    warble: String,
    status: String,
    complaint: &'static str,
}

/// `/tweet/`: the form.
pub(super) async fn tweet(
    State(site): State<Postcard>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(profile) = site.visitor(&headers).await? else {
        return Err(Problem::SignedOut);
    };
    Ok(Page(Tweet {
        viewer: Some(profile.screen_name),
        sent: None,
        warble: site.settings.provider,
        status: String::new(),
        complaint: "",
    })
    .into_response())
}

#[derive(Deserialize)]
pub(super) struct Update {
    status: String,
}

/// `/update/`: sends what was written.
pub(super) async fn update(
    State(site): State<Postcard>,
    headers: HeaderMap,
    Form(Update { status }): Form<Update>,
) -> Result<Response, Problem> {
    let Some(profile) = site.visitor(&headers).await? else {
        return Err(Problem::SignedOut);
    };
    let url = site.settings.api("statuses/update.json");
    let form = [("status", &status)];
    let posted = site.ask(&profile, |http| http.post(url).form(&form)).await;
    let mut page = Tweet {
        viewer: Some(profile.screen_name),
        sent: None,
        warble: site.settings.provider,
        status: String::new(),
        complaint: "",
    };
    match posted {
        Ok(post) => {
            page.sent = post["text"].as_str().map(str::to_owned);
            Ok(Page(page).into_response())
        }
        Err(Problem::Provider(StatusCode::UNPROCESSABLE_ENTITY)) => {
            page.status = status;
            page.complaint = "Warble does not take this: it wants 1 to 280 characters.";
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Page(page)).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `/update/` that is opened and not sent, such as by a reload: back to the form.
pub(super) async fn to_form() -> Redirect {
    Redirect::to("/tweet/")
}
