//! Accounts: who signs up, in and out.

use anyhow::Result;
use askama::Template;
use axum::{
    Form,
    extract::{FromRequestParts, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_SECURITY_POLICY, request::Parts};
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::Microblog;
use crate::{
    page::{Fault, Page},
    session::Session,
};

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) name: String,
}

/// What is kept for a browser.
#[derive(Default, Deserialize, Serialize)]
pub(super) struct Visit {
    user: Option<i64>,
}

impl Microblog {
    /// Who is signed in, and in which session.
    pub(super) async fn visitor(
        &self,
        headers: &HeaderMap,
    ) -> Result<(Option<User>, Session<Visit>)> {
        let session = self.sessions.read::<Visit>(headers).await?;
        let user = match session.data.user {
            Some(id) => self.user(id).await?,
            None => None,
        };
        Ok((user, session))
    }

    /// The user of this number.
    pub(super) async fn user(&self, id: i64) -> Result<Option<User>> {
        let select = "SELECT name FROM users WHERE id = ?1";
        let name = self
            .database
            .run(move |c| c.query_row(select, [id], |row| row.get(0)).optional());
        Ok(name.await?.map(|name| User { id, name }))
    }
}

/// Whoever is signed in; all others are sent to the sign-in, and come back from there.
pub(super) struct SignedIn(pub(super) User);

impl FromRequestParts<Microblog> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        microblog: &Microblog,
    ) -> Result<Self, Response> {
        match microblog.visitor(&parts.headers).await {
            Ok((Some(user), _)) => Ok(Self(user)),
            Ok((None, _)) => {
                let there = sign_in_path(parts.uri.path());
                Err(Redirect::to(&there).into_response())
            }
            Err(error) => Err(Fault::from(error).into_response()),
        }
    }
}

#[derive(Template)]
#[template(path = "microblog/enter.html")]
struct Enter {
    viewer: Option<User>,
    /// Whether an account is to be made.
    new: bool,
    name: String,
    next: String,
    complaint: &'static str,
}

/// Where to go on afterwards.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub(super) async fn sign_up_page(Query(Next { next }): Query<Next>) -> Response {
    enter(true, String::new(), next, "")
}

pub(super) async fn sign_in_page(Query(Next { next }): Query<Next>) -> Response {
    enter(false, String::new(), next, "")
}

fn enter(new: bool, name: String, next: String, complaint: &'static str) -> Response {
    let status = if complaint.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let returns = next.starts_with("/oauth/");
    let viewer = None;
    let mut response = (
        status,
        Page(Enter {
            viewer,
            new,
            name,
            next,
            complaint,
        }),
    )
        .into_response();
    if returns {
        // Browsers ask the policy of a form about every redirect that follows it, and who has allowed
        // an application before is sent straight back to it.
        let policy = HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https: http:; \
             base-uri 'none'; frame-ancestors 'none'",
        );
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

pub(super) async fn sign_up(
    State(microblog): State<Microblog>,
    headers: HeaderMap,
    Form(Entry {
        name,
        password,
        next,
    }): Form<Entry>,
) -> Result<Response, Fault> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !(1..=15).contains(&name.len()) || !name.chars().all(is_letter) {
        let complaint = "A name has 1 to 15 letters, digits or underscores.";
        return Ok(enter(true, name, next, complaint));
    }
    if !(8..=200).contains(&password.len()) {
        let complaint = "A password has at least 8 characters, and at most 200.";
        return Ok(enter(true, name, next, complaint));
    }
    let hash = microblog.passwords.hash(password).await?;
    let wanted = name.clone();
    let insert = "INSERT INTO users (name, password) VALUES (?1, ?2) ON CONFLICT DO NOTHING \
                  RETURNING id";
    let inserted = microblog.database.run(move |connection| {
        let id = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        connection
            .query_row(insert, params![wanted, hash], id)
            .optional()
    });
    match inserted.await? {
        Some(user) => enter_as(&microblog, &headers, user, &next).await,
        None => Ok(enter(
            true,
            name,
            next,
            "This name is taken. Choose another.",
        )),
    }
}

pub(super) async fn sign_in(
    State(microblog): State<Microblog>,
    headers: HeaderMap,
    Form(Entry {
        name,
        password,
        next,
    }): Form<Entry>,
) -> Result<Response, Fault> {
    let wanted = name.clone();
    let select = "SELECT id, password FROM users WHERE name = ?1";
    let found = microblog.database.run(move |connection| {
        let columns = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get(1)?));
        connection.query_row(select, [wanted], columns).optional()
    });
    let (user, hash) = found.await?.unzip();
    let right = microblog.passwords.check(password, hash).await?;
    match user.filter(|_| right) {
        Some(user) => enter_as(&microblog, &headers, user, &next).await,
        None => Ok(enter(
            false,
            name,
            next,
            "The name or the password is not right.",
        )),
    }
}

/// Signs somebody in, under a session of a new name.
async fn enter_as(
    microblog: &Microblog,
    headers: &HeaderMap,
    user: i64,
    next: &str,
) -> Result<Response, Fault> {
    let mut session = microblog.sessions.read::<Visit>(headers).await?;
    session.data.user = Some(user);
    let cookies = microblog.sessions.renew(session).await?;
    Ok((cookies, Redirect::to(own_path(next))).into_response())
}

pub(super) async fn sign_out(
    State(microblog): State<Microblog>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let session = microblog.sessions.read::<Visit>(&headers).await?;
    let cookies = microblog.sessions.end(session).await?;
    Ok((cookies, Redirect::to("/")).into_response())
}

/// A path of this site; `/` in place of everything else. Browsers take `\` for `/`, and `//` begins the
/// name of a host.
fn own_path(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next[1..].starts_with(['/', '\\']);
    let is_plain = |c: char| c.is_ascii_graphic() && c != '\\';
    if is_path && next.chars().all(is_plain) {
        next
    } else {
        "/"
    }
}

/// Where to sign in and come back from.
pub(super) fn sign_in_path(next: &str) -> String {
    format!("/login?next={}", oauth1_core::percent::encode(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        let paths = ["/", "/access", "/oauth/authorize?oauth_token=a%2Fb&x=//y"];
        for path in paths {
            assert_eq!(own_path(path), path);
        }
        let others = [
            "",
            "access",
            "//example.com",
            "/\\example.com",
            "https://example.com",
            "/a\r\nb",
            "/\t/a",
            "/a\\b",
            "/é",
        ];
        for other in others {
            assert_eq!(own_path(other), "/", "{other:?}");
        }
    }
}
