//! What requests are sent over.

use core::future::Future;

use http::{Request, Response};
use hyper::body::Incoming;
use oauth1_core::exchange::Failure;

use crate::{body::Body, error::BoxError};

/// What requests with bodies of the type `B` are sent over.
pub trait Transport<B>: Send + Sync {
    /// Sends one request, as it is: no redirect followed, nothing signed.
    ///
    /// # Errors
    /// [`TransportError`] when there is no response.
    fn send(
        &self,
        request: Request<Body<B>>,
    ) -> impl Future<Output = Result<Response<Incoming>, TransportError>> + Send;
}

/// A request got no response: how far it came, and why.
#[derive(Debug)]
pub struct TransportError {
    /// Whether the server may have received it.
    pub failure: Failure,
    /// What went wrong.
    pub source: BoxError,
}

#[cfg(feature = "pool")]
impl<C, B> Transport<B> for hyper_util::client::legacy::Client<C, Body<B>>
where
    C: hyper_util::client::legacy::connect::Connect + Clone + Send + Sync + 'static,
    B: http_body::Body + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn send(&self, request: Request<Body<B>>) -> Result<Response<Incoming>, TransportError> {
        self.request(request).await.map_err(|error| TransportError {
            failure: if error.is_connect() {
                Failure::NotSent
            } else {
                Failure::Unknown
            },
            source: error.into(),
        })
    }
}
