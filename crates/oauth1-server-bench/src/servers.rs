//! The servers that are measured: they differ in what stands before one handler.

use core::{
    convert::Infallible,
    error::Error,
    future::Future,
    net::Ipv4Addr,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context as _, Result};
use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Body, Bytes, Incoming},
    server::conn::http1,
    service::{HttpService, service_fn},
};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use oauth1_core::Timestamp;
use oauth1_store::{
    Insert, NonceStore, SpentNonce, StoreError,
    conformance::redis_server::RedisServer,
    memory::{MemoryCredentials, MemoryNonces, NonceBounds},
    redis::RedisStore,
    sqlite::SqliteStore,
};
use oauth1_tower::VerifyLayer;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::Layer as _;

use crate::requests::{ORIGIN, known};

/// How many connections to Redis are many.
const MANY: usize = 8;

/// A server that listens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    /// Whether its goals are those of memory nonces.
    pub(crate) is_goal: bool,
    /// Whether it accepts a request as often as it is sent.
    pub(crate) takes_repetitions: bool,
}

/// All servers, the bare one first; what they need is there for as long as this.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) all: Vec<Server>,
    _file: TempDir,
    _redis: RedisServer,
}

impl Servers {
    pub(crate) async fn start() -> Result<Self> {
        // Beside the program, which is on a disk; what is for temporary files may be in memory.
        let program = std::env::current_exe()?;
        let folder = program.parent().context("where is the program?")?;
        let file = TempDir::new_in(folder)?;
        let sqlite = SqliteStore::open(file.path().join("nonces.sqlite3"))?;
        let redis = RedisServer::start()?;
        let mut many = Vec::new();
        for _ in 0..MANY {
            many.push(RedisStore::connect(&redis.url()).await?);
        }
        let one = RedisStore::connect(&redis.url()).await?;
        let server = |name, port| Server {
            name,
            port,
            is_goal: false,
            takes_repetitions: false,
        };
        let repeated = |name, port| Server {
            takes_repetitions: true,
            ..server(name, port)
        };
        let all = vec![
            repeated("bare", bare().await?),
            repeated("verified, no nonces", verified(Forgetful).await?),
            Server {
                is_goal: true,
                ..server("verified, memory", verified(memory()?).await?)
            },
            server("verified, SQLite", verified(sqlite).await?),
            server("verified, Redis, 1 connection", verified(one).await?),
            server(
                "verified, Redis, 8 connections",
                verified(Turns::new(many)).await?,
            ),
        ];
        Ok(Self {
            all,
            _file: file,
            _redis: redis,
        })
    }
}

/// A server that verifies, with nonces in memory.
pub(crate) async fn with_memory() -> Result<u16> {
    verified(memory()?).await
}

/// The layer that is measured.
pub(crate) fn layer<N: NonceStore>(nonces: N) -> Result<VerifyLayer<MemoryCredentials<u64>, N>> {
    let (client, token) = known();
    let credentials = MemoryCredentials::new();
    credentials.insert_token(&client, &token, 370_773_112);
    Ok(VerifyLayer::new(ORIGIN, credentials, nonces)?)
}

/// As many as a whole run spends, and all of them one client's.
pub(crate) fn memory() -> Result<MemoryNonces> {
    const MOST: usize = 100_000_000;
    let bounds = NonceBounds::new(MOST).with_one_client(MOST);
    Ok(MemoryNonces::with_bounds(bounds)?)
}

/// What answers.
pub(crate) async fn handler<B>(_: Request<B>) -> Result<Response<Full<Bytes>>, Infallible> {
    let text = b"the photos of 370773112\n";
    Ok(Response::new(Full::new(Bytes::from_static(text))))
}

async fn bare() -> Result<u16> {
    serve(service_fn(handler)).await
}

async fn verified<N: NonceStore>(nonces: N) -> Result<u16> {
    let service = layer(nonces)?.layer(tower::service_fn(handler));
    serve(TowerToHyperService::new(service)).await
}

async fn serve<S, B>(service: S) -> Result<u16>
where
    S: HttpService<Incoming, ResBody = B> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Without it an answer may wait for the next request; a connection works all the same.
            let _ = stream.set_nodelay(true);
            let service = service.clone();
            tokio::spawn(async move {
                let connection = http1::Builder::new();
                // How it ended is the client's to see.
                let _ = connection
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Ok(port)
}

/// Remembers nothing: what is left is the cost of the signature.
pub(crate) struct Forgetful;

impl NonceStore for Forgetful {
    const ANSWERS_AT_ONCE: bool = true;

    fn check_and_insert(
        &self,
        _: SpentNonce,
        _: Timestamp,
    ) -> impl Future<Output = Result<Insert, StoreError>> + Send {
        core::future::ready(Ok(Insert::Fresh))
    }
}

/// Several stores with one memory, in turn.
struct Turns {
    stores: Vec<RedisStore>,
    next: AtomicUsize,
}

impl Turns {
    fn new(stores: Vec<RedisStore>) -> Self {
        let next = AtomicUsize::new(0);
        Self { stores, next }
    }
}

impl NonceStore for Turns {
    async fn check_and_insert(
        &self,
        nonce: SpentNonce,
        now: Timestamp,
    ) -> Result<Insert, StoreError> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let store = &self.stores[turn % self.stores.len()];
        store.check_and_insert(nonce, now).await
    }
}
