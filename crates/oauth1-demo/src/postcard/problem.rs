//! What can go wrong for somebody who signs in or sends a postcard, and the page that says what to do.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use oauth1_core::flow::{CallbackError, FlowError, StartError};
use oauth1_reqwest::LegError;

use crate::page::{Fault, Page};

/// Why there is no page as it was asked for.
#[derive(Debug)]
pub(super) enum Problem {
    /// The site has no client credentials yet.
    NotRegistered,
    /// Nobody is signed in.
    SignedOut,
    /// The owner of the account said no.
    Denied,
    /// The callback comes in a browser in which no sign-in has begun, or no longer.
    LostSession,
    /// The callback is that of another sign-in than the one which waits.
    StaleCallback,
    /// The callback comes a second time.
    SignedInAlready,
    /// The token is taken no more.
    Revoked,
    /// The provider refuses a step of the sign-in.
    Refused,
    /// The provider does not say who has signed in.
    Nameless,
    /// The provider answers with this.
    Provider(StatusCode),
    /// The provider does not answer.
    Unreachable(String),
    /// The site itself is at fault.
    Fault(Fault),
    /// There is no such page.
    NotFound,
}

impl Problem {
    /// Whether the sign-in that waits is over by this.
    pub(super) const fn ends_the_flow(&self) -> bool {
        matches!(self, Self::Denied)
    }

    /// A status, a title, what happened and what to do, and where to: a path and what it is called.
    const fn text(&self) -> (StatusCode, [&'static str; 4]) {
        const AGAIN: [&str; 2] = ["/login/", "Sign in with Warble"];
        const HOME: [&str; 2] = ["/", "To the home page"];
        let (status, title, text, [path, link]) = match self {
            Self::SignedOut => (
                StatusCode::UNAUTHORIZED,
                "You are not signed in",
                "To send a postcard, sign in first.",
                AGAIN,
            ),
            Self::Denied => (
                StatusCode::FORBIDDEN,
                "You did not allow it",
                "Postcard got no access to your account at Warble, and nothing has changed there. If \
                 that was a slip, sign in again and choose “Allow”.",
                AGAIN,
            ),
            Self::LostSession => (
                StatusCode::BAD_REQUEST,
                "This sign-in is not known",
                "It began in another browser, or too long ago, or cookies are off. Allow cookies for \
                 this site and sign in again from here.",
                AGAIN,
            ),
            Self::StaleCallback => (
                StatusCode::BAD_REQUEST,
                "This page is from an earlier sign-in",
                "You have begun another since. Go on in the page that you opened last, or sign in \
                 again.",
                AGAIN,
            ),
            Self::SignedInAlready => (
                StatusCode::CONFLICT,
                "You are signed in already",
                "This link works once, and it did. There is nothing more to do.",
                HOME,
            ),
            Self::Revoked => (
                StatusCode::FORBIDDEN,
                "Warble lets Postcard in no more",
                "Its access to your account was revoked. If you want to go on, sign in again and allow \
                 it anew.",
                AGAIN,
            ),
            Self::Refused => (
                StatusCode::BAD_GATEWAY,
                "Warble did not complete the sign-in",
                "It may have taken too long, or it was answered before. Sign in again.",
                AGAIN,
            ),
            Self::NotFound | Self::NotRegistered => (
                StatusCode::NOT_FOUND,
                "There is no such page",
                "The address may be mistyped.",
                HOME,
            ),
            Self::Nameless | Self::Provider(_) | Self::Unreachable(_) | Self::Fault(_) => (
                StatusCode::BAD_GATEWAY,
                "Warble does not answer as it should",
                "Nothing is lost. Try again in a moment.",
                HOME,
            ),
        };
        (status, [title, text, path, link])
    }
}

#[derive(Template)]
#[template(path = "postcard/notice.html")]
struct Notice {
    viewer: Option<String>,
    title: &'static str,
    text: &'static str,
    path: &'static str,
    link: &'static str,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::Fault(fault) => return fault.into_response(),
            Self::NotRegistered => return Redirect::to("/setup/").into_response(),
            Self::Unreachable(ref why) => eprintln!("error: the provider cannot be asked: {why}"),
            Self::Provider(status) => eprintln!("error: the provider answers with {status}"),
            _ => {}
        }
        let (status, [title, text, path, link]) = self.text();
        let viewer = None;
        let page = Notice {
            viewer,
            title,
            text,
            path,
            link,
        };
        (status, Page(page)).into_response()
    }
}

pub(super) async fn not_found() -> Problem {
    Problem::NotFound
}

impl From<CallbackError> for Problem {
    fn from(error: CallbackError) -> Self {
        match error {
            CallbackError::Denied(_) => Self::Denied,
            _ => Self::StaleCallback,
        }
    }
}

impl From<LegError> for Problem {
    fn from(error: LegError) -> Self {
        match error {
            LegError::Reply(FlowError::Refused { status, .. }) if status.is_client_error() => {
                eprintln!("error: the provider refuses: {error}");
                Self::Refused
            }
            other => Self::Unreachable(other.to_string()),
        }
    }
}

impl From<oauth1_reqwest::Error> for Problem {
    fn from(error: oauth1_reqwest::Error) -> Self {
        Self::Unreachable(error.to_string())
    }
}

impl From<reqwest::Error> for Problem {
    fn from(error: reqwest::Error) -> Self {
        Self::Unreachable(error.without_url().to_string())
    }
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        Self::Fault(error.into())
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error.into())
    }
}
