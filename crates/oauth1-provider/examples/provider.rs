//! A provider with a sign-in of its own and a resource behind it, in one file:
//! `cargo run -p oauth1-provider --features axum --example provider`.
//!
//! It prints client credentials; any OAuth 1.0a client completes the flow with them.

extern crate alloc;

use alloc::sync::Arc;
use core::error::Error;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::{
    Extension, Router,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{Html, IntoResponse},
    routing::get,
};
use oauth1_core::{Nonce, Timestamp, form};
use oauth1_provider::{Application, Clients, NewClient, Owner, Provider, SignIn};
use oauth1_store::{Grant, memory::MemoryStore};
use oauth1_tower::Verified;

/// The sessions of the browsers that are signed in: whose each is.
#[derive(Clone, Default)]
struct Photos {
    sessions: Arc<Mutex<HashMap<String, String>>>,
}

impl Application for Photos {
    async fn signed_in(&self, request: &Parts) -> SignIn {
        let session = session_of(&request.headers).unwrap_or_default();
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let owner = sessions.get(session).cloned();
        match owner.map(|name| Owner::new(name, session.to_owned())) {
            Some(Ok(owner)) => SignIn::As(owner),
            _ => SignIn::redirect("/login"),
        }
    }
}

fn session_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    let mut cookies = cookies.split("; ");
    cookies.find_map(|cookie| cookie.strip_prefix("session="))
}

/// Whoever gives a name is signed in by it. A real one asks for more.
async fn login(Extension(photos): Extension<Photos>, body: String) -> impl IntoResponse {
    let mut fields = form::pairs(body.as_bytes());
    let name = fields.find(|(field, _)| *field == "name");
    let (Some((_, name)), Ok(session)) = (name, Nonce::random()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let session = session.as_str().to_owned();
    let cookie = format!("session={session}; HttpOnly; SameSite=Lax; Path=/");
    let sessions = photos.sessions.lock();
    let mut sessions = sessions.unwrap_or_else(PoisonError::into_inner);
    sessions.insert(session, name.to_string_lossy());
    let signed_in = Html("Signed in: open the application's link again.");
    ([(header::SET_COOKIE, cookie)], signed_in).into_response()
}

const LOGIN: &str = r#"<!DOCTYPE html><html lang="en"><title>Sign in</title><form method="post">
<label>Name <input name="name" required></label> <button>Sign in</button></form>"#;

/// What tokens are for. The layer has verified the request.
async fn photos(Extension(verified): Extension<Verified<Grant>>) -> String {
    let owner = verified.grant().owner.as_deref().unwrap_or_default();
    format!("the photos of {owner}, for {}\n", verified.client())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let application = Photos::default();
    // In place of the memory, a file: `oauth1_store::sqlite::SqliteStore::open("provider.sqlite3")?`.
    let provider = Provider::new(&origin, MemoryStore::new()?, application.clone())?
        .allow_loopback_without_tls();

    let printer = NewClient::new("Printer")
        .with_callback("oob")
        .with_callback("http://127.0.0.1/ready");
    let clients = Clients::new(provider.store());
    let credentials = clients.create(printer, Timestamp::now()).await?;
    println!("origin      {origin}");
    println!("identifier  {}", credentials.identifier());
    println!("secret      {}", credentials.key().expose());

    let resources = Router::new()
        .route("/photos", get(photos))
        .layer(provider.verify_layer());
    let app = Router::new()
        .route("/login", get(async || Html(LOGIN)).post(login))
        .layer(Extension(application))
        .merge(resources)
        .merge(provider.into_router());
    axum::serve(listener, app).await?;
    Ok(())
}
