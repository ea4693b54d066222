//! The service.

use alloc::{boxed::Box, sync::Arc};
use core::{
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, Version,
    header::{CONNECTION, EXPECT},
    request::Parts,
};
use http_body::Body;
use oauth1_store::{CredentialStore, NonceStore};
use tower_service::Service;

use super::{
    Anonymous, AnswerBody, Refusal, VerifiedBody, VerifyLayer,
    driver::{Passed, Refused},
    reading::drain,
    record,
};

/// A service behind a [`VerifyLayer`].
///
/// It is ready when the service behind it is. A refused request gives the place back that it had
/// there, unused.
pub struct Verify<S, C, N> {
    service: S,
    /// Shared, since each request has its own of it.
    layer: Arc<VerifyLayer<C, N>>,
}

impl<S, C, N> Verify<S, C, N> {
    pub(super) fn new(service: S, layer: VerifyLayer<C, N>) -> Self {
        let layer = Arc::new(layer);
        Self { service, layer }
    }

    /// The service behind it.
    pub const fn get_ref(&self) -> &S {
        &self.service
    }
}

impl<S: Clone, C, N> Clone for Verify<S, C, N> {
    fn clone(&self) -> Self {
        Self {
            service: self.service.clone(),
            layer: Arc::clone(&self.layer),
        }
    }
}

impl<S: fmt::Debug, C, N> fmt::Debug for Verify<S, C, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify")
            .field("service", &self.service)
            .field("layer", &self.layer)
            .finish()
    }
}

impl<S, B, R, C, N> Service<Request<B>> for Verify<S, C, N>
where
    S: Service<Request<VerifiedBody<B>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
    C: CredentialStore,
    N: NonceStore,
{
    type Response = Response<AnswerBody<R>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // What was made ready is called, and its clone waits for the next `poll_ready`.
        let clone = self.service.clone();
        let mut service = core::mem::replace(&mut self.service, clone);
        let layer = Arc::clone(&self.layer);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match layer.judge(&mut parts, body).await {
                Ok((passed, body)) => {
                    match passed {
                        Passed::Verified(verified, more) => {
                            record::accepted(&parts, verified.client());
                            if let Some(more) = more {
                                parts.extensions.extend(more);
                            }
                            parts.extensions.insert(verified);
                        }
                        Passed::Anonymous(challenge) => {
                            record::anonymous(&parts);
                            parts.extensions.insert(Anonymous::new(challenge));
                        }
                    }
                    // No `await` stands between the store's answer and this call.
                    let answer = service.call(Request::from_parts(parts, body));
                    Ok(answer.await?.map(AnswerBody::of_handler))
                }
                Err(refused) => {
                    drop(service);
                    let answer = layer.refuse(&parts, refused).await;
                    Ok(answer.map(AnswerBody::of_refusal))
                }
            }
        })
    }
}

impl<C, N> VerifyLayer<C, N> {
    async fn refuse<B: Body>(&self, parts: &Parts, refused: Refused<B>) -> Response<Bytes> {
        let settings = &self.settings;
        let refusal = Refusal::new(&refused.cause, &settings.realm, settings.retry_after);
        let client = refused.client.as_deref();
        record::refused(parts, client, &refused.cause, &refusal);

        let mut answer = (settings.answer)(&refusal);
        refusal.complete(&mut answer);
        // HTTP/2 ends a stream without ending its connection.
        if parts.version <= Version::HTTP_11 {
            let has_ended = match refused.rest {
                // Who waits for `100 Continue` has not sent it, and reading it would ask for it.
                Some(rest) if !rest.begun && parts.headers.contains_key(EXPECT) => false,
                Some(rest) => drain(rest.body, settings.drain_bytes).await,
                None => !refused.cause.is_of_unreadable_body(),
            };
            if !has_ended {
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(CONNECTION, close);
            }
        }
        answer
    }
}
