//! The first page of a site that is not registered yet: it says how to register it, and takes the
//! credentials, once.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::{Postcard, problem::Problem};
use crate::page::Page;

#[derive(Template)]
#[template(path = "postcard/setup.html")]
struct Setup {
    viewer: Option<String>,
    warble: String,
    callback: String,
    complaint: &'static str,
}

impl Setup {
    fn of(site: Postcard, complaint: &'static str) -> Self {
        Self {
            viewer: None,
            callback: site.settings.callback(),
            warble: site.settings.provider,
            complaint,
        }
    }
}

/// `/setup/`.
pub(super) async fn page(State(site): State<Postcard>) -> Result<Response, Problem> {
    if site.consumer().await?.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    Ok(Page(Setup::of(site, "")).into_response())
}

#[derive(Deserialize)]
pub(super) struct Consumer {
    key: String,
    secret: String,
}

/// `/setup/`, sent.
pub(super) async fn keep(
    State(site): State<Postcard>,
    Form(Consumer { key, secret }): Form<Consumer>,
) -> Result<Response, Problem> {
    let (key, secret) = (key.trim().to_owned(), secret.trim().to_owned());
    if key.is_empty() || secret.is_empty() {
        let page = Page(Setup::of(site, "Both the key and the secret are needed."));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    // Whoever comes second changes nothing.
    site.keep_consumer(key, secret).await?;
    Ok(Redirect::to("/").into_response())
}
