//! Signing requests (feature `sign`): [`SignLayer`] around any client that is a tower service.
//!
//! ```
//! use core::convert::Infallible;
//!
//! use bytes::Bytes;
//! use http::{Request, Response};
//! use http_body_util::Full;
//! use oauth1_core::{ClientCredentials, HmacSha1, Signer, exchange::Client};
//! use oauth1_tower::{SignLayer, sign::SentStamp};
//! use tower::{Layer, ServiceExt, service_fn};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let credentials = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
//! let client = Client::new(Signer::<HmacSha1>::for_client(&credentials));
//!
//! // In place of an HTTP client: tells what it was sent.
//! let http = service_fn(|request: Request<Full<Bytes>>| async move {
//!     let header = request.headers()["authorization"].to_str().unwrap_or_default().to_owned();
//!     Ok::<_, Infallible>(Response::new(header))
//! });
//! let signed = SignLayer::new(client, "https://api.example.com")?.layer(http);
//!
//! let request = Request::get("https://api.example.com/1/photos").body(Full::default())?;
//! let response = signed.oneshot(request).await?;
//! assert!(response.body().starts_with("OAuth oauth_consumer_key="));
//! let stamp = response.extensions().get::<SentStamp>().expect("it was signed");
//! assert!(response.body().contains(stamp.nonce()));
//! # Ok(())
//! # }
//! ```
//!
//! # Where it belongs
//!
//! ```text
//!   the application
//!         │
//!    retry              each attempt passes the layers below
//!         │
//!    follow redirects   each hop passes the layers below
//!         │
//!    SignLayer          signs, with a fresh nonce each time
//!         │
//!    the HTTP client
//! ```
//!
//! Outside of them, a retry would send the same nonce twice, which servers refuse, and a redirect would
//! carry a signature of another URI. Inside, the layer sees every request that leaves, those to other
//! origins too; therefore it signs for the origins that it was made for and for no other. A request to
//! another one is an error, unless the [`Client`] says [`OtherOrigins::Unsigned`]: then it passes as it
//! is, which must be without a signature.
//!
//! A layer cannot know where a request comes from. Where redirects to other origins are followed, a
//! policy that puts [`Unsigned`] into the request's extensions from there on keeps another origin from
//! leading back to a URI of its choice, which would be signed. Such a policy for tower-http's
//! `FollowRedirect` stands in this crate's `tests/table.rs`. The adapters of this family that follow redirects by themselves
//! know it without being told.
//!
//! Of what an [`Exchange`](oauth1_core::exchange::Exchange) does, the limits of redirects and retries are
//! those of the layers around. The clock is corrected where the client allows it; the response
//! that has done so has [`ClockCorrected`] among its extensions, for a retry policy to see.
//!
//! # Bodies
//!
//! Nothing is awaited before the request is sent, so a form must be at hand: see [`RequestBody`]. One that
//! flows is an error, and never sent unsigned.

use alloc::{borrow::ToOwned, string::String, sync::Arc};
use core::task::{Context, Poll};

use http::{Request, Response, header::AUTHORIZATION, request::Parts};
use oauth1_core::{
    Origin, ProtocolParameters, SigningKey, Stamp, UriError,
    authorization::AuthorizationHeader,
    exchange::{AttemptBody, Client, OtherOrigins, Trace},
    form,
    http::{Payload, target_of},
};
use tower_layer::Layer;
use tower_service::Service;

pub use self::{
    body::{AtHand, RequestBody},
    error::Error,
    extensions::{ClockCorrected, Parameters, SentStamp, Unsigned},
    future::SignFuture,
};

mod body;
mod error;
mod extensions;
mod future;

/// Signs the requests to some origins. See the [module](self) for where it belongs.
#[derive(Debug)]
pub struct SignLayer<K> {
    client: Arc<Client<K>>,
    origins: Arc<[String]>,
}

impl<K> SignLayer<K> {
    /// For requests to this origin, such as `https://api.example.com`. How they are signed is the
    /// [`Client`]'s to say; an `Arc` of it can be shared with other layers and adapters, so that they
    /// know the same of the server's clock.
    ///
    /// # Errors
    /// [`UriError`] when `origin` is none.
    pub fn new(client: impl Into<Arc<Client<K>>>, origin: &str) -> Result<Self, UriError> {
        let none = Self {
            client: client.into(),
            origins: Arc::default(),
        };
        none.with_origin(origin)
    }

    /// For requests to this origin too: of a service that has several.
    ///
    /// # Errors
    /// [`UriError`] when `origin` is none.
    pub fn with_origin(self, origin: &str) -> Result<Self, UriError> {
        Origin::parse(origin)?;
        let origins = self.origins.iter().cloned();
        Ok(Self {
            origins: origins.chain([origin.to_owned()]).collect(),
            ..self
        })
    }

    /// How requests are signed.
    #[must_use]
    pub fn client(&self) -> &Client<K> {
        &self.client
    }
}

impl<K> Clone for SignLayer<K> {
    fn clone(&self) -> Self {
        Self {
            client: Arc::clone(&self.client),
            origins: Arc::clone(&self.origins),
        }
    }
}

impl<S, K> Layer<S> for SignLayer<K> {
    type Service = SignService<S, K>;

    fn layer(&self, inner: S) -> Self::Service {
        SignService {
            inner,
            layer: self.clone(),
        }
    }
}

/// Signs requests and hands them on: made by [`SignLayer`].
#[derive(Debug)]
pub struct SignService<S, K> {
    inner: S,
    layer: SignLayer<K>,
}

impl<S: Clone, K> Clone for SignService<S, K> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S, K, B, R> Service<Request<B>> for SignService<S, K>
where
    S: Service<Request<B>, Response = Response<R>>,
    K: SigningKey,
    B: RequestBody,
{
    type Response = Response<R>;
    type Error = Error<S::Error>;
    type Future = SignFuture<S::Future, K>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx).map_err(Error::Inner)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        match self.layer.sign(request) {
            Ok((request, trace)) => {
                let client = Arc::clone(&self.layer.client);
                SignFuture::new(self.inner.call(request), client, trace)
            }
            Err(refused) => SignFuture::refused(refused),
        }
    }
}

impl<K: SigningKey> SignLayer<K> {
    fn sign<B: RequestBody>(
        &self,
        request: Request<B>,
    ) -> Result<(Request<B>, Option<Trace>), Error<core::convert::Infallible>> {
        let (mut parts, body) = request.into_parts();
        let target = target_of(&parts.uri).map_err(|error| Error::Sign(error.into()))?;
        let origin = target.origin();
        let is_ours = self
            .origins
            .iter()
            .any(|ours| Origin::parse(ours) == Ok(origin));
        if !is_ours || parts.extensions.get::<Unsigned>().is_some() {
            let may_pass = is_ours || self.client.other_origins() == OtherOrigins::Unsigned;
            if !may_pass || has_signature(&parts) {
                return Err(Error::OtherOrigin);
            }
            return Ok((Request::from_parts(parts, body), None));
        }
        let at_hand = body.at_hand();
        let payload = match &at_hand {
            AtHand::Empty => Payload::Empty,
            AtHand::Bytes(bytes) => Payload::Bytes(bytes),
            AtHand::Streamed => Payload::Streamed,
        };
        let stamp = Stamp::now().map_err(Error::RandomSource)?;
        let extra = parts.extensions.get::<Parameters>().cloned();
        let extra = extra.unwrap_or_default();
        let (kept, trace) = extra.with(|parameters: ProtocolParameters<'_>| {
            self.client
                .sign_attempt(&mut parts, payload, &parameters, stamp)
        })?;
        let body = match kept {
            AttemptBody::Form(form) => B::from_form(form).ok_or(Error::FormCannotBeHeld)?,
            AttemptBody::Original | AttemptBody::Empty => body,
        };
        Ok((Request::from_parts(parts, body), Some(trace)))
    }
}

/// Whether there is anything of a signature in header or query.
fn has_signature(parts: &Parts) -> bool {
    let mut headers = parts.headers.get_all(AUTHORIZATION).iter();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    headers.any(|value| AuthorizationHeader::parse(value.as_bytes()).is_some())
        || form::pairs(query).any(|(name, _)| name == "oauth_signature")
}

#[cfg(test)]
mod tests;
