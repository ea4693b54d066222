//! The endpoints as one tower service.

use alloc::{boxed::Box, sync::Arc};
use core::{
    convert::Infallible,
    error::Error,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, Request, Response, request::Parts};
use http_body::Body;
use http_body_util::{Either, Full};
use oauth1_core::provider::{Refusal, SignedBy};
use oauth1_store::ProviderStore;
use oauth1_tower::{Verified, VerifyLayer, verify::AnswerBody};
use tower_layer::Layer as _;
use tower_service::Service;

use crate::{
    answer::{self, Answer},
    credentials::{Endpoint, EndpointCredentials},
    endpoint::{Asked, Handler},
    failure::Failure,
    owner::Application,
    provider::Shared,
};

/// The body of a provider's answers.
pub type ProviderBody = Either<AnswerBody<Full<Bytes>>, Full<Bytes>>;

/// The endpoints of a [`Provider`](crate::Provider), by their paths; 404 for every other path. Cheap to
/// clone.
pub struct ProviderService<S, A> {
    shared: Arc<Shared<S, A>>,
    layers: Arc<Layers<S>>,
}

type Layer<S> = VerifyLayer<EndpointCredentials<S>, Arc<S>>;

struct Layers<S> {
    temporary: Layer<S>,
    token: Layer<S>,
    revocation: Layer<S>,
}

impl<S: ProviderStore, A: Application> ProviderService<S, A> {
    pub(crate) fn new(shared: Shared<S, A>) -> Self {
        let layer = |endpoint| {
            let credentials = EndpointCredentials::new(Arc::clone(&shared.store), endpoint);
            let nonces = Arc::clone(&shared.store);
            let layer = shared.settings.layer(credentials, nonces);
            layer.on_verified(move |verified, extensions| {
                let told = extensions.get::<Verified<SignedBy>>();
                // The layer has put it there; the client's credentials alone grant the least.
                let signed_by = told.map_or(SignedBy::Client, |told| *told.grant());
                extensions.insert(Asked::read(endpoint, verified, signed_by));
            })
        };
        let layers = Layers {
            temporary: layer(Endpoint::Temporary),
            token: layer(Endpoint::Token {
                xauth: shared.settings.xauth,
            }),
            revocation: layer(Endpoint::Revocation),
        };
        Self {
            shared: Arc::new(shared),
            layers: Arc::new(layers),
        }
    }
}

/// Which endpoint a path is.
#[derive(Clone, Copy)]
enum Route {
    Temporary,
    Authorization,
    Token,
    Revocation,
}

impl<S, A> ProviderService<S, A> {
    fn route(&self, path: &str) -> Option<Route> {
        let paths = &self.shared.settings.paths;
        let routes = [
            (&paths.temporary, Route::Temporary),
            (&paths.authorization, Route::Authorization),
            (&paths.token, Route::Token),
            (&paths.revocation, Route::Revocation),
        ];
        let found = routes.into_iter().find(|(known, _)| *known == path);
        found.map(|(_, route)| route)
    }

    /// Before anything is read: whether the request may be answered at all.
    fn check(&self, parts: &Parts, route: Route) -> Result<(), Failure> {
        let settings = &self.shared.settings;
        let origin = settings.origin.of(parts).map_err(Refusal::from)?;
        settings.transport.check(origin)?;
        let is_signed = !matches!(route, Route::Authorization);
        if is_signed && parts.method != Method::POST {
            return Err(Refusal::MethodNotAllowed("POST").into());
        }
        Ok(())
    }
}

impl<S, A, B> Service<Request<B>> for ProviderService<S, A>
where
    S: ProviderStore,
    A: Application,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<ProviderBody>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let Some(route) = self.route(parts.uri.path()) else {
            return Box::pin(async { Ok(unsigned(answer::not_found())) });
        };
        if let Err(failure) = self.check(&parts, route) {
            tracing::info!(code = failure.code(), "refused: {failure}");
            let answer = answer::failed(&failure, &self.shared.settings.realm);
            return Box::pin(async { Ok(unsigned(answer)) });
        }
        let layer = match route {
            Route::Authorization => {
                let shared = Arc::clone(&self.shared);
                return Box::pin(async move { Ok(unsigned(shared.authorize(&parts, body).await)) });
            }
            Route::Temporary => &self.layers.temporary,
            Route::Token => &self.layers.token,
            Route::Revocation => &self.layers.revocation,
        };
        let mut service = layer.layer(Handler::new(Arc::clone(&self.shared)));
        let answer = service.call(Request::from_parts(parts, body));
        Box::pin(async move { Ok(answer.await?.map(Either::Left)) })
    }
}

/// An answer that did not come through the layer which verifies.
fn unsigned(answer: Answer) -> Response<ProviderBody> {
    answer.map(Either::Right)
}

impl<S, A> Clone for ProviderService<S, A> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            layers: Arc::clone(&self.layers),
        }
    }
}

impl<S, A> fmt::Debug for ProviderService<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderService")
            .field("paths", &self.shared.settings.paths)
            .finish_non_exhaustive()
    }
}
