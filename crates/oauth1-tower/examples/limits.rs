//! A protected service of hyper's that is limited in time, in memory and in connections.

use core::{convert::Infallible, pin::pin, time::Duration};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::WWW_AUTHENTICATE,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
    service::TowerToHyperService,
};
use oauth1_core::{ClientCredentials, TokenCredentials};
use oauth1_store::{
    NonceStore,
    memory::{MemoryCredentials, MemoryNonces},
};
use oauth1_tower::{
    Verified, VerifyLayer,
    verify::{BodyError, VerifiedBody},
};
use tokio::{net::TcpListener, sync::Semaphore, time};
use tower::{Layer, service_fn};
use tower_http::timeout::TimeoutLayer;

const REALM: &str = "Photos";

/// What a server gives its clients.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time; others wait. Fewer than the process may have files open.
    pub connections: usize,
    /// How long a connection may last, however busy it is.
    pub connection: Duration,
    /// How long the head of a request may take, and the time until the next one.
    pub head: Duration,
    /// How long a request may take from its head to the head of its answer: its form, its drained
    /// rest, the stores and the handler.
    pub request: Duration,
    /// Bytes of a head, and of what is read ahead.
    pub head_bytes: usize,
    /// Bytes of a body that is no form. For forms it is the policy that has the limit.
    pub body_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1000,
            connection: Duration::from_secs(300),
            head: Duration::from_secs(10),
            request: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            body_bytes: 8 * 1024 * 1024,
        }
    }
}

/// Serves until it is dropped.
pub async fn serve<N: NonceStore>(
    listener: TcpListener,
    verify: VerifyLayer<MemoryCredentials<String>, N>,
    limits: Limits,
) -> anyhow::Result<()> {
    let handler = service_fn(move |request| photos(request, limits));
    let service = verify.with_realm(REALM).layer(handler);
    // Outside of the layer, which reads forms and has no timer of its own.
    let timeout = TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request);
    let service = TowerToHyperService::new(timeout.layer(service));
    let mut server = auto::Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(limits.head_bytes);
    server
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limits.head)
        .keep_alive_timeout(limits.head)
        .max_concurrent_streams(32);
    // For as long as the program runs.
    let places: &Semaphore = Box::leak(Box::new(Semaphore::new(limits.connections)));
    loop {
        let place = places.acquire().await?;
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Where no descriptor is free there may be one soon: no reason to end.
                eprintln!("a connection was not accepted: {error}");
                time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (server, service) = (server.clone(), service.clone());
        tokio::spawn(async move {
            let connection = server.serve_connection(TokioIo::new(stream), service);
            let mut connection = pin!(connection);
            // The one timer of a connection on which nothing was ever sent.
            if time::timeout(limits.connection, &mut connection)
                .await
                .is_err()
            {
                connection.as_mut().graceful_shutdown();
                let _ = time::timeout(limits.request, connection).await;
            }
            drop(place);
        });
    }
}

async fn photos(
    request: Request<VerifiedBody<Incoming>>,
    limits: Limits,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let text = match parts.extensions.get::<Verified<String>>() {
        Some(verified) => format!("photos of {} for {}\n", verified.grant(), verified.client()),
        None => String::new(),
    };
    let mut answer = Response::new(Full::from(text));
    // Nothing of the body counts before its end has come, and with it the check of its hash.
    if let Err(error) = Limited::new(body, limits.body_bytes).collect().await {
        *answer.body_mut() = Full::default();
        *answer.status_mut() = if error.is::<LengthLimitError>() {
            StatusCode::PAYLOAD_TOO_LARGE
        } else if let Some(BodyError::Rejected(rejection)) = error.downcast_ref() {
            let challenge = rejection.challenge_header(REALM);
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            rejection.status_code()
        } else {
            StatusCode::BAD_REQUEST
        };
    }
    Ok(answer)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let printer = ClientCredentials::new("dpf43f3p2l4k3l03", "kd94hf93k423kf44");
    let of_jane = TokenCredentials::new("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00");
    let known = MemoryCredentials::new();
    known.insert_token(&printer, &of_jane, "jane".to_owned());
    let verify = VerifyLayer::new("http://127.0.0.1:3000", known, MemoryNonces::new()?)?;
    let listener = TcpListener::bind("127.0.0.1:3000").await?;
    serve(listener, verify, Limits::default()).await
}
