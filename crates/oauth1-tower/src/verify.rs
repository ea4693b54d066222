//! Verifying requests: [`VerifyLayer`].
//!
//! ```text
//!  request ──► effective origin ──► form, if there is one ──► Policy::receive_parts
//!                                                                 │ Received
//!                                          CredentialStore::find ─┤
//!                                                                 │ authenticate
//!                                   NonceStore::check_and_insert ─┤ Authentic
//!                                                                 │ accept
//!  handler ◄── Verified, VerifiedBody ◄───────────────────────────┘
//! ```
//!
//! What is decided is decided in [`oauth1_core::verify`]; the layer asks the stores and moves bytes.
//!
//! ```
//! # use core::convert::Infallible;
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::{Empty, Full};
//! use oauth1_core::{
//!     ClientCredentials, HmacSha1, SharedSecrets, Signer, Stamp, TokenCredentials, http::Payload,
//! };
//! use oauth1_store::{CredentialStore, Credentials, Found, StoreError};
//! # use oauth1_store::memory::MemoryNonces;
//! use oauth1_tower::{Verified, VerifyLayer, verify::VerifiedBody};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! struct Known;
//!
//! impl CredentialStore for Known {
//!     /// The owner of the token.
//!     type Grant = &'static str;
//!
//!     async fn find(
//!         &self,
//!         client: &str,
//!         token: Option<&str>,
//!         _: oauth1_core::Timestamp,
//!     ) -> Result<Found<&'static str>, StoreError> {
//!         Ok(match (client, token) {
//!             ("dpf43f3p2l4k3l03", Some("nnch734d00sl2jdk")) => {
//!                 let key = SharedSecrets::new("kd94hf93k423kf44", "pfkkdhi9sl3r4s00");
//!                 Found::Known(Credentials::new(key, "jane"))
//!             }
//!             ("dpf43f3p2l4k3l03", _) => Found::TokenUnknown,
//!             _ => Found::ClientUnknown,
//!         })
//!     }
//! }
//!
//! async fn photos(
//!     request: Request<VerifiedBody<Empty<Bytes>>>,
//! ) -> Result<Response<Full<Bytes>>, Infallible> {
//!     let verified = request.extensions().get::<Verified<&str>>().expect("behind the layer");
//!     let text = format!("the photos of {}", verified.grant());
//!     Ok(Response::new(Full::from(text)))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let nonces = MemoryNonces::new()?;
//! let layer = VerifyLayer::new("https://photos.example.net", Known, nonces)?.with_realm("Photos");
//! let service = layer.layer(service_fn(photos));
//!
//! let client = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let token = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
//! let mut request = Request::get("https://photos.example.net/photos").body(Empty::new())?;
//! let unsigned = request.clone();
//! Signer::<HmacSha1>::for_token(&client, &token)
//!     .sign_request(&mut request, Payload::Empty, Stamp::now()?)?;
//!
//! let replay = request.clone();
//! assert_eq!(service.clone().oneshot(request).await?.status(), 200);
//! for (refused, challenge) in [
//!     (replay, r#"OAuth realm="Photos", oauth_problem="nonce_used""#),
//!     (unsigned, r#"OAuth realm="Photos""#),
//! ] {
//!     let answer = service.clone().oneshot(refused).await?;
//!     assert_eq!(answer.status(), 401);
//!     assert_eq!(answer.headers()["www-authenticate"], challenge);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Bodies
//!
//! A form (`application/x-www-form-urlencoded`) is read before the handler sees the request, because
//! its parameters are signed: to the policy's [limit](oauth1_core::verify::Limits::form_bytes), and
//! the handler gets the same bytes and trailers. A form with a `Content-Encoding` is refused with 415:
//! nobody can say which bytes its parameters were signed as.
//!
//! Any other body streams through untouched. Where its hash is signed (`oauth_body_hash`), it is
//! checked as it flows: the handler gets the last piece only if the whole is what was signed, and
//! [`BodyError::Rejected`] in its place otherwise. Until then [`Verified::coverage`] is
//! [`Coverage::Pending`](oauth1_core::verify::Coverage::Pending): what a handler does with the first
//! pieces must not count before the end has come. `Coverage::Unsigned` says that anybody on the way
//! may have changed the body.
//!
//! # Requests that are dropped
//!
//! Whoever drops the future of a request, as a server does when the connection breaks, spends nothing
//! and leaks nothing: no task goes on behind its back.
//!
//! * Before the signature holds, the nonce store has not been asked.
//! * While the store is being asked, the store decides: one in memory answers in one step and has
//!   either spent the nonce or not; one that has sent its command to another process or machine may
//!   spend it though nobody hears the answer. The request has then no effect, and cannot be sent
//!   again; a client that repeats it signs it anew (RFC 5849 section 3.3 asks for a new nonce anyway).
//! * Once the store has answered, the handler is called in the same step: no future can be dropped
//!   between the two, so that a nonce which was found fresh has reached the handler.
//! * Where both stores [answer at once](oauth1_store::NonceStore::ANSWERS_AT_ONCE) and there is no form to
//!   be read, all of that happens in the very call of the service: what comes back is the future of the
//!   handler, and nothing is boxed.
//!
//! # Time
//!
//! The layer has no timer. A body of one byte a second holds what it has sent, to the limit, until the
//! server's own limits end it: set them ([`hyper::server::conn::http1::Builder::header_read_timeout`],
//! [`tower::timeout`]).
//!
//! [`hyper::server::conn::http1::Builder::header_read_timeout`]: https://docs.rs/hyper/1/hyper/server/conn/http1/struct.Builder.html#method.header_read_timeout
//! [`tower::timeout`]: https://docs.rs/tower/0.5/tower/timeout/index.html

#[cfg(feature = "axum")]
pub use self::extractor::NotVerified;
pub use self::{
    answer::{AnswerBody, Refusal},
    body::{BodyError, VerifiedBody},
    future::VerifyFuture,
    layer::VerifyLayer,
    mismatch::Mismatch,
    origin::{EffectiveOrigin, OriginError, PeerAddr, TrustedProxies},
    service::Verify,
    verified::{Anonymous, Verified},
};

mod answer;
mod body;
mod budget;
mod challenges;
mod driver;
#[cfg(feature = "axum")]
mod extractor;
mod future;
mod layer;
mod mismatch;
mod origin;
mod reading;
mod record;
mod service;
mod verified;
