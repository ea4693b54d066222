//! Posts, and the page that shows them.

use core::time::Duration;
use std::time::UNIX_EPOCH;

use anyhow::Result;
use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, StatusCode};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use super::{
    Microblog,
    accounts::{SignedIn, User},
};
use crate::{
    page::{Fault, Page},
    session,
};

/// Characters of a post.
const LONGEST: usize = 280;
/// How many posts are shown.
const SHOWN: u32 = 20;

/// Something that somebody posted, as the API has it too.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Post {
    pub(super) id: i64,
    pub(super) text: String,
    /// What it was posted with.
    pub(super) source: String,
    /// When, in UTC.
    pub(super) created_at: String,
    pub(super) user: Author,
}

#[derive(Clone, Debug, Serialize)]
pub(super) struct Author {
    pub(super) id: i64,
    pub(super) screen_name: String,
}

impl Post {
    fn shown_time(&self) -> String {
        shown(&self.created_at)
    }
}

/// Why something is no post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPost {
    Empty,
    TooLong,
}

impl NoPost {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Empty => "There is nothing to post: write something.",
            Self::TooLong => "A post has at most 280 characters.",
        }
    }
}

impl Microblog {
    /// Posts a text, with the name of what it was posted with.
    pub(super) async fn add_post(
        &self,
        user: &User,
        text: &str,
        source: String,
    ) -> Result<Result<Post, NoPost>> {
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() {
            return Ok(Err(NoPost::Empty));
        }
        if text.chars().count() > LONGEST {
            return Ok(Err(NoPost::TooLong));
        }
        let (posted, author) = (session::now(), user.id);
        let kept = (text.clone(), source.clone());
        let insert = "INSERT INTO posts (user, text, source, posted) VALUES (?1, ?2, ?3, ?4)";
        let id = self.database.run(move |connection| {
            connection.execute(insert, params![author, kept.0, kept.1, posted])?;
            Ok(connection.last_insert_rowid())
        });
        Ok(Ok(Post {
            id: id.await?,
            text,
            source,
            created_at: utc(posted.unsigned_abs()),
            user: Author {
                id: user.id,
                screen_name: user.name.clone(),
            },
        }))
    }

    /// What was posted last: everybody reads everybody here.
    pub(super) async fn timeline(&self) -> Result<Vec<Post>> {
        let select = "SELECT posts.id, text, source, posted, users.id, name FROM posts \
                      JOIN users ON users.id = posts.user ORDER BY posts.id DESC LIMIT ?1";
        let posts = self.database.run(move |connection| {
            let mut statement = connection.prepare(select)?;
            let posts = statement.query_map([SHOWN], |row| {
                Ok(Post {
                    id: row.get(0)?,
                    text: row.get(1)?,
                    source: row.get(2)?,
                    created_at: utc(row.get::<_, i64>(3)?.unsigned_abs()),
                    user: Author {
                        id: row.get(4)?,
                        screen_name: row.get(5)?,
                    },
                })
            })?;
            posts.collect()
        });
        posts.await
    }
}

/// A time of [`utc`], as people read it.
pub(super) fn shown(utc: &str) -> String {
    let (date, time) = utc.split_once('T').unwrap_or((utc, ""));
    format!("{date}, {} UTC", time.get(..5).unwrap_or(time))
}

/// A time, as RFC 3339 has it.
pub(super) fn utc(unix_seconds: u64) -> String {
    let since = Duration::from_secs(unix_seconds);
    humantime::format_rfc3339_seconds(UNIX_EPOCH + since).to_string()
}

#[derive(Template)]
#[template(path = "microblog/home.html")]
struct Home {
    viewer: Option<User>,
    posts: Vec<Post>,
    text: String,
    complaint: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Draft {
    text: String,
}

pub(super) async fn home(
    State(microblog): State<Microblog>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let (viewer, _) = microblog.visitor(&headers).await?;
    let posts = microblog.timeline().await?;
    let (text, complaint) = (String::new(), "");
    Ok(Page(Home {
        viewer,
        posts,
        text,
        complaint,
    })
    .into_response())
}

pub(super) async fn post(
    State(microblog): State<Microblog>,
    SignedIn(user): SignedIn,
    Form(Draft { text }): Form<Draft>,
) -> Result<Response, Fault> {
    let source = "Warble".to_owned();
    let Err(why) = microblog.add_post(&user, &text, source).await? else {
        return Ok(Redirect::to("/").into_response());
    };
    let (viewer, complaint) = (Some(user), why.text());
    let posts = microblog.timeline().await?;
    let page = Page(Home {
        viewer,
        posts,
        text,
        complaint,
    });
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Template)]
#[template(path = "microblog/notice.html")]
pub(super) struct Notice {
    pub(super) viewer: Option<User>,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

pub(super) async fn not_found() -> Response {
    let page = Notice {
        viewer: None,
        title: "There is no such page",
        text: "The address may be mistyped. Warble begins at its home page.",
    };
    (StatusCode::NOT_FOUND, Page(page)).into_response()
}
