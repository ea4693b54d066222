//! Applications: those that somebody registers, and those that have access to an account.

use anyhow::Result;
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::StatusCode;
use oauth1_core::Timestamp;
use oauth1_provider::{ClientError, NewClient};
use oauth1_store::TokenStore as _;
use rusqlite::params;
use serde::Deserialize;

use super::{
    Microblog,
    accounts::{SignedIn, User},
    posts,
};
use crate::page::{Fault, Page};

/// An application, as its developer sees it.
struct Registered {
    name: String,
    client: String,
    callbacks: String,
}

/// Client credentials, shown once.
struct Credentials {
    name: String,
    identifier: String,
    secret: String,
}

#[derive(Template)]
#[template(path = "microblog/applications.html")]
struct Own {
    viewer: Option<User>,
    registered: Vec<Registered>,
    fresh: Option<Credentials>,
    name: String,
    callback: String,
    complaint: String,
}

#[derive(Deserialize)]
pub(super) struct Registration {
    name: String,
    #[serde(default)]
    callback: String,
}

impl Microblog {
    async fn registered_by(&self, user: &User) -> Result<Vec<Registered>> {
        let id = user.id;
        let select = "SELECT client FROM applications WHERE user = ?1 ORDER BY rowid";
        let clients = self.database.run(move |connection| {
            let mut statement = connection.prepare(select)?;
            let clients = statement.query_map([id], |row| row.get::<_, String>(0))?;
            clients.collect::<Result<Vec<_>, _>>()
        });
        let mut registered = Vec::new();
        for client in clients.await? {
            let client = self.clients().get(&client).await?;
            registered.push(Registered {
                name: client.name,
                client: client.identifier,
                callbacks: client.callbacks.join(", "),
            });
        }
        Ok(registered)
    }
}

/// The applications that somebody has registered, and a form for one more.
pub(super) async fn own(
    State(microblog): State<Microblog>,
    SignedIn(user): SignedIn,
) -> Result<Response, Fault> {
    let registered = microblog.registered_by(&user).await?;
    Ok(Page(Own {
        viewer: Some(user),
        registered,
        fresh: None,
        name: String::new(),
        callback: String::new(),
        complaint: String::new(),
    })
    .into_response())
}

/// Registers an application: its credentials are shown, this once.
pub(super) async fn register(
    State(microblog): State<Microblog>,
    SignedIn(user): SignedIn,
    Form(Registration { name, callback }): Form<Registration>,
) -> Result<Response, Fault> {
    let (name, callback) = (name.trim().to_owned(), callback.trim().to_owned());
    // A code to type in is possible for every application.
    let mut new = NewClient::new(&name).with_callback("oob");
    if !callback.is_empty() {
        new = new.with_callback(&callback);
    }
    let mut page = Own {
        viewer: Some(user.clone()),
        registered: Vec::new(),
        fresh: None,
        name,
        callback,
        complaint: String::new(),
    };
    let status = match microblog.clients().create(new, Timestamp::now()).await {
        Ok(credentials) => {
            let identifier = credentials.identifier().to_owned();
            let (client, owner) = (identifier.clone(), user.id);
            let insert = "INSERT INTO applications (client, user) VALUES (?1, ?2)";
            let inserted = microblog
                .database
                .run(move |c| c.execute(insert, params![client, owner]));
            inserted.await?;
            page.fresh = Some(Credentials {
                name: core::mem::take(&mut page.name),
                identifier,
                secret: credentials.key().expose().to_owned(),
            });
            page.callback = String::new();
            StatusCode::CREATED
        }
        Err(error @ (ClientError::Name | ClientError::Callback(_))) => {
            page.complaint = format!("This application cannot be registered: {error}.");
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error) => return Err(error.into()),
    };
    page.registered = microblog.registered_by(&user).await?;
    Ok((status, Page(page)).into_response())
}

/// An application that may act for somebody.
struct Granted {
    client: String,
    name: String,
    since: String,
    shown: String,
}

#[derive(Template)]
#[template(path = "microblog/access.html")]
struct Access {
    viewer: Option<User>,
    granted: Vec<Granted>,
}

/// The applications that have access to an account.
pub(super) async fn access(
    State(microblog): State<Microblog>,
    SignedIn(user): SignedIn,
) -> Result<Response, Fault> {
    let owner = user.id.to_string();
    let tokens = microblog
        .storage
        .tokens_of_owner(&owner, Timestamp::now())
        .await?;
    let mut granted: Vec<Granted> = Vec::new();
    for token in tokens {
        // One that was signed in with many times has many tokens.
        if granted.iter().any(|one| one.client == token.client) {
            continue;
        }
        let client = microblog.clients().get(&token.client).await?;
        let since = posts::utc(token.created.unix_seconds());
        granted.push(Granted {
            client: token.client,
            name: client.name,
            shown: posts::shown(&since),
            since,
        });
    }
    let viewer = Some(user);
    Ok(Page(Access { viewer, granted }).into_response())
}

#[derive(Deserialize)]
pub(super) struct Revocation {
    client: String,
}

/// Revokes all that somebody has granted to one application.
pub(super) async fn revoke(
    State(microblog): State<Microblog>,
    SignedIn(user): SignedIn,
    Form(Revocation { client }): Form<Revocation>,
) -> Result<Response, Fault> {
    let owner = user.id.to_string();
    let tokens = microblog
        .storage
        .tokens_of_owner(&owner, Timestamp::now())
        .await?;
    for token in tokens.iter().filter(|token| token.client == client) {
        // Another click may have been faster: gone is gone.
        let _ = microblog.storage.revoke_token(&token.identifier).await?;
    }
    Ok(Redirect::to("/access").into_response())
}
