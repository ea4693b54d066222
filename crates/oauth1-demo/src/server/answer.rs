//! What the sender of a request is told.

use core::fmt;

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use http_body_util::Full;
use oauth1_core::verify::Rejection;

use super::memory::Unavailable;

/// The realm of the challenges.
const REALM: &str = "demo";

/// An answer with a short text.
pub(super) type Answer = Response<Full<Bytes>>;

/// Why a request gets no other answer than that.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The core refuses it.
    Rejected(Rejection),
    /// Its body broke off.
    Unreadable,
    /// Whether it is a replay cannot be told: then it is let through by no means.
    Unavailable,
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<Unavailable> for Refusal {
    fn from(Unavailable: Unavailable) -> Self {
        Self::Unavailable
    }
}

impl Refusal {
    /// What the sender is told: never whether a client exists, nor what signature would have done.
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::Rejected(rejection) => {
                let text = format!("refused: {}", rejection.problem());
                let mut answer = self::text(rejection.status_code(), &text);
                let challenge = rejection.challenge_header(REALM);
                answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
                answer
            }
            Self::Unreadable => text(StatusCode::BAD_REQUEST, "refused: the body broke off"),
            Self::Unavailable => text(StatusCode::SERVICE_UNAVAILABLE, "refused: try again later"),
        }
    }
}

/// For the server's log.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rejected(rejection) => rejection.fmt(f),
            Self::Unreadable => f.write_str("the body broke off"),
            Self::Unavailable => f.write_str("the memory of nonces does not answer"),
        }
    }
}

/// The answer to a request that is what it claims to be.
pub(super) fn accepted(what: &str) -> Answer {
    text(StatusCode::OK, what)
}

fn text(status: StatusCode, line: &str) -> Answer {
    let mut answer = Response::new(Full::from(format!("{line}\n")));
    *answer.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, plain);
    answer
}
