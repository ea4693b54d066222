//! What the sender of a refused request is told.

use alloc::{boxed::Box, string::String};
use core::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{ACCEPT_ENCODING, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
};
use http_body::{Body, Frame, SizeHint};
use oauth1_core::verify::{Reason, Rejection};
use oauth1_store::StoreError;
use pin_project_lite::pin_project;

use super::challenges::Challenges;

/// Why a request is refused, as the server's log may know it.
#[derive(Debug)]
pub(super) enum Cause {
    Rejected(Rejection),
    /// A store gave no answer, and which.
    Store(&'static str, StoreError),
}

impl Cause {
    /// One word for logs and counters.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.code(),
            Self::Store(_, error) => error.code(),
        }
    }

    /// Whether nobody knows where the body ends, and with it the next request begins.
    pub(super) fn is_of_unreadable_body(&self) -> bool {
        matches!(self, Self::Rejected(rejection) if rejection.reason() == Reason::UnreadableBody)
    }
}

impl From<Rejection> for Cause {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

/// What the sender of a refused request may be told: the same for an unknown client, an unknown token
/// and a bad signature, and nothing of secrets or base strings.
///
/// To give other answers, see [`VerifyLayer::with_answer`](super::VerifyLayer::with_answer).
#[derive(Clone, Debug)]
pub struct Refusal {
    status: StatusCode,
    problem: Option<&'static str>,
    challenge: Option<HeaderValue>,
    retry_after: Option<u32>,
}

impl Refusal {
    pub(super) fn new(cause: &Cause, challenges: &Challenges, retry_after: u32) -> Self {
        match cause {
            Cause::Rejected(rejection) => Self {
                status: rejection.status_code(),
                problem: (rejection.reason() != Reason::Absent).then(|| rejection.problem()),
                challenge: Some(challenges.of(rejection)),
                retry_after: None,
            },
            Cause::Store(..) => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                problem: None,
                challenge: None,
                retry_after: Some(retry_after),
            },
        }
    }

    /// The status: 400, 401, 413, 415, 421 or 503.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The value of `oauth_problem` in the words of the Problem Reporting extension; `None` for a
    /// request without credentials and for a store that is away.
    #[must_use]
    pub const fn problem(&self) -> Option<&'static str> {
        self.problem
    }

    /// The `WWW-Authenticate` header; `None` with 503.
    #[must_use]
    pub const fn challenge(&self) -> Option<&HeaderValue> {
        self.challenge.as_ref()
    }

    /// In how many seconds it may be tried again, with a new nonce; with 503 alone.
    #[must_use]
    pub const fn retry_after(&self) -> Option<u32> {
        self.retry_after
    }

    /// One sentence.
    #[must_use]
    pub fn text(&self) -> String {
        match (self.problem, self.status) {
            (Some(problem), _) => ["The request is refused: ", problem, "\n"].concat(),
            (None, StatusCode::SERVICE_UNAVAILABLE) => {
                "The request cannot be checked now. Sign it anew and try again.\n".into()
            }
            (None, _) => "The request must be signed (OAuth 1.0a).\n".into(),
        }
    }

    /// The whole answer as it is where nobody gives another: the headers, and [`text`](Self::text) as
    /// `text/plain`.
    #[must_use]
    pub fn response(&self) -> Response<Bytes> {
        self.clone().into_response()
    }

    /// The same, which takes the challenge.
    pub(super) fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.text()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.reserve(2);
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        headers.insert(CONTENT_TYPE, plain);
        if let Some(challenge) = self.challenge {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
            // RFC 9110 section 15.5.16: which encoding would have done.
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        response
    }

    /// RFC 9110 section 11.6.1: no 401 without a challenge, whoever made it.
    pub(super) fn complete(self, response: &mut Response<Bytes>) {
        if response.status() != StatusCode::UNAUTHORIZED {
            return;
        }
        let headers = response.headers_mut();
        let missing = || HeaderValue::from_static("OAuth");
        headers
            .entry(WWW_AUTHENTICATE)
            .or_insert_with(|| self.challenge.unwrap_or_else(missing));
    }
}

pin_project! {
    /// The body of an answer: the handler's, or that of a refusal.
    #[derive(Debug)]
    pub struct AnswerBody<R> {
        #[pin]
        kind: Kind<R>,
    }
}

pin_project! {
    #[project = KindProjection]
    #[derive(Debug)]
    enum Kind<R> {
        Handler { #[pin] body: R },
        Refusal { text: Bytes },
    }
}

impl<R> AnswerBody<R> {
    pub(super) const fn of_handler(body: R) -> Self {
        Self {
            kind: Kind::Handler { body },
        }
    }

    pub(super) const fn of_refusal(text: Bytes) -> Self {
        Self {
            kind: Kind::Refusal { text },
        }
    }
}

/// An empty body: layers that answer in a service's stead, as those that limit its time do, ask for one.
impl<R> Default for AnswerBody<R> {
    fn default() -> Self {
        Self::of_refusal(Bytes::new())
    }
}

impl<R: Body<Data = Bytes>> Body for AnswerBody<R> {
    type Data = Bytes;
    type Error = R::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, R::Error>>> {
        match self.project().kind.project() {
            KindProjection::Handler { body } => body.poll_frame(context),
            KindProjection::Refusal { text } => {
                let text = core::mem::take(text);
                Poll::Ready((!text.is_empty()).then(|| Ok(Frame::data(text))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Handler { body } => body.is_end_stream(),
            Kind::Refusal { text } => text.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.kind {
            Kind::Handler { body } => body.size_hint(),
            Kind::Refusal { text } => SizeHint::with_exact(text.len() as u64),
        }
    }
}

/// Makes the answer to a refused request.
pub(super) type MakeAnswer = Box<dyn Fn(&Refusal) -> Response<Bytes> + Send + Sync>;
