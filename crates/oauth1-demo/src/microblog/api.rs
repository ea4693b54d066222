//! The API: what applications may do for those who let them.

use axum::{
    Form, Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use oauth1_store::Grant;
use oauth1_tower::Verified;
use serde::Deserialize;
use serde_json::json;

use super::{Microblog, accounts::User};
use crate::page::Fault;

impl Microblog {
    /// For whom a request was signed. The layer has verified it: the token is that of the account.
    async fn signed_for(&self, verified: &Verified<Grant>) -> Result<Option<User>, Fault> {
        let owner = verified.grant().owner.as_deref();
        match owner.and_then(|owner| owner.parse().ok()) {
            Some(id) => Ok(self.user(id).await?),
            None => Ok(None),
        }
    }
}

/// `GET /1.1/account/verify_credentials.json`: for whom the application acts.
pub(super) async fn verify_credentials(
    State(microblog): State<Microblog>,
    verified: Verified<Grant>,
) -> Result<Response, Fault> {
    let Some(user) = microblog.signed_for(&verified).await? else {
        return Ok(no_account());
    };
    Ok(Json(json!({ "id": user.id, "screen_name": user.name })).into_response())
}

#[derive(Deserialize)]
pub(super) struct Update {
    status: String,
}

/// `POST /1.1/statuses/update.json`: posts the `status` of a form.
pub(super) async fn update(
    State(microblog): State<Microblog>,
    verified: Verified<Grant>,
    Form(Update { status }): Form<Update>,
) -> Result<Response, Fault> {
    let Some(user) = microblog.signed_for(&verified).await? else {
        return Ok(no_account());
    };
    let client = microblog.clients().get(verified.client()).await?;
    Ok(
        match microblog.add_post(&user, &status, client.name).await? {
            Ok(post) => Json(post).into_response(),
            Err(why) => refused(StatusCode::UNPROCESSABLE_ENTITY, why.text()),
        },
    )
}

/// `GET /1.1/statuses/home_timeline.json`: what was posted last.
pub(super) async fn home_timeline(
    State(microblog): State<Microblog>,
    verified: Verified<Grant>,
) -> Result<Response, Fault> {
    if microblog.signed_for(&verified).await?.is_none() {
        return Ok(no_account());
    }
    Ok(Json(microblog.timeline().await?).into_response())
}

fn no_account() -> Response {
    refused(StatusCode::FORBIDDEN, "The account is not there any more.")
}

fn refused(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "errors": [{ "message": message }] }))).into_response()
}
