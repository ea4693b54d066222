//! The provider for development: the endpoints, a resource, and a page with what was refused.

use alloc::sync::Arc;
use core::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use http_body_util::{BodyExt as _, Collected, Full, Limited};
use oauth1_core::{Nonce, Timestamp};
use oauth1_provider::{Application, Clients, NewClient, Owner, Provider, ProviderService, SignIn};
use oauth1_store::{Grant, ProviderStore};
use oauth1_tower::{Verified, VerifyLayer};
use tower::{Layer as _, Service, ServiceExt as _};
use zeroize::Zeroizing;

use super::{failed, refusals::Refusals};
use crate::{
    arguments::ServeArguments,
    problem::Failure,
    profile::{self, Folder, Stored},
    proxy::{Received, listener},
};

/// Longer requests are for other servers.
const LONGEST: usize = 1024 * 1024;

/// How many browsers are signed in at once.
const SESSIONS: usize = 1_000;

pub(super) async fn run<S: ProviderStore>(
    store: S,
    arguments: ServeArguments,
) -> Result<(), Failure> {
    listener::check_address(arguments.listen, false)?;
    let folder = Folder::new(&arguments.folder)?;
    let listener = listener::Listener::bind(arguments.listen, 64).await?;
    let origin = format!("http://{}", listener.address());
    let application = Developer::default();
    let provider = Provider::new(&origin, store, application)
        .map_err(|error| Failure::usage(format!("--listen: {error}")))?
        .allow_loopback_without_tls();
    let store = provider.store();

    let client = NewClient::new("Development")
        .with_two_legged(true)
        .with_callback("oob")
        .with_callback("http://127.0.0.1/")
        .with_callback("http://localhost/");
    let client = Clients::new(Arc::clone(&store))
        .create(client, Timestamp::now())
        .await
        .map_err(|error| failed(&error))?;
    let stored = Stored {
        temporary_url: Some(format!("{origin}/oauth/initiate")),
        authorization_url: Some(format!("{origin}/oauth/authorize")),
        token_url: Some(format!("{origin}/oauth/token")),
        client_key: Some(client.identifier().to_owned()),
        client_secret: Some(Zeroizing::new(client.key().expose().to_owned())),
        ..Stored::default()
    };
    folder.save(&arguments.save, &stored, true)?;
    let name = &arguments.save;
    anstream::eprintln!("{origin} is a provider, and says there what it has refused");
    anstream::eprintln!("  oauth1 authorize --profile {name}");
    anstream::eprintln!("  oauth1 GET {origin}/me --profile {name}");
    profile::saved(&folder, name, &stored)?;
    anstream::eprintln!("Ctrl-C ends it");

    let server = Server {
        layer: provider.verify_layer(),
        refusals: Refusals::new(Arc::clone(&store), origin),
        endpoints: provider.into_service(),
    };
    listener.serve(Shared(Arc::new(server))).await
}

/// Whoever opens a page is signed in as the developer, with a session of the browser's own.
#[derive(Default)]
struct Developer {
    sessions: Mutex<HashSet<String>>,
}

impl Application for Developer {
    async fn signed_in(&self, request: &Parts) -> SignIn {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let known = session_of(request).filter(|session| sessions.contains(*session));
        if let Some(Ok(owner)) = known.map(|session| Owner::new("developer", session.to_owned())) {
            return SignIn::As(owner.with_name("the developer"));
        }
        let Ok(session) = Nonce::random() else {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return SignIn::Needed(response);
        };
        if sessions.len() >= SESSIONS {
            sessions.clear();
        }
        let session = session.as_str().to_owned();
        let cookie = format!("oauth1-session={session}; HttpOnly; SameSite=Lax; Path=/");
        sessions.insert(session);
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::SEE_OTHER;
        let location = request
            .uri
            .path_and_query()
            .map_or("/", |path| path.as_str());
        for (name, value) in [
            (header::SET_COOKIE, cookie.as_str()),
            (header::LOCATION, location),
        ] {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().insert(name, value);
            }
        }
        SignIn::Needed(response)
    }

    async fn token_reply(&self, owner: &str) -> Vec<(String, String)> {
        vec![("user_id".to_owned(), owner.to_owned())]
    }
}

fn session_of(request: &Parts) -> Option<&str> {
    let cookies = request.headers.get(header::COOKIE)?.to_str().ok()?;
    let mut cookies = cookies.split("; ");
    cookies.find_map(|cookie| cookie.strip_prefix("oauth1-session="))
}

struct Server<S: ProviderStore> {
    layer: VerifyLayer<Arc<S>, Arc<S>>,
    endpoints: ProviderService<S, Developer>,
    refusals: Refusals<S>,
}

impl<S: ProviderStore> Server<S> {
    async fn answer(&self, request: Received) -> Response<Full<Bytes>> {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, LONGEST).collect().await else {
            return text(StatusCode::PAYLOAD_TOO_LARGE, "the request is too long\n");
        };
        let body = body.to_bytes();
        if parts.method == Method::GET && parts.uri.path() == "/" {
            return self.refusals.page();
        }
        let request = Request::from_parts(parts.clone(), Full::<Bytes>::from(body.clone()));
        let response = if parts.uri.path().starts_with("/oauth/") {
            let answered = self.endpoints.clone().oneshot(request).await;
            let Ok(response) = answered;
            gather(response).await
        } else {
            let service = tower::service_fn(|request: Request<_>| {
                core::future::ready(Ok::<_, Infallible>(resource(&request)))
            });
            let Ok(response) = self.layer.layer(service).oneshot(request).await;
            gather(response).await
        };
        self.refusals.look_at(&parts, &body, &response).await;
        response
    }
}

/// What tokens are for: tells who has signed.
fn resource<B>(request: &Request<B>) -> Response<Full<Bytes>> {
    let Some(verified) = request.extensions().get::<Verified<Grant>>() else {
        return text(
            StatusCode::INTERNAL_SERVER_ERROR,
            "nobody has verified this\n",
        );
    };
    let mut answer = serde_json::json!({
        "method": request.method().as_str(),
        "path": request.uri().path(),
        "client": verified.client(),
        "token": verified.token(),
        "owner": verified.grant().owner,
        "signature_method": verified.signature_method(),
    })
    .to_string();
    answer.push('\n');
    let mut response = Response::new(Full::from(answer));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

async fn gather<B>(response: Response<B>) -> Response<Full<Bytes>>
where
    B: http_body::Body,
{
    let (parts, body) = response.into_parts();
    // All of them are at hand: there is nothing that could fail.
    let bytes = body.collect().await.map(Collected::to_bytes);
    Response::from_parts(parts, Full::from(bytes.unwrap_or_default()))
}

pub(super) fn text(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}

struct Shared<S: ProviderStore>(Arc<Server<S>>);

impl<S: ProviderStore> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: ProviderStore> Service<Received> for Shared<S> {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Received) -> Self::Future {
        let server = Arc::clone(&self.0);
        Box::pin(async move { Ok(server.answer(request).await) })
    }
}
