//! The reverse proxy that lets verified requests through, to a service that knows no OAuth.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    error::Error,
    future::Future,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited, combinators::BoxBody};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as Pool;
use oauth1_core::{
    ClientCredentials, RsaPublicKey, TokenCredentials,
    verify::{Limits, Policy},
};
use oauth1_store::{
    CredentialStore, NonceStore,
    memory::{MemoryCredentials, MemoryNonces},
    redis::RedisStore,
    sqlite::SqliteStore,
};
use oauth1_tower::{EffectiveOrigin, Verified, VerifyLayer, verify::VerifiedBody};
use tower::{Service, ServiceBuilder, limit::GlobalConcurrencyLimitLayer};

use super::{
    Body, Received,
    listener::Listener,
    signing::{astray, passed_back, via},
    tell, text,
    way::Way,
};
use crate::{
    arguments::ProxyArguments,
    order::flags::Credentials,
    page::printable,
    problem::{Failure, Problem, whole_story},
    source::{OwnSecrets, Sources},
    transport::{Connector, remove_hop_by_hop},
};

/// What the service behind is told, and nobody else can tell it.
const CLIENT: HeaderName = HeaderName::from_static("x-oauth-client");
const TOKEN: HeaderName = HeaderName::from_static("x-oauth-token");

/// A verified body on its way to the service behind.
pub(super) type Passing = BoxBody<Bytes, Box<dyn Error + Send + Sync>>;

/// Runs it until the program is told to end.
pub(super) async fn run(
    arguments: ProxyArguments,
    way: Way,
    pool: Pool<Connector, Passing>,
) -> Result<(), Failure> {
    let listener = Listener::bind(arguments.listen, arguments.limits.max_connections).await?;
    let origin = match &arguments.origin {
        Some(origin) => origin.clone(),
        None => format!("http://{}", listener.address()),
    };
    let origin = EffectiveOrigin::fixed(&origin)
        .map_err(|error| Failure::usage(format!("--origin {origin}: {error}")))?;
    let forwarding = Forwarding {
        way,
        pool,
        timeout: Duration::from_secs(arguments.limits.timeout),
        silent: arguments.silent,
    };
    let server = Server {
        listener,
        origin,
        forwarding,
    };
    let failed = |error: oauth1_store::StoreError| Failure::Failed(format!("--store: {error}"));
    match arguments.store.as_deref() {
        None => {
            let credentials = known(&arguments)?;
            let nonces = MemoryNonces::new().map_err(failed)?;
            server.serve(arguments, credentials, nonces).await
        }
        Some(url) if url.starts_with("redis") => {
            let store = RedisStore::connect(url).await.map_err(failed)?;
            server.serve(arguments, store.clone(), store).await
        }
        Some(path) => {
            let path = path.strip_prefix("sqlite:").unwrap_or(path);
            let store = SqliteStore::open(path).map_err(failed)?;
            server.serve(arguments, store.clone(), store).await
        }
    }
}

/// The one client of a command line, with its token or without.
fn known(arguments: &ProxyArguments) -> Result<MemoryCredentials, Failure> {
    let mut sources = Sources::default();
    let credentials = Credentials::new(arguments.client.clone())?;
    let client = credentials.client_key()?;
    let known = MemoryCredentials::new();
    if let Some(path) = &arguments.public_key.public_key_file {
        let pem = sources.text("--public-key-file", path)?;
        let key = RsaPublicKey::from_pem(&pem).map_err(|error| Problem::key(path, error))?;
        match credentials.token.as_deref() {
            Some(token) if !token.is_empty() => known.insert_token_key(client, token, key, ()),
            _ => known.insert_client_key(client, key, ()),
        }
        return Ok(known);
    }
    let secrets = OwnSecrets::shared(arguments.keys.secrets.clone(), &mut sources)?;
    secrets.check(
        crate::signature_method::SignatureMethod::default(),
        credentials.token.as_deref(),
    )?;
    let borrowed = secrets.borrowed();
    let owner = ClientCredentials::new(client, borrowed.client);
    match credentials.token.as_deref() {
        Some(token) if !token.is_empty() => {
            let token = TokenCredentials::new(token, borrowed.token);
            known.insert_token(&owner, &token, ());
        }
        _ => known.insert_client(&owner, ()),
    }
    Ok(known)
}

struct Server {
    listener: Listener,
    origin: EffectiveOrigin,
    forwarding: Forwarding,
}

impl Server {
    async fn serve<C, N>(
        self,
        arguments: ProxyArguments,
        credentials: C,
        nonces: N,
    ) -> Result<(), Failure>
    where
        C: CredentialStore,
        N: NonceStore,
    {
        let address = self.listener.address();
        let realm = arguments
            .protocol
            .realm
            .as_deref()
            .unwrap_or("oauth1 proxy");
        let mut limits = Limits::DEFAULT;
        limits.form_bytes = arguments.limits.max_form;
        let policy = Policy::new()
            .with_window(arguments.window)
            .with_limits(limits);
        let most = usize::try_from(arguments.limits.max_body).unwrap_or(usize::MAX);
        let silent = arguments.silent;
        let layer = VerifyLayer::at(self.origin, realm, credentials, nonces)
            .with_policy(policy)
            .on_mismatch(move |mismatch| {
                if silent {
                    return;
                }
                let received = mismatch.received();
                anstream::eprintln!(
                    "{}: what is signed here is\n  {}",
                    mismatch.rejection().code(),
                    printable(received.base_string().to_string().as_bytes())
                );
            });
        if let Way::Reverse { base } = &self.forwarding.way {
            anstream::eprintln!("http://{address} verifies and sends on to {base}; Ctrl-C ends it");
        }
        let service = ServiceBuilder::new()
            .layer(GlobalConcurrencyLimitLayer::new(
                arguments.limits.max_connections as usize,
            ))
            .map_request(move |request: Received| request.map(|body| Limited::new(body, most)))
            .layer(layer)
            .service(Shared::<C::Grant>(Arc::new(self.forwarding), PhantomData));
        self.listener.serve(service).await
    }
}

/// Sends on what was verified.
struct Forwarding {
    way: Way,
    pool: Pool<Connector, Passing>,
    timeout: Duration,
    silent: bool,
}

type Verifiable = Request<VerifiedBody<Limited<Incoming>>>;

impl Forwarding {
    async fn answer<G: Send + Sync + 'static>(&self, request: Verifiable) -> Response<Body> {
        let started = tokio::time::Instant::now();
        let path = request.uri().clone();
        let method = request.method().clone();
        let response = match self.way.target(request.uri()) {
            Ok(target) => self.send::<G>(request, target).await,
            Err(reason) => astray(&self.way, &reason),
        };
        if !self.silent {
            tell(&method, &path, response.status(), started);
        }
        response
    }

    async fn send<G: Send + Sync + 'static>(
        &self,
        request: Verifiable,
        target: http::Uri,
    ) -> Response<Body> {
        let (mut parts, body) = request.into_parts();
        parts.uri = target;
        parts.version = http::Version::HTTP_11;
        remove_hop_by_hop(&mut parts.headers);
        for name in [
            header::HOST,
            header::EXPECT,
            header::AUTHORIZATION,
            CLIENT,
            TOKEN,
        ] {
            parts.headers.remove(name);
        }
        // The layer has put it there: nothing that is not verified comes as far as this.
        let Some(verified) = parts.extensions.remove::<Verified<G>>() else {
            return text(
                StatusCode::INTERNAL_SERVER_ERROR,
                "nobody has verified this",
            );
        };
        for (name, value) in [(CLIENT, Some(verified.client())), (TOKEN, verified.token())] {
            // An identifier that no header can hold is told in the way that URLs have it.
            let value = value.map(|value| oauth1_core::percent::encode(value).to_string());
            if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
                parts.headers.insert(name, value);
            }
        }
        parts.headers.append(header::VIA, via());
        let body = body.map_err(Into::into).boxed();
        let request = Request::from_parts(parts, body);
        match tokio::time::timeout(self.timeout, self.pool.request(request)).await {
            Ok(Ok(response)) => passed_back(&self.way, response),
            Ok(Err(error)) => text(StatusCode::BAD_GATEWAY, &whole_story(&error)),
            Err(_) => text(
                StatusCode::GATEWAY_TIMEOUT,
                "the service has not begun to answer within --timeout",
            ),
        }
    }
}

/// Shared by all connections; `G` is what the store says of a token.
struct Shared<G>(Arc<Forwarding>, PhantomData<fn() -> G>);

impl<G> Clone for Shared<G> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0), PhantomData)
    }
}

impl<G: Send + Sync + 'static> Service<Verifiable> for Shared<G> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Verifiable) -> Self::Future {
        let forwarding = Arc::clone(&self.0);
        Box::pin(async move { Ok(forwarding.answer::<G>(request).await) })
    }
}
