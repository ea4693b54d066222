//! The service.

use alloc::{boxed::Box, sync::Arc};
use core::{
    error::Error,
    fmt,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, Version,
    header::{CONNECTION, EXPECT},
    request::Parts,
};
use http_body::Body;
use oauth1_core::{
    http::has_form,
    verify::{Reason, Rejection},
};
use oauth1_store::{CredentialStore, NonceStore};
use tower_service::Service;

use super::{
    Anonymous, AnswerBody, Refusal, Verified, VerifiedBody, VerifyFuture, VerifyLayer,
    driver::{Refused, Why, payload_of},
    reading::{Rest, drain},
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
    type Future = VerifyFuture<S::Future, R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (mut parts, body) = request.into_parts();
        // Nobody else has a say in who signed.
        parts.extensions.remove::<Verified<C::Grant>>();
        parts.extensions.remove::<Anonymous>();

        let Ok(is_form) = has_form(&parts.headers) else {
            let why = Rejection::new(Reason::MalformedContentType).into();
            return self.refuse(parts, why, body);
        };
        if is_form || !(C::ANSWERS_AT_ONCE && N::ANSWERS_AT_ONCE) {
            let mut service = self.take_service();
            let layer = Arc::clone(&self.layer);
            return VerifyFuture::waiting(async move {
                match layer.judge(&parts, body, is_form).await {
                    Ok((passed, body)) => {
                        passed.tell(&mut parts);
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
            });
        }
        match self.layer.judge_at_once(&parts, payload_of(&body)) {
            Ok((passed, check)) => {
                passed.tell(&mut parts);
                let body = VerifiedBody::streamed(body, check);
                VerifyFuture::handled(self.service.call(Request::from_parts(parts, body)))
            }
            Err(why) => self.refuse(parts, why, body),
        }
    }
}

impl<S: Clone, C, N> Verify<S, C, N> {
    /// What was made ready is called, and its clone waits for the next `poll_ready`.
    fn take_service(&mut self) -> S {
        let clone = self.service.clone();
        core::mem::replace(&mut self.service, clone)
    }

    /// Refuses a request of whose body nothing has been read.
    fn refuse<F, R, E, B>(&mut self, parts: Parts, why: Why, body: B) -> VerifyFuture<F, R, E>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        C: Send + Sync + 'static,
        N: Send + Sync + 'static,
    {
        // It gives its place back.
        drop(self.take_service());
        if body.is_end_stream() {
            return VerifyFuture::refused(self.layer.answer(&parts, &why));
        }
        let layer = Arc::clone(&self.layer);
        VerifyFuture::waiting(async move {
            let refused = why.with_rest(Some(Rest::all(body)));
            let answer = layer.refuse(&parts, refused).await;
            Ok(answer.map(AnswerBody::of_refusal))
        })
    }
}

impl<C, N> VerifyLayer<C, N> {
    /// The answer to a refused request, and the end of its body.
    async fn refuse<B: Body>(&self, parts: &Parts, refused: Refused<B>) -> Response<Bytes> {
        let mut answer = self.answer(parts, &refused.why);
        // HTTP/2 ends a stream without ending its connection.
        if parts.version <= Version::HTTP_11 {
            let has_ended = match refused.rest {
                // Who waits for `100 Continue` has not sent it, and reading it would ask for it.
                Some(rest) if !rest.begun && parts.headers.contains_key(EXPECT) => false,
                Some(rest) => drain(rest.body, self.settings.drain_bytes).await,
                None => !refused.why.cause.is_of_unreadable_body(),
            };
            if !has_ended {
                let close = HeaderValue::from_static("close");
                answer.headers_mut().insert(CONNECTION, close);
            }
        }
        answer
    }

    fn answer(&self, parts: &Parts, why: &Why) -> Response<Bytes> {
        let settings = &self.settings;
        let refusal = Refusal::new(&why.cause, &settings.challenges, settings.retry_after);
        record::refused(parts, why.client.as_deref(), &why.cause, &refusal);
        let Some(make) = &settings.answer else {
            return refusal.into_response();
        };
        let mut answer = make(&refusal);
        refusal.complete(&mut answer);
        answer
    }
}
