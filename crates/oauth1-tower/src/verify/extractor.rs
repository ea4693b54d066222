//! [`Verified`] as an extractor of axum's (feature `axum`).

use axum_core::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::WWW_AUTHENTICATE, request::Parts};

use super::{Anonymous, Verified};

/// Why a handler that asks for [`Verified`] is not called.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NotVerified {
    /// The request came without a signature, which the layer lets through: 401, with the challenge.
    Anonymous(HeaderValue),
    /// There is no [`VerifyLayer`](super::VerifyLayer) around this route, or one whose store has
    /// another grant: 500, since it is the server's own fault.
    NoLayer,
}

impl IntoResponse for NotVerified {
    fn into_response(self) -> Response {
        match self {
            Self::Anonymous(challenge) => {
                let text = "The request must be signed (OAuth 1.0a).\n";
                (
                    StatusCode::UNAUTHORIZED,
                    [(WWW_AUTHENTICATE, challenge)],
                    text,
                )
                    .into_response()
            }
            Self::NoLayer => {
                tracing::error!(
                    target: "oauth1_tower::verify",
                    code = "no_layer",
                    "a handler asks for Verified<G>, and no VerifyLayer with that grant is around it"
                );
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

impl<S: Sync, G: Clone + Send + Sync + 'static> FromRequestParts<S> for Verified<G> {
    type Rejection = NotVerified;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, NotVerified> {
        match find(parts)? {
            Ok(verified) => Ok(verified),
            Err(anonymous) => Err(NotVerified::Anonymous(anonymous.challenge().clone())),
        }
    }
}

/// `None` for a request without a signature, where the layer lets those through.
impl<S: Sync, G: Clone + Send + Sync + 'static> OptionalFromRequestParts<S> for Verified<G> {
    type Rejection = NotVerified;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, NotVerified> {
        find(parts).map(Result::ok)
    }
}

fn find<G: Clone + Send + Sync + 'static>(
    parts: &Parts,
) -> Result<Result<Verified<G>, Anonymous>, NotVerified> {
    let extensions = &parts.extensions;
    if let Some(verified) = extensions.get::<Verified<G>>() {
        return Ok(Ok(verified.clone()));
    }
    let anonymous = extensions.get::<Anonymous>().cloned();
    anonymous.map(Err).ok_or(NotVerified::NoLayer)
}
